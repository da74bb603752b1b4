//! Cards in the readers: a new one is read, its reading is followed, cancelled, given up on, and explained when it fails.

use std::{collections::HashMap, sync::Arc, time::Duration};

use bridge::{AppError, CardFacts, CardPane, Field, FieldProblem, ReadStep, ReaderStatus, input::CanInput};
use egk::{CAN_DIGITS, Can};
use identification::CardNumberAsk;
use pcsc_reader::{CardState, Interface, JobControl, Monitor, ReaderEvent, Session};
use smartcard::ExtendedLength;

use crate::{
    card::{self, CardNews, CardProblem, Wanted},
    chip::ChipReading,
    controller::{Controller, Input, Window},
    convert, outside,
    pin::PinEntry,
    state::{Mode, Step},
};
use zeroize::Zeroizing;

/// What is in the readers, and the reading under way.
#[derive(Default)]
pub(crate) struct Cards {
    event: Option<ReaderEvent>,
    sessions: HashMap<String, Session>,
    reading: Option<Reading>,
    /// Reader and count of changes of the card that was dealt with last: it isn't read again by itself.
    seen: Option<Slot>,
    /// All that were dealt with and are still in: another one beside them is the next person's.
    old: Vec<Slot>,
    tickets: u64,
    /// The entry of a PIN under way.
    pub(crate) pin: Option<PinEntry>,
    /// The reading of a document's chip under way.
    pub(crate) chip: Option<ChipReading>,
}

/// A reader, and its count of changes: one card's stay in it.
pub(crate) type Slot = (String, u32);

/// A card being read.
struct Reading {
    ticket: u64,
    /// Until the card is read; then the service is asked.
    control: Option<JobControl>,
    /// The second try with the same card.
    again: bool,
}

impl Cards {
    /// Every card that answers.
    fn present(&self) -> Vec<Slot> {
        let readers = self.event.iter().flat_map(|event| &event.readers);
        let answering = readers.filter(|it| matches!(it.card, CardState::Present { .. }));
        answering.map(|it| (it.name.clone(), it.changes)).collect()
    }

    /// Where the card in that reader is.
    fn interface(&self, reader: &str) -> Interface {
        let card = self.event.as_ref().and_then(|event| event.reader(reader)).map(|it| &it.card);
        match card {
            Some(CardState::Present { atr, .. }) => atr.interface(),
            Some(CardState::Empty | CardState::Mute) | None => Interface::Contact,
        }
    }

    /// The thread that talks to the cards of that reader; `None` if there is none to be had.
    pub(crate) fn session(&mut self, reader: &str) -> Option<&Session> {
        if !self.sessions.get(reader).is_some_and(Session::is_serving) {
            // What was learned of the reader outlives the session.
            let known = self.sessions.get(reader).map_or(ExtendedLength::Untried, Session::extended_length);
            drop(self.sessions.insert(reader.to_owned(), Session::open(reader, known).ok()?));
        }
        self.sessions.get(reader)
    }

    /// A number for a job, by which its answers are known.
    pub(crate) fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    /// The reader with a card that has contacts to it: the one dealt with, while it is in.
    pub(crate) fn reader_by_contacts(&self) -> Option<String> {
        let present = self.present();
        let seen = present.iter().find(|card| self.seen.as_ref() == Some(card)).or(present.first());
        seen.map(|(reader, _)| reader.clone()).filter(|reader| self.interface(reader) == Interface::Contact)
    }

    fn deal_with(&mut self, card: Slot) {
        self.know(card.clone());
        self.seen = Some(card);
    }

    /// That card is no news any more, though it isn't the one that the desk works with.
    pub(crate) fn know(&mut self, card: Slot) {
        let present = self.present();
        self.old.retain(|old| present.contains(old) && *old != card);
        self.old.push(card);
    }

    /// The card that was dealt with last.
    pub(crate) fn seen(&self) -> Option<Slot> {
        self.seen.clone()
    }

    /// What is laid on a contactless reader beside `card`: such documents have no contacts.
    pub(crate) fn another_than(&self, card: Option<&Slot>) -> Option<Slot> {
        let mut others = self.present().into_iter().filter(|it| Some(it) != card);
        others.find(|(reader, _)| self.interface(reader) == Interface::Contactless)
    }
}

impl<W: Window> Controller<W> {
    pub(crate) fn watch_readers(&mut self) -> Option<Monitor> {
        let inputs = self.sender();
        let monitor = Monitor::start(move |event| {
            // The loop has ended; so will this thread.
            drop(inputs.blocking_send(Input::Readers(event)));
        });
        if monitor.is_err() {
            self.state.reader = ReaderStatus::ServiceDown;
            self.state.notice = Some(AppError::ReaderServiceDown);
        }
        monitor.ok()
    }

