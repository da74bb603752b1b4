//! A card's answer in a line that can stand in a test's name.

use egk::{EgkReading, Generation, ProofLevel, Reason, Verdict, Warning};

use crate::reading::{Answer, TODAY};

/// "G2.1, chip valid, certificate valid", what warns of the card, or "no reading: …".
#[must_use]
pub fn in_a_line(answer: &Answer) -> String {
    match answer {
        Ok(reading) => of_reading(reading),
        Err(failure) => format!("no reading: {failure}"),
    }
}

fn of_reading(reading: &EgkReading) -> String {
    let generation = match reading.object_system.generation() {
        Generation::G2 => "G2",
        Generation::G2_1 => "G2.1",
        Generation::G3 => "G3",
    };
    let level = match reading.authenticity.level() {
        ProofLevel::Read => "nothing proven",
        ProofLevel::Certificate => "data proven",
        ProofLevel::Chip => "chip proven",
    };
    let contactless = (reading.contactless == Some(false)).then_some("not readable over the air");
    let warnings = reading.warnings(TODAY).into_iter().map(warning);
    let proofs = [
        generation.to_owned(),
        format!("chip {}", verdict(reading.authenticity.chip)),
        format!("certificate {}", verdict(reading.authenticity.certificate)),
        level.to_owned(),
    ];
    proofs
        .into_iter()
        .chain(contactless.into_iter().chain(warnings).map(str::to_owned))
        .collect::<Vec<_>>()
        .join(", ")
}

/// "valid", or why not.
#[must_use]
pub fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Valid => "valid".to_owned(),
        Verdict::Invalid(reason) => format!("invalid ({})", self::reason(reason)),
        Verdict::NotVerifiable(reason) => format!("not verifiable ({})", self::reason(reason)),
        Verdict::NotSupported(reason) => format!("not supported ({})", self::reason(reason)),
    }
}

fn reason(reason: Reason) -> String {
    let words = match reason {
        Reason::NotAsked => "not asked",
        Reason::NoCertificate => "no certificate",
        Reason::NoTrustStore => "no trust store",
        Reason::Malformed => "malformed",
        Reason::UnknownIssuer => "unknown issuer",
        Reason::TestCard => "test card",
        Reason::Signature => "signature",
        Reason::NotYetValid => "not yet valid",
        Reason::Expired => "expired",
        Reason::WrongUse => "wrong use",
        Reason::OtherCard => "other card",
        Reason::OtherPerson => "other person",
        Reason::OtherInsurer => "other insurer",
        Reason::ChallengeFailed => "challenge failed",
        Reason::Refused(status) => return format!("refused with {status}"),
    };
    words.to_owned()
}

fn warning(warning: Warning) -> &'static str {
    match warning {
        Warning::TransactionOpen => "update interrupted",
        Warning::ApplicationDeactivated => "locked by the insurer",
        Warning::InsuranceEnded { .. } => "insurance ended",
        Warning::InsuranceNotBegun { .. } => "insurance not begun",
        Warning::BirthDateIncomplete => "birth date incomplete",
    }
}
