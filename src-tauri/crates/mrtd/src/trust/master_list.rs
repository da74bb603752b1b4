//! CSCA master lists (Doc 9303-12): the authorities of many states, signed by one of them.

use super::error::TrustError;
use super::newest::SignedListKind;
use super::root::Root;
use super::{AUTHORITIES_MAX, TrustStore, signed_list};
use crate::passive::certificate::Certificate;
use crate::passive::der::{Element, INTEGER, NotDer, SEQUENCE, SET};
use crate::passive::oids;
use crate::passive::signed_data::SignedData;
use crate::passive::time::day_of;
use jiff::civil::Date;

/// Largest master list: the German one has about a megabyte.
const MASTER_LIST_BYTES_MAX: usize = 8 << 20;

/// What a master list has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportedMasterList {
    /// The day (UTC) on which it was signed.
    pub signed: Date,
    /// How many authorities it names.
    pub certificates: usize,
    /// How many of its certificates were left out, because they are no authorities', lead from one country into
    /// another, or can't be read.
    pub left_out: usize,
}

impl TrustStore {
    /// Imports a master list (CMS in DER or BER), in place of an older one under the same root.
    ///
    /// Its signer must be below one of the roots, directly or over link certificates in the list, with a certificate
    /// for master lists that no revocation list in the store names, and have signed it not later than today. With it,
    /// every authority that it names is trusted.
    ///
    /// # Errors
    /// Every [`TrustError`] but [`TrustError::NotAnAuthority`] and [`TrustError::UnknownIssuer`].
    pub fn import_master_list(
        &mut self,
        cms: &[u8],
        roots: &[Root],
        today: Date,
    ) -> Result<ImportedMasterList, TrustError> {
        if cms.len() > MASTER_LIST_BYTES_MAX {
            return Err(TrustError::TooLarge);
        }
        let list = SignedData::parse(cms).map_err(|_| TrustError::Malformed)?;
        self.add_master_list(&list, roots, today)
    }

    pub(super) fn add_master_list(
        &mut self,
        list: &SignedData,
        roots: &[Root],
        today: Date,
    ) -> Result<ImportedMasterList, TrustError> {
        if list.content_type != oids::MASTER_LIST {
            return Err(TrustError::Malformed);
        }
        let listed = read_list(&list.content).map_err(|_| TrustError::Malformed)?;
        let total = listed.len();
        if total > AUTHORITIES_MAX {
            return Err(TrustError::TooMany);
        }
        let certificates = listed.iter().filter_map(|element| Certificate::from_der(element.encoded));
        let authorities: Vec<_> =
            certificates.filter(|it| it.is_authority() && it.is_within_one_country()).collect();
        let provenance = signed_list::check(list, SignedListKind::Master, roots, &authorities, today)?;
        let imported = ImportedMasterList {
            signed: day_of(provenance.list.signed),
            certificates: authorities.len(),
            left_out: total - authorities.len(),
        };
        self.keep(|store| &mut store.master_lists, provenance, authorities)?;
        Ok(imported)
    }
}

/// CscaMasterList: a version and a set of certificates.
fn read_list(content: &[u8]) -> Result<Vec<Element<'_>>, NotDer> {
    let mut parts = Element::only(content, SEQUENCE)?.children();
    parts.take(INTEGER)?;
    let certificates = parts.take(SET)?;
    parts.end()?;
    certificates.children().all(SEQUENCE, AUTHORITIES_MAX + 1)
}
