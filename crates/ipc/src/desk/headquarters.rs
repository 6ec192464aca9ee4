//! Inbox, drawer, forms, exports. The table is beside.

use super::exchange::{Given, LISTED, came, exchange, office};
use super::{Desk, places, rows, sheet, table};
use crate::problem::{Problem, Result};
use crate::view::*;
use baraza_app::{
    Device, ExportOptions, LateArrival, OfficeHeldView, OfficeRecord, read_form, read_form_file,
};
use baraza_model::{Diagnostic, Severity};
use std::collections::BTreeMap;

/// Things set aside that the inbox names.
const MOST_HELD: usize = 200;

impl Desk {
    pub(crate) fn inbox(&self) -> Result<InboxView> {
        let about = self.about();
        inbox(office(&mut self.lock_open())?, &about)
    }

    pub(crate) fn import_file(&self, file: Picked) -> Result<ExchangeView> {
        let given = self.given(file)?;
        let done = self.long(|open| {
            let device = office(open)?;
            let import = match given {
                Given::Path(path) => device.import(&path)?,
                Given::Bytes(name, bytes) => device.import_bytes(&name, &bytes)?,
            };
            came(device, &import.read)
        });
        self.status()?;
        done
    }

    pub(crate) fn replay(&self) -> Result<InboxView> {
        let about = self.about();
        self.long(|open| {
            let device = office(open)?;
            device.replay()?;
            inbox(device, &about)
        })
    }

    pub(crate) fn accept_held(&self, digest: String) -> Result<InboxView> {
        let about = self.about();
        self.long(|open| {
            let device = office(open)?;
            device.accept_held(&digest)?;
            inbox(device, &about)
        })
    }

    pub(crate) fn office_record(&self, id: String, severe: bool) -> Result<OfficeSheet> {
        let id = rows::record_id(&id)?;
        let language = self.language();
        let mut open = self.lock_open();
        Ok(drawer(office(&mut open)?.office_record(id, Some(&language), severe)?, &language, severe))
    }

