//! The cardholder's PIN (MRPIN.home), typed at the reader's own pad alone.
//!
//! The PIN shows that the card is in the hands of the one whom the insurer has told it: [`possession`] has the person
//! type it, and the card sign a fresh challenge with the key of its cardholder's certificate, which it does for no other
//! reason. It reads and checks the certificate of the card that is in the reader now: what an earlier job has read may
//! have been of another.
//!
//! The card keeps the PIN verified until it is reset. `pcsc-reader` resets it after every job in which a PIN was asked
//! for, whatever came of it; another implementation of [`CardChannel`] with a pad must do the same, or the next program
//! could sign. A card on which a PIN is verified *before* anybody was asked has it from another program, and hides how
//! many tries are left (GET PIN STATUS then says `9000`, though wrong ones under another reference, PIN.CH, count): nobody
//! is asked for it, whatever is said of the last try ([`PinError::VerifiedBefore`]).
//!
//! There is no way to hand a PIN over, to change one or to unblock it.

use crate::authenticity::{Check, Reason, Verdict};
use crate::brainpool::{FIELD_BYTES, SIGNATURE_BYTES};
use crate::cardholder_certificate::CardholderCertificate;
use crate::error::EgkError;
use crate::file::{EgkFile, ROOT};
use crate::iccsn::Iccsn;
use crate::kvnr::Kvnr;
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
const PIN_DIGITS_MIN: u8 = 6;
/// Most digits of a PIN.
const PIN_DIGITS_MAX: u8 = 8;
/// MSE SET for a signature: key 04 of the folder (PrK.CH.AUT.E256), algorithm 00 (signECDSA).
const KEY_AND_ALGORITHM: [u8; 6] = [0x84, 0x01, 0x84, 0x80, 0x01, 0x00];
/// Random bytes of which the card signs the hash.
const CHALLENGE_BYTES: usize = 32;

/// What state the PIN is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinStatus {
    /// It was typed since the card's last reset. How many tries are left the card doesn't say then.
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

/// The card that the desk has read before.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Whose it is.
    pub kvnr: &'a Kvnr,
    /// Which of theirs.
    pub iccsn: &'a Iccsn,
}

/// How far a proof has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The card is the expected one, and the reader asks the person for the PIN now.
    PinAskedFor {
        /// Wrong ones until it is blocked. 1 to 15, three at most on a health card.
        tries_left: u8,
    },
    /// The PIN was right; the card signs.
    PinAccepted,
}

/// This person's card has signed a fresh challenge after its PIN was typed. Only [`possession`] makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct PinProof {
    kvnr: Kvnr,
}

impl PinProof {
    /// Whose card it was, by a certificate of an issuer that was trusted.
    pub fn kvnr(&self) -> &Kvnr {
        &self.kvnr
    }
}

/// Why there is no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// No answer came from the card. [`ChannelError::NoPinPad`]: the reader has no pad, or the card is read over the air.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// There are no random numbers to challenge the card with.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The card in the reader isn't the expected one: another number, or another person's certificate.
    #[error("another card is in the reader")]
    OtherCard,
    /// The card has no certificate whose key could sign a challenge: one of generation 2.
    #[error("this card can't prove possession")]
    NotSupported,
    /// The cardholder's certificate isn't believed, so that a signature by its key would prove nothing.
    #[error("the cardholder's certificate isn't proven")]
    NotTrusted(Verdict),
    /// Another program has left the PIN verified, and the card doesn't say how many tries are left. After a reset, or when
    /// the card was pulled and put in again, it does.
    #[error("the PIN was verified before")]
    VerifiedBefore,
    /// The PIN can't be typed in this state (none of [`PinStatus::Verified`] and [`PinStatus::TriesLeft`]).
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
    /// Nobody typed in time, the person cancelled, or the PIN had fewer than six or more than eight digits. No try
    /// was spent.
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

