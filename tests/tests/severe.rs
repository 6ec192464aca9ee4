//! P3: severe means gone. After finalising, nothing that is stored on the device opens a severe answer.
//!
//! Amina finalises two records with severe answers. Whoever seizes her tablet has its passphrase, every row and every
//! page of its store at each moment, and the sealed payloads from her card. Everything stored is tried as a key.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test should fail here"
)]

mod common_crash;

use baraza_app::{Completion, Device};
use baraza_model::Role;
use baraza_oplog::{DeviceSecret, Keyring, OpenError, Reader, Roster, Segment, SignedStatement};
use common_crash::attack::{Broken, Target, payload_key};
use common_crash::forms::visit_xml;
use common_crash::needle::Scanner;
use common_crash::people::{Home, found, join};
use common_crash::seized::{Seized, Value, aead_open};
use std::collections::BTreeSet;
use std::time::Instant;

const FIRST: &str = "The deputy's brother waits at the school gate each Friday";
const FIRST_IN_REPEAT: &str = "Elle a reconnu la voix du garde de nuit";
const SECOND: &str = "They keep the names in a red notebook under the counter";
const TAKEN_BACK: &str = "He lives behind the blue mosque, she said first";
const SHARED: &str = "Umbo, by the old ginnery";

/// The tablet's store at the moments that matter, as someone with its passphrase reads it.
struct Story {
    root: tempfile::TempDir,
    hq: Home,
    tablet: Home,
    before: Seized,
    after_first: Seized,
    after_second: Seized,
    after_hand_over: Seized,
}

impl Story {
    fn play() -> Self {
        let root = tempfile::tempdir().unwrap();
        let hq = found(root.path(), &[("visit", visit_xml("visit", "private", "Place"))]);
        let tablet = join(root.path(), &hq, Role::Interpreter, None, "amina");
        let seize = || Seized::open(&tablet.folder, &tablet.spoken());

        let mut amina = tablet.unlock().unwrap();
        let mut draft = amina.new_record("visit").unwrap();
        for (path, value) in [("site", SHARED), ("source", TAKEN_BACK), ("source", FIRST)] {
            amina.set(&mut draft, &format!("/data/{path}"), value).unwrap();
        }
        amina.add(&mut draft, "/data/people").unwrap();
        amina.set(&mut draft, "/data/people[1]/harm", FIRST_IN_REPEAT).unwrap();
        let before = seize();
        amina.finalise(&mut draft, Completion::Complete).unwrap();
        let after_first = seize();
        write_second(&mut amina);
        let after_second = seize();
        amina.bundle_out(&root.path().join("card.baraza"), "Halima").unwrap();
        amina.lock().unwrap();
        let after_hand_over = seize();
        Self { root, hq, tablet, before, after_first, after_second, after_hand_over }
    }

    fn scanner() -> Scanner {
        let mut scanner = Scanner::default();
        let severe = [FIRST, FIRST_IN_REPEAT, SECOND, TAKEN_BACK];
        severe.iter().for_each(|sentence| scanner.sentence(sentence, sentence));
        scanner
    }

    /// The roster, from the rows of the tablet.
    fn roster(&self) -> Roster {
        let rows = self.after_hand_over.column("roster_statement", "bytes");
        let statements: Vec<_> = rows.iter().map(|bytes| SignedStatement::decode(bytes).unwrap()).collect();
        Roster::replay(statements.iter()).unwrap()
    }

    /// The segment with the two severe payloads, as it lies in the outbox and on the card.
    fn severe_segment(&self) -> Segment {
        let only = [Reader::Group(self.roster().hq_severe())];
        let rows = self.after_hand_over.column("segment", "bytes");
        let segments = rows.iter().map(|bytes| Segment::decode(bytes).unwrap());
        let mut severe: Vec<_> =
            segments.filter(|s| s.header().readers.iter().map(|key| key.reader()).eq(only)).collect();
        assert_eq!(severe.len(), 1);
        let segment = severe.remove(0);
        assert_eq!(segment.len(), 2, "one payload for each record");
        segment
    }
}

fn write_second(amina: &mut Device) {
    let mut draft = amina.new_record("visit").unwrap();
    amina.set(&mut draft, "/data/site", SHARED).unwrap();
    amina.set(&mut draft, "/data/source", SECOND).unwrap();
    amina.finalise(&mut draft, Completion::Complete).unwrap();
}

/// What the keys of parts that are stored open in the journal.
fn journal_opened_by_stored_keys(seized: &Seized) -> Vec<u8> {
    let keys = seized.column("part_key", "part").into_iter().zip(seized.column("part_key", "key"));
    let rows = seized.column("journal", "part").into_iter().zip(seized.column("journal", "body"));
    let keys: Vec<_> = keys.collect();
    let opened = rows.filter_map(|(part, body)| {
        let aad = [b"baraza/vault/journal/v1\0", part].concat();
        keys.iter().find_map(|(_, key)| aead_open((*key).try_into().unwrap(), &aad, body))
    });
    opened.flatten().collect()
}

