//! Handing over: places, cards, the hub.

use super::Desk;
use crate::problem::{Problem, Result};
use crate::view::*;

#[allow(unused_variables)]
impl Desk {
    pub(crate) fn outbox(&self) -> Result<OutboxView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn places(&self) -> Result<Vec<PlaceView>> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn set_hub(&self, url: String, key: Option<String>) -> Result<HubView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn meet_hub(&self) -> Result<ExchangeView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn card_out(&self, place: String) -> Result<ExchangeView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn card_in(&self, file: Picked) -> Result<ExchangeView> {
        Err(Problem::new("call.not-built"))
    }
}
