//! Groups of numbers modulo a prime, calculated by OpenSSL (RFC 2631; RFC 5114).

use super::group::{DrawError, Group, KeyPair, draw_below};
use crate::entropy::Entropy;
use crate::tlv::Tag;
use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::dh::Dh;
use openssl::error::ErrorStack;
use openssl::pkey::{Params, Public};
use zeroize::Zeroizing;

/// Bits of a prime that is used: the shortest standardised one, and four times as many, so that a chip can't keep
/// us calculating.
const PRIME_BITS: std::ops::RangeInclusive<i32> = 1024..=4096;
/// Least bits of a subgroup's order: that of the smallest standardised one.
const ORDER_BITS_MIN: i32 = 160;
/// Most draws until a public key is as long as the prime, each with an exponentiation: one in 256 at the most is
/// shorter, so that a real group never needs as many.
const PUBLIC_KEYS_MAX: usize = 8;
/// No prime that is used has a factor up to this; nine in ten numbers that are none have one.
const FACTOR_MAX: u32 = 1_000;

/// The group of standardised domain parameters 0 to 2, in ascending order of their size (TR-03110-3, A.2.1.1;
/// RFC 5114, 2.1 to 2.3).
fn standardised(parameter_id: u8) -> Result<Option<Dh<Params>>, ErrorStack> {
    Ok(Some(match parameter_id {
        0 => Dh::get_1024_160()?,
        1 => Dh::get_2048_224()?,
        2 => Dh::get_2048_256()?,
        _ => return Ok(None),
    }))
}

/// Whether these standardised domain parameters are a group of this kind.
pub(crate) fn is_standardised_group(parameter_id: u8) -> bool {
    parameter_id <= 2
}

/// A group modulo a prime, and memory to calculate in.
pub(crate) struct ModularGroup {
    prime: BigNum,
    /// The order of the subgroup; a PKCS #3 key doesn't tell it.
    order: Option<BigNum>,
    generator: BigNum,
    prime_bytes: usize,
    context: BigNumContext,
}

impl ModularGroup {
    /// Standardised domain parameters; `None` if they are no such group.
    pub(crate) fn new(parameter_id: u8) -> Result<Option<Self>, ErrorStack> {
        let Some(parameters) = standardised(parameter_id)? else { return Ok(None) };
        let order = parameters.prime_q().map(BigNumRef::to_owned).transpose()?;
        Self::of_parts(parameters.prime_p(), order, parameters.generator()).map(Some)
    }

    /// The group of a key; `None` if it is too small or too large, or none.
    pub(crate) fn of_key(key: &Dh<Public>) -> Result<Option<Self>, ErrorStack> {
        let prime = key.prime_p();
        if !PRIME_BITS.contains(&prime.num_bits()) || has_small_factor(prime)? {
            return Ok(None);
        }
        let order = match key.prime_q() {
            Some(order) => Some(order.to_owned()?),
            None => standardised_order(prime)?,
        };
        if order.as_ref().is_some_and(|order| order.num_bits() < ORDER_BITS_MIN || !order.is_odd()) {
            return Ok(None);
        }
        let mut group = Self::of_parts(prime, order, key.generator())?;
        Ok(group.element(key.generator())?.is_some().then_some(group))
    }

    fn of_parts(prime: &BigNumRef, order: Option<BigNum>, generator: &BigNumRef) -> Result<Self, ErrorStack> {
        Ok(Self {
            prime: prime.to_owned()?,
            order,
            generator: generator.to_owned()?,
            prime_bytes: usize::try_from(prime.num_bytes()).unwrap_or_default(),
            context: BigNumContext::new_secure()?,
        })
    }

    /// A number as an element; `None` unless it is 2 to p - 2 and, where the order is known, in the subgroup.
    pub(crate) fn element(&mut self, number: &BigNumRef) -> Result<Option<BigNum>, ErrorStack> {
        let mut highest = self.prime.to_owned()?;
        highest.sub_word(2)?;
        if number.is_negative() || number.num_bits() < 2 || *number > *highest {
            return Ok(None);
        }
        let element = number.to_owned()?;
        let in_subgroup = match self.order.take() {
            None => true,
            Some(order) => {
                let power = self.multiply(&order, Some(&element));
                self.order = Some(order);
                let power = power?;
                is_one(&power)
            }
        };
        Ok(in_subgroup.then_some(element))
    }

