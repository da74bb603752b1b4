//! Representatives (Vertretung): their own accounts, and the register of whom they may act for.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{BirthDateAnswer, Confidential};

/// Body of a look-up of a representative.
#[derive(Serialize)]
pub(crate) struct RepresentativeLookup<'a> {
    pub(crate) number: &'a str,
}

/// A representative's account: their own, without a Krankenversichertennummer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Representative {
    /// The account.
    pub account: RepresentativeAccount,
    /// Family name.
    pub family_name: Confidential,
    /// Given names.
    pub given_names: Confidential,
    /// By profession or not.
    pub kind: RepresentativeKind,
}

/// State of a representative's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RepresentativeAccount {
    /// In use.
    Registered,
    /// Locked by the insurer, or in a state that this version doesn't know.
    #[serde(other)]
    Locked,
}

/// What kind of carer somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RepresentativeKind {
    /// Berufliche Betreuerin, beruflicher Betreuer (§ 19 (2) BtOG).
    Professional,
    /// Ehrenamtliche Betreuerin, ehrenamtlicher Betreuer (§ 19 (1) BtOG).
    Volunteer,
}

/// Body of a check of a representative's date of birth.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RepresentativeCheck<'a> {
    pub(crate) number: &'a str,
    pub(crate) birth_date: &'a str,
}

/// Answer to a check of a representative's date of birth.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RepresentativeAnswer {
    pub(crate) birth_date: BirthDateAnswer,
}

/// Body of a look-up in the register of representations.
#[derive(Serialize)]
pub(crate) struct RepresentationLookup<'a> {
    pub(crate) number: &'a str,
    pub(crate) kvnr: &'a str,
}

/// Answer to a look-up in the register of representations.
#[derive(Deserialize)]
pub(crate) struct RepresentationAnswer {
    // Absent is outside the contract; only `null` says that nothing is on file.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(crate) representation: Option<Representation>,
}

/// What the register says of one representative and one cared-for person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Representation {
    /// The court (Betreuungsgericht).
    pub court: Confidential,
    /// Its file number (Aktenzeichen).
    pub file_number: Confidential,
    /// Day of the deed.
    pub issued_on: Date,
    /// Areas that the deed names.
    pub areas: Vec<Area>,
    /// Last day of a provisional order (§ 302 FamFG); `None` for a permanent care.
    pub provisional_until: Option<Date>,
    /// Where the entry stands.
    pub status: RepresentationStatus,
    /// When it was last confirmed to go on unchanged.
    pub confirmed_on: Option<Date>,
}

/// Where an entry of the register stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RepresentationStatus {
    /// In force.
    Active,
    /// Noted (vorgemerkt); the back office hasn't filed the deed yet.
    Pending,
    /// Suspended by court or insurer.
    Suspended,
    /// Over, or in a state that this version doesn't know.
    #[serde(other)]
    Ended,
}

/// On what authority somebody acts for a cared-for person: the deed (§ 290 FamFG) as it was seen at the desk and
/// accepted. Codes for the representative rest on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RepresentationRecord {
    /// The identification of the representative; delivered before.
    pub identification_id: Uuid,
    /// Krankenversichertennummer of the cared-for person.
    pub kvnr: Confidential,
    /// Number of the representative's account, `V-…`.
    pub representative: Confidential,
    /// The court (Betreuungsgericht), 1–100 characters.
    pub court: Confidential,
    /// Its file number (Aktenzeichen), 1–50 characters.
    pub file_number: Confidential,
    /// Day of the deed.
    pub issued_on: Date,
    /// Areas that the deed names, each once.
    pub areas: Vec<Area>,
    /// Last day of a provisional order (§ 302 FamFG); `None` for a permanent care.
    pub provisional_until: Option<Date>,
    /// In what form it was seen.
    pub seen_as: SeenAs,
    /// The carer signed "Die Betreuung besteht unverändert".
    pub declared_unchanged: bool,
    /// Who worked at the desk: short pseudonymous id.
    pub operator: String,
    /// When the first code rested on it; the only time of the record.
    pub accepted_at: Timestamp,
}