#[test]
fn a_severe_draft_can_be_read_and_a_finalised_one_is_nowhere() {
    let story = Story::play();
    let scanner = Story::scanner();

    // The control: until Amina finalises, the vault's own keys open what she wrote, and this search finds it.
    let journal = journal_opened_by_stored_keys(&story.before);
    let found: BTreeSet<_> = scanner.find(&journal, "journal").into_iter().map(|hit| hit.name).collect();
    assert_eq!(found, BTreeSet::from([FIRST, FIRST_IN_REPEAT, TAKEN_BACK].map(str::to_owned)));

    for (when, seized) in [
        ("after the first", &story.after_first),
        ("after the second", &story.after_second),
        ("after handing over", &story.after_hand_over),
    ] {
        let nothing = BTreeSet::new();
        assert_eq!(scanner.find(&journal_opened_by_stored_keys(seized), "journal"), nothing, "{when}");
        assert_eq!(scanner.find(&seized.pages, "pages"), nothing, "{when}");
        for value in &seized.values {
            assert_eq!(scanner.find(&value.bytes, &value.column), nothing, "{when} in {}", value.table);
        }
        let keys = seized.column("part_key", "key").len();
        let shared = seized.column("part", "kind").iter().filter(|kind| **kind == b"shared").count();
        assert_eq!(keys, shared, "{when}: keys of shared parts only");
    }
    assert_eq!(scanner.find_in(story.root.path()).0, BTreeSet::new());

    // Nor is the key of the destroyed part anywhere, as whole or in a free page.
    let severe = |part: &[u8]| {
        let at = story.before.column("part", "id").iter().position(|id| *id == part).unwrap();
        story.before.column("part", "kind")[at] == b"severe"
    };
    let mut keys = Scanner::default();
    let parts = story.before.column("part_key", "part");
    for (part, key) in parts.into_iter().zip(story.before.column("part_key", "key")) {
        if severe(part) {
            keys.bytes("severe part's key", key);
        }
    }
    assert!(!keys.find(&story.before.pages, "pages").is_empty(), "it was there");
    assert_eq!(keys.find(&story.after_first.pages, "pages"), BTreeSet::new());
    assert_eq!(keys.find(&story.after_hand_over.pages, "pages"), BTreeSet::new());
}

#[test]
fn amina_sees_her_shared_answers_and_no_severe_one() {
    let story = Story::play();
    let mut amina = story.tablet.unlock().unwrap();
    for record in amina.records(&baraza_app::RecordsFilter::default()).unwrap() {
        let shown = amina.answers(record.id, None).unwrap().answers;
        assert!(shown.iter().any(|answer| answer.value == SHARED));
        let said = format!("{shown:?} {:?}", amina.history(record.id).unwrap());
        assert_eq!(Story::scanner().find(said.as_bytes(), "what is shown"), BTreeSet::new());
    }
}

#[test]
fn nothing_that_is_stored_opens_a_severe_part() {
    let start = Instant::now();
    let story = Story::play();
    let segment = story.severe_segment();
    let (first, second) = (Target::of(&segment, 0), Target::of(&segment, 1));

    let (mut symmetric, mut private) = (0, 0);
    let mut attack = |target: &Target, seized: &Seized| {
        let (broken, tried) = target.attack(&seized.values);
        symmetric += tried.symmetric;
        private += tried.private;
        broken
    };
    for seized in [&story.after_first, &story.after_second, &story.after_hand_over] {
        assert_eq!(attack(&first, seized), BTreeSet::new(), "the first severe answers");
    }
    let pages = story.after_first.pages.clone();
    let pages = Value { table: "every page".into(), column: "free ones too".into(), bytes: pages };
    assert_eq!(first.attack(&[pages]).0, BTreeSet::new(), "the first severe answers");
    for seized in [&story.after_second, &story.after_hand_over] {
        assert_eq!(attack(&second, seized), BTreeSet::new(), "the second");
    }
    // The control with a real secret: what was stored between the two opens the later one, and only that.
    let between = attack(&second, &story.after_first);
    assert_eq!(
        between.iter().map(|b| (b.by, b.place.as_str())).collect::<Vec<_>>(),
        [("batch secret", "batch.state")]
    );
    eprintln!("{symmetric} secrets and {private} private keys tried in {:?}", start.elapsed());
}

