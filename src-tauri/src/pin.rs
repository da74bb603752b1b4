//! The health card's PIN, typed at the reader's own pad by whoever wants to: this program never has it.

use std::{sync::Arc, time::Duration};

use bridge::{AppError, PinProblem, PinStep, input::PinEntryInput};
use egk::{
    Check, Iccsn, TrustStore,
    pin::{self, Expected, LastTry, PinError, PinProof, PinStatus},
};
use identification::{ActingRole, Command, ConcernId, Kvnr};
use jiff::civil::Date;
use pcsc_reader::{Ending, JobControl, JobError, JobOptions, PIN_ENTRY_MAX, Session, has_pin_pad};
use smartcard::ChannelError;

use crate::{
    card,
    controller::{Controller, Input, Window},
    convert,
    outside::{self, OperatingSystem},
    state::Step,
};

/// Before and after the entry the card is asked some eight things.
const DEADLINE: Duration = PIN_ENTRY_MAX.saturating_add(Duration::from_secs(5));

/// An entry under way.
pub(crate) struct PinEntry {
    ticket: u64,
    concern: ConcernId,
    control: JobControl,
    asked: Asked,
}

/// What was asked for.
#[derive(Clone, Copy)]
struct Asked {
    last_try: LastTry,
    /// The second try with a card whose PIN another program had left verified.
    again: bool,
}

/// News of an entry.
pub(crate) enum PinNews {
    /// The reader asks for it.
    AtReader { tries_left: u8 },
    /// It is over.
    Done(Result<Result<PinProof, PinError>, JobError>),
    /// The reader should have ended it long ago.
    Overdue,
}

/// The card that the visit began with, and whom the desk trusts.
struct Card {
    kvnr: egk::Kvnr,
    iccsn: Iccsn,
    trust: Arc<TrustStore>,
    today: Date,
}

impl<W: Window> Controller<W> {
    /// A visit has begun: where the profile wants it, the reader is asked whether it has a pad. That can take as long as
    /// another program holds the card.
    pub(crate) fn look_for_pin_pad(&mut self) {
        let reader = self.policy.pin_at_reader.then(|| self.cards.reader_by_contacts()).flatten();
        let Some(reader) = reader else { return };
        let inputs = self.sender();
        tokio::task::spawn_blocking(move || {
            let found = has_pin_pad(&reader);
            // The loop has ended; so will this thread.
            drop(inputs.blocking_send(Input::PinPad { found }));
        });
    }

    pub(crate) fn pin_pad_found(&mut self, found: bool) {
        if let Some(it) = self.state.in_progress_mut()
            && it.visit.acting().is_some_and(|acting| acting.role == ActingRole::Insured)
            && it.pin.is_none()
        {
            it.pin = found.then_some(PinStep::Offered);
        }
    }

    /// Has the reader ask for the PIN.
    pub(crate) fn prove_with_pin(&mut self, input: PinEntryInput) -> Result<(), AppError> {
        if self.step() != Some(Step::Concern) || self.cards.pin.is_some() {
            return Err(AppError::NotNow);
        }
        let it = self.state.in_progress().filter(|it| it.pin.is_some()).ok_or(AppError::NotNow)?;
        let concern = it.concern().filter(|it| it.possession_provable(&self.policy));
        let concern = concern.ok_or(AppError::NotNow)?.id;
        let last_try = if input.last_try { LastTry::Allowed } else { LastTry::Kept };
        self.ask_for_pin(concern, Asked { last_try, again: false })
    }

    fn ask_for_pin(&mut self, concern: ConcernId, asked: Asked) -> Result<(), AppError> {
        let card = self.card_of(concern)?;
        let Some(reader) = self.cards.reader_by_contacts() else {
            self.show_pin(PinStep::Failed { problem: PinProblem::Card { error: AppError::CardRemoved } });
            return Ok(());
        };
        let ticket = self.cards.ticket();
        let inputs = self.sender();
        let session = self.cards.session(&reader).ok_or(AppError::ReaderRemoved)?;
        let control = submit(session, card, asked.last_try, move |news| {
            // Never waits: a session that has ended answers on this very thread. An entry has three pieces of news.
            inputs.try_send(Input::Pin { ticket, news }).ok();
        });
        self.cards.pin = Some(PinEntry { ticket, concern, control, asked });
        self.show_pin(PinStep::Asking);
        let inputs = self.sender();
        tokio::task::spawn_local(async move {
            tokio::time::sleep(DEADLINE + Duration::from_secs(1)).await;
            drop(inputs.send(Input::Pin { ticket, news: PinNews::Overdue }).await);
        });
        Ok(())
    }

    fn card_of(&self, concern: ConcernId) -> Result<Card, AppError> {
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let subject = &it.visit.concern(concern).ok_or(AppError::NotNow)?.subject;
        Ok(Card {
            kvnr: egk::Kvnr::parse(subject.kvnr.as_str()).map_err(|_| AppError::NotNow)?,
            iccsn: it.card_numbers.get(&concern).ok_or(AppError::NotNow)?.clone(),
            trust: Arc::clone(&self.desk.trust),
            today: outside::now().date(),
        })
    }

