//! The boundary to the window: every command, the one event, and nothing else. One line a command.

use bridge::{
    AppError, Snapshot,
    input::{
        AccessAlertId, BlockInput, CanInput, CarerInput, CheckInput, ChipConsentInput, ChipKeyInput,
        ConcernId, ConcernInput, DocumentInput, FaceInput, FindInput, HandOverInput, HoldInput, OpenInput,
        PersonInput, PinEntryInput, ProofInput, ReviewInput, SecondLookInput, SignInInput, SignInput, TaskId,
        VisitId,
    },
};
use tauri::{AppHandle, Emitter, State};

use crate::controller::{Action, Handle, Window};

/// The event that carries a whole [`Snapshot`].
const CHANGED: &str = "workstation-changed";

/// The window as the controller sees it.
impl Window for AppHandle {
    fn show(&self, snapshot: &Snapshot) {
        #[cfg(feature = "workshop")]
        crate::ipc_record::snapshot(snapshot);
        if let Err(error) = self.emit(CHANGED, snapshot) {
            tracing::warn!(%error, "the window could not be told of a change");
        }
    }
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($($input:ident: $type:ty)?) => $action:expr;)+) => {
        #[allow(clippy::let_underscore_must_use, reason = "Tauri's macro writes such lines")]
        mod commands {
            use super::*;

            #[tauri::command]
            pub(crate) async fn snapshot(desk: State<'_, Handle>) -> Result<Snapshot, AppError> {
                let snapshot = desk.snapshot().await?;
                #[cfg(feature = "workshop")]
                crate::ipc_record::snapshot(&snapshot);
                Ok(snapshot)
            }
            $(
                $(#[$doc])*
                #[tauri::command]
                pub(crate) async fn $name(desk: State<'_, Handle> $(, $input: $type)?) -> Result<(), AppError> {
                    #[cfg(feature = "workshop")]
                    crate::ipc_record::command(stringify!($name));
                    desk.act($action).await
                }
            )+
        }

        /// What the window may call; `ui/src/backend/commands.ts` has the same names, held together by a test.
        pub const COMMANDS: &[&str] = &["snapshot", $(stringify!($name)),+];

        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![commands::snapshot, $(commands::$name),+]
        }
    };
}

commands! {
    sign_in(input: SignInInput) => Action::SignIn(input);
    sign_out() => Action::SignOut;
    lock() => Action::Lock;
    unlock(input: SignInInput) => Action::Unlock(input);
    resume_visit() => Action::ResumeVisit;
    discard_interrupted() => Action::DiscardInterrupted;
    cancel_reading() => Action::CancelReading;
    read_again() => Action::ReadAgain;
    enter_can(input: CanInput) => Action::EnterCan(input);
    prove_with_pin(input: PinEntryInput) => Action::ProveWithPin(input);
    cancel_pin() => Action::CancelPin;
    agree_to_chip(input: ChipConsentInput) => Action::AgreeToChip(input);
    decline_chip() => Action::DeclineChip;
    print_chip_consent() => Action::PrintChipConsent;
    open_chip(input: ChipKeyInput) => Action::OpenChip(input);
    cancel_chip() => Action::CancelChip;
    revoke_chip() => Action::RevokeChip;
    begin_with_number(input: PersonInput) => Action::BeginWithNumber(input);
    begin_as_carer(input: CarerInput) => Action::BeginAsCarer(input);
    add_person(input: PersonInput) => Action::AddPerson(input);
    present_proof(input: ProofInput) => Action::PresentProof(input);
    withdraw_concern(input: ConcernId) => Action::WithdrawConcern(input);
    confirm_concerns() => Action::ConfirmConcerns;
    choose_concern(input: ConcernInput) => Action::ChooseConcern(input);
    enter_document(input: DocumentInput) => Action::EnterDocument(input);
    answer_check(input: CheckInput) => Action::AnswerCheck(input);
    confirm_document() => Action::ConfirmDocument;
    answer_face(input: FaceInput) => Action::AnswerFace(input);
    second_look(input: SecondLookInput) => Action::SecondLook(input);
    sign_and_print(input: SignInput) => Action::SignAndPrint(input);
    hand_over(input: HandOverInput) => Action::HandOver(input);
    discard_code() => Action::DiscardCode;
    go_back() => Action::GoBack;
    abort_visit() => Action::AbortVisit;
    refuse_visit() => Action::RefuseVisit;
    print_refusal(input: ConcernId) => Action::PrintRefusal(input);
    finish_visit() => Action::FinishVisit;
    show_today() => Action::ShowToday;
    show_reviews() => Action::ShowReviews;
    open_review(input: OpenInput) => Action::OpenReview(input);
    review(input: ReviewInput) => Action::Review(input);
    show_start() => Action::ShowStart;
    show_search() => Action::ShowSearch;
    find_visit(input: FindInput) => Action::FindVisit(input);
    hold_visit(input: HoldInput) => Action::HoldVisit(input);
    release_hold(input: VisitId) => Action::ReleaseHold(input);
    close_task(input: TaskId) => Action::CloseTask(input);
    close_access_alert(input: AccessAlertId) => Action::CloseAccessAlert(input);
    show_block() => Action::ShowBlock;
    block(input: BlockInput) => Action::Block(input);
    show_about() => Action::ShowAbout;
    try_again() => Action::TryAgain;
    export_undelivered() => Action::ExportUndelivered;
    begin_anew() => Action::BeginAnew;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::COMMANDS;

    #[test]
    fn the_window_calls_exactly_the_registered_commands() {
        let source = include_str!("../../ui/src/backend/commands.ts");
        let (_, declared) = source.split_once("export type Commands = {").unwrap();
        let (declared, _) = declared.split_once("};").unwrap();
        let declared: BTreeSet<_> =
            declared.lines().filter_map(|line| line.trim().split_once(": (")).collect();
        let declared: BTreeSet<_> = declared.into_iter().map(|(name, _)| name).collect();
        assert_eq!(declared, COMMANDS.iter().copied().collect());
    }
}
