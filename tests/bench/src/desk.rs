//! The real pcscd with a simulated card in its first reader.

use std::time::Duration;

use anyhow::Result;
use card_sim::{Card, Fault, Inserted, Slot, fault::Latency};
use jiff::civil::{Date, date};
use pcsc_reader::{CardState, look};
use workshop::{
    pcscd::{PORTS, Pcscd, READERS},
    process::wait_until,
};

/// The day that dates on cards are relative to.
pub(crate) const TODAY: Date = date(2026, 11, 22);

/// The card access number of all simulated cards.
pub(crate) const CAN: &str = "123123";

/// A reader sees a card within 0.3 s; a busy machine gets much more.
const SEEN: Duration = Duration::from_secs(10);

/// pcscd and the card.
pub(crate) struct Desk {
    card: Inserted,
    latency: Option<Latency>,
    _pcscd: Pcscd,
}

/// What a reading has cost the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Toll {
    /// What the model says that the card has taken.
    pub(crate) time: Duration,
    pub(crate) apdus: usize,
    /// Sent and answered.
    pub(crate) bytes: usize,
}

impl Desk {
    /// Starts pcscd, inserts a card that is so slow, and waits until the reader has seen it.
    pub(crate) fn with(card: Card, latency: Option<Latency>) -> Result<Self> {
        let pcscd = Pcscd::start()?;
        let card = Slot::insert(PORTS[0], card)?;
        wait_until("the reader sees the card", SEEN, || {
            look().reader(READERS[0]).is_some_and(|it| matches!(it.card, CardState::Present { .. }))
        })?;
        latency.into_iter().for_each(|latency| card.add_fault(Fault::Slow(latency)));
        Ok(Self { card, latency, _pcscd: pcscd })
    }

    /// What the card was put to since the exchange with this number.
    pub(crate) fn toll_from(&self, number: usize) -> Toll {
        let trace = self.card.trace().split_off(number);
        let lengths = trace.iter().map(|it| (it.command.len(), it.response.as_ref().map_or(0, Vec::len)));
        let time =
            lengths.clone().filter_map(|(sent, answered)| Some(self.latency?.of(sent, answered))).sum();
        let bytes = lengths.map(|(sent, answered)| sent + answered).sum();
        Toll { time, apdus: trace.len(), bytes }
    }

    /// How many exchanges there were so far.
    pub(crate) fn apdus(&self) -> usize {
        self.card.apdus()
    }
}
