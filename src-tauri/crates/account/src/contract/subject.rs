//! Look-ups of insured people. The service confirms what the desk has in hand; it never tells a name or a date.

use serde::{Deserialize, Serialize};

/// Why somebody is looked up; the service logs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LookupReason {
    /// The person put their health card into the reader.
    HealthCardPresented,
    /// The person at the desk said or showed the number.
    NumberGivenInPerson,
}

/// Whom a desk asks about, as the health card and the person say it.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectQuery<'a> {
    /// Krankenversichertennummer.
    pub kvnr: &'a str,
    /// Why; the service logs it.
    pub reason: LookupReason,
    /// Family name with its prefixes, as in the document or in capitals as in its machine-readable zone; 1–100
    /// characters.
    pub family_name: &'a str,
    /// All given names; may be empty, up to 100 characters.
    pub given_names: &'a str,
    /// `1968-12-30`, with `00` for a month or day that isn't known.
    pub birth_date: &'a str,
}

/// What a desk must know of a person; nothing of it is personal by itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// Insured here today.
    pub insured: bool,
    /// The online account.
    pub account: AccountState,
    /// An app waits for a code and shows a visit number (Besuchsnummer).
    pub open_visit_number: bool,
    /// Whether the asked names are those of the insured record; `None` when not insured.
    pub names: Option<NameAnswer>,
    /// Whether the asked date of birth is that of the insured record; `None` when not insured.
    pub birth_date: Option<BirthDateAnswer>,
    /// What else the desk must mind.
    pub flags: Vec<SubjectFlag>,
}

impl Subject {
    /// Whether it answers both fields of an insured person, and neither of anybody else.
    pub(crate) fn is_consistent(&self) -> bool {
        self.names.is_some() == self.insured && self.birth_date.is_some() == self.insured
    }

    /// Whether a second person must look, because the service says so or says something that this version
    /// doesn't understand.
    #[must_use]
    pub fn needs_second_look(&self) -> bool {
        self.flags.iter().any(|flag| matches!(flag, SubjectFlag::SecondLook | SubjectFlag::Unknown))
    }
}

/// Names compared through the transliteration of ICAO Doc 9303-3; case and hyphens don't matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NameAnswer {
    /// They can be the same person's.
    Agree,
    /// They differ, or the service says something that this version doesn't know.
    #[serde(other)]
    Differ,
}

/// Dates of birth compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BirthDateAnswer {
    /// The same, known in full.
    Agrees,
    /// The same as far as both sides know it.
    AgreesInPart,
    /// They differ, or the service says something that this version doesn't know.
    #[serde(other)]
    Differs,
}

/// What a desk must mind about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubjectFlag {
    /// Somebody is on file as carer.
    CarerRegistered,
    /// A reservation of consent (Einwilligungsvorbehalt, § 1825 BGB) is on file.
    ConsentReserved,
    /// Reported dead.
    Deceased,
    /// A second person must look (Vier-Augen-Prüfung); why is not said.
    SecondLook,
    /// A flag that this version doesn't know: to be treated as [`Self::SecondLook`].
    #[serde(other)]
    Unknown,
}

/// State of an insured person's online account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountState {
    /// None yet: register first.
    None,
    /// Registered; no app is activated.
    Registered,
    /// An app is active.
    AppActive,
    /// Locked by the insurer.
    Locked,
}

/// Body of a check of a visit number.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VisitNumberCheck<'a> {
    pub(crate) kvnr: &'a str,
    pub(crate) visit_number: &'a str,
}

/// Answer to a check of a visit number.
#[derive(Deserialize)]
pub(crate) struct VisitNumberAnswer {
    pub(crate) matches: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(names: &str, flags: &str) -> serde_json::Result<Subject> {
        serde_json::from_str(&format!(
            r#"{{"insured": true, "account": "REGISTERED", "openVisitNumber": true, "names": {names},
                "birthDate": "AGREES", "flags": {flags}}}"#
        ))
    }

    #[test]
    fn words_of_a_newer_service_are_taken_for_the_most_restrictive() {
        let known = subject(r#""AGREE""#, r#"["CARER_REGISTERED"]"#).unwrap();
        assert_eq!((known.names, known.needs_second_look()), (Some(NameAnswer::Agree), false));
        let newer = subject(r#""AGREE_PHONETICALLY""#, r#"["SOMETHING_NEW"]"#).unwrap();
        assert_eq!(newer.names, Some(NameAnswer::Differ));
        assert_eq!(newer.flags, [SubjectFlag::Unknown]);
        assert!(newer.needs_second_look());
        assert!(subject(r#""AGREE""#, r#"["SECOND_LOOK"]"#).unwrap().needs_second_look());
    }

    #[test]
    fn fields_are_answered_for_insured_people_and_for_nobody_else() {
        let insured = subject(r#""AGREE""#, "[]").unwrap();
        assert!(insured.is_consistent());
        assert!(!Subject { names: None, ..insured.clone() }.is_consistent());
        assert!(!Subject { birth_date: None, ..insured.clone() }.is_consistent());
        let stranger = Subject { insured: false, ..insured };
        assert!(!stranger.is_consistent());
        assert!(!Subject { names: None, ..stranger.clone() }.is_consistent());
        assert!(Subject { names: None, birth_date: None, ..stranger }.is_consistent());
    }

    #[test]
    fn an_answer_without_flags_is_none() {
        let unflagged = r#"{"insured": false, "account": "NONE", "openVisitNumber": false}"#;
        assert!(serde_json::from_str::<Subject>(unflagged).is_err());
    }
}
