//! What was proven of a card, as codes and in words.

use egk::{Authenticity, ProofLevel, Reason, Verdict};
use serde::Serialize;
use smartcard::StatusWord;

use crate::language::Language;

/// The outcome of a proof in the output.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Proof {
    result: &'static str,
    /// `None` for a proof that holds.
    reason: Option<&'static str>,
    /// The status word of a card that refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
}

impl From<Verdict> for Proof {
    fn from(verdict: Verdict) -> Self {
        let (result, reason) = match verdict {
            Verdict::Valid => ("valid", None),
            Verdict::Invalid(reason) => ("invalid", Some(reason)),
            Verdict::NotVerifiable(reason) => ("not_verifiable", Some(reason)),
            Verdict::NotSupported(reason) => ("not_supported", Some(reason)),
        };
        let status = match reason {
            Some(Reason::Refused(status)) => Some(status),
            _ => None,
        };
        Self::new(result, reason.map(reason_code), status)
    }
}

impl Proof {
    /// By its codes, and the status word of a card that refused.
    pub(crate) fn new(
        result: &'static str,
        reason: Option<&'static str>,
        status: Option<StatusWord>,
    ) -> Self {
        Self { result, reason, status: status.map(|StatusWord(status)| format!("{status:04X}")) }
    }
}

/// The code of a level in the output.
pub(crate) fn level_code(level: ProofLevel) -> &'static str {
    match level {
        ProofLevel::Read => "read",
        ProofLevel::Certificate => "certificate",
        ProofLevel::Chip => "chip",
    }
}

/// Three lines: both proofs as one, then each with its reason.
pub(crate) fn to_text(authenticity: &Authenticity, language: Language) -> String {
    let line = |name: &str, verdict: Verdict| {
        let (result, reason) = in_words(verdict, language);
        format!("  {name}: {result}{}\n", reason.map(|reason| format!(". {reason}")).unwrap_or_default())
    };
    let (result, _) = in_words(authenticity.verdict(), language);
    format!(
        "{}: {result}\n{}{}",
        language.pick("Echtheit", "Authenticity"),
        line("Chip", authenticity.chip),
        line(language.pick("Zertifikat", "Certificate"), authenticity.certificate),
    )
}

fn in_words(verdict: Verdict, language: Language) -> (&'static str, Option<&'static str>) {
    match verdict {
        Verdict::Valid => (language.pick("bestätigt", "confirmed"), None),
        Verdict::Invalid(reason) => {
            (language.pick("Prüfung nicht bestanden", "check failed"), Some(reason_text(reason, language)))
        }
        Verdict::NotVerifiable(reason) => {
            (language.pick("nicht prüfbar", "can't be checked"), Some(reason_text(reason, language)))
        }
        Verdict::NotSupported(reason) => {
            (language.pick("nicht vorgesehen", "not provided for"), Some(reason_text(reason, language)))
        }
    }
}

fn reason_code(reason: Reason) -> &'static str {
    match reason {
        Reason::NotAsked => "not_asked",
        Reason::NoCertificate => "no_certificate",
        Reason::NoTrustStore => "no_trust_store",
        Reason::Malformed => "malformed",
        Reason::UnknownIssuer => "unknown_issuer",
        Reason::TestCard => "test_card",
        Reason::Signature => "signature",
        Reason::NotYetValid => "not_yet_valid",
        Reason::Expired => "expired",
        Reason::WrongUse => "wrong_use",
        Reason::OtherCard => "other_card",
        Reason::OtherPerson => "other_person",
        Reason::OtherInsurer => "other_insurer",
        Reason::ChallengeFailed => "challenge_failed",
        Reason::Refused(_) => "refused",
    }
}

