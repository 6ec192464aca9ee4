//! What an expression says about itself.

use baraza_xpath::{Expr, Literal, Origin, Purity, RefStep, Reference, Value};

fn expr(source: &str) -> Expr {
    Expr::parse(source).unwrap()
}

/// A reference as text: `instance:a/b`, `*` for any child, `**` for any depth, `@` for attributes.
fn show(reference: &Reference) -> String {
    let step = |step: &RefStep| match step {
        RefStep::Name(name) => name.to_string(),
        RefStep::Attribute(name) => format!("@{name}"),
        RefStep::Any => "*".into(),
        RefStep::Descendants => "**".into(),
    };
    let path = reference.steps.iter().map(step).collect::<Vec<_>>().join("/");
    reference.instance.as_ref().map(|name| format!("{name}:")).unwrap_or_default() + &path
}

#[test]
fn references_are_absolute_wherever_they_are_written() {
    for (source, wanted) in [
        (". > 5", "data/g/q"),
        ("../age >= 18", "data/g/age"),
        ("/data/g/age", "data/g/age"),
        ("/data/p[2]/name", "data/p/name"),
        ("../../p[name = current()/../x]/y", "data/p/y data/p/name data/g/x"),
        ("../../p[../z]/y", "data/p/y data/z"),
        ("count(../*)", "data/g/*"),
        ("//name", "**/name"),
        ("/data//name/..", "data/**"),
        ("/data/@version", "data/@version"),
        ("instance('c')/root/item[d = /data/x]/label", "c:root/item/label c:root/item/d data/x"),
        (
            "instance('c')/root/item[d = current()/../x and k = ../z]",
            "c:root/item c:root/item/d data/g/x c:root/item/k c:root/z",
        ),
        ("(../a | ../b)/c", "data/g/a data/g/b data/g/a/c data/g/b/c"),
        ("randomize(instance('c')/root/item)/x", "c:root/item c:root/item/x"),
        ("following-sibling::r/v", "data/g/r/v"),
        ("ancestor::r", "**/r"),
        ("indexed-repeat(/data/r/v, /data/r, ../i)", "data/r/v data/r data/g/i"),
        ("self::node()/./..", "data/g"),
        ("orx:meta/orx:id", "data/g/q/meta/id"),
    ] {
        let found: Vec<String> = expr(source).references("/data/g/q").iter().map(show).collect();
        let wanted: Vec<&str> = wanted.split(' ').collect();
        let missing: Vec<&&str> = wanted.iter().filter(|path| !found.contains(&path.to_string())).collect();
        assert!(missing.is_empty(), "{source}: {missing:?} not in {found:?}");
        let spare: Vec<&String> = found.iter().filter(|path| !wanted.contains(&path.as_str())).collect();
        assert!(spare.is_empty() || source.contains(".."), "{source}: {spare:?}");
    }
}

#[test]
fn an_item_of_a_list_is_a_place_too() {
    let at = Reference {
        instance: Some("c".into()),
        steps: vec![RefStep::Name("root".into()), RefStep::Name("item".into())],
        offset: 0,
    };
    let found: Vec<String> =
        expr("concat(label, /data/x, ../head)").references_at(&at).iter().map(show).collect();
    assert_eq!(found, ["c:root/item/label", "data/x", "c:root/head"]);
}

#[test]
fn paths_calls_and_literals_know_where_they_stand() {
    let source = "if(/data/a = 'x', instance('c')/root/item[k = current()/b][1]/v, 2.5)";
    let expr = expr(source);
    let at = |range: std::ops::Range<usize>| &source[range];
    let paths = expr.paths();
    assert_eq!(at(paths[0].offset..paths[0].end), "/data/a");
    let list = paths.iter().position(|path| path.origin == Origin::Instance(Some("c".into()))).unwrap();
    assert_eq!(at(paths[list].offset..paths[list].end), "instance('c')/root/item[k = current()/b][1]/v");
    assert!(paths[list].filtered && paths[list].predicate_depth == 0);
    let key = paths.iter().find(|path| at(path.offset..path.end) == "k").unwrap();
    assert_eq!((&key.origin, key.predicate_depth), (&Origin::Within { path: list, steps: 2 }, 1));
    assert!(paths.iter().any(|path| path.origin == Origin::Current && path.predicate_depth == 1));

    let calls: Vec<(&str, usize, bool)> =
        expr.calls().iter().map(|call| (&*call.name, call.args, call.in_predicate)).collect();
    assert_eq!(calls, [("if", 3, false), ("instance", 1, false), ("current", 0, true)]);
    assert!(expr.calls().iter().all(|call| source[call.offset..].starts_with(&*call.name)));
    let literals: Vec<(&Literal, usize)> =
        expr.literals().iter().map(|(literal, offset)| (literal, *offset)).collect();
    assert_eq!(literals[0], (&Literal::Text("x".into()), 13));
    assert_eq!(literals[3], (&Literal::Number(2.5), source.len() - 4));
    assert_eq!(expr.source(), source);
}

#[test]
fn impurity_tells_what_must_be_stored() {
    for (source, impure) in [
        ("1 + 1", false),
        ("concat(../a, 'now()')", false),
        ("today()", true),
        ("if(../a, now(), '')", true),
        ("once(uuid())", true),
        ("once(../a)", true),
        ("random()", true),
        ("randomize(../a)", true),
        ("randomize(../a, 7)", false),
        ("randomize(../a, random())", true),
        ("jr:choice-name(../a, '../a')", false),
        ("../r[d <= today()]", true),
    ] {
        assert_eq!(expr(source).is_impure(), impure, "{source}");
    }
    assert!(expr("jr:itext('x')").depends_on(Purity::Language));
    assert!(expr("once(today())").depends_on(Purity::Clock));
    assert!(!expr("once(../a)").depends_on(Purity::Clock));
}

#[test]
fn constants() {
    assert_eq!(expr(" 'x' ").constant(), Some(Value::Str("x".into())));
    assert_eq!(expr("(12.5)").constant(), Some(Value::Num(12.5)));
    assert_eq!(expr("true()").constant(), Some(Value::Bool(true)));
    assert_eq!(expr("false( )").constant(), Some(Value::Bool(false)));
    assert_eq!(expr("/data/a").constant(), None);
    assert_eq!(expr("1 + 1").constant(), None);
}
