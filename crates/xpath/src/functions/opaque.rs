//! Functions over bytes: digests and Base64.

use super::{Row, row};
use crate::ast::CallNode;
use crate::eval::{Evaluation, Focus};
use crate::{EvalError, Value};
use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD};
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use md5::Digest as _;
use ring::digest::{self, Algorithm};
use std::fmt::Write as _;

pub(super) const ROWS: &[Row] = &[row("digest", 2, 3, digest), row("base64-decode", 1, 1, base64_decode)];

type Answer = Result<Value, EvalError>;

fn algorithm(name: &str) -> Option<&'static Algorithm> {
    Some(match name {
        "SHA-1" => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        "SHA-256" => &digest::SHA256,
        "SHA-384" => &digest::SHA384,
        "SHA-512" => &digest::SHA512,
        _ => return None,
    })
}

fn digest(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let (text, name) = (e.arg_text(call, 0, focus)?, e.arg_text(call, 1, focus)?);
    let bytes = match (&*name, algorithm(&name)) {
        ("MD5", _) => md5::Md5::digest(text.as_bytes()).to_vec(),
        (_, Some(algorithm)) => digest::digest(algorithm, text.as_bytes()).as_ref().to_vec(),
        _ => return Err(e.refuse(call, format!("there is no algorithm {name}"))),
    };
    let encoding = if call.args.len() > 2 { e.arg_text(call, 2, focus)? } else { "base64".into() };
    match &*encoding {
        "base64" => Ok(STANDARD.encode(bytes).into()),
        "hex" => Ok(bytes
            .iter()
            .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
                // Writing to a String cannot fail.
                let _ = write!(out, "{byte:02x}");
                out
            })
            .into()),
        _ => Err(e.refuse(call, format!("there is no encoding {encoding}"))),
    }
}

/// Blank where the text is no Base64; padding may be missing.
fn base64_decode(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let text: String = e.arg_text(call, 0, focus)?.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = GeneralPurpose::new(&ALPHABET, LENIENT).decode(text).unwrap_or_default();
    Ok(String::from_utf8_lossy(&bytes).into_owned().into())
}
