//! The boundary to the window: every command, the one event, and nothing else. One line a command.

use bridge::{
    AppError, Snapshot,
    input::{CheckInput, ConcernInput, DocumentInput, FaceInput, HandOverInput},
};
use tauri::{AppHandle, Emitter, State};

use crate::controller::{Action, Handle, Window};

/// The event that carries a whole [`Snapshot`].
const CHANGED: &str = "workstation-changed";

/// The window as the controller sees it.
impl Window for AppHandle {
    fn show(&self, snapshot: &Snapshot) {
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
                desk.snapshot().await
            }
            $(
                $(#[$doc])*
                #[tauri::command]
                pub(crate) async fn $name(desk: State<'_, Handle> $(, $input: $type)?) -> Result<(), AppError> {
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
    cancel_reading() => Action::CancelReading;
    read_again() => Action::ReadAgain;
    choose_concern(input: ConcernInput) => Action::ChooseConcern(input);
    enter_document(input: DocumentInput) => Action::EnterDocument(input);
    answer_check(input: CheckInput) => Action::AnswerCheck(input);
    confirm_document() => Action::ConfirmDocument;
    answer_face(input: FaceInput) => Action::AnswerFace(input);
    sign_and_print() => Action::SignAndPrint;
    hand_over(input: HandOverInput) => Action::HandOver(input);
    discard_code() => Action::DiscardCode;
    go_back() => Action::GoBack;
    abort_visit() => Action::AbortVisit;
    finish_visit() => Action::FinishVisit;
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
