//! Finishing a form, and what comes after.

use super::open::OpenForm;
use super::sheet::Sheet;
use baraza_app::{Device, FormView};
use baraza_forms::NodeKind;
use baraza_model::Sensitivity;

/// What a form leaves behind when it is finished.
pub(super) struct Leaving {
    /// Severe answers that are sealed away.
    pub(super) sealed: usize,
    /// Ids of published forms that should be opened next, in the form's order.
    pub(super) follow_up: Vec<String>,
}

impl Leaving {
    /// To be asked before finishing: afterwards the answers are gone.
    pub(super) fn of(form: &OpenForm, device: &Device) -> baraza_app::Result<Self> {
        let sheet = form.sheet();
        Ok(Self { sealed: sealed(&sheet), follow_up: follow_up(&sheet, &device.forms()?) })
    }
}

/// How many severe questions have an answer.
pub(super) fn sealed(sheet: &Sheet) -> usize {
    let asked = |kind| !matches!(kind, NodeKind::ModelValue | NodeKind::Note);
    let severe = |node: &&baraza_forms::NodeView| {
        node.sensitivity == Sensitivity::Severe && node.relevant && asked(node.kind) && !node.value.is_empty()
    };
    sheet.nodes().iter().filter(severe).count()
}

/// What calculations named `spawn` and `…_spawn` name: a form by its id, or by the last word of it (`alert` for
/// `baraza_alert`).
fn follow_up(sheet: &Sheet, published: &[FormView]) -> Vec<String> {
    let mut next = Vec::new();
    for node in sheet.nodes() {
        let name = node.path.rsplit('/').next().unwrap_or_default();
        let spawns = node.kind == NodeKind::ModelValue && (name == "spawn" || name.ends_with("_spawn"));
        if !spawns || !node.relevant || node.value.is_empty() {
            continue;
        }
        let is = |form: &&FormView| {
            form.id == node.value
                || form.id.strip_suffix(node.value.as_str()).is_some_and(|rest| rest.ends_with('_'))
        };
        let found = published.iter().find(|form| form.id == node.value).or_else(|| published.iter().find(is));
        if let Some(form) = found.filter(|form| !next.contains(&form.id)) {
            next.push(form.id.clone());
        }
    }
    next
}
