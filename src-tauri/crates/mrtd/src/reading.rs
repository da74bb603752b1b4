//! What a reading gives.

use crate::access::Access;
use crate::admitted::IssuedBy;
use crate::lds::FaceRecord;
#[cfg(feature = "workshop")]
use crate::mrz::Issuer;
use crate::mrz::{DocumentKind, MachineReadableZone, MrzDate, MrzName};
use crate::passive::PassiveAuthentication;
use crate::verdict::{Reason, Verdict};
use jiff::civil::Date;
use smartcard::StatusWord;
use std::fmt;

/// Everything that [`read`](crate::read()) gives: of the document's data what was admitted, and how far it is
/// genuine.
pub struct DocumentReading {
    /// What kind of document it is; `None` if nothing is admitted of any, so that DG1 wasn't read.
    pub kind: Option<DocumentKind>,
    /// Who issued it; `None` with [`kind`](Self::kind).
    pub issued_by: Option<IssuedBy>,
    #[cfg(feature = "workshop")]
    pub(crate) issuer: Option<Issuer>,
    /// Whose it is and how long it is valid, if that is admitted.
    pub holder: Option<Holder>,
    /// The face, if that is admitted and could be read.
    pub face: Option<FaceRecord>,
    /// How the chip was opened.
    pub access: Access,
    /// How far it is genuine.
    pub authenticity: Authenticity,
    /// What else is to be known of it.
    pub warnings: Vec<Warning>,
}

#[cfg(feature = "workshop")]
impl DocumentReading {
    /// Who issued it, by the zone's letters: of test documents, in workshop builds only.
    pub fn issuer(&self) -> Option<Issuer> {
        self.issuer
    }
}

/// What may be told of DG1. Document number, optional data, nationality and sex aren't among it, whatever is
/// admitted.
#[derive(Clone)]
pub struct Holder {
    /// The names.
    pub name: MrzName,
    /// The date of birth.
    pub birth_date: Option<MrzDate>,
    /// The last day on which the document is valid.
    pub expiry: Option<MrzDate>,
}

impl Holder {
    pub(crate) fn of(zone: &MachineReadableZone) -> Self {
        Self { name: zone.name(), birth_date: zone.birth_date(), expiry: zone.expiry() }
    }
}

/// How far a document is genuine. It counts for something only where [`passive`](Self::passive) is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authenticity {
    /// The data are those that the issuer has signed.
    pub passive: PassiveAuthentication,
    /// The chip holds the key of chip authentication: it is no copy.
    pub chip_authentication: Verdict,
    /// The chip holds the key of active authentication: it is no copy. Not asked for where chip
    /// authentication has shown one or the other.
    pub active_authentication: Verdict,
}

impl Authenticity {
    /// A chip's proof rests on a key in the signed data: while these aren't proven, it says nothing.
    pub(crate) fn new(passive: PassiveAuthentication, chip: Verdict, active: Verdict) -> Self {
        let proven = passive.verdict() == Verdict::Valid;
        let gate = |verdict| {
            let says_nothing = verdict == Verdict::NotVerifiable(Reason::NotAsked);
            let unproven = Verdict::NotVerifiable(Reason::PassiveAuthentication);
            if proven || says_nothing { verdict } else { unproven }
        };
        Self { passive, chip_authentication: gate(chip), active_authentication: gate(active) }
    }

    /// Whether this is the document that its issuer made: the data are signed, and the chip has proven by one
    /// way or the other that it is no copy. This is the one question for callers; a document that has nothing
    /// to prove its chip with isn't original in this sense, however genuine its data are.
    #[must_use]
    pub fn is_original(&self) -> bool {
        let chip = [self.chip_authentication, self.active_authentication];
        self.passive.verdict() == Verdict::Valid
            && chip.contains(&Verdict::Valid)
            && !chip.iter().any(|verdict| matches!(verdict, Verdict::Invalid(_)))
    }
}

