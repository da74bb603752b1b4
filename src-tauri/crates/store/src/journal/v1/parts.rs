//! The parts of version 1's events, each with its conversions both ways.
//!
//! What has no further parts is a word; what has, is that word with them: `"permanent"`, `{"provisional":"2027-03-31"}`.

use std::borrow::Cow;

use identification::{self as rules, Kvnr, RefusalReason, RepresentativeNumber};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    health_card::HealthCard,
    words::{Account, Area, CardNumber, CarerKind, DateAgreement, Office, Row, SeenAs},
};

/// A person, in the name's parts of VSD schema 5.2.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::journal) struct Person<'a> {
    title: Option<Cow<'a, str>>,
    given_names: Cow<'a, str>,
    suffix: Option<Cow<'a, str>>,
    prefix: Option<Cow<'a, str>>,
    family_name: Cow<'a, str>,
    birth_date: Option<BirthDate>,
}

/// A birth date; what the register doesn't know is `null`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BirthDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

/// As whom somebody acts.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::journal) enum Role<'a> {
    Insured,
    Carer { number: Cow<'a, str>, kind: CarerKind },
}

/// Whom a concern is about.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::journal) struct Subject<'a> {
    kvnr: Cow<'a, str>,
    person: Person<'a>,
    health_card: Option<HealthCard<'a>>,
}

/// What the account service said of a subject.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::journal) struct Register {
    account: Account,
    names_agree: bool,
    birth_date: DateAgreement,
    card_number: CardNumber,
    carer_registered: bool,
    consent_reserved: bool,
    deceased: bool,
    second_look: bool,
}

/// A court's deed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::journal) struct Deed<'a> {
    office: Office,
    court: Cow<'a, str>,
    file_number: Cow<'a, str>,
    issued_on: Date,
    areas: Vec<Area>,
    term: Term,
    seen_as: SeenAs,
    names_agree: bool,
    declared_unchanged: bool,
}

/// How long a deed is good for: a provisional order until its last day, if it names one.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Term {
    Permanent,
    Provisional(Option<Date>),
}

/// What a representation allows.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::journal) struct Grant {
    row: Row,
    until: Option<Date>,
    needs_release: bool,
}

/// Why a visit ended early; a refusal with its reason's name.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::journal) enum Abort<'a> {
    Clerk,
    Interrupted,
    Refused(Cow<'a, str>),
}

impl<'a> From<&'a rules::Person> for Person<'a> {
    fn from(rules::Person { name, birth_date }: &'a rules::Person) -> Self {
        Self {
            title: name.title.as_deref().map(Into::into),
            given_names: name.given_names.as_str().into(),
            suffix: name.suffix.as_deref().map(Into::into),
            prefix: name.prefix.as_deref().map(Into::into),
            family_name: name.family_name.as_str().into(),
            birth_date: birth_date.map(|date| {
                let rules::BirthDate { year, month, day } = date;
                BirthDate { year, month, day }
            }),
        }
    }
}

impl Person<'_> {
    pub(in crate::journal) fn into_rules(self) -> rules::Person {
        rules::Person {
            name: rules::Name {
                title: self.title.map(Into::into),
                given_names: self.given_names.into_owned(),
                suffix: self.suffix.map(Into::into),
                prefix: self.prefix.map(Into::into),
                family_name: self.family_name.into_owned(),
            },
            birth_date: self.birth_date.map(|BirthDate { year, month, day }| rules::BirthDate {
                year,
                month,
                day,
            }),
        }
    }
}

impl<'a> From<&'a rules::ActingRole> for Role<'a> {
    fn from(role: &'a rules::ActingRole) -> Self {
        match role {
            rules::ActingRole::Insured => Self::Insured,
            rules::ActingRole::Carer { number, kind } => {
                Self::Carer { number: number.as_str().into(), kind: (*kind).into() }
            }
        }
    }
}

impl Role<'_> {
    pub(in crate::journal) fn into_rules(self) -> Option<rules::ActingRole> {
        Some(match self {
            Self::Insured => rules::ActingRole::Insured,
            Self::Carer { number, kind } => rules::ActingRole::Carer {
                number: RepresentativeNumber::parse(&Zeroizing::new(number.into_owned())).ok()?,
                kind: kind.into(),
            },
        })
    }
}

