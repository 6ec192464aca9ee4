//! The three papers of joining as files or as texts to paste and scan: invitation, request, approval.
//!
//! A text is `BARAZA-REQUEST1:` or `BARAZA-APPROVAL1:` and base64url of the paper with four bytes of its SHA-256; an
//! invitation has the log's own text (`BARAZA1:`), which can be read out. Line breaks and spaces do not matter.

use crate::{Error, Result};
use baraza_oplog::{Invitation, Request};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use std::borrow::Cow;
use std::fmt;

const CHECK: usize = 4;
/// No request is longer: keys, a signature and a name of 256 bytes, sealed. Every approval is: it holds a roster.
const LONGEST_REQUEST: usize = 768;

/// One of the papers of joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// What a person who is to join is handed.
    Invitation,
    /// What the new device asks.
    Request,
    /// What the officer answers.
    Approval,
}

impl Paper {
    const ALL: [Paper; 3] = [Paper::Invitation, Paper::Request, Paper::Approval];

    /// The stable word: `invitation`, `request`, `approval`.
    pub fn as_str(self) -> &'static str {
        match self {
            Paper::Invitation => "invitation",
            Paper::Request => "request",
            Paper::Approval => "approval",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Paper::Invitation => "BARAZA1:",
            Paper::Request => "BARAZA-REQUEST1:",
            Paper::Approval => "BARAZA-APPROVAL1:",
        }
    }

    fn text(self, bytes: &[u8]) -> String {
        let whole = [bytes, &check(bytes)].concat();
        format!("{}{}", self.prefix(), URL_SAFE_NO_PAD.encode(whole))
    }

    /// The bytes of this paper, given as a file or as text.
    ///
    /// # Errors
    /// [`Error::WrongKind`] where it is one of the other two; [`Error::TextDamaged`] where a text is not whole.
    pub(crate) fn read(self, given: &[u8]) -> Result<Cow<'_, [u8]>> {
        if let Some(is) = kind(given).filter(|is| *is != self) {
            return Err(Error::WrongKind { is, wanted: self });
        }
        let Some(text) = text(given) else { return Ok(Cow::Borrowed(given)) };
        match (self, after(&text, self.prefix())) {
            (Paper::Invitation, Some(_)) => Ok(Cow::Owned(Invitation::from_text(&text)?.encode())),
            (_, Some(body)) => {
                let whole =
                    URL_SAFE_NO_PAD.decode(body.trim_end_matches('=')).map_err(|_| Error::TextDamaged)?;
                match whole.split_last_chunk::<CHECK>() {
                    Some((bytes, sum)) if *sum == check(bytes) => Ok(Cow::Owned(bytes.to_vec())),
                    _ => Err(Error::TextDamaged),
                }
            }
            (_, None) => Err(Error::TextDamaged),
        }
    }
}

impl fmt::Display for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Paper::Invitation => "an invitation",
            Paper::Request => "a request",
            Paper::Approval => "an approval",
        })
    }
}

/// An invitation as a text to paste, read out or draw as a QR code: capitals and digits, with a checksum.
///
/// # Errors
/// When the bytes are no invitation.
pub fn invitation_text(invitation: &[u8]) -> Result<String> {
    Ok(Invitation::decode(&Paper::Invitation.read(invitation)?)?.to_text())
}

/// A request as a text to paste or draw as a QR code.
///
/// # Errors
/// When the bytes are another paper.
pub fn request_text(request: &[u8]) -> Result<String> {
    Ok(Paper::Request.text(&Paper::Request.read(request)?))
}

/// An approval as a text to paste; it is too long to scan where the roster is.
///
/// # Errors
/// When the bytes are another paper.
pub fn approval_text(approval: &[u8]) -> Result<String> {
    Ok(Paper::Approval.text(&Paper::Approval.read(approval)?))
}

/// Which paper something is, as far as can be told without opening it.
pub fn kind(given: &[u8]) -> Option<Paper> {
    if let Some(text) = text(given) {
        return Paper::ALL.into_iter().find(|paper| after(&text, paper.prefix()).is_some());
    }
    match (Invitation::decode(given).is_ok(), Request::invitation_of(given).is_ok()) {
        (true, _) => Some(Paper::Invitation),
        (_, true) if given.len() <= LONGEST_REQUEST => Some(Paper::Request),
        // Sealed papers look alike; only their length tells them apart. Longer ones than a request may be are read
        // as an approval by nobody else.
        _ => sealed(given).then_some(Paper::Approval),
    }
}

/// Whether it begins like a sealed paper: an array of three, version 1, an id of sixteen bytes.
fn sealed(given: &[u8]) -> bool {
    given.len() > LONGEST_REQUEST && given.starts_with(&[0x83, 0x01, 0x50])
}

/// What was given, without gaps, if it is text.
fn text(given: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(given).ok().filter(|text| text.is_ascii())?;
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (!text.is_empty() && text.chars().all(|c| c.is_ascii_graphic())).then_some(text)
}

fn after<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let start = text.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix))?;
    text.get(start.len()..)
}

fn check(bytes: &[u8]) -> [u8; CHECK] {
    let mut sum = [0; CHECK];
    digest(&SHA256, bytes).as_ref().iter().zip(&mut sum).for_each(|(from, to)| *to = *from);
    sum
}
