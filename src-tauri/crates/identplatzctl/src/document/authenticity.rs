//! What was proven of a travel document, as codes and in words.

use mrtd::{Authenticity, Reason, Verdict, passive::PassiveAuthentication};
use serde::Serialize;
use smartcard::StatusWord;

use crate::{
    language::Language,
    proof::{self, Outcome, Proof},
};

/// Passive authentication: all of it in one, and its steps.
#[derive(Serialize)]
pub(super) struct Passive {
    #[serde(flatten)]
    verdict: Proof,
    steps: Steps,
}

#[derive(Serialize)]
struct Steps {
    data: Proof,
    signature: Proof,
    issuer: Proof,
    revocation: Proof,
    document_type: Proof,
    country: Proof,
}

impl From<PassiveAuthentication> for Passive {
    fn from(passive: PassiveAuthentication) -> Self {
        let PassiveAuthentication { data, signature, issuer, revocation, document_type, country } = passive;
        Self {
            verdict: passive.verdict().into(),
            steps: Steps {
                data: data.into(),
                signature: signature.into(),
                issuer: issuer.into(),
                revocation: revocation.into(),
                document_type: document_type.into(),
                country: country.into(),
            },
        }
    }
}

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

/// A line for each proof, and one below for each step of passive authentication that isn't valid. Active authentication isn't
/// asked for, and not told, where chip authentication has decided.
pub(super) fn to_text(authenticity: &Authenticity, language: Language) -> String {
    let Authenticity { passive, chip_authentication: chip, active_authentication: active } = authenticity;
    let line = |name: &str, verdict: Verdict| Outcome::from(verdict).line(name, language);
    let mut text = line(language.pick("Daten und Unterschrift", "Data and signature"), passive.verdict());
    let steps = [
        (language.pick("Daten", "Data"), passive.data),
        (language.pick("Unterschrift", "Signature"), passive.signature),
        (language.pick("Aussteller", "Issuer"), passive.issuer),
        (language.pick("Sperrlisten", "Revocation lists"), passive.revocation),
        (language.pick("Dokumentart", "Type of document"), passive.document_type),
        (language.pick("Staat", "Country"), passive.country),
    ];
    for (name, verdict) in steps.into_iter().filter(|(_, verdict)| *verdict != Verdict::Valid) {
        text += &format!("  {}", line(name, verdict));
    }
    text += &line(language.pick("Chip (Chip Authentication)", "Chip (chip authentication)"), *chip);
    if *active != Verdict::NotVerifiable(Reason::NotAsked) {
        text += &line(language.pick("Chip (Active Authentication)", "Chip (active authentication)"), *active);
    }
    text
}

