//! What arrived at headquarters about a month that had ended: its figures move, and nobody should be surprised.

use crate::{Device, FormView, Result};
use baraza_forms::Form;
use baraza_model::Timestamp;
use baraza_office::Late;

/// Arrivals are told of for a month.
const TOLD_MS: i64 = 31 * 86_400_000;

/// Records of one form that arrived late.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LateArrival {
    /// The newest version of the form.
    pub form: FormView,
    /// How many, when, and since which day.
    pub late: Late,
}

impl Device {
    /// What arrived in the last month about earlier months, the newest arrival first.
    ///
    /// # Errors
    /// When this is not a headquarters device.
    pub fn late_arrivals(&mut self) -> Result<Vec<LateArrival>> {
        let since = Timestamp(self.world.now().0 - TOLD_MS);
        let mut forms: Vec<(FormView, String)> = Vec::new();
        for (hash, form) in self.me.published_forms()? {
            forms.retain(|(known, _)| known.id != form.def().id);
            forms.extend(day_question(&form).map(|question| (FormView::of(hash, form.def()), question)));
        }
        let (office, _, world) = self.office()?;
        let mut arrivals = Vec::new();
        for (form, question) in forms {
            let found = office.late(&form.id, &question, since, world.zone_minutes)?;
            arrivals.extend(found.into_iter().map(|late| LateArrival { form: form.clone(), late }));
        }
        arrivals.sort_by_key(|arrival| std::cmp::Reverse(arrival.late.at));
        Ok(arrivals)
    }
}

/// The question for the day that a record is about.
fn day_question(form: &Form) -> Option<String> {
    let root = form.schema().tables.first()?;
    let mut dates = root.columns.iter().filter(|column| column.data_type == "date");
    let occurred = |hxl: &String| hxl.starts_with("#date+occurred");
    let named = dates.clone().find(|column| column.path.ends_with("date_activity"));
    let found = named.or_else(|| dates.find(|column| column.hxl.as_ref().is_some_and(occurred)))?;
    Some(found.path.clone())
}
