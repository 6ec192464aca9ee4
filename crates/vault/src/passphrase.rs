//! Passphrases: six random words from an embedded list, or the person's own that pass a check.
//!
//! The check estimates from below how many guesses find a passphrase whose attacker knows words, keyboards and
//! the habit of decorating them. It does not know languages: a word that is not in the list counts by its length.

use crate::cipher::random;
use crate::{Error, Result};
use ring::rand::SystemRandom;
use secrecy::SecretString;
use std::collections::BTreeSet;
use zeroize::Zeroizing;

const WORDS: &str = include_str!("words.txt");
const SHORTEST: usize = 12;
const ENOUGH_BITS: f64 = 50.0;
const FEWEST_WORDS: usize = 6;

/// What people choose first, in lower case, with letters for look-alike digits.
const COMMON: [&str; 38] = [
    "password",
    "passwort",
    "passphrase",
    "passe",
    "motdepasse",
    "secret",
    "letmein",
    "welcome",
    "admin",
    "login",
    "master",
    "dragon",
    "monkey",
    "football",
    "baseball",
    "superman",
    "princess",
    "sunshine",
    "iloveyou",
    "trustno",
    "qwerty",
    "azerty",
    "baraza",
    "tablet",
    "unmiss",
    "monusco",
    "minusca",
    "minusma",
    "mission",
    "office",
    "juba",
    "bunia",
    "goma",
    "bangui",
    "bamako",
    "security",
    "protection",
    "default",
];

const ROWS: [&str; 6] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
];

/// How good a passphrase is.
#[derive(Debug, Clone, PartialEq)]
pub struct Strength {
    /// How many bits of guessing it stands for, estimated from below. Six generated words have 62.
    pub bits: f64,
    /// What is wrong with it; empty when it passes.
    pub weaknesses: BTreeSet<Weakness>,
}

impl Strength {
    /// Whether it may open a vault.
    pub fn passes(&self) -> bool {
        self.weaknesses.is_empty()
    }
}

/// What is wrong with a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weakness {
    /// Fewer than twelve characters.
    TooShort,
    /// Rests on a well-known password or an obvious word.
    Common,
    /// Repeats itself, or follows the keyboard, the alphabet or the digits.
    Pattern,
    /// Too few guesses find it.
    Guessable,
}

/// Draws a passphrase of so many words; never fewer than six. Each word adds 10.3 bits.
pub fn generate_passphrase(words: usize) -> Result<SecretString> {
    let list: Vec<&str> = word_list().collect();
    let count = u16::try_from(list.len()).map_err(|_| Error::NoRandomness)?;
    // Draws above the last whole multiple are thrown away, so that every word is equally likely.
    let fair = u16::MAX - u16::MAX % count;
    let rng = SystemRandom::new();
    let mut phrase = Zeroizing::new(String::with_capacity(words.max(FEWEST_WORDS) * 8));
    for n in 0..words.max(FEWEST_WORDS) {
        let draw = loop {
            let draw = u16::from_be_bytes(random(&rng)?);
            if draw < fair {
                break draw % count;
            }
        };
        if n > 0 {
            phrase.push(' ');
        }
        phrase.push_str(list.get(usize::from(draw)).ok_or(Error::NoRandomness)?);
    }
    Ok(SecretString::from(phrase.as_str()))
}

/// Says how good a person's own passphrase is.
pub fn check_passphrase(passphrase: &str) -> Strength {
    let lower = Zeroizing::new(passphrase.to_lowercase());
    let mut weaknesses = BTreeSet::new();
    let mut bits = 0.0;
    let mut seen = BTreeSet::new();
    for token in tokens(&lower) {
        let (worth, weakness) =
            if seen.insert(token) { judge(token) } else { (1.0, Some(Weakness::Pattern)) };
        bits += worth;
        weaknesses.extend(weakness);
    }
    // What is weak in a part is forgiven when the rest is strong enough.
    if bits >= ENOUGH_BITS {
        weaknesses.clear();
    } else if weaknesses.is_empty() {
        weaknesses.insert(Weakness::Guessable);
    }
    if lower.split_whitespace().map(|word| word.chars().count()).sum::<usize>() < SHORTEST {
        weaknesses.insert(Weakness::TooShort);
    }
    Strength { bits, weaknesses }
}

fn word_list() -> impl Iterator<Item = &'static str> {
    WORDS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Well-known words whole, in whatever disguise; of others the runs of letters, of digits, of signs.
fn tokens(text: &str) -> Vec<&str> {
    text.split_whitespace().flat_map(|word| if is_common(word) { vec![word] } else { runs(word) }).collect()
}

