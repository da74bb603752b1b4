//! The bodies of requests, refused unless they are exactly what the contract says: here their texts and words.

mod bodies;
mod desk_bodies;
mod numbers;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{record, symbols};
pub(crate) use bodies::{
    Code, Deed, Enrolment, Entitlement, HandOver, Identification, PersonNumber, Redemption, Registering,
    RegisteringRepresentative, Representation, RepresentationLookup, RepresentativeCheck,
    RepresentativeLookup, Review, ShowingVisitNumber, SubjectLookup, VisitNumberCheck, Void,
};
pub(crate) use desk_bodies::{
    Blocking, BlockingTarget, Heartbeat, JournalEntry, Objection, ReadingNotices, Refusal, Renewal,
    ScopeKind, Segment,
};
pub(crate) use numbers::{Count, FormatVersion, NotNegative, Positive, SafeNumber};

/// Makes a string type that only takes text of the contract's form.
macro_rules! text {
    ($($(#[$doc:meta])* $name:ident: $form:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
        #[serde(try_from = "String")]
        pub(crate) struct $name(String);

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, &'static str> {
                let form: fn(&str) -> bool = $form;
                if form(&text) { Ok(Self(text)) } else { Err("not of the contract's form") }
            }
        }
    )+};
}

text! {
    /// Client-drawn id: UUID version 7, lower case.
    Id: |text| Uuid::try_parse(text)
        .is_ok_and(|id| id.get_version_num() == 7 && id.hyphenated().to_string() == text);
    /// Krankenversichertennummer: a letter and nine digits.
    Kvnr: |text| text.len() == 10
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.get(1..).is_some_and(are_digits);
    /// A desk's name.
    DeskName: |text| (1..=32).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    /// A member of staff.
    Operator: |text| (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    /// Id in the document catalogue.
    CatalogueId: |text| (1..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    /// Which wording somebody agreed to: its name and its number.
    Wording: |text| text.split_once('@').is_some_and(|(name, number)| {
        CatalogueId::try_from(name.to_owned()).is_ok()
            && (1..=4).contains(&number.len())
            && are_digits(number)
            && !number.starts_with('0')
    });
    /// Version of a policy.
    PolicyVersion: |text| (1..=64).contains(&text.chars().count());
    /// Besuchsnummer, its check symbol not yet looked at.
    VisitNumber: |text| symbols::are_symbols(text, symbols::VISIT_NUMBER);
    /// Number of a representative's account, its check symbol not yet looked at.
    RepresentativeNumber: |text| text.strip_prefix("V-")
        .is_some_and(|rest| symbols::are_symbols(rest, symbols::REPRESENTATIVE));
    /// Family name.
    FamilyName: |text| (1..=100).contains(&text.chars().count());
    /// Given names; some people have none.
    GivenNames: |text| text.chars().count() <= 100;
    /// The end of a health card's number, typed.
    CardNumberTail: |text| (4..=10).contains(&text.len()) && are_digits(text);
    /// The last four digits of a health card's number.
    CardNumberLastFour: |text| text.len() == 4 && are_digits(text);
    /// A court.
    Court: |text| (1..=100).contains(&text.chars().count());
    /// A court's file number.
    FileNumber: |text| (1..=50).contains(&text.chars().count());
    /// Public reference of a code.
    Reference: |text| text.strip_prefix("A-")
        .is_some_and(|rest| symbols::are_symbols(rest, symbols::REFERENCE));
    /// JWE in compact serialization, not yet opened.
    SealedCode: |text| text.len() <= 2048
        && text.split('.').count() == 5
        && text.split('.').all(|part| !part.is_empty() && part.bytes().all(is_base64url));
    /// One-time token.
    Token: |text| (16..=128).contains(&text.chars().count());
    /// PKCS #10 request in PEM, not yet looked into.
    CertificateRequest: |text| text.len() <= 4096 && text.starts_with("-----BEGIN CERTIFICATE REQUEST-----");
    /// Version of the desk's program.
    AppVersion: |text| (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-'));
    /// SHA-256, base64url without padding.
    Hash: |text| record::hash_from(text).is_some();
    /// UUID of whichever version, lower case.
    AnyUuid: |text| Uuid::try_parse(text).is_ok_and(|id| id.hyphenated().to_string() == text);
    /// Name of a kind of events in a desk's journal.
    JournalKind: |text| (1..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    /// A code as somebody typed it.
    TypedCode: |text| (1..=32).contains(&text.chars().count());
}

pub(crate) const fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($word:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub(crate) enum $name { $($word),+ }
    )+};
}

words! {
    /// What a code is for.
    Purpose { AppActivation, Epa, RepresentativeAccess }
    /// Who gets it.
    Recipient { Subject, Representative }
    /// Why somebody is looked up.
    LookupReason { HealthCardPresented, NumberGivenInPerson }
    /// Names compared.
    NameMatch { Agree, NameChanged }
    /// Dates of birth compared.
    BirthDateMatch { Agrees, AgreesInPart }
    /// In what form a deed was seen.
    SeenAs { Original, CertifiedCopy }
    /// How much a health card has proven.
    CardProofLevel { Read, Certificate, Chip }
    /// What a review found.
    ReviewOutcome { Agree, FormalDefect, SubstantialDefect }
    /// How somebody agreed to the reading of their document's chip.
    ConsentForm { Tapped, Signed }
    /// What a proof of that chip gave; one that failed makes no record.
    ChipResult { Valid, NotVerifiable, NotSupported }
    /// Groups of issuing states.
    IssuerGroup { De, Eu, Other }
    /// A check's result.
    CheckResult { Pass, Unclear }
    /// Faces compared.
    FaceResult { Match, MatchBySecondPerson }
    /// Level of assurance.
    Level { Normal, Substantial, High }
    /// How a receipt was signed.
    Receipt { Signed, MarkAndWitness }
    /// Why somebody was turned away.
    RefusalReason { IdentityNotEstablished, DocumentNotGenuine, AuthorityNotProven }
    /// Why a code is void.
    VoidReason { PrintFailed, TrayTimeout, Discarded, Interrupted }
}

impl Purpose {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::AppActivation => "APP_ACTIVATION",
            Self::Epa => "EPA",
            Self::RepresentativeAccess => "REPRESENTATIVE_ACCESS",
        }
    }
}

impl LookupReason {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::HealthCardPresented => "HEALTH_CARD_PRESENTED",
            Self::NumberGivenInPerson => "NUMBER_GIVEN_IN_PERSON",
        }
    }
}

/// The body of a record, by the name that the record says of itself.
pub(crate) trait Recorded: DeserializeOwned {
    const KIND: &'static str;
}

macro_rules! recorded {
    ($($body:ident: $kind:literal,)+) => {$(
        impl Recorded for $body {
            const KIND: &'static str = $kind;
        }
    )+};
}

recorded! {
    Identification: "identification",
    Representation: "representation",
    Code: "code",
    HandOver: "hand-over",
    Void: "void",
    Review: "review",
    Refusal: "refusal",
    Blocking: "blocking",
    Segment: "segment",
}

/// A word of the contract, as the database keeps it.
pub(crate) fn word(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::from_value(serde_json::to_value(value)?)?)
}

/// The value of a word that [`word`] wrote.
pub(crate) fn from_word<T: DeserializeOwned>(word: &str) -> anyhow::Result<T> {
    Ok(serde_json::from_value(word.into())?)
}
