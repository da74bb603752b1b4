//! What a desk does when the account service is gone, its records are damaged, or the insurer wants it no more.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt,
    path::Path,
};

use account_service::Fault;
use anyhow::{Result, bail, ensure};
use store::STORE_FOLDER;
use thirtyfour::Key;
use workshop::process::wait_until;

use crate::{
    App, CLERK, SUPERVISOR, Sheet, Stage, Window,
    clerk::{self, Guest, PATIENCE, Tray},
    paper,
    records::DeskRecords,
    stage::DESK,
};

/// Where in the database's file something is destroyed: within the first page, which opening it reads.
const DAMAGE: u64 = 1024;

/// All of it; pictures and sheets go to `out`.
///
/// # Errors
/// At the first thing that isn't as it should be.
pub async fn lasting(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    let window = Window::open(app).await?;
    let walked = without_a_line(stage, &window, out).await;
    closed(window, out, walked).await?;
    damage(stage)?;
    let window = Window::open(app).await?;
    let walked = damaged(stage, &window, out).await;
    closed(window, out, walked).await?;
    let window = Window::open(app).await?;
    let walked = out_of_service(stage, &window, out).await;
    closed(window, out, walked).await?;
    let window = Window::open(app).await?;
    let walked = stays_out_of_service(&window).await;
    closed(window, out, walked).await
}

async fn closed<T>(window: Window, out: &Path, walked: Result<T>) -> Result<T> {
    if walked.is_err() {
        window.picture(out.join("failed.png")).await.ok();
    }
    let ended = window.end().await;
    walked.and_then(|walked| ended.map(|()| walked))
}

/// An insured person with their health card gets a code that takes effect once the line is back; nobody else is served.
async fn without_a_line(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    window.sign_in(CLERK).await?;
    window.until("[data-line=connected]").await?;
    let guest = Guest::register(stage, "graugans").await?;
    let mut tray = Tray::new(&stage.printer, out)?;
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
    DeskRecords::open(stage)?.verified().map(drop)
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

/// The database is damaged while nobody has it open.
fn damage(stage: &Stage) -> Result<()> {
    let store = stage.data_dir.join(STORE_FOLDER);
    let database = store.join("identplatz.db");
    // What a power cut left in the log would lie over the damage.
    fs::write(store.join("identplatz.db-wal"), [])?;
    let file = OpenOptions::new().write(true).open(database)?;
    Ok(file.write_all_at(&[0x5A; 512], DAMAGE)?)
}

/// Damaged records are moved aside and kept; the desk waits for a decision before it begins anew.
async fn damaged(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    window.screen("recovery").await?;
    window.until("[data-cause=quarantined]").await?;
    window.look(out, "recovery").await?;
    let aside = stage.data_dir.join("store.quarantine-1").join("identplatz.db");
    ensure!(aside.exists(), "the damaged records are gone");
    let before = fs::read(&aside)?;
    window.press_key(Key::Enter).await?;
    // Trying again changes nothing: nobody has decided.
    window.screen("recovery").await?;
    // Records that begin anew need a desk that is enrolled anew.
    fs::write(stage.settings.with_file_name("enrolment-token"), stage.service.enrolment_token(DESK)?)?;
    window.click(".recovery .action--danger").await?;
    window.until("dialog[open]").await?;
    window.click("dialog .action--danger").await?;
    window.sign_in(CLERK).await?;
    window.until("[data-line=connected]").await?;
    ensure!(fs::read(&aside)? == before, "the damaged records were changed");
    println!("damaged records lie aside, and the desk has begun anew");
    Ok(())
}

/// The insurer revokes the desk: it shows nothing any more, and its keys are gone.
async fn out_of_service(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    window.sign_in(SUPERVISOR).await?;
    window.until("[data-line=connected]").await?;
    stage.service.revoke_desk(DESK)?;
    window.screen("wiped").await?;
    window.look(out, "wiped").await?;
    if DeskRecords::open(stage).is_ok() {
        bail!("the database's key is still in the keyring");
    }
    ensure!(!stage.data_dir.join("desk-certificate.pem").exists(), "the certificate is still there");
    println!("the revoked desk has destroyed its keys");
    Ok(())
}

async fn stays_out_of_service(window: &Window) -> Result<()> {
    window.screen("wiped").await
}
