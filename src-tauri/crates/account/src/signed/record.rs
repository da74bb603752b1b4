//! Records: what a desk delivers, signed by it and linked to what it delivered before.
//!
//! A record is a JSON object that names its kind, its id, its desk, its place in the desk's chain and, in `signature`, a detached
//! JWS (RFC 7515, appendix F) over the canonical form (JCS, RFC 8785) of everything else. Its hash is SHA-256 of
//! the canonical form of the whole; the next record names it. The body that a desk freezes is that form already,
//! but whoever verifies takes any spelling.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    certificates::{Authorities, SignedWith},
    json::{MAX_INTEGER, canonical, object},
    jws::{Jws, JwsError, sign_detached},
};
use crate::{DeliveryKind, DeskIdentity, identity::DESK_URI};

/// Type of the signature of a record.
const TYPE: &str = "identplatz-record";
/// Longest record, in bytes: the contract's limit for a segment of the journal; for any other it is 64 KiB.
pub const MAX_RECORD: usize = 512 * 1024;

/// A record's place in its desk's chain: its number and its hash, to which the next one is linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordLink {
    /// 1 for the first record; no number is left out, whatever certificate the desk has.
    pub seq: u64,
    /// SHA-256 of the record's canonical form.
    pub hash: [u8; 32],
}

impl RecordLink {
    /// Before the first record.
    pub const START: Self = Self { seq: 0, hash: [0; 32] };
}

/// Why a record was not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Longer than the contract takes.
    #[error("the record is too long")]
    Length,
    /// The chain has no next number.
    #[error("the chain of records has no next number")]
    ChainFull,
    /// The record is no JSON object, or the cryptographic library failed.
    #[error("the record could not be signed")]
    Cryptography,
}

/// Why a text is no record of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The authorities' certificates are unreadable.
    #[error("the authorities' certificates can't be used")]
    Authorities,
    /// Too long, no I-JSON object (RFC 7493) with integers only, or it lacks kind, id, desk, chain or signature.
    #[error("not a record")]
    Malformed,
    /// None of the authorities issued the certificate that it is signed with.
    #[error("the record is signed with a certificate of an unknown authority")]
    Certificate,
    /// It names another desk than the certificate does.
    #[error("the record is signed by another desk than it names")]
    Desk,
    /// It was changed after it was signed.
    #[error("the record's signature is wrong")]
    Signature,
}

/// A record whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedRecord {
    /// What it is: nothing else can be made of it, wherever it is delivered.
    pub kind: DeliveryKind,
    /// Id under which it is delivered: for a code, its hand-over and its voiding the code's.
    pub id: Uuid,
    /// Who signed it.
    pub desk: String,
    /// Its own place in the chain.
    pub link: RecordLink,
    /// Hash of the record before it; zeros for the first.
    pub prev: [u8; 32],
    /// With what.
    pub signed_with: SignedWith,
}

/// Why records don't follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SequenceError {
    /// Some are missing.
    #[error("after record {after}, record {found} follows")]
    Gap {
        /// The last number before the gap.
        after: u64,
        /// The first number after it.
        found: u64,
    },
    /// Two records have that number, or the one with it follows another one than is here.
    #[error("record {seq} does not follow the one before it")]
    Forked {
        /// Its number.
        seq: u64,
    },
    /// A record is another desk's than the first.
    #[error("record {seq} is of another desk")]
    OtherDesk {
        /// Its number.
        seq: u64,
    },
}

/// Members that a record has beside its own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chain {
    seq: u64,
    prev: String,
}

/// Signs `record` as the one after `last`; the frozen body and its place in the chain.
pub(crate) fn sign(
    (kind, id): (DeliveryKind, Uuid),
    record: &impl Serialize,
    longest: usize,
    identity: &DeskIdentity,
    last: &RecordLink,
) -> Result<(Zeroizing<String>, RecordLink), SignError> {
    let seq = last.seq.checked_add(1).filter(|seq| *seq <= MAX_INTEGER).ok_or(SignError::ChainFull)?;
    let Ok(Value::Object(mut members)) = serde_json::to_value(record) else {
        return Err(SignError::Cryptography);
    };
    let chain = Chain { seq, prev: Base64UrlUnpadded::encode_string(&last.hash) };
    members.insert("record".to_owned(), kind.as_str().into());
    members.insert("id".to_owned(), id.to_string().into());
    members.insert("desk".to_owned(), identity.desk().into());
    members.insert("chain".to_owned(), serde_json::to_value(chain).map_err(|_| SignError::Cryptography)?);
    let payload = canonical(&members).map_err(|_| SignError::Cryptography)?;
    let signature = sign_detached(TYPE, payload.as_bytes(), identity).ok_or(SignError::Cryptography)?;
    members.insert("signature".to_owned(), signature.into());
    let body = canonical(&members).map_err(|_| SignError::Cryptography)?;
    if body.len() > longest {
        return Err(SignError::Length);
    }
    let hash = Sha256::digest(body.as_bytes()).into();
    Ok((body, RecordLink { seq, hash }))
}