    pub(crate) fn pin_news(&mut self, ticket: u64, news: PinNews) {
        if self.cards.pin.as_ref().is_none_or(|it| it.ticket != ticket) {
            return;
        }
        match news {
            PinNews::AtReader { tries_left } => {
                self.show_pin(PinStep::AtReader { tries_left: tries_left.into() });
            }
            PinNews::Overdue => {
                if let Some(entry) = self.cards.pin.take() {
                    let error = card::job_error(entry.control.give_up());
                    self.show_pin(PinStep::Failed { problem: PinProblem::Card { error } });
                }
            }
            PinNews::Done(outcome) => {
                let Some(PinEntry { concern, asked, .. }) = self.cards.pin.take() else { return };
                if let Err(error) = self.pin_done(concern, asked, outcome) {
                    self.show_pin(PinStep::Offered);
                    self.state.notice = Some(error);
                }
            }
        }
    }

    fn pin_done(
        &mut self,
        concern: ConcernId,
        asked: Asked,
        outcome: Result<Result<PinProof, PinError>, JobError>,
    ) -> Result<(), AppError> {
        let problem = match outcome {
            Ok(Ok(proof)) => {
                let kvnr = Kvnr::parse(proof.kvnr().as_str()).map_err(|_| AppError::DataMismatch)?;
                self.apply(Command::ProvePossession { concern, kvnr })?;
                if let Some(it) = self.state.in_progress_mut() {
                    it.pin = None;
                }
                return Ok(());
            }
            Ok(Err(PinError::LastTryKept)) => {
                self.show_pin(PinStep::LastTry);
                return Ok(());
            }
            // The job before has reset the card.
            Ok(Err(PinError::VerifiedBefore)) if !asked.again => {
                return self.ask_for_pin(concern, Asked { again: true, ..asked });
            }
            Ok(Err(error)) => problem(error),
            Err(JobError::Channel(ChannelError::DeadlineExceeded)) => PinProblem::NotTyped,
            Err(error) => PinProblem::Card { error: card::job_error(error) },
        };
        self.show_pin(PinStep::Failed { problem });
        Ok(())
    }

    /// The visit goes on without it. What the person still types at the reader proves nothing, and the card is reset.
    pub(crate) fn cancel_pin(&mut self) {
        if let Some(entry) = self.cards.pin.take() {
            let left = entry.control.give_up();
            tracing::debug!(%left, "the visit goes on without the card's PIN");
        }
        if self.state.in_progress().is_some_and(|it| it.pin.is_some()) {
            self.show_pin(PinStep::Offered);
        }
    }

    fn show_pin(&mut self, step: PinStep) {
        if let Some(it) = self.state.in_progress_mut() {
            it.pin = Some(step);
        }
    }
}

/// Has the card in the session's reader prove itself; `tell` is called on the reader's thread.
fn submit(
    session: &Session,
    card: Card,
    last_try: LastTry,
    tell: impl Fn(PinNews) + Clone + Send + 'static,
) -> JobControl {
    let options = JobOptions { deadline: DEADLINE, ending: Ending::Reset };
    let progress = tell.clone();
    session.submit_then(
        options,
        move |channel, _cancel| {
            let Card { kvnr, iccsn, trust, today } = &card;
            let expected = Expected { kvnr, iccsn };
            let check = Check { trust, today: *today };
            pin::possession(
                channel,
                expected,
                check,
                last_try,
                &mut OperatingSystem,
                &mut |step| match step {
                    pin::Step::PinAskedFor { tries_left } => progress(PinNews::AtReader { tries_left }),
                    pin::Step::PinAccepted => {}
                },
            )
        },
        move |answer| tell(PinNews::Done(answer)),
    )
}

/// Why there is no proof, as the window says it.
fn problem(error: PinError) -> PinProblem {
    match error {
        PinError::OtherCard => PinProblem::OtherCard,
        PinError::NotSupported => PinProblem::NotSupported,
        PinError::NotTrusted(verdict) => {
            tracing::warn!(?verdict, "a card whose certificate was proven no longer proves it");
            PinProblem::NotGenuine
        }
        PinError::WrongSignature => {
            tracing::warn!("a card has signed with another key than its certificate's");
            PinProblem::NotGenuine
        }
        PinError::Unusable(status) => unusable(status),
        PinError::WrongPin { tries_left: 0 } => PinProblem::Blocked,
        PinError::WrongPin { tries_left } => PinProblem::Wrong { tries_left: tries_left.into() },
        PinError::NotTyped | PinError::Channel(ChannelError::DeadlineExceeded) => PinProblem::NotTyped,
        PinError::Channel(ChannelError::NoPinPad) => PinProblem::NoPinPad,
        PinError::Channel(error) => PinProblem::Card { error: card::job_error(JobError::Channel(error)) },
        PinError::Entropy(error) => PinProblem::Card { error: convert::internal(&error) },
        PinError::LastTryKept | PinError::VerifiedBefore | PinError::Refused(_) => unreadable(),
    }
}

fn unusable(status: PinStatus) -> PinProblem {
    match status {
        PinStatus::Blocked => PinProblem::Blocked,
        PinStatus::TransportPin => PinProblem::TransportPin,
        PinStatus::Empty => PinProblem::Empty,
        PinStatus::Disabled => PinProblem::Disabled,
        PinStatus::AccessDenied => PinProblem::NoPinPad,
        PinStatus::NoPin => PinProblem::NotSupported,
        PinStatus::Verified | PinStatus::TriesLeft(_) | PinStatus::Unknown(_) => unreadable(),
    }
}

/// The card answers, but not as cards do.
fn unreadable() -> PinProblem {
    PinProblem::Card { error: AppError::CardUnreadable { file: String::from("MRPIN.home") } }
}