impl<'a> From<&'a rules::Subject> for Subject<'a> {
    fn from(rules::Subject { kvnr, person, health_card }: &'a rules::Subject) -> Self {
        Self {
            kvnr: kvnr.as_str().into(),
            person: person.into(),
            health_card: health_card.as_ref().map(Into::into),
        }
    }
}

impl Subject<'_> {
    pub(in crate::journal) fn into_rules(self) -> Option<rules::Subject> {
        Some(rules::Subject {
            kvnr: Kvnr::parse(&Zeroizing::new(self.kvnr.into_owned())).ok()?,
            person: self.person.into_rules(),
            health_card: self.health_card.map(HealthCard::into_rules),
        })
    }
}

impl From<&rules::SubjectRegister> for Register {
    fn from(register: &rules::SubjectRegister) -> Self {
        let rules::SubjectRegister {
            account,
            names_agree,
            birth_date,
            card_number,
            carer_registered,
            consent_reserved,
            deceased,
            second_look,
        } = *register;
        Self {
            account: account.into(),
            names_agree,
            birth_date: birth_date.into(),
            card_number: card_number.into(),
            carer_registered,
            consent_reserved,
            deceased,
            second_look,
        }
    }
}

impl Register {
    pub(in crate::journal) fn into_rules(self) -> rules::SubjectRegister {
        rules::SubjectRegister {
            account: self.account.into(),
            names_agree: self.names_agree,
            birth_date: self.birth_date.into(),
            card_number: self.card_number.into(),
            carer_registered: self.carer_registered,
            consent_reserved: self.consent_reserved,
            deceased: self.deceased,
            second_look: self.second_look,
        }
    }
}

impl<'a> From<&'a rules::Deed> for Deed<'a> {
    fn from(deed: &'a rules::Deed) -> Self {
        let rules::Deed {
            office,
            court,
            file_number,
            issued_on,
            areas,
            term,
            seen_as,
            names_agree,
            declared_unchanged,
        } = deed;
        Self {
            office: (*office).into(),
            court: court.into(),
            file_number: file_number.into(),
            issued_on: *issued_on,
            areas: areas.iter().map(|area| (*area).into()).collect(),
            term: match *term {
                rules::Term::Permanent => Term::Permanent,
                rules::Term::Provisional(until) => Term::Provisional(until),
            },
            seen_as: (*seen_as).into(),
            names_agree: *names_agree,
            declared_unchanged: *declared_unchanged,
        }
    }
}

impl Deed<'_> {
    pub(in crate::journal) fn into_rules(self) -> rules::Deed {
        rules::Deed {
            office: self.office.into(),
            court: self.court.into_owned(),
            file_number: self.file_number.into_owned(),
            issued_on: self.issued_on,
            areas: self.areas.into_iter().map(Into::into).collect(),
            term: match self.term {
                Term::Permanent => rules::Term::Permanent,
                Term::Provisional(until) => rules::Term::Provisional(until),
            },
            seen_as: self.seen_as.into(),
            names_agree: self.names_agree,
            declared_unchanged: self.declared_unchanged,
        }
    }
}

impl From<&rules::Grant> for Grant {
    fn from(rules::Grant { row, until, needs_release }: &rules::Grant) -> Self {
        Self { row: (*row).into(), until: *until, needs_release: *needs_release }
    }
}

impl Grant {
    pub(in crate::journal) fn into_rules(self) -> rules::Grant {
        rules::Grant { row: self.row.into(), until: self.until, needs_release: self.needs_release }
    }
}

impl From<&rules::AbortReason> for Abort<'_> {
    fn from(reason: &rules::AbortReason) -> Self {
        match reason {
            rules::AbortReason::Clerk => Self::Clerk,
            rules::AbortReason::Interrupted => Self::Interrupted,
            rules::AbortReason::Refused(reason) => Self::Refused(reason.as_str().into()),
        }
    }
}

impl Abort<'_> {
    pub(in crate::journal) fn into_rules(self) -> Option<rules::AbortReason> {
        Some(match self {
            Self::Clerk => rules::AbortReason::Clerk,
            Self::Interrupted => rules::AbortReason::Interrupted,
            Self::Refused(reason) => rules::AbortReason::Refused(RefusalReason::from_name(&reason)?),
        })
    }
}
