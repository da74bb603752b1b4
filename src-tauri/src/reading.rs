//! Cards in the readers: a new one is read, its reading is followed, cancelled, given up on, and explained when it fails.

use std::{collections::HashMap, sync::Arc, time::Duration};

use bridge::{AppError, CardFacts, CardPane, Field, FieldProblem, ReadStep, ReaderStatus, input::CanInput};
use egk::Can;
use identification::CardNumberAsk;
use pcsc_reader::{CardState, JobControl, Monitor, ReaderEvent, Session};
use smartcard::ExtendedLength;

use crate::{
    card::{self, CardNews, CardProblem, Wanted},
    controller::{Controller, Input, Window},
    convert, outside,
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
    seen: Option<(String, u32)>,
    tickets: u64,
}

/// A card being read.
struct Reading {
    ticket: u64,
    /// Until the card is read; then the service is asked.
    control: Option<JobControl>,
    /// The second try with the same card.
    again: bool,
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
        self.cards.seen = None;
    }

    /// No card is being read any more.
    pub(crate) fn stop_reading(&mut self) {
        if let Some(control) = self.cards.reading.take().and_then(|it| it.control) {
            control.cancel();
        }
        self.state.card = CardPane::Empty;
    }

    /// The reading's look-up is over.
    pub(crate) fn reading_ends(&mut self) {
        self.cards.reading = None;
    }

    /// The card that is in belongs to the visit that goes on: it isn't read again.
    pub(crate) fn know_card(&mut self) {
        self.cards.seen = self.waiting_card();
    }

    /// Whether a card that goes in now names somebody.
    fn takes_cards(&self) -> bool {
        self.state.attended().is_some()
            && match &self.state.mode {
                // First it is decided what becomes of the interrupted visit, whose card may still be in.
                Mode::Start => self.resumable().is_none(),
                // One person after the other.
                Mode::Visit(it) => self.step() == Some(Step::Representation) && it.asking().is_none(),
                Mode::Today(_) | Mode::Reviews(..) => false,
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
        self.cards.seen.is_some() && self.cards.seen == self.waiting_card()
    }

    /// The first card that answers, as reader and count of changes.
    fn waiting_card(&self) -> Option<(String, u32)> {
        let reader = self
            .cards
            .event
            .as_ref()?
            .readers
            .iter()
            .find(|it| matches!(it.card, CardState::Present { .. }))?;
        Some((reader.name.clone(), reader.changes))
    }

    /// `can`: the card access number, if the clerk has typed it. `again`: the second try with the same card.
    fn read_card(&mut self, card: (String, u32), can: Option<Can>, again: bool) {
        let reader = card.0.clone();
        self.cards.seen = Some(card);
        self.cards.tickets += 1;
        let ticket = self.cards.tickets;
        if !self.cards.sessions.get(&reader).is_some_and(Session::is_serving) {
            // What was learned of the reader outlives the session.
            let known =
                self.cards.sessions.get(&reader).map_or(ExtendedLength::Untried, Session::extended_length);
            match Session::open(&reader, known) {
                Ok(session) => drop(self.cards.sessions.insert(reader.clone(), session)),
                Err(_) => return self.fail_card(AppError::ReaderRemoved),
            }
        }
        let Some(session) = self.cards.sessions.get(&reader) else { return };
        let inputs = self.sender();
        let wanted = Wanted { can, trust: Arc::clone(&self.desk.trust), today: outside::now().date() };
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
            CardNews::Facts { step, done, mut facts } => {
                if self.policy.card_number.ask == CardNumberAsk::Always {
                    // The clerk reads it from the card's back.
                    facts.card_number_tail = None;
                }
                self.state.card = CardPane::Reading { step, done, total: card::PARTS, facts };
            }
            CardNews::Done(Err(CardProblem::NeedsCan { wrong })) => {
                self.cards.reading = None;
                let generation = self.state.facts().generation.unwrap_or_default();
                self.state.card = CardPane::NeedsCan { generation, digits: card::CAN_DIGITS, wrong };
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
                self.look_up_card(ticket, &reading);
            }
        }
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
