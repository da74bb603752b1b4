//! The cardholder's PIN (MRPIN.home), typed at the reader's own pad alone.
//!
//! The PIN shows that the card is in the hands of the one whom the insurer has told it: [`prove_possession`] has the
//! person type it, and the card sign a fresh challenge with the key of its cardholder's certificate, which it does for
//! no other reason.
//!
//! The card keeps the PIN verified until it is reset. **Whoever has called [`prove_possession`], with whatever outcome,
//! ends the job with a reset of the card** (PC/SC: `SCARD_RESET_CARD`), or the next program could sign with it.
//!
//! There is no way to hand a PIN over, to change one or to unblock it.

use crate::brainpool::{FIELD_BYTES, SIGNATURE_BYTES};
use crate::cardholder_certificate::{CardholderCertificate, DF_ESIGN};
use crate::error::EgkError;
use sha2::{Digest, Sha256};
use smartcard::{
    CardChannel, CardChannelExt, ChannelError, CommandApdu, Entropy, NE_SHORT_MAX, NoEntropy, PinEntry,
    ResponseApdu, Sensitivity, StatusWord,
};

/// The password that opens the keys without a card of the telematics infrastructure: MRPIN.home, the same secret and
/// counter as PIN.CH, which would be `01` (gemSpec_eGK_ObjSys).
const MRPIN_HOME: u8 = 0x02;
const INS_VERIFY: u8 = 0x20;
/// GET PIN STATUS is VERIFY of gemSpec_COS's own class, without data.
const CLA_GET_PIN_STATUS: u8 = 0x80;
/// A format 2 block (ISO 9564-1) that the reader fills in.
const EMPTY_PIN_BLOCK: [u8; 8] = [0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
/// Fewest digits of a PIN (gemSpec_eGK_ObjSys, PIN.CH).
pub const PIN_DIGITS_MIN: u8 = 6;
/// Most digits of a PIN.
pub const PIN_DIGITS_MAX: u8 = 8;
/// MSE SET for a signature: key 04 of the folder (PrK.CH.AUT.E256), algorithm 00 (signECDSA).
const KEY_AND_ALGORITHM: [u8; 6] = [0x84, 0x01, 0x84, 0x80, 0x01, 0x00];
/// Random bytes of which the card signs the hash.
const CHALLENGE_BYTES: usize = 32;

/// What state the PIN is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinStatus {
    /// It was typed in this session of the card already; the counter is full.
    Verified,
    /// It can be typed; so many wrong ones and it is blocked. 1 to 15, three at most on a health card.
    TriesLeft(u8),
    /// Too many wrong ones: only the PUK helps, at home or with the insurer.
    Blocked,
    /// The PIN of the letter has never been replaced by one of the person's own; it proves nothing.
    TransportPin,
    /// No PIN was ever set.
    Empty,
    /// The PIN is switched off.
    Disabled,
    /// The card says this over the air only without its access number (CAN).
    AccessDenied,
    /// The card has no such PIN.
    NoPin,
    /// Another answer.
    Unknown(StatusWord),
}

/// Whether the last try may be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastTry {
    /// It is kept: a person who mistypes once more would have a blocked card.
    Kept,
    /// The person was told, and wants it.
    Allowed,
}

/// The card has signed a fresh challenge after its PIN was typed. Only [`prove_possession`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinProof(());

/// Why there is no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// No answer came from the card. [`ChannelError::NoPinPad`]: the reader has no pad, or the card is read over the air.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// There are no random numbers to challenge the card with.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The certificate's key can't sign a challenge: a card of generation 2.
    #[error("this card can't prove possession")]
    NotSupported,
    /// The PIN can't be typed in this state (all but [`PinStatus::Verified`] and [`PinStatus::TriesLeft`]).
    #[error("the PIN can't be used")]
    Unusable(PinStatus),
    /// One try is left, and it is [`LastTry::Kept`].
    #[error("one try is left")]
    LastTryKept,
    /// The PIN was wrong.
    #[error("the PIN is wrong, {tries_left} tries are left")]
    WrongPin {
        /// How often it can still be typed, 0 to 15; 0 is a blocked PIN.
        tries_left: u8,
    },
    /// Nobody typed in time, the person cancelled, or the PIN was shorter than [`PIN_DIGITS_MIN`] or longer than
    /// [`PIN_DIGITS_MAX`]. No try was spent.
    #[error("no PIN was typed")]
    NotTyped,
    /// The card refused a step.
    #[error("the card refused with {0}")]
    Refused(StatusWord),
    /// The signature isn't one by the certificate's key: the certificate isn't this chip's.
    #[error("the card's signature is wrong")]
    WrongSignature,
}

/// Asks the card for the state of its PIN; costs no try.
///
/// # Errors
/// [`EgkError::Channel`].
pub fn status(channel: &mut dyn CardChannel) -> Result<PinStatus, EgkError> {
    Ok(ask_status(channel)?)
}