#[test]
fn the_tablets_own_keys_are_for_other_readers_and_headquarters_reads_it() {
    let story = Story::play();
    let (roster, segment) = (story.roster(), story.severe_segment());
    let verified = segment.verify(&roster).unwrap();

    let amina = keyring(&roster, &story.after_hand_over);
    assert!(matches!(verified.open(&amina), Err(OpenError::NoKey { .. })), "Amina holds no key of hq-severe");

    let halima = keyring(&roster, &Seized::open(&story.hq.folder, &story.hq.spoken()));
    let frames: Vec<u8> =
        verified.open(&halima).unwrap().flat_map(|frame| frame.unwrap().1.to_vec()).collect();
    let read: BTreeSet<_> =
        Story::scanner().find(&frames, "frames").into_iter().map(|hit| hit.name).collect();
    assert_eq!(
        read,
        BTreeSet::from([FIRST, FIRST_IN_REPEAT, SECOND].map(str::to_owned)),
        "what was taken back never left"
    );
    every_way_of_the_attack_works(&segment, &halima);
}

/// Whoever finalises a team's record closes it on every tablet: what Grace alone could read is sealed on hers.
#[test]
fn graces_severe_answers_are_sealed_when_yusuf_finalises_their_report() {
    let root = tempfile::tempdir().unwrap();
    let hq = found(root.path(), &[("visit", visit_xml("visit", "team", "Place"))]);
    let home = |who| join(root.path(), &hq, Role::TeamMember, Some("north"), who);
    let (grace, yusuf) = (home("grace"), home("yusuf"));
    let seize = || Seized::open(&grace.folder, &grace.spoken());
    let card = root.path().join("card.baraza");
    let hand_over = |from: &mut Device, to: &mut Device| {
        from.bundle_out(&card, "a friend").unwrap();
        to.bundle_in(&card).unwrap();
    };
    let readable =
        |seized: &Seized| !Story::scanner().find(&journal_opened_by_stored_keys(seized), "").is_empty();

    let (mut g, mut y) = (grace.unlock().unwrap(), yusuf.unlock().unwrap());
    let mut draft = g.new_record("visit").unwrap();
    g.set(&mut draft, "/data/site", SHARED).unwrap();
    g.set(&mut draft, "/data/source", FIRST).unwrap();
    hand_over(&mut g, &mut y);
    assert!(readable(&seize()), "the report is a draft, so its author still reads it");

    let mut his = y.open_draft(draft.record()).unwrap();
    y.finalise(&mut his, Completion::Complete).unwrap();
    hand_over(&mut y, &mut g);
    assert!(g.record(draft.record()).unwrap().status.is_finalised());
    let seized = seize();
    assert!(!readable(&seized), "the report is finalised");
    assert_eq!(Story::scanner().find(&seized.pages, "pages"), BTreeSet::new());

    // She had it open and goes on writing; that is sealed when she hands over.
    g.set(&mut draft, "/data/source", SECOND).unwrap();
    assert!(readable(&seize()));
    g.bundle_out(&card, "Halima").unwrap();
    assert!(!readable(&seize()));

    let mut hq = hq.unlock().unwrap();
    hq.import(&card).unwrap();
    let known = format!("{:?}", hq.conflicts(Some(draft.record())).unwrap());
    assert!(known.contains(FIRST) && known.contains(SECOND), "headquarters sees both: {known}");
}

/// A device's keys, as it makes them from what it stores.
fn keyring(roster: &Roster, seized: &Seized) -> Keyring {
    let secret: [u8; 64] = seized.meta("device-secret").unwrap().try_into().unwrap();
    let mut keyring = Keyring::new();
    keyring.absorb(roster, &DeviceSecret::from_bytes(&secret));
    keyring
}

/// If one of these secrets had been left on the tablet, at any offset of any value, the attack would have found it.
fn every_way_of_the_attack_works(segment: &Segment, halima: &Keyring) {
    let target = Target::of(segment, 1);
    let ring = halima.encode();
    let opens = |bytes: &[u8]| -> BTreeSet<&'static str> {
        let left = Value { table: "meta".into(), column: "value".into(), bytes: bytes.to_vec() };
        let (broken, _) = target.attack(&[left]);
        assert!(broken.iter().all(|Broken { frame, .. }| {
            frame.windows(SECOND.len()).any(|window| window == SECOND.as_bytes())
        }));
        broken.into_iter().map(|broken| broken.by).collect()
    };
    assert_eq!(opens(&ring), BTreeSet::from(["private key"]));
    let keys = ring.windows(32).map(|window| <[u8; 32]>::try_from(window).unwrap());
    let start = keys.filter_map(|key| target.first_secret(&key)).next().unwrap();
    assert_eq!(opens(&[b"12345".as_slice(), &start, b"678"].concat()), BTreeSet::from(["batch secret"]));
    let next =
        common_crash::attack::derive(&start, "baraza/v1/payload-next", segment.header().batch.as_bytes());
    let key = payload_key(&target, &next);
    assert_eq!(opens(&[b"1".as_slice(), &key].concat()), BTreeSet::from(["payload key"]));
    assert_eq!(opens(b"thirty-two bytes that are no key at all, whatever they say"), BTreeSet::new());
}
