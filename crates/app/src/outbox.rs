//! Sealing what leaves this device, and closing batches into signed segments.
//!
//! A payload is sealed the moment it exists, in the transaction of the act that made it; the batch's secret moves
//! on in the same transaction, so nothing kept can open it again here. Handing over closes the batch.

use crate::identity::Identity;
use crate::{Error, Result, World};
use baraza_model::{GroupId, PartKind, RecordId, Sharing};
use baraza_oplog::{Chain, Compartment, OpenBatch, Payload, Priority, Reader as ReaderGroup, Segment};
use baraza_vault::{NewSegment, Tx};

impl Identity {
    /// The readers of a record's part (ADR 0003).
    pub(crate) fn readers(
        &self,
        kind: PartKind,
        sharing: Sharing,
        team: Option<GroupId>,
    ) -> Result<Compartment> {
        let roster = &self.member()?.roster;
        let groups = match (kind, sharing, team) {
            (PartKind::Severe, ..) => vec![roster.hq_severe()],
            (PartKind::Shared, Sharing::Team, Some(team)) => vec![team, roster.hq()],
            (PartKind::Shared, ..) => vec![roster.hq()],
        };
        compartment_of(groups.into_iter().map(ReaderGroup::Group))
    }

    /// The readers of what everyone in the workspace may know: forms and names.
    pub(crate) fn everyone(&self) -> Result<Compartment> {
        compartment_of([ReaderGroup::Group(self.member()?.roster.all())])
    }

    /// Seals one payload into the open batch of its compartment, and moves the batch's secret on.
    pub(crate) fn seal(
        &self,
        tx: &Tx<'_>,
        world: &mut World,
        readers: &Compartment,
        payload: &Payload,
        record: Option<RecordId>,
    ) -> Result<()> {
        let roster = &self.member()?.roster;
        let key = readers.id(roster.workspace()).as_bytes().to_vec();
        let now = world.now();
        let mut batch = match tx.batch(&key)? {
            Some(state) => OpenBatch::decode(&state)?,
            None => OpenBatch::start(
                roster,
                &self.public(),
                self.incarnation,
                readers,
                Priority::Text,
                now,
                world,
            )?,
        };
        let frame = self.codec.encode(payload)?;
        let sealed = batch.seal(&frame, world)?;
        tx.append_payload(&key, sealed.index, &sealed.bytes, record)?;
        tx.put_batch(&key, &batch.encode())?;
        Ok(())
    }

    /// Closes every open batch: signs its header, chains it to the log, destroys its secret.
    pub(crate) fn close_batches(&self, tx: &Tx<'_>, world: &World) -> Result<Vec<Segment>> {
        let mut closed = Vec::new();
        for key in tx.batches()? {
            let Some(state) = tx.batch(&key)? else { continue };
            let batch = OpenBatch::decode(&state)?;
            let payloads = tx.batch_payloads(&key)?;
            let log = batch.log();
            let mut chain = read_chain(tx, &log)?;
            let head = chain.heads(&log).last().copied();
            let (seq, prev) = head.map_or((1, None), |(seq, hash)| (seq + 1, Some(hash)));
            let segment = batch.close(&self.secret, seq, prev, payloads.iter().cloned().map(Some))?;
            chain.observe(log, seq, segment.hash(), prev);
            let row = NewSegment {
                hash: segment.hash(),
                log,
                seq,
                own: true,
                bytes: segment.encode(),
                payloads: u32::try_from(payloads.len()).unwrap_or(u32::MAX),
                stored: world.now(),
            };
            tx.close_batch(&key, &row)?;
            tx.put_chain(&log, &chain.encode())?;
            closed.push(segment);
        }
        Ok(closed)
    }
}

/// A compartment of at least one reader.
pub(crate) fn compartment_of(readers: impl IntoIterator<Item = ReaderGroup>) -> Result<Compartment> {
    Compartment::new(readers).ok_or_else(|| Error::Damaged("compartment", "it has no readers".into()))
}

/// The chain index of one log, empty where nothing was seen yet.
pub(crate) fn read_chain(tx: &baraza_vault::Reader<'_>, log: &baraza_model::LogId) -> Result<Chain> {
    Ok(match tx.chain(log)? {
        Some(state) => Chain::decode(&state)?,
        None => Chain::new(),
    })
}
