//! The bodies of requests.

use std::collections::HashSet;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, Serialize};

use super::{
    BirthDateMatch, CardNumberLastFour, CardNumberTail, CardProofLevel, CatalogueId, CertificateRequest,
    CheckResult, ChipResult, ConsentForm, Court, FaceResult, FamilyName, FileNumber, GivenNames, Id,
    IssuerGroup, Kvnr, Level, LookupReason, NameMatch, NotNegative, Operator, PolicyVersion, Purpose,
    Receipt, Recipient, Reference, RepresentativeNumber, ReviewOutcome, SafeNumber, SealedCode, SeenAs,
    Token, TypedCode, VisitNumber, VoidReason, Wording,
};
use crate::{birth_date::BirthDate, register::Area, representatives::RepresentativeKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enrolment {
    pub(crate) token: Token,
    pub(crate) csr: CertificateRequest,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct SubjectLookup {
    pub(crate) kvnr: Kvnr,
    pub(crate) reason: LookupReason,
    pub(crate) family_name: FamilyName,
    pub(crate) given_names: GivenNames,
    pub(crate) birth_date: BirthDate,
    #[serde(default, deserialize_with = "given")]
    pub(crate) card_number_tail: Option<CardNumberTail>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepresentativeLookup {
    pub(crate) number: RepresentativeNumber,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct RepresentativeCheck {
    pub(crate) number: RepresentativeNumber,
    pub(crate) birth_date: BirthDate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepresentationLookup {
    pub(crate) number: RepresentativeNumber,
    pub(crate) kvnr: Kvnr,
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
    pub(crate) version: u8,
    policy_version: PolicyVersion,
    pub(crate) operator: Operator,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) second_operator: Option<Operator>,
    identified_at: Timestamp,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    clock: Option<DeskClock>,
    person: Person,
    health_card: HealthCard,
    document: Document,
    checks: Vec<Check>,
    face: FaceResult,
    pub(crate) level: Level,
}

/// What the desk knew of its clock.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct DeskClock {
    offset_ms: SafeNumber,
    age_s: NotNegative,
}

impl Identification {
    /// Whether it is of the only version, about one person, with a document that was valid and 1–32 checks, says of
    /// a health card what belongs to one, and doesn't contradict itself.
    pub(crate) fn is_complete(&self) -> bool {
        self.version == 1
            && self.person().is_some()
            && self.health_card.is_whole()
            && self.document.valid_on_check
            && (1..=32).contains(&self.checks.len())
            && self.chip_belongs()
            && self.level_has_grounds()
    }

    /// A chip was read of an insured person's document only, and doesn't speak against it.
    fn chip_belongs(&self) -> bool {
        let insured = matches!(self.person(), Some(PersonNumber::Kvnr(_)));
        self.document.chip.as_ref().is_none_or(|chip| insured && !chip.contradicts())
    }

    /// What one person saw reaches less than the highest level, unless the document's chip proves it.
    fn level_has_grounds(&self) -> bool {
        self.level != Level::High
            || self.second_operator.is_some()
            || self.document.chip.as_ref().is_some_and(Chip::proves)
    }

    /// The document's chip was read.
    pub(crate) fn has_chip(&self) -> bool {
        self.document.chip.is_some()
    }

    /// Last four digits of the health card whose chip has proven to be genuine.
    pub(crate) fn genuine_health_card(&self) -> Option<&str> {
        let HealthCard { proof_level, card_number_tail, .. } = &self.health_card;
        card_number_tail.as_deref().filter(|_| *proof_level == Some(CardProofLevel::Chip))
    }

    /// Whom it is about, if it names exactly one number.
    pub(crate) fn person(&self) -> Option<PersonNumber<'_>> {
        match (&self.person.kvnr, &self.person.representative) {
            (Some(kvnr), None) => Some(PersonNumber::Kvnr(kvnr)),
            (None, Some(number)) => Some(PersonNumber::Representative(number)),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }

    /// Names and date of birth on the document were wholly those of the service's record.
    pub(crate) fn matches_in_full(&self) -> bool {
        let Agreement { names, birth_date } = &self.person.agreement;
        *names == NameMatch::Agree && *birth_date == BirthDateMatch::Agrees
    }

    /// Who worked on it.
    pub(crate) fn staff(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.operator).chain(&self.second_operator).map(|operator| &**operator)
    }
}

/// By what number the service knows an acting person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PersonNumber<'a> {
    Kvnr(&'a str),
    Representative(&'a str),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Person {
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    kvnr: Option<Kvnr>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    representative: Option<RepresentativeNumber>,
    #[serde(rename = "match")]
    agreement: Agreement,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Agreement {
    names: NameMatch,
    birth_date: BirthDateMatch,
}

/// The acting person's own health card.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct HealthCard {
    read: bool,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    proof_level: Option<CardProofLevel>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    card_number_tail: Option<CardNumberLastFour>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pin_verified: Option<bool>,
}

impl HealthCard {
    /// Everything is said of a card that was read, and nothing of one that wasn't.
    fn is_whole(&self) -> bool {
        let said = [self.proof_level.is_some(), self.card_number_tail.is_some(), self.pin_verified.is_some()];
        said == [self.read; 3]
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    #[serde(rename = "type")]
    document_type: CatalogueId,
    issuer_group: IssuerGroup,
    valid_on_check: bool,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    chip: Option<Chip>,
}

/// What the document's chip proved, and what of its data agrees; none of the data.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Chip {
    consent: Consent,
    data: ChipResult,
    copy: ChipResult,
    name_agrees: bool,
    print_agrees: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    form: ConsentForm,
    wording: Wording,
}

impl Chip {
    fn is_genuine(&self) -> bool {
        self.data == ChipResult::Valid && self.copy == ChipResult::Valid
    }

    fn proves(&self) -> bool {
        self.is_genuine() && self.name_agrees && self.print_agrees
    }

    /// A genuine chip that belongs to another print.
    fn contradicts(&self) -> bool {
        self.is_genuine() && !self.print_agrees
    }
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
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    visit_number: Option<VisitNumber>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    representation: Option<Id>,
    pub(crate) valid_until: Date,
    /// Issued without a line to the service.
    pub(crate) offline: bool,
    pub(crate) sealed_code: SealedCode,
}

/// What a code gives to whom.
#[derive(Clone, Copy)]
pub(crate) enum Entitlement<'a> {
    /// The use of the app that shows that number.
    App { visit_number: &'a str },
    /// The electronic health record, in the app that shows that number.
    Epa { visit_number: &'a str },
    /// Access for a representative.
    Access { representation: &'a str },
}

impl Code {
    /// What it gives, if purpose, recipient and the members that belong to them fit together.
    pub(crate) fn entitlement(&self) -> Option<Entitlement<'_>> {
        match (self.purpose, self.recipient, &self.visit_number, &self.representation) {
            (Purpose::AppActivation, Recipient::Subject, Some(visit_number), None) => {
                Some(Entitlement::App { visit_number })
            }
            (Purpose::Epa, Recipient::Subject, Some(visit_number), None) => {
                Some(Entitlement::Epa { visit_number })
            }
            (Purpose::RepresentativeAccess, Recipient::Representative, None, Some(representation))
                if !self.offline =>
            {
                Some(Entitlement::Access { representation })
            }
            _ => None,
        }
    }
}

/// On what authority a representative acts for somebody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Representation {
    pub(crate) identification_id: Id,
    pub(crate) kvnr: Kvnr,
    pub(crate) representative: RepresentativeNumber,
    court: Court,
    file_number: FileNumber,
    issued_on: Date,
    areas: Vec<Area>,
    // `null`, but never left out.
    #[serde(deserialize_with = "Option::deserialize")]
    provisional_until: Option<Date>,
    seen_as: SeenAs,
    declared_unchanged: bool,
    pub(crate) operator: Operator,
    #[expect(dead_code, reason = "of the contract's form; the record itself is kept")]
    accepted_at: Timestamp,
}

impl Representation {
    /// Whether it names areas, each once.
    pub(crate) fn names_areas_once(&self) -> bool {
        let distinct: HashSet<_> = self.areas.iter().collect();
        !self.areas.is_empty() && distinct.len() == self.areas.len()
    }

    pub(crate) fn deed(&self) -> Deed {
        Deed {
            court: self.court.clone(),
            file_number: self.file_number.clone(),
            issued_on: self.issued_on,
            areas: self.areas.clone(),
            provisional_until: self.provisional_until,
            seen_as: self.seen_as,
            declared_unchanged: self.declared_unchanged,
        }
    }
}

/// The deed as seen at the desk, and as it is kept.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Deed {
    pub(crate) court: Court,
    pub(crate) file_number: FileNumber,
    pub(crate) issued_on: Date,
    pub(crate) areas: Vec<Area>,
    pub(crate) provisional_until: Option<Date>,
    seen_as: SeenAs,
    declared_unchanged: bool,
}

impl Deed {
    /// Whether it was provisional, and its last day has passed.
    pub(crate) fn is_past(&self, today: Date) -> bool {
        self.provisional_until.is_some_and(|last| last < today)
    }
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

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Review {
    pub(crate) identification_id: Id,
    pub(crate) reviewer: Operator,
    pub(crate) outcome: ReviewOutcome,
    reviewed_at: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct RegisteringRepresentative {
    pub(crate) family_name: FamilyName,
    pub(crate) given_names: GivenNames,
    pub(crate) birth_date: BirthDate,
    pub(crate) kind: RepresentativeKind,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registering {
    pub(crate) kvnr: Kvnr,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ShowingVisitNumber {
    pub(crate) registration_id: Id,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Redemption {
    pub(crate) registration_id: Id,
    pub(crate) reference: Reference,
    pub(crate) code: TypedCode,
}

/// A member that may be left out, but is never `null`.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}
