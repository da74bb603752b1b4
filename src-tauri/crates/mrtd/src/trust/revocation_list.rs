//! Revocation lists of country signing authorities (Doc 9303-12; RFC 5280, 5).

use super::error::TrustError;
use super::{REVOCATION_LIST_DAYS_MAX, REVOCATION_LISTS_MAX, TrustStore, keep_newest};
use crate::passive::algorithms::{Hash, Scheme};
use crate::passive::certificate::Certificate;
use crate::passive::der::{
    CONTEXT_0, Element, GENERALIZED_TIME, INTEGER, NotDer, OBJECT_IDENTIFIER, SEQUENCE, UTC_TIME,
};
use crate::passive::signed_data::same_name;
use crate::passive::time::{Period, day_of, moment_of};
use crate::quietly::quietly;
use jiff::Timestamp;
use jiff::civil::Date;
use openssl::bn::BigNum;
use openssl::x509::{CrlNumber, CrlStatus, X509Crl, X509NameRef};

/// Largest revocation list. States have few signers, and revoke few of them.
const REVOCATION_LIST_BYTES_MAX: usize = 1 << 20;
/// Most extensions of the list.
const EXTENSIONS_MAX: usize = 16;
const BOOLEAN: u8 = 0x01;

/// A revocation list in the store, whose signature by a trusted authority is right.
pub(super) struct RevocationList {
    crl: X509Crl,
    number: Option<BigNum>,
    pub(super) issued: Timestamp,
    /// When its issuer will have a newer one at the latest, if it says so.
    next: Option<Timestamp>,
    /// The key that has signed it, in DER: an authority may have several, with a list for each.
    key: Vec<u8>,
}

impl RevocationList {
    /// Whether the list is of the certificate's issuer, as [`Self::is_of_issuer`] tells it, and names it.
    pub(super) fn revokes(&self, certificate: &Certificate, authority: Option<&Certificate>) -> bool {
        // An entry that says "remove from CRL" has no place in a whole list, so it revokes, too.
        self.is_of_issuer(certificate, authority)
            && !matches!(self.crl.get_by_serial(certificate.x509().serial_number()), CrlStatus::NotRevoked)
    }

    /// Whether the list is of the certificate's issuer: of the name that it gives for it, or of the name or key of
    /// the authority that was found to have signed it, if one was. Some signers write the name otherwise than their
    /// authority has it.
    pub(super) fn is_of_issuer(&self, certificate: &Certificate, authority: Option<&Certificate>) -> bool {
        let is_by = |name: &X509NameRef| same_name(self.crl.issuer_name(), name);
        is_by(certificate.x509().issuer_name())
            || authority
                .is_some_and(|it| is_by(it.x509().subject_name()) || key_of(it).as_ref() == Some(&self.key))
    }

    /// Whether both are of one issuer, by whichever key.
    pub(super) fn is_by_issuer_of(&self, other: &Self) -> bool {
        same_name(self.crl.issuer_name(), other.crl.issuer_name())
    }

    /// Whether it is not older than [`REVOCATION_LIST_DAYS_MAX`] days, and the day hasn't passed at which its issuer
    /// has promised a newer one.
    pub(super) fn is_fresh(&self, today: Date) -> bool {
        let age = today.since(day_of(self.issued)).map(|span| span.get_days());
        age.is_ok_and(|days| days <= REVOCATION_LIST_DAYS_MAX)
            && self.next.is_none_or(|next| today <= day_of(next))
    }

    fn is_older_than(&self, other: &Self) -> bool {
        let numbers = self.number.as_ref().zip(other.number.as_ref());
        self.issued < other.issued || numbers.is_some_and(|(own, other)| own < other)
    }
}

