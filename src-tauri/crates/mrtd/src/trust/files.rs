//! A store out of files: what each of them is, and in which order they count.

use super::error::{TrustError, TrustProblem};
use super::newest::NewestList;
use super::root::Root;
use super::{AUTHORITIES_MAX, TrustStore};
use crate::passive::certificate::Certificate;
use crate::passive::der::{Element, OBJECT_IDENTIFIER, SEQUENCE};
use crate::passive::oids;
use crate::passive::signed_data::SignedData;
use jiff::civil::Date;

/// Largest file that is taken: a master list in PEM.
pub const TRUST_FILE_BYTES_MAX: usize = 12 << 20;
/// Most blocks of one PEM file.
const BLOCKS_MAX: usize = AUTHORITIES_MAX;

/// What a file holds.
pub(super) enum Contents {
    Certificates(Vec<Certificate>),
    SignedList(Box<SignedData>),
    RevocationList(Vec<u8>),
}

impl Contents {
    fn signer(&self) -> Option<Certificate> {
        match self {
            Self::SignedList(list) => list.signer().cloned(),
            Self::Certificates(_) | Self::RevocationList(_) => None,
        }
    }
}

impl TrustStore {
    /// A store out of these files: certificates of authorities (PEM or DER), master lists, defect lists (CMS) and
    /// revocation lists. What can't be trusted is left out, and told. Their order matters only where two lists are of
    /// one kind and root: an older one behind a newer one is told as [`TrustError::Older`].
    ///
    /// `newest` is what [`TrustState::newest_lists`](super::TrustState::newest_lists) had the last time, as the caller
    /// has kept it: lists older than that are refused as well. Nothing is kept the first time.
    pub fn from_files<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        roots: &[Root],
        newest: &[NewestList],
        today: Date,
    ) -> (Self, Vec<TrustProblem>) {
        let pinned = roots.iter().filter_map(Root::name_hash).collect();
        let mut store = Self { newest_lists: newest.to_vec(), pinned, ..Self::default() };
        let mut problems = Vec::new();
        let mut known = Vec::new();
        let mut lists = Vec::new();
        for (name, bytes) in files {
            match contents(bytes) {
                Ok(contents) => known.push((name, contents)),
                Err(error) => problems.push(TrustProblem { name: name.to_owned(), error }),
            }
        }
        known.sort_by_key(|(_, contents)| rank(contents));
        // A link certificate may be below one that comes later.
        loop {
            let (before, mut waiting) = (known.len(), Vec::new());
            for (name, contents) in known {
                match store.add(&contents, roots, today) {
                    Ok(()) => lists.extend(contents.signer().map(|signer| (name, signer))),
                    Err(TrustError::UnknownIssuer) => waiting.push((name, contents)),
                    Err(error) => problems.push(TrustProblem { name: name.to_owned(), error }),
                }
            }
            if waiting.len() == before {
                let error = TrustError::UnknownIssuer;
                problems
                    .extend(waiting.iter().map(|(name, _)| TrustProblem { name: (*name).to_owned(), error }));
                break;
            }
            known = waiting;
        }
        // Revocation lists come last, and may have put lists out again.
        let revoked = lists.iter().filter(|(_, signer)| store.is_revoked(signer));
        let error = TrustError::Revoked;
        problems.extend(revoked.map(|(name, _)| TrustProblem { name: (*name).to_owned(), error }));
        (store, problems)
    }

    /// Adds certificates of authorities (PEM, any number; or one in DER), all of them or none. A self-signed one is
    /// the administrator's word; a link certificate must be signed by an authority that is in the store, which it
    /// names as its issuer, and stay within that one's country.
    ///
    /// # Errors
    /// [`TrustError::Malformed`], [`TrustError::NotAnAuthority`], [`TrustError::UnknownIssuer`],
    /// [`TrustError::WrongCountry`], [`TrustError::TooMany`].
    pub fn add_certificates(&mut self, file: &[u8]) -> Result<(), TrustError> {
        match contents(file)? {
            Contents::Certificates(certificates) => self.add_authorities(&certificates),
            Contents::SignedList(_) | Contents::RevocationList(_) => Err(TrustError::Malformed),
        }
    }

    fn add(&mut self, contents: &Contents, roots: &[Root], today: Date) -> Result<(), TrustError> {
        match contents {
            Contents::Certificates(certificates) => self.add_authorities(certificates),
            Contents::SignedList(list) if list.content_type == oids::DEFECT_LIST => {
                self.add_defect_list(list, roots, today)
            }
            Contents::SignedList(list) => self.add_master_list(list, roots, today).map(drop),
            Contents::RevocationList(der) => self.import_revocation_list(der, today),
        }
    }

    fn add_authorities(&mut self, certificates: &[Certificate]) -> Result<(), TrustError> {
        let before = self.certificates.len();
        let added = certificates.iter().try_for_each(|certificate| self.add_authority(certificate));
        if added.is_err() {
            self.certificates.truncate(before);
        }
        added
    }

    fn add_authority(&mut self, certificate: &Certificate) -> Result<(), TrustError> {
        if !certificate.is_authority() {
            return Err(TrustError::NotAnAuthority);
        }
        if !certificate.is_signed_by(certificate) {
            self.check_link(certificate)?;
        }
        if self.certificates.contains(certificate) {
            return Ok(());
        }
        if self.certificates.len() == AUTHORITIES_MAX {
            return Err(TrustError::TooMany);
        }
        self.certificates.push(certificate.clone());
        Ok(())
    }

    /// That a certificate which its own key hasn't signed leads from an authority in the store, by that one's name
    /// and key, to another key of the same country.
    fn check_link(&self, certificate: &Certificate) -> Result<(), TrustError> {
        let is_link = certificate.has_admitted_signature()
            && self.authorities().any(|authority| authority.has_issued(certificate));
        if !is_link {
            let forged = certificate.is_self_issued() && certificate.names_own_key_as_issuer();
            return Err(if forged { TrustError::NotAnAuthority } else { TrustError::UnknownIssuer });
        }
        if certificate.is_within_one_country() { Ok(()) } else { Err(TrustError::WrongCountry) }
    }
}

