//! The words of version 1, each beside the rules' value that it stands for. The words are frozen; a value that is renamed
//! in the rules keeps its word here.

use identification as rules;
use serde::{Deserialize, Serialize};

/// An enumeration of words with its conversions both ways, which the compiler holds complete.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident for $rules:path { $($word:literal = $value:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Serialize, Deserialize)]
        pub(super) enum $name {
            $(#[serde(rename = $word)] $value),+
        }

        impl From<$rules> for $name {
            fn from(value: $rules) -> Self {
                match value {
                    $(<$rules>::$value => Self::$value),+
                }
            }
        }

        impl From<$name> for $rules {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$value => Self::$value),+
                }
            }
        }
    };
}

words!(
    /// What a concern is about.
    Purpose for rules::Purpose { "app_activation" = AppActivation }
);
words!(
    /// The account's state.
    Account for rules::AccountState {
        "not_insured" = NotInsured,
        "none" = None,
        "registered" = Registered,
        "app_active" = AppActive,
        "locked" = Locked,
    }
);
words!(
    /// Who issued a document.
    Issuer for rules::IssuerGroup { "de" = De, "eu" = Eu, "other" = Other }
);
words!(
    /// What a check gave.
    Check for rules::CheckAnswer { "pass" = Pass, "unclear" = Unclear, "fail" = Fail }
);
words!(
    /// What comparing the face gave.
    Face for rules::FaceAnswer { "matches" = Matches, "doubt" = Doubt, "does_not_match" = DoesNotMatch }
);
words!(
    /// The level of assurance.
    Level for rules::Level { "none" = None, "normal" = Normal, "substantial" = Substantial, "high" = High }
);
words!(
    /// How the receipt was signed.
    Receipt for rules::Receipt { "signed" = Signed, "mark_and_witness" = MarkAndWitness }
);
words!(
    /// Why a code is void.
    Void for rules::VoidReason {
        "print_failed" = PrintFailed,
        "tray_timeout" = TrayTimeout,
        "discarded" = Discarded,
        "interrupted" = Interrupted,
    }
);
words!(
    /// Why a visit ended early.
    Abort for rules::AbortReason { "clerk" = Clerk, "interrupted" = Interrupted }
);
