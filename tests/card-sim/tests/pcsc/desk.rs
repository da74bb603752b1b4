//! The real pcscd with a simulated card in its first reader, and a PC/SC client.

use std::{
    ffi::CString,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use card_sim::{Card, Inserted, Slot, files::Content};
use jiff::civil::{Date, date};
use pcsc::{Context, Protocols, ReaderState, Scope, ShareMode, State};
use workshop::pcscd::{PORTS, Pcscd, READERS};

pub(crate) const TODAY: Date = date(2026, 11, 22);
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

pub(crate) struct Desk {
    context: Context,
    pub(crate) card: Option<Inserted>,
    pub(crate) pcscd: Pcscd,
}

impl Desk {
    /// Starts pcscd, inserts `card` and waits until the reader has seen it.
    pub(crate) fn with(card: Card) -> Result<Self> {
        Self::at(Pcscd::start()?, card)
    }

    /// The same pcscd with another card and a new client.
    pub(crate) fn again(self, card: Card) -> Result<Self> {
        Self::at(self.pcscd, card)
    }

    fn at(pcscd: Pcscd, card: Card) -> Result<Self> {
        let inserted = Slot::insert(PORTS[0], card)?;
        let desk = Self { context: Context::establish(Scope::User)?, card: Some(inserted), pcscd };
        desk.wait_for(State::PRESENT)?;
        Ok(desk)
    }

    pub(crate) fn card(&self) -> Result<&Inserted> {
        self.card.as_ref().context("the card was pulled")
    }

    /// The first reader's state, once it contains `state`.
    pub(crate) fn wait_for(&self, state: State) -> Result<State> {
        self.wait_for_reader(0, state)
    }

    pub(crate) fn connect(&self) -> Result<pcsc::Card> {
        self.connect_to(0)
    }

    /// Waits for a card in that reader and connects to it.
    pub(crate) fn connect_to(&self, reader: usize) -> Result<pcsc::Card> {
        self.wait_for_reader(reader, State::PRESENT)?;
        Ok(self.context.connect(&CString::new(READERS[reader])?, ShareMode::Shared, Protocols::T1)?)
    }

    fn wait_for_reader(&self, reader: usize, state: State) -> Result<State> {
        let until = Instant::now() + DEADLINE;
        let mut readers = [ReaderState::new(CString::new(READERS[reader])?, State::UNAWARE)];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            self.context
                .get_status_change(left, &mut readers)
                .with_context(|| format!("waited for {state:?}"))?;
            if readers[0].event_state().contains(state) {
                return Ok(readers[0].event_state());
            }
            readers[0].sync_current_state();
        }
    }
}

/// The card of that name.
pub(crate) fn card(name: &str) -> Result<Card> {
    Ok(card_sim::find(name).context("no such card")?.card(TODAY))
}

/// Response data and status word, in hexadecimal.
pub(crate) fn transmit(card: &pcsc::Card, command: &str) -> Result<String> {
    let mut buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
    Ok(hex::encode(card.transmit(&hex::decode(command)?, &mut buffer)?))
}

/// What the image holds in a transparent file of a folder, in hexadecimal.
pub(crate) fn stored(card: &Card, folder: usize, fid: u16) -> Result<String> {
    let file = card.folders()[folder].files.iter().find(|file| file.fid == fid).context("no such file")?;
    let Content::Transparent(bytes) = &file.content else { bail!("a file of records") };
    Ok(hex::encode(bytes))
}