/// Lists of authorities and their certificates before what they must have signed.
fn rank(contents: &Contents) -> u8 {
    match contents {
        Contents::SignedList(_) => 0,
        Contents::Certificates(_) => 1,
        Contents::RevocationList(_) => 2,
    }
}

/// What the file holds, by its form alone.
pub(super) fn contents(file: &[u8]) -> Result<Contents, TrustError> {
    if file.len() > TRUST_FILE_BYTES_MAX {
        return Err(TrustError::TooLarge);
    }
    let pem = std::str::from_utf8(file).ok().filter(|text| text.contains("-----BEGIN "));
    let Some(pem) = pem else { return contents_of_der(file) };
    let mut blocks = pem_blocks(pem)?;
    if let [only] = blocks.as_mut_slice() {
        return contents_of_der(only);
    }
    let certificates: Option<Vec<_>> = blocks.iter().map(|block| Certificate::from_der(block)).collect();
    certificates.filter(|all| !all.is_empty()).map(Contents::Certificates).ok_or(TrustError::Malformed)
}

fn contents_of_der(der: &[u8]) -> Result<Contents, TrustError> {
    if let Some(certificate) = Certificate::from_der(der) {
        return Ok(Contents::Certificates(vec![certificate]));
    }
    let first = Element::only(der, SEQUENCE).ok().and_then(|element| element.children().peek());
    match first {
        // ContentInfo begins with a name; in BER its length may be indefinite.
        Some(OBJECT_IDENTIFIER) | None => {
            let list = SignedData::parse(der).map_err(|_| TrustError::Malformed)?;
            Ok(Contents::SignedList(Box::new(list)))
        }
        Some(_) => Ok(Contents::RevocationList(der.to_vec())),
    }
}

/// The blocks of a PEM file (RFC 7468), whatever they are called.
fn pem_blocks(text: &str) -> Result<Vec<Vec<u8>>, TrustError> {
    let (mut blocks, mut block) = (Vec::new(), None::<String>);
    for line in text.lines().map(str::trim) {
        if line.starts_with("-----BEGIN ") {
            block = Some(String::new());
        } else if line.starts_with("-----END ") {
            let base64 = block.take().ok_or(TrustError::Malformed)?;
            let der = crate::quietly::quietly(|| openssl::base64::decode_block(&base64));
            blocks.push(der.ok_or(TrustError::Malformed)?);
            if blocks.len() > BLOCKS_MAX {
                return Err(TrustError::TooMany);
            }
        } else if let Some(block) = &mut block {
            block.push_str(line);
        }
    }
    if block.is_none() && !blocks.is_empty() { Ok(blocks) } else { Err(TrustError::Malformed) }
}