/// One sentence; the desk's window says the same.
fn reason_text(reason: Reason, language: Language) -> &'static str {
    match reason {
        Reason::NotAsked => language.pick("Danach wurde nicht gefragt.", "Nobody asked for it."),
        Reason::NoCertificate => language.pick(
            "Die Karte hat kein Zertifikat dafür. Bei älteren Karten ist das üblich.",
            "The card has no certificate for it. That is usual for older cards.",
        ),
        Reason::NoTrustStore => language.pick(
            "Dafür ist kein Aussteller hinterlegt; „identplatzctl doctor“ sagt, was fehlt.",
            "No issuer is set up for it; 'identplatzctl doctor' says what is missing.",
        ),
        Reason::Malformed => language.pick("Das Zertifikat ist nicht lesbar.", "The certificate isn't legible."),
        Reason::UnknownIssuer => language.pick(
            "Der Aussteller ist hier nicht bekannt; „identplatzctl doctor“ nennt die bekannten.",
            "The issuer isn't known here; 'identplatzctl doctor' lists those known.",
        ),
        Reason::TestCard => language.pick("Das ist eine Karte für Tests.", "This is a card for tests."),
        Reason::Signature => language.pick(
            "Eine Signatur ist falsch: Das Zertifikat ist gefälscht oder beschädigt.",
            "A signature is wrong: the certificate is forged or damaged.",
        ),
        Reason::NotYetValid => language.pick(
            "Das Zertifikat gilt erst später. Stimmen Datum und Uhrzeit des Rechners?",
            "The certificate becomes valid only later. Are date and time of the computer right?",
        ),
        Reason::Expired => language.pick(
            "Das Zertifikat ist abgelaufen. Die Person braucht eine neue Karte.",
            "The certificate has expired. The person needs a new card.",
        ),
        Reason::WrongUse => language.pick(
            "Das Zertifikat ist für einen anderen Zweck ausgestellt.",
            "The certificate was issued for another purpose.",
        ),
        Reason::OtherCard => language.pick(
            "Das Zertifikat nennt eine andere Kartennummer.",
            "The certificate names another card number.",
        ),
        Reason::OtherPerson => language.pick(
            "Das Zertifikat nennt eine andere Versichertennummer.",
            "The certificate names another insurance number.",
        ),
        Reason::OtherInsurer => language.pick(
            "Das Zertifikat nennt eine andere Krankenkasse. Nach Kassenwechsel oder Fusion braucht die Person eine \
             neue Karte.",
            "The certificate names another insurer. After a change or merger of insurers the person needs a new card.",
        ),
        Reason::ChallengeFailed => language.pick(
            "Der Chip hat die Aufgabe nicht gelöst: Die Karte ist eine Kopie oder beschädigt.",
            "The chip didn't solve the task: the card is a copy, or damaged.",
        ),
        Reason::Refused(_) => language.pick(
            "Die Karte hat die Prüfung nicht zu Ende geführt.",
            "The card didn't carry the check to its end.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clerk_reads_the_result_and_the_reason_of_each_proof() {
        let authenticity = Authenticity {
            chip: Verdict::Invalid(Reason::ChallengeFailed),
            certificate: Verdict::NotVerifiable(Reason::NoTrustStore),
        };
        assert_eq!(
            to_text(&authenticity, Language::De),
            "Echtheit: Prüfung nicht bestanden\n  \
             Chip: Prüfung nicht bestanden. Der Chip hat die Aufgabe nicht gelöst: Die Karte ist eine Kopie oder \
             beschädigt.\n  \
             Zertifikat: nicht prüfbar. Dafür ist kein Aussteller hinterlegt; „identplatzctl doctor“ sagt, was fehlt.\n"
        );
        let genuine = Authenticity { chip: Verdict::Valid, certificate: Verdict::Valid };
        assert_eq!(
            to_text(&genuine, Language::En),
            "Authenticity: confirmed\n  Chip: confirmed\n  Certificate: confirmed\n"
        );
    }

    #[test]
    fn a_card_that_refused_a_step_is_told_with_its_status_word() {
        let refused = Verdict::NotVerifiable(Reason::Refused(StatusWord::SECURITY_STATUS_NOT_SATISFIED));
        let proof = serde_json::to_value(Proof::from(refused)).unwrap();
        let expected =
            serde_json::json!({ "result": "not_verifiable", "reason": "refused", "status": "6982" });
        assert_eq!(proof, expected);
    }
}
