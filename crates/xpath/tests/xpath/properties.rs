//! What holds for every source and every tree.

use crate::{Form, Swahili};
use baraza_xpath::{Context, Expr, Tree, format_number, parse_number};
use proptest::prelude::*;
use std::cell::Cell;

/// Pieces that make near-expressions.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "/",
        "//",
        ".",
        "..",
        "@",
        "*",
        "[",
        "]",
        "(",
        ")",
        ",",
        "|",
        "+",
        "-",
        "=",
        "!=",
        "<",
        ">=",
        " or ",
        " and ",
        " div ",
        " mod ",
        "data",
        "rep",
        "v",
        "w",
        "a",
        "b",
        "'x'",
        "\"y\"",
        "1",
        "2.5",
        "count(",
        "string(",
        "sum(",
        "position()",
        "last()",
        "current()",
        "instance('it')",
        "/root/item",
        "name",
        "::",
        "ancestor::",
        "following::",
        "preceding::",
        "descendant::",
        "self::",
        "node()",
        "text()",
        "$v",
        "today()",
        "if(",
        "regex(",
        "substr(",
        "indexed-repeat(",
        "randomize(",
        "date(",
        " ",
        "é",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Whole expressions.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "/data/a",
        "../b",
        "/data/rep/v",
        "/data/rep[v > 1]/w",
        "//w",
        "'x'",
        "'2025-03-14'",
        "7",
        "1.5",
        "''",
        "/data/blank",
        "instance('it')/root/item[name = 'k1']/label",
        "today()",
        "true()",
        "current()/../n",
        "/data/rep/w/ancestor::*",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 40, 3, |inner| {
        let operator = prop::sample::select(vec![
            " + ", " - ", "*", " div ", " mod ", "=", "!=", "<", ">=", " and ", " or ",
        ]);
        let function = prop::sample::select(vec!["concat", "min", "join", "max", "checklist", "if"]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, op, b)| format!("({a}{op}{b})")),
            (function, inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(f, a, b, c)| format!("{f}({a}, {b}, {c})")),
            inner.clone().prop_map(|a| format!("string({a})")),
            inner.prop_map(|a| format!("-({a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_parses_or_is_refused_inside_itself(source in any::<String>()) {
        if let Err(error) = Expr::parse(&source) {
            prop_assert!(error.offset <= source.len() && source.is_char_boundary(error.offset));
        }
    }

    #[test]
    fn near_expressions_never_panic(source in soup()) {
        if let Ok(expr) = Expr::parse(&source) {
            let form = Form::ama();
            let host = Swahili(Cell::new(1));
            let _ = expr.eval(&form.env(&host), Context::primary(form.out));
            let _ = (expr.references("/data/out"), expr.arity_errors(), expr.is_impure());
        }
    }

    #[test]
    fn the_four_ways_to_evaluate_agree(source in expression()) {
        let form = Form::ama();
        let host = Swahili(Cell::new(1));
        let (env, context) = (form.env(&host), Context::primary(form.out));
        let expr = Expr::parse(&source).unwrap();
        let value = expr.eval(&env, context).unwrap();
        prop_assert_eq!(expr.eval_string(&env, context).unwrap(), value.to_text(&form.forest));
        prop_assert_eq!(expr.eval_bool(&env, context).unwrap(), value.to_bool());
        let (one, two) = (expr.eval_number(&env, context).unwrap(), value.to_number(&env));
        prop_assert!(one == two || (one.is_nan() && two.is_nan()), "{} and {}", one, two);
        prop_assert!(!expr.references("/data/out").iter().any(|found| found.steps.len() > 12));
    }

    #[test]
    fn brackets_and_spaces_change_nothing(source in expression()) {
        let form = Form::ama();
        let spaced = format!(" ( {} ) ", source.replace('(', " ( ").replace(',', " , "));
        prop_assert_eq!(form.read(&source), form.read(&spaced));
    }

    #[test]
    fn a_written_number_reads_back(number in any::<f64>().prop_filter("a number", |n| !n.is_nan())) {
        prop_assert_eq!(parse_number(&format_number(number)), number);
    }

    #[test]
    fn a_tree_survives_any_sequence_of_edits(edits in prop::collection::vec((0..6_u8, any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..60)) {
        let mut tree = Tree::new("r");
        let mut alive = vec![tree.root()];
        for (what, one, other) in edits {
            let (a, b) = (*one.get(&alive), *other.get(&alive));
            match what {
                0 | 1 => { tree.append_text(a, ["x", "y", "p:z"][alive.len() % 3], "t"); }
                2 => { tree.insert_before(a, Some(b), "w"); }
                3 if tree.len() < 500 => { tree.clone_subtree(a, b, None); }
                4 => tree.remove(a),
                _ => { tree.set_attribute(a, "k", "v"); }
            }
            alive = tree.descendants(tree.root()).collect();
            let count: usize = alive.iter().map(|node| 1 + tree.attributes(*node).count()).sum();
            prop_assert_eq!(tree.len(), count + 1);
            for node in &alive {
                for child in tree.children(*node) {
                    prop_assert_eq!(tree.parent(child), Some(*node));
                }
            }
        }
    }
}
