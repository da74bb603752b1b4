//! One whole visit: an insured person with health card and passport, checked by eye, gets a code that works.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use account_service::{AppError, CustomerApp, Registration};
use anyhow::{Context, Result, bail, ensure};
use jiff::{ToSpan, civil::Date};
use thirtyfour::Key;
use workshop::process::wait_until;

use crate::{PERSONA, Report, Sheet, Stage, Window};

/// For the printer and for the delivery to the service.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between light and dark, in the place bar.
const THEME_SWITCH: &str = "button.switch";

/// Leads the visit through `window`; pictures, sheet and report go to `out`.
///
/// # Errors
/// At the first thing that isn't as it should be.
pub async fn walk(stage: &Stage, window: &Window, out: &Path, today: Date) -> Result<Report> {
    let mut report = Report::default();
    let persona = stage.persona(PERSONA)?;
    let app = CustomerApp::new(&stage.service.url(), stage.service.ca_certificate())?;
    let registration = app.register(&persona.kvnr).await.map_err(app_error)?;

    let begun = Instant::now();
    window.screen("start").await?;
    window.until_count(".status--good", 3).await?;
    report.step("the desk is ready", begun, 0, 0);
    shot(window, out, "0-start", &mut report).await?;

    let begun = Instant::now();
    let card = stage.insert(PERSONA)?;
    window.screen("concern").await?;
    report.step("health card in, read and looked up", begun, 1, 0);
    shot(window, out, "1-concern", &mut report).await?;

    let begun = Instant::now();
    let keys = window.press(&registration.visit_number).await? + window.press_key(Key::Enter).await?;
    window.screen("document").await?;
    report.step("visit number, on to the document", begun, 2, keys);

    let begun = Instant::now();
    let birth = persona.birth_date.get(2..).context("the persona's birth date is too short")?.to_owned();
    let expiry = today.saturating_add(4.years()).strftime("%y%m%d").to_string();
    let mut keys = window.press(&with_check_digit(&birth)).await?;
    window.until_count(".field__praise", 1).await?;
    keys += window.press(&with_check_digit(&expiry)).await?;
    window.until_count(".field__praise", 2).await?;
    report.step("birth date and expiry with their check digits", begun, 2, keys);
    shot(window, out, "2-document", &mut report).await?;

    let begun = Instant::now();
    let mut keys = 0;
    for answered in 1..=5 {
        keys += window.press_key(Key::F9).await?;
        window.until_count("[data-answer=pass]", answered).await?;
    }
    report.step("four checks and the name", begun, 5, keys);
    for name in ["2-document-dark", "2-document-light"] {
        window.click(THEME_SWITCH).await?;
        shot(window, out, name, &mut report).await?;
    }

    let begun = Instant::now();
    let keys = window.press_control(Key::Enter).await?;
    window.screen("face").await?;
    report.step("on to the face", begun, 1, keys);
    let begun = Instant::now();
    let mut keys = window.press("1").await?;
    shot(window, out, "3-face", &mut report).await?;
    keys += window.press_key(Key::Enter).await?;
    window.screen("summary").await?;
    report.step("the face matches", begun, 2, keys);
    shot(window, out, "4-summary", &mut report).await?;

    let begun = Instant::now();
    let keys = window.press_key(Key::Enter).await?;
    window.screen("hand_over").await?;
    report.step("signed, recorded, printed", begun, 1, keys);
    let sheet = collect(stage, out)?;
    ensure!(redeem(&app, &registration, &sheet).await?.is_err(), "a code worked before it was handed over");
    shot(window, out, "5-hand-over", &mut report).await?;

    let begun = Instant::now();
    let tail = sheet.reference.get(sheet.reference.len() - 4..).context("the reference is too short")?;
    let mut keys = window.press(tail).await?;
    keys += toggle_returned(window).await?;
    keys += window.press_key(Key::Enter).await?;
    window.screen("done").await?;
    report.step("reference compared, receipt signed, document and card returned", begun, 4, keys);

    let begun = Instant::now();
    window.until_count(".visit-pane .line--good", 3).await?;
    report.step("accepted by the account service", begun, 0, 0);
    shot(window, out, "6-done", &mut report).await?;
    if let Err(problem) = redeem(&app, &registration, &sheet).await? {
        bail!("the code on the sheet was not redeemed: {problem}");
    }
    report.redeemed = true;
    println!("the code on the sheet was redeemed");

    let begun = Instant::now();
    drop(card);
    let keys = window.press_key(Key::Enter).await?;
    window.screen("start").await?;
    report.step("card pulled, ready for the next person", begun, 1, keys);
    ensure!(report.accessibility.is_empty(), "axe-core objects: {:#?}", report.accessibility);
    Ok(report)
}

/// Letter and receipt from the printer's tray.
fn collect(stage: &Stage, out: &Path) -> Result<Sheet> {
    let mut printed = Vec::new();
    wait_until("the printer has letter and receipt", PATIENCE, || {
        printed = stage.printer.documents().unwrap_or_default();
        printed.len() > 1
    })?;
    let [first, second] = printed.as_slice() else { bail!("{} documents for one code", printed.len()) };
    let letter = out.join("letter.pdf");
    fs::copy(first, &letter)?;
    fs::copy(second, out.join("receipt.pdf"))?;
    Sheet::read(&letter)
}

/// What the service says to the code; the outer error is for no answer at all.
async fn redeem(app: &CustomerApp, registration: &Registration, sheet: &Sheet) -> Result<Result<(), String>> {
    match app.redeem(registration, &sheet.reference, sheet.code()?).await {
        Ok(()) => Ok(Ok(())),
        Err(AppError::Problem { code, .. }) => Ok(Err(code)),
        Err(AppError::Failed(error)) => Err(error),
    }
}

fn app_error(error: AppError) -> anyhow::Error {
    match error {
        AppError::Problem { code, .. } => anyhow::anyhow!("the account service refused: {code}"),
        AppError::Failed(error) => error,
    }
}

/// The two "returned" switches, reached by keyboard from the receipt.
async fn toggle_returned(window: &Window) -> Result<u32> {
    let mut keys = window.press_key(Key::Tab).await?;
    for _ in 0..2 {
        keys += window.press_key(Key::Tab).await?;
        keys += window.press(" ").await?;
    }
    Ok(keys)
}

/// Picture and accessibility of the present screen.
async fn shot(window: &Window, out: &Path, name: &str, report: &mut Report) -> Result<()> {
    window.picture(out.join(format!("{name}.png"))).await?;
    let found = window.violations().await?;
    report.accessibility.extend(found.into_iter().map(|violation| format!("{name}: {violation}")));
    Ok(())
}

/// Six digits with the check digit of ICAO Doc 9303-3, 4.9. Written here anew: the product's own must not prove itself.
fn with_check_digit(digits: &str) -> String {
    let weights = [7, 3, 1, 7, 3, 1];
    let sum: u32 =
        digits.chars().filter_map(|digit| digit.to_digit(10)).zip(weights).map(|(d, w)| d * w).sum();
    format!("{digits}{}", sum % 10)
}
