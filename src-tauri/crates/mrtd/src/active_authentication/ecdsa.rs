//! ECDSA over the challenge (Doc 9303-11, 6.1.2.3): plain `r || s` (BSI TR-03111, 5.2.1), or in DER, as some
//! chips have it.

use crate::passive::algorithms::Hash;
use crate::quietly::quietly;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::EcKey;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Public};

/// ecdsa-plain-signatures, 0.4.0.127.0.7.1.1.4.1 (BSI TR-03111, 5.2.1.1); the hash is below it.
const PLAIN_SIGNATURES: [u8; 9] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01];
/// ecdsa-with-SHA2, 1.2.840.10045.4.3 (RFC 5758, 3.2), which some chips name instead.
const ECDSA_WITH_SHA2: [u8; 7] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03];
/// What is tried where DG14 names no hash.
const HASHES: [Hash; 5] = [Hash::Sha1, Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512];

/// The hashes that a signature may be with. Where DG14 names none that is known, any will do: that the chip
/// holds the key is shown by each.
pub(super) fn hashes(algorithm: Option<&[u8]>) -> Vec<Hash> {
    algorithm.and_then(hash_of).map_or(HASHES.to_vec(), |hash| vec![hash])
}

fn hash_of(algorithm: &[u8]) -> Option<Hash> {
    if let Some(arc) = algorithm.strip_prefix(&PLAIN_SIGNATURES) {
        return match arc {
            [1] => Some(Hash::Sha1),
            [2] => Some(Hash::Sha224),
            [3] => Some(Hash::Sha256),
            [4] => Some(Hash::Sha384),
            [5] => Some(Hash::Sha512),
            _ => None,
        };
    }
    match algorithm.strip_prefix(&ECDSA_WITH_SHA2)? {
        [1] => Some(Hash::Sha224),
        [2] => Some(Hash::Sha256),
        [3] => Some(Hash::Sha384),
        [4] => Some(Hash::Sha512),
        _ => None,
    }
}

/// Whether the signature is the key's over the challenge, with one of the hashes and in one of the encodings.
pub(super) fn verify(key: &PKey<Public>, hashes: &[Hash], challenge: &[u8], signature: &[u8]) -> bool {
    let Some(key) = quietly(|| key.ec_key()) else { return false };
    let readings = [quietly(|| plain(&key, signature)).flatten(), quietly(|| EcdsaSig::from_der(signature))];
    let is_right = |signature: &EcdsaSig, hash: &Hash| {
        quietly(|| signature.verify(&hash.digest(challenge), &key)).unwrap_or_default()
    };
    readings.iter().flatten().any(|signature| hashes.iter().any(|hash| is_right(signature, hash)))
}

/// Two numbers of as many bytes as the order has.
fn plain(key: &EcKey<Public>, signature: &[u8]) -> Result<Option<EcdsaSig>, ErrorStack> {
    let mut order = BigNum::new()?;
    key.group().order(&mut order, &mut *BigNumContext::new()?)?;
    let bytes = usize::try_from(order.num_bytes()).unwrap_or_default();
    if signature.len() != 2 * bytes {
        return Ok(None);
    }
    let (r, s) = signature.split_at(bytes);
    EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?).map(Some)
}
