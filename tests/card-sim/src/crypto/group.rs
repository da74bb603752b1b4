//! Groups that keys are agreed on in: elliptic curves, and numbers modulo a prime.

use std::fmt;

use openssl::{
    bn::{BigNum, BigNumContext, BigNumRef},
    dh::Dh,
    pkey::Params,
};

use super::{elliptic::Curve, number, sure};

/// A group with a generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// An elliptic curve.
    Ec(Curve),
    /// Numbers modulo a prime.
    Dh(DhGroup),
}

/// A group of RFC 5114.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DhGroup {
    /// 1024 bits with a subgroup of 160 (2.1).
    Modp1024,
    /// 2048 bits with a subgroup of 224 (2.2).
    Modp2048With224,
    /// 2048 bits with a subgroup of 256 (2.3).
    Modp2048With256,
}

/// A private key in a group; those of simulated chips are no secrets, but a habit is a habit.
#[derive(Clone, PartialEq, Eq)]
pub struct ChipKey {
    /// The group.
    pub group: Group,
    /// The number, as long as the group's order.
    private: Vec<u8>,
}

impl Group {
    /// The number of the standardised domain parameters (Doc 9303-11, 9.5.1; TR-03110-3, A.2.1.1).
    #[must_use]
    pub fn parameter_id(self) -> u8 {
        match self {
            Self::Dh(DhGroup::Modp1024) => 0,
            Self::Dh(DhGroup::Modp2048With224) => 1,
            Self::Dh(DhGroup::Modp2048With256) => 2,
            Self::Ec(Curve::P256) => 12,
            Self::Ec(Curve::Brainpool256) => 13,
            Self::Ec(Curve::P384) => 15,
            Self::Ec(Curve::Brainpool384) => 16,
            Self::Ec(Curve::Brainpool512) => 17,
        }
    }

    /// The order of the generator.
    pub(crate) fn order(self) -> BigNum {
        match self {
            Self::Ec(curve) => curve.order(),
            Self::Dh(group) => group.order(),
        }
    }

    /// The usual generator.
    pub(crate) fn generator(self) -> Vec<u8> {
        match self {
            Self::Ec(curve) => curve.generator(),
            Self::Dh(group) => group.encode(group.parameters().generator()),
        }
    }

    /// Whether `bytes` is an element that one may agree on.
    pub(crate) fn has(self, bytes: &[u8]) -> bool {
        match self {
            Self::Ec(curve) => curve.has(bytes),
            Self::Dh(group) => group.has(bytes),
        }
    }

    /// The sum of two points, or the product of two numbers; `None` for the neutral element.
    pub(crate) fn combine(self, first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Ec(curve) => curve.add(first, second),
            Self::Dh(group) => {
                let [first, second] = [first, second].map(number);
                let (mut product, mut context) = (sure(BigNum::new()), sure(BigNumContext::new()));
                sure(product.mod_mul(&first, &second, group.parameters().prime_p(), &mut context));
                group.unless_one(&product)
            }
        }
    }

    /// What keys are derived from: the x-coordinate, or the number itself.
    pub(crate) fn secret(self, element: &[u8]) -> Vec<u8> {
        match self {
            Self::Ec(curve) => element.iter().skip(1).take(curve.length()).copied().collect(),
            Self::Dh(_) => element.to_vec(),
        }
    }

    /// The tag of a public key among data objects (TR-03110-3, D.3).
    pub(crate) fn public_key_tag(self) -> u32 {
        match self {
            Self::Ec(_) => 0x86,
            Self::Dh(_) => 0x84,
        }
    }
}

impl DhGroup {
    /// p, q and g.
    pub(crate) fn parameters(self) -> Dh<Params> {
        sure(match self {
            Self::Modp1024 => Dh::get_1024_160(),
            Self::Modp2048With224 => Dh::get_2048_224(),
            Self::Modp2048With256 => Dh::get_2048_256(),
        })
    }

    /// q.
    pub(crate) fn order(self) -> BigNum {
        let order = self.parameters().prime_q().map(BigNumRef::to_owned);
        sure(order.unwrap_or_else(|| BigNum::from_u32(1)))
    }

    /// A number that is as long as p.
    pub(crate) fn encode(self, number: &BigNumRef) -> Vec<u8> {
        sure(number.to_vec_padded(self.parameters().prime_p().num_bytes()))
    }

    /// `base` to the power of `exponent`; `None` if that is 1.
    pub(crate) fn power(self, base: &BigNumRef, exponent: &BigNumRef) -> Option<Vec<u8>> {
        let (mut power, mut context) = (sure(BigNum::new()), sure(BigNumContext::new()));
        sure(power.mod_exp(base, exponent, self.parameters().prime_p(), &mut context));
        self.unless_one(&power)
    }

