//! Defect lists (BSI TR-03129-2 1.4.1, 7): what is known to be wrong with the documents of a signer.

use super::error::TrustError;
use super::newest::SignedListKind;
use super::root::Root;
use super::{TrustStore, signed_list};
use crate::passive::algorithms::Hash;
use crate::passive::certificate::Certificate;
use crate::passive::der::{
    CONTEXT_0, CONTEXT_0_PRIMITIVE, Element, INTEGER, NotDer, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET,
    UTF8_STRING,
};
use crate::passive::oids;
use crate::passive::signed_data::{SignedData, SignerIdentifier};
use crate::quietly::quietly;
use crate::verdict::{Reason, Verdict};
use jiff::civil::Date;

/// Largest defect list.
const DEFECT_LIST_BYTES_MAX: usize = 1 << 20;
/// Most signers in one list, and most defects of one signer.
const ENTRIES_MAX: usize = 4_096;
const DEFECTS_MAX: usize = 64;

/// id-CertRevoked, id-ChipAuthKeyRevoked and id-ActiveAuthKeyRevoked (7.3.1), behind id-DefectList.
const CERT_REVOKED: &[u8] = &[1, 1];
const CHIP_AUTH_KEY_REVOKED: &[u8] = &[1, 3];
const ACTIVE_AUTH_KEY_REVOKED: &[u8] = &[1, 4];
/// id-SODInvalid (7.3.2.2).
const SOD_INVALID: &[u8] = &[2, 2];
/// id-DocumentDefect (7.3.3): what isn't known of it means that the chip is not to be used. Known are a malformed
/// EF.CardSecurity (1) and EF.ChipSecurity (2), and chips that want their power cut (3).
const DOCUMENT_DEFECT: u8 = 4;
const KNOWN_DOCUMENT_DEFECTS: std::ops::RangeInclusive<u8> = 1..=3;

/// What a defect list says.
pub(super) struct DefectList(Vec<Entry>);

/// What is wrong with the documents of one signer.
struct Entry {
    signer: Option<SignerIdentifier>,
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
        let entries = self.0.iter().filter(|entry| entry.is_of(signer));
        entries.flat_map(|entry| entry.defects.iter().map(Vec::as_slice))
    }
}

impl Entry {
    /// The hash, where there is one, overrules the name (7.1.1).
    fn is_of(&self, signer: &Certificate) -> bool {
        match &self.certificate_hash {
            Some((hash, expected)) => {
                quietly(|| signer.x509().to_der()).is_some_and(|der| hash.digest(&der) == *expected)
            }
            None => self.signer.as_ref().is_some_and(|it| it.is_of(signer)),
        }
    }

    fn parse(defect: &Element<'_>, version: Version, hash: Option<Hash>) -> Result<Self, NotDer> {
        let mut parts = defect.children();
        let signer = match parts.peek() {
            Some(SEQUENCE | CONTEXT_0_PRIMITIVE) => Some(SignerIdentifier::parse(&parts.take_any()?)?),
            _ => None,
        };
        let certificate_hash = match parts.take_if(OCTET_STRING)? {
            Some(expected) => Some((hash.ok_or(NotDer)?, expected.value.to_vec())),
            None => None,
        };
        if signer.is_none() && (version == Version::V1 || certificate_hash.is_none()) {
            return Err(NotDer);
        }
        let form = if version == Version::V1 { SEQUENCE } else { CONTEXT_0 };
        let known = parts.take(SET)?.children().all(form, DEFECTS_MAX)?;
        if version == Version::V2 {
            // A description for people.
            parts.take_if(UTF8_STRING)?;
        }
        parts.end()?;
        let mut defects = Vec::new();
        for defect in known {
            let name = name_of(&defect)?;
            defects.extend(name.strip_prefix(oids::DEFECT_LIST).map(<[u8]>::to_vec));
        }
        Ok(Self { signer, certificate_hash, defects })
    }
}

/// The name of a known defect. In lists of version 2 it is tagged, and the guideline doesn't say whether in the place
/// of its own tag or around it.
fn name_of<'a>(defect: &Element<'a>) -> Result<&'a [u8], NotDer> {
    let mut parts = defect.children();
    match parts.take_if(SEQUENCE)? {
        Some(tagged) if defect.tag == CONTEXT_0 => Ok(tagged.children().take(OBJECT_IDENTIFIER)?.value),
        Some(_) => Err(NotDer),
        None => Ok(parts.take(OBJECT_IDENTIFIER)?.value),
    }
}

/// The version of a list. The second one has descriptions, and needs no name of a signer where it has a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    V1,
    V2,
}

impl TrustStore {
    /// Imports a defect list of version 1 or 2 (CMS in DER or BER), in place of an older one under the same root. Its
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
        let provenance = signed_list::check(list, SignedListKind::Defect, roots, &[], today)?;
        let entries = read_list(&list.content).map_err(|_| TrustError::Malformed)?;
        self.keep(|store| &mut store.defect_lists, provenance, DefectList(entries))
    }
}

/// DefectList: version, hash and entries. Of an unknown hash only entries without one can be told.
fn read_list(content: &[u8]) -> Result<Vec<Entry>, NotDer> {
    let mut parts = Element::only(content, SEQUENCE)?.children();
    let version = match parts.take(INTEGER)?.small()? {
        0 => Version::V1,
        1 => Version::V2,
        _ => return Err(NotDer),
    };
    let hash = Hash::from_oid(parts.take(OBJECT_IDENTIFIER)?.value);
    let defects = parts.take(SET)?.children().all(SEQUENCE, ENTRIES_MAX)?;
    parts.end()?;
    defects.iter().map(|defect| Entry::parse(defect, version, hash)).collect()
}