    pub(crate) fn readers_changed(&mut self, event: ReaderEvent) {
        self.state.reader = card::reader_status(&event);
        self.cards.event = Some(event);
        self.look_at_card();
        self.look_for_document();
    }

    /// Back at the start: whatever card went in meanwhile is read.
    pub(crate) fn wait_for_card(&mut self) {
        self.state.turn_to(Mode::Start);
        self.wait_for_card_of_visit();
    }

    /// A carer's visit takes cards as well: each names the next person.
    pub(crate) fn wait_for_card_of_visit(&mut self) {
        self.stop_reading();
        self.look_at_card();
    }

    /// The card that is in is as good as new: whoever works here now reads it.
    pub(crate) fn forget_card(&mut self) {
        if let Some(card) = self.cards.seen.take() {
            self.cards.old.retain(|old| *old != card);
        }
    }

    /// No card is being read any more.
    pub(crate) fn stop_reading(&mut self) {
        if let Some(control) = self.cards.reading.take().and_then(|it| it.control) {
            control.cancel();
        }
        self.cancel_pin();
        self.stop_chip();
        self.state.card = CardPane::Empty;
    }

    /// The reading's look-up is over.
    pub(crate) fn reading_ends(&mut self) {
        self.cards.reading = None;
    }

    /// The card that is in belongs to the visit that goes on: it isn't read again.
    pub(crate) fn know_card(&mut self) {
        if let Some(card) = self.waiting_card() {
            self.cards.deal_with(card);
        }
    }

    /// Whether a card that goes in now names somebody.
    fn takes_cards(&self) -> bool {
        self.state.attended().is_some()
            && match &self.state.mode {
                // First it is decided what becomes of the interrupted visit, whose card may still be in.
                Mode::Start => self.resumable().is_none(),
                // One person after the other.
                Mode::Visit(it) => self.step() == Some(Step::Representation) && it.asking().is_none(),
                Mode::Today(_)
                | Mode::Reviews(..)
                | Mode::Search(..)
                | Mode::Block(_)
                | Mode::About { .. }
                | Mode::Wiped(_) => false,
            }
    }

    /// A new card is read, a mute one is named, after a pulled one the desk waits for the next.
    pub(crate) fn look_at_card(&mut self) {
        let waiting = self.waiting_card();
        let done = self.step() == Some(Step::Done) && self.state.attended().is_some();
        if done && waiting.is_some() && self.cards.seen != waiting {
            // The next person's card ends the visit that is over.
            if let Err(error) = self.finish_visit() {
                self.state.notice = Some(error);
            }
            return;
        }
        if waiting.is_none() {
            self.cards.seen = None;
        }
        if !self.takes_cards() {
            return;
        }
        match waiting {
            Some(card) if self.cards.seen.as_ref() != Some(&card) => self.read_card(card, None, false),
            Some(_) => {}
            None => {
                let mute = matches!(self.state.reader, ReaderStatus::CardMute { .. });
                match self.state.card {
                    _ if mute => self.fail_card(AppError::CardMute),
                    // That the card was pulled too early is said until the next one; a reading under way will say it.
                    CardPane::Failed { error: AppError::CardRemoved } | CardPane::Reading { .. } => {}
                    CardPane::Failed { .. } | CardPane::Read { .. } | CardPane::NeedsCan { .. } => {
                        self.state.card = CardPane::Empty;
                        self.state.notice = None;
                    }
                    CardPane::Empty => {}
                }
            }
        }
    }

    /// The card that was read is the one in the reader.
    pub(crate) fn card_is_still_in(&self) -> bool {
        self.cards.seen.as_ref().is_some_and(|card| self.cards.present().contains(card))
    }

    /// The card to deal with: one that nobody has dealt with, else the last one while it is in.
    fn waiting_card(&self) -> Option<Slot> {
        let cards = self.cards.present();
        let new = cards.iter().find(|card| !self.cards.old.contains(card));
        let last = || cards.iter().find(|card| self.cards.seen.as_ref() == Some(card));
        new.or_else(last).cloned()
    }

