//! Password Authenticated Connection Establishment (BSI TR-03110-2 and -3, ICAO Doc 9303-11): a session key
//! from a short password, without telling an eavesdropper anything about it.
//!
//! Spoken is ECDH with the generic mapping and AES, over the standardised curves.

mod card_access;

use crate::apdu::{CommandApdu, Sensitivity};
use crate::channel::{CardChannel, ChannelError};
use crate::crypto::aes::{AesKey, BLOCK_BYTES, MAC_BYTES};
use crate::crypto::ec::{Curve, DrawError};
use crate::crypto::kdf::{KeyPurpose, derive_key, sha1};
use crate::entropy::{Entropy, NoEntropy};
use crate::exchange::CardChannelExt;
use crate::secure_messaging::{KeyLengthError, SecureMessaging};
use crate::status::StatusWord;
use crate::tlv::{self, Reader, Tag};
use openssl::ec::{EcPoint, EcPointRef};
use openssl::error::ErrorStack;
use std::iter::once;
use zeroize::Zeroizing;

pub use card_access::{PaceInfo, parse_card_access};

const INS_MANAGE_SECURITY_ENVIRONMENT: u8 = 0x22;
/// MSE P1, P2: set the authentication template for mutual authentication.
const SET_MUTUAL_AUTHENTICATION: [u8; 2] = [0xC1, 0xA4];
const PROTOCOL: Tag = Tag(0x80);
const PASSWORD_REFERENCE: Tag = Tag(0x83);
const PARAMETER_REFERENCE: Tag = Tag(0x84);

const INS_GENERAL_AUTHENTICATE: u8 = 0x86;
const CLA_CHAINED: u8 = 0x10;
const CLA_LAST: u8 = 0x00;
const DYNAMIC_AUTHENTICATION_DATA: Tag = Tag(0x7C);
const ENCRYPTED_NONCE: Tag = Tag(0x80);
const OUR_MAPPING_KEY: Tag = Tag(0x81);
const CARD_MAPPING_KEY: Tag = Tag(0x82);
const OUR_EPHEMERAL_KEY: Tag = Tag(0x83);
const CARD_EPHEMERAL_KEY: Tag = Tag(0x84);
const OUR_TOKEN: Tag = Tag(0x85);
const CARD_TOKEN: Tag = Tag(0x86);

const PUBLIC_KEY: Tag = Tag(0x7F49);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
const PUBLIC_POINT: Tag = Tag(0x86);

/// Longest nonce: a multiple of the block, and at least as long as the key.
const NONCE_BYTES_MAX: usize = 2 * BLOCK_BYTES;

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
    /// The card offers no protocol that we speak.
    #[error("the card offers no known protocol")]
    NotSupported,
    /// The card refused a step.
    #[error("the card refused with {0}")]
    Refused(StatusWord),
    /// The card's answer isn't what the protocol says: malformed, no point of the curve, our own key.
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

impl From<KeyLengthError> for PaceError {
    fn from(_: KeyLengthError) -> Self {
        Self::Calculation
    }
}

impl From<DrawError> for PaceError {
    fn from(error: DrawError) -> Self {
        match error {
            DrawError::Entropy(error) => Self::Entropy(error),
            DrawError::OpenSsl => Self::Calculation,
        }
    }
}

/// Runs PACE on a channel without protection, and returns the keys of the session.
///
/// `entropy` is asked for two private keys of as many bytes as the field has, first for the mapping, then for
/// the key agreement, and again while they are out of range.
///
/// # Errors
/// Every [`PaceError`]. The card has then no session, and can be asked again.
pub fn establish(
    channel: &mut dyn CardChannel,
    info: &PaceInfo,
    password: &PacePassword,
    entropy: &mut dyn Entropy,
) -> Result<SecureMessaging, PaceError> {
    let curve = Curve::new(info.curve().ok_or(PaceError::NotSupported)?)?;
    let mut pace = Pace { channel, info, entropy, curve };
    pace.set_template(password)?;
    let nonce = pace.get_nonce(password)?;
    let generator = pace.map(&nonce)?;
    let agreement = pace.agree(&generator)?;
    pace.authenticate(&agreement)?;
    Ok(SecureMessaging::derive(info.cipher, &agreement.secret)?)
}

