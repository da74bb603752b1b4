//! A card over the air whose PACE is one recorded run: with the terminal's keys fixed, the card's answers and the session's
//! keys are the same each time, and whatever a card could say behind them can be said.

use aes::{
    Aes128,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use cmac::{Cmac, Mac};
use smartcard::{Entropy, NoEntropy, SecureMessaging};

/// Of the recorded card.
pub(crate) const CAN: &str = "123123";

/// EF.CardAccess of health cards (gemSpec_eGK_ObjSys): PACE over brainpoolP256r1 with AES-128.
pub(crate) const CARD_ACCESS: [u8; 22] = [
    0x31, 0x14, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02, 0x02,
    0x01, 0x02, 0x02, 0x01, 0x0D,
];

/// The recorded card's answers to the five commands of PACE, each behind two bytes of length. They are those of
/// `tests/replay/transcripts/contactless-extended-wire.jsonl`, and so are the keys.
pub(crate) const PACE_ANSWERS: &[u8] = include_bytes!("../corpus/pace/recorded");
const ENCRYPTION_KEY: [u8; BLOCK] =
    [0xCD, 0x31, 0x47, 0xF6, 0x9A, 0xC2, 0x9D, 0xA7, 0xA5, 0x04, 0xAC, 0xE6, 0xCE, 0xBB, 0x0A, 0xF6];
const MAC_KEY: [u8; BLOCK] =
    [0xCF, 0x03, 0x71, 0x4F, 0xD9, 0x3B, 0x47, 0x32, 0x84, 0x23, 0x3A, 0x04, 0x24, 0x33, 0x6B, 0x69];

const BLOCK: usize = 16;
const MAC: usize = 8;
const KEY: usize = 32;

/// The terminal's private keys of the recording, in turn; for other lengths the same bytes.
#[derive(Default)]
pub(crate) struct RecordedKeys {
    second: bool,
}

impl Entropy for RecordedKeys {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        let first = if self.second && bytes.len() == KEY { KEY + 1 } else { 1 };
        self.second = !self.second && bytes.len() == KEY;
        bytes.iter_mut().zip(first..).try_for_each(|(byte, value)| {
            *byte = u8::try_from(value).map_err(|_| NoEntropy)?;
            Ok(())
        })
    }
}

/// The next piece of `answers`: two bytes of length, of which the highest bit is a flag, and as many bytes.
pub(crate) fn next_answer<'a>(answers: &mut &'a [u8]) -> Option<(bool, &'a [u8])> {
    let (length, rest) = answers.split_first_chunk::<2>()?;
    let length = u16::from_be_bytes(*length);
    let (answer, rest) = rest.split_at_checked(usize::from(length & 0x7FFF))?;
    *answers = rest;
    Some((length & 0x8000 != 0, answer))
}

/// The terminal's end of the recorded session.
pub(crate) fn terminal_end() -> Option<SecureMessaging> {
    SecureMessaging::from_keys(&ENCRYPTION_KEY, &MAC_KEY).ok()
}

/// The card's end of the recorded session (ISO/IEC 7816-4; TR-03110-3, secure messaging with AES-128).
#[derive(Default)]
pub(crate) struct CardEnd {
    counter: u128,
}

impl CardEnd {
    /// Counts the command and the answer to it, and protects the answer.
    pub(crate) fn protect(&mut self, answer: &[u8]) -> Option<Vec<u8>> {
        let (data, status) = answer.split_last_chunk::<2>()?;
        let mut objects = Vec::new();
        if !data.is_empty() {
            let cryptogram = encrypt(self.counter + 2, data);
            write(&mut objects, 0x87, &[&[0x01], &cryptogram[..]].concat());
        }
        write(&mut objects, 0x99, status);
        Some(self.seal(&objects, *status))
    }

    /// Counts the command and the answer to it, and puts the check value behind whatever objects these are.
    pub(crate) fn seal(&mut self, objects: &[u8], status: [u8; 2]) -> Vec<u8> {
        self.counter += 2;
        let mut response = objects.to_vec();
        let mac = mac(self.counter, objects);
        write(&mut response, 0x8E, mac.get(..MAC).unwrap_or_default());
        response.extend_from_slice(&status);
        response
    }

    /// Counts a command and an answer that isn't protected.
    pub(crate) fn count(&mut self) {
        self.counter += 2;
    }
}

fn encrypt(counter: u128, data: &[u8]) -> Vec<u8> {
    let cipher = Aes128::new(&ENCRYPTION_KEY.into());
    let mut previous = counter.to_be_bytes();
    cipher.encrypt_block((&mut previous).into());
    let mut blocks = Vec::new();
    for block in padded(data).as_chunks::<BLOCK>().0 {
        previous.iter_mut().zip(block).for_each(|(previous, byte)| *previous ^= byte);
        cipher.encrypt_block((&mut previous).into());
        blocks.extend_from_slice(&previous);
    }
    blocks
}

fn mac(counter: u128, objects: &[u8]) -> Vec<u8> {
    let mut mac = Cmac::<Aes128>::new(&MAC_KEY.into());
    mac.update(&counter.to_be_bytes());
    if !objects.is_empty() {
        mac.update(&padded(objects));
    }
    mac.finalize().into_bytes().to_vec()
}

/// ISO/IEC 9797-1, padding method 2.
fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(BLOCK), 0);
    padded
}

/// A data object with a length of one to three bytes.
fn write(out: &mut Vec<u8>, tag: u8, value: &[u8]) {
    out.push(tag);
    let [.., high, low] = value.len().to_be_bytes();
    match (high, low) {
        (0, 0..=0x7F) => out.push(low),
        (0, _) => out.extend_from_slice(&[0x81, low]),
        _ => out.extend_from_slice(&[0x82, high, low]),
    }
    out.extend_from_slice(value);
}
