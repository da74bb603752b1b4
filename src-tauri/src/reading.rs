//! Cards in the readers: a new one is read, its reading is followed, cancelled, given up on, and explained when it fails.

use std::{collections::HashMap, time::Duration};

use bridge::{AppError, CardFacts, CardPane, ReadStep, ReaderStatus};
use pcsc_reader::{CardState, JobControl, Monitor, ReaderEvent, Session};
use smartcard::LengthForm;

use crate::{
    card::{self, CardNews},
    controller::{Controller, Input, Window},
    state::Mode,
};

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
        if matches!(self.state.mode, Mode::Idle(_)) {
            self.look_at_card();
        }
    }

    /// Back at the start: whatever card went in meanwhile is read.
    pub(crate) fn wait_for_card(&mut self) {
        self.cards.reading = None;
        self.state.mode = Mode::Idle(CardPane::Empty);
        self.look_at_card();
    }

    /// Outside a visit: a new card is read, a mute one is named, after a pulled one the desk waits for the next.
    fn look_at_card(&mut self) {
        let Mode::Idle(pane) = &self.state.mode else { return };
        match self.waiting_card() {
            Some(card) if self.cards.seen.as_ref() != Some(&card) => self.read_card(card, false),
            Some(_) => {}
            None => {
                self.cards.seen = None;
                let mute = matches!(self.state.reader, ReaderStatus::CardMute { .. });
                match pane {
                    _ if mute => self.fail_card(AppError::CardMute),
                    // That the card was pulled too early is said until the next one; a reading under way will say it.
                    CardPane::Failed { error: AppError::CardRemoved } | CardPane::Reading { .. } => {}
                    CardPane::Failed { .. } | CardPane::Read { .. } | CardPane::Empty => {
                        self.state.mode = Mode::Idle(CardPane::Empty);
                        self.state.notice = None;
                    }
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

    fn read_card(&mut self, card: (String, u32), again: bool) {
        let reader = card.0.clone();
        self.cards.seen = Some(card);
        self.cards.tickets += 1;
        let ticket = self.cards.tickets;
        if !self.cards.sessions.get(&reader).is_some_and(Session::is_serving) {
            match Session::open(&reader, LengthForm::Short) {
                Ok(session) => drop(self.cards.sessions.insert(reader.clone(), session)),
                Err(_) => return self.fail_card(AppError::ReaderRemoved),
            }
        }
        let Some(session) = self.cards.sessions.get(&reader) else { return };
        let inputs = self.sender();
        let control = card::read(session, move |news| {
            // Never waits: a session that has ended answers on this very thread. The queue has room for many cards.
            inputs.try_send(Input::Card { ticket, news }).ok();
        });
        self.cards.reading = Some(Reading { ticket, control: Some(control), again });
        self.state.notice = None;
        self.state.mode = Mode::Idle(CardPane::Reading {
            step: ReadStep::Version,
            done: 0,
            total: card::PARTS,
            facts: CardFacts::default(),
        });
        let inputs = self.sender();
        tokio::task::spawn_local(async move {
            // The deadline itself is checked between APDUs; this is for a card that stops answering altogether.
            tokio::time::sleep(card::DEADLINE + Duration::from_secs(1)).await;
            drop(inputs.send(Input::CardOverdue { ticket }).await);
        });
    }

    pub(crate) fn card_news(&mut self, ticket: u64, news: CardNews) {
        if self.cards.reading.as_ref().is_none_or(|it| it.ticket != ticket)
            || self.state.in_progress().is_some()
        {
            return;
        }
        match news {
            CardNews::Facts { step, done, facts } => {
                self.state.mode = Mode::Idle(CardPane::Reading { step, done, total: card::PARTS, facts });
            }
            CardNews::Done(Err(error)) => {
                let again = self.cards.reading.take().is_some_and(|it| it.again);
                match self.waiting_card() {
                    // It answers the reader now: it was still being pushed in.
                    Some(card) if error == AppError::CardMute && !again => self.read_card(card, true),
                    _ => self.fail_card(error),
                }
            }
            CardNews::Done(Ok(reading)) => {
                if let Some(it) = &mut self.cards.reading {
                    it.control = None;
                }
                self.look_up(ticket, reading);
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
        self.state.mode = Mode::Idle(CardPane::Failed { error });
    }

    pub(crate) fn cancel_reading(&mut self) {
        match self.cards.reading.as_ref().map(|it| &it.control) {
            // The job says itself that it was cancelled.
            Some(Some(control)) => control.cancel(),
            Some(None) if self.state.in_progress().is_none() => {
                self.cards.reading = None;
                self.fail_card(AppError::ReadingCancelled);
            }
            Some(None) | None => {}
        }
    }

    /// Reads the card that is in, whatever became of it before.
    pub(crate) fn read_again(&mut self) {
        if matches!(self.state.mode, Mode::Visit(_))
            || matches!(self.state.mode, Mode::Idle(CardPane::Reading { .. }))
        {
            return;
        }
        match self.waiting_card() {
            Some(card) => self.read_card(card, false),
            None => self.state.mode = Mode::Idle(CardPane::Empty),
        }
    }

    /// The reading that a look-up or a cancelled job belonged to is over.
    pub(crate) fn reading_is(&self, ticket: u64) -> bool {
        self.cards.reading.as_ref().is_some_and(|it| it.ticket == ticket)
            && self.state.in_progress().is_none()
    }
}