    fn unless_one(self, number: &BigNumRef) -> Option<Vec<u8>> {
        (number.num_bits() > 1).then(|| self.encode(number))
    }

    /// More than 1, less than p - 1.
    fn has(self, bytes: &[u8]) -> bool {
        let mut next = number(bytes);
        let one = sure(BigNum::from_u32(1));
        let above = next > one;
        sure(next.add_word(1));
        above && next < *self.parameters().prime_p()
    }
}

impl ChipKey {
    /// The key with this big-endian number modulo the order; 1 instead of 0.
    #[must_use]
    pub fn new(group: Group, private: &[u8]) -> Self {
        let (mut remainder, mut context) = (sure(BigNum::new()), sure(BigNumContext::new()));
        let order = group.order();
        sure(remainder.nnmod(&number(private), &order, &mut context));
        if remainder.num_bits() == 0 {
            sure(remainder.add_word(1));
        }
        Self { group, private: sure(remainder.to_vec_padded(order.num_bytes())) }
    }

    /// The key that belongs to a name, the same in every run.
    #[must_use]
    pub fn named(group: Group, name: &str) -> Self {
        Self::new(group, &openssl::sha::sha512(format!("card-sim {name}").as_bytes()))
    }

    /// The public key to the usual generator: a point, not compressed, or a number.
    #[must_use]
    pub fn public(&self) -> Vec<u8> {
        self.times(&self.group.generator()).unwrap_or_default()
    }

    /// The element, so many times (or to that power); `None` for the neutral element.
    pub(crate) fn times(&self, element: &[u8]) -> Option<Vec<u8>> {
        match self.group {
            Group::Ec(curve) => curve.times(&self.private, element),
            Group::Dh(group) => group.power(&number(element), &self.number()),
        }
    }

    /// The number.
    pub(crate) fn number(&self) -> BigNum {
        number(&self.private)
    }

    /// The number in as many bytes as the order has.
    pub(crate) fn to_bytes(&self) -> &[u8] {
        &self.private
    }

    /// The key after this one.
    pub(crate) fn successor(&self) -> Self {
        let mut next = self.number();
        sure(next.add_word(1));
        Self::new(self.group, &next.to_vec())
    }

    /// The other key divided by this one, modulo the order.
    pub(crate) fn divide(&self, other: &Self) -> Self {
        let mut context = sure(BigNumContext::new());
        let [mut inverse, mut quotient] = std::array::from_fn(|_| sure(BigNum::new()));
        sure(inverse.mod_inverse(&self.number(), &self.group.order(), &mut context));
        sure(quotient.mod_mul(&inverse, &other.number(), &self.group.order(), &mut context));
        Self::new(self.group, &quotient.to_vec())
    }
}

impl fmt::Debug for ChipKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ChipKey({:?}, …)", self.group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: [Group; 4] = [
        Group::Ec(Curve::P256),
        Group::Dh(DhGroup::Modp1024),
        Group::Dh(DhGroup::Modp2048With224),
        Group::Dh(DhGroup::Modp2048With256),
    ];

    #[test]
    fn two_keys_agree_on_the_same_secret_in_every_group() {
        for group in GROUPS {
            let [one, other] = ["one", "other"].map(|name| ChipKey::named(group, name));
            assert!(group.has(&one.public()));
            assert_eq!(one.times(&other.public()), other.times(&one.public()));
            assert_ne!(one.times(&other.public()), one.times(&one.public()), "{group:?}");
        }
    }

    #[test]
    fn a_keys_successor_has_the_next_public_key() {
        for group in GROUPS {
            let key = ChipKey::named(group, "a key");
            assert_eq!(group.combine(&key.public(), &group.generator()), Some(key.successor().public()));
        }
    }

    #[test]
    fn a_quotient_times_its_divisor_is_the_dividend() {
        for group in GROUPS {
            let [divisor, dividend] = ["divisor", "dividend"].map(|name| ChipKey::named(group, name));
            let quotient = divisor.divide(&dividend);
            assert_eq!(quotient.times(&divisor.public()), Some(dividend.public()), "{group:?}");
        }
    }

    #[test]
    fn neutral_elements_are_no_elements_to_agree_on() {
        let group = Group::Dh(DhGroup::Modp1024);
        let mut minus_one = DhGroup::Modp1024.parameters().prime_p().to_vec();
        *minus_one.last_mut().unwrap() -= 1;
        for number in [&[0][..], &[1], &minus_one, &[0xFF; 128]] {
            assert!(!group.has(number), "{number:02X?}");
        }
        assert!(group.has(&[2]));
        assert_eq!(group.combine(&minus_one, &minus_one), None);
    }
}
