//! ISO/IEC 7816-4: command and response APDU, status words, BER-TLV, the card channel, secure messaging,
//! transcripts; PACE, Basic Access Control and the key agreement of chip authentication.
//!
//! Everything here is pure: bytes go in and out through [`CardChannel`] alone, which a reader, a simulator, a
//! [recorder](transcript::Recorder) or a [replay](transcript::Replay) provides. The crate knows neither PC/SC
//! nor what a card's files mean.

mod apdu;
pub mod bac;
mod channel;
mod crypto;
mod entropy;
mod exchange;
pub mod key_agreement;
pub mod pace;
mod pin_entry;
mod secure_messaging;
pub mod security_infos;
mod status;
pub mod tlv;
pub mod transcript;

pub use apdu::{ApduError, CommandApdu, LengthForm, ResponseApdu, Sensitivity, Sfi};
pub use apdu::{NC_MAX, NC_SHORT_MAX, NE_MAX, NE_SHORT_MAX, RESPONSE_BYTES_MAX};
pub use apdu::{OFFSET_MAX, OFFSET_ODD_MAX, discretionary_bytes};
pub use channel::{Capacity, CardChannel, ChannelError, ExtendedLength};
pub use crypto::kdf::SessionCipher;
pub use entropy::{Entropy, NoEntropy};
pub use exchange::{CardChannelExt, GET_RESPONSE_ROUNDS_MAX};
pub use pin_entry::PinEntry;
pub use secure_messaging::{KeyLengthError, SecureChannel, SecureMessaging};
pub use status::StatusWord;
