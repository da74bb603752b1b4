//! Points of elliptic curves in their uncompressed encoding: `04`, x and y.
//!
//! The arithmetic is RustCrypto's, which the product doesn't use. It has no brainpoolP512r1: there the
//! formulas are written out over OpenSSL's numbers (the product lets OpenSSL do all of it).

use openssl::{
    bn::{BigNum, BigNumContext},
    ec::EcGroup,
    nid::Nid,
};
use p256::elliptic_curve::{
    CurveArithmetic, FieldBytes, FieldBytesSize, Group as _, PrimeField,
    group::Curve as _,
    sec1::{FromSec1Point, ModulusSize, ToSec1Point},
};

use super::{sure, weierstrass};

/// An elliptic curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256 (secp256r1).
    P256,
    /// NIST P-384 (secp384r1).
    P384,
    /// brainpoolP256r1.
    Brainpool256,
    /// brainpoolP384r1.
    Brainpool384,
    /// brainpoolP512r1.
    Brainpool512,
}

/// The numbers that make a curve: y² = x³ + ax + b modulo p.
pub(crate) struct Domain {
    pub(crate) p: BigNum,
    pub(crate) a: BigNum,
    pub(crate) b: BigNum,
}

impl Curve {
    /// The curve's number with OpenSSL.
    pub(crate) fn nid(self) -> Nid {
        match self {
            Self::P256 => Nid::X9_62_PRIME256V1,
            Self::P384 => Nid::SECP384R1,
            Self::Brainpool256 => Nid::BRAINPOOL_P256R1,
            Self::Brainpool384 => Nid::BRAINPOOL_P384R1,
            Self::Brainpool512 => Nid::BRAINPOOL_P512R1,
        }
    }

    /// Bytes of a coordinate, and of the order.
    pub(crate) fn length(self) -> usize {
        match self {
            Self::P256 | Self::Brainpool256 => 32,
            Self::P384 | Self::Brainpool384 => 48,
            Self::Brainpool512 => 64,
        }
    }

    /// The curve's numbers.
    pub(crate) fn domain(self) -> Domain {
        let mut context = sure(BigNumContext::new());
        let [mut p, mut a, mut b] = std::array::from_fn(|_| sure(BigNum::new()));
        sure(self.group().components_gfp(&mut p, &mut a, &mut b, &mut context));
        Domain { p, a, b }
    }

    /// How many points there are; all of these curves have cofactor 1.
    pub(crate) fn order(self) -> BigNum {
        let (mut order, mut context) = (sure(BigNum::new()), sure(BigNumContext::new()));
        sure(self.group().order(&mut order, &mut context));
        order
    }

    /// The usual generator.
    pub(crate) fn generator(self) -> Vec<u8> {
        match self {
            Self::P256 => generator::<p256::NistP256>(),
            Self::P384 => generator::<p384::NistP384>(),
            Self::Brainpool256 => generator::<bp256::BrainpoolP256r1>(),
            Self::Brainpool384 => generator::<bp384::BrainpoolP384r1>(),
            Self::Brainpool512 => weierstrass::generator(self),
        }
    }

    /// Whether `point` is a point of the curve, and not infinity.
    pub(crate) fn has(self, point: &[u8]) -> bool {
        point.len() == 1 + 2 * self.length()
            && point.first() == Some(&0x04)
            && match self {
                Self::P256 => parse::<p256::NistP256>(point).is_some(),
                Self::P384 => parse::<p384::NistP384>(point).is_some(),
                Self::Brainpool256 => parse::<bp256::BrainpoolP256r1>(point).is_some(),
                Self::Brainpool384 => parse::<bp384::BrainpoolP384r1>(point).is_some(),
                Self::Brainpool512 => weierstrass::has(self, point),
            }
    }

    /// The point, so many times: `number` is less than the order and has its length. `None` for infinity.
    pub(crate) fn times(self, number: &[u8], point: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::P256 => times::<p256::NistP256>(number, point),
            Self::P384 => times::<p384::NistP384>(number, point),
            Self::Brainpool256 => times::<bp256::BrainpoolP256r1>(number, point),
            Self::Brainpool384 => times::<bp384::BrainpoolP384r1>(number, point),
            Self::Brainpool512 => weierstrass::times(self, number, point),
        }
    }

    /// The sum; `None` for infinity.
    pub(crate) fn add(self, first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::P256 => add::<p256::NistP256>(first, second),
            Self::P384 => add::<p384::NistP384>(first, second),
            Self::Brainpool256 => add::<bp256::BrainpoolP256r1>(first, second),
            Self::Brainpool384 => add::<bp384::BrainpoolP384r1>(first, second),
            Self::Brainpool512 => weierstrass::add(self, first, second),
        }
    }

    fn group(self) -> EcGroup {
        sure(EcGroup::from_curve_name(self.nid()))
    }
}

fn generator<C>() -> Vec<u8>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: ToSec1Point<C>,
{
    C::ProjectivePoint::generator().to_affine().to_sec1_point(false).as_bytes().to_vec()
}

fn parse<C>(point: &[u8]) -> Option<C::ProjectivePoint>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: FromSec1Point<C>,
{
    Some(C::AffinePoint::from_sec1_bytes(point).ok()?.into())
}

