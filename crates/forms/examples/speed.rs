//! `speed [FORM]`: how long a form takes to open, an answer to settle, a record to be evaluated.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a tool for developers"
)]

use baraza_forms::{Attachments, Form, NodeKind, Options, Session, xform, xlsform};
use baraza_model::{Answers, Entropy};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

struct Dice(u8);

impl Entropy for Dice {
    fn fill(&mut self, buf: &mut [u8]) {
        for byte in buf {
            self.0 = self.0.wrapping_mul(77).wrapping_add(13);
            *byte = self.0;
        }
    }
}

/// A thousand questions in pages of ten; each page depends on the first question of the page before.
fn thousand() -> String {
    let (mut nodes, mut binds, mut body) = (String::new(), String::new(), String::new());
    for page in 0..100 {
        let _ = write!(nodes, "<g{page}>");
        let _ = write!(body, "<group ref=\"/data/g{page}\"><label>Page {page}</label>");
        for question in 0..10 {
            let path = format!("/data/g{page}/q{question}");
            let _ = write!(nodes, "<q{question}/>");
            let _ = write!(body, "<input ref=\"{path}\"><label>Question {question}</label></input>");
            let relevant = match page {
                0 => String::new(),
                _ => format!("relevant=\"/data/g{}/q0 &lt; 5 or /data/g0/q{question} = ''\"", page - 1),
            };
            let _ = write!(
                binds,
                "<bind nodeset=\"{path}\" type=\"int\" {relevant} constraint=\". &gt; 0 and . &lt; 100\"/>"
            );
        }
        let _ = write!(nodes, "<sum/></g{page}>");
        let _ = write!(
            binds,
            "<bind nodeset=\"/data/g{page}/sum\" type=\"int\" calculate=\"coalesce(/data/g{page}/q1, 0) + coalesce(/data/g{page}/q2, 0)\"/>"
        );
        body.push_str("</group>");
    }
    format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head><h:title>T</h:title><model><instance><data id=\"t\">{nodes}</data></instance>{binds}</model></h:head><h:body>{body}</h:body></h:html>"
    )
}

/// A repeat of twenty questions, each with a rule that reads the one before.
fn crowd() -> String {
    let (mut nodes, mut binds, mut body) = (String::new(), String::new(), String::new());
    for question in 0..20_usize {
        let path = format!("/data/p/q{question}");
        let _ = write!(nodes, "<q{question}/>");
        let _ = write!(body, "<input ref=\"{path}\"><label>Question {question}</label></input>");
        let before = question.saturating_sub(1);
        let relevant =
            if question == 0 { String::new() } else { format!("relevant=\"../q{before} != 'no'\"") };
        let _ = write!(binds, "<bind nodeset=\"{path}\" {relevant} constraint=\"string-length(.) &lt; 9\"/>");
    }
    let _ = write!(binds, "<bind nodeset=\"/data/p/c\" calculate=\"concat(../q0, position(..))\"/>");
    let _ = write!(binds, "<bind nodeset=\"/data/n\" calculate=\"count(/data/p[q0 = 'yes'])\"/>");
    format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head><h:title>T</h:title><model><instance><data id=\"t\"><p>{nodes}<c/></p><n/></data></instance>{binds}</model></h:head><h:body><group ref=\"/data/p\"><repeat nodeset=\"/data/p\">{body}</repeat></group></h:body></h:html>"
    )
}

