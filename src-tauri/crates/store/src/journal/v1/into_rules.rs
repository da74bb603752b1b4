//! From version 1 to the rules' events, for the kinds that have no newer version.

use identification::{
    self as rules, ChipConsent, ChipEvidence, CodeId, ConcernId, IdentificationId, OperatorId, RefusalReason,
    VisitId, VisitNumber,
};
use zeroize::Zeroizing;

use super::Event;

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
            Self::PersonIntroduced { identification, person, role } => E::PersonIntroduced {
                identification: IdentificationId::new(identification),
                person: person.into_rules(),
                role: role.into_rules()?,
            },
            // Read through the version behind this one.
            Self::ConcernOpened { .. } | Self::CodeGenerated { .. } => return None,
            Self::BlockingOrdered { concern, subject, confirmed, target } => E::BlockingOrdered {
                concern: ConcernId::new(concern),
                subject: subject.into_rules()?,
                confirmed,
                target: target.into(),
            },
            Self::BlockingAccepted { concern } => E::BlockingAccepted { concern: ConcernId::new(concern) },
            Self::BlockingRefused { concern } => E::BlockingRefused { concern: ConcernId::new(concern) },
            Self::CardNumberCompared { concern } => {
                E::CardNumberCompared { concern: ConcernId::new(concern) }
            }
            Self::PossessionProven { concern } => E::PossessionProven { concern: ConcernId::new(concern) },
            Self::PurposeChosen { concern, purpose, visit_number } => E::PurposeChosen {
                concern: ConcernId::new(concern),
                purpose: purpose.into(),
                visit_number: match visit_number.map(|number| Zeroizing::new(number.into_owned())) {
                    Some(number) => Some(VisitNumber::parse(&number).ok()?),
                    None => None,
                },
            },
            Self::RepresentationAccepted { concern, deed, grant } => E::RepresentationAccepted {
                concern: ConcernId::new(concern),
                deed: Box::new(deed.into_rules()),
                grant: grant.into_rules(),
            },
            Self::ConcernRefused { concern, reason } => E::ConcernRefused {
                concern: ConcernId::new(concern),
                reason: RefusalReason::from_name(&reason)?,
            },
            Self::ConcernWithdrawn { concern } => E::ConcernWithdrawn { concern: ConcernId::new(concern) },
            Self::DocumentPresented { identification, document_type, issuer } => E::DocumentPresented {
                identification: IdentificationId::new(identification),
                document_type: document_type.into_owned(),
                issuer: issuer.into(),
            },
            Self::ChipAgreed { identification, form, wording } => E::ChipAgreed {
                identification: IdentificationId::new(identification),
                consent: ChipConsent { form: form.into(), wording: wording.into_owned() },
            },
            Self::ChipRevoked { identification } => {
                E::ChipRevoked { identification: IdentificationId::new(identification) }
            }
            Self::ChipRead { identification, data, copy, name_agrees, print_agrees } => E::ChipRead {
                identification: IdentificationId::new(identification),
                evidence: ChipEvidence { data: data.into(), copy: copy.into(), name_agrees, print_agrees },
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
            Self::SecondLookTaken { identification, by, answer, concerns } => E::SecondLookTaken {
                identification: IdentificationId::new(identification),
                by: OperatorId::new(&by)?,
                answer: answer.into(),
                concerns: concerns.into_iter().map(ConcernId::new).collect(),
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
            Self::VisitResumed { by } => E::VisitResumed { by: OperatorId::new(&by)? },
            Self::VisitTakenOver { by } => E::VisitTakenOver { by: OperatorId::new(&by)? },
            Self::VisitAborted { reason } => E::VisitAborted { reason: reason.into_rules()? },
            Self::VisitEnded {} => E::VisitEnded,
            Self::VisitReviewed { by, outcome } => {
                E::VisitReviewed { by: OperatorId::new(&by)?, outcome: outcome.into() }
            }
        })
    }
}
