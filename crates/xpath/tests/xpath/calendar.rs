//! Dates, times and moments.

use crate::Form;

#[test]
fn dates_are_texts_that_count_as_days() {
    Form::ama().check(&[
        ("today()", "2025-03-14"),
        ("now()", "2025-03-14T09:26:53.589+00:00"),
        ("today() + 1", "20162"),
        ("date(today() + 1)", "2025-03-15"),
        ("today() = '2025-03-14'", "true"),
        ("today() > 1", "true"),
        ("/data/d + 1", "20162"),
        ("/data/d < '2025-03-15'", "true"),
        ("/data/d <= today()", "true"),
        ("/data/d < today()", "false"),
        ("/data/d >= now()", "false"),
        ("'2025-03-14' = /data/d", "true"),
        ("'2025-03-14T12:00' - '2025-03-14'", "0.5"),
        ("int(now())", "20161"),
        ("round(now() - today(), 4)", "0.3937"),
        ("date('2025-3-4')", "2025-03-04"),
        ("date('2025-03-14T10:00:00Z')", "2025-03-14T10:00:00.000+00:00"),
        ("date(10.5)", "1970-01-11T12:00:00.000+00:00"),
        ("date('')", ""),
        ("date(true())", ""),
        ("date('foo')", "Invalid Date"),
        ("date('2025-02-30')", "Invalid Date"),
        ("date('2025-02-30') > 1", "false"),
        ("date('2025-03-14') + 1", "20162"),
        ("date('2025-03-14') < date('2025-03-15')", "true"),
        ("date-time('2025-03-14T10:00:00.000+02:00')", "2025-03-14T08:00:00.000+00:00"),
        ("date-time('2025-03-14T10:00:00+02')", "2025-03-14T08:00:00.000+00:00"),
        ("date-time(20161.5)", "2025-03-14T12:00:00.000+00:00"),
        ("date(1 div 0)", "Invalid Date"),
        ("decimal-date-time('2025-03-14T12:00:00')", "20161.5"),
        ("decimal-date-time('2025-03-14T10:00:00.000+02:00')", "20161.333333333332"),
        ("decimal-date-time('2025-03-14')", "20161"),
        ("decimal-date-time('nonsense')", ""),
        ("decimal-time('06:00')", "0.25"),
        ("decimal-time('12:34:56.789')", "0.5242683912037037"),
        ("decimal-time('06:00:00.000+02:00')", "0.16666666666666666"),
        ("decimal-time('01:00:00.000+02:00')", "0.9583333333333334"),
        ("decimal-time('25:00')", ""),
        ("decimal-time('06')", ""),
        ("round(decimal-time(now()), 4)", "0.3937"),
    ]);
}

#[test]
fn formats() {
    Form::ama().check(&[
        (
            "format-date-time('2025-03-14T10:11:12.5+02:00', '%Y %y %m %n %b %d %e %a %H %h:%M:%S.%3 %A %B %%')",
            "2025 25 03 3 Mar 14 14 Fri 08 8:11:12.500 %A %B %%",
        ),
        ("format-date('2025-03-14', '%d/%m/%Y')", "14/03/2025"),
        ("format-date('2025-03-14T10:11:12', '%H:%M')", "10:11"),
        ("format-date(today(), '%a')", "Fri"),
        // ODK's engine prints nothing on Sundays.
        ("format-date('2025-03-16', '%a')", "Sun"),
        ("format-date('', '%Y')", ""),
        ("format-date('nonsense', '%Y')", ""),
        ("format-date('2025-03-14', 'x%')", "x%"),
        ("format-date-time(now(), '%H:%M')", "09:26"),
    ]);
}

#[test]
fn a_tablet_in_goma_reads_local_time() {
    let mut form = Form::ama();
    form.zone_minutes = 120;
    form.check(&[
        ("today()", "2025-03-14"),
        ("now()", "2025-03-14T11:26:53.589+02:00"),
        ("today() = '2025-03-14'", "true"),
        ("date(today() + 1)", "2025-03-15"),
        ("'2025-03-14' + 0", "20160.916666666668"),
        ("date-time('2025-03-14T10:00:00.000Z')", "2025-03-14T12:00:00.000+02:00"),
        ("decimal-time('06:00')", "0.25"),
        ("decimal-time('06:00Z')", "0.3333333333333333"),
        ("format-date-time('2025-03-13T23:30:00Z', '%d %H:%M')", "14 01:30"),
    ]);
    // Half past eight in the evening in Bogotá is already tomorrow in Goma.
    form.zone_minutes = -300;
    form.check(&[
        ("now()", "2025-03-14T04:26:53.589-05:00"),
        ("date-time('2025-03-14T01:30Z')", "2025-03-13T20:30:00.000-05:00"),
    ]);
}
