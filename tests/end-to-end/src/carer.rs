//! Visit B: a professional carer comes for two people; one authority is in force, the other has ended. Then what follows: the
//! clerk's list of the day, and the supervisors' review with its consequence.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use thirtyfour::Key;

use crate::{
    CARER, CLERK, FORMER_WARD, REVIEWER, Report, SUPERVISOR, Sheet, Stage, WARD, Window, people::Colleague,
    walk::Walk, without_card::without_card,
};

/// Actions that the visit should need.
const AIM: u32 = 26;
/// The row of a checklist whose turn it is.
const CURRENT_CHECK: &str = "ol.checks [aria-current=step]";
/// Signs whoever works at the desk out.
const SIGN_OUT: &str = ".place-bar__leave button:last-child";

/// Leads all of it through `window`; pictures, sheets and reports go to `out`.
///
/// # Errors
/// At the first thing that isn't as it should be.
pub async fn carer(stage: &Stage, window: &Window, out: &Path) -> Result<Report> {
    let mut walk = Walk::new(stage, window, out, Some(AIM))?;
    walk.sign_in(CLERK).await?;
    let sheet = carers_visit(&mut walk).await?;
    let beside = out.join("without-card");
    fs::create_dir_all(&beside)?;
    let mut other = Walk::new(stage, window, &beside, None)?;
    without_card(&mut other).await?;
    other.end()?.write(&beside.join("report.json"))?;
    let report = walk.report;
    let mut walk = Walk::new(stage, window, out, None)?;
    walk.report = report;
    todays_list(&mut walk, &sheet).await?;
    reviews(&mut walk, &sheet).await?;
    walk.end()
}

pub(crate) async fn carers_visit(walk: &mut Walk<'_>) -> Result<Sheet> {
    let (stage, window) = (walk.stage, walk.window);
    let persona = stage.persona(CARER)?;
    let app = stage.customer_app()?;
    let kvnr = stage.persona(WARD)?.kvnr;
    let former = stage.persona(FORMER_WARD)?.kvnr;
    let has_access = |kvnr: &str| stage.service.has_access(&stage.carer.number, kvnr);

    walk.key(Key::F2).await?;
    window.focus_within("input").await?;
    walk.look("1-carer").await?;
    walk.enter(stage.carer.number.trim_start_matches("V-")).await?;
    window.screen("representation").await?;
    walk.step("the carer by their number, which goes on by itself");
    walk.look("1-representation").await?;

    let card = stage.insert(WARD)?;
    walk.acted();
    window.until(CURRENT_CHECK).await?;
    walk.step("the first person's card, looked up");
    walk.look("1-representation-deed").await?;
    deed_as_on_file(walk).await?;
    window.until("tr[data-state=possible]").await?;
    walk.step("deed in the original, names agree");
    walk.look("1-representation-possible").await?;

    drop(card);
    window.until("[data-reader=ready]").await?;
    let card = stage.insert(FORMER_WARD)?;
    walk.acted();
    window.until(CURRENT_CHECK).await?;
    walk.step("the second person's card, looked up");
    deed_as_on_file(walk).await?;
    window.until("tr[data-state=refused]").await?;
    walk.step("deed in the original, names agree: ended");
    walk.look("1-representation-refused").await?;
    let said = window.text(".refusal__text").await?.replace('\n', " ");
    let end = spoken(stage.today.saturating_sub(jiff::ToSpan::days(8)));
    walk.seen(format!("refused, for it ended on {end}: {said}"));
    walk.key(Key::F7).await?;
    walk.take_sheet("refusal.pdf")?;
    walk.step("the refusal's confirmation, printed");
    drop(card);
    window.until("[data-reader=ready]").await?;
    walk.key(Key::Enter).await?;
    window.screen("document").await?;
    walk.step("on with one concern");

    walk.document(&persona).await?;
    walk.face().await?;
    window.screen("second_look").await?;
    walk.step("the face matches");
    walk.second_look(SUPERVISOR).await?;
    let sheet = walk.sign(CLERK).await?;
    walk.cannot_redeem(&app, &stage.carer, &sheet, "before it is handed over").await?;
    ensure!(!has_access(&kvnr)?, "the carer had access before the code was redeemed");
    walk.begin();
    walk.hand_over(&sheet, None).await?;
    walk.redeem(&app, &stage.carer, &sheet).await?;
    ensure!(has_access(&kvnr)?, "the redeemed code gave no access");
    walk.seen(String::from("it gives the carer's app access to that person"));
    ensure!(!has_access(&former)?, "the refused person's data are open");
    walk.seen(String::from("the refused person's data stay closed"));
    walk.begin();
    window.press_key(Key::Enter).await?;
    window.screen("start").await?;
    Ok(sheet)
}

