//! Resolving a conflict: headquarters' device writes a change that supersedes exactly what the person was shown.
//!
//! The change is applied here at once and handed back, to be sealed and sent like any other. Where answers stand in
//! several parts (severe ones of two devices), each part gets a change, so that all say the same.

use crate::context::Context;
use crate::error::{OfficeError, Result};
use crate::ingest::apply::{self, Arrival, Work};
use crate::office::Office;
use crate::query::{Documents, ShownClaim};
use crate::store::{Writer, append_audit};
use baraza_model::{AnswerPath, DeviceId, Entropy, Incarnation, PartId, PartKind, RecordId};
use baraza_oplog::{Compartment, PartPayload, Reader};
use baraza_record::{Actor, ChangeId, Claim, Resolution};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The device that writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signer {
    /// Headquarters' device.
    pub device: DeviceId,
    /// Its incarnation.
    pub incarnation: Incarnation,
}

/// What a person decided.
#[derive(Debug, Clone, Copy)]
pub struct Resolve<'a> {
    /// Which record.
    pub record: RecordId,
    /// Which question.
    pub path: &'a AnswerPath,
    /// What holds: one of the answers shown, or another one, or none.
    pub value: Option<&'a str>,
    /// The claims that the person was shown ([`ShownClaim::change`]); what arrived since stays contested.
    pub shown: &'a [ChangeId],
    /// Why.
    pub note: Option<&'a str>,
}

/// A change to be sealed and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingChange {
    /// To be wrapped in `Payload::Change`.
    pub payload: PartPayload,
    /// To whom.
    pub readers: Compartment,
}

impl Office {
    /// Writes a decision down. Gives nothing if the record already says so.
    ///
    /// # Errors
    /// [`OfficeError::StaleConflict`] if the claims shown are not (any more) what stands; an unknown record; failures
    /// of the store.
    pub fn resolve(
        &mut self,
        context: &Context<'_>,
        signer: &Signer,
        decision: &Resolve<'_>,
        rng: &mut impl Entropy,
    ) -> Result<Vec<OutgoingChange>> {
        self.prepare_forms(context)?;
        let conflicts = self.conflicts(Some(decision.record), context.library)?;
        let conflict =
            conflicts.iter().find(|c| c.path == *decision.path).ok_or(OfficeError::StaleConflict)?;
        let chosen: BTreeSet<ChangeId> = decision.shown.iter().copied().collect();
        let shown: Vec<&ShownClaim> = conflict.claims.iter().filter(|c| chosen.contains(&c.change)).collect();
        if shown.len() < 2 || shown.len() != chosen.len() {
            return Err(OfficeError::StaleConflict);
        }
        let mut documents = self.documents(&decision.record)?;
        let actor = Actor::new(decision.record, signer.device, signer.incarnation, rng);
        let mut by_part: BTreeMap<PartId, Vec<&ShownClaim>> = BTreeMap::new();
        for claim in shown {
            by_part.entry(claim.part).or_default().push(claim);
        }
        let mut outgoing = Vec::new();
        for (part, claims) in by_part {
            let change = write(&mut documents, &actor, context, decision, conflict.text, (part, &claims))?;
            outgoing.extend(change.map(|(kind, bytes)| (part, kind, bytes)));
        }
        let outgoing = outgoing.into_iter().map(|(part, kind, bytes)| {
            let payload =
                PartPayload { record: decision.record, part, kind, form: documents.known.form, bytes };
            Ok(OutgoingChange { payload, readers: self.readers_of(context, kind, documents.known.cid)? })
        });
        let outgoing: Vec<OutgoingChange> = outgoing.collect::<Result<_>>()?;
        if !outgoing.is_empty() {
            self.apply_own(context, signer, decision, documents, &outgoing)?;
        }
        Ok(outgoing)
    }

    fn readers_of(&self, context: &Context<'_>, kind: PartKind, cid: i64) -> Result<Compartment> {
        let roster = context.roster;
        let usual = match kind {
            PartKind::Severe => Reader::Group(roster.hq_severe()),
            PartKind::Shared => Reader::Group(roster.hq()),
        };
        let stored = if kind == PartKind::Shared { self.readers(cid)? } else { None };
        stored
            .or_else(|| Compartment::new([usual]))
            .ok_or(OfficeError::Damaged("readers of a record".to_owned()))
    }

    /// Applies what was just written, as if it had arrived.
    fn apply_own(
        &mut self,
        context: &Context<'_>,
        signer: &Signer,
        decision: &Resolve<'_>,
        documents: Documents,
        outgoing: &[OutgoingChange],
    ) -> Result<()> {
        let arrivals = outgoing.iter().map(|change| Arrival {
            segment: 0,
            item: 0,
            size: 0,
            device: signer.device,
            incarnation: signer.incarnation,
            readers: minicbor::to_vec(&change.readers).unwrap_or_default().into(),
            snapshot: false,
            payload: change.payload.clone(),
        });
        let work = Work { id: decision.record, known: Some(documents.known), arrivals: arrivals.collect() };
        let writers = self.writers();
        let shared = self.shared(context, &writers);
        let done = apply::apply(&shared, work);
        if done.outcomes.iter().any(Option::is_some) {
            return Err(OfficeError::StaleConflict);
        }
        let tx = self.store.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut writer = Writer::new(&tx);
        if let Some(row) = &done.row {
            writer.record(row)?;
        }
        let detail = json!({
            "record": decision.record,
            "question": decision.path.question,
            "instance": decision.path.instance,
            "device": signer.device,
            "superseded": decision.shown.len(),
        });
        append_audit(&tx, context.now, "resolve", &detail)?;
        tx.commit()?;
        Ok(())
    }
}

/// Writes the decision to one part; nothing if that part says so already.
fn write(
    documents: &mut Documents,
    actor: &Actor,
    context: &Context<'_>,
    decision: &Resolve<'_>,
    text: bool,
    (id, claims): (PartId, &[&ShownClaim]),
) -> Result<Option<(PartKind, Vec<u8>)>> {
    let (kind, part) = documents.parts.get_mut(&id).ok_or(OfficeError::StaleConflict)?;
    let shown: BTreeSet<ChangeId> = claims.iter().map(|c| c.change).collect();
    let standing = part.claims(decision.path);
    let shown: Vec<Claim> = standing.into_iter().filter(|claim| shown.contains(&claim.change)).collect();
    if let [only] = shown.as_slice()
        && only.value.as_deref() == decision.value
    {
        return Ok(None);
    }
    let resolution = Resolution {
        path: decision.path,
        value: decision.value,
        shown: &shown,
        at: None,
        text,
        time: context.now,
        note: decision.note,
    };
    let committed = part.resolve(actor, &resolution).map_err(|error| match error {
        baraza_record::RecordError::ShownDiffers | baraza_record::RecordError::UnknownHeads(_) => {
            OfficeError::StaleConflict
        }
        error => OfficeError::Record(error),
    })?;
    Ok(committed.map(|committed| (*kind, committed.bytes)))
}
