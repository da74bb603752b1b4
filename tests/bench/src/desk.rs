//! The real pcscd with a simulated card in its first reader.

use std::time::Duration;

use anyhow::{Context, Result};
use card_sim::{Exchange, Inserted, Slot, egk::HealthCard, find};
use jiff::civil::{Date, date};
use pcsc_reader::{CardState, look};
use workshop::{
    pcscd::{PORTS, Pcscd, READERS},
    process::wait_until,
};

use crate::scenario::Scenario;

/// The day that dates on cards are relative to.
pub(crate) const TODAY: Date = date(2026, 11, 22);

/// The card access number of all simulated cards.
pub(crate) const CAN: &str = "123123";

/// A health card in order that also takes what OpenSC sends.
const CARD: &str = "amsel-lenient";

/// A reader sees a card within 0.3 s; a busy machine gets much more.
const SEEN: Duration = Duration::from_secs(10);

/// pcscd and the card.
pub(crate) struct Desk {
    card: Inserted,
    pub(crate) health_card: HealthCard,
    _pcscd: Pcscd,
}

impl Desk {
    /// Starts pcscd, inserts the scenario's card and waits until the reader has seen it.
    pub(crate) fn with(scenario: &Scenario) -> Result<Self> {
        let pcscd = Pcscd::start()?;
        let health_card = find(CARD).and_then(|entry| entry.health_card(TODAY)).context("no such card")?;
        let card = Slot::insert(PORTS[0], health_card.card().over(scenario.interface))?;
        wait_until("the reader sees the card", SEEN, || {
            look().reader(READERS[0]).is_some_and(|it| matches!(it.card, CardState::Present { .. }))
        })?;
        scenario.fault().into_iter().for_each(|fault| card.add_fault(fault));
        Ok(Self { card, health_card, _pcscd: pcscd })
    }

    /// What went to the card and came back since the exchange with this number.
    pub(crate) fn trace_from(&self, number: usize) -> Vec<Exchange> {
        self.card.trace().split_off(number)
    }

    /// How many exchanges there were so far.
    pub(crate) fn apdus(&self) -> usize {
        self.card.apdus()
    }
}
