//! Sealing of bodies: AES-256-GCM (NIST SP 800-38D) under the key of their scope.
//!
//! Nonces are random 96-bit values; a key seals the few dozen events of one concern, far below the 2^32 messages that
//! SP 800-38D, section 8.3 allows.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use identification::Scope;
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::StoreError;

/// Length of a nonce in bytes.
pub(crate) const NONCE_LENGTH: usize = 12;
/// Length of a scope's key in bytes.
pub(crate) const KEY_LENGTH: usize = 32;

/// The key of one scope. Destroying it erases everything that it sealed.
#[derive(Clone)]
pub(crate) struct ScopeKey(Zeroizing<[u8; KEY_LENGTH]>);

impl ScopeKey {
    pub(crate) fn new(bytes: Zeroizing<[u8; KEY_LENGTH]>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Seals `plain`; `header` is authenticated with it.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        header: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        self.cipher()
            .encrypt(&Nonce::from(*nonce), Payload { msg: plain, aad: header })
            .map_err(|_| StoreError::TooLarge { what: "sealed body", limit: usize::MAX })
    }

    /// Opens what [`ScopeKey::seal`] made with the same header.
    pub(crate) fn open(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        header: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.cipher()
            .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: header })
            .map(Zeroizing::new)
            .map_err(|_| StoreError::Malformed { what: "sealed body" })
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new((&*self.0).into())
    }
}

/// What the database has under a scope's id.
pub(crate) enum KeyState {
    Absent,
    Live(ScopeKey),
    Destroyed,
}

/// Looks a scope's key up.
pub(crate) fn key_of(connection: &Connection, scope: Uuid) -> Result<KeyState, StoreError> {
    let found = connection
        .prepare_cached("SELECT key FROM scope_key WHERE scope_id = ?1")?
        .query_row([scope.as_bytes().as_slice()], |row| {
            let key = row.get_ref(0)?.as_blob_or_null()?;
            Ok(key.map(|bytes| {
                let mut key = Zeroizing::new([0; KEY_LENGTH]);
                // The table's CHECK holds the length.
                key.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
                ScopeKey(key)
            }))
        })
        .optional()?;
    Ok(match found {
        None => KeyState::Absent,
        Some(None) => KeyState::Destroyed,
        Some(Some(key)) => KeyState::Live(key),
    })
}

/// The scope's key, which is `fresh` if this is the first use.
pub(crate) fn key_for(
    connection: &Connection,
    scope: Uuid,
    fresh: &ScopeKey,
) -> Result<ScopeKey, StoreError> {
    match key_of(connection, scope)? {
        KeyState::Live(key) => Ok(key),
        KeyState::Destroyed => Err(StoreError::Erased),
        KeyState::Absent => {
            connection
                .prepare_cached("INSERT INTO scope_key (scope_id, key) VALUES (?1, ?2)")?
                .execute((scope.as_bytes().as_slice(), fresh.bytes()))?;
            Ok(fresh.clone())
        }
    }
}

/// A scope's stored form: its kind and its id.
pub(crate) fn scope_parts(scope: Scope) -> (&'static str, Uuid) {
    match scope {
        Scope::Visit(id) => ("visit", id.uuid()),
        Scope::Identification(id) => ("identification", id.uuid()),
        Scope::Concern(id) => ("concern", id.uuid()),
    }
}

/// The opposite of [`scope_parts`].
pub(crate) fn scope_from(kind: &str, id: Uuid) -> Result<Scope, StoreError> {
    match kind {
        "visit" => Ok(Scope::Visit(identification::VisitId::new(id))),
        "identification" => Ok(Scope::Identification(identification::IdentificationId::new(id))),
        "concern" => Ok(Scope::Concern(identification::ConcernId::new(id))),
        _ => Err(StoreError::Malformed { what: "scope" }),
    }
}
