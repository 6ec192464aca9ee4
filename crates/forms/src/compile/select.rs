//! What selects and ranks offer: choices that never change are listed once for all questions and sessions.

use super::build::Builder;
use super::choices::{Choice, ChoiceLabel, ChoiceList, Select, Source};
use super::filter::Filter;
use super::report::Report;
use super::text;
use crate::def::{Control, ControlKind};
use baraza_xpath::{Context, Env, Expr, NodeRef, Origin, Sealed};
use std::collections::HashMap;
use std::sync::Arc;

/// Itemsets so far, by nodeset and value: questions share them. Relative paths are seen from the question, so
/// itemsets that depend on answers are shared as expressions, not as results.
type Itemsets = HashMap<(String, String), Source>;

impl Builder<'_> {
    pub(super) fn selects(&mut self, report: &mut Report) {
        let mut itemsets = Itemsets::new();
        for at in 0..self.nodes.len() {
            let Some(path) = self.nodes.get(at).map(|n| n.path.clone()) else { continue };
            let Some(control) = self.controls.get(&path).copied() else { continue };
            let select = self.select(control, &path, &mut itemsets, report);
            if let (Some(node), Some(_)) = (self.nodes.get_mut(at), &select) {
                node.select = select;
            }
        }
    }

    fn select(
        &self,
        control: &Control,
        path: &str,
        itemsets: &mut Itemsets,
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
        let key = (itemset.nodeset.clone(), itemset.value.clone());
        let source = match itemsets.get(&key) {
            Some(source) => source.clone(),
            None => itemsets.entry(key).or_insert(self.source(nodeset, value, path, report)).clone(),
        };
        Some(Select { multiple, rank, label, source })
    }

    fn source(&self, nodeset: Expr, value: Expr, path: &str, report: &mut Report) -> Source {
        let fixed = !nodeset.is_impure()
            && nodeset.paths().iter().all(|p| {
                matches!(p.origin, Origin::Instance(Some(_)) | Origin::Within { .. } | Origin::Computed)
            })
            && nodeset.references(path).iter().all(|r| r.instance.is_some())
            && nodeset.paths().iter().all(|p| !p.filtered);
        let whole = if fixed { self.whole(&nodeset, &value) } else { None };
        match whole {
            Some(list) => Source::Always(Arc::new(list)),
            None => {
                let mut part = |source: &str| report.parse(source, path, "itemset");
                Source::Filtered(Arc::new(Filter::new(
                    nodeset,
                    value,
                    self.def.instance_id.as_deref(),
                    &mut part,
                )))
            }
        }
    }

    /// The choices of an itemset that no answer changes.
    fn whole(&self, nodeset: &Expr, value: &Expr) -> Option<ChoiceList> {
        let env = Env { forest: &self.forest, host: &Sealed, now_ms: 0, zone_minutes: 0 };
        let at = Context::primary(self.forest.primary().root());
        let nodes = nodeset.eval_nodes(&env, at).ok()?;
        let choice = |node: NodeRef| {
            let value = value.eval_string(&env, Context::of(node)).ok()?;
            Some(Choice { value, label: ChoiceLabel::Item(node) })
        };
        nodes.into_iter().map(choice).collect::<Option<Vec<_>>>().map(ChoiceList::new)
    }
}