/// Has the person type the PIN at the reader and the card sign a fresh challenge.
///
/// In this order: EF.GDO and C.CH.AUT of the card that is in the reader now, which must be the expected one, with a
/// certificate that is valid by `check`; GET PIN STATUS; VERIFY at the reader; MANAGE SECURITY ENVIRONMENT; PSO COMPUTE
/// DIGITAL SIGNATURE. With contacts only: over the air there is no pad, and nothing is tried.
///
/// The job should leave the card reset (`Ending::Reset`), as it is after a PIN was asked for anyway: then a card with
/// which another program was not as careful ([`PinError::VerifiedBefore`]) can be asked again at once. Its deadline should
/// leave the time to type (`PIN_ENTRY_MAX`).
///
/// # Errors
/// Every [`PinError`]. Nobody was asked unless [`Step::PinAskedFor`] was told.
pub fn possession(
    channel: &mut dyn CardChannel,
    expected: Expected<'_>,
    check: Check<'_>,
    last_try: LastTry,
    entropy: &mut dyn Entropy,
    on_step: &mut dyn FnMut(Step),
) -> Result<PinProof, PinError> {
    let mut challenge = [0; CHALLENGE_BYTES];
    entropy.fill(&mut challenge)?;
    expect_number(channel, expected.iccsn)?;
    let certificate = read_certificate(channel, expected.kvnr, check)?;
    let tries_left = match ask_status(channel)? {
        PinStatus::TriesLeft(1) if last_try == LastTry::Kept => return Err(PinError::LastTryKept),
        PinStatus::TriesLeft(tries_left) => tries_left,
        PinStatus::Verified => return Err(PinError::VerifiedBefore),
        state @ (PinStatus::Blocked
        | PinStatus::TransportPin
        | PinStatus::Empty
        | PinStatus::Disabled
        | PinStatus::AccessDenied
        | PinStatus::NoPin
        | PinStatus::Unknown(_)) => return Err(PinError::Unusable(state)),
    };
    on_step(Step::PinAskedFor { tries_left });
    verified(channel.verify_pin_at_reader(&entry())?.status)?;
    on_step(Step::PinAccepted);
    sign_challenge(channel, &certificate, challenge)?;
    Ok(PinProof { kvnr: expected.kvnr.clone() })
}

/// Has the card sign the challenge's hash with the certificate's key, which is in the selected folder.
fn sign_challenge(
    channel: &mut dyn CardChannel,
    certificate: &CardholderCertificate,
    challenge: [u8; CHALLENGE_BYTES],
) -> Result<(), PinError> {
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
    if signed { Ok(()) } else { Err(PinError::WrongSignature) }
}

/// Reads EF.GDO in the root.
fn expect_number(channel: &mut dyn CardChannel, iccsn: &Iccsn) -> Result<(), PinError> {
    let found = |response: ResponseApdu| match response.status {
        // Not even a health card.
        StatusWord::NOT_FOUND => Err(PinError::OtherCard),
        // What is free to read with contacts: the card is in the air, where no pad is.
        StatusWord::SECURITY_STATUS_NOT_SATISFIED => Err(ChannelError::NoPinPad.into()),
        _ => accepted(&response).map(|()| response),
    };
    found(channel.execute(&CommandApdu::select_application(&ROOT))?)?;
    let gdo = EgkFile::Gdo;
    let read = CommandApdu::read_binary_sfi(gdo.sfi(), 0, NE_SHORT_MAX).with_sensitivity(gdo.sensitivity());
    let response = found(channel.execute(&read)?)?;
    let same = Iccsn::parse_gdo(&response.data).is_ok_and(|found| found == *iccsn);
    if same { Ok(()) } else { Err(PinError::OtherCard) }
}

/// Reads the certificate, and leaves its folder selected, in which its key is.
fn read_certificate(
    channel: &mut dyn CardChannel,
    kvnr: &Kvnr,
    check: Check<'_>,
) -> Result<CardholderCertificate, PinError> {
    let certificate = CardholderCertificate::read(channel)?.map_err(|verdict| match verdict {
        Verdict::NotSupported(_) => PinError::NotSupported,
        Verdict::Valid | Verdict::Invalid(_) | Verdict::NotVerifiable(_) => PinError::NotTrusted(verdict),
    })?;
    match certificate.verdict_on_person(kvnr, check) {
        Verdict::Valid if certificate.can_prove_possession() => Ok(certificate),
        Verdict::Valid => Err(PinError::NotSupported),
        Verdict::Invalid(Reason::OtherPerson) => Err(PinError::OtherCard),
        verdict @ (Verdict::Invalid(_) | Verdict::NotVerifiable(_) | Verdict::NotSupported(_)) => {
            Err(PinError::NotTrusted(verdict))
        }
    }
}

/// What the reader's pad asks for: VERIFY with an empty block, six to eight digits.
fn entry() -> PinEntry {
    let verify = CommandApdu::new(0x00, INS_VERIFY, 0x00, MRPIN_HOME).with_sensitivity(Sensitivity::Secret);
    // Eight bytes always fit. (Without data it would be a harmless question.)
    let template = verify.clone().with_data(&EMPTY_PIN_BLOCK).unwrap_or(verify);
    PinEntry { template, digits_min: PIN_DIGITS_MIN, digits_max: PIN_DIGITS_MAX }
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
