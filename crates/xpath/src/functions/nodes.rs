//! Functions over nodes and trees: counting, positions, instances, repeats, `pulldata`, `once`.
//!
//! `indexed-repeat` and `position(node)` follow the reference engine.

use super::{Row, impure, many, row};
use crate::ast::CallNode;
use crate::eval::{Evaluation, Focus};
use crate::tree::{Column, NodeKind, Tree, text_key};
use crate::{EvalError, NodeRef, Purity, Value};

pub(super) const ROWS: &[Row] = &[
    row("count", 1, 1, |e, call, focus| Ok(Value::Num(e.arg_nodes(call, 0, focus)?.len() as f64))),
    row("count-non-empty", 1, 1, count_non_empty),
    row("position", 0, 1, position),
    row("last", 0, 0, |_, _, focus| Ok(Value::Num(f64::from(focus.size)))),
    row("current", 0, 0, |e, _, _| Ok(vec![e.current].into())),
    row("instance", 1, 1, instance),
    row("id", 1, 1, id),
    row("name", 0, 1, |e, call, focus| named(e, call, focus, Tree::qualified_name)),
    row("local-name", 0, 1, |e, call, focus| named(e, call, focus, |tree, at| tree.name(at).to_string())),
    row("namespace-uri", 0, 1, |e, call, focus| named(e, call, focus, |_, _| String::new())),
    row("pulldata", 4, 4, pulldata),
    many("indexed-repeat", 3, indexed_repeat),
    impure(row("once", 1, 1, once), Purity::Once),
];

type Answer = Result<Value, EvalError>;

fn count_non_empty(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let nodes = e.arg_nodes(call, 0, focus)?;
    let mut count = 0.0;
    for at in nodes {
        count += f64::from(u8::from(!e.read(at)?.is_empty()));
    }
    Ok(Value::Num(count))
}

/// Without an argument the place among the nodes being filtered; with one, the place of its first node in the run of
/// siblings of its name.
fn position(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    if call.args.is_empty() {
        return Ok(Value::Num(f64::from(focus.position)));
    }
    let nodes = e.arg_nodes(call, 0, focus)?;
    let Some(first) = nodes.first() else { return Ok(Value::Num(f64::NAN)) };
    let place = e.env.forest.tree(first.tree).map_or(0, |tree| tree.run_position(first.node));
    e.spend(place as usize)?;
    Ok(Value::Num(f64::from(place)))
}

fn instance(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let name = e.arg_text(call, 0, focus)?;
    Ok(e.instance(&name).into_iter().collect::<Vec<_>>().into())
}

/// Elements of the context's tree whose `id` attribute is one of the words.
fn id(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let wanted = e.arg_texts(call, 0, focus)?.join(" ");
    let Some(tree) = e.env.forest.tree(focus.node.tree) else { return Ok(Vec::new().into()) };
    e.spend(tree.len())?;
    let hit = |id: &str| super::select::words(&wanted).any(|word| word == id);
    let found =
        tree.descendants(tree.document()).filter(|at| tree.attribute(*at, "id").is_some_and(|id| hit(id)));
    Ok(found.map(|node| NodeRef { tree: focus.node.tree, node }).collect::<Vec<_>>().into())
}

fn named(
    e: &Evaluation<'_>,
    call: &CallNode,
    focus: Focus,
    read: impl Fn(&Tree, crate::NodeId) -> String,
) -> Answer {
    let at = match call.args.first() {
        None => Some(focus.node),
        Some(id) => e.nodes(*id, focus, &call.name)?.first().copied(),
    };
    let tree = at.and_then(|at| e.env.forest.tree(at.tree));
    Ok(at.zip(tree).map(|(at, tree)| read(tree, at.node)).unwrap_or_default().into())
}

/// `pulldata('fruits', 'name', 'key', 'mango')`: the first item of the instance whose column equals the value. The
/// instance may be named with its file's ending.
fn pulldata(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let name = e.arg_text(call, 0, focus)?;
    let (wanted, key) = (e.arg_text(call, 1, focus)?, e.arg_text(call, 2, focus)?);
    let value = e.arg_text(call, 3, focus)?;
    let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
    let Some(at) = e.instance(&name).or_else(|| e.instance(stem)) else { return Ok(Value::text("")) };
    let Some(tree) = e.env.forest.tree(at.tree) else { return Ok(Value::text("")) };
    let (Some(item), Some(column)) = (tree.find_name("item"), tree.find_name(&key)) else {
        return Ok(Value::text(""));
    };
    let mut items = Vec::new();
    for parent in tree.children_named(at.node, "root") {
        if tree.worth_indexing(parent) {
            let column = Column { parent, item, column, attribute: false, numeric: false, zone_minutes: 0 };
            tree.candidates(column, text_key(&value), &mut items);
        } else {
            items.extend(tree.children_named(parent, "item"));
        }
    }
    e.spend(items.len())?;
    let equals =
        |item: &&crate::NodeId| tree.children_named(**item, &key).any(|cell| tree.value(cell) == *value);
    let found = items.iter().filter(equals).find_map(|item| tree.child(*item, &wanted));
    Ok(Value::Str(found.map(|cell| tree.string_value(cell)).unwrap_or_default()))
}

/// The stored value of the context node; the argument while there is none.
fn once(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let stored = e.read_shared(focus.node)?;
    Ok(Value::Str(if stored.is_empty() { e.arg_text(call, 0, focus)? } else { stored }))
}

/// `indexed-repeat(node, repeat, index, inner repeat, index, …)`: the nodes under the instances so numbered, the
/// repeats in any order.
fn indexed_repeat(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let nothing = || Ok(Vec::new().into());
    let mut levels: Vec<(Vec<NodeRef>, f64)> = Vec::new();
    for at in (1..call.args.len()).step_by(2) {
        let index = e.arg_number(call, at + 1, focus)?;
        let repeats = e.arg_nodes(call, at, focus)?;
        if index.is_nan() || repeats.is_empty() {
            return nothing();
        }
        levels.push((repeats, index));
    }
    levels.sort_by_key(|(repeats, _)| repeats.first().map_or(0, |at| depth(e, *at)));
    let mut within: Option<NodeRef> = None;
    for (repeats, index) in levels {
        let mut inside = repeats.into_iter().filter(|at| within.is_none_or(|outer| contains(e, outer, *at)));
        let skip = if index >= 1.0 && index.fract() == 0.0 { index as usize - 1 } else { return nothing() };
        match inside.nth(skip) {
            Some(found) => within = Some(found),
            None => return nothing(),
        }
    }
    let Some(within) = within else { return nothing() };
    let mut targets = e.arg_nodes(call, 0, focus)?;
    targets.retain(|at| contains(e, within, *at));
    Ok(targets.into())
}

fn contains(e: &Evaluation<'_>, outer: NodeRef, inner: NodeRef) -> bool {
    outer.tree == inner.tree
        && e.env.forest.tree(outer.tree).is_some_and(|tree| tree.contains(outer.node, inner.node))
}

fn depth(e: &Evaluation<'_>, at: NodeRef) -> usize {
    let Some(tree) = e.env.forest.tree(at.tree) else { return 0 };
    std::iter::successors(Some(at.node), |node| tree.parent(*node))
        .filter(|node| tree.kind(*node) == NodeKind::Element)
        .count()
}
