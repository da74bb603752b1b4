//! Password Authenticated Connection Establishment (BSI TR-03110-2 and -3, ICAO Doc 9303-11): a session key
//! from a short password, without telling an eavesdropper anything about it.
//!
//! Spoken are the generic, the integrated and the chip authentication mapping, over the standardised elliptic
//! curves and modular groups, with 3DES and AES.

mod can;
mod chip_authentication_mapping;
mod info;
mod integrated;
mod protocol;

use crate::channel::{CardChannel, ChannelError};
use crate::crypto::ec::{Curve, standardised_curve};
use crate::crypto::group::DrawError;
use crate::crypto::kdf::sha1;
use crate::crypto::modular::ModularGroup;
use crate::entropy::{Entropy, NoEntropy};
use crate::secure_messaging::SecureMessaging;
use crate::status::StatusWord;
use info::KeyAgreement;
use openssl::error::ErrorStack;
use protocol::Pace;
use zeroize::Zeroizing;

pub use can::{CAN_DIGITS, Can};
pub use chip_authentication_mapping::ChipAuthenticationMapping;
pub use info::{Mapping, PaceInfo, parse_card_access};

/// A password that the card shares, and how it is named to the card (TR-03110-3, password identifiers).
pub enum PacePassword {
    /// The card access number, as its ASCII digits.
    Can(Zeroizing<Vec<u8>>),
    /// The machine-readable zone: document number, date of birth and date of expiry with a check digit behind
    /// each, in ASCII.
    Mrz(Zeroizing<Vec<u8>>),
}

impl PacePassword {
    fn reference(&self) -> u8 {
        match self {
            Self::Mrz(_) => 1,
            Self::Can(_) => 2,
        }
    }

    /// What goes into the key derivation (TR-03110-3, A.2.3, encoding of passwords).
    fn encoded(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Can(digits) => digits.clone(),
            Self::Mrz(lines) => sha1(lines),
        }
    }
}

/// Why no secure channel came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaceError {
    /// No answer came from the card.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The password is wrong: the card's or our own check of the tokens failed.
    #[error("the password is wrong")]
    WrongPassword,
    /// The card offers no protocol that we speak, or one whose keys need extended length, which the channel hasn't.
    #[error("the card offers no known protocol")]
    NotSupported,
    /// The card refused a step.
    #[error("the card refused with {0}")]
    Refused(StatusWord),
    /// The card's answer isn't what the protocol says: malformed, no element of the group, our own key.
    #[error("the card's answer breaks the protocol")]
    Protocol,
    /// Our side failed.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// OpenSSL failed, for want of memory.
    #[error("the calculation failed")]
    Calculation,
}

impl From<ErrorStack> for PaceError {
    fn from(_: ErrorStack) -> Self {
        Self::Calculation
    }
}

impl From<DrawError> for PaceError {
    fn from(error: DrawError) -> Self {
        match error {
            DrawError::Entropy(error) => Self::Entropy(error),
            DrawError::Group => Self::Protocol,
            DrawError::OpenSsl => Self::Calculation,
        }
    }
}

/// What PACE has made.
#[derive(Debug)]
pub struct Established {
    /// The keys of the session.
    pub messaging: SecureMessaging,
    /// With the [chip authentication mapping](Mapping::ChipAuthentication), and always with it: what the chip has
    /// given to prove its key.
    pub chip_authentication_mapping: Option<ChipAuthenticationMapping>,
}

/// Runs PACE on a channel without protection.
///
/// `entropy` is asked for private keys of as many bytes as the curve's field or the modular group's order has, and
/// again while they are out of range: first for the mapping, then for the key agreement. The integrated mapping
/// asks for a nonce as long as a key instead of the first.
///
/// # Errors
/// Every [`PaceError`]. The card has then no session, and can be asked again.
pub fn establish(
    channel: &mut dyn CardChannel,
    info: &PaceInfo,
    password: &PacePassword,
    entropy: &mut dyn Entropy,
) -> Result<Established, PaceError> {
    match info.agreement {
        KeyAgreement::EllipticCurve => {
            let name = standardised_curve(info.parameter_id).ok_or(PaceError::NotSupported)?;
            let mut pace = Pace { channel, info, entropy, group: Curve::new(name)? };
            let outcome = pace.run(password)?;
            let chip_authentication_mapping = match (&outcome.mapping_key, &outcome.chip_data) {
                (Some(key), Some(data)) => Some(ChipAuthenticationMapping::open(
                    info.cipher,
                    &outcome.secret,
                    data,
                    &pace.group,
                    key,
                )?),
                _ => None,
            };
            let messaging = SecureMessaging::derive(info.cipher, &outcome.secret);
            Ok(Established { messaging, chip_authentication_mapping })
        }
        KeyAgreement::ModularGroup => {
            let group = ModularGroup::new(info.parameter_id)?.ok_or(PaceError::NotSupported)?;
            let outcome = Pace { channel, info, entropy, group }.run(password)?;
            let messaging = SecureMessaging::derive(info.cipher, &outcome.secret);
            Ok(Established { messaging, chip_authentication_mapping: None })
        }
    }
}