    pub(crate) fn export_csv(&self, form: String, place: String) -> Result<ExportView> {
        let within = self.place(&place)?;
        let plain: String = form.chars().filter(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
        let folder = places::free_folder(&within.join(format!("{plain}-{}", self.date())));
        let report = self.long(|open| {
            let device = office(open)?;
            let options = ExportOptions { form, ..ExportOptions::default() };
            std::fs::create_dir(&folder).map_err(|_| Problem::new("file.io"))?;
            let done = device.export_csv(&folder, &options);
            if done.as_ref().map_or(true, |report| report.cancelled) {
                // Nothing was written; only an empty folder is removed by this.
                let _ = std::fs::remove_dir(&folder);
            }
            Ok(done?)
        })?;
        if report.cancelled {
            return Err(Problem::new("export.stopped"));
        }
        let files =
            report.files.into_iter().map(|file| ExportedFileView { name: file.name, rows: file.rows });
        Ok(ExportView { folder: folder.to_string_lossy().into_owned(), files: files.collect() })
    }

    pub(crate) fn publish(&self, file: Picked, publish: bool) -> Result<PublishView> {
        let language = self.language();
        let read = match self.given(file)? {
            Given::Path(path) => read_form_file(&path)?,
            Given::Bytes(name, bytes) => read_form(&name, &bytes, BTreeMap::new()),
        };
        let findings = read.diagnostics.iter().map(finding).collect();
        let Some(def) = read.def.as_ref() else {
            return Ok(PublishView { form: None, published: false, findings });
        };
        let id = def.id.clone();
        let checked = TableForm {
            title: rows::title(&def.title, &def.titles, &language),
            icon: rows::icon(&id).to_owned(),
            version: def.version.clone().unwrap_or_default(),
            versions: Vec::new(),
            records: 0,
            convenience: table::is_convenience(&id),
            id: id.clone(),
        };
        let mut open = self.lock_open();
        let device = office(&mut open)?;
        if publish {
            device.publish(read)?;
        }
        let known = table::forms(device, &language)?.into_iter().find(|form| form.id == id);
        let form = match known {
            Some(known) if publish => known,
            Some(known) => TableForm { versions: known.versions, records: known.records, ..checked },
            None => checked,
        };
        Ok(PublishView { form: Some(form), published: publish, findings })
    }
}

/// What the inbox is told of the clock and the interface.
struct About {
    now: i64,
    zone_minutes: i32,
    language: String,
}

impl Desk {
    fn about(&self) -> About {
        let world = self.world();
        About { now: world.now().0, zone_minutes: world.zone_minutes, language: self.language() }
    }
}

impl About {
    fn late(&self, arrival: LateArrival) -> Option<LateNote> {
        Some(LateNote {
            at: arrival.late.at.0,
            form_title: rows::title(&arrival.form.title, &arrival.form.titles, &self.language),
            records: arrival.late.records,
            earliest: table::noon(&arrival.late.earliest, self.zone_minutes)?,
        })
    }
}

fn inbox(device: &mut Device, about: &About) -> Result<InboxView> {
    let overview = device.office_overview()?;
    let (gaps, alarms) = device.gaps_and_alarms()?;
    let names: BTreeMap<_, _> =
        device.members()?.into_iter().map(|member| (member.device, member.alias)).collect();
    let name = |device: &baraza_model::DeviceId| names.get(device).cloned().unwrap_or_default();
    let gap = |gap: &baraza_app::Gap| LogNote {
        kind: "gap".to_owned(),
        device: name(&gap.device),
        first: gap.first,
        last: gap.last,
    };
    let fork = |alarm: &baraza_app::Alarm| LogNote {
        kind: "fork".to_owned(),
        device: name(&alarm.device),
        first: alarm.seq,
        last: alarm.seq,
    };
    Ok(InboxView {
        now: about.now,
        arrived_today: overview.arrived_today,
        applied_today: overview.applied,
        already_had_today: overview.already_had,
        records: overview.records,
        held: HeldCounts {
            waiting: overview.held.waiting,
            quarantined: overview.held.quarantined,
            review: overview.held.review,
        },
        receipts_ready: overview.receipts_ready,
        exchanges: device.exchanges(LISTED)?.iter().map(exchange).collect(),
        set_aside: device.held_views()?.into_iter().rev().take(MOST_HELD).map(held).collect(),
        two_answers: overview.two_answers,
        review: overview.review,
        notes: gaps.iter().map(gap).chain(alarms.iter().map(fork)).collect(),
        late: device.late_arrivals()?.into_iter().filter_map(|late| about.late(late)).collect(),
    })
}

fn held(item: OfficeHeldView) -> HeldLine {
    HeldLine {
        digest: item.digest,
        item: item.item,
        device: item.device,
        record: item.record.map(|record| record.to_string()),
        form_title: item.form_title,
        state: item.state.as_str().to_owned(),
        code: item.code,
        detail: item.detail,
        since: item.since.0,
        tries: item.tries,
    }
}

fn drawer(record: OfficeRecord, language: &str, severe: bool) -> OfficeSheet {
    let (status, reason) = rows::status(&record.summary.status);
    let called: BTreeMap<String, String> = record
        .history
        .iter()
        .filter_map(|change| Some((change.path.clone(), change.label.clone()?)))
        .collect();
    let review = |review: baraza_app::Review| {
        let path = review.path.to_string();
        let label = called.get(&path).cloned().unwrap_or_else(|| sheet::last_step(&path));
        ReviewLine { label, code: review.code, text: None }
    };
    let begun = record.history.iter().min_by_key(|change| change.at.0);
    let begun = begun.map(|change| (change.at.0, change.author.clone()));
    OfficeSheet {
        record: record.summary.id.to_string(),
        form_title: rows::title(&record.form.title, &record.form.titles, language),
        version: record.form.version,
        name: record.name,
        status,
        reason,
        created: begun.as_ref().map_or(record.received.0, |(at, _)| *at),
        author: begun.map_or_else(|| record.authors.join(", "), |(_, author)| author),
        as_of: record.summary.as_of.0,
        answers: record.answers.into_iter().map(sheet::answer).collect(),
        conflicts: record.conflicts.into_iter().map(sheet::conflict).collect(),
        reviews: record.reviews.into_iter().map(review).collect(),
        history: sheet::history(record.history),
        severe: match (record.has_severe, severe) {
            (false, _) => SevereState::None,
            (true, false) => SevereState::Sealed,
            (true, true) => SevereState::Open,
        },
    }
}

fn finding(found: &Diagnostic) -> FindingView {
    let place = &found.place;
    let parts = [place.sheet.clone(), place.row.map(|row| row.to_string()), place.column.clone()];
    let severity = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    FindingView {
        code: found.code.clone(),
        severity: severity.to_owned(),
        place: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        message: found.message.clone(),
        fix: found.fix.clone(),
    }
}