/// The median of many runs, in microseconds.
fn median<T>(times: usize, mut work: impl FnMut() -> T) -> f64 {
    let mut found: Vec<f64> = (0..times)
        .map(|_| {
            let before = Instant::now();
            std::hint::black_box(work());
            before.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    found.sort_by(f64::total_cmp);
    found[times / 2]
}

fn main() {
    let xml = thousand();
    let def = xform::import(&xml).def.expect("the form is right");
    let options =
        || Options { now_ms: 1_741_953_600_000, instance_id: "uuid:1".into(), ..Options::default() };
    println!("read a 1,000-question form      {:>10.1} µs", median(15, || xform::import(&xml)));
    println!(
        "compile it                      {:>10.1} µs",
        median(15, || Form::compile(def.clone(), &Attachments::default()))
    );
    let form = Form::compile(def, &Attachments::default()).form.expect("the form is right");
    println!(
        "begin a record of it            {:>10.1} µs",
        median(50, || Session::start(Arc::clone(&form), options(), &mut Dice(1)))
    );
    let mut session = Session::start(Arc::clone(&form), options(), &mut Dice(1));
    let mut turn = 0;
    println!(
        "settle an answer                {:>10.1} µs",
        median(200, || {
            turn += 1;
            session.set("/data/g50/q0", if turn % 2 == 0 { "3" } else { "7" }).expect("it can be set");
        })
    );
    println!(
        "settle one that many read       {:>10.1} µs",
        median(200, || {
            turn += 1;
            session.set("/data/g0/q5", if turn % 2 == 0 { "" } else { "7" }).expect("it can be set");
        })
    );
    println!("show all nodes                  {:>10.1} µs", median(50, || session.nodes()));
    let def = xform::import(&crowd()).def.expect("the form is right");
    let form = Form::compile(def, &Attachments::default()).form.expect("the form is right");
    let mut session = Session::start(form, options(), &mut Dice(1));
    println!(
        "add one of 200 instances        {:>10.1} µs",
        median(200, || session.add("/data/p").expect("it can be added"))
    );
    println!(
        "answer in one of 200 instances  {:>10.1} µs",
        median(200, || {
            turn += 1;
            session.set("/data/p[77]/q3", if turn % 2 == 0 { "no" } else { "yes" }).expect("it can be set");
        })
    );
    if let Some(file) = std::env::args().nth(1) {
        filled(Path::new(&file));
    }
}

/// What records of a form cost: those of a workbook with its attachments beside it.
fn filled(file: &Path) {
    let mut attachments = Attachments::default();
    for entry in file.with_file_name(".").read_dir().into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|e| e == "csv") {
            let name = entry.file_name().to_string_lossy().into_owned();
            attachments.0.insert(name, std::fs::read(entry.path()).expect("the attachment can be read"));
        }
    }
    let bytes = std::fs::read(file).expect("the form can be read");
    let def = if file.extension().is_some_and(|e| e == "xml") {
        xform::import(&String::from_utf8_lossy(&bytes)).def
    } else {
        let present: Vec<&str> = attachments.0.keys().map(String::as_str).collect();
        xlsform::import(&bytes, "form", &present).form
    };
    let def = def.expect("the form is right");
    let form = Form::compile(def.clone(), &attachments).form.expect("the form compiles");
    println!(
        "compile {:<23} {:>10.1} µs",
        file.display(),
        median(15, || Form::compile(def.clone(), &attachments))
    );
    let options =
        || Options { now_ms: 1_793_600_000_000, instance_id: "uuid:1".into(), ..Options::default() };
    println!(
        "begin a record                  {:>10.1} µs",
        median(200, || Session::start(Arc::clone(&form), options(), &mut Dice(1)))
    );
    let records: Vec<Answers> = (0..100).map(|number| fill(&form, options(), &mut Dice(number))).collect();
    for record in &records {
        let open = Session::restore(Arc::clone(&form), options(), record, &mut Dice(1));
        assert_eq!(
            Session::evaluate(&form, options(), record),
            open.evaluation(),
            "both read a record alike"
        );
    }
    let answers = records.iter().map(|r| r.values.len()).sum::<usize>() / records.len();
    let each = |work: &dyn Fn(&Answers)| {
        records.iter().map(|record| median(21, || work(record))).sum::<f64>() / records.len() as f64
    };
    let restore = each(&|record| drop(Session::restore(Arc::clone(&form), options(), record, &mut Dice(1))));
    println!("restore one of {answers:>3} answers      {restore:>10.1} µs");
    let evaluate = each(&|record| drop(Session::evaluate(&form, options(), record)));
    println!("evaluate it                     {evaluate:>10.1} µs");
    if std::env::var_os("PROFILE").is_some() {
        for record in (0..300).flat_map(|_| &records) {
            std::hint::black_box(Session::evaluate(&form, options(), record));
        }
    }
}

/// Answers whatever is asked and blank, as a hasty person would, until nothing more is asked.
fn fill(form: &Arc<Form>, options: Options, dice: &mut Dice) -> Answers {
    let mut session = Session::start(Arc::clone(form), options, dice);
    for _ in 0..6 {
        for node in session.nodes() {
            if !node.relevant || node.readonly || !node.value.is_empty() {
                continue;
            }
            let [die]: [u8; 1] = dice.bytes();
            let consent = |c: &&baraza_forms::session::ChoiceView| {
                die >= 25 && matches!(c.value.as_str(), "talk" | "yes")
            };
            let choices = node.choices.iter().flatten();
            let choice = choices
                .clone()
                .find(consent)
                .or(choices.clone().nth(usize::from(die) % choices.count().max(1)));
            let value = match (node.kind, node.datatype.as_str()) {
                (NodeKind::Select | NodeKind::Rank, _) => choice.map(|c| c.value.clone()).unwrap_or_default(),
                (NodeKind::Trigger, _) => "OK".to_owned(),
                (NodeKind::Range, _) => (1 + die % 5).to_string(),
                (NodeKind::Input, "int") => (1 + die % 60).to_string(),
                (NodeKind::Input, "date") => "2026-10-20".to_owned(),
                (NodeKind::Input, "string") => "at-night".to_owned(),
                _ => continue,
            };
            let _ = session.set_node(node.id, &value);
        }
    }
    session.finalise();
    session.answers()
}
