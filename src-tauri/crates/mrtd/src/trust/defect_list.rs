//! Defect lists (TR-03129-2, 8): what is known to be wrong with the documents of a signer.

use super::error::TrustError;
use super::newest::{NewestList, SignedListKind};
use super::root::Root;
use super::signed_list::Provenance;
use super::{SIGNED_LISTS_MAX, TrustStore, keep_newest, signed_list};
use crate::passive::algorithms::Hash;
use crate::passive::certificate::Certificate;
use crate::passive::der::{Element, INTEGER, NotDer, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET};
use crate::passive::oids;
use crate::passive::signed_data::{SignedData, SignerIdentifier, same_name};
use crate::quietly::quietly;
use crate::verdict::{Reason, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use openssl::x509::X509Name;

/// Largest defect list.
const DEFECT_LIST_BYTES_MAX: usize = 1 << 20;
/// Most signers in one list, and most defects of one signer.
const ENTRIES_MAX: usize = 4_096;
const DEFECTS_MAX: usize = 64;

/// id-CertRevoked, id-ChipAuthKeyRevoked and id-ActiveAuthKeyRevoked (8.3.1), behind id-DefectList.
const CERT_REVOKED: &[u8] = &[1, 1];
const CHIP_AUTH_KEY_REVOKED: &[u8] = &[1, 3];
const ACTIVE_AUTH_KEY_REVOKED: &[u8] = &[1, 4];
/// id-SODInvalid (8.3.2.2).
const SOD_INVALID: &[u8] = &[2, 2];
/// id-DocumentDefect (8.3.3): what isn't known of it means that the chip is not to be used. Known are a malformed
/// EF.CardSecurity (1) and EF.ChipSecurity (2), and chips that want their power cut (3).
const DOCUMENT_DEFECT: u8 = 4;
const KNOWN_DOCUMENT_DEFECTS: std::ops::RangeInclusive<u8> = 1..=3;

/// A defect list in the store. Of each root the newest one counts.
pub(super) struct DefectList {
    pub(super) signed: Timestamp,
    pub(super) signer: Certificate,
    root: X509Name,
    entries: Vec<Entry>,
}

/// What is wrong with the documents of one signer.
struct Entry {
    signer: SignerIdentifier,
    certificate_hash: Option<(Hash, Vec<u8>)>,
    /// Names of defects, behind id-DefectList.
    defects: Vec<Vec<u8>>,
}

/// What is known of the keys in the chips of a signer's documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KnownDefects {
    /// The keys of chip authentication may be known to others: it proves nothing.
    pub chip_authentication_key: bool,
    /// The keys of active authentication may be known to others: it proves nothing.
    pub active_authentication_key: bool,
}

impl KnownDefects {
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            chip_authentication_key: self.chip_authentication_key || other.chip_authentication_key,
            active_authentication_key: self.active_authentication_key || other.active_authentication_key,
        }
    }
}

impl DefectList {
    /// Whether the list leaves the signer's word alone. Most defects are errors of production that don't touch it.
    pub(super) fn passive_verdict(&self, signer: &Certificate) -> Verdict {
        let mut verdict = Verdict::Valid;
        for defect in self.defects_of(signer) {
            match defect {
                CERT_REVOKED => return Verdict::Invalid(Reason::Revoked),
                SOD_INVALID => verdict = Verdict::NotVerifiable(Reason::Defect),
                [DOCUMENT_DEFECT, kind] if KNOWN_DOCUMENT_DEFECTS.contains(kind) => {}
                [DOCUMENT_DEFECT, ..] => verdict = Verdict::NotVerifiable(Reason::Defect),
                _ => {}
            }
        }
        verdict
    }

    pub(super) fn known(&self, signer: &Certificate) -> KnownDefects {
        let names = |name: &[u8]| self.defects_of(signer).any(|defect| defect == name);
        KnownDefects {
            chip_authentication_key: names(CHIP_AUTH_KEY_REVOKED),
            active_authentication_key: names(ACTIVE_AUTH_KEY_REVOKED),
        }
    }

