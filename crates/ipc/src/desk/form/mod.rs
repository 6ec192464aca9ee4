//! Filling a form.

use super::Desk;
use crate::problem::{Problem, Result};
use crate::view::*;

#[allow(unused_variables)]
impl Desk {
    pub(crate) fn begin(&self, form: String) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn open(&self, record: String) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn amend(&self, record: String, reason: String) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn screen(&self) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn answer(&self, path: String, value: String) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn add_entry(&self, path: String) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn remove_entry(&self, path: String) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn open_entry(&self, path: String) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn turn(&self, part: usize) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn go(&self, path: String) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn stay(&self, path: String) -> Result<()> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn speak(&self, language: String) -> Result<FormScreen> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn choices(&self, path: String, words: String) -> Result<Vec<ChoiceView>> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn jump_list(&self) -> Result<Vec<JumpLine>> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn finish_form(&self, reason: Option<String>) -> Result<FinishedView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn close_form(&self) -> Result<()> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn media(&self, name: String) -> Result<MediaView> {
        Err(Problem::new("call.not-built"))
    }
}

/// A form on screen.
pub(super) struct OpenForm;
