//! The scanner that looks for plaintext: as UTF-8, UTF-16 (both orders), hex and base64 (at all three offsets).

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::path::Path;

/// A secret, with every form that it is looked for in. Kept masked, so that the process that looks for it in its own
/// memory does not find the needle.
pub(crate) struct Needle {
    forms: Vec<(&'static str, Vec<u8>)>,
}

const MASK: u8 = 0xa7;

impl Needle {
    /// A sentence.
    pub(crate) fn sentence(text: &str) -> Self {
        let mut needle = Self::bytes(text.as_bytes());
        needle.add("utf-16le", text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        needle.add("utf-16be", text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        needle
    }

    /// Bytes, such as a key.
    pub(crate) fn bytes(bytes: &[u8]) -> Self {
        let mut needle = Self { forms: Vec::new() };
        needle.add("plain", bytes.to_vec());
        needle.add("hex", bytes.iter().map(|b| format!("{b:02x}")).collect::<String>().into_bytes());
        for offset in 0..3 {
            // The first and last characters of base64 also carry bits of what stands around; they are left out.
            let padded = [vec![0; offset], bytes.to_vec()].concat();
            let text = STANDARD_NO_PAD.encode(padded).into_bytes();
            needle.add("base64", text[offset + usize::from(offset > 0)..text.len() - 1].to_vec());
        }
        needle
    }

    /// Bytes as they are, leaving no copy behind: for the search of one's own memory.
    pub(crate) fn plain(bytes: &[u8]) -> Self {
        Self { forms: vec![("plain", bytes.iter().map(|b| b ^ MASK).collect())] }
    }

    fn add(&mut self, form: &'static str, mut bytes: Vec<u8>) {
        bytes.iter_mut().for_each(|b| *b ^= MASK);
        self.forms.push((form, bytes));
    }

    /// In which form the haystack holds it, if in any.
    pub(crate) fn find(&self, haystack: &[u8]) -> Option<&'static str> {
        self.forms.iter().find(|(_, masked)| holds(haystack, masked)).map(|(form, _)| *form)
    }

    /// The files of a folder that hold it.
    pub(crate) fn find_in(&self, folder: &Path) -> Vec<String> {
        let held = |path: &Path| {
            let form = self.find(&std::fs::read(path).unwrap())?;
            Some(format!("{form} in {}", path.file_name().unwrap().to_string_lossy()))
        };
        super::files(folder).iter().filter(|path| path.is_file()).filter_map(|path| held(path)).collect()
    }
}

/// Jumps from one first byte to the next, since haystacks are the memory of a process.
fn holds(haystack: &[u8], masked: &[u8]) -> bool {
    let first = masked[0] ^ MASK;
    let mut rest = haystack;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        rest = &rest[at..];
        match rest.get(..masked.len()) {
            None => return false,
            Some(window) if window.iter().zip(masked).all(|(byte, masked)| *byte == masked ^ MASK) => {
                return true;
            }
            Some(_) => rest = &rest[1..],
        }
    }
    false
}

#[test]
fn the_scanner_finds_every_form() {
    let text = "Three men in uniform took the goats";
    let needle = Needle::sentence(text);
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(needle.find(format!("xx{text}yy").as_bytes()), Some("plain"));
    assert_eq!(needle.find(&utf16), Some("utf-16le"));
    for before in ["", "a", "ab", "abc"] {
        let encoded = STANDARD_NO_PAD.encode(format!("{before}{text} and left"));
        assert_eq!(needle.find(encoded.as_bytes()), Some("base64"), "after {before:?}");
    }
    assert_eq!(needle.find(b"Three men in uniform took the cows"), None);
}
