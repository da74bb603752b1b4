//! Which lists a store has had, so that nobody brings an older one back while it is down.

use super::TrustStore;
use super::error::TrustError;
use super::signed_list::Provenance;
use crate::quietly::quietly;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// A kind of list that somebody below a pinned root signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignedListKind {
    /// A master list.
    Master,
    /// A defect list.
    Defect,
}

/// The newest list of its kind that there has been under a root. Whoever makes a store of files keeps what
/// [`TrustState::newest_lists`](super::TrustState::newest_lists) has, and gives it to [`TrustStore::from_files`] the
/// next time. It tells of nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewestList {
    /// Its kind.
    pub kind: SignedListKind,
    /// SHA-256 of the root's name in DER.
    pub root: [u8; 32],
    /// When it was signed.
    pub signed: Timestamp,
}

impl NewestList {
    pub(super) fn of(kind: SignedListKind, list: &Provenance) -> Result<Self, TrustError> {
        let root = quietly(|| list.root.to_der()).ok_or(TrustError::Malformed)?;
        Ok(Self { kind, root: Sha256::digest(&root).into(), signed: list.signed })
    }

    fn is_beside(&self, other: &Self) -> bool {
        self.kind == other.kind && self.root == other.root
    }
}

impl TrustStore {
    /// Whether a list may come in: nobody has revoked its signer, and there was no newer one before.
    pub(super) fn admit(&self, list: &NewestList, provenance: &Provenance) -> Result<(), TrustError> {
        if self.is_revoked(&provenance.signer) {
            return Err(TrustError::Revoked);
        }
        let mut beside = self.newest_lists.iter().filter(|known| known.is_beside(list));
        if beside.any(|known| list.signed < known.signed) { Err(TrustError::Older) } else { Ok(()) }
    }

    /// Notes that a list has come in.
    pub(super) fn remember(&mut self, list: NewestList) {
        self.newest_lists.retain(|known| !known.is_beside(&list));
        self.newest_lists.push(list);
    }
}
