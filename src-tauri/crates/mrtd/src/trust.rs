//! Whom we trust to vouch for travel documents: country signing authorities (CSCA), their revocation lists, and lists
//! of known defects.
//!
//! Nothing is built in: there is no root above the states, and no test root that all test documents have in common.
//! Everything is imported by an administrator, who pins the root that signs the master lists; so there is nothing
//! here that a workshop build would take and another not. Whoever may choose files and roots decides which documents
//! are genuine.

mod defect_list;
mod error;
mod files;
mod master_list;
mod newest;
mod revocation_list;
mod root;
mod signed_list;

pub use defect_list::KnownDefects;
pub use error::{TrustError, TrustProblem};
pub use files::TRUST_FILE_BYTES_MAX;
pub use master_list::ImportedMasterList;
pub use newest::{DamagedNote, NewestList, SignedListKind};
pub use root::Root;

use crate::passive::certificate::Certificate;
use crate::passive::time::day_of;
use crate::verdict::{Reason, Verdict};
use defect_list::DefectList;
use jiff::Timestamp;
use jiff::civil::Date;
use newest::KeptList;
use revocation_list::RevocationList;
use std::collections::BTreeSet;
use std::fmt;

/// Most authorities of one kind (of one master list, or from single files). The German master list of 2026 has 588.
pub const AUTHORITIES_MAX: usize = 4_096;
/// Most revocation lists: some hundred states, with a few keys each.
pub const REVOCATION_LISTS_MAX: usize = 1_024;
/// Most master lists of different roots, and most defect lists.
pub const SIGNED_LISTS_MAX: usize = 16;
/// For how long a revocation list is fresh: states issue one every ninety days at least (Doc 9303-12).
pub const REVOCATION_LIST_DAYS_MAX: i32 = 90;

/// Country signing authorities, revocation lists and defect lists. The default trusts nobody.
///
/// It keeps nothing itself: its state is the files that it was made from, and which lists were the newest
/// ([`TrustState::newest_lists`]), by which an older list is refused when the store is made anew, and one that somebody
/// has taken away is missed ([`TrustState::missing_lists`]): without a defect list nobody's documents are defective. A
/// revocation list that is gone proves nothing any more, which each document's checks say.
#[derive(Default)]
pub struct TrustStore {
    certificates: Vec<Certificate>,
    /// The authorities that each names.
    master_lists: Vec<KeptList<Vec<Certificate>>>,
    revocation_lists: Vec<RevocationList>,
    defect_lists: Vec<KeptList<DefectList>>,
    /// Of each kind and root one.
    newest_lists: Vec<NewestList>,
    /// Roots that the files were read under, by the hashes of their names.
    pinned: Vec<[u8; 32]>,
}

/// What a store holds, for whoever has to see to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustState {
    /// Countries with at least one authority, as their certificates name them (`DE`), sorted.
    pub countries: Vec<String>,
    /// Certificates of authorities; one that is in several lists counts once for each.
    pub certificates: usize,
    /// The day (UTC) on which the oldest of the master lists was signed.
    pub master_list: Option<Date>,
    /// How many revocation lists there are.
    pub revocation_lists: usize,
    /// The day (UTC) on which the oldest of them was issued, of each issuer's the newest; after
    /// [`REVOCATION_LIST_DAYS_MAX`] days it no longer counts as fresh.
    pub oldest_revocation_list: Option<Date>,
    /// The day (UTC) on which the oldest of the defect lists was signed.
    pub defect_list: Option<Date>,
    /// Of each root the newest master list and the newest defect list that the store has had, or was told of: what to
    /// keep for [`TrustStore::from_files`].
    pub newest_lists: Vec<NewestList>,
    /// Those of them that aren't in the store, though their root is pinned: taken away, put back to an older one (which
    /// is refused), or signed by somebody who is revoked by now.
    pub missing_lists: Vec<NewestList>,
}

impl TrustStore {
    /// What it holds.
    pub fn state(&self) -> TrustState {
        let countries: BTreeSet<_> = self.authorities().filter_map(Certificate::country).collect();
        let oldest = |moments: &mut dyn Iterator<Item = Timestamp>| moments.min().map(day_of);
        let in_force = self.revocation_lists.iter().filter(|list| !self.has_newer_of_issuer(list));
        TrustState {
            countries: countries.into_iter().collect(),
            certificates: self.authorities().count(),
            master_list: oldest(&mut self.master_lists.iter().map(|kept| kept.list.signed)),
            revocation_lists: self.revocation_lists.len(),
            oldest_revocation_list: oldest(&mut in_force.map(|list| list.issued)),
            defect_list: oldest(&mut self.defect_lists.iter().map(|kept| kept.list.signed)),
            newest_lists: self.newest_lists.clone(),
            missing_lists: self.missing_lists(),
        }
    }

    /// Every authority: from single files, then from the master lists.
    pub(crate) fn authorities(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().chain(self.master_lists.iter().flat_map(|kept| &kept.contents))
    }

    /// Whether a list names the signer as revoked, or its documents as not to be used. `authority` is who has made
    /// the signer, if that is known.
    pub(crate) fn revocation(
        &self,
        signer: &Certificate,
        authority: Option<&Certificate>,
        today: Date,
    ) -> Verdict {
        let mut defects = self.defect_lists.iter().map(|kept| kept.contents.passive_verdict(signer));
        if let Some(verdict) = defects.find(|verdict| *verdict != Verdict::Valid) {
            return verdict;
        }
        let mut lists = self.revocation_lists.iter();
        if lists.any(|list| list.revokes(signer, authority))
            || authority.is_some_and(|it| self.is_revoked(it))
        {
            return Verdict::Invalid(Reason::Revoked);
        }
        let is_fresh = |list: &RevocationList| list.is_of_issuer(signer, authority) && list.is_fresh(today);
        match authority {
            None => Verdict::NotVerifiable(Reason::UnknownIssuer),
            Some(_) if self.revocation_lists.iter().any(is_fresh) => Verdict::Valid,
            Some(_) => Verdict::NotVerifiable(Reason::NoRevocationList),
        }
    }

    /// Whether a list of the issuer that the certificate names revokes it.
    fn is_revoked(&self, certificate: &Certificate) -> bool {
        self.revocation_lists.iter().any(|list| list.revokes(certificate, None))
    }

    fn has_newer_of_issuer(&self, list: &RevocationList) -> bool {
        self.revocation_lists.iter().any(|other| other.issued > list.issued && other.is_by_issuer_of(list))
    }

    /// What the defect lists say of keys in the chips of this signer's documents.
    pub(crate) fn known_defects(&self, signer: &Certificate) -> KnownDefects {
        self.defect_lists
            .iter()
            .fold(KnownDefects::default(), |known, kept| known.or(kept.contents.known(signer)))
    }
}

/// Puts a list in the place of the one that it follows, or beside the others; never an older one.
fn keep_newest<T>(
    lists: &mut Vec<T>,
    new: T,
    max: usize,
    follows: impl Fn(&T, &T) -> bool,
    is_older: impl Fn(&T, &T) -> bool,
) -> Result<(), TrustError> {
    let full = lists.len() == max;
    match lists.iter_mut().find(|known| follows(&new, known)) {
        Some(known) if is_older(&new, known) => return Err(TrustError::Older),
        Some(known) => *known = new,
        None if full => return Err(TrustError::TooMany),
        None => lists.push(new),
    }
    Ok(())
}

impl fmt::Debug for TrustStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state().fmt(f)
    }
}

#[cfg(test)]
mod tests;
