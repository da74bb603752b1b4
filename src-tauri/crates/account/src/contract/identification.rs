//! Records of identifications: the evidence about the acting person, once a visit.

use jiff::Timestamp;
use serde::Serialize;

use super::{ChipRecord, Confidential};

/// Record of one identification: who was at the desk and how that was proven. What it serves is said by the
/// codes that rest on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentificationRecord {
    /// Version of the profile that decided.
    pub policy_version: String,
    /// Who worked at the desk: short pseudonymous id.
    pub operator: String,
    /// Who took the second look: never the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_operator: Option<String>,
    /// When it was complete; the only time of the record.
    pub identified_at: Timestamp,
    /// Who acted.
    pub person: PersonRecord,
    /// The acting person's own health card.
    pub health_card: HealthCardRecord,
    /// The document in the person's hand.
    pub document: DocumentRecord,
    /// Its checks, in the order they were made.
    pub checks: Vec<CheckRecord>,
    /// The face comparison.
    pub face: FaceResult,
    /// Level of assurance that was reached.
    pub level: Level,
    /// How the desk's clock stood to the service's; `None` when there was no contact since the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockRecord>,
}

/// How the desk's clock stood to the service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockRecord {
    /// The service's time minus the desk's, in milliseconds.
    pub offset_ms: i64,
    /// How long before that was found out, in seconds.
    pub age_s: u64,
}

/// A record with the version of its form.
#[derive(Serialize)]
pub(crate) struct Versioned<'a> {
    pub(crate) version: u8,
    #[serde(flatten)]
    pub(crate) record: &'a IdentificationRecord,
}

/// The acting person in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonRecord {
    /// By what number the service knows the person.
    #[serde(flatten)]
    pub number: ActingPerson,
    /// How the service's record and the document agree.
    #[serde(rename = "match")]
    pub agreement: PersonMatch,
}

/// By what number the service knows the acting person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ActingPerson {
    /// Krankenversichertennummer of an insured person.
    Kvnr(Confidential),
    /// Number of a representative's account, `V-…`.
    Representative(Confidential),
}

/// How the service's record and the document agree; what differs makes no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonMatch {
    /// Names.
    pub names: NameMatch,
    /// Date of birth.
    pub birth_date: BirthDateMatch,
}

/// Names compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NameMatch {
    /// The same, if need be after transliteration.
    Agree,
    /// "Namensänderung, Stammdaten werden berichtigt".
    NameChanged,
}

/// Dates of birth compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BirthDateMatch {
    /// The same, known in full.
    Agrees,
    /// The same as far as both sides know it.
    AgreesInPart,
}

/// The acting person's own health card, as far as it is evidence. A cared-for person's card is none about the carer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "HealthCardBody")]
pub enum HealthCardRecord {
    /// None was read.
    NotRead,
    /// Its chip was read.
    Read {
        /// How much it has proven.
        proof_level: CardProofLevel,
        /// Last four digits of the Kennnummer der Karte (ICCSN).
        card_number_tail: Confidential,
        /// Its PIN was typed at the reader, and the card signed.
        pin_verified: bool,
    },
}

/// A health card as it is written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HealthCardBody {
    read: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof_level: Option<CardProofLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_number_tail: Option<Confidential>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin_verified: Option<bool>,
}

impl From<HealthCardRecord> for HealthCardBody {
    fn from(card: HealthCardRecord) -> Self {
        match card {
            HealthCardRecord::NotRead => {
                Self { read: false, proof_level: None, card_number_tail: None, pin_verified: None }
            }
            HealthCardRecord::Read { proof_level, card_number_tail, pin_verified } => Self {
                read: true,
                proof_level: Some(proof_level),
                card_number_tail: Some(card_number_tail),
                pin_verified: Some(pin_verified),
            },
        }
    }
}

/// How much a health card has proven; one that fails a proof makes no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CardProofLevel {
    /// Read only: nothing.
    Read,
    /// The data are the issuer's.
    Certificate,
    /// The chip is genuine.
    Chip,
}

/// The document in a record: its type, none of its data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentRecord {
    /// Id in the document catalogue.
    #[serde(rename = "type")]
    pub document_type: String,
    /// All that is said of the issuer.
    pub issuer_group: IssuerGroup,
    /// It had not expired.
    pub valid_on_check: bool,
    /// Its chip, if it was read: of an insured person's document and for a code of [`super::Purpose::Epa`] only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chip: Option<ChipRecord>,
}

/// Groups of issuing states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IssuerGroup {
    /// Germany.
    De,
    /// Another member state of the European Union.
    Eu,
    /// Any other state.
    Other,
}

/// One check of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckRecord {
    /// Id in the catalogue.
    pub id: String,
    /// What was seen.
    pub result: CheckResult,
}

/// Result of a check; a failed one never makes a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckResult {
    /// As it should be.
    Pass,
    /// Couldn't be told; a second person decided.
    Unclear,
}

/// Result of the face comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FaceResult {
    /// The person in the picture.
    Match,
    /// The first was in doubt, the second person was not.
    MatchBySecondPerson,
}

/// Level of assurance (eIDAS, BSI TR-03107-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    /// normal
    Normal,
    /// substanziell
    Substantial,
    /// hoch
    High,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_person_is_named_by_exactly_one_number() {
        let agreement = PersonMatch { names: NameMatch::Agree, birth_date: BirthDateMatch::AgreesInPart };
        let matched = json!({"names": "AGREE", "birthDate": "AGREES_IN_PART"});
        for (number, member) in [
            (ActingPerson::Kvnr("A123456780".into()), json!({"kvnr": "A123456780", "match": matched})),
            (ActingPerson::Representative("V-3".into()), json!({"representative": "V-3", "match": matched})),
        ] {
            assert_eq!(serde_json::to_value(PersonRecord { number, agreement }).unwrap(), member);
        }
    }

    #[test]
    fn a_health_card_says_how_much_it_has_proven_if_it_was_read() {
        let not_read = serde_json::to_value(HealthCardRecord::NotRead).unwrap();
        assert_eq!(not_read, json!({"read": false}));
        for (proof_level, word) in [
            (CardProofLevel::Read, "READ"),
            (CardProofLevel::Certificate, "CERTIFICATE"),
            (CardProofLevel::Chip, "CHIP"),
        ] {
            let pin_verified = proof_level == CardProofLevel::Chip;
            let read = HealthCardRecord::Read { proof_level, card_number_tail: "4821".into(), pin_verified };
            let body = json!({
                "read": true, "proofLevel": word, "cardNumberTail": "4821", "pinVerified": pin_verified,
            });
            assert_eq!(serde_json::to_value(&read).unwrap(), body);
            assert!(!format!("{read:?}").contains("4821"));
        }
    }
}
