//! Groups to agree on keys in, by OpenSSL: named curves, and numbers modulo a prime.

use anyhow::{Context, Result};
use openssl::{
    bn::{BigNum, BigNumContext},
    dh::Dh,
    ec::{EcGroup, EcPoint, PointConversionForm},
    nid::Nid,
    pkey::Params,
};

pub(crate) enum Domain {
    Curve(EcGroup),
    Modp(Dh<Params>),
}

impl Domain {
    pub(crate) fn curve(name: Nid) -> Result<Self> {
        Ok(Self::Curve(EcGroup::from_curve_name(name)?))
    }

    /// The usual generator.
    pub(crate) fn generator(&self) -> Result<Vec<u8>> {
        match self {
            Self::Curve(group) => {
                let mut context = BigNumContext::new()?;
                let generator = group.generator_opt().context("no generator")?;
                Ok(generator.to_bytes(group, PointConversionForm::UNCOMPRESSED, &mut context)?)
            }
            Self::Modp(parameters) => padded(parameters, parameters.generator().to_owned()?),
        }
    }

    /// `element`, so many times or to that power.
    pub(crate) fn times(&self, number: &[u8], element: &[u8]) -> Result<Vec<u8>> {
        let (number, mut context) = (BigNum::from_slice(number)?, BigNumContext::new()?);
        match self {
            Self::Curve(group) => {
                let element = EcPoint::from_bytes(group, element, &mut context)?;
                let mut product = EcPoint::new(group)?;
                product.mul2(group, &element, &number, &mut context)?;
                Ok(product.to_bytes(group, PointConversionForm::UNCOMPRESSED, &mut context)?)
            }
            Self::Modp(parameters) => {
                let mut power = BigNum::new()?;
                let element = BigNum::from_slice(element)?;
                power.mod_exp(&element, &number, parameters.prime_p(), &mut context)?;
                padded(parameters, power)
            }
        }
    }

    /// Sum or product.
    pub(crate) fn combine(&self, first: &[u8], second: &[u8]) -> Result<Vec<u8>> {
        let mut context = BigNumContext::new()?;
        match self {
            Self::Curve(group) => {
                let first = EcPoint::from_bytes(group, first, &mut context)?;
                let second = EcPoint::from_bytes(group, second, &mut context)?;
                let mut sum = EcPoint::new(group)?;
                sum.add(group, &first, &second, &mut context)?;
                Ok(sum.to_bytes(group, PointConversionForm::UNCOMPRESSED, &mut context)?)
            }
            Self::Modp(parameters) => {
                let (first, second) = (BigNum::from_slice(first)?, BigNum::from_slice(second)?);
                let mut product = BigNum::new()?;
                product.mod_mul(&first, &second, parameters.prime_p(), &mut context)?;
                padded(parameters, product)
            }
        }
    }

    /// What keys are derived from.
    pub(crate) fn secret(&self, element: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Curve(_) => {
                let coordinates = element.strip_prefix(&[4]).context("compressed")?;
                Ok(coordinates[..coordinates.len() / 2].to_vec())
            }
            Self::Modp(_) => Ok(element.to_vec()),
        }
    }

    /// Tag of a public key in an authentication token.
    pub(crate) fn tag(&self) -> u8 {
        match self {
            Self::Curve(_) => 0x86,
            Self::Modp(_) => 0x84,
        }
    }
}

fn padded(parameters: &Dh<Params>, number: BigNum) -> Result<Vec<u8>> {
    Ok(number.to_vec_padded(parameters.prime_p().num_bytes())?)
}
