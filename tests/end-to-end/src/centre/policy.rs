//! The insurer's policy: fetched, shown with its serial, never replaced by an older one or one that somebody else signed.

use std::{fs, path::Path};

use account_service::{Config, Service};
use anyhow::{Context, Result, ensure};
use thirtyfour::Key;
use workshop::process::wait_until;

use super::until_logged;
use crate::{App, Stage, Window, clerk::PATIENCE, stage::DESK};

const PROFILE: &str = "beispielkasse";
const SHIPPED: &str = include_str!("../../../../assets/profiles/beispielkasse.toml");
/// A value that the insurer changes.
const KEY: &str = "code.valid_days";
/// What the desk logs of a bundle that it takes, and of one that it doesn't.
const TAKEN: &str = "a new policy is in force";
const NOT_TAKEN: &str = "the insurer's policy does not count";

/// Three bundles of the insurer's; of two others none is taken.
pub(super) async fn walk(stage: &Stage, app: &App, window: &Window, out: &Path) -> Result<()> {
    let service = &stage.service;
    ensure!(shown(window).await? == ("14".to_owned(), "about__source--shipped".to_owned()), "not as shipped");
    service.publish_policy(PROFILE, &profile(12))?;
    let first = service.policy_bundle()?.context("nothing was published")?;
    until_logged(app, TAKEN, 1, PATIENCE)?;
    service.publish_policy(PROFILE, &profile(10))?;
    until_logged(app, TAKEN, 2, PATIENCE)?;
    open(window).await?;
    window.look(out, "about").await?;
    ensure!(read(window).await? == in_force(), "the new value isn't shown with its source");
    back(window).await?;

    service.put_policy_bundle(3, &first)?;
    until_logged(app, NOT_TAKEN, 1, PATIENCE)?;
    service.put_policy_bundle(4, &of_somebody_else(out)?)?;
    until_logged(app, NOT_TAKEN, 2, PATIENCE)?;
    is_still_in_force(window).await?;
    wait_until("the desk has told which policy it works by", PATIENCE, || {
        service.desk_status(DESK).is_ok_and(|status| status.is_some_and(|status| status.policy_serial == 2))
    })?;
    println!("the insurer's second policy is in force; an older one and a stranger's are not");
    Ok(())
}

/// The value of the last bundle that the insurer signed.
pub(super) async fn is_still_in_force(window: &Window) -> Result<()> {
    let shown = shown(window).await?;
    ensure!(shown == in_force(), "another policy is in force: {shown:?}");
    Ok(())
}

fn in_force() -> (String, String) {
    ("10".to_owned(), "about__source--signed".to_owned())
}

/// The shipped profile with another number of days.
fn profile(days: u8) -> String {
    SHIPPED.replace("valid_days = 14", &format!("valid_days = {days}"))
}

/// A bundle that a service with keys of its own has signed, with the serial that would be the next.
fn of_somebody_else(out: &Path) -> Result<String> {
    let folder = out.join("somebody-else");
    fs::create_dir_all(&folder)?;
    let stranger = Service::start(Config::new(folder, Vec::new()))?;
    for days in [9, 8, 7, 6] {
        stranger.publish_policy(PROFILE, &profile(days))?;
    }
    stranger.policy_bundle()?.context("nothing was published")
}

/// From the start: the value on "about this desk", and how its source is shown; then back.
async fn shown(window: &Window) -> Result<(String, String)> {
    open(window).await?;
    let read = read(window).await?;
    back(window).await?;
    Ok(read)
}

async fn open(window: &Window) -> Result<()> {
    window.press_key(Key::F1).await?;
    window.until("[role=dialog] .kern-btn--secondary").await?;
    window.click("[role=dialog] .kern-btn--secondary").await?;
    window.screen("about").await?;
    window.until(".about__values tbody tr").await
}

async fn back(window: &Window) -> Result<()> {
    window.press_key(Key::Escape).await?;
    window.screen("start").await
}

async fn read(window: &Window) -> Result<(String, String)> {
    let script = format!(
        "const row = [...document.querySelectorAll('.about__values tr')]
            .find(row => row.querySelector('th[scope=row]')?.textContent === '{KEY}');
         return [row.querySelector('.about__value').textContent, row.querySelector('td:last-child span').className];"
    );
    serde_json::from_value(window.run(&script).await?).with_context(|| format!("{KEY} is not shown"))
}
