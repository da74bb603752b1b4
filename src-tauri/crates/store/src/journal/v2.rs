//! Version 2 of two kinds of events, for a visit without a line to the account service: a concern may be opened without the
//! register's answer, and a code's drawing says whether it was drawn offline.
//!
//! Frozen like version 1, whose parts it shares. In version 1 the register was always asked and no code was drawn offline.

mod convert;

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    format::{Encoded, write},
    v1::{
        self,
        parts::{Register, Subject},
        words::Level,
    },
};
use crate::StoreError;

/// Stands in the header of rows of this form.
pub(super) const VERSION: u32 = 2;

/// An event. The variants' names are stored.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Event<'a> {
    ConcernOpened {
        concern: Uuid,
        subject: Subject<'a>,
        register: Option<Register>,
    },
    CodeGenerated {
        concern: Uuid,
        code: Uuid,
        reference: Cow<'a, str>,
        level: Level,
        valid_until: Date,
        offline: bool,
    },
}

impl Event<'_> {
    /// The kind in the row's header, the same word as in the body.
    fn kind(&self) -> &'static str {
        match self {
            Self::ConcernOpened { .. } => "concern_opened",
            Self::CodeGenerated { .. } => "code_generated",
        }
    }
}

/// Kind and body of an event of the rules; `None` for a kind that this version doesn't have.
pub(super) fn encode(event: &identification::Event) -> Option<Encoded> {
    let event = Event::from_rules(event)?;
    Some(write(&event).map(|body| (event.kind(), body)))
}

/// The event in a body of this version.
pub(super) fn read<'a>(kind: &str, body: &'a [u8]) -> Result<Event<'a>, StoreError> {
    let event: Event<'_> = serde_json::from_slice(body).map_err(|_| MALFORMED)?;
    if event.kind() == kind { Ok(event) } else { Err(MALFORMED) }
}

/// An event that was read in version 1.
pub(super) enum Upcast<'a> {
    /// Its kind has a version 2.
    Newer(Event<'a>),
    /// Its kind has none.
    Same(v1::Event<'a>),
}

/// From version 1.
pub(super) fn upcast(event: v1::Event<'_>) -> Upcast<'_> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other kind is still in version 1")]
    match event {
        v1::Event::ConcernOpened { concern, subject, register } => {
            Upcast::Newer(Event::ConcernOpened { concern, subject, register: Some(register) })
        }
        v1::Event::CodeGenerated { concern, code, reference, level, valid_until } => {
            Upcast::Newer(Event::CodeGenerated {
                concern,
                code,
                reference,
                level,
                valid_until,
                offline: false,
            })
        }
        same => Upcast::Same(same),
    }
}

/// The event of the rules.
pub(super) fn into_rules(event: Event<'_>) -> Result<identification::Event, StoreError> {
    event.into_rules().ok_or(MALFORMED)
}

const MALFORMED: StoreError = StoreError::Malformed { what: "event of version 2" };
