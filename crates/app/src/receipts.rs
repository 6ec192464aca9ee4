//! Receipts: an office says what it has applied; only that lets a device forget.

use crate::identity::{Identity, row};
use crate::outbox::read_chain;
use crate::received::Received;
use crate::{Device, Result, World};
use baraza_model::{SegmentHash, Timestamp};
use baraza_office::ReceiptHead;
use baraza_oplog::{Receipt, ReceiptBook, SignedReceipt};
use baraza_vault::Tx;

impl Identity {
    /// Takes a receipt if it is signed by an office and newer than the one held; an older or forged one is ignored.
    pub(crate) fn take_receipt(
        &self,
        tx: &Tx<'_>,
        world: &World,
        bytes: &[u8],
        received: &mut Received,
    ) -> Result<()> {
        let roster = &self.member()?.roster;
        let Ok(receipt) =
            SignedReceipt::decode(bytes).map_err(drop).and_then(|r| r.verify(roster).map_err(drop))
        else {
            return Ok(());
        };
        let mut book = ReceiptBook::default();
        for (_, known) in tx.receipts()? {
            if let Ok(known) = SignedReceipt::decode(&known)?.verify(roster) {
                book.admit(known);
            }
        }
        if !book.admit(receipt.clone()) {
            return Ok(());
        }
        self.count_receipt(tx, world, &receipt, bytes)?;
        if receipt.office != self.id {
            self.saw(tx, &receipt.office, world.now())?;
        }
        received.receipts += 1;
        Ok(())
    }

    /// Looks at the receipts held again, for segments that came after them.
    pub(crate) fn recount_receipts(&self, tx: &Tx<'_>, world: &World) -> Result<()> {
        let roster = &self.member()?.roster;
        for (_, bytes) in tx.receipts()? {
            if let Ok(receipt) = SignedReceipt::decode(&bytes)?.verify(roster) {
                self.count_receipt(tx, world, &receipt, &bytes)?;
            }
        }
        Ok(())
    }

    /// Notes that what an office confirmed has left it, by hub or card.
    pub(crate) fn receipts_left(&self, tx: &Tx<'_>, now: Timestamp) -> Result<()> {
        match self.is_headquarters() {
            true => Ok(tx.put_meta(row::RECEIPT_LEFT, &now.0.to_be_bytes())?),
            false => Ok(()),
        }
    }

    /// Marks the segments and payloads here that a receipt says were applied.
    fn count_receipt(&self, tx: &Tx<'_>, world: &World, receipt: &Receipt, bytes: &[u8]) -> Result<()> {
        let (mut applied, mut held): (Vec<SegmentHash>, Vec<(SegmentHash, u32)>) = (Vec::new(), Vec::new());
        for head in tx.segment_heads()? {
            let chain = read_chain(tx, &head.log)?;
            if receipt.covers(&head.log, head.seq, head.hash, &chain) {
                applied.push(head.hash);
            }
            let logs = receipt.logs.iter().filter(|log| log.log == head.log).flat_map(|log| &log.held);
            let of_this = logs.filter(|item| item.seq == head.seq);
            held.extend(of_this.filter_map(|item| Some((head.hash, item.index?))));
        }
        tx.put_receipt(receipt.office, bytes, &applied, &held, world.now())?;
        Ok(())
    }
}

impl Device {
    /// Signs what this office has applied so far, for every device and hub to see.
    pub(crate) fn issue_receipt(&mut self) -> Result<()> {
        let workspace = self.me.workspace()?;
        let Some(office) = &self.office else { return Ok(()) };
        let counter = self.read(|r| Ok(r.meta(row::RECEIPT_COUNTER)?))?;
        let counter = counter.and_then(|bytes| Some(u64::from_be_bytes(bytes.as_slice().try_into().ok()?)));
        let next = counter.unwrap_or(0) + 1;
        let head = ReceiptHead {
            workspace,
            office: self.me.id,
            incarnation: self.me.incarnation,
            counter: next,
            supersedes: Vec::new(),
        };
        let receipt = office.receipt(head)?;
        let signed = receipt.sign(&self.me.secret);
        self.write(|tx, me, world| {
            tx.put_meta(row::RECEIPT_COUNTER, &next.to_be_bytes())?;
            me.take_receipt(tx, world, &signed.encode(), &mut Received::default())
        })
    }
}
