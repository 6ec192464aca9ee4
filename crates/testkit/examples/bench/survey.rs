//! The built-in `survey`, filled by a seeded generator through the real form session.
//!
//! Answers are believable rather than uniform: people of one place answer alike, scales gather around the mood of a
//! household, one household in eight does not talk, one in fourteen refuses, some stop. Everything is invented.

use crate::dice::Dice;
use baraza_app::{Package, read_form_file};
use baraza_forms::{Form, NodeKind, NodeView, Options, Session};
use baraza_model::{Answers, Edit, FormHash, Sensitivity};
use baraza_testkit::{Result, form_path};
use std::collections::BTreeMap;
use std::sync::Arc;

/// 2026-11-16T06:00:00Z.
pub(crate) const MONDAY_MS: i64 = 1_794_808_800_000;
const ZONE_MINUTES: i32 = 120;
/// Answers that stand alone in a selection of several.
const ALONE: [&str; 5] = ["none", "nothing", "no_need", "dont_know", "refused"];

/// The form, and what must be known of its questions.
pub(crate) struct Survey {
    pub(crate) form: Arc<Form>,
    pub(crate) hash: FormHash,
    pub(crate) dictionary: Arc<[u8]>,
    questions: BTreeMap<String, (bool, Sensitivity)>,
}

/// Whatever can be filled: a session alone, or a draft on a device.
pub(crate) trait Fillable {
    fn session(&self) -> &Session;
    /// Gives an answer; `Ok(false)` where the form does not take it.
    fn answer(&mut self, path: &str, value: &str) -> Result<bool>;
}

impl Fillable for Session {
    fn session(&self) -> &Session {
        self
    }

    fn answer(&mut self, path: &str, value: &str) -> Result<bool> {
        Ok(self.set(path, value).is_ok())
    }
}

impl Survey {
    pub(crate) fn load() -> Result<Self> {
        let file = read_form_file(&form_path("survey"))?;
        let def = file.def.ok_or("the survey is refused")?;
        let package = Package::new(&def, &file.attachments)?;
        let form = package.compile()?;
        let columns = form.schema().tables.iter().flat_map(|table| &table.columns);
        let questions = columns.map(|c| (c.path.clone(), (c.multiline, c.sensitivity))).collect();
        Ok(Self { hash: package.hash(), dictionary: package.dictionary.as_slice().into(), form, questions })
    }

    /// The circumstances in which the record of this number is filled.
    pub(crate) fn options(number: usize) -> Options {
        let minutes = i64::try_from(number).unwrap_or(0) * 35;
        Options {
            now_ms: MONDAY_MS + minutes * 60_000,
            zone_minutes: ZONE_MINUTES,
            device_alias: format!("T-{:02}", number / 400 % 40),
            // As in the app: it follows from the record's id and is not stored.
            instance_id: format!("uuid:{number}"),
            ..Options::default()
        }
    }

    /// Fills so many records on all cores; the same numbers give the same records.
    pub(crate) fn fill_many(&self, numbers: std::ops::Range<usize>, threads: usize) -> Result<Vec<Answers>> {
        let all: Vec<usize> = numbers.collect();
        let share = all.len().div_ceil(threads.max(1)).max(1);
        let fill_all = |numbers: &[usize]| -> std::result::Result<Vec<Answers>, String> {
            numbers.iter().map(|n| self.fill_one(*n).map_err(|e| format!("record {n}: {e}"))).collect()
        };
        let parts = std::thread::scope(|scope| {
            let running: Vec<_> =
                all.chunks(share).map(|numbers| scope.spawn(move || fill_all(numbers))).collect();
            running.into_iter().map(|thread| thread.join()).collect::<Vec<_>>()
        });
        let mut filled = Vec::with_capacity(all.len());
        for part in parts {
            filled.extend(part.map_err(|_| "a generator thread panicked")??);
        }
        Ok(filled)
    }

    fn fill_one(&self, number: usize) -> Result<Answers> {
        let mut dice = Dice::new(number as u64 + 1);
        let mut session = Session::start(Arc::clone(&self.form), Self::options(number), &mut dice);
        fill(&mut session, number)?;
        session.finalise();
        Ok(relevant(&session))
    }

    /// What is committed of a finished record: every relevant answer, once.
    pub(crate) fn edits(&self, answers: &Answers) -> Vec<Edit> {
        let set = |(path, value): (&baraza_model::AnswerPath, &String)| {
            let (text, sensitivity) =
                self.questions.get(&path.question).copied().unwrap_or((false, Sensitivity::High));
            Edit::Set { path: path.clone(), value: Some(value.clone()), text, sensitivity }
        };
        answers.values.iter().map(set).collect()
    }

