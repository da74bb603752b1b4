//! When what is personal goes: told beforehand, put off by a supervisor, and done on its day.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use identification::Scope;
use jiff::{SignedDuration, ToSpan};
use store::STORE_FOLDER;
use thirtyfour::Key;
use workshop::process::wait_until;

use super::until_logged;
use crate::{
    App, SUPERVISOR, Sheet, Stage, Window,
    clerk::{self, Guest},
    lasting::search,
    records::DeskRecords,
};

/// Of a visit that a supervisor keeps, and of one that they let go again.
const KEPT: &str = "ibis";
const LET_GO: &str = "pinguin";
/// Days that records are kept, of the profile.
const DAYS: i32 = 14;
/// The desk looks once a minute, when nobody has a visit open.
const UPKEEP: Duration = Duration::from_secs(180);
/// What the desk logs when nothing of what it deleted is found in its file.
const PROVEN: &str = "the deletion is proven";
/// The digit of a complaint.
const COMPLAINT: &str = "1";

/// Letters of the visits.
pub(super) struct Visits {
    kept: Sheet,
    let_go: Sheet,
}

/// Both are told when they go; a supervisor holds both, and lets one go again.
pub(super) async fn held(stage: &Stage, window: &Window, out: &Path) -> Result<Visits> {
    let mut letters = Vec::new();
    for card in [KEPT, LET_GO] {
        let guest = Guest::register(stage, card).await?;
        let sheet = clerk::serve(stage, window, out, &guest).await?;
        guest.is_redeemed(window, &sheet).await?;
        clerk::finish(window).await?;
        letters.push(sheet);
    }
    let [kept, let_go] = <[Sheet; 2]>::try_from(letters).ok().context("two visits were led")?;
    clerk::sign_out(window).await?;
    window.sign_in(SUPERVISOR).await?;
    // The desk sets the day when everything is delivered, at its next look.
    let records = DeskRecords::open(stage)?;
    wait_until("it is set when both go", UPKEEP, || records.days_of_deletion().is_ok_and(|set| set >= 2))?;
    open(window, &kept).await?;
    let day = stage.today.saturating_add(DAYS.days()).strftime("%d.%m.%Y").to_string();
    let told = window.text(".hold").await?;
    ensure!(told.contains(&day), "it isn't told that it goes on {day}: {told}");
    window.look(out, "deletion").await?;
    hold(window, out).await?;
    window.look(out, "held").await?;
    back(window).await?;

    open(window, &let_go).await?;
    hold(window, out).await?;
    window.click(".hold__action button").await?;
    window.until("dialog[open]").await?;
    window.look(out, "release").await?;
    window.click("dialog .action--danger").await?;
    window.until(".hold:not(:has(.hold__held))").await?;
    back(window).await?;
    clerk::sign_out(window).await?;
    println!("two visits were held, and one was let go again");
    Ok(Visits { kept, let_go })
}

async fn hold(window: &Window, out: &Path) -> Result<()> {
    window.click(".hold__action button").await?;
    window.until("dialog[open]").await?;
    window.focus_within("dialog [role=radiogroup]").await?;
    window.press(COMPLAINT).await?;
    window.look(out, "hold").await?;
    window.press_key(Key::Enter).await?;
    window.until(".hold__held").await
}

/// The visit on the supervisors' page, by the reference on its letter.
async fn open(window: &Window, sheet: &Sheet) -> Result<()> {
    search::find(window, &sheet.reference).await?;
    window.until(".search__result .kern-btn--secondary").await?;
    window.click(".search__result .kern-btn--secondary").await?;
    window.until("main[data-screen=reviews] article.reviewed").await
}

async fn back(window: &Window) -> Result<()> {
    window.press_key(Key::Escape).await?;
    window.screen("start").await
}

/// The app as it starts a day after the visits' time is over; the service's clock goes along.
pub(super) fn later(stage: &Stage, app: &App) -> App {
    let ahead = SignedDuration::from_hours(24 * i64::from(DAYS + 1));
    stage.set_service_ahead(ahead);
    let mut late = app.clone();
    late.environment.push((String::from("IDENTPLATZ_CLOCK_OFFSET"), ahead.as_secs().to_string().into()));
    late
}

/// Nothing personal of any visit can be opened any more but of the one that is held; nor is it found.
pub(super) async fn is_over(
    stage: &Stage,
    app: &App,
    window: &Window,
    out: &Path,
    visits: &Visits,
) -> Result<()> {
    window.sign_in(SUPERVISOR).await?;
    window.until("[data-line=connected]").await?;
    // Whoever reads meanwhile would keep the log from being emptied, and the proof from holding.
    until_logged(app, PROVEN, 1, UPKEEP)?;
    let records = DeskRecords::open(stage)?;
    let left = personal(&records)?;
    let open = left.iter().filter(|open| **open > 0).count();
    ensure!(open == 1, "open records of each visit: {left:?}");
    records.verified()?;
    let list = std::fs::read_to_string(stage.data_dir.join(format!("{STORE_FOLDER}.erasures")))?;
    ensure!(!list.is_empty(), "no erasure is listed beside the store");

    search::is_nothing(window, &visits.let_go.reference).await.context("what is over")?;
    back(window).await?;
    search::find(window, &visits.kept.reference).await?;
    window.until(".search__result table").await?;
    window.look(out, "kept-beyond-its-time").await?;
    back(window).await?;
    clerk::sign_out(window).await?;
    println!("what is over is deleted, what is held is kept; {} visits were there", left.len());
    Ok(())
}

/// Of each visit, how many records about people can still be opened.
fn personal(records: &DeskRecords) -> Result<Vec<usize>> {
    let about_people = |visit: Vec<store::OpenedRecord>| {
        visit.iter().filter(|it| !matches!(it.scope, Scope::Visit(_)) && it.body.is_some()).count()
    };
    Ok(records.visits()?.into_iter().map(about_people).collect())
}
