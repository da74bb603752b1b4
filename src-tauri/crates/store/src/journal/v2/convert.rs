//! Between the rules' events and version 2.

use identification::{self as rules, CodeId, ConcernId, PublicReference};

use super::Event;

impl<'a> Event<'a> {
    /// `None` for a kind that this version doesn't have.
    pub(super) fn from_rules(event: &'a rules::Event) -> Option<Self> {
        use rules::Event as E;
        #[expect(clippy::wildcard_enum_match_arm, reason = "every other kind is still in version 1")]
        match event {
            E::ConcernOpened { concern, subject, register } => Some(Self::ConcernOpened {
                concern: concern.uuid(),
                subject: subject.into(),
                register: register.as_ref().map(Into::into),
            }),
            E::CodeGenerated { concern, code, reference, level, valid_until, offline } => {
                Some(Self::CodeGenerated {
                    concern: concern.uuid(),
                    code: code.uuid(),
                    reference: reference.as_str().into(),
                    level: (*level).into(),
                    valid_until: *valid_until,
                    offline: *offline,
                })
            }
            _ => None,
        }
    }

    /// The rules' event; `None` if a value isn't one that the rules know.
    pub(super) fn into_rules(self) -> Option<rules::Event> {
        use rules::Event as E;
        Some(match self {
            Self::ConcernOpened { concern, subject, register } => E::ConcernOpened {
                concern: ConcernId::new(concern),
                subject: subject.into_rules()?,
                register: register.map(|it| it.into_rules()),
            },
            Self::CodeGenerated { concern, code, reference, level, valid_until, offline } => {
                E::CodeGenerated {
                    concern: ConcernId::new(concern),
                    code: CodeId::new(code),
                    reference: PublicReference::parse(&reference).ok()?,
                    level: level.into(),
                    valid_until,
                    offline,
                }
            }
        })
    }
}
