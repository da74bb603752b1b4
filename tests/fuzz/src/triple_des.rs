//! Target of secure messaging with 3DES in `smartcard`, and the card's end of it (ISO/IEC 7816-4; ICAO Doc 9303-11,
//! 9.8).

use crate::secure_channel::check_answer;
use des::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2};
use smartcard::{SecureMessaging, SessionCipher};

/// The key seed of Appendix D.3, and what follows from it.
const SEED: [u8; 16] =
    [0x00, 0x36, 0xD2, 0x72, 0xF5, 0xC3, 0x50, 0xAC, 0xAC, 0x50, 0xC3, 0xF5, 0x72, 0xD2, 0x36, 0x00];
const ENCRYPTION_KEY: [u8; 16] =
    [0x97, 0x9E, 0xC1, 0x3B, 0x1C, 0xBF, 0xE9, 0xDC, 0xD0, 0x1A, 0xB0, 0xFE, 0xD3, 0x07, 0xEA, 0xE5];
const MAC_KEYS: [[u8; BLOCK]; 2] =
    [[0xF1, 0xCB, 0x1F, 0x1F, 0xB5, 0xAD, 0xF2, 0x08], [0x80, 0x6B, 0x89, 0xDC, 0x57, 0x9D, 0xC1, 0xF8]];

const BLOCK: usize = 8;
/// Counted by the command and by the answer.
const COUNTER: u64 = 2;

/// An answer under secure messaging with 3DES; bytes as for [`secure_messaging`](crate::secure_messaging).
pub fn secure_messaging_3des(data: &[u8]) -> bool {
    let terminal = SecureMessaging::derive(SessionCipher::TripleDes, &SEED);
    check_answer(data, terminal, seal, &untouched())
}

/// What the card says to `Amsel`, `9000`.
fn untouched() -> Vec<u8> {
    let mut objects = vec![0x87, 0x09, 0x01];
    objects.extend(encrypt(b"Amsel\x80\x00\x00"));
    objects.extend([0x99, 0x02, 0x90, 0x00]);
    seal(&objects, [0x90, 0x00])
}

/// Puts the check value behind whatever objects these are.
fn seal(objects: &[u8], status: [u8; 2]) -> Vec<u8> {
    [objects, &[0x8E, 0x08], &mac(objects), &status].concat()
}

fn encrypt(block: &[u8; BLOCK]) -> [u8; BLOCK] {
    let mut block = *block;
    TdesEde2::new(&ENCRYPTION_KEY.into()).encrypt_block((&mut block).into());
    block
}

/// ISO/IEC 9797-1, algorithm 3, over the counter and the padded objects.
fn mac(objects: &[u8]) -> [u8; BLOCK] {
    let [first, second] = MAC_KEYS.map(|key| Des::new(&key.into()));
    let mut message = COUNTER.to_be_bytes().to_vec();
    if !objects.is_empty() {
        message.extend_from_slice(objects);
        message.push(0x80);
        message.resize(message.len().next_multiple_of(BLOCK), 0);
    }
    let mut state = [0; BLOCK];
    for block in message.as_chunks::<BLOCK>().0 {
        state.iter_mut().zip(block).for_each(|(state, byte)| *state ^= byte);
        first.encrypt_block((&mut state).into());
    }
    second.decrypt_block((&mut state).into());
    first.encrypt_block((&mut state).into());
    state
}
