//! What the access log is made of.

use std::fmt;

use identification::{Kvnr, OperatorId, PublicReference, RepresentativeNumber};
use jiff::Timestamp;

use crate::StoreError;

/// Stands for a person in the access log: HMAC-SHA256 of their number under a key that never leaves the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SubjectRef(pub(super) [u8; 32]);

impl fmt::Debug for SubjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectRef(…)")
    }
}

/// Whom somebody looks up.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// An insured person.
    Insured(&'a Kvnr),
    /// A representative with an account of their own.
    Representative(&'a RepresentativeNumber),
    /// Whoever a reference belongs to that nothing here has.
    Reference(&'a PublicReference),
    /// Nobody: an hour of a member of staff that was unusual, and that a supervisor has seen.
    StaffHour {
        /// Who.
        staff: &'a OperatorId,
        /// The hour's beginning, UTC.
        hour: Timestamp,
    },
}

/// Who looks whom up, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub staff: OperatorId,
    /// As what.
    pub role: AccessRole,
    /// Where: the desk's name, 1 to 64 bytes.
    pub place: String,
    /// Whom.
    pub subject: SubjectRef,
    /// Why.
    pub reason: AccessReason,
    /// How.
    pub kind: AccessKind,
}

/// An entry that is on disk: whoever has one may show the result. There is no other way to get one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "log the result, too"]
pub struct AccessId(pub(super) i64);

impl AccessId {
    /// Its number in the log, from 1.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$of])* $variant),+
        }

        impl $name {
            /// The stored word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            pub(super) fn from_word(word: &str) -> Result<Self, StoreError> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(StoreError::Malformed { what: "word of the access log" }),
                }
            }
        }
    )+};
}

words! {
    /// The role that somebody looked a person up in.
    AccessRole {
        /// Kundenberatung
        Clerk = "clerk",
        /// Teamleitung
        Supervisor = "supervisor",
        /// Revision, Datenschutz
        Auditor = "auditor",
        /// Whoever runs the desks, with `identplatzctl`.
        Administrator = "administrator",
    }
    /// Why a person is looked up.
    AccessReason {
        /// Their health card is in the reader.
        CardInserted = "card_inserted",
        /// They gave their number at the desk.
        NumberGiven = "number_given",
        /// A supervisor reviews the visit.
        Review = "review",
        /// A question about a past visit (Rückfrage).
        Inquiry = "inquiry",
        /// A complaint (Beschwerde).
        Complaint = "complaint",
        /// They want to know what is stored (Auskunft, Art. 15 GDPR).
        DataAccess = "data_access",
        /// Something about them is put right (Berichtigung, Art. 16 GDPR).
        Correction = "correction",
    }
    /// What is looked at.
    AccessKind {
        /// The register at the account service.
        LookUp = "look_up",
        /// A past visit.
        VisitOpened = "visit_opened",
        /// A report of everything about the person.
        Report = "report",
    }
    /// What came of it.
    AccessResult {
        /// Data were shown.
        Shown = "shown",
        /// There is no such person.
        NotFound = "not_found",
        /// There is something that this role must not see.
        Withheld = "withheld",
        /// No answer came, so nothing was shown.
        Failed = "failed",
    }
}

/// An access as an auditor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Its number in the log.
    pub number: i64,
    /// Who looked whom up, and why.
    pub entry: AccessEntry,
    /// What came of it, and when; `None` if the program ended before that was known.
    pub result: Option<(AccessResult, Timestamp)>,
}

/// An access as the person is told of it: by role and place, without the employee (Art. 15 (1) (c) GDPR; an employee who
/// acts on instructions is no recipient, CJEU C-579/21).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// When.
    pub at: Timestamp,
    /// Who, by role.
    pub role: AccessRole,
    /// Where.
    pub place: String,
    /// Why.
    pub reason: AccessReason,
    /// How.
    pub kind: AccessKind,
    /// What came of it.
    pub result: Option<AccessResult>,
}

/// The accesses of an hour of the desk, whoever made them: to notice what is unusual, not to measure anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourCount {
    /// The hour's beginning, UTC.
    pub hour: Timestamp,
    /// Accesses that began in it.
    pub accesses: u64,
    /// Those without a card in the reader.
    pub without_card: u64,
    /// Those that found nobody.
    pub not_found: u64,
    /// Those of data that are withheld from the role.
    pub withheld: u64,
}