/// In what form a deed was seen; a plain copy makes no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SeenAs {
    /// Original
    Original,
    /// Beglaubigte Abschrift
    CertifiedCopy,
}

/// Where a representation that was delivered stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RepresentationState {
    /// Noted (vorgemerkt): codes that rest on it await a release by the back office.
    Pending,
    /// The register holds that very deed, in force and confirmed.
    Active,
    /// Over, or in a state that this version doesn't know.
    #[serde(other)]
    Ended,
}

/// Answer about a representation that was delivered.
#[derive(Deserialize)]
pub(crate) struct RepresentationStanding {
    pub(crate) id: Uuid,
    pub(crate) state: RepresentationState,
}

/// Areas of a carer's duties (Aufgabenbereiche, § 1815 BGB).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Area {
    /// Gesundheitssorge
    Health,
    /// Vertretung gegenüber Sozialleistungsträgern und Versicherungen
    SocialBenefits,
    /// Vertretung gegenüber Behörden
    Authorities,
    /// Vermögenssorge
    Assets,
    /// Entgegennahme, Öffnen und Anhalten der Post (§ 1815 (2) Nr. 6 BGB)
    Post,
    /// Elektronische Kommunikation (§ 1815 (2) Nr. 5 BGB)
    ElectronicCommunication,
    /// Aufenthaltsbestimmung
    Residence,
    /// Wohnungsangelegenheiten
    Housing,
    /// Heim- und Pflegeangelegenheiten
    Care,
    /// Unterbringung
    Placement,
    /// Bestimmung des Umgangs
    Contact,
    /// Anything else, and whatever this version doesn't know: it gives no power here.
    #[serde(other)]
    Other,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_null_says_that_nothing_is_on_file() {
        let nothing: RepresentationAnswer = serde_json::from_str(r#"{"representation": null}"#).unwrap();
        assert_eq!(nothing.representation, None);
        assert!(serde_json::from_str::<RepresentationAnswer>("{}").is_err());
    }

    #[test]
    fn words_of_a_newer_service_give_no_power() {
        for (word, area) in [("HEALTH", Area::Health), ("OTHER", Area::Other), ("BANKING", Area::Other)] {
            assert_eq!(serde_json::from_value::<Area>(word.into()).unwrap(), area);
        }
        let status: RepresentationStatus = serde_json::from_value("DISPUTED".into()).unwrap();
        assert_eq!(status, RepresentationStatus::Ended);
        let account: RepresentativeAccount = serde_json::from_value("DORMANT".into()).unwrap();
        assert_eq!(account, RepresentativeAccount::Locked);
    }

    #[test]
    fn a_representation_is_told_as_the_deed_says_it() {
        let record = RepresentationRecord {
            identification_id: Uuid::from_u128(7),
            kvnr: "K123456781".into(),
            representative: "V-7KQ4XR9B".into(),
            court: "Amtsgericht Altona".into(),
            file_number: "12 XVII 345/23".into(),
            issued_on: "2023-05-02".parse().unwrap(),
            areas: vec![Area::Health, Area::ElectronicCommunication],
            provisional_until: None,
            seen_as: SeenAs::CertifiedCopy,
            declared_unchanged: true,
            operator: "s-4711".to_owned(),
            accepted_at: "2026-11-21T09:17:40Z".parse().unwrap(),
        };
        assert_eq!(
            serde_json::to_value(record).unwrap(),
            json!({
                "identificationId": "00000000-0000-0000-0000-000000000007", "kvnr": "K123456781",
                "representative": "V-7KQ4XR9B", "court": "Amtsgericht Altona", "fileNumber": "12 XVII 345/23",
                "issuedOn": "2023-05-02", "areas": ["HEALTH", "ELECTRONIC_COMMUNICATION"],
                "provisionalUntil": null, "seenAs": "CERTIFIED_COPY", "declaredUnchanged": true,
                "operator": "s-4711", "acceptedAt": "2026-11-21T09:17:40Z",
            })
        );
        let state: RepresentationState = serde_json::from_value("DISPUTED".into()).unwrap();
        assert_eq!(state, RepresentationState::Ended);
    }
}