/// What the reader's pad asks for: VERIFY with an empty block, six to eight digits.
pub fn entry() -> PinEntry {
    let verify = CommandApdu::new(0x00, INS_VERIFY, 0x00, MRPIN_HOME).with_sensitivity(Sensitivity::Secret);
    // Eight bytes always fit. (Without data it would be a harmless question.)
    let template = verify.clone().with_data(&EMPTY_PIN_BLOCK).unwrap_or(verify);
    PinEntry { template, digits_min: PIN_DIGITS_MIN, digits_max: PIN_DIGITS_MAX }
}

/// Has the person type the PIN at the reader and the card sign a fresh challenge with the certificate's key.
///
/// It proves possession for whomever the certificate names, so the certificate must have been found valid
/// ([`CardholderCertificate::verdict`]). In this order: GET PIN STATUS, SELECT DF.ESIGN, VERIFY at the reader, MANAGE
/// SECURITY ENVIRONMENT, PSO COMPUTE DIGITAL SIGNATURE. The PIN is asked for even if it was typed before. With contacts
/// only: over the air there is no pad, and nothing is tried. Afterwards the card must be reset (see the module).
///
/// # Errors
/// Every [`PinError`].
pub fn prove_possession(
    channel: &mut dyn CardChannel,
    certificate: &CardholderCertificate,
    last_try: LastTry,
    entropy: &mut dyn Entropy,
) -> Result<PinProof, PinError> {
    if !certificate.can_prove_possession() {
        return Err(PinError::NotSupported);
    }
    let mut challenge = [0; CHALLENGE_BYTES];
    entropy.fill(&mut challenge)?;
    let state = ask_status(channel)?;
    if !matches!(state, PinStatus::Verified | PinStatus::TriesLeft(_)) {
        return Err(PinError::Unusable(state));
    }
    if state == PinStatus::TriesLeft(1) && last_try == LastTry::Kept {
        return Err(PinError::LastTryKept);
    }
    accepted(&channel.execute(&CommandApdu::select_application(&DF_ESIGN))?)?;
    verified(channel.verify_pin_at_reader(&entry())?.status)?;

    let choose_key = command(0x22, [0x41, 0xB6], &KEY_AND_ALGORITHM)?.with_sensitivity(Sensitivity::Public);
    accepted(&channel.execute(&choose_key)?)?;
    let hash: [u8; FIELD_BYTES] = Sha256::digest(challenge).into();
    // The answer verifies under one person's key only: it names the person.
    let sign =
        command(0x2A, [0x9E, 0x9A], &hash)?.with_ne(NE_SHORT_MAX).with_sensitivity(Sensitivity::Personal);
    let response = channel.execute(&sign)?;
    accepted(&response)?;
    let signature = <[u8; SIGNATURE_BYTES]>::try_from(response.data.as_slice());
    let signed = signature.is_ok_and(|signature| certificate.verifies(&hash, &signature));
    if signed { Ok(PinProof(())) } else { Err(PinError::WrongSignature) }
}

fn ask_status(channel: &mut dyn CardChannel) -> Result<PinStatus, ChannelError> {
    let command = CommandApdu::new(CLA_GET_PIN_STATUS, INS_VERIFY, 0x00, MRPIN_HOME);
    let status = channel.execute(&command.with_sensitivity(Sensitivity::Personal))?.status;
    Ok(match status {
        StatusWord::OK => PinStatus::Verified,
        StatusWord(0x62C1) => PinStatus::TransportPin,
        StatusWord(0x62C7) => PinStatus::Empty,
        StatusWord(0x62D0) => PinStatus::Disabled,
        StatusWord::BLOCKED | StatusWord(0x63C0) => PinStatus::Blocked,
        StatusWord::SECURITY_STATUS_NOT_SATISFIED => PinStatus::AccessDenied,
        // gemSpec_COS: PasswordNotFound.
        StatusWord::SM_OBJECT_INCORRECT | StatusWord::REFERENCE_NOT_FOUND => PinStatus::NoPin,
        status => status.tries_left().map_or(PinStatus::Unknown(status), PinStatus::TriesLeft),
    })
}

/// What VERIFY gave: the card, or the reader in its place (PC/SC part 10: `6400` nobody typed in time, `6401` cancelled,
/// `6403` too short or too long).
fn verified(status: StatusWord) -> Result<(), PinError> {
    match status {
        StatusWord::OK => Ok(()),
        StatusWord::EXECUTION_ERROR | StatusWord(0x6401 | 0x6403) => Err(PinError::NotTyped),
        StatusWord::BLOCKED => Err(PinError::Unusable(PinStatus::Blocked)),
        StatusWord::CONDITIONS_NOT_SATISFIED => Err(PinError::Unusable(PinStatus::TransportPin)),
        status => Err(status
            .tries_left()
            .map_or(PinError::Refused(status), |tries_left| PinError::WrongPin { tries_left })),
    }
}

fn accepted(response: &ResponseApdu) -> Result<(), PinError> {
    let status = response.status;
    if status.is_ok() || status.is_warning() { Ok(()) } else { Err(PinError::Refused(status)) }
}

fn command(ins: u8, [p1, p2]: [u8; 2], data: &[u8]) -> Result<CommandApdu, ChannelError> {
    // A few bytes always fit.
    CommandApdu::new(0x00, ins, p1, p2).with_data(data).map_err(|_| ChannelError::Malformed)
}

#[cfg(test)]
mod tests;
