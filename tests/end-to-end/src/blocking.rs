//! Somebody comes back and wants their code or app blocked: with their details alone, at once, and without a line as well.

use std::path::Path;

use account_service::Fault;
use anyhow::{Context, Result, ensure};
use card_sim::Persona;
use thirtyfour::Key;
use workshop::process::wait_until;

use crate::{
    CLERK, Sheet, Stage, Window,
    clerk::{self, Guest, PATIENCE},
    people::family_name,
};

/// Has a code that nobody has redeemed.
const WITH_CODE: &str = "amsel";
/// Has one as well; the screen is locked while their blocking is under way.
const BEHIND_THE_LOCK: &str = "elster";
/// Has an app that works.
const WITH_APP: &str = "fasan";
/// The digits of what is blocked.
const CODES: &str = "1";
const APP: &str = "2";

/// How long the service takes for an answer: the screen is locked by then.
const SLOW_MS: u64 = 3_000;

const IN_FORCE: &str = "main[data-screen=block] .notice--good";
const RECORDED: &str = "main[data-screen=block] .notice--attention";

/// A code that was handed over, and an app without a line; pictures go to `out`.
pub(crate) async fn blocking(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    let guest = Guest::register(stage, WITH_CODE).await?;
    let code = clerk::serve(stage, window, out, &guest).await?;
    window.until("main[data-screen=done] .notice--good").await?;
    clerk::finish(window).await?;
    let holder = Guest::register(stage, WITH_APP).await?;
    let redeemed = clerk::serve(stage, window, out, &holder).await?;
    holder.is_redeemed(window, &redeemed).await?;
    clerk::finish(window).await?;

    of_another_name(window, &guest.persona).await.context("a name that differs")?;
    order(window, &guest.persona, CODES).await?;
    window.until(IN_FORCE).await?;
    window.look(out, "blocked").await?;
    ensure!(state(stage, &code)? == Some("REVOKED"), "the window says blocked, and the code works");
    guest.is_refused(&code).await?;
    done(window).await?;

    behind_the_lock(stage, window, out).await.context("the screen is locked")?;

    stage.service.fault(Fault::Down);
    window.until("[data-line=offline]").await?;
    order(window, &holder.persona, APP).await?;
    window.until(RECORDED).await?;
    window.look(out, "blocking-recorded").await?;
    ensure!(state(stage, &redeemed)? == Some("REDEEMED"), "nobody could tell the service");
    stage.service.fault(Fault::None);
    window.until_in(IN_FORCE, PATIENCE).await?;
    wait_until("the app is blocked", PATIENCE, || {
        state(stage, &redeemed).is_ok_and(|state| state == Some("REVOKED"))
    })?;
    window.until("[data-line=connected]").await?;
    done(window).await?;
    listed(window, out).await?;
    println!("a code was blocked with its holder's details alone, and an app without a line");
    Ok(())
}

/// Who orders it and locks the screen before the service has answered has ordered it none the less.
async fn behind_the_lock(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    let guest = Guest::register(stage, BEHIND_THE_LOCK).await?;
    let code = clerk::serve(stage, window, out, &guest).await?;
    window.until("main[data-screen=done] .notice--good").await?;
    clerk::finish(window).await?;
    stage.service.fault(Fault::Slow(SLOW_MS));
    order(window, &guest.persona, CODES).await?;
    window.chord(Key::Control, "l").await?;
    window.screen("locked").await?;
    ensure!(state(stage, &code)? != Some("REVOKED"), "it was blocked before the screen was locked");
    wait_until("the code is blocked", PATIENCE, || {
        state(stage, &code).is_ok_and(|state| state == Some("REVOKED"))
    })?;
    stage.service.fault(Fault::None);
    window.focus_within("input[type=password]").await?;
    window.press(CLERK.pin).await?;
    window.press_key(Key::Enter).await?;
    window.screen("start").await
}

fn state(stage: &Stage, sheet: &Sheet) -> Result<Option<&'static str>> {
    stage.service.code_state(&sheet.reference)
}

/// Number, name and birth date, and what is blocked: everything with the keyboard.
async fn order(window: &Window, persona: &Persona, target: &str) -> Result<()> {
    fill(window, persona, &family_name(persona), target).await?;
    window.press_key(Key::Enter).await.map(drop)
}

async fn fill(window: &Window, persona: &Persona, family_name: &str, target: &str) -> Result<()> {
    window.press_key(Key::F6).await?;
    window.screen("block").await?;
    window.focus_within("input").await?;
    let date = |range| persona.birth_date.get(range).context("no birth date");
    let born = format!("{}{}{}", date(6..8)?, date(4..6)?, date(0..4)?);
    for typed in [&*persona.kvnr, family_name, &*persona.given_names, &*born] {
        window.press(typed).await?;
        window.press_key(Key::Tab).await?;
    }
    window.focus_within("[role=radiogroup]").await?;
    window.press(target).await.map(drop)
}

/// Nobody's are blocked by a slip: the service knows another name.
async fn of_another_name(window: &Window, persona: &Persona) -> Result<()> {
    fill(window, persona, "Kranich", CODES).await?;
    window.press_key(Key::Enter).await?;
    window.until("[data-error=data_mismatch]").await?;
    window.press_key(Key::Escape).await?;
    window.screen("start").await
}

async fn done(window: &Window) -> Result<()> {
    window.press_key(Key::Enter).await?;
    window.screen("start").await
}

/// Both are in the clerk's list, by masked numbers.
async fn listed(window: &Window, out: &Path) -> Result<()> {
    window.press_key(Key::F4).await?;
    window.screen("today").await?;
    let list = window.text("table").await?;
    for blocked in ["Sperre: Codes", "Sperre: App"] {
        ensure!(list.contains(blocked), "the list lacks {blocked}:\n{list}");
    }
    window.look(out, "blockings-today").await?;
    window.press_key(Key::Escape).await?;
    window.screen("start").await
}
