//! A profile that the insurer has signed and sent.

use std::fmt;

use jiff::Timestamp;

/// A profile out of a policy bundle whose signature was verified; the shell hands it in.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedProfile {
    /// Number of the bundle, never lower than the one before: 1 or more.
    pub serial: u32,
    /// When it was signed.
    pub issued_at: Timestamp,
    /// Which profile it replaces: the name in the desk file.
    pub profile: String,
    /// The whole profile, as a file in `assets/profiles`.
    pub toml: String,
}

impl fmt::Debug for SignedProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedProfile")
            .field("serial", &self.serial)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}
