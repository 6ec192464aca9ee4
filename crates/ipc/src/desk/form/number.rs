//! Numbers as people type them: local digits and separators come in, plain ASCII is stored.

/// Where the decimal digits of a script begin (Unicode general category Nd).
const ZEROS: [char; 14] = [
    '0', '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}',
    '\u{c66}', '\u{ce6}', '\u{1040}', '\u{ff10}',
];

/// A whole number; `None` where the text is not one. Parts of one are never cut off.
pub(super) fn whole(text: &str) -> Option<String> {
    let text = ascii(text)?;
    let (sign, digits) = signed(&text);
    let digits = match digits.contains(',') && is_grouped(digits) {
        true => digits.replace(',', ""),
        false => digits.to_owned(),
    };
    let fits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| format!("{sign}{digits}"))
}

/// A decimal number with a point. A single comma is a decimal comma; where both stand, the last one is.
pub(super) fn decimal(text: &str) -> Option<String> {
    let text = ascii(text)?;
    let (sign, number) = signed(&text);
    let point = number.rfind(['.', ',']);
    let several = number.matches(',').count() > 1 && !number.contains('.');
    let (before, after) = match point {
        Some(at) if !several => (number.get(..at)?, number.get(at + 1..)?),
        _ => (number, ""),
    };
    if before.contains(',') && !is_grouped(before) {
        return None;
    }
    let before = before.replace(',', "");
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    match (digits(&before) && digits(after), before.is_empty(), after.is_empty()) {
        (false, ..) | (true, true, true) => None,
        (true, true, false) => Some(format!("{sign}0.{after}")),
        (true, false, true) => Some(format!("{sign}{before}")),
        (true, false, false) => Some(format!("{sign}{before}.{after}")),
    }
}

/// Digits, points, commas and signs in ASCII; marks of direction and spaces between groups left out.
fn ascii(text: &str) -> Option<String> {
    let one = |c: char| match c {
        '\u{66b}' => Some('.'),
        '\u{60c}' => Some(','),
        '\u{66c}' | '\'' | '’' => Some(' '),
        '\u{2212}' | '\u{2010}'..='\u{2013}' => Some('-'),
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2066}'..='\u{2069}' | '\u{202a}'..='\u{202e}' => None,
        _ if c.is_whitespace() => Some(' '),
        _ => Some(digit(c).unwrap_or(c)),
    };
    let text: String = text.chars().filter_map(one).collect();
    let groups: Vec<&str> = text.trim().split(' ').collect();
    // A space may stand before three digits; anywhere else these are two numbers.
    let three = |group: &str| group.len() == 3 || group.get(3..4).is_some_and(|c| matches!(c, "." | ","));
    groups.iter().skip(1).all(|group| three(group)).then(|| groups.concat())
}

fn digit(c: char) -> Option<char> {
    let from = |zero: &char| u32::from(c).checked_sub(u32::from(*zero)).filter(|n| *n < 10);
    char::from_digit(ZEROS.iter().find_map(from)?, 10)
}

fn signed(text: &str) -> (&str, &str) {
    match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(rest), _) => ("-", rest),
        (_, Some(rest)) => ("", rest),
        _ => ("", text),
    }
}

/// `1,234,567`.
fn is_grouped(digits: &str) -> bool {
    let mut groups = digits.split(',');
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_any_script_become_plain() {
        for (typed, stored) in [
            ("١٤", "14"),
            (" ۲۰ ", "20"),
            ("१२", "12"),
            ("\u{200f}-٣", "-3"),
            ("1 200", "1200"),
            ("1,200", "1200"),
        ] {
            assert_eq!(whole(typed).as_deref(), Some(stored), "{typed}");
        }
        for (typed, stored) in [
            ("٣٫٥", "3.5"),
            ("3,5", "3.5"),
            ("1,234.5", "1234.5"),
            ("1 234,5", "1234.5"),
            (".5", "0.5"),
            ("7", "7"),
        ] {
            assert_eq!(decimal(typed).as_deref(), Some(stored), "{typed}");
        }
    }

    #[test]
    fn nothing_is_cut_off_to_make_a_number() {
        for typed in ["12.7", "1,5", "12 13", "twelve", "12a", "-", "1e3"] {
            assert_eq!(whole(typed), None, "{typed}");
        }
        for typed in ["3.4.5", "abc", ".", "1,2345.0"] {
            assert_eq!(decimal(typed), None, "{typed}");
        }
    }
}