impl proof::Reason for Reason {
    fn code(self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::NotOffered => "not_offered",
            Self::Malformed => "malformed",
            Self::HashDiffers => "hash_differs",
            Self::NotInList => "not_in_list",
            Self::Signature => "signature",
            Self::UnknownAlgorithm => "unknown_algorithm",
            Self::NoTrustStore => "no_trust_store",
            Self::UnknownIssuer => "unknown_issuer",
            Self::NotValidThen => "not_valid_then",
            Self::WrongUse => "wrong_use",
            Self::WrongDocumentType => "wrong_document_type",
            Self::WrongCountry => "wrong_country",
            Self::Revoked => "revoked",
            Self::NoRevocationList => "no_revocation_list",
            Self::Defect => "defect",
            Self::ChallengeFailed => "challenge_failed",
            Self::PassiveAuthentication => "passive_authentication",
            Self::Refused(StatusWord(_)) => "refused",
            Self::Withheld => "withheld",
            Self::Downgraded => "downgraded",
            Self::OtherDocument => "other_document",
        }
    }

    fn sentence(self, language: Language) -> &'static str {
        match self {
            Self::NotAsked => language.pick("Danach wurde nicht gefragt.", "Nobody asked for it."),
            Self::NotOffered => {
                language.pick("Das Dokument hat nichts dergleichen.", "The document has nothing of the kind.")
            }
            Self::Malformed => language
                .pick("Was der Chip dazu zeigt, ist nicht lesbar.", "What the chip shows for it isn't legible."),
            Self::HashDiffers => language.pick(
                "Im Chip stehen andere Daten, als unterschrieben wurden.",
                "The chip holds other data than were signed.",
            ),
            Self::NotInList => language.pick(
                "Im Chip stehen Daten, die niemand unterschrieben hat.",
                "The chip holds data that nobody has signed.",
            ),
            Self::Signature => language.pick(
                "Eine Unterschrift ist falsch: Das Dokument ist gefälscht oder der Chip beschädigt.",
                "A signature is wrong: the document is forged, or its chip damaged.",
            ),
            Self::UnknownAlgorithm => language.pick(
                "Das Verfahren ist unbekannt oder wird nicht mehr anerkannt.",
                "The algorithm is unknown, or no longer accepted.",
            ),
            Self::NoTrustStore => language.pick(
                "Kein Aussteller eines Staates (CSCA) ist hinterlegt; „identplatzctl doctor“ sagt, was fehlt.",
                "No country signing authority (CSCA) is set up; 'identplatzctl doctor' says what is missing.",
            ),
            Self::UnknownIssuer => language.pick(
                "Der Aussteller ist hier nicht bekannt; „identplatzctl doctor“ nennt die bekannten Staaten.",
                "The issuer isn't known here; 'identplatzctl doctor' lists the countries known.",
            ),
            Self::NotValidThen => language.pick(
                "Ein Zertifikat galt nicht, als das Dokument ausgestellt wurde.",
                "A certificate wasn't valid when the document was issued.",
            ),
            Self::WrongUse => language.pick(
                "Ein Zertifikat ist für einen anderen Zweck ausgestellt.",
                "A certificate was issued for another purpose.",
            ),
            Self::WrongDocumentType => language.pick(
                "Der Unterzeichner darf Dokumente dieser Art nicht unterschreiben.",
                "The signer may not sign documents of this type.",
            ),
            Self::WrongCountry => language.pick(
                "Dokument, Unterzeichner und Aussteller nennen verschiedene Staaten.",
                "Document, signer and issuer name different countries.",
            ),
            Self::Revoked => language.pick("Der Unterzeichner ist gesperrt.", "The signer is revoked."),
            Self::NoRevocationList => language.pick(
                "Vom Aussteller liegt keine Sperrliste vor, die frisch ist.",
                "There is no revocation list of the issuer, or none that is fresh.",
            ),
            Self::Defect => language.pick(
                "Der Aussteller hat einen Fehler solcher Dokumente gemeldet.",
                "The issuer has told of a defect of such documents.",
            ),
            Self::ChallengeFailed => language.pick(
                "Der Chip hat die Aufgabe nicht gelöst: Er ist eine Kopie oder beschädigt.",
                "The chip didn't solve the task: it is a copy, or damaged.",
            ),
            Self::PassiveAuthentication => language.pick(
                "Daten und Unterschrift sind nicht bestätigt, also zählt es nicht.",
                "Data and signature aren't confirmed, so it doesn't count.",
            ),
            Self::Refused(_) => language.pick(
                "Der Chip hat die Prüfung nicht zu Ende geführt.",
                "The chip didn't carry the check to its end.",
            ),
            Self::Withheld => language.pick(
                "Der Chip verweigert, was die unterschriebenen Daten zusagen: Er ist eine Kopie oder beschädigt.",
                "The chip refuses what the signed data promise: it is a copy, or damaged.",
            ),
            Self::Downgraded => language.pick(
                "Der Chip bot weniger Verfahren an, als unterschrieben sind: Jemand hat daran gedreht.",
                "The chip offered fewer protocols than were signed: somebody has meddled with it.",
            ),
            Self::OtherDocument => language.pick(
                "Im Chip stehen die Daten eines anderen Dokuments, als gelesen oder eingegeben wurde.",
                "The chip holds the data of another document than the one scanned or typed.",
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

    const VALID: PassiveAuthentication = PassiveAuthentication {
        data: Verdict::Valid,
        signature: Verdict::Valid,
        issuer: Verdict::Valid,
        revocation: Verdict::Valid,
        document_type: Verdict::Valid,
        country: Verdict::Valid,
    };

    #[test]
    fn an_administrator_reads_the_result_of_each_proof_and_the_step_that_failed() {
        let passive = PassiveAuthentication { data: Verdict::Invalid(Reason::HashDiffers), ..VALID };
        let unproven = Verdict::NotVerifiable(Reason::PassiveAuthentication);
        let text = to_text(
            &Authenticity { passive, chip_authentication: unproven, active_authentication: unproven },
            Language::En,
        );
        assert_eq!(
            text,
            "Data and signature: check failed. The chip holds other data than were signed.\n  \
             Data: check failed. The chip holds other data than were signed.\n\
             Chip (chip authentication): can't be checked. Data and signature aren't confirmed, so it doesn't count.\n\
             Chip (active authentication): can't be checked. Data and signature aren't confirmed, so it doesn't count.\n"
        );
        let active = Verdict::NotSupported(Reason::NotOffered);
        let text = to_text(
            &Authenticity {
                passive: VALID,
                chip_authentication: Verdict::Valid,
                active_authentication: active,
            },
            Language::De,
        );
        assert_eq!(
            text,
            "Daten und Unterschrift: bestätigt\nChip (Chip Authentication): bestätigt\n\
             Chip (Active Authentication): nicht vorgesehen. Das Dokument hat nichts dergleichen.\n"
        );
        let active = Verdict::NotVerifiable(Reason::NotAsked);
        let text = to_text(
            &Authenticity {
                passive: VALID,
                chip_authentication: Verdict::Valid,
                active_authentication: active,
            },
            Language::En,
        );
        assert_eq!(text, "Data and signature: confirmed\nChip (chip authentication): confirmed\n");
    }

    #[test]
    fn the_steps_stand_below_the_whole() {
        let refused = Verdict::NotVerifiable(Reason::Refused(StatusWord::SECURITY_STATUS_NOT_SATISFIED));
        let passive = Passive::from(PassiveAuthentication { data: refused, ..VALID });
        let json = serde_json::to_value(passive).unwrap();
        let expected =
            serde_json::json!({ "result": "not_verifiable", "reason": "refused", "status": "6982" });
        assert_eq!(json["steps"]["data"], expected);
        assert_eq!(json["steps"]["country"], serde_json::json!({ "result": "valid", "reason": null }));
        assert_eq!((&json["result"], &json["status"]), (&expected["result"], &expected["status"]));
    }
}
