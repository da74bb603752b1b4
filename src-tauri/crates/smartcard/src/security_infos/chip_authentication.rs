//! Chip authentication: protocols and the keys that belong to them (TR-03110-3, A.1.1.2 and A.1.1.3).

use super::{SEQUENCE, SecurityInfo};
use crate::crypto::kdf::SessionCipher;
use std::cmp::Reverse;
use std::fmt;

/// id-CA, 0.4.0.127.0.7.2.2.3; below it the kind of key and the cipher.
const ID_CHIP_AUTHENTICATION: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03];
/// id-PK, 0.4.0.127.0.7.2.2.1; below it the kind of key.
const ID_PUBLIC_KEY: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01];
/// The arc of Diffie and Hellman, and of the same over elliptic curves.
const KINDS: [u8; 2] = [1, 2];
/// Longest key id; chips number their keys with a byte.
const KEY_ID_BYTES_MAX: usize = 8;
/// The version of a protocol that is inferred.
const VERSION_1: u8 = 1;

/// A way to run chip authentication, and the key that belongs to it.
///
/// `Debug` tells nothing of the key, which would recognize the chip.
#[derive(Clone, PartialEq, Eq)]
pub struct ChipAuthentication {
    /// The object identifier of the protocol, encoded: key agreement and cipher.
    pub protocol: Vec<u8>,
    /// What the session will be encrypted with.
    pub cipher: SessionCipher,
    /// The version of the protocol: 1 for travel documents, 2 behind terminal authentication.
    pub version: u8,
    /// How the key is named to the chip, without leading zeros, if it must be.
    pub key_id: Option<Vec<u8>>,
    /// The chip's key, DER.
    pub subject_public_key_info: Vec<u8>,
}

impl fmt::Debug for ChipAuthentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChipAuthentication")
            .field("cipher", &self.cipher)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// A `ChipAuthenticationInfo`.
struct Protocol {
    kind: u8,
    cipher: SessionCipher,
    version: u8,
    key_id: Option<Vec<u8>>,
}

/// A `ChipAuthenticationPublicKeyInfo`.
struct Key {
    kind: u8,
    key_id: Option<Vec<u8>>,
    subject_public_key_info: Vec<u8>,
}

/// Protocols and keys as they stand in the set, in any order.
#[derive(Default)]
pub(super) struct Offers {
    protocols: Vec<Protocol>,
    keys: Vec<Key>,
}

impl Offers {
    /// Takes an entry if it is one of chip authentication.
    pub(super) fn add(&mut self, info: &SecurityInfo<'_>) {
        self.protocols.extend(Protocol::of(info));
        self.keys.extend(Key::of(info));
    }

    /// Each protocol with its key; a kind of key without a protocol is used with 3DES.
    pub(super) fn matched(&self) -> Vec<ChipAuthentication> {
        let named = self.protocols.iter().filter_map(|protocol| {
            let key = self.key_for(protocol)?;
            let key_id = protocol.key_id.as_ref().or(key.key_id.as_ref());
            Some(key.used_with(protocol.cipher, protocol.version, key_id.cloned()))
        });
        let unnamed =
            self.keys.iter().filter(|key| self.protocols.iter().all(|protocol| protocol.kind != key.kind));
        let inferred =
            unnamed.map(|key| key.used_with(SessionCipher::TripleDes, VERSION_1, key.key_id.clone()));
        let mut matched: Vec<_> = named.chain(inferred).collect();
        matched.sort_by_key(|way| Reverse(way.cipher));
        matched
    }

    /// The keys alone.
    pub(super) fn into_public_keys(self) -> Vec<Vec<u8>> {
        self.keys.into_iter().map(|key| key.subject_public_key_info).collect()
    }

    /// The key of the same id, or the only one if either has none.
    fn key_for(&self, protocol: &Protocol) -> Option<&Key> {
        let mut keys = self.keys.iter().filter(|key| key.kind == protocol.kind);
        if let Some(same) = keys.clone().find(|key| key.key_id == protocol.key_id) {
            return Some(same);
        }
        let only = keys.next().filter(|_| keys.next().is_none())?;
        (only.key_id.is_none() || protocol.key_id.is_none()).then_some(only)
    }
}

impl Protocol {
    fn of(info: &SecurityInfo<'_>) -> Option<Self> {
        let [kind, arc] = info.protocol.strip_prefix(&ID_CHIP_AUTHENTICATION)? else { return None };
        let cipher = SessionCipher::ALL.into_iter().find(|cipher| cipher.arc() == *arc)?;
        KINDS.contains(kind).then_some(())?;
        Some(Self { kind: *kind, cipher, version: info.version()?, key_id: info.number().and_then(key_id) })
    }
}

impl Key {
    fn of(info: &SecurityInfo<'_>) -> Option<Self> {
        let [kind] = info.protocol.strip_prefix(&ID_PUBLIC_KEY)? else { return None };
        KINDS.contains(kind).then_some(())?;
        let key = info.required.filter(|key| key.tag() == SEQUENCE)?;
        Some(Self {
            kind: *kind,
            key_id: info.number().and_then(key_id),
            subject_public_key_info: key.encoded().to_vec(),
        })
    }

    fn used_with(&self, cipher: SessionCipher, version: u8, key_id: Option<Vec<u8>>) -> ChipAuthentication {
        let protocol = [&ID_CHIP_AUTHENTICATION[..], &[self.kind, cipher.arc()]].concat();
        let subject_public_key_info = self.subject_public_key_info.clone();
        ChipAuthentication { protocol, cipher, version, key_id, subject_public_key_info }
    }
}

/// A number without leading zeros, as the chip is told it; `None` if it is too long for one.
fn key_id(number: &[u8]) -> Option<Vec<u8>> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let significant = number.get(zeros.min(number.len().saturating_sub(1))..)?;
    (1..=KEY_ID_BYTES_MAX).contains(&significant.len()).then(|| significant.to_vec())
}
