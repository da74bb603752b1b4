//! ISO/IEC 9796-2, digital signature scheme 1, with partial message recovery, as Doc 9303-11, 6.1.2.2 has it:
//! the signature holds `6A || M1 || H(M1 || M2) || trailer`, M1 random, M2 our challenge.

use crate::passive::algorithms::Hash;
use crate::quietly::quietly;
use openssl::bn::{BigNum, BigNumRef};
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Public};
use openssl::rsa::{Padding, Rsa};

/// Header of a representative with partial recovery, more data behind it, no padding.
const PARTIAL_RECOVERY: u8 = 0x6A;
/// The trailer of SHA-1, and the last byte of all others.
const TRAILER_SHA1: u8 = 0xBC;
const TRAILER_OTHER: u8 = 0xCC;

/// Whether the signature is the key's over the challenge.
pub(super) fn verify(key: &PKey<Public>, challenge: &[u8], signature: &[u8]) -> bool {
    let message = quietly(|| recover(&key.rsa()?, signature)).flatten();
    message.and_then(|message| holds(&message, challenge)).unwrap_or_default()
}

/// Whether the digest in a representative is the one of what it holds and the challenge; `None` if it is
/// none.
fn holds(representative: &[u8], challenge: &[u8]) -> Option<bool> {
    let (hash, digest_bytes, rest) = split_trailer(representative)?;
    let (head, digest) = rest.split_at_checked(rest.len().checked_sub(digest_bytes)?)?;
    let recovered = head.strip_prefix(&[PARTIAL_RECOVERY])?;
    Some(hash.digest(&[recovered, challenge].concat()) == digest)
}

/// The hash, its length and what stands before the trailer; the numbers are those of ISO/IEC 10118-3.
fn split_trailer(representative: &[u8]) -> Option<(Hash, usize, &[u8])> {
    Some(match representative {
        [rest @ .., TRAILER_SHA1] => (Hash::Sha1, 20, rest),
        [rest @ .., 0x38, TRAILER_OTHER] => (Hash::Sha224, 28, rest),
        [rest @ .., 0x34, TRAILER_OTHER] => (Hash::Sha256, 32, rest),
        [rest @ .., 0x36, TRAILER_OTHER] => (Hash::Sha384, 48, rest),
        [rest @ .., 0x35, TRAILER_OTHER] => (Hash::Sha512, 64, rest),
        _ => return None,
    })
}

/// The representative in the signature: what the public key makes of it, or the modulus less that, which the
/// scheme allows where it is the smaller one (ISO/IEC 9796-2, B.6). `None` if the signature has another
/// length than the key.
fn recover(key: &Rsa<Public>, signature: &[u8]) -> Result<Option<Vec<u8>>, ErrorStack> {
    let mut opened = vec![0; usize::try_from(key.size()).unwrap_or_default()];
    if signature.len() != opened.len() {
        return Ok(None);
    }
    key.public_decrypt(signature, &mut opened, Padding::NONE)?;
    if !ends_like_representative(&opened) {
        opened = difference(key.n(), &opened)?;
    }
    Ok(ends_like_representative(&opened).then_some(opened))
}

/// Every trailer ends with this half byte. The modulus is odd, so that only one of both cases does.
fn ends_like_representative(bytes: &[u8]) -> bool {
    bytes.last().is_some_and(|last| last & 0x0F == 0x0C)
}

fn difference(modulus: &BigNumRef, number: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut difference = BigNum::new()?;
    difference.checked_sub(modulus, &*BigNum::from_slice(number)?)?;
    difference.to_vec_padded(modulus.num_bytes())
}
