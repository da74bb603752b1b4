//! The words of version 1, each beside the rules' value that it stands for. The words are frozen; a value that is renamed
//! in the rules keeps its word here.

use identification as rules;
use serde::{Deserialize, Serialize};

/// An enumeration of words with its conversions both ways, which the compiler holds complete.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident for $rules:path { $($word:literal = $value:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Serialize, Deserialize)]
        pub(in crate::journal) enum $name {
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
    Purpose for rules::Purpose {
        "app_activation" = AppActivation,
        "epa" = Epa,
        "representative_access" = RepresentativeAccess,
    }
);
words!(
    /// What is blocked.
    BlockingTarget for rules::BlockingTarget { "codes" = Codes, "app" = App }
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
    /// How the person agreed to the reading of a document's chip.
    ConsentForm for rules::ConsentForm { "tapped" = Tapped, "signed" = Signed }
);
words!(
    /// What a proof of a document's chip gave.
    ChipCheck for rules::ChipCheck {
        "valid" = Valid,
        "invalid" = Invalid,
        "not_verifiable" = NotVerifiable,
        "not_supported" = NotSupported,
    }
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
    /// By profession or not.
    CarerKind for rules::CarerKind { "professional" = Professional, "volunteer" = Volunteer }
);
words!(
    /// How two dates agree.
    DateAgreement for rules::DateAgreement {
        "agrees" = Agrees,
        "agrees_in_part" = AgreesInPart,
        "differs" = Differs,
    }
);
words!(
    /// Whether the end of a card's number agrees.
    CardNumber for rules::CardNumberAnswer {
        "not_asked" = NotAsked,
        "agrees" = Agrees,
        "differs" = Differs,
    }
);
words!(
    /// Why a proof of a card isn't valid.
    CardCheckReason for rules::CardCheckReason {
        "not_asked" = NotAsked,
        "no_certificate" = NoCertificate,
        "no_trust_store" = NoTrustStore,
        "malformed" = Malformed,
        "unknown_issuer" = UnknownIssuer,
        "test_card" = TestCard,
        "signature" = Signature,
        "not_yet_valid" = NotYetValid,
        "expired" = Expired,
        "wrong_use" = WrongUse,
        "other_card" = OtherCard,
        "other_person" = OtherPerson,
        "other_insurer" = OtherInsurer,
        "challenge_failed" = ChallengeFailed,
        "refused" = Refused,
    }
);
words!(
    /// The office that a deed names.
    Office for rules::Office { "carer" = Carer, "single_matter" = SingleMatter }
);
words!(
    /// In what form a deed was shown.
    SeenAs for rules::SeenAs { "original" = Original, "certified_copy" = CertifiedCopy, "copy" = Copy }
);
words!(
    /// An area of a carer's duties.
    Area for rules::Area {
        "health" = Health,
        "social_benefits" = SocialBenefits,
        "authorities" = Authorities,
        "assets" = Assets,
        "post" = Post,
        "electronic_communication" = ElectronicCommunication,
        "other" = Other,
    }
);
words!(
    /// A row of the decision table.
    Row for rules::RowId {
        "d2" = D2,
        "d3" = D3,
        "d4" = D4,
        "d8" = D8,
        "d14" = D14,
        "d19" = D19,
        "d24" = D24,
        "d25" = D25,
    }
);
words!(
    /// What a supervisor says of a finished visit.
    Review for rules::ReviewOutcome {
        "agree" = Agree,
        "formal_defect" = FormalDefect,
        "substantial_defect" = SubstantialDefect,
    }
);