struct Pace<'a> {
    channel: &'a mut dyn CardChannel,
    info: &'a PaceInfo,
    entropy: &'a mut dyn Entropy,
    curve: Curve,
}

/// The outcome of the key agreement, public keys encoded.
struct Agreement {
    secret: Zeroizing<Vec<u8>>,
    our_key: Vec<u8>,
    card_key: Vec<u8>,
}

impl Pace<'_> {
    /// MSE:Set AT (ICAO Doc 9303-11, 4.4.4.1).
    fn set_template(&mut self, password: &PacePassword) -> Result<(), PaceError> {
        let mut template = Vec::new();
        tlv::write(&mut template, PROTOCOL, &self.info.protocol());
        tlv::write(&mut template, PASSWORD_REFERENCE, &[password.reference()]);
        if self.info.ambiguous {
            tlv::write(&mut template, PARAMETER_REFERENCE, &[self.info.parameter_id]);
        }
        let [p1, p2] = SET_MUTUAL_AUTHENTICATION;
        let command = command(CLA_LAST, INS_MANAGE_SECURITY_ENVIRONMENT, p1, p2, &template)?;
        let status = self.channel.execute(&command)?.status;
        if status.is_ok() { Ok(()) } else { Err(PaceError::Refused(status)) }
    }

    /// The card's nonce, decrypted with the key of the password.
    fn get_nonce(&mut self, password: &PacePassword) -> Result<Zeroizing<Vec<u8>>, PaceError> {
        let mut nonce = self.general_authenticate(CLA_CHAINED, None, ENCRYPTED_NONCE)?;
        let whole_blocks = nonce.len().is_multiple_of(BLOCK_BYTES);
        if nonce.is_empty() || nonce.len() > NONCE_BYTES_MAX || !whole_blocks {
            return Err(PaceError::Protocol);
        }
        let key = derive_key(self.info.cipher, &password.encoded(), KeyPurpose::Password);
        let key = AesKey::new(&key).ok_or(PaceError::Calculation)?;
        key.cbc_decrypt([0; BLOCK_BYTES], &mut nonce);
        Ok(nonce)
    }

    /// The generator that both sides make of the nonce, with a key pair each.
    fn map(&mut self, nonce: &[u8]) -> Result<EcPoint, PaceError> {
        let key = self.curve.draw_key(self.entropy)?;
        let public_key = self.curve.multiply_generator(&key)?;
        let (_, _, card_key) = self.exchange_keys(&public_key, OUR_MAPPING_KEY, CARD_MAPPING_KEY)?;
        self.curve.map_generic(nonce, &key, &card_key)?.ok_or(PaceError::Protocol)
    }

    /// Diffie and Hellman with that generator.
    fn agree(&mut self, generator: &EcPointRef) -> Result<Agreement, PaceError> {
        let key = self.curve.draw_key(self.entropy)?;
        let public_key = self.curve.multiply(generator, &key)?;
        let (our_key, card_key, card_point) =
            self.exchange_keys(&public_key, OUR_EPHEMERAL_KEY, CARD_EPHEMERAL_KEY)?;
        let secret = self.curve.agree(&key, &public_key, &card_point)?;
        Ok(Agreement { secret, our_key, card_key })
    }

    /// Sends our public key, and returns it, the card's, and the card's as a point.
    fn exchange_keys(
        &mut self,
        public_key: &EcPointRef,
        ours: Tag,
        theirs: Tag,
    ) -> Result<(Vec<u8>, Vec<u8>, EcPoint), PaceError> {
        let our_key = self.curve.encode_point(public_key)?;
        let card_key = self.general_authenticate(CLA_CHAINED, Some((ours, &our_key)), theirs)?.to_vec();
        let point = self.curve.decode_point(&card_key).ok_or(PaceError::Protocol)?;
        // A card that echoes our key knows nothing (ICAO Doc 9303-11, 4.4.1).
        if card_key == our_key {
            return Err(PaceError::Protocol);
        }
        Ok((our_key, card_key, point))
    }

    /// Each side proves by a token over the other's public key that it has the same secret.
    fn authenticate(&mut self, agreement: &Agreement) -> Result<(), PaceError> {
        let key = derive_key(self.info.cipher, &agreement.secret, KeyPurpose::Mac);
        let key = AesKey::new(&key).ok_or(PaceError::Calculation)?;
        let token = key.mac(once(self.token_input(&agreement.card_key).as_slice()));
        let answer = match self.general_authenticate(CLA_LAST, Some((OUR_TOKEN, &token)), CARD_TOKEN) {
            Err(PaceError::Refused(status)) if is_wrong_password(status) => {
                return Err(PaceError::WrongPassword);
            }
            answer => answer?,
        };
        let card_token = <&[u8; MAC_BYTES]>::try_from(answer.as_slice()).map_err(|_| PaceError::Protocol)?;
        let ours = self.token_input(&agreement.our_key);
        if key.verify(once(ours.as_slice()), card_token) { Ok(()) } else { Err(PaceError::WrongPassword) }
    }

    /// A public key as the tokens take it (TR-03110-3, A.2.4 and D.3.3).
    fn token_input(&self, public_key: &[u8]) -> Vec<u8> {
        let mut content = Vec::with_capacity(public_key.len() + 16);
        tlv::write(&mut content, OBJECT_IDENTIFIER, &self.info.protocol());
        tlv::write(&mut content, PUBLIC_POINT, public_key);
        let mut input = Vec::with_capacity(content.len() + 6);
        tlv::write(&mut input, PUBLIC_KEY, &content);
        input
    }

    /// GENERAL AUTHENTICATE (ICAO Doc 9303-11, 4.4.4.2): sends one object or none, and returns the value of the one
    /// that must come back.
    fn general_authenticate(
        &mut self,
        cla: u8,
        object: Option<(Tag, &[u8])>,
        expected: Tag,
    ) -> Result<Zeroizing<Vec<u8>>, PaceError> {
        let mut content = Vec::new();
        if let Some((tag, value)) = object {
            tlv::write(&mut content, tag, value);
        }
        let mut data = Vec::with_capacity(content.len() + 4);
        tlv::write(&mut data, DYNAMIC_AUTHENTICATION_DATA, &content);
        let command = command(cla, INS_GENERAL_AUTHENTICATE, 0, 0, &data)?.with_ne(self.channel.ne_max());
        let response = self.channel.execute(&command)?;
        if !response.status.is_ok() {
            return Err(PaceError::Refused(response.status));
        }
        only_object(&response.data, DYNAMIC_AUTHENTICATION_DATA)
            .and_then(|outer| only_object(outer, expected))
            .map(|value| Zeroizing::new(value.to_vec()))
            .ok_or(PaceError::Protocol)
    }
}

fn command(cla: u8, ins: u8, p1: u8, p2: u8, data: &[u8]) -> Result<CommandApdu, PaceError> {
    CommandApdu::new(cla, ins, p1, p2)
        .with_data(data)
        .map(|command| command.with_sensitivity(Sensitivity::Secret))
        .map_err(|_| PaceError::Calculation)
}

/// The value of the object that `bytes` are, all of them.
fn only_object(bytes: &[u8], tag: Tag) -> Option<&[u8]> {
    let object = Reader::new(bytes).next()?.ok()?;
    (object.tag() == tag && object.encoded().len() == bytes.len()).then_some(object.value())
}

/// `6300`, or `63Cx` where the card counts tries.
fn is_wrong_password(status: StatusWord) -> bool {
    status == StatusWord::AUTHENTICATION_FAILED || status.tries_left().is_some()
}
