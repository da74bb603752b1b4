//! The policy bundle: a whole profile, signed for this desk's insurer and numbered.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{
    SignedWith,
    certificates::Authorities,
    jws::{Jws, JwsError},
};

/// Type of the signature of a bundle.
const TYPE: &str = "identplatz-policy";
/// Whom the signer's certificate must name: an authority also certifies desks, which may not sign policies.
const SIGNER: &str = "urn:identplatz:policy";
/// Longest profile, in bytes: the contract's.
pub const MAX_PROFILE: usize = 128 * 1024;
/// Longest bundle, in bytes: the contract's, which has room for a profile in which every octet is escaped.
pub const MAX_BUNDLE: usize = 512 * 1024;
/// How far a desk's clock may be behind the signer's: as far as it may be off to give out codes.
const BEHIND: SignedDuration = SignedDuration::from_mins(15);
/// Longest name of a profile.
const MAX_NAME: usize = 64;

/// A bundle as it was fetched: to be kept as this text and verified each time it is used.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedPolicy(String);

/// A bundle whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyBundle {
    /// Its number, from 1; a later one is higher.
    pub serial: u64,
    /// When the insurer signed it.
    pub issued_at: Timestamp,
    /// Name of the profile.
    pub profile: String,
    /// The whole profile, TOML.
    pub toml: String,
    /// With what certificate.
    pub signed_with: SignedWith,
}

impl PolicyBundle {
    /// Whether a bundle may be taken for the first time at that moment: one that is kept goes by the day on which it was
    /// signed, but who still has the key of an expired certificate could set any day in a new one.
    #[must_use]
    pub fn may_begin_at(&self, now: Timestamp) -> bool {
        let ahead = self.issued_at.duration_since(now) > BEHIND;
        self.signed_with.was_valid_at(now) && !ahead
    }
}

/// Why a bundle doesn't count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The authorities' certificates are unreadable.
    #[error("the authorities' certificates can't be used")]
    Authorities,
    /// Not a bundle of the contract.
    #[error("not a policy bundle")]
    Malformed,
    /// None of the authorities issued the certificate that it is signed with, or that isn't one for policies, or it
    /// wasn't valid then.
    #[error("the policy bundle is not signed by the insurer")]
    Signer,
    /// It was changed after it was signed.
    #[error("the policy bundle's signature is wrong")]
    Signature,
    /// Older than the one that this desk has had.
    #[error("the policy bundle {serial} is older than {lowest}")]
    Older {
        /// Its number.
        serial: u64,
        /// The lowest that is taken.
        lowest: u64,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    serial: u64,
    issued_at: Timestamp,
    profile: String,
    toml: String,
}

impl SignedPolicy {
    pub(crate) fn new(text: String) -> Option<Self> {
        (text.len() <= MAX_BUNDLE).then_some(Self(text))
    }

    /// The text to keep.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Verifies a bundle, fetched or kept, without asking anybody. `authorities_pem` are the certificates, in PEM, of
    /// the service's authority; a bundle below `lowest_serial` is refused, the same one is taken again.
    ///
    /// # Errors
    /// [`PolicyError`].
    pub fn verify(
        text: &str,
        authorities_pem: &str,
        lowest_serial: u64,
    ) -> Result<PolicyBundle, PolicyError> {
        let authorities = Authorities::from_pem(authorities_pem).ok_or(PolicyError::Authorities)?;
        if text.len() > MAX_BUNDLE {
            return Err(PolicyError::Malformed);
        }
        let jws = Jws::parse(text, TYPE).ok_or(PolicyError::Malformed)?;
        jws.verify(jws.payload, &authorities).map_err(|error| match error {
            JwsError::Certificate => PolicyError::Signer,
            JwsError::Signature => PolicyError::Signature,
        })?;
        let payload: Payload = Base64UrlUnpadded::decode_vec(jws.payload)
            .ok()
            .and_then(|payload| serde_json::from_slice(&payload).ok())
            .ok_or(PolicyError::Malformed)?;
        let signed_with = jws.leaf.signed_with().filter(|with| with.was_valid_at(payload.issued_at));
        let signed_with = signed_with.filter(|_| jws.leaf.names(SIGNER)).ok_or(PolicyError::Signer)?;
        let Payload { serial, issued_at, profile, toml } = payload;
        if serial == 0 || toml.len() > MAX_PROFILE || profile.is_empty() || profile.len() > MAX_NAME {
            return Err(PolicyError::Malformed);
        }
        if serial < lowest_serial {
            return Err(PolicyError::Older { serial, lowest: lowest_serial });
        }
        Ok(PolicyBundle { serial, issued_at, profile, toml, signed_with })
    }
}

impl fmt::Debug for SignedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedPolicy({} bytes)", self.0.len())
    }
}
