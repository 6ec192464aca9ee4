//! Opening and settling a form of 1,000 questions, and a choice filter over a long list, beside the JavaScript
//! engine of ODK Web Forms on the same two XForms.
//!
//! The engine is run only where a folder with its `node_modules` is given (`--peer-engine`); see `engine.mjs`.

use crate::Run;
use crate::dice::Dice;
use crate::table::{Row, Section};
use crate::timing::Times;
use baraza_forms::{Attachments, Form, FormDef, Options, Session, xform};
use baraza_testkit::Result;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

const PAGES: usize = 100;
const ENGINE: &str = "@getodk/xforms-engine";
/// An answer that the next page waits for, and one that a question on every page reads.
const LOCAL: &str = "/data/g50/q0";
const WIDE: &str = "/data/g0/q5";
/// Choices in one zone of the long list.
const IN_ZONE: usize = 100;

pub(crate) fn measure(run: &Run) -> Result<Section> {
    let thousand = thousand_questions();
    let list = long_list(run.scale.items);
    let peer = run.peer_engine.as_deref().map(|dir| Peer::measure(run, dir, &thousand, &list)).transpose()?;
    let ours = Ours::measure(run, &thousand)?;
    let filter = Filter::measure(run, &list)?;
    let theirs = |pick: fn(&Peer) -> f64| peer.as_ref().map(pick);
    Ok(Section {
        rows: vec![
            Row::new("1,000 questions: open (definition, compile, begin)", "ms", ours.open)
                .beside_if_run(ENGINE, theirs(|p| p.open))
                .at_most(15.0),
            Row::new("  settle one answer", "ms", ours.settle)
                .beside_if_run(ENGINE, theirs(|p| p.settle))
                .at_most(0.5),
            Row::new("  settle one that every page reads", "ms", ours.settle_wide)
                .beside_if_run(ENGINE, theirs(|p| p.settle_wide))
                .at_most(0.5),
            Row::new(format!("list of {}: open", run.scale.items), "ms", filter.open)
                .beside_if_run(ENGINE, theirs(|p| p.list_open)),
            Row::new("  filter it to what fits an answer", "ms", filter.filter)
                .beside_if_run(ENGINE, theirs(|p| p.filter))
                .at_most(5.0),
        ],
        notes: vec![format!(
            "Forms: {PAGES} pages of ten questions, each page waits for the one before; selects, sums, a running total. Of \
             opening it, reading the definition takes {:.2} ms, compiling {:.2} ms, beginning a record {:.2} ms; reading \
             the XForm instead {:.2} ms. The engine's opening is loadForm and createInstance; each filter gives {IN_ZONE} \
             choices.",
            ours.read, ours.compile, ours.begin, ours.import
        )],
    })
}

/// Medians in milliseconds.
struct Ours {
    import: f64,
    read: f64,
    compile: f64,
    begin: f64,
    open: f64,
    settle: f64,
    settle_wide: f64,
}

impl Ours {
    fn measure(run: &Run, xml: &str) -> Result<Self> {
        let times = run.scale.opens;
        let def = xform::import(xml).def.ok_or("the generated form is refused")?;
        let json = def.to_json();
        let read = || FormDef::from_json(&json).map_err(|e| e.to_string());
        let begin = |form: &Arc<Form>| Session::start(Arc::clone(form), options(), &mut Dice::new(1));
        let form = compile(def.clone())?;
        let mut session = begin(&form);
        let mut toggle = |path: &str, values: [&str; 2]| {
            let value = |turn: usize| if turn.is_multiple_of(2) { values[0] } else { values[1] };
            Times::of(200, |turn| session.set(path, value(turn)))
        };
        Ok(Self {
            settle: toggle(LOCAL, ["3", "7"])?.median_ms(),
            settle_wide: toggle(WIDE, ["", "7"])?.median_ms(),
            import: Times::of(times, |_| Ok::<_, String>(xform::import(xml)))?.median_ms(),
            read: Times::of(times, |_| read())?.median_ms(),
            compile: Times::of(times, |_| compile(def.clone()))?.median_ms(),
            begin: Times::of(times, |_| Ok::<_, String>(begin(&form)))?.median_ms(),
            open: Times::of(times, |_| Ok::<_, String>(begin(&compile(read()?)?)))?.median_ms(),
        })
    }
}

/// The long list.
struct Filter {
    open: f64,
    filter: f64,
}

impl Filter {
    fn measure(run: &Run, xml: &str) -> Result<Self> {
        let def = xform::import(xml).def.ok_or("the generated list is refused")?;
        let json = def.to_json();
        let open = Times::of(3, |_| {
            let form = compile(FormDef::from_json(&json).map_err(|e| e.to_string())?)?;
            Ok::<_, String>(Session::start(form, options(), &mut Dice::new(1)))
        })?;
        let mut session = Session::start(compile(def)?, options(), &mut Dice::new(1));
        let select = session.find("/data/item").ok_or("no such question")?;
        let filter = Times::of(50, |turn| {
            session.set("/data/zone", &zone(turn, run.scale.items)).map_err(|e| e.to_string())?;
            let found = session.node(select).and_then(|node| node.choices).unwrap_or_default().len();
            if found == IN_ZONE { Ok(()) } else { Err(format!("{found} choices instead of {IN_ZONE}")) }
        })?;
        Ok(Self { open: open.median_ms(), filter: filter.median_ms() })
    }
}

/// The same of the JavaScript engine, in milliseconds.
struct Peer {
    open: f64,
    settle: f64,
    settle_wide: f64,
    list_open: f64,
    filter: f64,
}

