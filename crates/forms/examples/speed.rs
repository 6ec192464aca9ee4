//! `speed [FORM.xml STEPS.jsonl]`: how long a form takes to open, an answer to settle, a record to be evaluated.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a tool for developers"
)]

use baraza_forms::{Attachments, Form, Options, Session, run, xform};
use baraza_model::Entropy;
use std::fmt::Write as _;
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
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [file, steps] = args.as_slice() {
        let text = std::fs::read_to_string(file).expect("the form can be read");
        let def = xform::import(&text).def.expect("the form is right");
        let form = Form::compile(def, &Attachments::default()).form.expect("the form compiles");
        let steps = std::fs::read_to_string(steps).expect("the steps can be read");
        let steps: String =
            steps.lines().filter(|l| !l.contains("\"dump\"")).map(|l| format!("{l}\n")).collect();
        let mut session = Session::start(Arc::clone(&form), options(), &mut Dice(1));
        for line in steps.lines() {
            let step: serde_json::Value = serde_json::from_str(line).expect("a step");
            if let (Some(path), Some(value)) = (step["set"].as_str(), step["value"].as_str()) {
                let _ = session.set(path, value);
            } else if let Some(path) = step["add"].as_str() {
                let _ = session.add(path);
            }
        }
        let answers = session.answers();
        println!("{file}: {} nodes, {} answers", session.nodes().len(), answers.values.len());
        println!(
            "run its steps                   {:>10.1} µs",
            median(20, || run::run_steps(&form, &steps, options(), &mut Dice(1)))
        );
        println!(
            "evaluate the record             {:>10.1} µs",
            median(500, || Session::evaluate(&form, options(), &answers))
        );
        println!(
            "begin a record                  {:>10.1} µs",
            median(500, || Session::start(Arc::clone(&form), options(), &mut Dice(1)))
        );
        if std::env::var_os("PROFILE").is_some() {
            for _ in 0..30_000 {
                std::hint::black_box(Session::evaluate(&form, options(), &answers));
            }
        }
    }
}
