//! Inbox, table, drawer, forms, exports.

use super::Desk;
use crate::problem::{Problem, Result};
use crate::view::*;

#[allow(unused_variables)]
impl Desk {
    pub(crate) fn inbox(&self) -> Result<InboxView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn import_file(&self, file: Picked) -> Result<ExchangeView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn replay(&self) -> Result<InboxView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn accept_held(&self, digest: String) -> Result<InboxView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn tables(&self) -> Result<Vec<TableForm>> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn table(&self, query: TableQueryView) -> Result<TableView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn facets(&self, form: String, column: String) -> Result<Vec<Facet>> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn office_record(&self, id: String, severe: bool) -> Result<OfficeSheet> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn export_csv(&self, form: String, place: String) -> Result<ExportView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn publish(&self, file: Picked, publish: bool) -> Result<PublishView> {
        Err(Problem::new("call.not-built"))
    }
}
