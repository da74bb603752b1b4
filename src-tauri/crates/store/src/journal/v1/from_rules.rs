//! From the rules' events to version 1. When an event changes, the compiler stops here: the change needs a new version
//! unless the stored form can stay as it is. Kinds that have a newer version are read in this one, and no longer written.

use identification as rules;

use super::Event;

impl<'a> Event<'a> {
    /// `None` for an event that a newer version writes.
    pub(super) fn from_rules(event: &'a rules::Event) -> Option<Self> {
        use rules::Event as E;
        Some(match event {
            E::VisitOpened { visit, operator, policy_version } => Self::VisitOpened {
                visit: visit.uuid(),
                operator: operator.as_str().into(),
                policy_version: policy_version.into(),
            },
            E::PersonIntroduced { identification, person, role } => Self::PersonIntroduced {
                identification: identification.uuid(),
                person: person.into(),
                role: role.into(),
            },
            E::ConcernOpened { .. } | E::CodeGenerated { .. } => return None,
            E::BlockingOrdered { concern, subject, confirmed, target } => Self::BlockingOrdered {
                concern: concern.uuid(),
                subject: subject.into(),
                confirmed: *confirmed,
                target: (*target).into(),
            },
            E::BlockingAccepted { concern } => Self::BlockingAccepted { concern: concern.uuid() },
            E::BlockingRefused { concern } => Self::BlockingRefused { concern: concern.uuid() },
            E::CardNumberCompared { concern } => Self::CardNumberCompared { concern: concern.uuid() },
            E::PossessionProven { concern } => Self::PossessionProven { concern: concern.uuid() },
            E::PurposeChosen { concern, purpose, visit_number } => Self::PurposeChosen {
                concern: concern.uuid(),
                purpose: (*purpose).into(),
                visit_number: visit_number.as_ref().map(|number| number.as_str().into()),
            },
            E::RepresentationAccepted { concern, deed, grant } => Self::RepresentationAccepted {
                concern: concern.uuid(),
                deed: (&**deed).into(),
                grant: grant.into(),
            },
            E::ConcernRefused { concern, reason } => {
                Self::ConcernRefused { concern: concern.uuid(), reason: reason.as_str().into() }
            }
            E::ConcernWithdrawn { concern } => Self::ConcernWithdrawn { concern: concern.uuid() },
            E::DocumentPresented { identification, document_type, issuer } => Self::DocumentPresented {
                identification: identification.uuid(),
                document_type: document_type.into(),
                issuer: (*issuer).into(),
            },
            E::ChipAgreed { identification, consent } => Self::ChipAgreed {
                identification: identification.uuid(),
                form: consent.form.into(),
                wording: (&consent.wording).into(),
            },
            E::ChipRevoked { identification } => Self::ChipRevoked { identification: identification.uuid() },
            E::ChipRead { identification, evidence } => Self::ChipRead {
                identification: identification.uuid(),
                data: evidence.data.into(),
                copy: evidence.copy.into(),
                name_agrees: evidence.name_agrees,
                print_agrees: evidence.print_agrees,
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
            E::SecondLookTaken { identification, by, answer, concerns } => Self::SecondLookTaken {
                identification: identification.uuid(),
                by: by.as_str().into(),
                answer: (*answer).into(),
                concerns: concerns.iter().map(|concern| concern.uuid()).collect(),
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
            E::VisitResumed { by } => Self::VisitResumed { by: by.as_str().into() },
            E::VisitTakenOver { by } => Self::VisitTakenOver { by: by.as_str().into() },
            E::VisitAborted { reason } => Self::VisitAborted { reason: reason.into() },
            E::VisitEnded => Self::VisitEnded {},
            E::VisitReviewed { by, outcome } => {
                Self::VisitReviewed { by: by.as_str().into(), outcome: (*outcome).into() }
            }
        })
    }
}
