//! Roots that an administrator has pinned for lists.

use super::error::TrustError;
use super::files::{Contents, contents};
use crate::passive::certificate::Certificate;
use crate::quietly::quietly;
use sha2::{Digest, Sha256};

/// A country signing authority's certificate that an administrator has chosen: who is below it may sign master lists
/// and defect lists, and thereby say who is trusted at all. It is trusted for its name and key, whatever its validity
/// says (RFC 5280, 6.1.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Root(pub(super) Certificate);

impl Root {
    /// Reads a self-signed certificate, in DER or PEM.
    ///
    /// # Errors
    /// [`TrustError::TooLarge`], [`TrustError::Malformed`], [`TrustError::NotAnAuthority`].
    pub fn parse(file: &[u8]) -> Result<Self, TrustError> {
        let Contents::Certificates(certificates) = contents(file)? else {
            return Err(TrustError::Malformed);
        };
        let [certificate] = certificates.as_slice() else { return Err(TrustError::Malformed) };
        let is_root = certificate.is_authority()
            && certificate.is_self_issued()
            && certificate.is_signed_by(certificate);
        if is_root { Ok(Self(certificate.clone())) } else { Err(TrustError::NotAnAuthority) }
    }

    /// SHA-256 of its name in DER.
    pub(super) fn name_hash(&self) -> Option<[u8; 32]> {
        let name = quietly(|| self.0.x509().subject_name().to_der())?;
        Some(Sha256::digest(&name).into())
    }
}
