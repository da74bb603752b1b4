//! Typed identifiers: UUID version 7 (RFC 9562), drawn by the shell and never printed.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an id that the shell drew, or that was stored.
            #[must_use]
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The id itself.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }
    )+};
}

ids! {
    /// One visit (Besuch): one acting person at the desk.
    VisitId,
    /// One proof of one person's identity.
    IdentificationId,
    /// One concern (Anliegen): subject, purpose, recipient.
    ConcernId,
    /// One activation code on its way.
    CodeId,
}

/// A member of staff by the short pseudonymous id of the insurer's directory, never a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperatorId(String);

impl OperatorId {
    /// Longest id that is taken.
    pub const MAX_LENGTH: usize = 64;

    /// Wraps an id; `None` when it is empty, too long or not plain ASCII.
    #[must_use]
    pub fn new(id: &str) -> Option<Self> {
        let fits =
            !id.is_empty() && id.len() <= Self::MAX_LENGTH && id.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(id.to_owned()))
    }

    /// The id itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A member of staff who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub id: OperatorId,
    /// As what.
    pub role: StaffRole,
}

/// The role that somebody works in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffRole {
    /// Kundenberatung
    Clerk,
    /// Teamleitung
    Supervisor,
}
