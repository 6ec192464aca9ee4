//! A workspace with people in it: Amina at headquarters, Yusuf in team east, Grace, an interpreter.

use crate::*;
use baraza_model::{Entropy, GroupId, Incarnation, SegmentHash, Timestamp};
use ring::digest::{SHA256, digest};

/// Repeatable bytes: SHA-256 of a seed and a counter.
pub(super) struct Seeded(pub(super) u64, u64);

impl Seeded {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed, 0)
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, buf: &mut [u8]) {
        for chunk in buf.chunks_mut(32) {
            self.1 += 1;
            let block = digest(&SHA256, &[self.0.to_be_bytes(), self.1.to_be_bytes()].concat());
            chunk.copy_from_slice(&block.as_ref()[..chunk.len()]);
        }
    }
}

pub(super) struct World {
    pub(super) rng: Seeded,
    pub(super) authority: AuthoritySecret,
    pub(super) transport: TransportKey,
    pub(super) recovery: SealSecret,
    pub(super) author: Author,
    pub(super) roster: Roster,
    pub(super) amina: DeviceSecret,
    pub(super) yusuf: DeviceSecret,
    pub(super) grace: DeviceSecret,
    pub(super) east: GroupId,
}

impl World {
    pub(super) fn new() -> Self {
        Self::founded(7)
    }

    pub(super) fn founded(seed: u64) -> Self {
        let mut rng = Seeded::new(seed);
        let authority = AuthoritySecret::generate(&mut rng);
        let transport = TransportKey::generate(&mut rng);
        let recovery = SealSecret::generate(&mut rng);
        let [amina, yusuf, grace] = std::array::from_fn(|_| DeviceSecret::generate(&mut rng));
        let founding = Founding {
            authority: &authority,
            officer: OfficerSecret::generate(&mut rng),
            office: amina.public(),
            transport: &transport,
            recovery: Some(recovery.public()),
        };
        let (mut roster, mut author) = founding.found(&mut rng).unwrap();
        let (east, _) = author.create_team(&mut roster, &mut rng).unwrap();
        author.add_device(&mut roster, yusuf.public(), &[east], &mut rng).unwrap();
        let all = roster.all();
        author.add_device(&mut roster, grace.public(), &[all], &mut rng).unwrap();
        Self { rng, authority, transport, recovery, author, roster, amina, yusuf, grace, east }
    }

    pub(super) fn keyring(&self, device: &DeviceSecret) -> Keyring {
        let mut ring = Keyring::new();
        let absorbed = ring.absorb(&self.roster, device);
        assert_eq!(absorbed.failed, []);
        ring
    }

    pub(super) fn hq_only(&self) -> Compartment {
        Compartment::of_groups([self.roster.hq()]).unwrap()
    }

    pub(super) fn start(&mut self, device: &DeviceSecret, compartment: &Compartment) -> OpenBatch {
        OpenBatch::start(
            &self.roster,
            &device.public(),
            Incarnation([1; 8]),
            compartment,
            Priority::Text,
            Timestamp(1_000),
            &mut self.rng,
        )
        .unwrap()
    }

    /// A segment of Yusuf's, sealed to headquarters.
    pub(super) fn segment(&mut self, seq: u64, previous: Option<SegmentHash>, frames: &[&[u8]]) -> Segment {
        let (device, compartment) = (self.yusuf.clone(), self.hq_only());
        let mut batch = self.start(&device, &compartment);
        let sealed: Vec<_> =
            frames.iter().map(|f| Some(batch.seal(f, &mut self.rng).unwrap().bytes)).collect();
        batch.close(&device, seq, previous, sealed).unwrap()
    }
}

/// All frames of a segment as a key holder reads them.
pub(super) fn read_all(segment: &Segment, roster: &Roster, ring: &Keyring) -> Vec<Vec<u8>> {
    let verified = segment.verify(roster).unwrap();
    verified.open(ring).unwrap().map(|opened| opened.unwrap().1.to_vec()).collect()
}
