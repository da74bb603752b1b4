//! What a key agreement after Diffie and Hellman needs of a group, which is written additively.

use crate::entropy::{Entropy, NoEntropy};
use crate::tlv::Tag;
use openssl::bn::{BigNum, BigNumRef};
use openssl::error::ErrorStack;
use zeroize::Zeroizing;

/// Most draws of a private key: each is in range with a chance of more than a half, so that a working source
/// never needs as many, and a broken one can't hold us up.
pub(crate) const DRAWS_MAX: usize = 128;

/// Why a private key couldn't be drawn.
pub(crate) enum DrawError {
    Entropy(NoEntropy),
    /// The group has no public keys as they should be, whatever the private key: the chip has given a wrong one.
    Group,
    OpenSsl,
}

impl From<ErrorStack> for DrawError {
    fn from(_: ErrorStack) -> Self {
        Self::OpenSsl
    }
}

/// A private key, and the public one over whatever generator.
pub(crate) struct KeyPair<E> {
    pub(crate) private: BigNum,
    pub(crate) public: E,
}

/// A group of prime order with a generator.
pub(crate) trait Group {
    /// An element other than the neutral one.
    type Element;

    /// The tag of a public key in what a token is over (TR-03110-3, D.3).
    const PUBLIC_KEY: Tag;

    /// Draws a key pair over `generator`, or the group's own one.
    fn draw_pair(
        &mut self,
        generator: Option<&Self::Element>,
        entropy: &mut dyn Entropy,
    ) -> Result<KeyPair<Self::Element>, DrawError>;

    /// `scalar * element`, or of the group's own generator.
    fn multiply(
        &mut self,
        scalar: &BigNumRef,
        element: Option<&Self::Element>,
    ) -> Result<Self::Element, ErrorStack>;

    /// The sum of two elements; `None` if that is the neutral one.
    fn add(
        &mut self,
        left: &Self::Element,
        right: &Self::Element,
    ) -> Result<Option<Self::Element>, ErrorStack>;

    /// How long the prime is that everything is calculated modulo of.
    fn prime_bits(&self) -> usize;

    /// The element that a pseudo-random number stands for (ICAO Doc 9303-11, 4.4.3.3.2); `None` if that is the
    /// neutral one.
    fn integrate(&mut self, number: &BigNumRef) -> Result<Option<Self::Element>, ErrorStack>;

    /// A public key as it is sent.
    fn encode(&mut self, element: &Self::Element) -> Result<Vec<u8>, ErrorStack>;

    /// A public key that was sent; `None` unless it is an element of the group other than the neutral one.
    fn decode(&mut self, bytes: &[u8]) -> Option<Self::Element>;

    /// The shared secret of a key pair and another side's public key.
    fn agree(
        &mut self,
        pair: &KeyPair<Self::Element>,
        other: &Self::Element,
    ) -> Result<Zeroizing<Vec<u8>>, ErrorStack>;
}

/// The generic mapping (ICAO Doc 9303-11, 4.4.3.3.1): the generator `nonce * G + key * card_key`, `None` if that
/// is the neutral element.
pub(crate) fn map_generic<G: Group>(
    group: &mut G,
    nonce: &[u8],
    key: &BigNumRef,
    card_key: &G::Element,
) -> Result<Option<G::Element>, ErrorStack> {
    let nonce = secret_number(nonce)?;
    // Two products and a sum: OpenSSL's joint multiplication takes a time that tells of the scalars.
    let hidden = group.multiply(&nonce, None)?;
    let shared = group.multiply(key, Some(card_key))?;
    group.add(&hidden, &shared)
}

/// Draws a number from 1 to `end` - 1: as many bytes as `end` has, again while they are out of range.
pub(crate) fn draw_below(
    end: &BigNumRef,
    bytes: usize,
    entropy: &mut dyn Entropy,
) -> Result<BigNum, DrawError> {
    let mut drawn = Zeroizing::new(vec![0; bytes]);
    for _ in 0..DRAWS_MAX {
        entropy.fill(&mut drawn).map_err(DrawError::Entropy)?;
        clear_bits_above(end, &mut drawn);
        let number = secret_number(&drawn)?;
        if number.num_bits() > 0 && *number < *end {
            return Ok(number);
        }
    }
    Err(DrawError::Entropy(NoEntropy))
}

/// 521 bits come in 66 bytes, of which one draw in 128 would be in range.
fn clear_bits_above(end: &BigNumRef, bytes: &mut [u8]) {
    let surplus = (bytes.len() * 8).saturating_sub(usize::try_from(end.num_bits()).unwrap_or_default());
    if let Some(first) = bytes.first_mut() {
        *first &= 0xFF_u8.checked_shr(u32::try_from(surplus).unwrap_or(u32::MAX)).unwrap_or_default();
    }
}

/// A number that OpenSSL wipes when it is dropped, and calculates with in constant time.
pub(crate) fn secret_number(bytes: &[u8]) -> Result<BigNum, ErrorStack> {
    let mut number = BigNum::new_secure()?;
    number.copy_from_slice(bytes)?;
    number.set_const_time();
    Ok(number)
}
