//! What selects and ranks offer: choices that never change are listed once for all sessions.

use super::build::Builder;
use super::choices::{Choice, ChoiceLabel, ChoiceList, Select, Source};
use super::report::Report;
use super::text;
use crate::def::{Control, ControlKind};
use baraza_xpath::{Context, Env, Expr, NodeRef, Origin, Sealed};
use std::collections::HashMap;
use std::sync::Arc;

/// Lists made so far, by nodeset and value: questions share them.
type Lists = HashMap<(String, String), Arc<ChoiceList>>;

impl Builder<'_> {
    pub(super) fn selects(&mut self, report: &mut Report) {
        let mut lists = Lists::new();
        for at in 0..self.nodes.len() {
            let Some(path) = self.nodes.get(at).map(|n| n.path.clone()) else { continue };
            let Some(control) = self.controls.get(&path).copied() else { continue };
            let select = self.select(control, &path, &mut lists, report);
            if let (Some(node), Some(_)) = (self.nodes.get_mut(at), &select) {
                node.select = select;
            }
        }
    }

    fn select(
        &self,
        control: &Control,
        path: &str,
        lists: &mut Lists,
        report: &mut Report,
    ) -> Option<Select> {
        let (multiple, rank) = match control.kind {
            ControlKind::Select => (true, false),
            ControlKind::Select1 => (false, false),
            ControlKind::Rank => (true, true),
            _ => return None,
        };
        let Some(itemset) = &control.itemset else {
            let choice = |c: &crate::def::Choice, report: &mut Report| Choice {
                value: c.value.as_str().into(),
                label: ChoiceLabel::Text(
                    text::label(c.label.as_ref(), path, report)
                        .unwrap_or_else(|| vec![text::Part::Literal(c.value.clone())]),
                ),
            };
            let choices = control.choices.iter().map(|c| choice(c, report)).collect();
            return Some(Select {
                multiple,
                rank,
                label: None,
                source: Source::Always(Arc::new(ChoiceList::new(choices))),
            });
        };
        let nodeset = report.parse(&itemset.nodeset, path, "itemset")?;
        let value = report.parse(&itemset.value, path, "itemset value")?;
        let label = text::item_label(&itemset.label, path, report);
        let fixed = !nodeset.is_impure()
            && nodeset.paths().iter().all(|p| {
                matches!(p.origin, Origin::Instance(Some(_)) | Origin::Within { .. } | Origin::Computed)
            })
            && nodeset.references(path).iter().all(|r| r.instance.is_some())
            && nodeset.paths().iter().all(|p| !p.filtered);
        let source = if fixed { self.whole(&nodeset, &value, lists) } else { None };
        Some(Select { multiple, rank, label, source: source.unwrap_or(Source::Filtered { nodeset, value }) })
    }

    /// The choices of an itemset that no answer changes.
    fn whole(&self, nodeset: &Expr, value: &Expr, lists: &mut Lists) -> Option<Source> {
        let key = (nodeset.source().to_owned(), value.source().to_owned());
        if let Some(list) = lists.get(&key) {
            return Some(Source::Always(Arc::clone(list)));
        }
        let env = Env { forest: &self.forest, host: &Sealed, now_ms: 0, zone_minutes: 0 };
        let at = Context::primary(self.forest.primary().root());
        let nodes = nodeset.eval_nodes(&env, at).ok()?;
        let choice = |node: NodeRef| {
            let value = value.eval_string(&env, Context::of(node)).ok()?;
            Some(Choice { value, label: ChoiceLabel::Item(node) })
        };
        let choices = nodes.into_iter().map(choice).collect::<Option<Vec<_>>>()?;
        let list = Arc::new(ChoiceList::new(choices));
        lists.insert(key, Arc::clone(&list));
        Some(Source::Always(list))
    }
}
