//! What a desk that is wiped or revoked leaves behind: the records that it could not deliver, for the insurer alone.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    Delivery,
    seal::{PublicJwk, SealError},
};

/// Most octets of records that are sealed at once: all that waits after days without a line, many times over.
const MAX_SEALED: usize = 32 * 1024 * 1024;

/// Octets around a body: its kind, its id, the names of the members.
const FRAME: usize = 128;

/// The insurer's public key for records that were never delivered (JWK, RFC 7517). Public: kept at the desk from the
/// first contact on, since it is needed when there is no more.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PublicJwk", into = "PublicJwk")]
pub struct RecoveryKey(PublicJwk);

impl RecoveryKey {
    /// The key's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.id()
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveryKey({})", self.id())
    }
}

impl TryFrom<PublicJwk> for RecoveryKey {
    type Error = SealError;

    fn try_from(jwk: PublicJwk) -> Result<Self, SealError> {
        jwk.usable().map(Self)
    }
}

impl From<RecoveryKey> for PublicJwk {
    fn from(key: RecoveryKey) -> Self {
        key.0
    }
}

/// A record as it is sealed: where it was to go, and its body as text, whose signature and hash still hold.
#[derive(Serialize)]
struct Undelivered<'a> {
    kind: &'static str,
    id: Uuid,
    body: &'a str,
}

/// Seals records, in the order in which they are to be delivered: a JWE in compact serialization (ECDH-ES+A256KW,
/// A256GCM) over a JSON array of `{"kind", "id", "body"}`.
///
/// # Errors
/// [`SealError`]; none of them holds anything of a record.
pub fn seal_records(records: &[Delivery], key: &RecoveryKey) -> Result<String, SealError> {
    let octets: usize = records.iter().map(|record| record.body.len()).sum();
    if octets > MAX_SEALED {
        return Err(SealError::Length);
    }
    let undelivered: Vec<_> = records
        .iter()
        .map(|record| Undelivered { kind: record.kind.as_str(), id: record.id, body: &record.body })
        .collect();
    // Room for every escape, so that no copy is left behind where it grew.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(2 * octets + FRAME * records.len() + 2));
    serde_json::to_writer(&mut *plaintext, &undelivered).map_err(|_| SealError::Cryptography)?;
    key.0.encrypt(&plaintext)
}
