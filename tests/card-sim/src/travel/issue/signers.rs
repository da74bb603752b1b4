//! The document signers of a state: those that sign day by day, and those that something is the matter with.

use jiff::{ToSpan, civil::Date};

use super::{
    authority::{Authority, Generation, Purpose, Signer},
    keys::{Curve, Kind},
    scheme::Scheme,
    state::{Signature, State},
};
use crate::{pki::Validity, travel::Hash};

/// Which signer of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignerKind {
    /// Of passports, two years ago.
    Passports,
    /// Of cards, two years ago.
    Cards,
    /// Of everything, seven years ago, below the authority's former key.
    Former,
    /// Of passports; its certificate has expired since.
    Expired,
    /// Certified before its authority's key was.
    BeforeAuthority,
    /// On the state's revocation list.
    Revoked,
    /// On the defect list: revoked.
    ReportedRevoked,
    /// On the defect list: the keys of chip authentication aren't secret.
    ReportedChipKeys,
    /// On the defect list: DG2 is malformed.
    ReportedData,
    /// Below a key of somebody else who has the authority's name.
    Forged,
    /// Its key tells all parameters of its curve.
    Explicit,
    /// Signs with SHA-1, as in the first years.
    Sha1,
    /// Signs with SHA-512 on brainpoolP512r1.
    Sha512,
}

/// Documents that passports' signers sign.
const PASSPORTS: Purpose = Purpose::Documents(&["P"]);
/// Documents that cards' signers sign.
const CARDS: Purpose = Purpose::Documents(&["A", "AR", "I", "ID", "UB"]);
/// Documents that were signed by one signer.
const EVERYTHING: Purpose = Purpose::Documents(&["A", "AR", "I", "ID", "P"]);

impl SignerKind {
    /// Those that a revocation list names.
    pub(crate) const REVOKED: [Self; 1] = [Self::Revoked];

    fn name(self) -> &'static str {
        match self {
            Self::Passports => "Document Signer Passports",
            Self::Cards => "Document Signer Cards",
            Self::Former => "Document Signer Former",
            Self::Expired => "Document Signer Expired",
            Self::BeforeAuthority => "Document Signer Early",
            Self::Revoked => "Document Signer Revoked",
            Self::ReportedRevoked => "Document Signer Reported 1",
            Self::ReportedChipKeys => "Document Signer Reported 2",
            Self::ReportedData => "Document Signer Reported 3",
            Self::Forged => "Document Signer Forged",
            Self::Explicit => "Document Signer Explicit",
            Self::Sha1 => "Document Signer SHA-1",
            Self::Sha512 => "Document Signer SHA-512",
        }
    }

    /// The signer in this state on the day `today`.
    pub(crate) fn of(self, state: State, today: Date) -> Signer {
        let generation = match (self == Self::Forged, self.years_ago()) {
            (true, _) => Generation::Forged,
            (false, 7) => Generation::Former,
            (false, _) => Generation::Current,
        };
        Signer {
            authority: Authority::of(state, generation),
            name: self.name(),
            signature: self.signature(state),
            validity: self.validity(today),
            purpose: self.purpose(),
        }
    }

    fn purpose(self) -> Purpose {
        match (self == Self::Cards, self.years_ago()) {
            (true, _) => CARDS,
            (false, 7) => EVERYTHING,
            (false, _) => PASSPORTS,
        }
    }

    /// How long ago it signed.
    fn years_ago(self) -> i16 {
        if matches!(self, Self::Former | Self::Expired | Self::Sha1) {
            7
        } else if self == Self::BeforeAuthority {
            5
        } else {
            2
        }
    }

    /// From a month before the documents are issued to three months after the last of them expires.
    fn validity(self, today: Date) -> Validity {
        let lasting = if self == Self::Expired { 5 } else { 10 };
        let from = today.saturating_sub(self.years_ago().years()).saturating_sub(1.month());
        Validity { from, to: from.saturating_add(lasting.years()).saturating_add(4.months()) }
    }

    fn signature(self, state: State) -> Signature {
        let (kind, hash) = match self {
            Self::Explicit => (Kind::Explicit(Curve::Brainpool256), Hash::Sha256),
            Self::Sha1 => (Kind::Explicit(Curve::Brainpool224), Hash::Sha1),
            Self::Sha512 => (Kind::Named(Curve::Brainpool512), Hash::Sha512),
            Self::Passports
            | Self::Cards
            | Self::Former
            | Self::Expired
            | Self::BeforeAuthority
            | Self::Revoked
            | Self::ReportedRevoked
            | Self::ReportedChipKeys
            | Self::ReportedData
            | Self::Forged => return state.signer_signature(),
        };
        Signature { kind, scheme: Scheme::Ecdsa(hash) }
    }
}