/// Verifies one record without asking anybody. `authorities_pem` are the certificates, in PEM, of those who may
/// certify desks. That the certificate was valid when the record was made is left to the caller
/// ([`SignedWith::was_valid_at`]), who knows when that was.
///
/// # Errors
/// [`RecordError`].
pub fn verify_record(body: &str, authorities_pem: &str) -> Result<VerifiedRecord, RecordError> {
    let authorities = Authorities::from_pem(authorities_pem).ok_or(RecordError::Authorities)?;
    if body.len() > MAX_RECORD {
        return Err(RecordError::Malformed);
    }
    let mut members = object(body.as_bytes()).ok_or(RecordError::Malformed)?;
    let hash = Sha256::digest(canonical(&members).map_err(|_| RecordError::Malformed)?.as_bytes()).into();
    let Place { kind, id, desk, seq, prev } = place(&members).ok_or(RecordError::Malformed)?;
    let Some(Value::String(signature)) = members.remove("signature") else {
        return Err(RecordError::Malformed);
    };
    let jws = Jws::parse(&signature, TYPE).filter(|jws| jws.payload.is_empty());
    let jws = jws.ok_or(RecordError::Malformed)?;
    let signed = canonical(&members).map_err(|_| RecordError::Malformed)?;
    jws.verify(&Base64UrlUnpadded::encode_string(signed.as_bytes()), &authorities).map_err(|error| {
        match error {
            JwsError::Certificate => RecordError::Certificate,
            JwsError::Signature => RecordError::Signature,
        }
    })?;
    if jws.leaf.uri_after(DESK_URI).as_deref() != Some(desk.as_str()) {
        return Err(RecordError::Desk);
    }
    let signed_with = jws.leaf.signed_with().ok_or(RecordError::Certificate)?;
    Ok(VerifiedRecord { kind, id, desk, link: RecordLink { seq, hash }, prev, signed_with })
}

/// Kind, id and place in the chain of a record in its canonical form; its signature has not been looked at.
pub(crate) fn frozen(body: &str) -> Option<(DeliveryKind, Uuid, RecordLink)> {
    if body.len() > MAX_RECORD {
        return None;
    }
    let members = object(body.as_bytes())?;
    let Place { kind, id, seq, .. } = place(&members)?;
    let is_canonical = members.get("signature")?.is_string() && *canonical(&members).ok()? == *body;
    let hash = Sha256::digest(body.as_bytes()).into();
    is_canonical.then_some((kind, id, RecordLink { seq, hash }))
}

/// What a record says of itself.
struct Place {
    kind: DeliveryKind,
    id: Uuid,
    desk: String,
    seq: u64,
    prev: [u8; 32],
}

fn place(members: &Map<String, Value>) -> Option<Place> {
    let kind = DeliveryKind::from_name(members.get("record")?.as_str()?)?;
    let id = members.get("id")?.as_str()?.parse().ok()?;
    let desk = members.get("desk")?.as_str()?.to_owned();
    let chain = Chain::deserialize(members.get("chain")?).ok()?;
    let mut prev = [0; 32];
    let whole = Base64UrlUnpadded::decode(&chain.prev, &mut prev).ok()?.len() == prev.len();
    let first = chain.seq == RecordLink::START.seq + 1;
    let linked = chain.seq >= 1 && (!first || prev == RecordLink::START.hash);
    (whole && linked).then_some(Place { kind, id, desk, seq: chain.seq, prev })
}

/// Checks that records of one desk follow each other; in whatever order they are given. Where they start is the
/// caller's to judge: the first one's number and `prev` say it.
///
/// # Errors
/// [`SequenceError`], about the first one that doesn't follow.
pub fn check_sequence(records: &[VerifiedRecord]) -> Result<(), SequenceError> {
    let mut sorted: Vec<_> = records.iter().collect();
    sorted.sort_by_key(|record| record.link.seq);
    for pair in sorted.windows(2) {
        let [before, after] = pair else { continue };
        let seq = after.link.seq;
        if after.desk != before.desk {
            return Err(SequenceError::OtherDesk { seq });
        }
        // The same number or another predecessor: somebody wrote two histories.
        if seq == before.link.seq || (seq == before.link.seq + 1 && after.prev != before.link.hash) {
            return Err(SequenceError::Forked { seq });
        }
        if seq != before.link.seq + 1 {
            return Err(SequenceError::Gap { after: before.link.seq, found: seq });
        }
    }
    Ok(())
}

impl fmt::Display for RecordLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.seq, Base64UrlUnpadded::encode_string(&self.hash))
    }
}
