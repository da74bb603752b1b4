//! A line for each check of a chip, and what counts of them.

use bridge::{ChipCheck, ChipCheckName, ChipCounts, ChipLine, ChipReason};
use identification::{BirthDate, ChipEvidence, Name, ZoneName};
use jiff::civil::Date;
use mrtd::{Authenticity, Holder, Reason, Verdict};

use crate::dates;

/// What the chip must agree with.
#[derive(Debug)]
pub(super) struct Expected {
    /// As the insurer knows the person.
    pub(super) name: Name,
    /// As printed in the document.
    pub(super) birth_date: BirthDate,
    /// As printed in the document.
    pub(super) expiry: Date,
}

/// What became of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    /// It can be shown.
    Shown,
    /// The profile doesn't admit it, or the reading was stopped before its end.
    NotRead,
    /// It isn't of a form that can be shown, or the chip doesn't give it out.
    Unreadable,
}

/// Every check in its order, and what a record keeps of them.
pub(super) fn lines(
    authenticity: &Authenticity,
    holder: Option<&Holder>,
    expected: &Expected,
    face: Face,
    today: Date,
) -> (Vec<ChipLine>, ChipEvidence) {
    let passive = &authenticity.passive;
    let copy = no_copy(authenticity.chip_authentication, authenticity.active_authentication);
    let name = holder.is_some_and(|it| zone_name(it).agrees_with(&expected.name));
    let born = holder.and_then(|it| it.birth_date).map(|date| dates::born_on(date, today));
    let birth_date = born.is_some_and(|born| born.agrees_with(expected.birth_date));
    let expiry =
        holder.and_then(|it| it.expiry?.expiry(today)).is_some_and(|expiry| expiry == expected.expiry);
    let agrees = |so| match (holder, so) {
        (None, _) => ChipCheck::NotVerifiable { reason: ChipReason::NotAsked },
        (Some(_), true) => ChipCheck::Valid,
        (Some(_), false) => ChipCheck::Invalid { reason: ChipReason::Differs },
    };
    let shown = match face {
        Face::Shown => ChipCheck::Valid,
        Face::NotRead => ChipCheck::NotVerifiable { reason: ChipReason::NotAsked },
        Face::Unreadable => ChipCheck::NotVerifiable { reason: ChipReason::FaceUnreadable },
    };
    let lines = [
        (ChipCheckName::Data, check(passive.data)),
        (ChipCheckName::Signature, check(passive.signature)),
        (ChipCheckName::Issuer, check(passive.issuer)),
        (ChipCheckName::Revocation, check(passive.revocation)),
        (ChipCheckName::DocumentType, check(passive.document_type)),
        (ChipCheckName::Country, check(passive.country)),
        (ChipCheckName::Copy, check(copy)),
        (ChipCheckName::Name, agrees(name)),
        (ChipCheckName::BirthDate, agrees(birth_date)),
        (ChipCheckName::Expiry, agrees(expiry)),
        (ChipCheckName::Face, shown),
    ];
    let evidence = ChipEvidence {
        data: kept(passive.verdict()),
        copy: kept(copy),
        name_agrees: name,
        print_agrees: birth_date && expiry,
    };
    (lines.into_iter().map(|(check, state)| ChipLine { check, state }).collect(), evidence)
}

/// What the chip is good for.
pub(crate) fn counts(evidence: ChipEvidence) -> ChipCounts {
    if evidence.proves() {
        ChipCounts::Proves
    } else if evidence.contradicts() {
        ChipCounts::Contradicts
    } else {
        ChipCounts::Nothing
    }
}

/// One way of proving that a chip is no copy is enough; one that fails is more than one that holds. Else the reason is
/// told that says most.
fn no_copy(chip: Verdict, active: Verdict) -> Verdict {
    let rank = |verdict: Verdict| match verdict {
        Verdict::Invalid(_) => 0,
        Verdict::Valid => 1,
        Verdict::NotVerifiable(Reason::NotAsked) => 4,
        Verdict::NotVerifiable(_) => 2,
        Verdict::NotSupported(_) => 3,
    };
    if rank(active) < rank(chip) { active } else { chip }
}

fn zone_name(holder: &Holder) -> ZoneName {
    let name = &holder.name;
    ZoneName { primary: name.primary.clone(), secondary: name.secondary.clone(), truncated: name.truncated }
}

fn kept(verdict: Verdict) -> identification::ChipCheck {
    match verdict {
        Verdict::Valid => identification::ChipCheck::Valid,
        Verdict::Invalid(_) => identification::ChipCheck::Invalid,
        Verdict::NotVerifiable(_) => identification::ChipCheck::NotVerifiable,
        Verdict::NotSupported(_) => identification::ChipCheck::NotSupported,
    }
}

fn check(verdict: Verdict) -> ChipCheck {
    match verdict {
        Verdict::Valid => ChipCheck::Valid,
        Verdict::Invalid(why) => ChipCheck::Invalid { reason: reason(why) },
        Verdict::NotVerifiable(why) => ChipCheck::NotVerifiable { reason: reason(why) },
        Verdict::NotSupported(why) => ChipCheck::NotSupported { reason: reason(why) },
    }
}