/// Something to know about a document that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// The document has expired.
    Expired,
    /// The zone has no room for the whole name.
    NameTruncated,
    /// Day, or day and month, of birth are unknown.
    BirthDateIncomplete,
    /// A check digit of the zone in DG1 is wrong.
    CheckDigit,
    /// The chip has no face, or its list doesn't name one.
    NoFace,
    /// The face wasn't read to its end: somebody cancelled it.
    FaceCancelled,
    /// The chip refused the face.
    FaceRefused(StatusWord),
    /// The face isn't of its form.
    FaceMalformed,
    /// The face's image ends before its own end: what there is of it is blurred, or a part.
    FaceIncomplete,
    /// The chip offers PACE, failed in it, and was opened with basic access control.
    PaceFailed,
}

/// What the zone alone gives reason to say: of a person only where that is `disclosed`.
pub(crate) fn warnings(zone: &MachineReadableZone, disclosed: bool, today: Date) -> Vec<Warning> {
    let expired = zone.expiry().and_then(|expiry| expiry.expiry(today)).is_some_and(|expiry| expiry < today);
    let incomplete = zone.birth_date().is_none_or(|birth| birth.month.is_none() || birth.day.is_none());
    [
        expired.then_some(Warning::Expired),
        (disclosed && zone.name().truncated).then_some(Warning::NameTruncated),
        (disclosed && incomplete).then_some(Warning::BirthDateIncomplete),
        (!zone.checks().all_hold()).then_some(Warning::CheckDigit),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl fmt::Debug for DocumentReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, access, authenticity, warnings, .. } = self;
        write!(f, "DocumentReading({kind:?}, {access:?}, {authenticity:?}, {warnings:?})")
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Holder(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: PassiveAuthentication = PassiveAuthentication {
        data: Verdict::Valid,
        signature: Verdict::Valid,
        issuer: Verdict::Valid,
        revocation: Verdict::Valid,
        document_type: Verdict::Valid,
        country: Verdict::Valid,
    };

    #[test]
    fn what_a_chip_shows_counts_only_where_passive_authentication_is_valid() {
        let unproven = Verdict::NotVerifiable(Reason::PassiveAuthentication);
        let shown = [
            Verdict::Valid,
            Verdict::Invalid(Reason::ChallengeFailed),
            Verdict::NotVerifiable(Reason::UnknownAlgorithm),
            Verdict::NotSupported(Reason::NotOffered),
        ];
        for verdict in shown {
            let proven = Authenticity::new(VALID, verdict, verdict);
            assert_eq!((proven.chip_authentication, proven.active_authentication), (verdict, verdict));
            for open in [Verdict::NotVerifiable(Reason::UnknownIssuer), Verdict::Invalid(Reason::Signature)] {
                let passive = PassiveAuthentication { signature: open, ..VALID };
                let gated = Authenticity::new(passive, verdict, verdict);
                let gated = (gated.chip_authentication, gated.active_authentication);
                assert_eq!(gated, (unproven, unproven), "{verdict:?} {open:?}");
            }
        }
    }

    #[test]
    fn a_document_is_original_whose_data_are_signed_and_whose_chip_is_proven_by_one_way() {
        let open = Verdict::NotVerifiable(Reason::UnknownAlgorithm);
        let copy = Verdict::Invalid(Reason::ChallengeFailed);
        for (chip, active, original) in [
            (Verdict::Valid, open, true),
            (open, Verdict::Valid, true),
            (open, open, false),
            (Verdict::Valid, copy, false),
            (copy, Verdict::Valid, false),
            (copy, open, false),
        ] {
            assert_eq!(Authenticity::new(VALID, chip, active).is_original(), original, "{chip:?} {active:?}");
            let passive =
                PassiveAuthentication { issuer: Verdict::NotVerifiable(Reason::UnknownIssuer), ..VALID };
            assert!(!Authenticity::new(passive, chip, active).is_original(), "{chip:?} {active:?}");
        }
    }

    #[test]
    fn what_nobody_asked_for_stays_so() {
        let not_asked = Verdict::NotVerifiable(Reason::NotAsked);
        let passive = PassiveAuthentication { signature: Verdict::Invalid(Reason::Signature), ..VALID };
        assert_eq!(Authenticity::new(passive, not_asked, not_asked).active_authentication, not_asked);
    }
}
