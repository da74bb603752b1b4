//! Key agreement with the static key of a chip (TR-03110-3, A.4; ICAO Doc 9303-11, 6.2), as chip authentication
//! needs it.

use crate::crypto::chip_key::{ChipKey, ChipKeyError};
use crate::crypto::group::{DrawError, Group};
use crate::entropy::{Entropy, NoEntropy};
use openssl::error::ErrorStack;
use zeroize::Zeroizing;

/// The outcome of a key agreement.
pub struct Agreement {
    /// Our ephemeral public key as chip authentication sends it: a point in uncompressed form, or a number of as
    /// many bytes as the modulus has.
    pub public_key: Vec<u8>,
    /// The shared secret: an x-coordinate of as many bytes as the field has, or a number of as many bytes as the
    /// modulus has, leading zeros included.
    pub secret: Zeroizing<Vec<u8>>,
}

/// Why there is no shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyAgreementError {
    /// The key is none: malformed, no point of its curve, no element of its group.
    #[error("the chip's key is malformed")]
    Malformed,
    /// The key is of another kind than Diffie and Hellman's, over a curve that isn't one of the standardised
    /// ones, or in a group too small or too large.
    #[error("the chip's key is over domain parameters that are not supported")]
    NotSupported,
    /// Our side failed.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// OpenSSL failed, for want of memory.
    #[error("the calculation failed")]
    Calculation,
}

impl From<ErrorStack> for KeyAgreementError {
    fn from(_: ErrorStack) -> Self {
        Self::Calculation
    }
}

impl From<ChipKeyError> for KeyAgreementError {
    fn from(error: ChipKeyError) -> Self {
        match error {
            ChipKeyError::Malformed => Self::Malformed,
            ChipKeyError::NotSupported => Self::NotSupported,
            ChipKeyError::OpenSsl => Self::Calculation,
        }
    }
}

impl From<DrawError> for KeyAgreementError {
    fn from(error: DrawError) -> Self {
        match error {
            DrawError::Entropy(error) => Self::Entropy(error),
            DrawError::Group => Self::Malformed,
            DrawError::OpenSsl => Self::Calculation,
        }
    }
}

/// Draws a key pair and agrees with the chip's key on a secret.
///
/// `subject_public_key_info` is the chip's key in DER (RFC 5280): over one of the standardised curves, by name or
/// by explicit parameters (RFC 5480; TR-03111), modulo a prime of 1024 to 4096 bits (PKCS #3; ANSI X9.42), or over
/// standardised domain parameters (TR-03110-3, A.2.1.1).
/// `entropy` is asked for private keys of as many bytes as the field or the subgroup has, again while they are out
/// of range.
///
/// # Errors
/// Every [`KeyAgreementError`].
pub fn agree(
    subject_public_key_info: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Agreement, KeyAgreementError> {
    match ChipKey::read(subject_public_key_info)? {
        ChipKey::EllipticCurve(mut curve, point) => agree_in(&mut curve, &point, entropy),
        ChipKey::ModularGroup(mut group, element) => agree_in(&mut group, &element, entropy),
    }
}

fn agree_in<G: Group>(
    group: &mut G,
    card_key: &G::Element,
    entropy: &mut dyn Entropy,
) -> Result<Agreement, KeyAgreementError> {
    let pair = group.draw_pair(None, entropy)?;
    let secret = group.agree(&pair, card_key)?;
    Ok(Agreement { public_key: group.encode(&pair.public)?, secret })
}
