//! Targets of PACE and secure messaging in `smartcard`.

use crate::air::{CAN, CARD_ACCESS, CardEnd, PACE_ANSWERS, RecordedKeys, next_answer, terminal_end};
use smartcard::pace::{PacePassword, establish, parse_card_access};
use smartcard::{CardChannel, ChannelError, CommandApdu, ExtendedLength, ResponseApdu, SecureMessaging};

/// What the untouched answer of [`secure_messaging`] says.
const PLAIN_ANSWER: &[u8] = b"Amsel\x90\x00";

/// EF.CardAccess.
pub fn card_access(data: &[u8]) -> bool {
    parse_card_access(data).is_ok()
}

/// PACE with fixed keys of the terminal and these answers: nobody but who knows the number and the keys gets through.
pub fn pace(data: &[u8]) -> bool {
    let Ok(info) = parse_card_access(&CARD_ACCESS) else { return false };
    let password = PacePassword::Can(CAN.as_bytes().to_vec().into());
    let established = establish(&mut Answers(data), &info, &password, &mut RecordedKeys::default()).is_ok();
    assert!(!established || recorded(data), "a card without the keys was let through");
    established
}

/// Whether the card gives the recorded answers; what else stands in the lengths before them says nothing here.
fn recorded(mut data: &[u8]) -> bool {
    let mut recorded = PACE_ANSWERS;
    while let Some((_, expected)) = next_answer(&mut recorded) {
        if next_answer(&mut data).map(|(_, answer)| answer) != Some(expected) {
            return false;
        }
    }
    true
}

/// A card that gives these answers.
struct Answers<'a>(&'a [u8]);

impl CardChannel for Answers<'_> {
    fn transmit(&mut self, _command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let (_, answer) = next_answer(&mut self.0).ok_or(ChannelError::CardRemoved)?;
        ResponseApdu::decode(answer).map_err(|_| ChannelError::Malformed)
    }

    fn extended_length(&self) -> ExtendedLength {
        ExtendedLength::Yes
    }
}

/// An answer under secure messaging. Behind a first byte of 0 it is taken as it is: only the untouched one may be
/// accepted. Behind another one it is the objects of an answer and its status, which the card's own keys seal.
pub fn secure_messaging(data: &[u8]) -> bool {
    let Some(terminal) = terminal_end() else { return false };
    let untouched = CardEnd::default().protect(PLAIN_ANSWER).unwrap_or_default();
    check_answer(data, terminal, |objects, status| CardEnd::default().seal(objects, status), &untouched)
}

/// The same for whatever cipher.
pub(crate) fn check_answer(
    data: &[u8],
    mut messaging: SecureMessaging,
    seal: impl Fn(&[u8], [u8; 2]) -> Vec<u8>,
    untouched: &[u8],
) -> bool {
    let Some((sealed, answer)) = data.split_first() else { return false };
    let command = CommandApdu::select_file(0xD001);
    assert!(messaging.protect(&command, ExtendedLength::No).is_ok());
    let response = match answer.split_last_chunk::<2>() {
        Some((objects, status)) if *sealed != 0 => seal(objects, *status),
        _ => answer.to_vec(),
    };
    let Ok(response) = ResponseApdu::decode(&response) else { return false };
    match messaging.unprotect(&response) {
        Ok(opened) => {
            assert!(opened.data.len() < response.data.len());
            assert!(*sealed != 0 || untouched == answer, "a touched answer was accepted");
            true
        }
        Err(error) => {
            // The session is over for good.
            assert_eq!(messaging.unprotect(&response).err(), Some(error));
            assert_eq!(messaging.protect(&command, ExtendedLength::No).err(), Some(error));
            false
        }
    }
}
