//! A log of what went out and came in, kept in the vault: each meeting with a hub or a card, also one that failed.

use crate::hub::HubReport;
use crate::records::encode;
use crate::transfer::{BundleRead, BundleWritten};
use crate::{Device, Error, Result};
use baraza_model::Timestamp;
use minicbor::{Decode, Encode};
use std::path::Path;

/// So many are kept.
const KEPT: u32 = 50;

/// One meeting with a hub or a card.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Exchange {
    /// When it ended, by this device's clock.
    #[n(0)]
    pub at: Timestamp,
    /// By what way.
    #[n(1)]
    pub way: Way,
    /// The hub's address, or the file's name.
    #[n(2)]
    pub name: String,
    /// Records of which something went out that had not gone there before.
    #[n(3)]
    pub records_out: u64,
    /// Records that are new or changed by it.
    #[n(4)]
    pub records_in: u64,
    /// Records of which something came that was here already, and nothing new.
    #[n(5)]
    pub already_had: u64,
    /// Things set aside.
    #[n(6)]
    pub held: u64,
    /// Receipts that came.
    #[n(7)]
    pub receipts: u64,
    /// Frames of the file that were damaged.
    #[n(8)]
    pub damaged_frames: u64,
    /// Frames of the file.
    #[n(9)]
    pub frames: u64,
    /// Whether a person stopped it.
    #[n(10)]
    pub cancelled: bool,
    /// How it ended.
    #[n(11)]
    pub outcome: Outcome,
}

/// By what way something went out or came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A hub, both ways.
    #[n(0)]
    Hub,
    /// A file was written.
    #[n(1)]
    CardOut,
    /// A file was read.
    #[n(2)]
    CardIn,
    /// A file was imported at headquarters.
    #[n(3)]
    Import,
}

/// How an exchange ended.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome", content = "code")]
pub enum Outcome {
    /// All of it.
    #[n(0)]
    Done,
    /// Some of it: a damaged file, something set aside or refused, or a person stopped it.
    #[n(1)]
    Partly,
    /// Nothing, or no more than the counts say. The code says why.
    #[n(2)]
    Failed(#[n(0)] String),
}

impl Exchange {
    fn new(way: Way, name: &str) -> Self {
        Self {
            at: Timestamp(0),
            way,
            name: name.to_owned(),
            records_out: 0,
            records_in: 0,
            already_had: 0,
            held: 0,
            receipts: 0,
            damaged_frames: 0,
            frames: 0,
            cancelled: false,
            outcome: Outcome::Done,
        }
    }

    /// A file that was written.
    pub(crate) fn written(path: &Path, done: &Result<BundleWritten>) -> Self {
        let mut exchange = Self::new(Way::CardOut, &file_name(path));
        match done {
            Ok(written) => exchange.records_out = written.records_out,
            Err(error) => exchange.failed(error),
        }
        exchange
    }

    /// A file that was read.
    pub(crate) fn read(way: Way, path: &Path, done: &Result<BundleRead>) -> Self {
        let mut exchange = Self::new(way, &file_name(path));
        match done {
            Ok(read) => {
                exchange.took(&read.received);
                exchange.frames = read.frames as u64;
                exchange.damaged_frames = read.damaged_frames as u64;
                exchange.end(read.damaged_frames > 0 || read.truncated);
            }
            Err(error) => exchange.failed(error),
        }
        exchange
    }

    /// A meeting with a hub, and why it failed if it did; what was exchanged before is counted all the same.
    pub(crate) fn met(url: &str, report: &HubReport, failure: Option<&Error>) -> Self {
        let mut exchange = Self::new(Way::Hub, url);
        exchange.took(&report.received);
        exchange.records_out = report.records_out;
        exchange.end(report.refused > 0);
        if let Some(error) = failure {
            exchange.failed(error);
        }
        exchange
    }

    fn took(&mut self, received: &crate::Received) {
        self.records_in = received.records_in();
        self.already_had = received.already_had();
        self.held = received.set_aside;
        self.receipts = received.receipts as u64;
        self.cancelled = received.cancelled;
    }

    fn end(&mut self, partly: bool) {
        if partly || self.cancelled || self.held > 0 {
            self.outcome = Outcome::Partly;
        }
    }

    fn failed(&mut self, error: &Error) {
        self.outcome = Outcome::Failed(error.code().to_owned());
    }
}

impl Device {
    /// The newest exchanges first, at most `limit` of the fifty that are kept.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn exchanges(&self, limit: u32) -> Result<Vec<Exchange>> {
        let bodies = self.read(|r| Ok(r.exchanges(limit)?))?;
        // A body that a later version wrote is passed over: the log is for people, nothing rests on it.
        Ok(bodies.iter().filter_map(|body| minicbor::decode(body).ok()).collect())
    }

    /// Writes an exchange down. What it did is durable already, so a full disk loses the line and nothing else.
    pub(crate) fn log_exchange(&mut self, mut exchange: Exchange) {
        let _ = self.write(|tx, _, world| {
            exchange.at = world.now();
            Ok(tx.append_exchange(&encode(&exchange), KEPT)?)
        });
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
