//! The conversation that a job has with the card.

use std::{
    ffi::CStr,
    time::{Duration, Instant},
};

use pcsc::{Card, Context, Error, State};
use smartcard::{
    CardChannel, ChannelError, CommandApdu, LengthForm, NE_SHORT_MAX, RESPONSE_BYTES_MAX, ResponseApdu,
};
use zeroize::Zeroizing;

use crate::{Cancel, error::channel_error};

/// Room for the longest answer to a command in the short form: 256 bytes and the status word.
const RECEIVE_SHORT_MAX: usize = NE_SHORT_MAX + 2;
/// Room for the longest answer to a command in the extended form.
const RECEIVE_EXTENDED_MAX: usize = RESPONSE_BYTES_MAX;

/// A card pulled in the middle of an APDU first looks like one that doesn't answer: the service notices the removal
/// when it looks at the reader next (pcscd at most every 400 ms).
const REMOVAL_NOTICED: Duration = Duration::from_secs(1);

/// A connected card within a transaction.
pub(crate) struct ReaderChannel<'a> {
    pub(crate) context: &'a Context,
    pub(crate) reader: &'a CStr,
    pub(crate) card: &'a Card,
    pub(crate) longest: LengthForm,
    pub(crate) cancel: &'a Cancel,
    /// `None`: further away than the clock can say.
    pub(crate) deadline: Option<Instant>,
}

impl CardChannel for ReaderChannel<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.may_go_on()?;
        let form = command.shortest_form();
        let sent = command.encode(form);
        let mut room = Zeroizing::new(match form {
            LengthForm::Short => vec![0; RECEIVE_SHORT_MAX],
            LengthForm::Extended => vec![0; RECEIVE_EXTENDED_MAX],
        });
        let [cla, ins, p1, p2] = command.header();
        match self.card.transmit(&sent, &mut room) {
            // What some drivers make of a card that is pulled meanwhile.
            Ok([]) => Err(self.reason(Error::NotTransacted)),
            Ok(received) => {
                let response = ResponseApdu::decode(received).map_err(|_| ChannelError::Malformed)?;
                let (status, length) = (response.status.0, response.data.len());
                tracing::trace!("{cla:02X} {ins:02X} {p1:02X} {p2:02X}: {length} bytes, {status:04X}");
                Ok(response)
            }
            Err(error) => {
                tracing::debug!(code = error as u32, "{cla:02X} {ins:02X} {p1:02X} {p2:02X}: no answer");
                Err(self.reason(error))
            }
        }
    }

    fn supports_extended_length(&self) -> bool {
        self.longest == LengthForm::Extended
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
