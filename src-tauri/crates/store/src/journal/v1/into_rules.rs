//! From version 1 to the rules' events.

use identification::{
    self as rules, CodeId, ConcernId, IdentificationId, Kvnr, OperatorId, PublicReference, VisitId,
    VisitNumber,
};
use zeroize::Zeroizing;

use super::{BirthDate, Event, HealthCard, Person};

impl Event<'_> {
    /// The rules' event; `None` if a value isn't one that the rules know.
    pub(super) fn into_rules(self) -> Option<rules::Event> {
        use rules::Event as E;
        Some(match self {
            Self::VisitOpened { visit, operator, policy_version } => E::VisitOpened {
                visit: VisitId::new(visit),
                operator: OperatorId::new(&operator)?,
                policy_version: policy_version.into_owned(),
            },
            Self::PersonIntroduced { identification, person } => E::PersonIntroduced {
                identification: IdentificationId::new(identification),
                person: person.into_rules(),
            },
            Self::ConcernOpened { concern, kvnr, health_card, account } => E::ConcernOpened {
                concern: ConcernId::new(concern),
                kvnr: Kvnr::parse(&Zeroizing::new(kvnr.into_owned())).ok()?,
                health_card: health_card.into_rules(),
                account: account.into(),
            },
            Self::PurposeChosen { concern, purpose, visit_number } => E::PurposeChosen {
                concern: ConcernId::new(concern),
                purpose: purpose.into(),
                visit_number: VisitNumber::parse(&Zeroizing::new(visit_number.into_owned())).ok()?,
            },
            Self::DocumentPresented { identification, document_type, issuer } => E::DocumentPresented {
                identification: IdentificationId::new(identification),
                document_type: document_type.into_owned(),
                issuer: issuer.into(),
            },
            Self::DocumentChecked { identification, check, answer } => E::DocumentChecked {
                identification: IdentificationId::new(identification),
                check: check.into_owned(),
                answer: answer.into(),
            },
            Self::NamesCompared { identification, answer } => E::NamesCompared {
                identification: IdentificationId::new(identification),
                answer: answer.into(),
            },
            Self::DocumentConfirmed { identification } => {
                E::DocumentConfirmed { identification: IdentificationId::new(identification) }
            }
            Self::FaceCompared { identification, answer } => E::FaceCompared {
                identification: IdentificationId::new(identification),
                answer: answer.into(),
            },
            Self::CodeGenerated { concern, code, reference, level, valid_until } => E::CodeGenerated {
                concern: ConcernId::new(concern),
                code: CodeId::new(code),
                reference: PublicReference::parse(&reference).ok()?,
                level: level.into(),
                valid_until,
            },
            Self::CodePrinted { concern, code } => {
                E::CodePrinted { concern: ConcernId::new(concern), code: CodeId::new(code) }
            }
            Self::CodeHandedOver { concern, code, receipt } => E::CodeHandedOver {
                concern: ConcernId::new(concern),
                code: CodeId::new(code),
                receipt: receipt.into(),
            },
            Self::CodeVoided { concern, code, reason } => E::CodeVoided {
                concern: ConcernId::new(concern),
                code: CodeId::new(code),
                reason: reason.into(),
            },
            Self::CodeAccepted { concern, code } => {
                E::CodeAccepted { concern: ConcernId::new(concern), code: CodeId::new(code) }
            }
            Self::CodeRefused { concern, code } => {
                E::CodeRefused { concern: ConcernId::new(concern), code: CodeId::new(code) }
            }
            Self::VisitAborted { reason } => E::VisitAborted { reason: reason.into() },
            Self::VisitEnded {} => E::VisitEnded,
        })
    }
}

impl Person<'_> {
    fn into_rules(self) -> rules::Person {
        let BirthDate { year, month, day } = self.birth_date;
        rules::Person {
            name: rules::Name {
                title: self.title.map(Into::into),
                given_names: self.given_names.into_owned(),
                suffix: self.suffix.map(Into::into),
                prefix: self.prefix.map(Into::into),
                family_name: self.family_name.into_owned(),
            },
            birth_date: rules::BirthDate { year, month, day },
        }
    }
}

impl HealthCard<'_> {
    fn into_rules(self) -> rules::HealthCard {
        rules::HealthCard {
            generation: self.generation.into_owned(),
            card_number_tail: self.card_number_tail.into_owned(),
            valid_until: self.valid_until,
            deactivated: self.deactivated,
        }
    }
}