    /// The same record as JSON: its id, form and version, and each answer under the question's own short name.
    pub(crate) fn json(&self, id: &str, answers: &Answers) -> String {
        let def = self.form.def();
        let mut map = serde_json::Map::new();
        map.insert("id".into(), id.into());
        map.insert("form".into(), def.id.clone().into());
        map.insert("version".into(), def.version.clone().unwrap_or_default().into());
        for (path, value) in &answers.values {
            map.insert(name_of(&path.question).to_owned(), value.clone().into());
        }
        serde_json::Value::Object(map).to_string()
    }
}

/// The answers without those that skip logic has closed, as they are committed.
pub(crate) fn relevant(session: &Session) -> Answers {
    let mut answers = session.answers();
    for path in session.irrelevant_stored() {
        answers.values.remove(&path);
    }
    answers
}

/// Answers what is asked, from the first question to the last, as often as something new is asked.
pub(crate) fn fill(sheet: &mut impl Fillable, number: usize) -> Result<()> {
    let mut home = Household::new(number);
    let nodes: Vec<_> = sheet.session().nodes().into_iter().filter(is_question).map(|node| node.id).collect();
    for _ in 0..4 {
        let mut answered = false;
        for id in &nodes {
            let Some(node) = sheet.session().node(*id) else { continue };
            if !node.relevant || node.readonly || !node.value.is_empty() {
                continue;
            }
            // A refused answer is given differently, as a person would.
            for _ in 0..6 {
                let Some(value) = home.answer(&node) else { break };
                answered |= sheet.answer(&node.path, &value)?;
                if sheet.session().node(*id).is_none_or(|node| node.valid) {
                    break;
                }
            }
        }
        if !answered {
            break;
        }
    }
    let open: Vec<String> =
        sheet.session().missing().into_iter().chain(sheet.session().violations()).map(|n| n.path).collect();
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}").into()) }
}

