//! What becomes of a desk's records: made without a line, refused, found again, saved, damaged, restored, sealed, destroyed.

mod backup;
pub(crate) mod damage;
pub(crate) mod search;
mod task;

use std::path::Path;

use account_service::Fault;
use anyhow::{Context, Result, bail, ensure};
use thirtyfour::Key;
use workshop::process::wait_until;

use crate::{
    App, CLERK, SUPERVISOR, Sheet, Stage, Window,
    blocking::blocking,
    clerk::{self, Guest, PATIENCE, Tray},
    paper,
    records::DeskRecords,
    stage::DESK,
};

/// All of it; pictures and sheets go to `out`.
///
/// # Errors
/// At the first thing that isn't as it should be.
pub async fn lasting(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    let window = Window::open(app).await?;
    let walked = first_day(stage, app, &window, out).await;
    let (early, late) = closed(window, out, walked).await?;
    search::is_logged(stage, app)?;

    damage::destroy_first_page(stage)?;
    let window = Window::open(app).await?;
    let walked = damage::is_moved_aside(stage, &window, out).await;
    closed(window, out, walked).await?;
    backup::restore(stage, app, out)?;
    let window = Window::open(app).await?;
    let walked = second_life(stage, &window, out, [&early, &late]).await;
    closed(window, out, walked).await?;

    damage::destroy_some_page(stage)?;
    let window = Window::open(app).await?;
    let walked = damage::exported_and_begun_anew(stage, &window, out).await;
    closed(window, out, walked).await?;
    let window = Window::open(app).await?;
    let walked = out_of_service(stage, &window, out).await;
    closed(window, out, walked).await?;
    let window = Window::open(app).await?;
    let walked = stays_out_of_service(&window).await;
    closed(window, out, walked).await
}

/// Closes a window, whatever came of what was led through it, and waits until the app has ended.
pub(crate) async fn closed<T>(window: Window, out: &Path, walked: Result<T>) -> Result<T> {
    if walked.is_err() {
        window.picture(out.join("failed.png")).await.ok();
    }
    let ended = window.end().await;
    walked.and_then(|walked| ended.map(|()| walked))
}

/// Up to the backup, and a visit that isn't in it; the letters of before and after.
async fn first_day(stage: &Stage, app: &App, window: &Window, out: &Path) -> Result<(Sheet, Sheet)> {
    window.sign_in(CLERK).await?;
    window.until("[data-line=connected]").await?;
    let early = without_a_line(stage, window, out).await.context("without a line")?;
    search::by_reference(window, out, &early).await.context("the search")?;
    blocking(stage, window, out).await.context("a blocking")?;
    task::refused(stage, window, out).await.context("what the service refuses for good")?;
    backup::make(app, out)?;
    let guest = Guest::register(stage, "ibis").await?;
    let late = clerk::serve(stage, window, out, &guest).await?;
    guest.is_redeemed(window, &late).await?;
    clerk::finish(window).await?;
    DeskRecords::open(stage)?.verified()?;
    Ok((early, late))
}

/// The restored desk has what was saved, works, and at the end can't deliver.
async fn second_life(stage: &Stage, window: &Window, out: &Path, letters: [&Sheet; 2]) -> Result<()> {
    window.sign_in(CLERK).await?;
    window.until("[data-line=connected]").await?;
    backup::is_restored(stage, window, out, letters).await.context("what was restored")?;
    stage.service.fault(Fault::Deliveries(503));
    let guest = Guest::register(stage, damage::UNDELIVERED).await?;
    let sheet = clerk::serve(stage, window, out, &guest).await?;
    window.until("main[data-screen=done] .notice--info").await?;
    guest.is_refused(&sheet).await
}

/// An insured person with their health card gets a code that takes effect once the line is back; nobody else is served.
async fn without_a_line(stage: &Stage, window: &Window, out: &Path) -> Result<Sheet> {
    let guest = Guest::register(stage, search::GUEST).await?;
    let mut tray = Tray::new(&stage.printer, out)?;
    // Only who was here with a line a short time ago may give out codes without one.
    stage.until_asked(2)?;
    stage.service.fault(Fault::Down);
    window.until("[data-line=offline]").await?;
    window.look(out, "offline-start").await?;
    by_number(window).await?;

    let card = clerk::arrive(stage, window, &guest).await?;
    clerk::prove_arrived(stage, window, &guest).await?;
    window.look(out, "offline-summary").await?;
    clerk::sign(window).await?;
    window.screen("hand_over").await?;
    let sheet = tray.letter(&stage.printer)?;
    says_when_it_works(&sheet)?;
    drop(card);
    clerk::hand_over(window, &sheet).await?;
    guest.is_refused(&sheet).await.ok();
    stage.service.fault(Fault::None);
    wait_until("the service has heard of the hand-over", PATIENCE, || {
        stage.service.code_state(&sheet.reference).is_ok_and(|state| state == Some("ACTIVE"))
    })?;
    guest.is_redeemed(window, &sheet).await?;
    window.until("[data-line=connected]").await?;
    clerk::finish(window).await?;
    println!("a code was given out without a line, and redeemed after it was back");
    DeskRecords::open(stage)?.verified()?;
    Ok(sheet)
}

/// Nobody can say whether somebody without a card is insured here, nor whom a carer may act for: the way there is shut.
async fn by_number(window: &Window) -> Result<()> {
    for key in [Key::F2, Key::F3] {
        window.press_key(key).await?;
    }
    ensure!(
        window.count("main[data-screen=start] input").await? == 0,
        "somebody could be typed without a line"
    );
    window.screen("start").await
}

fn says_when_it_works(sheet: &Sheet) -> Result<()> {
    let text = paper::text(&sheet.path)?;
    ensure!(text.contains("Übertragung"), "the letter doesn't say that the code takes effect later:\n{text}");
    Ok(())
}

/// The insurer revokes the desk: it shows nothing any more, and its keys are gone.
async fn out_of_service(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    window.sign_in(SUPERVISOR).await?;
    window.until("[data-line=connected]").await?;
    stage.service.revoke_desk(DESK)?;
    window.screen("wiped").await?;
    window.until("[data-cause=revoked]").await?;
    window.look(out, "wiped").await?;
    keys_are_gone(stage)?;
    println!("the revoked desk has destroyed its keys");
    Ok(())
}

/// Neither the database nor the service can be opened with what is left.
pub(crate) fn keys_are_gone(stage: &Stage) -> Result<()> {
    if DeskRecords::open(stage).is_ok() {
        bail!("the database's key is still in the keyring");
    }
    ensure!(!stage.data_dir.join("desk-certificate.pem").exists(), "the certificate is still there");
    Ok(())
}

async fn stays_out_of_service(window: &Window) -> Result<()> {
    window.screen("wiped").await
}