const fn reason(reason: Reason) -> ChipReason {
    match reason {
        Reason::NotAsked => ChipReason::NotAsked,
        Reason::NotOffered => ChipReason::NotOffered,
        Reason::Malformed => ChipReason::Malformed,
        Reason::HashDiffers => ChipReason::HashDiffers,
        Reason::NotInList => ChipReason::NotInList,
        Reason::Signature => ChipReason::Signature,
        Reason::UnknownAlgorithm => ChipReason::UnknownAlgorithm,
        Reason::NoTrustStore => ChipReason::NoTrustStore,
        Reason::UnknownIssuer => ChipReason::UnknownIssuer,
        Reason::NotValidThen => ChipReason::NotValidThen,
        Reason::WrongUse => ChipReason::WrongUse,
        Reason::WrongDocumentType => ChipReason::WrongDocumentType,
        Reason::WrongCountry => ChipReason::WrongCountry,
        Reason::Revoked => ChipReason::Revoked,
        Reason::NoRevocationList => ChipReason::NoRevocationList,
        Reason::Defect => ChipReason::Defect,
        Reason::ChallengeFailed => ChipReason::ChallengeFailed,
        Reason::PassiveAuthentication => ChipReason::PassiveAuthentication,
        Reason::Refused(_) => ChipReason::Refused,
        Reason::Withheld => ChipReason::Withheld,
        Reason::Downgraded => ChipReason::Downgraded,
        Reason::OtherDocument => ChipReason::OtherDocument,
    }
}

#[cfg(test)]
mod tests {
    use mrtd::passive::PassiveAuthentication;

    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 22);

    fn passive(data: Verdict) -> PassiveAuthentication {
        let valid = Verdict::Valid;
        PassiveAuthentication {
            data,
            signature: valid,
            issuer: valid,
            revocation: valid,
            document_type: valid,
            country: valid,
        }
    }

    fn genuine() -> Authenticity {
        Authenticity {
            passive: passive(Verdict::Valid),
            chip_authentication: Verdict::Valid,
            active_authentication: Verdict::NotVerifiable(Reason::NotAsked),
        }
    }

    fn name(given_names: &str, family_name: &str) -> Name {
        let (given_names, family_name) = (given_names.to_owned(), family_name.to_owned());
        Name { title: None, given_names, suffix: None, prefix: None, family_name }
    }

    fn expected() -> Expected {
        Expected {
            name: name("Andrea", "Amsel"),
            birth_date: BirthDate { year: 1950, month: Some(1), day: Some(2) },
            expiry: jiff::civil::date(2031, 5, 6),
        }
    }

    /// Of a zone that says so.
    fn holder(zone: &str) -> Holder {
        let zone = mrtd::mrz::MachineReadableZone::parse(zone).unwrap();
        Holder { name: zone.name(), birth_date: zone.birth_date(), expiry: zone.expiry() }
    }

    const ZONE: &str =
        "P<D<<AMSEL<<ANDREA<<<<<<<<<<<<<<<<<<<<<<<<<<\nC01X0006H1D<<5001029F3105069<<<<<<<<<<<<<<<<";

    fn told(authenticity: &Authenticity, holder: Option<&Holder>, expected: &Expected) -> ChipCounts {
        let (lines, evidence) = lines(authenticity, holder, expected, Face::Shown, TODAY);
        assert_eq!(lines.len(), 11);
        counts(evidence)
    }

    #[test]
    fn a_genuine_chip_that_agrees_with_print_and_register_proves() {
        assert_eq!(told(&genuine(), Some(&holder(ZONE)), &expected()), ChipCounts::Proves);
    }

    #[test]
    fn another_name_counts_for_nothing_and_another_date_speaks_against_the_document() {
        let zone = holder(ZONE);
        let married = Expected { name: name("Andrea", "Elster"), ..expected() };
        assert_eq!(told(&genuine(), Some(&zone), &married), ChipCounts::Nothing);
        let older = BirthDate { year: 1949, month: Some(1), day: Some(2) };
        let other = Expected { birth_date: older, ..expected() };
        assert_eq!(told(&genuine(), Some(&zone), &other), ChipCounts::Contradicts);
        let other = Expected { expiry: jiff::civil::date(2031, 5, 7), ..expected() };
        assert_eq!(told(&genuine(), Some(&zone), &other), ChipCounts::Contradicts);
    }

    #[test]
    fn what_can_not_be_verified_counts_for_nothing_and_what_fails_against_it() {
        let zone = holder(ZONE);
        for (authenticity, outcome) in [
            (
                Authenticity {
                    passive: passive(Verdict::NotVerifiable(Reason::UnknownIssuer)),
                    chip_authentication: Verdict::NotVerifiable(Reason::PassiveAuthentication),
                    ..genuine()
                },
                ChipCounts::Nothing,
            ),
            (
                Authenticity {
                    chip_authentication: Verdict::NotSupported(Reason::NotOffered),
                    active_authentication: Verdict::NotSupported(Reason::NotOffered),
                    ..genuine()
                },
                ChipCounts::Nothing,
            ),
            (
                Authenticity { passive: passive(Verdict::Invalid(Reason::HashDiffers)), ..genuine() },
                ChipCounts::Contradicts,
            ),
            (
                Authenticity { chip_authentication: Verdict::Invalid(Reason::ChallengeFailed), ..genuine() },
                ChipCounts::Contradicts,
            ),
        ] {
            assert_eq!(told(&authenticity, Some(&zone), &expected()), outcome, "{authenticity:?}");
        }
    }

    #[test]
    fn the_proof_that_a_chip_is_no_copy_is_whichever_says_most() {
        let open = Verdict::NotVerifiable(Reason::NotAsked);
        let none = Verdict::NotSupported(Reason::NotOffered);
        let failed = Verdict::Invalid(Reason::ChallengeFailed);
        for (chip, active, told) in [
            (Verdict::Valid, open, Verdict::Valid),
            (none, Verdict::Valid, Verdict::Valid),
            (none, open, none),
            (open, none, none),
            (Verdict::Valid, failed, failed),
            (failed, Verdict::Valid, failed),
        ] {
            assert_eq!(no_copy(chip, active), told);
        }
    }
}
