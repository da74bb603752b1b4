//! What was proven of a card, as codes and in words.

use egk::{Authenticity, ProofLevel, Reason, Verdict};
use smartcard::StatusWord;

use crate::{
    language::Language,
    proof::{self, Outcome, Proof},
};

impl From<Verdict> for Outcome<Reason> {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Valid => Self::Valid,
            Verdict::Invalid(reason) => Self::Invalid(reason),
            Verdict::NotVerifiable(reason) => Self::NotVerifiable(reason),
            Verdict::NotSupported(reason) => Self::NotSupported(reason),
        }
    }
}

impl From<Verdict> for Proof {
    fn from(verdict: Verdict) -> Self {
        Outcome::from(verdict).into()
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
    let line = |name: &str, verdict: Verdict| format!("  {}", Outcome::from(verdict).line(name, language));
    format!(
        "{}: {}\n{}{}",
        language.pick("Echtheit", "Authenticity"),
        Outcome::from(authenticity.verdict()).result(language),
        line("Chip", authenticity.chip),
        line(language.pick("Zertifikat", "Certificate"), authenticity.certificate),
    )
}

impl proof::Reason for Reason {
    fn code(self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::NoCertificate => "no_certificate",
            Self::NoTrustStore => "no_trust_store",
            Self::Malformed => "malformed",
            Self::UnknownIssuer => "unknown_issuer",
            Self::TestCard => "test_card",
            Self::Signature => "signature",
            Self::NotYetValid => "not_yet_valid",
            Self::Expired => "expired",
            Self::WrongUse => "wrong_use",
            Self::OtherCard => "other_card",
            Self::OtherPerson => "other_person",
            Self::OtherInsurer => "other_insurer",
            Self::ChallengeFailed => "challenge_failed",
            Self::Refused(_) => "refused",
        }
    }

    /// The desk's window says the same.
    fn sentence(self, language: Language) -> &'static str {
        match self {
            Self::NotAsked => language.pick("Danach wurde nicht gefragt.", "Nobody asked for it."),
            Self::NoCertificate => language.pick(
                "Die Karte hat kein Zertifikat dafür. Bei älteren Karten ist das üblich.",
                "The card has no certificate for it. That is usual for older cards.",
            ),
            Self::NoTrustStore => language.pick(
                "Dafür ist kein Aussteller hinterlegt; „identplatzctl doctor“ sagt, was fehlt.",
                "No issuer is set up for it; 'identplatzctl doctor' says what is missing.",
            ),
            Self::Malformed => language.pick("Das Zertifikat ist nicht lesbar.", "The certificate isn't legible."),
            Self::UnknownIssuer => language.pick(
                "Der Aussteller ist hier nicht bekannt; „identplatzctl doctor“ nennt die bekannten.",
                "The issuer isn't known here; 'identplatzctl doctor' lists those known.",
            ),
            Self::TestCard => language.pick("Das ist eine Karte für Tests.", "This is a card for tests."),
            Self::Signature => language.pick(
                "Eine Signatur ist falsch: Das Zertifikat ist gefälscht oder beschädigt.",
                "A signature is wrong: the certificate is forged or damaged.",
            ),
            Self::NotYetValid => language.pick(
                "Das Zertifikat gilt erst später. Stimmen Datum und Uhrzeit des Rechners?",
                "The certificate becomes valid only later. Are date and time of the computer right?",
            ),
            Self::Expired => language.pick(
                "Das Zertifikat ist abgelaufen. Die Person braucht eine neue Karte.",
                "The certificate has expired. The person needs a new card.",
            ),
            Self::WrongUse => language.pick(
                "Das Zertifikat ist für einen anderen Zweck ausgestellt.",
                "The certificate was issued for another purpose.",
            ),
            Self::OtherCard => language.pick(
                "Das Zertifikat nennt eine andere Kartennummer.",
                "The certificate names another card number.",
            ),
            Self::OtherPerson => language.pick(
                "Das Zertifikat nennt eine andere Versichertennummer.",
                "The certificate names another insurance number.",
            ),
            Self::OtherInsurer => language.pick(
                "Das Zertifikat nennt eine andere Krankenkasse. Nach Kassenwechsel oder Fusion braucht die Person eine \
                 neue Karte.",
                "The certificate names another insurer. After a change or merger of insurers the person needs a new card.",
            ),
            Self::ChallengeFailed => language.pick(
                "Der Chip hat die Aufgabe nicht gelöst: Die Karte ist eine Kopie oder beschädigt.",
                "The chip didn't solve the task: the card is a copy, or damaged.",
            ),
            Self::Refused(_) => language.pick(
                "Die Karte hat die Prüfung nicht zu Ende geführt.",
                "The card didn't carry the check to its end.",
            ),
        }
    }

    fn status(self) -> Option<StatusWord> {
        if let Self::Refused(status) = self { Some(status) } else { None }
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
