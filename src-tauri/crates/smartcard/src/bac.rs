//! Basic Access Control (ICAO Doc 9303-11, 4.3): a session key from what is printed in the machine-readable
//! zone. Whoever has listened can try zones afterwards, which is why PACE goes before it.

use crate::apdu::{CommandApdu, Sensitivity};
use crate::channel::{CardChannel, ChannelError};
use crate::crypto::aes::{Block, MAC_BYTES};
use crate::crypto::cipher::{CipherKey, MacKey};
use crate::crypto::kdf::{KeyPurpose, SessionCipher, sha1};
use crate::entropy::{Entropy, NoEntropy};
use crate::exchange::CardChannelExt;
use crate::secure_messaging::SecureMessaging;
use crate::status::StatusWord;
use openssl::memcmp;
use zeroize::Zeroizing;

const INS_GET_CHALLENGE: u8 = 0x84;
const INS_EXTERNAL_AUTHENTICATE: u8 = 0x82;

/// Bytes of each side's nonce.
const NONCE_BYTES: usize = 8;
/// Bytes of the key that each side contributes, and of the one that the zone gives.
const KEY_BYTES: usize = 16;
/// Bytes of either cryptogram: two nonces and a contribution.
const CRYPTOGRAM_BYTES: usize = 2 * NONCE_BYTES + KEY_BYTES;

/// Why no secure channel came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BacError {
    /// No answer came from the card.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The zone isn't this card's: the card's or our own check failed.
    #[error("the key from the machine-readable zone is wrong")]
    WrongKey,
    /// The card refused a step.
    #[error("the card refused with {0}")]
    Refused(StatusWord),
    /// The card's answer isn't what the protocol says.
    #[error("the card's answer breaks the protocol")]
    Protocol,
    /// Our side failed.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}

