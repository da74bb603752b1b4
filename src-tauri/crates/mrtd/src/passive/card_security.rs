//! EF.CardSecurity: security infos signed by the document's issuer (Doc 9303-11, 9.2; TR-03110-3, A.1.2).

use super::certificate::Certificate;
use super::oids;
use super::signed_data::SignedData;
use super::signer::JudgedSigner;
use super::{Check, SecurityObject, country};
use crate::trust::{KnownDefects, TrustStore};
use crate::verdict::{Reason, Verdict};
use std::fmt;

/// Largest EF.CardSecurity. They have 1 to 3 kilobytes.
pub const CARD_SECURITY_BYTES_MAX: usize = 64 << 10;

/// Why bytes are no EF.CardSecurity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardSecurityError {
    /// Larger than [`CARD_SECURITY_BYTES_MAX`].
    #[error("EF.CardSecurity is too large")]
    TooLarge,
    /// It isn't of its form.
    #[error("EF.CardSecurity is malformed")]
    Malformed,
    /// What is signed is something else.
    #[error("this is no EF.CardSecurity")]
    ContentType,
}

/// EF.CardSecurity as it was read: well-formed, and no more. [`Self::authenticate`] says whether to believe it.
pub struct CardSecurity {
    pub(super) signed: SignedData,
}

impl CardSecurity {
    /// Reads the file: a ContentInfo without any template.
    ///
    /// # Errors
    /// Every [`CardSecurityError`].
    pub fn parse(file: &[u8]) -> Result<Self, CardSecurityError> {
        if file.len() > CARD_SECURITY_BYTES_MAX {
            return Err(CardSecurityError::TooLarge);
        }
        let signed = SignedData::parse(file).map_err(|_| CardSecurityError::Malformed)?;
        if signed.content_type != oids::CARD_SECURITY_OBJECT {
            return Err(CardSecurityError::ContentType);
        }
        Ok(Self { signed })
    }

    /// Whether a document signer below an authority that we trust has signed it: signature, issuer and revocation,
    /// judged as those of EF.SOD ([`authenticate`](super::authenticate)). Country and type of the document are
    /// EF.SOD's to prove.
    pub fn authenticate(&self, check: Check<'_>) -> Verdict {
        let Some(judged) = JudgedSigner::of(&self.signed, self.signed.rests_on_sha1(), None, check) else {
            return Verdict::NotVerifiable(Reason::NotOffered);
        };
        super::combine(&[judged.signature, judged.issuer, judged.revocation])
    }

    /// What the defect lists say of the keys in the chips of this file's own signer, which may be another one than
    /// that of EF.SOD.
    pub fn known_defects(&self, trust: &TrustStore) -> KnownDefects {
        self.signed.signer().map(|signer| trust.known_defects(signer)).unwrap_or_default()
    }

    /// Whether its signer is of the country whose signer has signed the document.
    pub(crate) fn is_of_country_of(&self, object: &SecurityObject) -> bool {
        let country = |signed: &SignedData| signed.signer().and_then(Certificate::country);
        match (country(&self.signed), country(&object.signed)) {
            (Some(own), Some(other)) => country::is_one(&own, &other),
            _ => false,
        }
    }

    /// SecurityInfos in DER, which nobody has proven before [`Self::authenticate`].
    pub fn security_infos(&self) -> &[u8] {
        &self.signed.content
    }
}

impl fmt::Debug for CardSecurity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardSecurity(…)")
    }
}
