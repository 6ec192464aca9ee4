//! The index of segments by log: which are here, which are missing, where a log forks.
//!
//! Pure bookkeeping over (log, seq, hash, previous hash); entries are keyed by (log, seq, hash), and both
//! branches of a fork are kept. It can be rebuilt from the stored segments at any time.

use crate::error::Malformed;
use crate::wire;
use baraza_model::{LogId, SegmentHash};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

const VERSION: u8 = 1;
const MAX_ENTRIES: usize = 1 << 24;
const MAX_BYTES: usize = 1 << 31;

/// The segments that were seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    logs: BTreeMap<LogId, Log>,
}

/// Segments of one log: by seq, then hash, with the hash of the one before.
type Log = BTreeMap<u64, BTreeMap<SegmentHash, Option<SegmentHash>>>;

/// What a segment was when it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// New, and its predecessor is here (or it is the first).
    New,
    /// Seen before.
    Duplicate,
    /// New, and the segments `first..=last` just before it are missing. To be processed all the same.
    Gap {
        /// The first that is missing.
        first: u64,
        /// The last that is missing.
        last: u64,
    },
    /// New, but at `seq` the log says two things: the device was cloned or restored, or its key was stolen.
    /// Both branches are kept and processed; headquarters is alarmed.
    Fork {
        /// Where the branches differ.
        seq: u64,
        /// A segment that was here.
        known: SegmentHash,
        /// The one that the new segment is, or builds on.
        found: SegmentHash,
    },
}

/// An unbroken run of segments, each naming the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Range {
    /// Seq of the first.
    #[n(0)]
    pub first: u64,
    /// Seq of the last.
    #[n(1)]
    pub last: u64,
    /// Hash of the last.
    #[n(2)]
    pub hash: SegmentHash,
}

/// Whether one segment leads to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ancestry {
    /// It does.
    Yes,
    /// It does not: they are on different branches.
    No,
    /// Segments between them are missing.
    Unknown,
}

#[derive(Encode, Decode)]
struct Wire {
    #[n(0)]
    version: u8,
    #[cbor(n(1), decode_with = "wire::list::<_, _, MAX_ENTRIES>")]
    entries: Vec<Entry>,
}

#[derive(Encode, Decode)]
struct Entry {
    #[n(0)]
    log: LogId,
    #[n(1)]
    seq: u64,
    #[n(2)]
    hash: SegmentHash,
    #[n(3)]
    previous: Option<SegmentHash>,
}

impl Chain {
    /// An empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of a segment.
    pub fn observe(
        &mut self,
        log: LogId,
        seq: u64,
        hash: SegmentHash,
        previous: Option<SegmentHash>,
    ) -> Observed {
        let entries = self.logs.entry(log).or_default();
        let here = entries.entry(seq).or_default();
        if here.contains_key(&hash) {
            return Observed::Duplicate;
        }
        let rival = here.keys().next().copied();
        here.insert(hash, previous);
        if let Some(known) = rival {
            return Observed::Fork { seq, known, found: hash };
        }
        if let Some(fork) = contradiction(entries, seq, hash, previous) {
            return fork;
        }
        let below = entries.range(..seq).next_back().map_or(0, |(seq, _)| *seq);
        if below + 1 < seq { Observed::Gap { first: below + 1, last: seq - 1 } } else { Observed::New }
    }

    /// Whether a segment was seen.
    pub fn contains(&self, log: &LogId, seq: u64, hash: &SegmentHash) -> bool {
        self.logs.get(log).and_then(|log| log.get(&seq)).is_some_and(|here| here.contains_key(hash))
    }

    /// The logs.
    pub fn logs(&self) -> impl Iterator<Item = &LogId> {
        self.logs.keys()
    }

    /// The unbroken runs of a log, sorted; branches of a fork each have their own, down to what they share.
    pub fn ranges(&self, log: &LogId) -> Vec<Range> {
        let Some(entries) = self.logs.get(log) else { return Vec::new() };
        let mut ranges = Vec::new();
        for (seq, here) in entries {
            let above = seq.checked_add(1).and_then(|above| entries.get(&above));
            for hash in here.keys() {
                if !above.is_some_and(|above| above.values().any(|previous| previous.as_ref() == Some(hash)))
                {
                    ranges.push(Range { first: first_of_run(entries, *seq, *hash), last: *seq, hash: *hash });
                }
            }
        }
        ranges.sort_unstable();
        ranges
    }

