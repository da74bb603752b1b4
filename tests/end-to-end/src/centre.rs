//! What the insurer's back office decides counts at the desk: policy, certificate, events, deletion, lock and wipe.

mod certificate;
mod events;
mod order;
mod policy;
mod retention;

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result};
use workshop::process::wait_until;

use crate::{App, CLERK, Stage, Window, lasting::closed};

/// All of it; pictures and sheets go to `out`.
///
/// # Errors
/// At the first thing that isn't as it should be.
pub async fn centre(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    let window = Window::open(app).await?;
    let walked = at_work(stage, app, &window, out).await;
    closed(window, out, walked).await?;

    let window = Window::open(app).await?;
    let walked = started_again(stage, &window, out).await;
    let visits = closed(window, out, walked).await?;

    let late = retention::later(stage, app);
    let window = Window::open(&late).await?;
    let walked = after_retention(stage, app, &window, out, &visits).await;
    closed(window, out, walked).await?;

    let window = Window::open(&late).await?;
    let walked = order::stays_wiped(&window).await;
    closed(window, out, walked).await
}

/// What comes while the desk is up.
async fn at_work(stage: &Stage, app: &App, window: &Window, out: &Path) -> Result<()> {
    window.sign_in(CLERK).await?;
    window.until("[data-line=connected]").await?;
    policy::walk(stage, app, window, out).await.context("the policy")?;
    certificate::renewed(stage).await.context("the renewal")?;
    order::locked(stage, window, out).await.context("the lock")?;
    events::walk(stage, window, out).await.context("events from the centre")
}

/// With policy and certificate of before; then visits whose time will come.
async fn started_again(stage: &Stage, window: &Window, out: &Path) -> Result<retention::Visits> {
    window.sign_in(CLERK).await?;
    window.until("[data-line=connected]").await?;
    policy::is_still_in_force(window).await.context("the policy after a restart")?;
    retention::held(stage, window, out).await.context("the legal hold")
}

/// Fifteen days later.
async fn after_retention(
    stage: &Stage,
    app: &App,
    window: &Window,
    out: &Path,
    visits: &retention::Visits,
) -> Result<()> {
    retention::is_over(stage, app, window, out, visits).await.context("the end of the retention")?;
    order::wiped(stage, window, out).await.context("the wipe")
}

/// Waits until the desk's log has so many lines with that message.
fn until_logged(app: &App, message: &str, times: usize, patience: Duration) -> Result<()> {
    wait_until(&format!("the desk has logged {times} times: {message}"), patience, || {
        fs::read_to_string(&app.log).is_ok_and(|log| log.matches(message).count() >= times)
    })
}
