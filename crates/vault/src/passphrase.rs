//! Passphrases: six random words from an embedded list, or the person's own that pass a check.

use crate::Result;
use secrecy::SecretString;

/// How good a passphrase is.
#[derive(Debug, Clone, PartialEq)]
pub struct Strength {
    /// How many bits of guessing it stands for, estimated from below.
    pub bits: f64,
    /// What is wrong with it; empty when it passes.
    pub weaknesses: Vec<Weakness>,
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
    /// A well-known password, or one with decorations.
    Common,
    /// Repeats itself, or follows the keyboard or the alphabet.
    Pattern,
    /// Too few guesses find it.
    Guessable,
}

/// Draws a passphrase of so many words (at least six).
pub fn generate_passphrase(words: usize) -> Result<SecretString> {
    let _ = words;
    todo!()
}

/// Says how good a person's own passphrase is.
pub fn check_passphrase(passphrase: &str) -> Strength {
    let _ = passphrase;
    todo!()
}
