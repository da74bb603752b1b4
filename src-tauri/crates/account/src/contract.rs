//! The contract's bodies, spelled as in the OpenAPI document.
//!
//! Answers may grow: members that this version doesn't know are ignored. Records are frozen once they are in
//! the outbox: a field here may be added as optional, never renamed.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A string that goes to the service and nowhere else: no telling `Debug`, wiped when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Confidential(String);

impl From<&str> for Confidential {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Confidential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(…)")
    }
}

/// Body of an enrolment.
#[derive(Serialize)]
pub(crate) struct EnrolmentRequest<'a> {
    pub(crate) token: &'a str,
    pub(crate) csr: &'a str,
}

/// Answer to an enrolment.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnrolmentGranted {
    pub(crate) certificate_chain: String,
}

/// The service is there and accepts this desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Heartbeat {
    /// The service's clock, for the desk's own check of its time.
    pub server_time: Timestamp,
}

/// Why somebody is looked up; the service logs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LookupReason {
    /// The person put their health card into the reader.
    HealthCardPresented,
    /// The person at the desk said or showed the number.
    NumberGivenInPerson,
}

/// Body of a look-up.
#[derive(Serialize)]
pub(crate) struct SubjectLookup<'a> {
    pub(crate) kvnr: &'a str,
    pub(crate) reason: LookupReason,
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

/// What a desk must know of a person; nothing of it is personal by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// Insured here today.
    pub insured: bool,
    /// The online account.
    pub account: AccountState,
    /// An app waits for a code and shows a visit number (Besuchsnummer).
    pub open_visit_number: bool,
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

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Purpose {
    /// Activates the registered app.
    AppActivation,
}

/// Who gets a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Recipient {
    /// The insured person.
    Subject,
}

/// Record of one identification.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentificationRecord {
    /// The desk's name, as in its certificate.
    pub desk: String,
    /// Version of the profile that decided.
    pub policy_version: String,
    /// Who worked at the desk: short pseudonymous id.
    pub operator: String,
    /// Who took the second look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_operator: Option<String>,
    /// When it was complete; the only time of the record.
    pub identified_at: Timestamp,
    /// What it was made for.
    pub purpose: Purpose,
    /// Whom the code is about.
    pub subject: SubjectRecord,
    /// The document in the person's hand.
    pub document: DocumentRecord,
    /// Its checks, in the order they were made.
    pub checks: Vec<CheckRecord>,
    /// The face comparison.
    pub face: FaceResult,
    /// Level of assurance that was reached.
    pub level: Level,
}

/// A record with the members that name its form.
#[derive(Serialize)]
pub(crate) struct Versioned<'a> {
    #[serde(rename = "type")]
    pub(crate) record_type: &'static str,
    pub(crate) version: u8,
    #[serde(flatten)]
    pub(crate) record: &'a IdentificationRecord,
}

/// The insured person in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubjectRecord {
    /// Krankenversichertennummer.
    pub kvnr: Confidential,
    /// How the insured record and the document agree.
    #[serde(rename = "match")]
    pub agreement: SubjectMatch,
}

/// How the insured record and the document agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectMatch {
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
    /// The same.
    Agrees,
    /// The same as far as the document knows it.
    AgreesInPart,
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

/// An activation code on its way to the service.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeRecord {
    /// What it rests on; delivered before.
    pub identification_id: Uuid,
    /// Krankenversichertennummer.
    pub kvnr: Confidential,
    /// What it is for.
    pub purpose: Purpose,
    /// Who gets it.
    pub recipient: Recipient,
    /// Its public reference, `A-…`.
    pub reference: String,
    /// The app's visit number (Besuchsnummer): binds the code to that registration.
    pub visit_number: Confidential,
    /// Last day on which it can be redeemed, in Europe/Berlin.
    pub valid_until: Date,
    /// What [`crate::seal`] made.
    pub sealed_code: String,
}

/// The recipient holds the sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HandOverRecord {
    /// Id of the desk's event.
    pub event_id: Uuid,
    /// When.
    pub at: Timestamp,
    /// How they signed.
    pub receipt: Receipt,
}

/// How a recipient signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Receipt {
    /// With their signature.
    Signed,
    /// With a mark, before a witness.
    MarkAndWitness,
}

/// The code is void.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VoidRecord {
    /// Id of the desk's event.
    pub event_id: Uuid,
    /// Why.
    pub reason: VoidReason,
}

/// Why a code is void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VoidReason {
    /// The printer gave no usable sheet.
    PrintFailed,
    /// Nobody handed it over in time.
    TrayTimeout,
    /// The clerk discarded it.
    Discarded,
    /// The program ended between print and hand-over.
    Interrupted,
}

/// Where a code stands at the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct CodeStatus {
    /// The code.
    pub id: Uuid,
    /// Its state.
    pub state: CodeState,
}

/// State of a code at the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CodeState {
    /// Known, not handed over.
    Accepted,
    /// Can be redeemed.
    Active,
    /// Used.
    Redeemed,
    /// Its last day has passed.
    Expired,
    /// Five wrong tries.
    Locked,
    /// Taken back by the insurer.
    Revoked,
    /// Declared void by the desk.
    Voided,
}
