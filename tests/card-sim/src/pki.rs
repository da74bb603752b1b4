//! The certificates on simulated cards: an own hierarchy of card-verifiable certificates, and an own authority
//! of X.509 certificates. All keys follow from names, all dates from today.

pub(crate) mod cvc;
pub(crate) mod x509;

use jiff::{ToSpan, civil::Date};
use openssl::{
    bn::BigNumContext,
    ec::{EcGroup, EcKey, EcPoint},
    nid::Nid,
    pkey::{PKey, Public},
};

use crate::crypto::{curve::Point, sure};

/// First and last day of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) from: Date,
    pub(crate) to: Date,
}

impl Validity {
    /// Years from a day on, without the same day of the last.
    pub(crate) fn years(from: Date, years: i16) -> Self {
        Self { from, to: from.saturating_add(years.years()).saturating_sub(1.day()) }
    }
}

/// A public key for OpenSSL.
pub(crate) fn openssl_public(point: Point) -> PKey<Public> {
    let group = brainpool();
    let mut context = sure(BigNumContext::new());
    let point = sure(EcPoint::from_bytes(&group, &point.to_bytes(), &mut context));
    sure(PKey::from_ec_key(sure(EcKey::from_public_key(&group, &point))))
}

/// The curve, named.
pub(crate) fn brainpool() -> EcGroup {
    sure(EcGroup::from_curve_name(Nid::BRAINPOOL_P256R1))
}
