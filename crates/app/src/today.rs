//! What waits on this device, for the first screen: counts by one pass in the store, and the few records that a
//! person goes on with. No document is opened.

use crate::identity::row;
use crate::records::RecordView;
use crate::{Device, Result, directory};
use baraza_model::Timestamp;
use baraza_vault::{Listing, Needs, Reader};

/// At most so many records of a kind are named; the rest are counted.
const NAMED: u32 = 20;

/// How many records are where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    /// Records on this device.
    pub records: u64,
    /// Drafts, wherever they have come.
    pub drafts: u64,
    /// Finalised, and some of it only on this device.
    pub only_here: u64,
    /// Finalised and handed over; headquarters has not confirmed it.
    pub handed_over: u64,
    /// Finalised and received at headquarters.
    pub received: u64,
    /// Received and then forgotten here, ever.
    pub pruned: u64,
}

/// What waits on this device.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Today {
    /// How many records are where.
    pub counts: Counts,
    /// The drafts that changed last, at most twenty.
    pub drafts: Vec<RecordView>,
    /// Records in which a question has two answers.
    pub two_answers: u64,
    /// Records in which a question is to be looked at again.
    pub review: u64,
    /// The records with two answers or a question to look at again that changed last, at most twenty.
    pub decide: Vec<RecordView>,
    /// When anything of this device was last handed over.
    pub last_handed_over: Option<Timestamp>,
    /// When headquarters last confirmed a record.
    pub last_received: Option<Timestamp>,
    /// The team that this device belongs to.
    pub team: Option<String>,
    /// What the workspace is called; blank before joining.
    pub workspace: String,
    /// What this device is called.
    pub alias: String,
}

impl Device {
    /// What waits on this device.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn today(&self) -> Result<Today> {
        let drafts = Listing { finalised: Some(false), limit: NAMED, ..Listing::default() };
        let decide = Listing { needs: Some(Needs::Decision), limit: NAMED, ..Listing::default() };
        let listed = |r: &Reader<'_>, listing: &Listing| -> Result<Vec<RecordView>> {
            r.records(listing)?.iter().map(|found| self.record_view(r, found)).collect()
        };
        self.read(|r| {
            let tally = r.tally()?;
            let kept = LastTimes::kept(r)?;
            Ok(Today {
                counts: Counts {
                    records: tally.records,
                    drafts: tally.drafts,
                    only_here: tally.only_here,
                    handed_over: tally.handed_over,
                    received: tally.received,
                    pruned: r.pruned_total()?,
                },
                drafts: listed(r, &drafts)?,
                two_answers: tally.two_answers,
                review: tally.review,
                decide: listed(r, &decide)?,
                last_handed_over: r.last_handed_over()?.max(kept.handed_over),
                last_received: r.last_received()?.max(kept.received),
                team: self.team_name(),
                workspace: self.workspace_name().unwrap_or_default(),
                alias: self.me.alias.clone(),
            })
        })
    }

    /// What the team of this device is called.
    pub(crate) fn team_name(&self) -> Option<String> {
        let team = self.me.team().ok()?;
        directory::team_name(&self.me.membership.as_ref()?.directory, &team)
    }
}

/// The last hand-over and the last receipt, kept when the records that they are read from are forgotten.
#[derive(Debug, Default)]
pub(crate) struct LastTimes {
    handed_over: Option<Timestamp>,
    received: Option<Timestamp>,
}

impl LastTimes {
    fn kept(r: &Reader<'_>) -> Result<Self> {
        let kept = r.meta(row::LAST_TIMES)?;
        let times: Option<(Option<i64>, Option<i64>)> = kept.and_then(|bytes| minicbor::decode(&bytes).ok());
        let (handed_over, received) = times.unwrap_or_default();
        Ok(Self { handed_over: handed_over.map(Timestamp), received: received.map(Timestamp) })
    }

    /// Keeps what the store says now, before records are forgotten.
    pub(crate) fn keep(tx: &baraza_vault::Tx<'_>) -> Result<()> {
        let kept = Self::kept(tx)?;
        let handed_over = tx.last_handed_over()?.max(kept.handed_over).map(|at| at.0);
        let received = tx.last_received()?.max(kept.received).map(|at| at.0);
        Ok(tx.put_meta(row::LAST_TIMES, &crate::records::encode(&(handed_over, received)))?)
    }
}
