//! Papers of enrolment on their way in and out: text, file, QR code.

use super::Desk;
use crate::problem::{Problem, Result};
use crate::view::{Paper, PaperView};
use baraza_app::Paper as Kind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};
use std::fmt::Write;

/// No paper is longer: an approval holds the roster of a workspace.
const LONGEST_BYTES: u64 = 4 * 1024 * 1024;
/// Denser codes than this version's are not read from one screen by another's camera.
const DENSEST: u8 = 25;
/// Modules of white around a code.
const QUIET: i32 = 4;

impl Desk {
    /// The bytes of a paper, however it was given.
    pub(super) fn paper(&self, paper: Paper) -> Result<Vec<u8>> {
        match paper {
            Paper::Text(text) => Ok(text.into_bytes()),
            Paper::File(data) => {
                if data.len() as u64 > LONGEST_BYTES * 4 / 3 + 4 {
                    return Err(Problem::new("enrol.too-long"));
                }
                STANDARD.decode(data.trim()).map_err(|_| Problem::new("call.arguments"))
            }
            Paper::Path(path) => {
                let path = self.file_in_place(&path)?;
                let size = path.metadata().map_err(|_| Problem::new("file.io"))?.len();
                if size > LONGEST_BYTES {
                    return Err(Problem::new("enrol.too-long"));
                }
                std::fs::read(path).map_err(|_| Problem::new("file.io"))
            }
        }
    }
}

/// A paper to show. `hint` goes into the file's name: a team's, never a person's.
pub(super) fn view(kind: Kind, bytes: &[u8], hint: Option<&str>, words: Vec<String>) -> Result<PaperView> {
    let text = match kind {
        Kind::Invitation => baraza_app::invitation_text(bytes)?,
        Kind::Request => baraza_app::request_text(bytes)?,
        Kind::Approval => baraza_app::approval_text(bytes)?,
    };
    let hint = hint.map(slug).filter(|hint| !hint.is_empty());
    let file_name = match hint {
        Some(hint) => format!("{}-{hint}.txt", kind.as_str()),
        None => format!("{}.txt", kind.as_str()),
    };
    Ok(PaperView { kind: kind.as_str().to_owned(), qr: qr(&text), text, file_name, words })
}

/// Letters and digits that every file system takes.
fn slug(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let slug: String = text.chars().map(plain).take(24).collect();
    slug.trim_matches('-').to_owned()
}

/// A QR code as an SVG document; `None` where it would be too dense to be read.
fn qr(text: &str) -> Option<String> {
    let segments = QrSegment::make_segments(text);
    let most = Version::new(DENSEST);
    let code = [QrCodeEcc::Medium, QrCodeEcc::Low].into_iter().find_map(|level| {
        QrCode::encode_segments_advanced(&segments, level, Version::MIN, most, Some(Mask::new(0)), true).ok()
    })?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let length = x - start;
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{length}v1h-{length}z", start + QUIET, y + QUIET);
            }
            x += 1;
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}