    /// The seqs of a log below its highest that are missing, as `(first, last)`.
    pub fn gaps(&self, log: &LogId) -> Vec<(u64, u64)> {
        let mut gaps = Vec::new();
        let mut expected = 1;
        for seq in self.logs.get(log).into_iter().flat_map(BTreeMap::keys) {
            if *seq > expected {
                gaps.push((expected, *seq - 1));
            }
            expected = seq.saturating_add(1);
        }
        gaps
    }

    /// The segments of a log that nothing here builds on: one unless it forks or has gaps. Seq and hash, sorted.
    pub fn heads(&self, log: &LogId) -> Vec<(u64, SegmentHash)> {
        let mut heads: Vec<_> = self.ranges(log).into_iter().map(|range| (range.last, range.hash)).collect();
        heads.sort_unstable();
        heads
    }

    /// Whether `ancestor` leads to `descendant` (a segment leads to itself). Neither has to be here, but what
    /// is between them has to.
    pub fn descends(
        &self,
        log: &LogId,
        ancestor: (u64, SegmentHash),
        descendant: (u64, SegmentHash),
    ) -> Ancestry {
        let (mut seq, mut hash) = descendant;
        if seq < ancestor.0 {
            return Ancestry::No;
        }
        while seq > ancestor.0 {
            let entry = self.logs.get(log).and_then(|log| log.get(&seq)).and_then(|here| here.get(&hash));
            match entry {
                Some(Some(previous)) => (seq, hash) = (seq - 1, *previous),
                Some(None) => return Ancestry::No,
                None => return Ancestry::Unknown,
            }
        }
        if hash == ancestor.1 { Ancestry::Yes } else { Ancestry::No }
    }

    /// The index as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let entry = |log: LogId, seq: u64, (hash, previous): (&SegmentHash, &Option<SegmentHash>)| Entry {
            log,
            seq,
            hash: *hash,
            previous: *previous,
        };
        let entries = self.logs.iter().flat_map(|(log, entries)| {
            entries.iter().flat_map(move |(seq, here)| here.iter().map(move |found| entry(*log, *seq, found)))
        });
        wire::encode(&Wire { version: VERSION, entries: entries.collect() })
    }

    /// Reads what [`Self::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let Wire { version, entries } = wire::decode(bytes, MAX_BYTES)?;
        wire::version(version, VERSION)?;
        let mut chain = Self::new();
        for Entry { log, seq, hash, previous } in entries {
            chain.observe(log, seq, hash, previous);
        }
        Ok(chain)
    }
}

/// A neighbour that names another segment than the one that is there.
fn contradiction(
    entries: &Log,
    seq: u64,
    hash: SegmentHash,
    previous: Option<SegmentHash>,
) -> Option<Observed> {
    let below = seq.checked_sub(1).and_then(|below| Some((below, entries.get(&below)?)));
    if let (Some((seq, here)), Some(found)) = (below, previous)
        && let Some(known) = here.keys().next()
        && !here.contains_key(&found)
    {
        return Some(Observed::Fork { seq, known: *known, found });
    }
    let above = seq.checked_add(1).and_then(|above| entries.get(&above))?;
    let known = above.values().flatten().next()?;
    let named = above.values().any(|previous| *previous == Some(hash));
    (!named).then_some(Observed::Fork { seq, known: *known, found: hash })
}

fn first_of_run(entries: &Log, seq: u64, hash: SegmentHash) -> u64 {
    let (mut seq, mut hash) = (seq, hash);
    while let Some(Some(previous)) = entries.get(&seq).and_then(|here| here.get(&hash))
        && let Some(below) = seq.checked_sub(1)
        && entries.get(&below).is_some_and(|here| here.contains_key(previous))
    {
        (seq, hash) = (below, *previous);
    }
    seq
}