/// Runs Basic Access Control on a channel without protection, where the application of the travel document is
/// selected, and returns the keys of the session.
///
/// `mrz_information` is document number, date of birth and date of expiry of the machine-readable zone, with the
/// check digit behind each, in ASCII (ICAO Doc 9303-11, 4.3.2). `entropy` is asked for a nonce of 8 bytes, then
/// for a key of 16.
///
/// # Errors
/// Every [`BacError`]. The card has then no session, and can be asked again.
pub fn establish(
    channel: &mut dyn CardChannel,
    mrz_information: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<SecureMessaging, BacError> {
    let keys = AccessKeys::derive(mrz_information);
    let card_nonce = get_challenge(channel)?;
    let mut nonce = [0; NONCE_BYTES];
    entropy.fill(&mut nonce)?;
    let mut contribution = Zeroizing::new([0; KEY_BYTES]);
    entropy.fill(&mut *contribution)?;

    let ours = Contribution { first: nonce, second: card_nonce, key: contribution };
    let answer = external_authenticate(channel, &keys.seal(&ours))?;
    let theirs = keys.open(&answer).ok_or(BacError::WrongKey)?;
    // The card's own nonce back, and ours: it knows the key, and isn't repeating another session.
    if theirs.first != card_nonce || !memcmp::eq(&theirs.second, &nonce) {
        return Err(BacError::WrongKey);
    }
    let mut seed = Zeroizing::new([0; KEY_BYTES]);
    for ((seed, ours), theirs) in seed.iter_mut().zip(&*ours.key).zip(&*theirs.key) {
        *seed = ours ^ theirs;
    }
    let counter = counter(&card_nonce, &nonce);
    Ok(SecureMessaging::derive_at(SessionCipher::TripleDes, &*seed, counter))
}

/// The right halves of both nonces (ICAO Doc 9303-11, 9.8.6.3).
fn counter(card_nonce: &[u8; NONCE_BYTES], nonce: &[u8; NONCE_BYTES]) -> u64 {
    let right = |nonce: &[u8; NONCE_BYTES]| u64::from_be_bytes(*nonce) & u64::from(u32::MAX);
    right(card_nonce) << u32::BITS | right(nonce)
}

fn get_challenge(channel: &mut dyn CardChannel) -> Result<[u8; NONCE_BYTES], BacError> {
    let command = CommandApdu::new(0x00, INS_GET_CHALLENGE, 0, 0)
        .with_ne(NONCE_BYTES)
        .with_sensitivity(Sensitivity::Secret);
    let response = channel.execute(&command)?;
    if !response.status.is_ok() {
        return Err(BacError::Refused(response.status));
    }
    <[u8; NONCE_BYTES]>::try_from(response.data.as_slice()).map_err(|_| BacError::Protocol)
}

fn external_authenticate(
    channel: &mut dyn CardChannel,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, BacError> {
    let command = CommandApdu::new(0x00, INS_EXTERNAL_AUTHENTICATE, 0, 0)
        .with_data(sealed)
        .map_err(|_| BacError::Protocol)?
        .with_ne(CRYPTOGRAM_BYTES + MAC_BYTES)
        .with_sensitivity(Sensitivity::Secret);
    let response = channel.execute(&command)?;
    match response.status {
        StatusWord::OK if response.data.len() == CRYPTOGRAM_BYTES + MAC_BYTES => Ok(response.data),
        StatusWord::OK => Err(BacError::Protocol),
        // Doc 9303 leaves the status open, and cards differ.
        StatusWord::AUTHENTICATION_FAILED
        | StatusWord::SECURITY_STATUS_NOT_SATISFIED
        | StatusWord::CONDITIONS_NOT_SATISFIED => Err(BacError::WrongKey),
        status => Err(BacError::Refused(status)),
    }
}

/// What one side puts under the keys: its own nonce first.
struct Contribution {
    first: [u8; NONCE_BYTES],
    second: [u8; NONCE_BYTES],
    key: Zeroizing<[u8; KEY_BYTES]>,
}

/// The document basic access keys (ICAO Doc 9303-11, 9.7.2).
struct AccessKeys {
    encryption: CipherKey,
    mac: MacKey,
}

impl AccessKeys {
    fn derive(mrz_information: &[u8]) -> Self {
        let hash = sha1(mrz_information);
        let seed = hash.get(..KEY_BYTES).unwrap_or_default();
        let cipher = SessionCipher::TripleDes;
        Self {
            encryption: CipherKey::derive(cipher, seed, KeyPurpose::Encryption),
            mac: MacKey::derive(cipher, seed, KeyPurpose::Mac),
        }
    }

    /// The cryptogram and its check value.
    fn seal(&self, contribution: &Contribution) -> Zeroizing<Vec<u8>> {
        let mut sealed = Zeroizing::new(Vec::with_capacity(CRYPTOGRAM_BYTES + MAC_BYTES));
        sealed.extend_from_slice(&contribution.first);
        sealed.extend_from_slice(&contribution.second);
        sealed.extend_from_slice(&*contribution.key);
        self.encryption.cbc_encrypt(Block::default(), &mut sealed);
        let mac = self.mac.mac(self.mac.parts(&sealed));
        sealed.extend_from_slice(&mac);
        sealed
    }

    /// `None` unless the check value is right.
    fn open(&self, sealed: &[u8]) -> Option<Contribution> {
        let (cryptogram, mac) = sealed.split_last_chunk::<MAC_BYTES>()?;
        let mut opened = Zeroizing::new(<[u8; CRYPTOGRAM_BYTES]>::try_from(cryptogram).ok()?);
        if !self.mac.verify(self.mac.parts(cryptogram), mac) {
            return None;
        }
        self.encryption.cbc_decrypt(Block::default(), &mut *opened);
        let (first, rest) = opened.split_first_chunk()?;
        let (second, key) = rest.split_first_chunk()?;
        let key = Zeroizing::new(<[u8; KEY_BYTES]>::try_from(key).ok()?);
        Some(Contribution { first: *first, second: *second, key })
    }
}
