//! The bodies of requests, refused unless they are exactly what the contract says.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::symbols;

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
        && text.bytes().skip(1).all(|byte| byte.is_ascii_digit());
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
    /// Version of a policy.
    PolicyVersion: |text| (1..=64).contains(&text.chars().count());
    /// Besuchsnummer, its check symbol not yet looked at.
    VisitNumber: |text| symbols::are_symbols(text, symbols::VISIT_NUMBER);
    /// Public reference of a code.
    Reference: |text| text.strip_prefix("A-")
        .is_some_and(|rest| symbols::are_symbols(rest, symbols::REFERENCE));
    /// JWE in compact serialization, not yet opened.
    SealedCode: |text| text.len() <= 2048;
    /// A code as somebody typed it.
    TypedCode: |text| (1..=32).contains(&text.chars().count());
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
    Purpose { AppActivation }
    /// Who gets it.
    Recipient { Subject }
    /// Why somebody is looked up.
    LookupReason { HealthCardPresented, NumberGivenInPerson }
    /// Names compared.
    NameMatch { Agree, NameChanged }
    /// Dates of birth compared.
    BirthDateMatch { Agrees, AgreesInPart }
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
    /// Why a code is void.
    VoidReason { PrintFailed, TrayTimeout, Discarded, Interrupted }
}

/// The kind of a record.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum RecordType {
    Identification,
}

impl Purpose {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::AppActivation => "APP_ACTIVATION",
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enrolment {
    pub(crate) token: String,
    pub(crate) csr: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubjectLookup {
    pub(crate) kvnr: Kvnr,
    pub(crate) reason: LookupReason,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct VisitNumberCheck {
    pub(crate) kvnr: Kvnr,
    pub(crate) visit_number: VisitNumber,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Identification {
    #[serde(rename = "type")]
    record_type: RecordType,
    pub(crate) version: u8,
    pub(crate) desk: DeskName,
    policy_version: PolicyVersion,
    operator: Operator,
    #[serde(skip_serializing_if = "Option::is_none")]
    second_operator: Option<Operator>,
    identified_at: Timestamp,
    purpose: Purpose,
    pub(crate) subject: IdentifiedSubject,
    document: Document,
    checks: Vec<Check>,
    face: FaceResult,
    level: Level,
}

impl Identification {
    /// Whether it is of the only version, with a document that was valid and 1–32 checks.
    pub(crate) fn is_complete(&self) -> bool {
        self.version == 1 && self.document.valid_on_check && (1..=32).contains(&self.checks.len())
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentifiedSubject {
    pub(crate) kvnr: Kvnr,
    #[serde(rename = "match")]
    agreement: Agreement,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Agreement {
    names: NameMatch,
    birth_date: BirthDateMatch,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    #[serde(rename = "type")]
    document_type: CatalogueId,
    issuer_group: IssuerGroup,
    valid_on_check: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Check {
    id: CatalogueId,
    result: CheckResult,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Code {
    pub(crate) identification_id: Id,
    pub(crate) kvnr: Kvnr,
    pub(crate) purpose: Purpose,
    recipient: Recipient,
    pub(crate) reference: Reference,
    pub(crate) visit_number: VisitNumber,
    pub(crate) valid_until: Date,
    pub(crate) sealed_code: SealedCode,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct HandOver {
    event_id: Id,
    at: Timestamp,
    receipt: Receipt,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Void {
    event_id: Id,
    reason: VoidReason,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registering {
    pub(crate) kvnr: Kvnr,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Redemption {
    pub(crate) registration_id: Id,
    pub(crate) reference: Reference,
    pub(crate) code: TypedCode,
}
