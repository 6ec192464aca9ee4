//! Paths: axes, predicates, order, relevance, instances.

use crate::{Form, Swahili, choices};
use baraza_xpath::{Context, Env, EvalError, Expr, Forest, NodeRef, Sealed, Tree};
use std::cell::Cell;
use std::sync::Arc;

#[test]
fn paths() {
    Form::ama().check(&[
        ("/data/rep/v", "1"),
        ("/data/rep[2]/v", "2"),
        ("../a", "3"),
        ("../rep[1]/w", "a"),
        ("//w", "a"),
        ("count(//v)", "3"),
        ("count(/data//*)", "20"),
        ("count(/data//node())", "32"),
        ("count(//*)", "21"),
        ("count(/)", "1"),
        ("/data/@id", "t"),
        ("count(//@*)", "1"),
        ("name(/data/@id/..)", "data"),
        ("/data/g", "q"),
        ("/data/nope/x", ""),
        ("/nope", ""),
        ("/data/meta/instanceID", "uuid:1"),
        ("/data/orx:meta/orx:instanceID", "uuid:1"),
        ("/data/orx:*[last()]/*", "uuid:1"),
        ("/data/a/text()", "3"),
        ("count(/data/blank/text())", "0"),
        ("count(/data/comment())", "0"),
        ("name(/data/a/text()/..)", "a"),
        (".", ""),
        ("/..", ""),
        ("count(../../..)", "0"),
        ("(/data/rep/w)[2]", "b"),
        ("(/data/rep)[2]/w", "b"),
        ("count(/data/rep/w | /data/a)", "4"),
        ("join('', /data/rep/w | /data/a | /data/rep/w)", "3abc"),
        ("join('', (/data/rep | /data/g)/*)", "1a2b3cq"),
        ("join(' ', (/data//node()/.)/w)", "a b c"),
        ("name((/data//node()/.)/*[1])", "v"),
        ("join('', (//node()/.)/text())", "3x y z52025-03-141a2b3cquuid:1"),
        ("count(/data/rep | /data/rep)", "3"),
    ]);
}

#[test]
fn axes() {
    Form::ama().check(&[
        ("count(/data/rep/v/ancestor::*)", "4"),
        ("count(/data/rep/v/ancestor::node())", "5"),
        ("name(/data/rep[2]/v/ancestor::*[1])", "rep"),
        ("name(/data/rep[2]/v/ancestor::*[2])", "data"),
        ("name(/data/rep[2]/v/ancestor-or-self::*[1])", "v"),
        ("/data/rep[w='b']/preceding-sibling::rep/w", "a"),
        ("/data/rep[3]/preceding-sibling::rep[1]/w", "b"),
        ("join('', /data/rep[3]/preceding-sibling::rep/w)", "ab"),
        ("count(/data/rep[2]/following-sibling::rep)", "1"),
        ("count(/data/rep/following-sibling::rep)", "2"),
        ("count(/data/rep[1]/w/parent::rep)", "1"),
        ("count(/data/rep[1]/w/parent::nope)", "0"),
        ("name(/data/rep[1]/following::*[1])", "rep"),
        ("name(/data/rep[3]/w/following::*[1])", "g"),
        ("count(/data/rep[1]/following::v)", "2"),
        ("name(/data/g/preceding::*[1])", "w"),
        ("count(/data/g/preceding::rep)", "3"),
        ("count(/data/g/h1/preceding::data)", "0"),
        ("count(/data/rep/descendant::*)", "6"),
        ("count(/data/rep/descendant-or-self::*)", "9"),
        ("count(/data/self::data)", "1"),
        ("count(/data/self::nope)", "0"),
        ("count(/data/namespace::*)", "0"),
        ("count(/data/a/@*/following-sibling::*)", "0"),
    ]);
}

