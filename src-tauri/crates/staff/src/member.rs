//! Members of staff.

use std::collections::BTreeSet;

/// Longest id, in bytes; directories give out far shorter ones.
const MAX_ID: usize = 64;
/// Longest name, in characters: what fits into one line of the sign-in screen.
const MAX_NAME: usize = 64;

/// As what somebody may work here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Kundenberatung: leads visits.
    Clerk,
    /// Teamleitung: takes the second look, reviews, takes over.
    Supervisor,
}

/// A member of staff. Says nothing about how they sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    id: String,
    name: String,
    roles: BTreeSet<Role>,
}

impl Member {
    /// Takes over what was checked.
    pub(crate) fn new(id: &str, name: &str, roles: BTreeSet<Role>) -> Self {
        Self { id: id.to_owned(), name: name.to_owned(), roles }
    }

    /// Pseudonymous id in the insurer's directory: 1 to 64 visible ASCII characters.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// As shown at the desk: 1 to 64 characters.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// At least one.
    #[must_use]
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }
}

impl Role {
    /// The role that the accounts file calls so.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        match key {
            "clerk" => Some(Self::Clerk),
            "supervisor" => Some(Self::Supervisor),
            _ => None,
        }
    }
}

/// Whether this can be a member's id.
pub(crate) fn is_id(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether this can be a member's name.
pub(crate) fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control)
}