fn is_question(node: &NodeView) -> bool {
    matches!(
        node.kind,
        NodeKind::Input | NodeKind::Select | NodeKind::Rank | NodeKind::Trigger | NodeKind::Range
    )
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// One door: where it is, and how the people behind it feel.
struct Household {
    dice: Dice,
    cluster: usize,
    number: usize,
    /// 0 (badly) to 4 (well).
    mood: usize,
}

impl Household {
    fn new(number: usize) -> Self {
        let mut dice = Dice::new(0x5eed ^ ((number as u64) << 20));
        let mood = [0, 1, 1, 1, 2, 2, 3, 3, 4].get(dice.below(9)).copied().unwrap_or(1);
        // Ten doors make a cluster; a cluster is one village.
        Self { cluster: number / 10, number: 1 + number % 10 * 3 + dice.below(3), mood, dice }
    }

    fn answer(&mut self, node: &NodeView) -> Option<String> {
        let fixed = match name_of(&node.path) {
            "adm1" | "adm2" | "adm3" | "site_code" => return self.place(node),
            "clock_ok" => self.usually(98, "yes", "no"),
            "doorstep" => self.usually(88, "talk", "not_home"),
            "consent" => self.usually(93, "yes", "no"),
            "alone" | "alone_still" => self.usually(90, "yes", "no"),
            "distress" => self.usually(4, "yes", "no"),
            "referral_card_given" => "yes",
            "reprisal_concern" => self.usually(12, "yes", "no"),
            "ended" => self.usually(95, "complete", "partial"),
            "enum_sex" => self.usually(60, "female", "male"),
            "quiz_can_patrol" | "quiz_advises_police" => self.usually(70, "yes", "dont_know"),
            "quiz_pays_for_info" | "quiz_replaces_army" => self.usually(70, "no", "dont_know"),
            "site_new" => self.dice.of(&["Yamquelo ya juu", "Dorvessa Carrefour", "Camp Pavundi 2"]),
            "stratum" => self.dice.of(&["north", "south", "camp"]),
            "cluster_id" => return Some(format!("K-{:02}", self.cluster % 60)),
            "hh_no" => return Some(self.number.to_string()),
            "wave" => "2",
            "eligible_f" | "eligible_m" => self.dice.of(&["1", "1", "1", "2", "2", "3"]),
            "hh_size" => return Some((3 + self.dice.below(8)).to_string()),
            "priority_open" => return self.dice.percent(80).then(|| self.wish()),
            _ => "",
        };
        if !fixed.is_empty() {
            return Some(fixed.to_owned());
        }
        match node.kind {
            NodeKind::Trigger => Some("OK".to_owned()),
            NodeKind::Select if node.multiple => self.several(node),
            NodeKind::Select | NodeKind::Rank => self.one(node),
            _ if node.datatype == "int" => Some((1 + self.dice.below(9)).to_string()),
            _ => Some(self.wish()),
        }
    }

    fn usually(&mut self, chance: usize, this: &'static str, that: &'static str) -> &'static str {
        if self.dice.percent(chance) { this } else { that }
    }

    /// Everybody in a cluster lives in the same place.
    fn place(&mut self, node: &NodeView) -> Option<String> {
        let choices = node.choices.as_ref().filter(|choices| !choices.is_empty())?;
        let at = Dice::new(self.cluster as u64).below(choices.len());
        choices.get(at).map(|choice| choice.value.clone())
    }

    /// On a scale, near the mood; elsewhere the first choices more often than the last.
    fn one(&mut self, node: &NodeView) -> Option<String> {
        let choices = node.choices.as_ref().filter(|choices| !choices.is_empty())?;
        let scale = choices.iter().filter(|choice| !ALONE.contains(&choice.value.as_str())).count().max(1);
        let at = match scale {
            _ if self.dice.percent(5) => self.dice.below(choices.len()),
            5 => (self.mood + self.dice.below(3)).saturating_sub(1),
            _ => self.dice.below(scale).min(self.dice.below(scale)),
        };
        choices.get(at).or(choices.last()).map(|choice| choice.value.clone())
    }

    fn several(&mut self, node: &NodeView) -> Option<String> {
        let choices = node.choices.as_ref().filter(|choices| !choices.is_empty())?;
        let mut taken: Vec<usize> = Vec::new();
        for _ in 0..=self.dice.below(3) {
            let at = self.dice.below(choices.len());
            let Some(choice) = choices.get(at) else { continue };
            if ALONE.contains(&choice.value.as_str()) && !self.dice.percent(20) {
                continue;
            }
            if ALONE.contains(&choice.value.as_str()) {
                return Some(choice.value.clone());
            }
            taken.push(at);
        }
        taken.sort_unstable();
        taken.dedup();
        let values: Vec<&str> =
            taken.iter().filter_map(|at| Some(choices.get(*at)?.value.as_str())).collect();
        match values.is_empty() {
            true => self.one(node),
            false => Some(values.join(" ")),
        }
    }

    /// A sentence in one of the languages of the place.
    fn wish(&mut self) -> String {
        let dice = &mut self.dice;
        match dice.below(3) {
            0 => format!(
                "{} {} {}.",
                dice.of(&[
                    "A lamp",
                    "A patrol on foot",
                    "A second well",
                    "A roof for the clinic",
                    "A road that stays dry",
                    "Somebody to call"
                ]),
                dice.of(&[
                    "near the water point",
                    "at the bridge",
                    "on the way to the fields",
                    "by the market",
                    "at the edge of the camp",
                    "where the path divides"
                ]),
                dice.of(&[
                    "before the rains",
                    "on market days",
                    "when the girls come back",
                    "after dark",
                    "so that the children can go to school",
                    "when strangers pass"
                ]),
            ),
            1 => format!(
                "{} {} {}.",
                dice.of(&[
                    "Une patrouille à pied",
                    "Une lampe",
                    "Un puits de plus",
                    "Que la route soit réparée",
                    "Quelqu'un à appeler"
                ]),
                dice.of(&[
                    "près du point d'eau",
                    "au pont",
                    "sur le chemin des champs",
                    "à côté du marché",
                    "à l'entrée du camp"
                ]),
                dice.of(&[
                    "avant les pluies",
                    "les jours de marché",
                    "quand les filles reviennent",
                    "après la tombée de la nuit"
                ]),
            ),
            _ => format!(
                "{} {} {}.",
                dice.of(&[
                    "Taa",
                    "Doria ya miguu",
                    "Kisima cha pili",
                    "Barabara itengenezwe",
                    "Mtu wa kumpigia simu"
                ]),
                dice.of(&[
                    "karibu na maji",
                    "kwenye daraja",
                    "njia ya shambani",
                    "karibu na soko",
                    "mlangoni mwa kambi"
                ]),
                dice.of(&["kabla ya mvua", "siku za soko", "wasichana wanaporudi", "usiku"]),
            ),
        }
    }
}
