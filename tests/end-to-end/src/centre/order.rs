//! The insurer locks the desk, lets it go on, and takes it out of service at last.

use std::path::Path;

use account_service::{DeskCommand, Fault};
use anyhow::Result;

use crate::{
    CLERK, Stage, Window,
    clerk::{self, Guest},
    lasting::{damage, keys_are_gone},
    stage::DESK,
};

/// Comes while the desk is locked.
const GUEST: &str = "kiebitz";

/// Nothing can be begun, and it is said why; as soon as the insurer lets go, the same card is served.
pub(super) async fn locked(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    let guest = Guest::register(stage, GUEST).await?;
    stage.service.command(DESK, DeskCommand::Lock)?;
    stage.until_asked(1)?;
    let card = stage.insert(guest.card)?;
    window.until("[data-error=desk_locked]").await?;
    window.screen("start").await?;
    window.look(out, "locked-by-insurer").await?;
    drop(card);
    window.until("[data-reader=ready]").await?;

    stage.service.withdraw_command(DESK, DeskCommand::Lock)?;
    stage.until_asked(1)?;
    let card = clerk::arrive(stage, window, &guest).await?;
    clerk::abort(window).await?;
    drop(card);
    window.until("[data-reader=ready]").await?;
    println!("the locked desk served nobody, and somebody as soon as it was let go");
    Ok(())
}

/// What the service hasn't heard of is sealed to it, then every key is destroyed.
pub(super) async fn wiped(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    window.sign_in(CLERK).await?;
    stage.service.fault(Fault::Deliveries(503));
    let guest = Guest::register(stage, damage::UNDELIVERED).await?;
    let sheet = clerk::serve(stage, window, out, &guest).await?;
    window.until("main[data-screen=done] .notice--info").await?;
    stage.service.command(DESK, DeskCommand::Wipe)?;
    window.screen("wiped").await?;
    window.until("[data-cause=ordered]").await?;
    window.look(out, "wiped-by-order").await?;
    keys_are_gone(stage)?;
    let sealed = damage::sealed(stage)?;
    damage::names(&window.text(".wiped").await?, &sealed)?;
    damage::holds_what_waited(stage, &sealed)?;
    guest.is_refused(&sheet).await?;
    println!("the wiped desk has sealed what the service lacked, and destroyed its keys");
    Ok(())
}

/// Whatever happens: nobody works here again.
pub(super) async fn stays_wiped(window: &Window) -> Result<()> {
    window.screen("wiped").await?;
    window.until("[data-cause=ordered]").await
}
