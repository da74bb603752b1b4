//! The conversation that a job has with the card.

use std::{
    ffi::CStr,
    time::{Duration, Instant},
};

use pcsc::{Card, Context, Error, State};
use smartcard::{
    CardChannel, ChannelError, CommandApdu, ExtendedLength, LengthForm, NE_SHORT_MAX, PinEntry, ResponseApdu,
};
use zeroize::Zeroizing;

use crate::{
    Atr, Cancel,
    error::channel_error,
    extended_length::{LengthTrial, Suspicion},
    pin_pad,
    pin_pad::PIN_ENTRY_MAX,
};

/// A card pulled in the middle of an APDU first looks like one that doesn't answer: the service notices the removal
/// when it looks at the reader next (pcscd at most every 400 ms).
const REMOVAL_NOTICED: Duration = Duration::from_secs(1);

/// A connected card within a transaction.
pub(crate) struct ReaderChannel<'a> {
    pub(crate) context: &'a Context,
    pub(crate) reader: &'a CStr,
    pub(crate) card: &'a Card,
    pub(crate) length: LengthTrial<'a>,
    pub(crate) cancel: &'a Cancel,
    /// `None`: further away than the clock can say.
    pub(crate) deadline: Option<Instant>,
    /// A PIN was asked for: the card may hold it verified, and is reset after the job.
    pub(crate) pin_was_asked_for: bool,
}

impl CardChannel for ReaderChannel<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.may_go_on()?;
        let form = command.shortest_form();
        let sent = command.encode(form);
        let mut room = Zeroizing::new(vec![0; command.ne().max(NE_SHORT_MAX) + 2]);
        let received = match self.card.transmit(&sent, &mut room) {
            // What some drivers make of a card that is pulled meanwhile.
            Ok([]) => Err(Error::NotTransacted),
            received => received,
        };
        let suspicion = self.length.suspicion(form);
        let [cla, ins, p1, p2] = command.header();
        let answer = match received {
            Ok(received) => ResponseApdu::decode(received).map_err(|_| ChannelError::Malformed),
            Err(error) => {
                tracing::debug!(code = error as u32, "{cla:02X} {ins:02X} {p1:02X} {p2:02X}: no answer");
                Err(match suspicion {
                    Suspicion::Card => self.reason(error),
                    Suspicion::Length => transport_rather_than_card(channel_error(error), error),
                    Suspicion::CardOrLength => transport_rather_than_card(self.reason(error), error),
                })
            }
        };
        self.length.heard(form, answer.is_ok());
        if let Ok(response) = &answer {
            let (status, length) = (response.status.0, response.data.len());
            tracing::trace!("{cla:02X} {ins:02X} {p1:02X} {p2:02X}: {length} bytes, {status:04X}");
        }
        answer
    }

    fn extended_length(&self) -> ExtendedLength {
        self.length.known()
    }

    fn learn_extended_length(&mut self, works: bool) {
        tracing::debug!(works, "extended length was tried");
        self.length.learn(works);
    }

    /// The reader's answers of its own are status words, too (PC/SC Part 10): `6400` nobody typed in time, `6401` the
    /// person cancelled, `6403` too few or too many digits, `6B80` the reader doesn't take such an entry.
    fn verify_pin_at_reader(&mut self, entry: &PinEntry) -> Result<ResponseApdu, ChannelError> {
        self.may_go_on()?;
        let status = self.card.status2_owned().map_err(|error| self.reason(error))?;
        let interface = Atr::from(status.atr()).interface();
        self.pin_was_asked_for = true;
        let patience = self.deadline.map_or(PIN_ENTRY_MAX, |it| it.saturating_duration_since(Instant::now()));
        let answered = pin_pad::verify(self.card, interface, entry, patience);
        self.length.heard(LengthForm::Short, answered.is_ok());
        answered.map_err(|refusal| match refusal {
            pin_pad::Refusal::NoPinPad => ChannelError::NoPinPad,
            pin_pad::Refusal::TooLate => ChannelError::DeadlineExceeded,
            pin_pad::Refusal::Malformed => ChannelError::Malformed,
            pin_pad::Refusal::NoAnswer(error) => self.reason(error),
        })
    }
}

impl ReaderChannel<'_> {
    /// Before each APDU, because one that is under way can't be stopped.
    fn may_go_on(&self) -> Result<(), ChannelError> {
        if self.cancel.is_cancelled() {
            Err(ChannelError::Cancelled)
        } else if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            Err(ChannelError::DeadlineExceeded)
        } else {
            Ok(())
        }
    }

    fn reason(&self, error: Error) -> ChannelError {
        let reason = channel_error(error);
        if reason == ChannelError::CardMute && self.is_pulled() { ChannelError::CardRemoved } else { reason }
    }

    /// Whether the service notices within [`REMOVAL_NOTICED`] that the card is gone.
    fn is_pulled(&self) -> bool {
        let until = Instant::now() + REMOVAL_NOTICED;
        let mut states = [pcsc::ReaderState::new(self.reader, State::UNAWARE)];
        loop {
            let wait = until.saturating_duration_since(Instant::now());
            let [state] = match self.context.get_status_change(wait, &mut states) {
                Ok(()) => &mut states,
                Err(_) => return false,
            };
            if state.event_state().intersects(State::EMPTY | State::UNKNOWN) {
                return true;
            }
            state.sync_current_state();
        }
    }
}

/// A card that may have been asked in a form that doesn't get through isn't called mute.
fn transport_rather_than_card(reason: ChannelError, error: Error) -> ChannelError {
    if reason == ChannelError::CardMute { ChannelError::Transport(error as u32) } else { reason }
}
