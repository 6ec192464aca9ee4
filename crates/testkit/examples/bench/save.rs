//! How long a saved answer takes, beside SQLCipher's own single-row commit in the same folder.
//!
//! Rounds alternate, so that a busy disk weighs on all alike. The bare insert has the vault's settings, the same
//! length of row and a prepared statement, and nothing else.

use crate::Run;
use crate::dice::Dice;
use crate::store::{Bare, Settings};
use crate::survey::Survey;
use crate::table::{Row, Section};
use crate::timing::Times;
use baraza_app::Device;
use baraza_forms::Session;
use baraza_model::{DeviceId, FormHash, PartKind, RecordId, Role, Sharing, Status, Timestamp};
use baraza_testkit::{Mission, Result};
use baraza_vault::{KdfCost, NewPart, Record, Vault};
use secrecy::SecretString;
use std::sync::Arc;

/// Bytes of a journal row of one answer, and what encrypting adds to it.
const BODY: usize = 90;
const SEALED: usize = BODY + 28;
const SAVES_A_ROUND: usize = 50;
const QUESTION: &str = "g_visit/hh_no";

pub(crate) fn measure(run: &Run, survey: &Survey) -> Result<Section> {
    let bare = Bare::open(&run.folder.join("bare-save.store"), Settings::Vault)?;
    let passphrase = SecretString::from("acid bread canal drum elbow ferry");
    let mut vault = Vault::create(&run.folder.join("vault"), &passphrase, KdfCost::floor())?;
    let part = put_record(&mut vault)?.shared_part();
    let mut mission = Mission::found(&run.folder.join("save"), &["survey"])?;
    let mut amina = mission.enrol("Amina", "Amina", Role::Interpreter, None)?;
    mission.brief(&mut [&mut amina])?;
    let device: &mut Device = &mut amina;
    let mut draft = device.new_record(&survey.form.def().id)?;
    let question = draft.absolute(QUESTION);

    let (ours_body, bare_body) = (vec![0x61; BODY], vec![0x61; SEALED]);
    let [mut insert, mut append, mut set] = std::array::from_fn(|_| Times::default());
    for round in 0..run.scale.save_rounds {
        for turn in 0..SAVES_A_ROUND {
            insert.add(|| {
                bare.conn.prepare_cached("INSERT INTO journal (body) VALUES (?1)")?.execute([&bare_body])
            })?;
            append.add(|| vault.write(|tx| tx.append_journal(part, &ours_body)))?;
            set.add(|| device.set(&mut draft, &question, value(round + turn)))?;
        }
    }
    let mut session = Session::start(Arc::clone(&survey.form), Survey::options(0), &mut Dice::new(1));
    let settle = Times::of(200, |turn| session.set(&question, value(turn)))?;
    Ok(Section {
        rows: vec![
            Row::new("journal append of one answer, commits", "/s", append.rate())
                .beside("bare SQLCipher insert, same settings", insert.rate())
                .ratio_at_least(0.95),
            Row::new("  median", "ms", append.median_ms()).beside("the same", insert.median_ms()),
            Row::new("  95th percentile", "ms", append.percentile_ms(0.95))
                .beside("the same", insert.percentile_ms(0.95)),
            Row::new("whole Device::set (settle, journal, commit)", "/s", set.rate())
                .beside("the same", insert.rate()),
            Row::new("  median", "ms", set.median_ms()).beside("the same", insert.median_ms()),
            Row::new("  95th percentile", "ms", set.percentile_ms(0.95))
                .beside("the same", insert.percentile_ms(0.95)),
        ],
        notes: vec![format!(
            "Save: {} commits of each, in turns, WAL and synchronous = FULL; of the whole Device::set on the survey, \
             {:.1} µs are the form's settling.",
            run.scale.save_rounds * SAVES_A_ROUND,
            settle.median_ms() * 1e3
        )],
    })
}

/// Another answer each time, so that there is something to save.
fn value(turn: usize) -> &'static str {
    if turn.is_multiple_of(2) { "12" } else { "13" }
}

fn put_record(vault: &mut Vault) -> Result<RecordId> {
    let id = RecordId([0x40; 16]);
    let form = FormHash([7; 32]);
    let record = Record {
        id,
        form,
        sharing: Sharing::Private,
        team: None,
        author: DeviceId([1; 16]),
        created: Timestamp(0),
        updated: Timestamp(0),
        status: Status::Draft,
        summary: String::new(),
    };
    vault.write(|tx| {
        tx.put_record(&record)?;
        tx.create_part(&NewPart { id: id.shared_part(), record: id, kind: PartKind::Shared, form, own: true })
    })?;
    Ok(id)
}