    /// `can`: the card access number, if the clerk has typed it. `again`: the second try with the same card.
    fn read_card(&mut self, card: Slot, can: Option<Can>, again: bool) {
        let reader = card.0.clone();
        self.cards.deal_with(card);
        let ticket = self.cards.ticket();
        let inputs = self.sender();
        let wanted = Wanted {
            can,
            trust: Arc::clone(&self.desk.trust),
            today: outside::now().date(),
            interface: self.cards.interface(&reader),
        };
        let Some(session) = self.cards.session(&reader) else {
            return self.fail_card(AppError::ReaderRemoved);
        };
        let control = card::read(session, wanted, move |news| {
            // Never waits: a session that has ended answers on this very thread. The queue has room for many cards.
            inputs.try_send(Input::Card { ticket, news }).ok();
        });
        self.cards.reading = Some(Reading { ticket, control: Some(control), again });
        self.state.notice = None;
        self.state.card = CardPane::Reading {
            step: ReadStep::Version,
            done: 0,
            total: card::PARTS,
            facts: CardFacts::default(),
        };
        let inputs = self.sender();
        tokio::task::spawn_local(async move {
            // The deadline itself is checked between APDUs; this is for a card that stops answering altogether.
            tokio::time::sleep(card::DEADLINE + Duration::from_secs(1)).await;
            drop(inputs.send(Input::CardOverdue { ticket }).await);
        });
    }

    pub(crate) fn card_news(&mut self, ticket: u64, news: CardNews) {
        if self.cards.reading.as_ref().is_none_or(|it| it.ticket != ticket) {
            return;
        }
        match news {
            CardNews::Facts { step, done, facts } => {
                let facts = self.shown(facts);
                self.state.card = CardPane::Reading { step, done, total: card::PARTS, facts };
            }
            CardNews::Done(Err(CardProblem::NeedsCan { wrong })) => {
                self.cards.reading = None;
                self.state.card =
                    CardPane::NeedsCan { digits: u32::try_from(CAN_DIGITS).unwrap_or_default(), wrong };
            }
            CardNews::Done(Err(CardProblem::Failed(error))) => {
                let again = self.cards.reading.take().is_some_and(|it| it.again);
                match self.waiting_card() {
                    // It answers the reader now: it was still being pushed in.
                    Some(card) if error == AppError::CardMute && !again => self.read_card(card, None, true),
                    _ => self.fail_card(error),
                }
            }
            CardNews::Done(Ok(reading)) => {
                if let Some(it) = &mut self.cards.reading {
                    it.control = None;
                }
                // A card that was begun anew may have told another story before.
                let (step, total) = (ReadStep::LookUp, card::PARTS);
                let facts = self.shown(card::facts(&reading));
                self.state.card = CardPane::Reading { step, done: total - 1, total, facts };
                self.look_up_card(ticket, &reading);
            }
        }
    }

    /// What of a card is shown: not what the clerk is to read from its back.
    fn shown(&self, facts: CardFacts) -> CardFacts {
        let asked = self.policy.card_number.ask == CardNumberAsk::Always;
        CardFacts { card_number_tail: facts.card_number_tail.filter(|_| !asked), ..facts }
    }

    pub(crate) fn card_overdue(&mut self, ticket: u64) {
        let overdue =
            self.cards.reading.as_ref().filter(|it| it.ticket == ticket).and_then(|it| it.control.as_ref());
        if let Some(control) = overdue {
            let error = card::job_error(control.give_up());
            self.cards.reading = None;
            self.fail_card(error);
        }
    }

    pub(crate) fn fail_card(&mut self, error: AppError) {
        self.state.card = CardPane::Failed { error };
    }

    pub(crate) fn cancel_reading(&mut self) {
        match self.cards.reading.as_ref().map(|it| &it.control) {
            // The job says itself that it was cancelled.
            Some(Some(control)) => control.cancel(),
            Some(None) => {
                self.cards.reading = None;
                self.fail_card(AppError::ReadingCancelled);
            }
            None if matches!(self.state.card, CardPane::NeedsCan { .. }) => {
                self.fail_card(AppError::ReadingCancelled);
            }
            None => {}
        }
    }

    /// Reads the card that is in, whatever became of it before.
    pub(crate) fn read_again(&mut self) {
        if !self.takes_cards() || matches!(self.state.card, CardPane::Reading { .. }) {
            return;
        }
        match self.waiting_card() {
            Some(card) => self.read_card(card, None, false),
            None => self.state.card = CardPane::Empty,
        }
    }

    /// The six digits from the front of the card that lies on the reader.
    pub(crate) fn enter_can(&mut self, input: &CanInput) -> Result<(), AppError> {
        if !self.takes_cards() || !matches!(self.state.card, CardPane::NeedsCan { .. }) {
            return Err(AppError::NotNow);
        }
        let digits = Zeroizing::new(input.can.0.split_whitespace().collect::<String>());
        let can = Can::parse(&digits).ok_or(convert::field(Field::Can, FieldProblem::Length))?;
        let card = self.waiting_card().filter(|_| self.card_is_still_in()).ok_or(AppError::CardRemoved)?;
        self.read_card(card, Some(can), false);
        Ok(())
    }

    /// The reading that a look-up or a cancelled job belonged to is over.
    pub(crate) fn reading_is(&self, ticket: u64) -> bool {
        self.cards.reading.as_ref().is_some_and(|it| it.ticket == ticket)
    }
}
