//! Amina's tablet with forms on it, and what she sees on its screen.

use baraza_ipc::{Desk, Problem, Setup};
use baraza_model::Role;
use baraza_testkit::{Locked, Mission, PASSPHRASE};
use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;

/// A desk that is unlocked on a tablet with forms.
pub(crate) struct Stage {
    pub(crate) desk: Desk,
    bag: Locked,
    mission: Mission,
    dir: TempDir,
}

impl Stage {
    /// The tablet of Amina, an interpreter of the north team, with instruments by name.
    pub(crate) fn with(forms: &[&str]) -> Self {
        Self::briefed(forms, |_| ())
    }

    /// The same with whatever else Ines does at headquarters before the briefing.
    pub(crate) fn briefed(forms: &[&str], prepare: impl FnOnce(&mut Mission)) -> Self {
        let dir = TempDir::new().unwrap();
        let mut mission = Mission::found(dir.path(), forms).unwrap();
        prepare(&mut mission);
        let mut amina = mission.enrol("Amina", "Heron", Role::TeamMember, Some("north")).unwrap();
        mission.brief(&mut [&mut amina]).unwrap();
        let bag = amina.lock().unwrap();
        let desk = desk(&mission, &bag, dir.path().join("settings"));
        let stage = Self { desk, bag, mission, dir };
        stage.unlock();
        stage
    }

    /// The battery ends: nothing is closed. Then she unlocks again.
    pub(crate) fn restart(self) -> Self {
        self.meanwhile(|_| ())
    }

    /// The same; before she unlocks, Ines does something at headquarters and briefs her tablet again.
    pub(crate) fn meanwhile(self, at_headquarters: impl FnOnce(&mut Mission)) -> Self {
        let Self { desk: gone, bag, mut mission, dir } = self;
        drop(gone);
        at_headquarters(&mut mission);
        let mut amina = bag.unlock().unwrap();
        mission.brief(&mut [&mut amina]).unwrap();
        let bag = amina.lock().unwrap();
        let stage = Self { desk: desk(&mission, &bag, dir.path().join("settings")), bag, mission, dir };
        stage.unlock();
        stage
    }

    /// Hours pass on every clock.
    pub(crate) fn hours(&self, hours: i64) {
        self.mission.clock.hours(hours);
    }

    /// Her interface speaks another language from now on.
    pub(crate) fn speaks(&self, language: &str) {
        let settings = json!({ "language": language, "theme": "", "lock_after_minutes": 5 });
        self.call("save_settings", json!({ "settings": settings }));
    }

    /// Calls a command that must work.
    #[track_caller]
    pub(crate) fn call(&self, name: &str, arguments: Value) -> Value {
        let shown = arguments.to_string();
        self.desk.call(name, arguments).unwrap_or_else(|problem| panic!("{name} {shown}: {problem:?}"))
    }

    /// Calls a command that must be refused.
    #[track_caller]
    pub(crate) fn refused(&self, name: &str, arguments: Value) -> Problem {
        let shown = arguments.to_string();
        match self.desk.call(name, arguments) {
            Ok(_) => panic!("{name} {shown} was not refused"),
            Err(problem) => problem,
        }
    }

    /// Begins a record.
    pub(crate) fn begin(&self, form: &str) -> Screen {
        Screen(self.call("begin", json!({ "form": form })))
    }

    /// Answers by the path below the form's root.
    pub(crate) fn answer(&self, path: &str, value: &str) -> Screen {
        Screen(self.call("answer", json!({ "path": full(path), "value": value })))
    }

    /// Answers in order; `+` adds an entry.
    pub(crate) fn fill(&self, answers: &[(&str, &str)]) -> Screen {
        for (path, value) in answers {
            match path.strip_prefix('+') {
                Some(repeat) => drop(self.call("add_entry", json!({ "path": full(repeat) }))),
                None => drop(self.answer(path, value)),
            }
        }
        self.screen()
    }

    pub(crate) fn screen(&self) -> Screen {
        Screen(self.call("screen", Value::Null))
    }

    /// Goes to a part by its title.
    pub(crate) fn turn(&self, title: &str) -> Screen {
        let part = self.screen().part(title).unwrap_or_else(|| panic!("no part {title}"));
        Screen(self.call("turn", json!({ "part": part })))
    }

    fn unlock(&self) {
        self.call("unlock", json!({ "passphrase": PASSPHRASE }));
    }
}

fn desk(mission: &Mission, bag: &Locked, settings: PathBuf) -> Desk {
    let clock = mission.clock.clone();
    Desk::new(Setup {
        folder: bag.folder.clone(),
        places: Vec::new(),
        settings,
        world: Box::new(move || clock.world()),
    })
}

/// `/data/g/q` of `g/q`.
pub(crate) fn full(path: &str) -> String {
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/data/{path}") }
}

/// What is on screen.
pub(crate) struct Screen(pub(crate) Value);

impl Screen {
    pub(crate) fn record(&self) -> String {
        self.0["record"].as_str().unwrap().to_owned()
    }

    /// Titles of the parts.
    pub(crate) fn parts(&self) -> Vec<&str> {
        self.0["parts"].as_array().unwrap().iter().map(|part| part["title"].as_str().unwrap()).collect()
    }

    pub(crate) fn part(&self, title: &str) -> Option<usize> {
        self.parts().iter().position(|part| *part == title)
    }

    /// The title of the part on screen.
    pub(crate) fn here(&self) -> &str {
        self.parts()[usize::try_from(self.0["part"].as_u64().unwrap()).unwrap()]
    }

    /// How a part stands.
    pub(crate) fn state(&self, title: &str) -> &str {
        self.0["parts"][self.part(title).unwrap()]["state"].as_str().unwrap()
    }

    pub(crate) fn count(&self, name: &str) -> u64 {
        self.0[name].as_u64().unwrap()
    }

    /// Everything on screen, entries that are open included.
    pub(crate) fn items(&self) -> Vec<&Value> {
        let mut found = Vec::new();
        gather(&self.0["items"], &mut found);
        found
    }

    /// Questions on screen, the acknowledgements of scripts among them.
    pub(crate) fn questions(&self) -> Vec<&Value> {
        let all = self.items().into_iter().filter_map(|item| match item["item"].as_str().unwrap() {
            "question" => Some(item),
            "script" => Some(&item["acknowledge"]).filter(|it| !it.is_null()),
            _ => None,
        });
        all.collect()
    }

    /// A question by the path below the root.
    pub(crate) fn asks(&self, path: &str) -> Option<&Value> {
        let path = full(path);
        self.questions().into_iter().find(|question| question["path"] == path.as_str())
    }

    pub(crate) fn question(&self, path: &str) -> &Value {
        self.asks(path).unwrap_or_else(|| panic!("{path} is not asked on {}", self.here()))
    }

    /// Items of a kind: `note`, `warning`, `stop`, `script`, `heading`, `entries`.
    pub(crate) fn all(&self, kind: &str) -> Vec<&Value> {
        self.items().into_iter().filter(|item| item["item"] == kind).collect()
    }
}

fn gather<'v>(items: &'v Value, into: &mut Vec<&'v Value>) {
    for item in items.as_array().unwrap() {
        into.push(item);
        if item["item"] == "entries" {
            for entry in item["entries"].as_array().unwrap() {
                gather(&entry["items"], into);
            }
        }
    }
}
