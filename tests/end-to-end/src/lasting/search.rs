//! Somebody asks about a visit: it is found by the reference on its letter, and who asked why is on record before.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use identification::PublicReference;
use serde_json::Value;
use thirtyfour::Key;

use crate::{App, CLERK, OTHER_CLERK, SUPERVISOR, Sheet, Stage, Window, administrator::identplatzctl, clerk};

/// Whose visit is looked for.
pub(super) const GUEST: &str = "graugans";

/// The key that searches, once it may.
const SEARCH: &str = ".foot__primary button:not([disabled]):not(.action--busy)";
const FIELD: &str = ".search .field__input";
const FOUND: &str = ".search__result table";
const NOTHING: &str = ".search__result .notice--info";
/// The digit of "somebody asks again".
const INQUIRY: &str = "1";

/// A clerk finds their own visit; a wrong reference and another's visit are nothing here. Supervisors may open it.
pub(super) async fn by_reference(window: &Window, out: &Path, sheet: &Sheet) -> Result<()> {
    window.press_key(Key::F7).await?;
    window.screen("search").await?;
    window.focus_within("[role=radiogroup]").await?;
    ensure!(!window.has(SEARCH).await?, "a search without a reason was offered");
    window.look(out, "search").await?;
    window.press_key(Key::Escape).await?;
    window.screen("start").await?;

    find(window, &sheet.reference).await?;
    window.until(FOUND).await?;
    let found = window.text(FOUND).await?;
    ensure!(found.contains(&sheet.reference), "another visit was found: {found}");
    ensure!(!found.contains(GUEST), "the list names the person");
    window.look(out, "search-found").await?;
    back(window).await?;

    let nobodys = PublicReference::from_entropy(&mut |bytes| bytes.fill(7));
    is_nothing(window, nobodys.as_str()).await?;
    window.look(out, "search-nothing").await?;
    back(window).await?;
    clerk::sign_out(window).await?;
    window.sign_in(OTHER_CLERK).await?;
    is_nothing(window, &sheet.reference).await.context("another clerk's visit")?;
    back(window).await?;
    clerk::sign_out(window).await?;

    window.sign_in(SUPERVISOR).await?;
    find(window, &sheet.reference).await?;
    window.until(FOUND).await?;
    window.click(".search__result .kern-btn--secondary").await?;
    window.until("main[data-screen=reviews] article.reviewed").await?;
    back(window).await?;
    clerk::sign_out(window).await?;
    window.sign_in(CLERK).await?;
    println!("a visit was found by its reference, by whom it may be");
    Ok(())
}

/// From the start: why, and by which reference.
pub(crate) async fn find(window: &Window, reference: &str) -> Result<()> {
    window.press_key(Key::F7).await?;
    window.screen("search").await?;
    window.focus_within("[role=radiogroup]").await?;
    window.press(INQUIRY).await?;
    window.focus_within(FIELD).await?;
    window.press(reference.trim_start_matches("A-")).await?;
    window.until(SEARCH).await?;
    window.press_key(Key::Enter).await?;
    window.until(".search__result").await
}

/// There is a visit with that reference.
pub(super) async fn is_found(window: &Window, reference: &str) -> Result<()> {
    find(window, reference).await?;
    window.until(FOUND).await?;
    back(window).await
}

/// There is nothing here with that reference.
pub(crate) async fn is_nothing(window: &Window, reference: &str) -> Result<()> {
    find(window, reference).await?;
    window.until(NOTHING).await?;
    ensure!(!window.has(FOUND).await?, "something was shown for {reference}");
    Ok(())
}

/// Back to the start.
pub(super) async fn back(window: &Window) -> Result<()> {
    window.press_key(Key::Escape).await?;
    window.screen("start").await
}

/// The report for the person tells every access: card, inquiry and review, with role and reason and without names.
pub(super) fn is_logged(stage: &Stage, app: &App) -> Result<()> {
    let kvnr = stage.persona(GUEST)?.kvnr;
    let report = identplatzctl(app, &["access-report", "--kvnr", "-", "--staff", SUPERVISOR.id], &kvnr)?;
    let accesses = report["accesses"].as_array().context("the report has no accesses")?;
    let times = |role: &str, kind: &str, reason: &str, result: &str| {
        let is = |access: &&Value| {
            [&access["role"], &access["kind"], &access["reason"], &access["result"]]
                == [role, kind, reason, result]
        };
        accesses.iter().filter(is).count()
    };
    let wanted = [
        // The clerk found their visit; the wrong reference is nobody's; the other clerk was shown nothing.
        ("clerk", "visit_opened", "inquiry", "shown"),
        ("clerk", "visit_opened", "inquiry", "withheld"),
        ("supervisor", "visit_opened", "inquiry", "shown"),
    ];
    for (role, kind, reason, result) in wanted {
        ensure!(times(role, kind, reason, result) == 1, "{role}, {kind}, {reason}, {result}: {accesses:?}");
    }
    let read = accesses.iter().filter(|it| it["reason"] == "card_inserted").count();
    ensure!(read >= 1, "the card isn't in {accesses:?}");
    let text = report.to_string();
    ensure!(!text.contains(&kvnr) && !text.contains(CLERK.id), "the report names somebody: {text}");
    println!("the person is told who looked them up and why: {} accesses", accesses.len());
    Ok(())
}
