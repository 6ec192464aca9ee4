//! Trees as the forms engine uses them: growing, shrinking, copying, asking.

use super::*;

fn names(tree: &Tree, node: NodeId) -> Vec<String> {
    tree.children(node).map(|at| tree.qualified_name(at)).collect()
}

#[test]
fn a_repeat_instance_is_cloned_inserted_and_removed_without_touching_its_neighbours() {
    let mut tree = Tree::new("data");
    let root = tree.root();
    let first = tree.append(root, "person");
    let age = tree.append_text(first, "age", "33");
    tree.set_attribute(first, "ex:lang", "sw");
    tree.append_text(root, "end", "x");
    let second = tree.clone_subtree(first, root, tree.children(root).nth(1));
    assert_eq!(names(&tree, root), ["person", "person", "end"]);
    assert_eq!((tree.position(first), tree.position(second)), (1, 2));
    assert_eq!(&*tree.string_value(second), "33");
    assert_eq!(tree.attribute(second, "lang").map(|v| &**v), Some("sw"));
    assert_eq!(tree.attributes(second).map(|at| tree.qualified_name(at)).collect::<Vec<_>>(), ["ex:lang"]);

    let before = tree.len();
    tree.remove(first);
    assert_eq!(names(&tree, root), ["person", "end"]);
    assert_eq!(tree.position(second), 1);
    assert_eq!(tree.len(), before - 3);
    let reused = tree.append(root, "late");
    assert!([first, age].contains(&reused) || reused.0 < 8, "ids are given out again");
    assert_eq!(names(&tree, root), ["person", "end", "late"]);
}

#[test]
fn a_node_that_is_not_relevant_reads_blank_and_keeps_its_text() {
    let mut tree = Tree::new("data");
    let group = tree.append(tree.root(), "g");
    let name = tree.append_text(group, "name", "Amina");
    let town = tree.append_text(group, "town", "Goma");
    assert_eq!(&*tree.string_value(group), "AminaGoma");
    tree.set_relevant(name, false);
    assert_eq!(&*tree.string_value(group), "Goma");
    assert_eq!((&*tree.string_value(name), &**tree.text(name)), ("", "Amina"));
    tree.set_relevant(name, true);
    assert_eq!(&*tree.string_value(name), "Amina");
    assert_eq!(&*tree.string_value(town), "Goma");
}

#[test]
fn a_wide_parent_finds_children_by_name_also_after_changes() {
    let mut tree = Tree::new("data");
    let root = tree.root();
    let nodes: Vec<NodeId> =
        (0..100).map(|n| tree.append_text(root, &format!("q{n}"), n.to_string())).collect();
    assert_eq!(tree.child(root, "q73"), Some(nodes[73]));
    tree.remove(nodes[73]);
    assert_eq!(tree.child(root, "q73"), None);
    let again = tree.insert_before(root, Some(nodes[10]), "q73");
    assert_eq!(tree.child(root, "q73"), Some(again));
    for node in nodes[11..].iter().filter(|node| **node != again) {
        tree.remove(*node);
    }
    assert_eq!(tree.children(root).count(), 12);
    assert_eq!(tree.child(root, "q5"), Some(nodes[5]));
    assert_eq!(tree.child(root, "q99"), None);
}

#[test]
fn document_order_follows_insertions() {
    let mut tree = Tree::new("data");
    let root = tree.root();
    let b = tree.append(root, "b");
    let a = tree.insert_before(root, Some(b), "a");
    let deep = tree.append_text(a, "deep", "t");
    let id = tree.set_attribute(a, "id", "1");
    let order = [root, a, id, deep, deep.text_of(), b];
    let keys: Vec<u64> = order.iter().map(|at| tree.order_key(*at)).collect();
    assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
}

#[test]
fn ids_of_removed_nodes_and_the_root_are_harmless() {
    let mut tree = Tree::new("data");
    let gone = tree.append_text(tree.root(), "a", "1");
    tree.remove(gone);
    tree.remove(gone);
    tree.remove(tree.root());
    tree.remove(tree.document());
    assert_eq!(tree.len(), 2);
    assert_eq!(&**tree.text(gone), "");
    assert_eq!(tree.children(gone).count(), 0);
}