impl TrustStore {
    /// Imports a revocation list (DER), in place of an older one by the same key. An authority that is in the store
    /// must have signed it, not later than today. Master lists and defect lists whose signer it names are no longer
    /// trusted: they leave the store.
    ///
    /// # Errors
    /// [`TrustError::UnknownIssuer`] where no authority of its name is in the store, [`TrustError::Signature`] where
    /// none of them has signed it, [`TrustError::Older`]; [`TrustError::Malformed`] also for lists of changes or of a
    /// part (critical extensions), [`TrustError::NotValidThen`] for one from the future.
    pub fn import_revocation_list(&mut self, der: &[u8], today: Date) -> Result<(), TrustError> {
        if der.len() > REVOCATION_LIST_BYTES_MAX {
            return Err(TrustError::TooLarge);
        }
        let scheme = read_list(der).map_err(|_| TrustError::Malformed)?.ok_or(TrustError::Algorithm)?;
        let crl = quietly(|| X509Crl::from_der(der)).ok_or(TrustError::Malformed)?;
        let issued = moment_of(crl.last_update()).ok_or(TrustError::Malformed)?;
        let issued_at = Period { from: issued, until: issued };
        if !issued_at.is_before_end_of(today) {
            return Err(TrustError::NotValidThen);
        }
        if scheme.hash() == Hash::Sha1 && !issued_at.is_of_sha1_times() {
            return Err(TrustError::Algorithm);
        }
        let number = quietly(|| crl.extension::<CrlNumber>()).flatten();
        let number = number.and_then(|(_, number)| quietly(|| number.to_bn()));
        let next = crl.next_update().map(|next| moment_of(next).ok_or(TrustError::Malformed)).transpose()?;
        let list = RevocationList { key: self.key_of_issuer(&crl)?, crl, number, issued, next };
        keep_newest(
            &mut self.revocation_lists,
            list,
            REVOCATION_LISTS_MAX,
            |one, other| one.is_by_issuer_of(other) && one.key == other.key,
            RevocationList::is_older_than,
        )?;
        self.drop_lists_of_revoked_signers();
        Ok(())
    }

    fn drop_lists_of_revoked_signers(&mut self) {
        let revocation_lists = &self.revocation_lists;
        let is_revoked =
            |signer: &Certificate| revocation_lists.iter().any(|list| list.revokes(signer, None));
        self.master_lists.retain(|list| !is_revoked(&list.signer));
        self.defect_lists.retain(|list| !is_revoked(&list.signer));
    }

    /// The key, in DER, of the authority that has signed the list.
    fn key_of_issuer(&self, crl: &X509Crl) -> Result<Vec<u8>, TrustError> {
        let mut named = self
            .authorities()
            .filter(|authority| same_name(authority.x509().subject_name(), crl.issuer_name()))
            .peekable();
        named.peek().ok_or(TrustError::UnknownIssuer)?;
        let has_signed = |authority: &&Certificate| {
            authority.key().is_some_and(|key| quietly(|| crl.verify(&key)) == Some(true))
        };
        named.find(has_signed).and_then(key_of).ok_or(TrustError::Signature)
    }
}

fn key_of(authority: &Certificate) -> Option<Vec<u8>> {
    quietly(|| authority.x509().public_key()?.public_key_to_der())
}

/// CertificateList as far as OpenSSL's interface doesn't give it: how it is signed. One with critical extensions isn't
/// the whole list of its issuer (RFC 5280, 5.2).
fn read_list(der: &[u8]) -> Result<Option<Scheme>, NotDer> {
    let mut parts = Element::only(der, SEQUENCE)?.children();
    let mut body = parts.take(SEQUENCE)?.children();
    let scheme = Scheme::from_algorithm(&parts.take(SEQUENCE)?, None)?;
    body.take_if(INTEGER)?;
    body.take(SEQUENCE)?;
    body.take(SEQUENCE)?;
    for _ in 0..2 {
        if matches!(body.peek(), Some(UTC_TIME | GENERALIZED_TIME)) {
            body.take_any()?;
        }
    }
    body.take_if(SEQUENCE)?;
    if let Some(explicit) = body.take_if(CONTEXT_0)? {
        for extension in Element::only(explicit.value, SEQUENCE)?.children().all(SEQUENCE, EXTENSIONS_MAX)? {
            let mut parts = extension.children();
            parts.take(OBJECT_IDENTIFIER)?;
            if parts.take_if(BOOLEAN)?.is_some_and(|critical| critical.value != [0x00]) {
                return Err(NotDer);
            }
        }
    }
    body.end()?;
    Ok(scheme)
}