    fn padded(&self, number: &BigNumRef) -> Result<Vec<u8>, ErrorStack> {
        number.to_vec_padded(i32::try_from(self.prime_bytes).unwrap_or_default())
    }
}

impl Group for ModularGroup {
    type Element = BigNum;

    const PUBLIC_KEY: Tag = Tag(0x84);

    /// The public key has as many bytes as the prime: cards disagree on whether leading zeros are sent.
    fn draw_pair(
        &mut self,
        generator: Option<&BigNum>,
        entropy: &mut dyn Entropy,
    ) -> Result<KeyPair<BigNum>, DrawError> {
        for _ in 0..PUBLIC_KEYS_MAX {
            let end = self.order.as_ref().unwrap_or(&self.prime);
            let bytes = usize::try_from(end.num_bytes()).unwrap_or_default();
            let private = draw_below(end, bytes, entropy)?;
            let public = self.multiply(&private, generator)?;
            if usize::try_from(public.num_bytes()) == Ok(self.prime_bytes) {
                return Ok(KeyPair { private, public });
            }
        }
        Err(DrawError::Group)
    }

    fn multiply(&mut self, scalar: &BigNumRef, element: Option<&BigNum>) -> Result<BigNum, ErrorStack> {
        let mut power = BigNum::new_secure()?;
        power.mod_exp(element.unwrap_or(&self.generator), scalar, &self.prime, &mut self.context)?;
        Ok(power)
    }

    fn add(&mut self, left: &BigNum, right: &BigNum) -> Result<Option<BigNum>, ErrorStack> {
        let mut product = BigNum::new_secure()?;
        product.mod_mul(left, right, &self.prime, &mut self.context)?;
        Ok((!is_one(&product)).then_some(product))
    }

    fn prime_bits(&self) -> usize {
        usize::try_from(self.prime.num_bits()).unwrap_or_default()
    }

    /// ICAO Doc 9303-11, B.1: number^((p - 1) / q).
    fn integrate(&mut self, number: &BigNumRef) -> Result<Option<BigNum>, ErrorStack> {
        let Some(order) = &self.order else { return Ok(None) };
        let mut base = BigNum::new_secure()?;
        base.set_const_time();
        base.nnmod(number, &self.prime, &mut self.context)?;
        let mut less = self.prime.to_owned()?;
        less.sub_word(1)?;
        let mut cofactor = BigNum::new()?;
        cofactor.checked_div(&less, order, &mut self.context)?;
        let power = self.multiply(&cofactor, Some(&base))?;
        Ok((power.num_bits() > 1).then_some(power))
    }

    fn encode(&mut self, element: &BigNum) -> Result<Vec<u8>, ErrorStack> {
        self.padded(element)
    }

    /// Leading zeros may be missing (TR-03110-3, D.2.1) or not.
    fn decode(&mut self, bytes: &[u8]) -> Option<BigNum> {
        if bytes.len() > self.prime_bytes {
            return None;
        }
        let number = BigNum::from_slice(bytes).ok()?;
        self.element(&number).ok().flatten()
    }

    /// PKCS #3, 8.3: as many bytes as the prime has, leading zeros included.
    fn agree(&mut self, pair: &KeyPair<BigNum>, other: &BigNum) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
        let secret = self.multiply(&pair.private, Some(other))?;
        self.padded(&secret).map(Zeroizing::new)
    }
}

/// The order that belongs to the prime of a standardised group.
fn standardised_order(prime: &BigNumRef) -> Result<Option<BigNum>, ErrorStack> {
    for parameter_id in 0..=2 {
        if let Some(known) = standardised(parameter_id)?.filter(|known| known.prime_p() == prime) {
            return known.prime_q().map(BigNumRef::to_owned).transpose();
        }
    }
    Ok(None)
}

/// Whether a small number divides it, 2 among them.
fn has_small_factor(number: &BigNumRef) -> Result<bool, ErrorStack> {
    for factor in (2..=FACTOR_MAX).filter(|factor| *factor == 2 || factor % 2 == 1) {
        if number.mod_word(factor)? == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_one(number: &BigNumRef) -> bool {
    number.num_bits() == 1
}