/// Whether it is a well-known password, also when signs and digits stand for letters or at its end.
fn is_common(word: &str) -> bool {
    let bare = word.trim_end_matches(|c: char| !c.is_alphabetic());
    [word, bare].into_iter().any(|word| {
        let plain = plain(word);
        COMMON.contains(&word) || COMMON.contains(&plain.as_str())
    })
}

/// Splits where letters, digits and signs meet.
fn runs(word: &str) -> Vec<&str> {
    let class = |c: char| if c.is_alphabetic() { 0 } else { 1 + u8::from(!c.is_numeric()) };
    let mut out = Vec::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| class(c) != class(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        out.push(run);
        rest = after;
    }
    out
}

/// The word with letters for the digits and signs that look like them.
fn plain(word: &str) -> Zeroizing<String> {
    let letters = word.chars().map(|c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    });
    Zeroizing::new(letters.collect())
}

/// What one token is worth, and what is wrong with it.
fn judge(token: &str) -> (f64, Option<Weakness>) {
    let length = f64::from(u16::try_from(token.chars().count()).unwrap_or(u16::MAX));
    let distinct = token.chars().collect::<BTreeSet<char>>().len();
    if is_common(token) {
        return (5.0, Some(Weakness::Common));
    }
    if length >= 3.0 && (follows_a_row(token) || distinct * 3 <= token.chars().count()) {
        return (4.0, Some(Weakness::Pattern));
    }
    if token.chars().all(char::is_numeric) {
        let year = length == 4.0 && (token.starts_with("19") || token.starts_with("20"));
        return (if year { 6.0 } else { 3.3 * length }, None);
    }
    if token.chars().all(char::is_alphabetic) {
        let known = word_list().any(|word| word == token);
        return (if known { 10.3 } else { (2.4 * length).min(16.0 + length / 2.0) }, None);
    }
    (3.0 + length, None)
}

/// Whether most of it runs along the alphabet, the digits or a row of keys, forwards or backwards.
fn follows_a_row(token: &str) -> bool {
    let chars: Vec<char> = token.chars().collect();
    let along = |pair: &[char]| {
        let (forth, back) = (pair.iter().collect::<String>(), pair.iter().rev().collect::<String>());
        ROWS.iter().any(|row| row.contains(&forth) || row.contains(&back))
    };
    let steps = chars.windows(2).filter(|pair| along(pair)).count();
    steps >= 2 && steps * 3 >= chars.len().saturating_sub(1) * 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn the_list_has_enough_different_words() {
        let words: BTreeSet<&str> = word_list().collect();
        assert_eq!(words.len(), 1296);
        assert!(
            words
                .iter()
                .all(|word| (3..=5).contains(&word.len()) && word.chars().all(|c| c.is_ascii_lowercase()))
        );
    }

    #[test]
    fn generated_passphrases_differ_and_pass_the_check() {
        let mut seen = BTreeSet::new();
        for _ in 0..200 {
            let phrase = generate_passphrase(2).unwrap();
            assert_eq!(
                phrase.expose_secret().split(' ').count(),
                FEWEST_WORDS,
                "fewer than six are never drawn"
            );
            let strength = check_passphrase(phrase.expose_secret());
            // A word drawn twice costs its bits, so allow for it.
            assert!(strength.passes() || strength.bits > 40.0, "{strength:?}");
            seen.insert(phrase.expose_secret().to_owned());
        }
        assert_eq!(seen.len(), 200);
    }

    #[test]
    fn obvious_passphrases_are_refused_for_the_right_reason() {
        let cases = [
            ("amina", Weakness::TooShort),
            ("P@ssw0rd1!", Weakness::Common),
            ("Password 2026!", Weakness::Common),
            ("qwertyuiop asdfghjkl", Weakness::Pattern),
            ("123456789012345678901234567890", Weakness::Pattern),
            ("aaaaaaaaaaaaaaaaaaaaaa", Weakness::Pattern),
            ("market market market market market market", Weakness::Pattern),
            ("monusco goma 2026", Weakness::Common),
            ("good morning", Weakness::Guessable),
            ("", Weakness::TooShort),
        ];
        for (passphrase, weakness) in cases {
            let strength = check_passphrase(passphrase);
            assert!(strength.weaknesses.contains(&weakness), "{passphrase:?}: {strength:?}");
        }
    }

    #[test]
    fn a_persons_own_sentence_passes_in_any_script() {
        for passphrase in [
            "my aunt sells mangoes behind the school",
            "ng'ombe wa bibi wanapenda mto mkubwa",
            "جدتي تبيع المانجو خلف المدرسة",
            "xK9#vTq2!mWz7$Lp4@",
        ] {
            let strength = check_passphrase(passphrase);
            assert!(strength.passes(), "{passphrase:?}: {strength:?}");
        }
    }
}
