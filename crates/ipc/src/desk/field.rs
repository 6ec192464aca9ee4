//! Today, records, two answers.

use super::Desk;
use crate::problem::{Problem, Result};
use crate::view::*;

#[allow(unused_variables)]
impl Desk {
    pub(crate) fn today(&self) -> Result<TodayView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn forms(&self) -> Result<Vec<FormCard>> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn records(&self, query: RecordsQuery) -> Result<RecordList> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn record(&self, id: String) -> Result<RecordSheet> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn discard(&self, id: String) -> Result<()> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn bring_back(&self, id: String) -> Result<RecordRow> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn resolve(
        &self,
        record: String,
        path: String,
        value: Option<String>,
        shown: Vec<String>,
    ) -> Result<()> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn prune(&self) -> Result<u64> {
        Err(Problem::new("call.not-built"))
    }
}
