//! P2 and P3: nothing readable at rest, and severe means gone.
//!
//! Every command that takes words is given sentences of its own, on a machine whose HOME, XDG folders, TMPDIR and
//! workspaces lie under one root; then every file under that root is searched for each of them, while the vault is
//! open and after, on devices, cards and the hub. What is plain on purpose (steps, passphrase files, forms, the
//! exported CSV) lies outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test should fail here"
)]

mod common_crash;

use baraza_vault::{KdfCost, Vault};
use common_crash::files;
use common_crash::forms::visit_xml;
use common_crash::needle::{ENCODINGS, Hit, Scanned, Scanner, encode};
use common_crash::program::{Machine, Running};
use common_crash::seized::Seized;
use common_crash::sentences::{PASSPHRASES, SAID, add, discussion, passphrase, said, set, visit_steps};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::time::Instant;

/// The devices of a workspace on one machine, and what must not be found on it.
struct Scene {
    root: tempfile::TempDir,
    outside: tempfile::TempDir,
    machine: Machine,
    scanner: Scanner,
    scanned: Scanned,
    hub: Option<Running>,
    url: String,
}

impl Scene {
    fn new() -> Self {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut scanner = Scanner::default();
        for (name, sentence) in SAID {
            scanner.sentence(name, sentence);
        }
        for (name, passphrase) in PASSPHRASES {
            scanner.sentence(&format!("passphrase of {name}"), passphrase);
            std::fs::write(outside.path().join(name), format!("{passphrase}\n")).unwrap();
        }
        let machine = Machine::new(root.path());
        Self { root, outside, machine, scanner, scanned: Scanned::default(), hub: None, url: String::new() }
    }

    /// Runs a command on a device's behalf, with the device's folder after the first two words.
    fn run(&self, who: &str, words: [&str; 2], rest: &[&str]) -> String {
        self.machine.run(&self.outside.path().join(who), &Self::arguments(who, words, rest))
    }

