//! The issuing states and how their authorities work. Names are of this simulator; keys and forms are of the
//! kinds that the authorities of the world have.

use super::{
    keys::{Curve, Kind},
    scheme::Scheme,
};
use crate::travel::Hash;

/// A state that issues travel documents here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "states")]
pub enum State {
    Germany,
    Austria,
    Belgium,
    China,
    France,
    /// Nobody here has the certificate of its authority.
    Iceland,
    /// Its code in zones (RKS) isn't of ISO 3166.
    Kosovo,
    Luxembourg,
    Netherlands,
    NewZealand,
    /// Of its authority's current key only the link certificate is known.
    Poland,
    Switzerland,
    Ukraine,
    UnitedStates,
}

/// A kind of key, and how it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) kind: Kind,
    pub(crate) scheme: Scheme,
}

const fn ecdsa(curve: Curve, hash: Hash) -> Signature {
    Signature { kind: Kind::Named(curve), scheme: Scheme::Ecdsa(hash) }
}

const fn explicit(curve: Curve, hash: Hash) -> Signature {
    Signature { kind: Kind::Explicit(curve), scheme: Scheme::Ecdsa(hash) }
}

const fn rsa(bits: u16, hash: Hash) -> Signature {
    Signature { kind: Kind::Rsa(bits), scheme: Scheme::RsaPkcs1(hash) }
}

const fn pss(bits: u16, hash: Hash) -> Signature {
    Signature { kind: Kind::Rsa(bits), scheme: Scheme::RsaPss(hash) }
}

impl State {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Germany,
        Self::Austria,
        Self::Belgium,
        Self::China,
        Self::France,
        Self::Iceland,
        Self::Kosovo,
        Self::Luxembourg,
        Self::Netherlands,
        Self::NewZealand,
        Self::Poland,
        Self::Switzerland,
        Self::Ukraine,
        Self::UnitedStates,
    ];

    /// Its code in machine-readable zones (Doc 9303-3, 5).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Germany => "D",
            Self::Austria => "AUT",
            Self::Belgium => "BEL",
            Self::China => "CHN",
            Self::France => "FRA",
            Self::Iceland => "ISL",
            Self::Kosovo => "RKS",
            Self::Luxembourg => "LUX",
            Self::Netherlands => "NLD",
            Self::NewZealand => "NZL",
            Self::Poland => "POL",
            Self::Switzerland => "CHE",
            Self::Ukraine => "UKR",
            Self::UnitedStates => "USA",
        }
    }

    /// Its code in certificates: two letters of ISO 3166-1, or of its own.
    #[must_use]
    pub fn country(self) -> &'static str {
        match self {
            Self::Germany => "DE",
            Self::Austria => "AT",
            Self::Belgium => "BE",
            Self::China => "CN",
            Self::France => "FR",
            Self::Iceland => "IS",
            Self::Kosovo => "KS",
            Self::Luxembourg => "LU",
            Self::Netherlands => "NL",
            Self::NewZealand => "NZ",
            Self::Poland => "PL",
            Self::Switzerland => "CH",
            Self::Ukraine => "UA",
            Self::UnitedStates => "US",
        }
    }

    /// The common name of its authority; keys change, the name doesn't.
    pub(crate) fn authority(self) -> &'static str {
        match self {
            Self::Germany => "csca-birds-germany TEST-ONLY",
            Self::Austria => "CSCA Birds Austria TEST-ONLY",
            Self::Belgium => "CSCA Birds Belgium TEST-ONLY",
            Self::China => "CSCA Birds China TEST-ONLY",
            Self::France => "CSCA Birds France TEST-ONLY",
            Self::Iceland => "CSCA Birds Iceland TEST-ONLY",
            Self::Kosovo => "CSCA Birds Kosovo TEST-ONLY",
            Self::Luxembourg => "CSCA Birds Luxembourg TEST-ONLY",
            Self::Netherlands => "CSCA Birds Netherlands TEST-ONLY",
            Self::NewZealand => "CSCA Birds New Zealand TEST-ONLY",
            Self::Poland => "CSCA Birds Poland TEST-ONLY",
            Self::Switzerland => "CSCA Birds Switzerland TEST-ONLY",
            Self::Ukraine => "CSCA Birds Ukraine TEST-ONLY",
            Self::UnitedStates => "CSCA Birds United States TEST-ONLY",
        }
    }

    /// The key of its authority. Most authorities on curves write all their parameters.
    pub(crate) fn authority_signature(self) -> Signature {
        match self {
            Self::Germany => explicit(Curve::Brainpool384, Hash::Sha384),
            Self::Austria | Self::Kosovo => explicit(Curve::P384, Hash::Sha384),
            Self::Luxembourg | Self::Poland => ecdsa(Curve::P384, Hash::Sha384),
            Self::Belgium => explicit(Curve::P521, Hash::Sha512),
            Self::Ukraine => explicit(Curve::Brainpool512, Hash::Sha512),
            Self::Switzerland => pss(3072, Hash::Sha256),
            Self::China | Self::France | Self::Iceland | Self::NewZealand => rsa(3072, Hash::Sha256),
            Self::Netherlands | Self::UnitedStates => rsa(2048, Hash::Sha256),
        }
    }

    /// The keys of its document signers.
    pub(crate) fn signer_signature(self) -> Signature {
        match self {
            Self::Germany => ecdsa(Curve::Brainpool256, Hash::Sha256),
            Self::Austria | Self::Kosovo | Self::Poland => ecdsa(Curve::P256, Hash::Sha256),
            Self::Luxembourg => ecdsa(Curve::P384, Hash::Sha384),
            Self::Belgium => explicit(Curve::P384, Hash::Sha384),
            Self::Ukraine => explicit(Curve::Brainpool384, Hash::Sha512),
            Self::Switzerland => pss(2048, Hash::Sha256),
            Self::China
            | Self::France
            | Self::Iceland
            | Self::Netherlands
            | Self::NewZealand
            | Self::UnitedStates => rsa(2048, Hash::Sha256),
        }
    }
}
