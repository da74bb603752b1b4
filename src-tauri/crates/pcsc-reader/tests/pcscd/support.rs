//! Cards, readers and waiting.

use std::{
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow};
use card_sim::{
    card::{AnswerToReset, Card},
    files::{File, Folder},
};
use pcsc_reader::{CardState, Ending, JobOptions, Monitor, ReaderEvent};
use workshop::{namespace, pcscd::Pcscd};

/// Whatever is awaited happens within a second on an idle machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// Of a health card with contacts (pcsc-tools, smartcard_list.txt).
pub(crate) const ATR: [u8; 14] =
    [0x3B, 0xD3, 0x96, 0xFF, 0x81, 0xB1, 0xFE, 0x45, 0x1F, 0x07, 0x80, 0x81, 0x05, 0x2D];

/// gemSpec_eGK_ObjSys: MF and DF.HCA.
pub(crate) const ROOT: [u8; 7] = [0xD2, 0x76, 0x00, 0x01, 0x44, 0x80, 0x00];
pub(crate) const APPLICATION: [u8; 6] = [0xD2, 0x76, 0x00, 0x00, 0x01, 0x02];

/// A job that has all the time it needs and leaves the card as it is.
pub(crate) const PATIENT: JobOptions = JobOptions { deadline: DEADLINE, ending: Ending::Leave };

/// A card with one file of 1000 bytes (SFI 1) in one application.
pub(crate) fn card() -> Card {
    answering(AnswerToReset::Bytes(ATR.to_vec()))
}

/// The same, upside down in the reader.
pub(crate) fn upside_down() -> Card {
    answering(AnswerToReset::Silence)
}

fn answering(answer: AnswerToReset) -> Card {
    let file = File::transparent(0xD001, 1, 1000, content());
    let root = Folder { aid: ROOT.to_vec(), fid: Some(0x3F00), deactivated: false, files: vec![] };
    let application = Folder { aid: APPLICATION.to_vec(), fid: None, deactivated: false, files: vec![file] };
    Card::new(answer, vec![root, application])
}

/// What the file holds: bytes that differ from their neighbours and from block to block.
pub(crate) fn content() -> Vec<u8> {
    (0..1000_u32).flat_map(|n| u8::try_from(n * 7 % 251)).collect()
}

/// Runs `body` in a namespace with a pcscd of its own.
pub(crate) fn with_pcscd(test: &str, body: impl FnOnce(&mut Pcscd) -> Result<()>) -> Result<()> {
    namespace::inside(test, || body(&mut Pcscd::start()?)).map(drop)
}

/// What a monitor tells.
pub(crate) struct Told {
    events: Receiver<ReaderEvent>,
    monitor: Option<Monitor>,
}

impl Told {
    pub(crate) fn start() -> Result<Self> {
        let (sender, events) = mpsc::channel();
        let monitor = Monitor::start(move |event| drop(sender.send(event)))?;
        Ok(Self { events, monitor: Some(monitor) })
    }

    /// The next event.
    pub(crate) fn next(&self) -> Result<ReaderEvent> {
        Ok(self.events.recv_timeout(DEADLINE)?)
    }

    /// The first event from now on that `fits`.
    pub(crate) fn until(&self, what: &str, fits: impl Fn(&ReaderEvent) -> bool) -> Result<ReaderEvent> {
        let until = Instant::now() + DEADLINE;
        let mut last = None;
        while let Ok(event) = self.events.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if fits(&event) {
                return Ok(event);
            }
            last = Some(event);
        }
        Err(anyhow!("waited in vain for {what}; last told: {last:?}"))
    }

    /// The first event from now on with such a card in `reader`.
    pub(crate) fn card(&self, reader: &str, fits: impl Fn(&CardState) -> bool) -> Result<CardState> {
        let event =
            self.until("a card", |event| event.reader(reader).is_some_and(|reader| fits(&reader.card)))?;
        event.reader(reader).map(|reader| reader.card.clone()).ok_or_else(|| anyhow!("no {reader}"))
    }

    /// Ends the monitor and returns what it told that nobody has asked for.
    pub(crate) fn stop(mut self) -> Vec<ReaderEvent> {
        self.monitor = None;
        self.events.iter().collect()
    }
}

/// Waits until the service sees a card in `reader`.
pub(crate) fn seen(reader: &str) -> Result<CardState> {
    Told::start()?.card(reader, |card| *card != CardState::Empty)
}

/// Waits until the service sees that `reader` is empty.
pub(crate) fn emptied(reader: &str) -> Result<CardState> {
    Told::start()?.card(reader, |card| *card == CardState::Empty)
}