fn encode<C>(point: C::ProjectivePoint) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: ToSec1Point<C>,
{
    let finite = !bool::from(point.is_identity());
    finite.then(|| point.to_affine().to_sec1_point(false).as_bytes().to_vec())
}

fn times<C>(number: &[u8], point: &[u8]) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: FromSec1Point<C> + ToSec1Point<C>,
    C::Scalar: PrimeField<Repr = FieldBytes<C>>,
{
    let number = FieldBytes::<C>::try_from(number).ok()?;
    let number = Option::<C::Scalar>::from(C::Scalar::from_repr(number))?;
    encode::<C>(parse::<C>(point)? * number)
}

fn add<C>(first: &[u8], second: &[u8]) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: FromSec1Point<C> + ToSec1Point<C>,
{
    encode::<C>(parse::<C>(first)? + parse::<C>(second)?)
}

#[cfg(test)]
mod tests {
    use openssl::ec::{EcPoint, PointConversionForm};

    use super::*;

    const CURVES: [Curve; 5] =
        [Curve::P256, Curve::P384, Curve::Brainpool256, Curve::Brainpool384, Curve::Brainpool512];

    fn key(curve: Curve, number: &[u8]) -> Vec<u8> {
        let mut padded = vec![0; curve.length() - number.len()];
        padded.extend_from_slice(number);
        padded
    }

    #[test]
    fn openssls_curves_have_the_same_multiples_and_sums() {
        for curve in CURVES {
            let group = curve.group();
            let mut context = BigNumContext::new().unwrap();
            for number in [&[1][..], &[2], &[3], &[7; 20], &[0x5A; 32]] {
                let mut expected = EcPoint::new(&group).unwrap();
                let number = BigNum::from_slice(number).unwrap();
                expected.mul_generator2(&group, &number, &mut context).unwrap();
                let form = PointConversionForm::UNCOMPRESSED;
                let expected = expected.to_bytes(&group, form, &mut context).unwrap();
                let key = key(curve, &number.to_vec());
                let point = curve.times(&key, &curve.generator()).unwrap();
                assert_eq!(point, expected, "{curve:?}");
                assert!(curve.has(&point));
                let mut next = key;
                *next.last_mut().unwrap() += 1;
                let next = curve.times(&next, &curve.generator());
                assert_eq!(curve.add(&point, &curve.generator()), next, "{curve:?}");
            }
        }
    }

    #[test]
    fn a_point_and_its_opposite_make_infinity() {
        for curve in CURVES {
            let mut opposite = curve.order();
            opposite.sub_word(1).unwrap();
            let opposite = curve.times(&opposite.to_vec(), &curve.generator()).unwrap();
            assert_eq!(curve.add(&opposite, &curve.generator()), None, "{curve:?}");
            assert_eq!(curve.times(&key(curve, &[]), &curve.generator()), None, "{curve:?}");
        }
    }

    #[test]
    fn only_points_of_the_curve_are_points() {
        for curve in CURVES {
            let mut point = curve.generator();
            assert!(curve.has(&point) && !curve.has(&[0]) && !curve.has(&point[1..]));
            point[2 * curve.length()] ^= 1;
            assert!(!curve.has(&point), "{curve:?}");
        }
    }

    /// RFC 7027, A.2 and A.3: the shared secrets.
    #[test]
    fn keys_agree_as_in_rfc_7027() {
        let check = |curve: Curve, alice: &str, bob: &str, secret: &str| {
            let [alice, bob] = [alice, bob].map(|key| hex::decode(key).unwrap());
            let bobs = curve.times(&bob, &curve.generator()).unwrap();
            let shared = curve.times(&alice, &bobs).unwrap();
            assert_eq!(hex::encode_upper(&shared[1..=curve.length()]), secret);
        };
        check(
            Curve::Brainpool384,
            "1E20F5E048A5886F1F157C74E91BDE2B98C8B52D58E5003D57053FC4B0BD65D6F15EB5D1EE1610DF870795143627D042",
            "032640BC6003C59260F7250C3DB58CE647F98E1260ACCE4ACDA3DD869F74E01F8BA5E0324309DB6A9831497ABAC96670",
            "0BD9D3A7EA0B3D519D09D8E48D0785FB744A6B355E6304BC51C229FBBCE239BBADF6403715C35D4FB2A5444F575D4F42",
        );
        check(
            Curve::Brainpool512,
            "16302FF0DBBB5A8D733DAB7141C1B45ACBC8715939677F6A56850A38BD87BD59\
             B09E80279609FF333EB9D4C061231FB26F92EEB04982A5F1D1764CAD57665422",
            "230E18E1BCC88A362FA54E4EA3902009292F7F8033624FD471B5D8ACE49D12CF\
             ABBC19963DAB8E2F1EBA00BFFB29E4D72D13F2224562F405CB80503666B25429",
            "A7927098655F1F9976FA50A9D566865DC530331846381C87256BAF3226244B76\
             D36403C024D7BBF0AA0803EAFF405D3D24F11A9B5C0BEF679FE1454B21C4CD1F",
        );
    }
}