#[test]
fn predicates_count_from_each_parent() {
    Form::ama().check(&[
        ("/data/rep[last()]/w", "c"),
        ("/data/rep[position() = 2]/w", "b"),
        ("/data/rep[position() > 1][2]/w", "c"),
        ("/data/rep[v > 1][1]/w", "b"),
        ("/data/rep[v = /data/a]/w", "c"),
        ("/data/rep[v = current()/../a]/w", "c"),
        ("/data/rep[v = 2]/w = 'b' and /data/a = 3", "true"),
        ("/data/a[. = 3]", "3"),
        // XPath 1.0: the second child of each repeat instance. ODK's engine counts over all of them.
        ("count(/data/rep/*[2])", "3"),
        ("count(//v[1])", "3"),
        ("count((//v)[1])", "1"),
        ("count(/data/rep['x'])", "3"),
        ("count(/data/rep[''])", "0"),
        ("count(/data/rep[w])", "3"),
        ("count(/data/rep[1.5])", "0"),
        ("count(/data/rep[0])", "0"),
        ("count(/data/rep[-1])", "0"),
        ("count(/data/rep[number('x')])", "0"),
        ("count(../rep[w = 'a' or v = 3])", "2"),
        ("instance('it')/root/item[last()]/label", "L2"),
        ("instance('it')/root/item[position() = 1 and name = 'k1']/label", "L1"),
        ("count(instance('it')/root/item[name = /data/rep/w])", "0"),
    ]);
}

#[test]
fn an_answer_that_is_not_relevant_is_counted_but_reads_blank() {
    Form::ama().check(&[
        ("count(/data/irr)", "1"),
        ("string(/data/irr)", ""),
        ("/data/irr + 1", ""),
        ("count-non-empty(/data/irr)", "0"),
        ("count(/data/irr/text())", "0"),
    ]);
}

#[test]
fn a_slash_in_a_filter_over_choices_means_the_form() {
    let form = Form::ama();
    let host = Swahili(Cell::new(0));
    let env = form.env(&host);
    let it = form.forest.find("it").unwrap();
    let tree = form.forest.tree(it).unwrap();
    let item = tree.child(tree.root(), "item").unwrap();
    // Label of a choice, evaluated at the item.
    let context = Context::of(NodeRef { tree: it, node: item });
    let read = |source: &str| Expr::parse(source).unwrap().eval_string(&env, context).unwrap().to_string();
    assert_eq!(read("label"), "L1");
    assert_eq!(read("concat(label, /data/a)"), "L13");
    assert_eq!(read("current()/name"), "k1");
    assert_eq!(read("position(.)"), "1");
}

/// 40 districts of 50 towns each; as many as make a filter worth an index.
fn towns() -> Tree {
    let mut tree = Tree::new("root");
    for n in 0..2000 {
        let item = tree.append(tree.root(), "item");
        tree.append_text(item, "name", format!("t{n}"));
        tree.append_text(item, "district", format!("d{}", n % 40));
        tree.append_text(
            item,
            "pop",
            if n % 2 == 0 { format!("{}.0", n % 10) } else { format!("{}", n % 10) },
        );
        tree.append_text(item, "founded", format!("1990-01-{:02}", n % 28 + 1));
        tree.set_attribute(item, "code", format!("c{}", n % 100));
    }
    tree
}

#[test]
fn a_filter_by_column_gives_what_a_scan_gives() {
    let mut form = Form::ama();
    form.forest.insert("towns", Arc::new(towns()));
    let tree = form.forest.primary_mut();
    let root = tree.root();
    for district in ["d3", "d1", "d3"] {
        tree.append_text(root, "chosen", district);
    }
    for zone in [0, 120] {
        form.zone_minutes = zone;
        // Each pair: with the index, and written so that no index applies.
        for (fast, slow) in [
            ("district = 'd7'", "concat(district, '') = 'd7'"),
            ("'d7' = district", "concat(district, '') = 'd7'"),
            ("district = /data/chosen", "string(district) = /data/chosen"),
            ("district = current()/../chosen[1]", "string(district) = 'd3'"),
            ("pop = 4", "pop * 1 = 4"),
            ("pop = 4 and district = 'd4'", "pop * 1 = 4 and string(district) = 'd4'"),
            ("pop = number('x')", "false()"),
            ("pop = /data/a", "string(pop) = '3'"),
            ("founded = date('1990-01-05')", "string(founded) = '1990-01-05'"),
            ("founded = '1990-01-05'", "string(founded) = '1990-01-05'"),
            ("@code = 'c5'", "string(@code) = 'c5'"),
            ("district = 'none'", "false()"),
            ("nope = 'x'", "false()"),
            ("district = true()", "true()"),
            ("district = ''", "false()"),
            ("district != 'd7'", "string(district) != 'd7'"),
            ("district = concat('d', /data/n)", "string(district) = 'd5'"),
            ("district = instance('towns')/root/item[name = 't9']/district", "string(district) = 'd9'"),
        ] {
            let list =
                |filter: &str| form.read(&format!("join(' ', instance('towns')/root/item[{filter}]/name)"));
            assert_eq!(list(fast), list(slow), "{fast} with the zone at {zone}");
        }
        let first = "instance('towns')/root/item[district = 'd7'][2]/name";
        assert_eq!(form.read(first), "t47");
        assert_eq!(form.read("instance('towns')/root/item[district = 'd7' and position() = 8]/name"), "t7");
        assert_eq!(form.read("count(instance('towns')/root/item[district = 'd7'])"), "50");
        assert_eq!(form.read("pulldata('towns', 'district', 'name', 't1999')"), "d39");
    }
}

