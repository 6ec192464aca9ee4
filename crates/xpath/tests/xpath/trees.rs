//! The tree as the forms crate uses it.

use baraza_xpath::{Context, Env, Expr, Forest, NodeKind, Sealed, Tree};

#[test]
fn neema_adds_and_removes_visits_and_every_count_follows() {
    let mut tree = Tree::new("data");
    let root = tree.root();
    let mut template = Tree::new("template");
    let visit = template.append(template.root(), "visit");
    template.append_text(visit, "place", "");
    template.append_text(visit, "children", "0");
    let visits: Vec<_> = (0..3).map(|_| tree.graft(root, None, &template, visit)).collect();
    let total = tree.append(root, "total");
    for (visit, children) in visits.iter().zip(["2", "5", "7"]) {
        let cell = tree.child(*visit, "children").unwrap();
        tree.set_text(cell, children);
    }
    let mut forest = Forest::new(tree);
    let read = |forest: &Forest, source: &str, at| {
        let env = Env { forest, host: &Sealed, now_ms: 0, zone_minutes: 0 };
        Expr::parse(source).unwrap().eval_string(&env, Context::primary(at)).unwrap().to_string()
    };
    assert_eq!(read(&forest, "sum(../visit/children)", total), "14");
    assert_eq!(read(&forest, "position(.)", visits[2]), "3");
    assert_eq!(read(&forest, "../visit[position() = position(current()) - 1]/children", visits[2]), "5");

    forest.primary_mut().remove(visits[1]);
    assert_eq!(read(&forest, "sum(../visit/children)", total), "9");
    assert_eq!(read(&forest, "position(.)", visits[2]), "2");
    let last = forest.primary_mut().graft(root, Some(total), &template, visit);
    assert_eq!(read(&forest, "count(../visit)", total), "3");
    assert_eq!(read(&forest, "position(.)", last), "3");
    assert_eq!(forest.primary().kind(last), NodeKind::Element);
    assert_eq!(forest.primary().parent(last), Some(root));
}

#[test]
fn a_stored_calculation_is_kept_by_once() {
    let mut tree = Tree::new("data");
    let id = tree.append(tree.root(), "id");
    let mut forest = Forest::new(tree);
    let read = |forest: &Forest| {
        let env = Env { forest, host: &Sealed, now_ms: 0, zone_minutes: 0 };
        Expr::parse("once(concat('new ', 'id'))")
            .unwrap()
            .eval_string(&env, Context::primary(id))
            .unwrap()
            .to_string()
    };
    assert_eq!(read(&forest), "new id");
    forest.primary_mut().set_text(id, "kept");
    assert_eq!(read(&forest), "kept");
}
