//! Members and devices.

use super::Desk;
use crate::problem::{Problem, Result};
use crate::view::*;

#[allow(unused_variables)]
impl Desk {
    pub(crate) fn members(&self) -> Result<MembersView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn invite(&self, role: String, team: Option<String>, hub: bool) -> Result<PaperView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn withdraw(&self, id: String) -> Result<MembersView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn examine(&self, request: Paper) -> Result<AskedView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn approve(&self, request: Paper) -> Result<PaperView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn revoke(&self, alias: String) -> Result<MembersView> {
        Err(Problem::new("call.not-built"))
    }
}
