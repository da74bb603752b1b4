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
    /// The last 4–10 digits of the Kennnummer der Karte (ICCSN): typed from the back of a card that can't be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_number_tail: Option<&'a str>,
}

/// What a desk must know of a person; nothing of it is personal by itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// Insured here today.
    pub insured: bool,
    /// The online account.
    pub account: AccountState,
    /// An app shows a visit number (Besuchsnummer): it waits to be activated, or is active and has asked for one.
    pub open_visit_number: bool,
    /// Whether the asked names are those of the insured record; `None` when not insured.
    pub names: Option<NameAnswer>,
    /// Whether the asked date of birth is that of the insured record; `None` when not insured.
    pub birth_date: Option<BirthDateAnswer>,
    /// Whether the asked digits end the number of the person's current health card; `None` when nobody asked, or when
    /// not insured.
    pub card_number: Option<CardNumberMatch>,
    /// What else the desk must mind.
    pub flags: Vec<SubjectFlag>,
}

impl Subject {
    /// Whether it answers every field that was asked of an insured person, and none of anybody else.
    pub(crate) fn answers(&self, query: &SubjectQuery<'_>) -> bool {
        let asked = query.card_number_tail.is_some();
        self.names.is_some() == self.insured
            && self.birth_date.is_some() == self.insured
            && self.card_number.is_some() == (self.insured && asked)
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

/// The end of a health card's number compared with the person's current card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CardNumberMatch {
    /// It is that card's.
    Agrees,
    /// It isn't, there is no current card, or the service says something that this version doesn't know.
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

    const QUERY: SubjectQuery<'static> = SubjectQuery {
        kvnr: "A123456780",
        reason: LookupReason::NumberGivenInPerson,
        family_name: "Amsel",
        given_names: "Andrea",
        birth_date: "1997-12-28",
        card_number_tail: None,
    };

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
        assert!(insured.answers(&QUERY));
        assert!(!Subject { names: None, ..insured.clone() }.answers(&QUERY));
        assert!(!Subject { birth_date: None, ..insured.clone() }.answers(&QUERY));
        let stranger = Subject { insured: false, ..insured };
        assert!(!stranger.answers(&QUERY));
        assert!(!Subject { names: None, ..stranger.clone() }.answers(&QUERY));
        assert!(Subject { names: None, birth_date: None, ..stranger }.answers(&QUERY));
    }

    #[test]
    fn a_card_number_is_answered_when_it_was_asked_for_and_only_then() {
        let with_number = SubjectQuery { card_number_tail: Some("000001"), ..QUERY };
        let silent = subject(r#""AGREE""#, "[]").unwrap();
        assert!(silent.answers(&QUERY) && !silent.answers(&with_number));
        for card_number in [CardNumberMatch::Agrees, CardNumberMatch::Differs] {
            let answered = Subject { card_number: Some(card_number), ..silent.clone() };
            assert!(answered.answers(&with_number) && !answered.answers(&QUERY));
            let stranger = Subject { insured: false, names: None, birth_date: None, ..answered };
            assert!(!stranger.answers(&with_number));
            assert!(Subject { card_number: None, ..stranger }.answers(&with_number));
        }
        let newer: CardNumberMatch = serde_json::from_value("AGREES_WITH_AN_OLDER_CARD".into()).unwrap();
        assert_eq!(newer, CardNumberMatch::Differs);
    }

    #[test]
    fn a_card_number_that_nobody_typed_is_not_sent() {
        let sent = serde_json::to_value(QUERY).unwrap();
        assert_eq!(sent.get("cardNumberTail"), None);
        let sent = serde_json::to_value(SubjectQuery { card_number_tail: Some("000001"), ..QUERY }).unwrap();
        assert_eq!(sent["cardNumberTail"], "000001");
    }

    #[test]
    fn an_answer_without_flags_is_none() {
        let unflagged = r#"{"insured": false, "account": "NONE", "openVisitNumber": false}"#;
        assert!(serde_json::from_str::<Subject>(unflagged).is_err());
    }
}
