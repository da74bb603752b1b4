//! From the rules' events to version 1. When an event changes, the compiler stops here: the change needs a new version
//! unless the stored form can stay as it is.

use identification as rules;

use super::{BirthDate, Event, HealthCard, Person};

impl<'a> From<&'a rules::Event> for Event<'a> {
    fn from(event: &'a rules::Event) -> Self {
        use rules::Event as E;
        match event {
            E::VisitOpened { visit, operator, policy_version } => Self::VisitOpened {
                visit: visit.uuid(),
                operator: operator.as_str().into(),
                policy_version: policy_version.into(),
            },
            E::PersonIntroduced { identification, person } => {
                Self::PersonIntroduced { identification: identification.uuid(), person: person.into() }
            }
            E::ConcernOpened { concern, kvnr, health_card, account } => Self::ConcernOpened {
                concern: concern.uuid(),
                kvnr: kvnr.as_str().into(),
                health_card: health_card.into(),
                account: (*account).into(),
            },
            E::PurposeChosen { concern, purpose, visit_number } => Self::PurposeChosen {
                concern: concern.uuid(),
                purpose: (*purpose).into(),
                visit_number: visit_number.as_str().into(),
            },
            E::DocumentPresented { identification, document_type, issuer } => Self::DocumentPresented {
                identification: identification.uuid(),
                document_type: document_type.into(),
                issuer: (*issuer).into(),
            },
            E::DocumentChecked { identification, check, answer } => Self::DocumentChecked {
                identification: identification.uuid(),
                check: check.into(),
                answer: (*answer).into(),
            },
            E::NamesCompared { identification, answer } => {
                Self::NamesCompared { identification: identification.uuid(), answer: (*answer).into() }
            }
            E::DocumentConfirmed { identification } => {
                Self::DocumentConfirmed { identification: identification.uuid() }
            }
            E::FaceCompared { identification, answer } => {
                Self::FaceCompared { identification: identification.uuid(), answer: (*answer).into() }
            }
            E::CodeGenerated { concern, code, reference, level, valid_until } => Self::CodeGenerated {
                concern: concern.uuid(),
                code: code.uuid(),
                reference: reference.as_str().into(),
                level: (*level).into(),
                valid_until: *valid_until,
            },
            E::CodePrinted { concern, code } => {
                Self::CodePrinted { concern: concern.uuid(), code: code.uuid() }
            }
            E::CodeHandedOver { concern, code, receipt } => Self::CodeHandedOver {
                concern: concern.uuid(),
                code: code.uuid(),
                receipt: (*receipt).into(),
            },
            E::CodeVoided { concern, code, reason } => {
                Self::CodeVoided { concern: concern.uuid(), code: code.uuid(), reason: (*reason).into() }
            }
            E::CodeAccepted { concern, code } => {
                Self::CodeAccepted { concern: concern.uuid(), code: code.uuid() }
            }
            E::CodeRefused { concern, code } => {
                Self::CodeRefused { concern: concern.uuid(), code: code.uuid() }
            }
            E::VisitAborted { reason } => Self::VisitAborted { reason: (*reason).into() },
            E::VisitEnded => Self::VisitEnded {},
        }
    }
}

impl<'a> From<&'a rules::Person> for Person<'a> {
    fn from(rules::Person { name, birth_date }: &'a rules::Person) -> Self {
        Self {
            title: name.title.as_deref().map(Into::into),
            given_names: name.given_names.as_str().into(),
            suffix: name.suffix.as_deref().map(Into::into),
            prefix: name.prefix.as_deref().map(Into::into),
            family_name: name.family_name.as_str().into(),
            birth_date: BirthDate { year: birth_date.year, month: birth_date.month, day: birth_date.day },
        }
    }
}

impl<'a> From<&'a rules::HealthCard> for HealthCard<'a> {
    fn from(card: &'a rules::HealthCard) -> Self {
        let rules::HealthCard { generation, card_number_tail, valid_until, deactivated } = card;
        Self {
            generation: generation.into(),
            card_number_tail: card_number_tail.into(),
            valid_until: *valid_until,
            deactivated: *deactivated,
        }
    }
}