#[test]
fn a_changed_list_is_read_afresh() {
    let mut form = Form::ama();
    let mut tree = towns();
    let form_of = |tree: &Tree, form: &mut Form| {
        form.forest.insert("towns", Arc::new(tree.clone()));
        form.read("count(instance('towns')/root/item[district = 'd7'])")
    };
    assert_eq!(form_of(&tree, &mut form), "50");
    let item = tree.children(tree.root()).nth(7).unwrap();
    let district = tree.child(item, "district").unwrap();
    tree.set_text(district, "elsewhere");
    assert_eq!(form_of(&tree, &mut form), "49");
    tree.remove(tree.children(tree.root()).nth(47).unwrap());
    assert_eq!(form_of(&tree, &mut form), "48");
    let again = tree.append(tree.root(), "item");
    tree.append_text(again, "district", "d7");
    assert_eq!(form_of(&tree, &mut form), "49");
}

#[test]
fn an_instance_added_under_a_name_in_use_replaces_it() {
    let mut forest = Forest::new(Tree::new("data"));
    let one = forest.insert("x", Arc::new(choices(&[("a", "A")])));
    let two = forest.insert("x", Arc::new(choices(&[("b", "B")])));
    assert_eq!((one, two), (1, 1));
    forest.name_primary("main");
    assert_eq!(forest.find("main"), Some(0));
    assert_eq!(forest.find("y"), None);
}

#[test]
fn an_endless_expression_is_given_up() {
    let mut form = Form::ama();
    let tree = form.forest.primary_mut();
    for _ in 0..300 {
        tree.append_text(tree.root(), "x", "1");
    }
    let mut list = Tree::new("root");
    for _ in 0..20_000 {
        list.append_text(list.root(), "x", "1");
    }
    form.forest.insert("long", Arc::new(list));
    for bomb in [
        "count(//*[count(//*[count(//*[count(//*) > 1]) > 1]) > 1])",
        "count(instance('long')//x[instance('long') = 'y'])",
        "count(instance('long')//x[position(.) = 0])",
    ] {
        assert_eq!(form.try_read(bomb), Err(EvalError::TooCostly), "{bomb}");
    }
}

#[test]
fn a_bound_path_is_read_where_it_was_settled() {
    let form = Form::ama();
    let expr = Expr::parse("concat(/data/a, '-', count(/data/rep), '-', ../a)").unwrap();
    let other = form.forest.primary().child(form.forest.primary().root(), "b").unwrap();
    let mut forest = form.forest.clone();
    forest.set_home(100, other);
    expr.bind(|path| (path == "/data/a").then_some(100));
    let read = |forest: &Forest| {
        let env = Env { forest, ..form.env(&Sealed) };
        expr.eval_string(&env, Context::primary(form.out)).unwrap().to_string()
    };
    assert_eq!(read(&forest), "x y z-3-3", "only the plain absolute path goes by its number");
    assert_eq!(read(&form.forest), "3-3-3", "a forest without this home is walked");
}