/// The deed that is on file is shown in the original, and names the people it should.
async fn deed_as_on_file(walk: &mut Walk<'_>) -> Result<()> {
    walk.key(Key::F9).await?;
    walk.window.until_count("[data-answer=original]", 1).await?;
    walk.key(Key::F9).await
}

/// "Heute" has both visits of the clerk.
async fn todays_list(walk: &mut Walk<'_>, sheet: &Sheet) -> Result<()> {
    let window = walk.window;
    window.press_key(Key::F4).await?;
    window.screen("today").await?;
    walk.look("7-today").await?;
    let shown = window.text("main").await?;
    ensure!(shown.contains(&sheet.reference), "the day's list lacks the letter {}: {shown}", sheet.reference);
    walk.seen(String::from("the clerk's list of the day has the letter's reference"));
    window.press_key(Key::Escape).await?;
    window.screen("start").await?;
    sign_out(window).await
}

/// Who took part may not judge; another supervisor does, and the code ends at the service.
async fn reviews(walk: &mut Walk<'_>, sheet: &Sheet) -> Result<()> {
    let window = walk.window;
    open_oldest(walk, SUPERVISOR).await?;
    walk.look("8-review-took-part").await?;
    ensure!(!window.has(".judgement").await?, "who took the second look was asked to judge");
    walk.seen(String::from("who took the second look can't judge the visit"));
    window.press_key(Key::Escape).await?;
    window.screen("start").await?;
    sign_out(window).await?;

    open_oldest(walk, REVIEWER).await?;
    walk.look("8-review").await?;
    window.tab_to(".judgement [role=radio], .judgement input[type=radio]").await?;
    window.press("3").await?;
    window.tab_to("input[type=password]").await?;
    window.press(REVIEWER.pin).await?;
    walk.look("8-review-judged").await?;
    window.press_key(Key::Enter).await?;
    walk.until_code_is("REVOKED", &sheet.reference)?;
    walk.seen(String::from("a substantial defect revoked the code at the service"));
    let kvnr = walk.stage.persona(WARD)?.kvnr;
    ensure!(!walk.stage.service.has_access(&walk.stage.carer.number, &kvnr)?, "the access outlived the code");
    walk.seen(String::from("and with it the carer's access"));
    walk.look("8-review-revoked").await
}

/// Signs `who` in and opens the visit that waits longest.
async fn open_oldest(walk: &mut Walk<'_>, who: Colleague) -> Result<()> {
    let window = walk.window;
    walk.sign_in(who).await?;
    window.press_key(Key::F5).await?;
    window.screen("reviews").await?;
    window.focus_within("[role=listbox]").await?;
    window.press_key(Key::Home).await?;
    window.press_key(Key::Enter).await?;
    window.until("article.reviewed").await
}

async fn sign_out(window: &Window) -> Result<()> {
    window.click(SIGN_OUT).await.context("nobody can sign out")?;
    window.screen("sign_in").await
}

fn spoken(day: Date) -> String {
    day.strftime("%d.%m.%Y").to_string()
}
