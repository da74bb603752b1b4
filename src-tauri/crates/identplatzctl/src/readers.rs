//! `readers`, and finding the reader whose card is meant.

use std::{
    fmt::Write as _,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use pcsc_reader::{
    Atr, CardState, Interface, Monitor, ReaderEvent, ReaderState, ServiceState, has_pin_pad, look,
};
use serde::Serialize;

use crate::{failure::Failure, language::Language};

/// How long readers are asked for their pads: another program that has a card for itself makes its reader wait.
const PAD_PATIENCE: Duration = Duration::from_secs(2);

/// The answer to `readers`.
#[derive(Debug, Serialize)]
pub(crate) struct Readers {
    readers: Vec<Reader>,
}

/// One reader in the output.
#[derive(Debug, Serialize)]
pub(crate) struct Reader {
    name: String,
    card: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    interface: Option<&'static str>,
    /// Upper-case hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    atr: Option<String>,
    /// Another program holds the card exclusively.
    in_use: bool,
    /// Whether a PIN can be typed at the reader itself; `None` where it wasn't asked, or didn't say in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pin_pad: Option<bool>,
}

impl Readers {
    /// What is there now.
    pub(crate) fn list() -> Result<Self, Failure> {
        let event = look();
        check(&event)?;
        let mut readers: Vec<Reader> = event.readers.iter().map(Reader::from).collect();
        ask_for_pads(&mut readers);
        Ok(Self { readers })
    }

    pub(crate) fn to_text(&self, language: Language) -> String {
        self.readers.iter().map(|reader| reader.to_text(language)).collect()
    }
}

impl From<&ReaderState> for Reader {
    fn from(reader: &ReaderState) -> Self {
        let (card, atr, in_use) = match &reader.card {
            CardState::Empty => ("empty", None, false),
            CardState::Mute => ("mute", None, false),
            CardState::Present { atr, in_use } => ("present", Some(atr), *in_use),
        };
        Self {
            name: reader.name.clone(),
            card,
            interface: atr.map(Atr::interface).map(interface_code),
            atr: atr.map(|atr| format!("{atr:?}")),
            in_use,
            pin_pad: None,
        }
    }
}

/// Asks all at once.
fn ask_for_pads(readers: &mut [Reader]) {
    let until = Instant::now() + PAD_PATIENCE;
    let ask = |reader: &Reader| {
        let (sender, answer) = mpsc::channel();
        let name = reader.name.clone();
        thread::spawn(move || sender.send(has_pin_pad(&name)).ok());
        answer
    };
    let answers: Vec<_> = readers.iter().map(ask).collect();
    for (reader, answer) in readers.iter_mut().zip(answers) {
        reader.pin_pad = answer.recv_timeout(until.saturating_duration_since(Instant::now())).ok();
    }
}

impl Reader {
    /// One line.
    pub(crate) fn to_text(&self, language: Language) -> String {
        let card = match self.card {
            "empty" => language.pick("leer", "empty"),
            "mute" => language.pick("Karte antwortet nicht", "card doesn't answer"),
            _ => language.pick("Karte steckt", "card present"),
        };
        let mut line = format!("{}: {card}", self.name);
        if let Some(atr) = &self.atr {
            // Writing to a string can't fail.
            write!(line, " ({atr})").ok();
        }
        if self.pin_pad == Some(true) {
            line += language.pick(", mit PIN-Pad", ", with a PIN pad");
        }
        if self.in_use {
            line += language.pick(", von einem anderen Programm belegt", ", held by another program");
        }
        line + "\n"
    }
}

/// The code of an interface in the output.
pub(crate) fn interface_code(interface: Interface) -> &'static str {
    match interface {
        Interface::Contact => "contact",
        Interface::Contactless => "contactless",
    }
}

/// A card that can be talked to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Name of its reader.
    pub(crate) reader: String,
    pub(crate) interface: Interface,
}

/// The card in the reader of this name, without a name the first card there is, waiting for it if need be.
pub(crate) fn find_card(reader: Option<&str>, wait: Duration) -> Result<Found, Failure> {
    let until = Instant::now() + wait;
    let mut found = choose(&look(), reader);
    if wait.is_zero() || !found.as_ref().is_err_and(is_worth_waiting) {
        return found;
    }
    let (sender, events) = mpsc::channel();
    let _monitor = Monitor::start(move |event| drop(sender.send(event)))
        .map_err(|_| Failure::Internal { what: "no thread to be had" })?;
    while found.as_ref().is_err_and(is_worth_waiting) {
        match events.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(event) => found = choose(&event, reader),
            Err(_) => break,
        }
    }
    found
}

fn choose(event: &ReaderEvent, wanted: Option<&str>) -> Result<Found, Failure> {
    check(event)?;
    let named = |reader: &&ReaderState| wanted.is_none_or(|wanted| reader.name == wanted);
    let mut none =
        wanted.map(|name| Failure::ReaderUnknown { name: name.to_owned() }).unwrap_or(Failure::NoCard);
    for reader in event.readers.iter().filter(named) {
        match &reader.card {
            CardState::Present { atr, .. } => {
                return Ok(Found { reader: reader.name.clone(), interface: atr.interface() });
            }
            CardState::Mute => none = Failure::CardMute,
            CardState::Empty if none != Failure::CardMute => none = Failure::NoCard,
            CardState::Empty => {}
        }
    }
    Err(none)
}

/// Service and at least one reader.
pub(crate) fn check(event: &ReaderEvent) -> Result<(), Failure> {
    match event.service {
        ServiceState::Running if event.readers.is_empty() => Err(Failure::NoReader),
        ServiceState::Running => Ok(()),
        state @ (ServiceState::Down | ServiceState::Denied) => Err(state.into()),
    }
}

fn is_worth_waiting(failure: &Failure) -> bool {
    matches!(failure, Failure::NoReader | Failure::ReaderUnknown { .. } | Failure::NoCard)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(cards: [CardState; 2]) -> ReaderEvent {
        let readers = ["left", "right"].into_iter().zip(cards);
        let readers = readers.map(|(name, card)| ReaderState { name: name.to_owned(), card, changes: 0 });
        ReaderEvent { service: ServiceState::Running, readers: readers.collect() }
    }

    fn card() -> CardState {
        CardState::Present { atr: [0x3B, 0x00][..].into(), in_use: false }
    }

    #[test]
    fn the_first_card_that_answers_is_chosen_or_the_one_in_the_named_reader() {
        use CardState::{Empty, Mute};
        let check = |cards, wanted, expected: Result<&str, Failure>| {
            let found = choose(&picture(cards), wanted).map(|found| found.reader);
            assert_eq!(found, expected.map(str::to_owned));
        };
        check([Empty, card()], None, Ok("right"));
        check([card(), card()], None, Ok("left"));
        check([card(), card()], Some("right"), Ok("right"));
        check([Mute, card()], None, Ok("right"));
        check([Mute, Empty], None, Err(Failure::CardMute));
        check([Empty, Mute], None, Err(Failure::CardMute));
        check([Empty, Empty], None, Err(Failure::NoCard));
        check([card(), Empty], Some("right"), Err(Failure::NoCard));
        check([card(), Empty], Some("middle"), Err(Failure::ReaderUnknown { name: "middle".to_owned() }));
    }
}
