//! View models and [`AppError`]: the only types that cross to the user interface.
//!
//! Plain data with public fields. The user interface holds no truth: it draws [`Snapshot`] and sends the inputs of
//! [`input`] back; every text a person reads is made there out of the codes here. `ui/src/backend/bindings.ts` is
//! generated from this crate and kept current by the test `the_bindings_are_current`.
#![allow(missing_docs, reason = "fields of view models are named for what they show; types are documented")]

pub mod blocking;
pub mod card;
pub mod chip;
pub mod desk;
pub mod error;
pub mod input;
pub mod lists;
pub mod representation;
pub mod session;
pub mod visit;

pub use blocking::*;
pub use card::*;
pub use chip::*;
pub use desk::*;
pub use error::*;
pub use lists::*;
pub use representation::*;
pub use session::*;
pub use visit::*;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything the window shows, sent whole with every change as the event `workstation-changed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Grows with every change; an older one that arrives late is dropped.
    pub revision: u32,
    /// A build with developers' powers says so all the time.
    pub workshop: bool,
    pub product: Product,
    pub place: Place,
    /// Who works at the desk; `None` before somebody has signed in.
    pub operator: Option<Operator>,
    pub desk: Desk,
    pub screen: Screen,
    /// What went wrong with the last thing the clerk did, until the next one.
    pub notice: Option<AppError>,
}

/// Version and profile, shown at the right of the status line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    pub version: String,
    /// Empty before the desk is open, and if it can't be opened; likewise the version.
    pub profile_name: String,
    pub profile_version: String,
}

/// Where this desk stands, and how the insurer calls things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub insurer: String,
    /// "Servicezentrum Hamburg-Altona", the profile's word for it included.
    pub place: String,
    /// "Platz 3"
    pub desk: String,
    /// What the insurer calls the code: "Aktivierungscode".
    pub code_name: String,
}

/// The status line: calm while all is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Desk {
    pub reader: ReaderStatus,
    pub printer: PrinterStatus,
    pub service: ServiceStatus,
    /// What can be done with or without the account service.
    pub line: LineView,
    pub clock: ClockView,
    /// What stands against a new code just now.
    pub obstacles: Obstacles,
    /// How much waits for a supervisor.
    pub tasks: u32,
    /// Deletions that aren't confirmed: for the administrator.
    pub unproven_erasures: u32,
    /// Messages that the account service has not accepted yet.
    pub outbox: u32,
    /// What the insurer has to go over before long, or should have.
    pub reviews: Vec<ReviewDue>,
}

/// The catalogue or the checklist is old: what is reached falls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReviewDue {
    pub part: ReviewedPart,
    /// `YYYY-MM-DD`, the last day on which more is reached than `then`; `None`: over.
    pub until: Option<String>,
    /// The best level from then on.
    pub then: Level,
}

/// What is gone over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReviewedPart {
    Catalogue,
    Checklist,
}

/// Readers and what is in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ReaderStatus {
    /// Not looked yet.
    Starting,
    ServiceDown,
    /// The operating system forbids this session to use readers (polkit).
    ServiceDenied,
    NoReader,
    /// Readers are there, no card is in.
    Ready {
        readers: Vec<String>,
    },
    CardPresent {
        reader: String,
    },
    /// A card is in and doesn't answer.
    CardMute {
        reader: String,
    },
}

/// The desk's printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum PrinterStatus {
    Unknown,
    Ready {
        name: String,
    },
    Busy {
        name: String,
    },
    /// Wants a hand: `reason` is an IPP `printer-state-reasons` keyword without its severity (`media-empty`).
    Stopped {
        name: String,
        reason: String,
    },
    Unreachable {
        name: String,
    },
}

/// The central account service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ServiceStatus {
    Unknown,
    Connected,
    /// Since an instant (RFC 3339).
    Offline {
        since: String,
    },
}

/// A text that comes with data (catalogue, profile) rather than with the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Text {
    pub de: String,
    pub en: String,
}

/// The whole of `ui/src/backend/bindings.ts`.
#[must_use]
pub fn bindings() -> String {
    let config = ts_rs::Config::default();
    macro_rules! declarations {
        ($($type:ty),+ $(,)?) => { [$((<$type as TS>::decl(&config), <$type as TS>::docs())),+] };
    }
    let declarations = declarations![
        Snapshot,
        Product,
        Place,
        Operator,
        Role,
        SignInScreen,
        LockedScreen,
        InterruptedVisit,
        Desk,
        ReviewDue,
        ReviewedPart,
        ReaderStatus,
        PrinterStatus,
        ServiceStatus,
        LineView,
        ClockView,
        RecoveryScreen,
        RecoveryCause,
        WipedScreen,
        WipeCause,
        TaskView,
        Obstacles,
        UnprovenErasure,
        AccessAlert,
        TaskSubject,
        TaskReason,
        SearchScreen,
        BlockScreen,
        BlockedView,
        BlockingView,
        BlockingTarget,
        BlockingState,
        AccessReason,
        HoldView,
        HoldReason,
        AboutScreen,
        BundleView,
        SettingView,
        SettingSource,
        Text,
        CardPane,
        ReadStep,
        CardFacts,
        CardPerson,
        CardInsurance,
        CardWarning,
        CardKind,
        CardAuthenticity,
        CardProofLevel,
        CardCheck,
        CardCheckReason,
        CardState,
        CardNumberRule,
        CardNumberAsk,
        PinStep,
        PinProblem,
        Screen,
        VisitPane,
        PersonView,
        StepName,
        Proof,
        ProofState,
        Missing,
        Level,
        LevelView,
        Purpose,
        PurposeOption,
        PurposeProblem,
        ConcernScreen,
        DocumentScreen,
        DocumentTypeView,
        DatesOn,
        NumberField,
        ChipStep,
        ConsentText,
        ConsentForm,
        ChipKey,
        ChipReadStep,
        ChipProblem,
        ChipLine,
        ChipCheckName,
        ChipCheck,
        ChipReason,
        ChipCounts,
        ChipFace,
        ScanStep,
        ScanProblem,
        CheckView,
        CheckAnswer,
        DateField,
        DateProblem,
        FaceScreen,
        FaceAnswer,
        RepresentationScreen,
        ConcernRow,
        ConcernRowState,
        AuthorityView,
        Area,
        SeenAs,
        ProofKind,
        CarerKind,
        SecondLookScreen,
        SecondLookReason,
        SummaryScreen,
        SummaryRow,
        PrintingScreen,
        PrintStep,
        HandOverScreen,
        DoneScreen,
        CodeState,
        TodayScreen,
        ReviewsScreen,
        VisitRow,
        ConcernSummary,
        CodeStanding,
        ReviewedVisit,
        Judge,
        ReviewedCheck,
        ReviewedChip,
        ChipOutcome,
        ReviewOutcome,
        AppError,
        RefusalReason,
        Field,
        FieldProblem,
        ServiceRefusal,
        OfflineObstacle,
        input::SignInInput,
        input::CanInput,
        input::PinEntryInput,
        input::PersonInput,
        input::BlockInput,
        input::CarerInput,
        input::ProofInput,
        input::DeedInput,
        input::ConcernId,
        input::ConcernInput,
        input::DocumentInput,
        input::ChipConsentInput,
        input::ChipKeyInput,
        input::CheckInput,
        input::FaceInput,
        input::SecondLookInput,
        input::SignInput,
        input::HandOverInput,
        input::VisitId,
        input::ReviewInput,
        input::HoldInput,
        input::FindInput,
        input::TaskId,
        input::OpenInput,
        input::AccessAlertId,
        input::Receipt,
    ];
    let mut text = String::from(
        "// Generated from src-tauri/crates/bridge by its tests. Do not edit: UPDATE_BINDINGS=1 cargo test -p bridge\n",
    );
    for (declaration, docs) in declarations {
        text.push('\n');
        if let Some(docs) = docs {
            text.push_str(docs.trim_end());
            text.push('\n');
        }
        text.push_str("export ");
        text.push_str(&declaration);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use std::{env, fs, path::Path};

    #[test]
    fn the_bindings_are_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/backend/bindings.ts");
        let current = super::bindings();
        if env::var_os("UPDATE_BINDINGS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &current).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap();
        assert!(
            committed == current,
            "ui/src/backend/bindings.ts is stale: UPDATE_BINDINGS=1 cargo test -p bridge"
        );
    }
}