impl Peer {
    fn measure(run: &Run, dir: &Path, thousand: &str, list: &str) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bench/engine.mjs");
        let files = [("thousand.xml", thousand), ("list.xml", list)];
        let mut command = Command::new("node");
        command.arg(script).arg(dir);
        for (name, text) in files {
            let path = run.folder.join(name);
            std::fs::write(&path, text)?;
            command.arg(path);
        }
        let zones: Vec<String> = (0..10).map(|turn| zone(turn, run.scale.items)).collect();
        let out = command.arg(zones.join(" ")).output()?;
        if !out.status.success() {
            return Err(format!("the peer engine failed: {}", String::from_utf8_lossy(&out.stderr)).into());
        }
        let found: serde_json::Value = serde_json::from_slice(&out.stdout)?;
        let get = |name: &str| {
            found.get(name).and_then(serde_json::Value::as_f64).ok_or(format!("the engine gave no {name}"))
        };
        Ok(Self {
            open: get("open")?,
            settle: get("settle")?,
            settle_wide: get("settle_wide")?,
            list_open: get("list_open")?,
            filter: get("filter")?,
        })
    }
}

fn options() -> Options {
    Options { now_ms: crate::survey::MONDAY_MS, instance_id: "uuid:1".into(), ..Options::default() }
}

fn compile(def: FormDef) -> std::result::Result<Arc<Form>, String> {
    let compiled = Form::compile(def, &Attachments::default());
    compiled.form.ok_or_else(|| format!("{:?}", compiled.diagnostics))
}

fn zone(turn: usize, items: usize) -> String {
    format!("z{}", turn * 7 % (items / IN_ZONE).max(1))
}

/// What differs between the two forms, in the frame that both share.
#[derive(Default)]
struct XForm {
    nodes: String,
    instances: String,
    binds: String,
    body: String,
}

impl XForm {
    fn question(&mut self, path: &str, kind: &str, label: &str, inside: &str) {
        let _ = write!(self.body, "<{kind} ref=\"{path}\"><label>{label}</label>{inside}</{kind}>");
    }

    fn bind(&mut self, path: &str, rest: &str) {
        let _ = write!(self.binds, "<bind nodeset=\"{path}\" {rest}/>");
    }

    fn text(&self) -> String {
        let Self { nodes, instances, binds, body } = self;
        format!(
            "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head>\
             <h:title>Generated</h:title><model><instance><data id=\"generated\">{nodes}</data></instance>{instances}\
             {binds}</model></h:head><h:body>{body}</h:body></h:html>"
        )
    }
}

/// A thousand questions in pages of ten. A page is asked once the first question of the page before has a small
/// number; one question on each page can be closed from the first page; six are numbers, three selects, one text.
fn thousand_questions() -> String {
    let mut form = XForm::default();
    let choices: String =
        (0..5).map(|n| format!("<item><label>Choice {n}</label><value>c{n}</value></item>")).collect();
    for page in 0..PAGES {
        let _ = write!(form.nodes, "<g{page}>");
        let _ = write!(form.body, "<group ref=\"/data/g{page}\"><label>Page {page}</label>");
        for question in 0..10 {
            let path = format!("/data/g{page}/q{question}");
            let _ = write!(form.nodes, "<q{question}/>");
            let relevant = match page {
                0 => String::new(),
                _ => format!(" relevant=\"/data/g{}/q0 &lt; 5 or /data/g0/q{question} = ''\"", page - 1),
            };
            let label = format!("Question {question} of page {page}");
            match question {
                0..=5 => {
                    form.bind(
                        &path,
                        &format!("type=\"int\" constraint=\". &gt; 0 and . &lt; 100\"{relevant}"),
                    );
                    form.question(&path, "input", &label, "");
                }
                6 | 7 => {
                    form.bind(&path, &format!("type=\"string\"{relevant}"));
                    form.question(&path, "select1", &label, &choices);
                }
                8 => {
                    form.bind(
                        &path,
                        &format!("type=\"string\" constraint=\"count-selected(.) &lt; 4\"{relevant}"),
                    );
                    form.question(&path, "select", &label, &choices);
                }
                _ => {
                    form.bind(
                        &path,
                        &format!("type=\"string\" required=\"/data/g{page}/q0 &gt; 5\"{relevant}"),
                    );
                    form.question(&path, "input", &label, "");
                }
            }
        }
        let _ = write!(form.nodes, "<sum/><total/></g{page}>");
        form.bind(
            &format!("/data/g{page}/sum"),
            &format!(
                "type=\"int\" calculate=\"coalesce(/data/g{page}/q1, 0) + coalesce(/data/g{page}/q2, 0)\""
            ),
        );
        let before = match page {
            0 => "0".to_owned(),
            _ => format!("/data/g{}/total", page - 1),
        };
        let total = format!("type=\"int\" calculate=\"{before} + /data/g{page}/sum\"");
        form.bind(&format!("/data/g{page}/total"), &total);
        form.body.push_str("</group>");
    }
    form.text()
}

/// A select over a long list, filtered by an answer.
fn long_list(items: usize) -> String {
    let mut form = XForm { nodes: "<zone/><item/>".into(), ..XForm::default() };
    form.instances.push_str("<instance id=\"items\"><root>");
    for item in 0..items {
        let zone = item % (items / IN_ZONE).max(1);
        let _ = write!(
            form.instances,
            "<item><name>i{item}</name><label>Place {item}</label><zone>z{zone}</zone></item>"
        );
    }
    form.instances.push_str("</root></instance>");
    form.bind("/data/zone", "type=\"string\"");
    form.bind("/data/item", "type=\"string\"");
    form.question("/data/zone", "input", "Zone", "");
    let itemset = "<itemset nodeset=\"instance('items')/root/item[zone = /data/zone]\"><value ref=\"name\"/>\
                   <label ref=\"label\"/></itemset>";
    form.question("/data/item", "select1", "Place", itemset);
    form.text()
}
