//! Searching what may be searched.

use super::{amina, draft, record_id};
use crate::{Error, Vault};
use baraza_model::PartKind;

fn index(vault: &mut Vault, n: u16, text: &str) {
    vault
        .write(|tx| {
            if tx.record(record_id(n))?.is_none() {
                draft(tx, n)?;
            }
            tx.index_record(record_id(n), PartKind::Shared, text)
        })
        .unwrap();
}

fn found(vault: &Vault, text: &str) -> Vec<u16> {
    let hits = vault.read(|r| r.search(text, 10)).unwrap();
    hits.iter().map(|hit| u16::from_be_bytes([hit.record.0[0], hit.record.0[1]])).collect()
}

#[test]
fn beginnings_of_words_are_found_the_newest_first() {
    let (_home, mut vault) = amina();
    index(&mut vault, 1, "The borehole of Boga is broken; women walk to the river");
    index(&mut vault, 2, "Bogá: marché fermé, les femmes marchent");
    index(&mut vault, 3, "سوق القرية مغلق");
    assert_eq!(found(&vault, "boga"), [2, 1]);
    assert_eq!(found(&vault, "bor wom"), [1]);
    assert_eq!(found(&vault, "marche"), [2], "accents do not matter");
    assert_eq!(found(&vault, "القر"), [3]);
    assert_eq!(found(&vault, "سُوقُ، القَرْيَة"), [3], "vowel signs do not matter");
    index(&mut vault, 4, "हिन्दी में बाज़ार");
    assert_eq!(found(&vault, "हिन्दी"), [4], "combining marks belong to the word");
    assert_eq!(found(&vault, "well"), [] as [u16; 0]);
    assert!(vault.read(|r| r.search("river", 1)).unwrap()[0].snippet.contains("walk to the river"));
}

#[test]
fn what_a_person_types_is_never_an_operator() {
    let (_home, mut vault) = amina();
    index(&mut vault, 1, "NOT near the OR river");
    for text in [
        "\"",
        "*",
        "a* OR",
        "river)",
        "NOT river",
        "body:river",
        "-",
        "NEAR(river, 2)",
        "",
        "'; DROP TABLE search",
        "a🙂b",
        "🙂",
    ] {
        vault.read(|r| r.search(text, 10)).unwrap();
    }
    assert_eq!(found(&vault, "NOT river"), [1]);
    assert_eq!(found(&vault, "\"riv"), [1]);
}

#[test]
fn a_changed_record_is_found_by_its_new_words_only() {
    let (_home, mut vault) = amina();
    index(&mut vault, 1, "checkpoint on the bridge");
    index(&mut vault, 1, "nobody on the bridge");
    assert_eq!(found(&vault, "checkpoint"), [] as [u16; 0]);
    assert_eq!(found(&vault, "bridge"), [1]);
    vault.write(|tx| tx.erase_record(record_id(1))).unwrap();
    assert_eq!(found(&vault, "bridge"), [] as [u16; 0]);
}

#[test]
fn severe_answers_are_refused() {
    let (_home, mut vault) = amina();
    vault.write(|tx| draft(tx, 1)).unwrap();
    let refused = vault.write(|tx| tx.index_record(record_id(1), PartKind::Severe, "who did it"));
    assert!(matches!(refused, Err(Error::SevereNotSearchable)));
    assert_eq!(found(&vault, "who"), [] as [u16; 0]);
}
