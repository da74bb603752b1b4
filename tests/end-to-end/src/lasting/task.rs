//! The account service refuses a code for good: the letter is worth nothing, and a supervisor has something to do.

use std::path::Path;

use anyhow::{Result, ensure};
use thirtyfour::Key;
use workshop::process::wait_until;

use crate::{
    CLERK, SUPERVISOR, Stage, Window,
    clerk::{self, Guest, PATIENCE},
    records::DeskRecords,
    stage::DESK,
};

/// Whose account is locked while they are at the desk.
const GUEST: &str = "dohle";
const TASK: &str = "[data-task=code]";

pub(super) async fn refused(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    let guest = Guest::register(stage, GUEST).await?;
    let card = clerk::prove(stage, window, &guest).await?;
    stage.service.lock_account(&guest.persona.kvnr)?;
    clerk::sign(window).await?;
    window.until("[data-error=code_refused]").await?;
    window.look(out, "code-refused").await?;
    drop(card);
    window.until("[data-reader=ready]").await?;
    clerk::finish(window).await?;
    ensure!(
        stage.service.codes_of(&guest.persona.kvnr)?.is_empty(),
        "the service has a code that it refused"
    );
    clerk::sign_out(window).await?;

    window.sign_in(SUPERVISOR).await?;
    window.until(".place-bar__tasks").await?;
    window.press_key(Key::F5).await?;
    window.screen("reviews").await?;
    window.until(TASK).await?;
    let said = window.text(TASK).await?;
    ensure!(said.contains("ACCOUNT_LOCKED"), "the task doesn't say why: {said}");
    window.look(out, "task").await?;
    window.click(&format!("{TASK} .kern-btn--tertiary")).await?;
    window.until("dialog[open]").await?;
    window.look(out, "task-closing").await?;
    window.click("dialog .action--danger").await?;
    window.until(&format!("main:not(:has({TASK}))")).await?;
    window.until("header:not(:has(.place-bar__tasks))").await?;
    DeskRecords::open(stage)?.verified()?;
    wait_until("the service hears that nothing is left to do", PATIENCE, || {
        stage.service.desk_status(DESK).is_ok_and(|status| status.is_some_and(|status| status.refused == 0))
    })?;
    window.press_key(Key::Escape).await?;
    window.screen("start").await?;
    clerk::sign_out(window).await?;
    window.sign_in(CLERK).await?;
    println!("a code that the service refuses is void, and a supervisor has seen to it");
    Ok(())
}