    fn arguments<'a>(who: &'a str, words: [&'a str; 2], rest: &[&'a str]) -> Vec<&'a str> {
        let words = words.into_iter().filter(|word| !word.is_empty());
        words.chain([who]).chain(rest.iter().copied()).collect()
    }

    fn refused(&self, who: &str, words: [&str; 2], rest: &[&str]) {
        let arguments = Self::arguments(who, words, rest);
        let output = self.machine.output(&self.outside.path().join(who), &arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    }

    /// A file that is plain on purpose.
    fn plain(&self, name: &str, text: &str) -> String {
        let path = self.outside.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn record(&self, who: &str, form: &str) -> String {
        self.run(who, ["record", "new"], &["--form", form]).trim().to_owned()
    }

    fn fill(&self, who: &str, record: &str, steps: &[String]) {
        let file = self.plain("steps.jsonl", &steps.join("\n"));
        self.run(who, ["record", "fill"], &[record, "--steps", &file]);
    }

    fn sync(&self, who: &str) -> String {
        self.run(who, ["sync", ""], &["--hub", &self.url])
    }

    /// Searches every file under the root.
    fn nothing_readable(&mut self, when: &str) {
        let (hits, scanned) = self.scanner.find_in(self.root.path());
        self.scanned.files += scanned.files;
        self.scanned.bytes += scanned.bytes;
        assert_eq!(hits, BTreeSet::new(), "{when}");
    }

    /// From now on the keys of a device must not be found either.
    fn look_for_keys_of(&mut self, who: &str) {
        let folder = self.machine.path(who);
        let seized = Seized::open(&folder, passphrase(who));
        self.scanner.bytes(&format!("vault key of {who}"), &seized.vault_key);
        for key in ["device-secret", "transport-key", "office-key", "officer/secret"] {
            let Some(secret) = seized.meta(key) else { continue };
            for half in secret.chunks(32) {
                self.scanner.bytes(&format!("{key} of {who}"), half);
            }
        }
        for key in seized.column("part_key", "key") {
            self.scanner.bytes(&format!("part key of {who}"), key);
        }
        for state in seized.column("batch", "state") {
            self.scanner.bytes(&format!("batch secret of {who}"), &state[state.len() - 32..]);
        }
    }

    /// Deriving keys as slowly as a device should would make this test slow as well.
    fn cheapen(&self, folder: PathBuf, who: &str) {
        let secret = || passphrase(who).to_owned().into();
        let mut vault = Vault::unlock(&folder, &secret()).unwrap();
        vault.change_passphrase(&secret(), &secret(), KdfCost::floor()).unwrap();
        vault.lock().unwrap();
    }
}

#[test]
fn no_word_that_anybody_wrote_can_be_read_in_any_file() {
    let start = Instant::now();
    let mut scene = Scene::new();
    scene.found_a_workspace();
    scene.enrol();
    scene.nothing_readable("after enrolment");
    for (who, _) in PASSPHRASES {
        scene.look_for_keys_of(who);
    }
    let talk = scene.amina_writes_down_a_discussion();
    scene.amina_finalises(&talk);
    scene.grace_and_yusuf_disagree();
    scene.a_card_goes_to_headquarters_and_back();
    scene.headquarters_exports_and_everybody_prunes();
    for (who, _) in PASSPHRASES {
        scene.look_for_keys_of(who);
    }
    scene.hub = None;
    scene.nothing_readable("at the end, every process gone");
    scene.every_file_has_its_place();
    scene.a_planted_leak_is_found();
    eprintln!("{:?} searched in {:?}", scene.scanned, start.elapsed());
}

impl Scene {
    fn found_a_workspace(&mut self) {
        self.run("hq", ["workspace", "new"], &["--name", said("workspace name")]);
        self.cheapen(self.machine.path("hq"), "hq");
        self.cheapen(self.machine.path("hq/authority-key"), "hq");
        self.run("hq", ["workspace", "public"], &["-o", "public"]);
        self.start_hub();
        let label = said("label in a form");
        let visit = self.plain("visit.xml", &visit_xml("visit", "private", label));
        let note = self.plain("note.xml", &visit_xml("note", "team", label));
        let fgd = format!("{}/../schemas/instruments/xlsx/fgd.xlsx", env!("CARGO_MANIFEST_DIR"));
        for form in [&visit, &note, &fgd] {
            self.run("hq", ["form", "publish"], &[form]);
        }
        let tried = self.plain("tried.jsonl", &set("/data/site", said("step of a form that is only tried")));
        let passphrase = self.outside.path().join("hq");
        self.machine.run(&passphrase, &["form", "run", &visit, "--steps", &tried]);
        self.machine.run(&passphrase, &["form", "check", &visit]);
        self.sync("hq");
    }

    fn start_hub(&mut self) {
        let arguments = [
            "hub",
            "serve",
            "--workspace",
            "public",
            "--key",
            "hub.key",
            "--listen",
            "127.0.0.1:0",
            "--store",
            "sqlite:hub.db",
        ];
        let mut hub = self.machine.start(&self.outside.path().join("hq"), &arguments);
        let mut line = String::new();
        BufReader::new(hub.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["hub", url, "key", key] = words[..] else { panic!("the hub said {line:?}") };
        self.url = url.to_owned();
        self.hub = Some(hub);
        self.run("hq", ["workspace", "add-hub"], &["--key", key]);
    }

    fn enrol(&mut self) {
        let team = said("team name");
        for (who, alias, role, team) in [
            ("amina", said("alias of Amina"), "interpreter", None),
            ("grace", said("alias of Grace"), "team-member", Some(team)),
            ("yusuf", said("alias of Yusuf"), "team-member", Some(team)),
        ] {
            let [invitation, request, approval] =
                ["invitation", "request", "approval"].map(|file| format!("{file}-{who}"));
            let mut invite = vec!["--role", role, "-o", &invitation];
            invite.extend(team.iter().flat_map(|team| ["--team", *team]));
            self.run("hq", ["member", "invite"], &invite);
            let join = ["--invitation", &invitation, "--request-out", &request, "--alias", alias];
            self.run(who, ["device", "join"], &join);
            self.cheapen(self.machine.path(who), who);
            self.run("hq", ["member", "approve"], &["--request", &request, "-o", &approval]);
            self.run(who, ["device", "finish"], &["--approval", &approval]);
        }
        self.sync("hq");
        for who in ["amina", "grace", "yusuf"] {
            self.sync(who);
            assert!(self.run(who, ["form", "list"], &[]).contains("baraza_fgd"), "the forms have arrived");
        }
        assert!(self.run("amina", ["member", "list"], &[]).contains(said("alias of Grace")));
    }

    /// The vault is open, answers are in the journal only, and the files are searched meanwhile.
    fn amina_writes_down_a_discussion(&mut self) -> String {
        let talk = self.record("amina", "baraza_fgd");
        let arguments = ["record", "fill", "amina", &talk, "--steps", "-"];
        let mut amina = self.machine.start(&self.outside.path().join("amina"), &arguments);
        let mut lines = BufReader::new(amina.0.stdout.take().unwrap()).lines();
        for (number, step) in (1..).zip(discussion()) {
            amina.say(&step);
            assert_eq!(lines.next().unwrap().unwrap(), format!("ok {number}"), "{step}");
        }
        let log = self.machine.path("amina/vault.store-wal");
        assert!(std::fs::metadata(log).unwrap().len() > 0, "the answers are in the log, not checkpointed");
        self.nothing_readable("while Amina writes");
        let pid = amina.0.id();
        self.no_secret_in_process(pid, "amina");
        let hub = self.hub.as_ref().unwrap().0.id();
        self.no_secret_in_process(hub, "the hub");
        drop(amina);
        self.nothing_readable("after Amina's tablet died");
        let shown = self.run("amina", ["record", "show"], &[&talk]);
        assert!(shown.contains(said("severe note")), "a draft can be read with its passphrase");
        self.nothing_readable("after Amina locked her vault");
        talk
    }

    fn no_secret_in_process(&self, pid: u32, who: &str) {
        for file in ["cmdline", "environ"] {
            // A hardened process may keep its environment from this test as well.
            let Ok(bytes) = std::fs::read(format!("/proc/{pid}/{file}")) else { continue };
            assert_eq!(self.scanner.find(&bytes, file), BTreeSet::new(), "{file} of {who}");
        }
    }

    fn amina_finalises(&mut self, talk: &str) {
        self.refused("amina", ["record", "finalise"], &[talk]);
        let reason = said("reason for handing over incomplete");
        self.run("amina", ["record", "finalise"], &[talk, "--incomplete", reason]);
        let shown = self.run("amina", ["record", "show"], &[talk]);
        assert!(!shown.contains(said("severe note")) && shown.contains(said("answer in a repeat")));

        let visit = self.record("amina", "visit");
        self.fill("amina", &visit, &visit_steps());
        self.run("amina", ["record", "set"], &[&visit, "phone", said("marker like a telephone number")]);
        self.refused("amina", ["record", "set"], &[&visit, "nowhere", said("answer that was refused")]);
        self.run("amina", ["record", "finalise"], &[&visit]);
        self.refused("amina", ["record", "set"], &[&visit, "site", said("answer that was refused")]);
        let amended = self.plain("amend.jsonl", &set("site", said("amended answer")));
        let amend = [&visit, "--steps", &amended, "--amend", said("reason for an amendment")];
        self.run("amina", ["record", "fill"], &amend);

        let left = self.record("amina", "visit");
        self.run("amina", ["record", "set"], &[&left, "notes", said("draft that nobody finalises")]);
        self.run("amina", ["record", "set"], &[&left, "site", said("answer given as an argument")]);
        self.run("amina", ["record", "search"], &[said("words searched for")]);
        let found = self.run("amina", ["record", "search"], &["mill", "ban"]);
        assert!(!found.contains("no records"), "the index holds what was finalised");
        self.run("amina", ["record", "history"], &[&visit]);
        self.run("amina", ["record", "list"], &[]);
        self.nothing_readable("after finalising");
    }

    fn grace_and_yusuf_disagree(&mut self) {
        let note = self.record("grace", "note");
        self.fill("grace", &note, &[set("site", "Umbo"), set("notes", "seen together"), add("people")]);
        self.sync("grace");
        self.sync("yusuf");
        let grace = said("Grace's answer to the same question");
        let yusuf = said("Yusuf's answer to the same question");
        self.run("grace", ["record", "set"], &[&note, "site", grace]);
        self.run("yusuf", ["record", "set"], &[&note, "site", yusuf]);
        self.sync("grace");
        self.sync("yusuf");
        let conflicts = self.run("yusuf", ["record", "conflicts"], &[&note]);
        assert!(conflicts.contains(grace) && conflicts.contains(yusuf), "{conflicts}");
        self.nothing_readable("with a conflict on a tablet and the hub running");
        self.run("yusuf", ["record", "resolve"], &[&note, "site", said("resolved answer")]);
        self.run("yusuf", ["record", "finalise"], &[&note]);
        self.sync("yusuf");
        self.sync("grace");
        assert!(self.run("grace", ["record", "show"], &[&note]).contains(said("resolved answer")));
        self.nothing_readable("after syncing with the hub");
    }

    fn a_card_goes_to_headquarters_and_back(&mut self) {
        let courier = said("recipient of a card");
        self.run("amina", ["sync", ""], &["--bundle-out", "card.baraza", "--to", courier]);
        self.nothing_readable("with a card on its way");
        self.run("hq", ["office", "import"], &["card.baraza"]);
        self.sync("hq");
        self.run("hq", ["sync", ""], &["--bundle-out", "back.baraza"]);
        self.run("amina", ["sync", ""], &["--bundle-in", "back.baraza"]);
        for who in ["amina", "grace", "yusuf"] {
            self.sync(who);
        }
        assert!(self.run("amina", ["record", "list"], &[]).contains("received at headquarters"));
        self.nothing_readable("with receipts everywhere");
    }

    fn headquarters_exports_and_everybody_prunes(&mut self) {
        for look in [["office", "records"], ["office", "review"], ["office", "quarantine"]] {
            self.run("hq", look, &[]);
        }
        for form in ["visit", "note", "baraza_fgd"] {
            let out = self.outside.path().join("csv").to_str().unwrap().to_owned();
            self.run("hq", ["office", "export"], &["--form", form, "-o", &out, "--include-severe"]);
        }
        self.the_words_have_arrived();
        for who in ["amina", "grace", "yusuf"] {
            self.run(who, ["device", "prune"], &["--now", "2098-11-20T08:00:00+02:00"]);
        }
        let left = self.run("amina", ["record", "list"], &[]);
        assert_eq!(left.lines().count(), 1, "the draft is left: {left}");
        self.nothing_readable("after export and pruning");
    }

    /// The search means something only if the words were really there.
    fn the_words_have_arrived(&self) {
        let csv: String = files(&self.outside.path().join("csv"))
            .iter()
            .map(|f| std::fs::read_to_string(f).unwrap())
            .collect();
        for place in [
            "answer in a repeat",
            "coping, in a repeat",
            "need, in a repeat",
            "reason for a mixed group",
            "severe note",
            "severe answer in a repeat",
            "marker like a telephone number",
            "marker like a whole number",
            "amended answer",
            "resolved answer",
        ] {
            assert!(csv.contains(said(place)), "{place} has not arrived");
        }
        for place in [
            "draft answer that was erased",
            "draft answer that was replaced",
            "severe answer that was replaced",
            "draft that nobody finalises",
            "answer given as an argument",
            "answer that was refused",
        ] {
            assert!(!csv.contains(said(place)), "{place} has left the device");
        }
    }

    /// Nothing is written to HOME, XDG folders or TMPDIR, and a device's folder holds its stores only.
    fn every_file_has_its_place(&self) {
        let root = self.root.path();
        let elsewhere = files(root).into_iter().filter(|file| !file.starts_with(root.join("work")));
        assert_eq!(elsewhere.collect::<Vec<_>>(), Vec::<PathBuf>::new());
        let vault = ["lock", "slots.a", "slots.b", "vault.store", "vault.store-wal"];
        for (who, _) in PASSPHRASES {
            for file in files(&self.machine.path(who)) {
                let name = file.file_name().unwrap().to_str().unwrap();
                let known = vault.contains(&name) || (who == "hq" && name.starts_with("office.db"));
                assert!(known, "what is {}?", file.display());
            }
        }
    }

    fn a_planted_leak_is_found(&mut self) {
        let leaks = self.machine.path("amina/leaks");
        std::fs::create_dir(&leaks).unwrap();
        let mut expected = BTreeSet::new();
        for (at, (name, sentence)) in SAID.into_iter().enumerate() {
            for encoding in ENCODINGS {
                let report = encode(encoding, &format!("{}{sentence}, they said", &"log"[..at % 3]));
                let place = format!("work/amina/leaks/{at}-{encoding}");
                std::fs::write(self.root.path().join(&place), report).unwrap();
                expected.insert((name.to_owned(), place));
            }
        }
        std::fs::write(leaks.join(said("alias of Amina")), "").unwrap();
        let (hits, _) = self.scanner.find_in(self.root.path());
        let (named, inside): (Vec<Hit>, Vec<Hit>) =
            hits.into_iter().partition(|hit| hit.place.starts_with("the name of "));
        let inside: BTreeSet<_> = inside.into_iter().map(|hit| (hit.name, hit.place)).collect();
        assert_eq!(inside, expected);
        assert_eq!(named.len(), 1, "{named:?}");
    }
}