    fn defects_of(&self, signer: &Certificate) -> impl Iterator<Item = &[u8]> {
        let entries = self.entries.iter().filter(|entry| entry.is_of(signer));
        entries.flat_map(|entry| entry.defects.iter().map(Vec::as_slice))
    }
}

impl Entry {
    /// The hash, where there is one, overrules the name (8.1.1).
    fn is_of(&self, signer: &Certificate) -> bool {
        match &self.certificate_hash {
            Some((hash, expected)) => {
                quietly(|| signer.x509().to_der()).is_some_and(|der| hash.digest(&der) == *expected)
            }
            None => self.signer.is_of(signer),
        }
    }

    fn parse(defect: &Element<'_>, hash: Option<Hash>) -> Result<Self, NotDer> {
        let mut parts = defect.children();
        let signer = SignerIdentifier::parse(&parts.take_any()?)?;
        let certificate_hash = match parts.take_if(OCTET_STRING)? {
            Some(expected) => Some((hash.ok_or(NotDer)?, expected.value.to_vec())),
            None => None,
        };
        let known = parts.take(SET)?.children().all(SEQUENCE, DEFECTS_MAX)?;
        parts.end()?;
        let mut defects = Vec::new();
        for defect in known {
            let name = defect.children().take(OBJECT_IDENTIFIER)?.value;
            defects.extend(name.strip_prefix(oids::DEFECT_LIST).map(<[u8]>::to_vec));
        }
        Ok(Self { signer, certificate_hash, defects })
    }
}

impl TrustStore {
    /// Imports a defect list of version 1 (CMS in DER or BER), in place of an older one under the same root. Its
    /// signer must be below one of the roots, with a certificate for defect lists that isn't revoked.
    ///
    /// # Errors
    /// As [`Self::import_master_list`]; [`TrustError::Malformed`] also for lists of later versions.
    pub fn import_defect_list(&mut self, cms: &[u8], roots: &[Root], today: Date) -> Result<(), TrustError> {
        if cms.len() > DEFECT_LIST_BYTES_MAX {
            return Err(TrustError::TooLarge);
        }
        let list = SignedData::parse(cms).map_err(|_| TrustError::Malformed)?;
        self.add_defect_list(&list, roots, today)
    }

    pub(super) fn add_defect_list(
        &mut self,
        list: &SignedData,
        roots: &[Root],
        today: Date,
    ) -> Result<(), TrustError> {
        if list.content_type != oids::DEFECT_LIST {
            return Err(TrustError::Malformed);
        }
        let provenance = signed_list::check(list, oids::DEFECT_LIST_SIGNING_KEY, roots, &[], today)?;
        let entries = read_list(&list.content).map_err(|_| TrustError::Malformed)?;
        let newest = NewestList::of(SignedListKind::Defect, &provenance)?;
        self.admit(&newest, &provenance)?;
        let Provenance { signed, signer, root } = provenance;
        let list = DefectList { signed, signer, root, entries };
        keep_newest(
            &mut self.defect_lists,
            list,
            SIGNED_LISTS_MAX,
            |new, known| same_name(&new.root, &known.root),
            |new, known| new.signed < known.signed,
        )?;
        self.remember(newest);
        Ok(())
    }
}

/// DefectList: version, hash and entries. Of an unknown hash only entries without one can be told.
fn read_list(content: &[u8]) -> Result<Vec<Entry>, NotDer> {
    let mut parts = Element::only(content, SEQUENCE)?.children();
    if parts.take(INTEGER)?.small()? != 0 {
        return Err(NotDer);
    }
    let hash = Hash::from_oid(parts.take(OBJECT_IDENTIFIER)?.value);
    let defects = parts.take(SET)?.children().all(SEQUENCE, ENTRIES_MAX)?;
    parts.end()?;
    defects.iter().map(|defect| Entry::parse(defect, hash)).collect()
}
