//! What a clerk does in a visit, step by step and with the keyboard.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use account_service::{AppError, CustomerApp, Redeemed, Registration};
use anyhow::{Context, Result, bail, ensure};
use card_sim::{Inserted, Persona};
use jiff::{ToSpan, civil::Date};
use thirtyfour::Key;
use workshop::{printer::VirtualPrinter, process::wait_until};

use crate::{
    CLERK, Colleague, Sheet, Stage, Window,
    stage::app_error,
    steps::{BIRTH_DATE, EXPIRY, with_check_digit},
};

/// For printer and delivery.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The card access number on the front of every simulated card but one.
pub(crate) const CAN: &str = "123123";

/// The switch at the hand-over, and the field beside it.
const RETURNED: &str = ".toggle__box";
const REFERENCE: &str = ".hand-over .field__input";

/// The screen's own key, when it does something.
const READY: &str = ".foot__primary button:not([disabled]):not(.action--busy)";
/// Signs whoever works at the desk out.
const SIGN_OUT: &str = ".place-bar__leave button:last-child";

/// Insured person with an app that waits for a code.
pub(crate) struct Guest {
    /// The card's name in the simulator.
    pub(crate) card: &'static str,
    pub(crate) persona: Persona,
    pub(crate) registration: Registration,
    app: CustomerApp,
}

impl Guest {
    /// Registers their app.
    pub(crate) async fn register(stage: &Stage, card: &'static str) -> Result<Self> {
        let (persona, app) = (stage.persona(card)?, stage.customer_app()?);
        let registration = app.register(&persona.kvnr).await.map_err(app_error)?;
        Ok(Self { card, persona, registration, app })
    }

    /// The same with an app that is active already, which shows a number for the electronic health record.
    pub(crate) async fn with_active_app(stage: &Stage, card: &'static str) -> Result<Self> {
        let mut guest = Self::register(stage, card).await?;
        stage.service.activate_app(&guest.persona.kvnr)?;
        guest.registration.visit_number =
            guest.app.visit_number(&guest.registration).await.map_err(app_error)?;
        Ok(guest)
    }

    /// What the service says to the code on the sheet; the outer error is for no answer at all.
    pub(crate) async fn redeem(&self, sheet: &Sheet) -> Result<Result<Redeemed, String>> {
        match self.app.redeem(&self.registration, &sheet.reference, sheet.code()?).await {
            Ok(redeemed) => Ok(Ok(redeemed)),
            Err(AppError::Problem { code, .. }) => Ok(Err(code)),
            Err(AppError::Failed(error)) => Err(error),
        }
    }

    /// The code on the sheet is worth nothing.
    pub(crate) async fn is_refused(&self, sheet: &Sheet) -> Result<()> {
        ensure!(self.redeem(sheet).await?.is_err(), "a code that is void or nobody's yet was redeemed");
        Ok(())
    }

    /// The code on the sheet opens the account, as soon as the service has heard of the hand-over.
    pub(crate) async fn is_redeemed(&self, window: &Window, sheet: &Sheet) -> Result<Redeemed> {
        window.until("main[data-screen=done] .notice--good").await?;
        match self.redeem(sheet).await? {
            Ok(redeemed) => Ok(redeemed),
            Err(problem) => bail!("the code on the sheet of {} was not redeemed: {problem}", self.card),
        }
    }

    /// Their birth date as it stands in the machine-readable zone of a document, with its check digit.
    pub(crate) fn birth_date(&self) -> Result<String> {
        birth_date(&self.persona)
    }
}

/// Somebody's birth date as it stands in the machine-readable zone of a document, with its check digit. What a card leaves open
/// the document knows.
pub(crate) fn birth_date(persona: &Persona) -> Result<String> {
    let digits = persona.birth_date.get(2..).context("the persona's birth date is too short")?;
    let known = [digits.get(..2), digits.get(2..4), digits.get(4..)].map(|part| part.unwrap_or_default());
    let [year, month, day] = known.map(|part| part.to_owned());
    let or = |part: String, other: &str| if part == "00" { other.to_owned() } else { part };
    Ok(with_check_digit(&format!("{year}{}{}", or(month, "07"), or(day, "15"))))
}

/// A day as the machine-readable zone has it.
pub(crate) fn mrz_date(date: Date) -> String {
    with_check_digit(&date.strftime("%y%m%d").to_string())
}

/// Expiry of a document in order.
pub(crate) fn valid(today: Date) -> String {
    mrz_date(today.saturating_add(4.years()))
}

/// The health card goes in, is read and looked up.
pub(crate) async fn arrive(stage: &Stage, window: &Window, guest: &Guest) -> Result<Inserted> {
    let card = stage.insert(guest.card)?;
    window.screen("concern").await.with_context(|| format!("with the card {}", guest.card))?;
    Ok(card)
}

/// The health card lies on the reader, and the clerk types the number on its front.
pub(crate) async fn arrive_over_the_air(stage: &Stage, window: &Window, guest: &Guest) -> Result<Inserted> {
    let card = stage.lay(guest.card, &[])?;
    enter_can(window, CAN).await?;
    window.screen("concern").await.with_context(|| format!("with the card {}", guest.card))?;
    Ok(card)
}

/// The sixth digit goes on.
pub(crate) async fn enter_can(window: &Window, can: &str) -> Result<()> {
    window.until(".can-field input").await?;
    window.focus_within(".can-field").await?;
    window.press(can).await.map(drop)
}

/// The number from the app; the last character goes on.
pub(crate) async fn visit_number(window: &Window, guest: &Guest) -> Result<()> {
    window.screen("concern").await?;
    window.focus_within("input").await?;
    window.press(&guest.registration.visit_number).await?;
    window.screen("document").await
}

/// Birth date and expiry of a document in order.
pub(crate) async fn dates(stage: &Stage, window: &Window, guest: &Guest) -> Result<()> {
    type_dates(window, &guest.birth_date()?, &valid(stage.today)).await?;
    // Where every check has its answer already, only the way on is left.
    window.until(&format!("ol.checks:focus-within, {READY}")).await
}

/// Birth date and expiry as the document's zone has them.
pub(crate) async fn type_dates(window: &Window, birth_date: &str, expiry: &str) -> Result<()> {
    window.screen("document").await?;
    window.focus_within(BIRTH_DATE).await?;
    window.press(birth_date).await?;
    window.focus_within(EXPIRY).await?;
    window.press(expiry).await.map(drop)
}

/// Checks are passed in their order until so many are.
pub(crate) async fn checks(window: &Window, count: usize) -> Result<()> {
    for passed in window.count("[data-answer=pass]").await? + 1..=count {
        window.press_key(Key::F9).await?;
        window.until_count("[data-answer=pass]", passed).await?;
    }
    Ok(())
}

/// Everything about the document; the comparison of names goes on.
pub(crate) async fn document(stage: &Stage, window: &Window, guest: &Guest) -> Result<()> {
    dates(stage, window, guest).await?;
    document_checks(window).await
}

/// What is still open of the checks, and the name. What a code rests on is answered already, and is only confirmed.
pub(crate) async fn document_checks(window: &Window) -> Result<()> {
    let rows = window.count("[data-answer]").await?;
    let passed = window.count("[data-answer=pass]").await?;
    checks(window, rows - 1).await?;
    if passed < rows {
        window.press_key(Key::F9).await?;
    } else {
        ready(window).await?;
        window.chord(Key::Control, Key::Enter).await?;
    }
    window.screen("face").await
}

/// The face matches.
pub(crate) async fn face(window: &Window) -> Result<()> {
    window.screen("face").await?;
    window.press("1").await?;
    window.screen("summary").await
}

/// The clerk doubts the face: somebody else has to look.
pub(crate) async fn doubt(window: &Window) -> Result<()> {
    window.screen("face").await?;
    window.press("2").await?;
    window.press_key(Key::Enter).await?;
    window.screen("second_look").await
}

/// Somebody else looks, finds that the face matches, and signs.
pub(crate) async fn second_look(window: &Window, by: Colleague) -> Result<()> {
    window.focus_within("[role=listbox]").await?;
    window.press(by.name.get(..1).context("nobody is without a name")?).await?;
    window.press_key(Key::Enter).await?;
    window.focus_within("[role=radiogroup]").await?;
    window.press("1").await?;
    window.focus_within("input[type=password]").await?;
    window.press(by.pin).await?;
    window.press_key(Key::Enter).await?;
    window.screen("summary").await
}

/// A whole visit, from the card to the page that says what came of it.
pub(crate) async fn serve(stage: &Stage, window: &Window, out: &Path, guest: &Guest) -> Result<Sheet> {
    let mut tray = Tray::new(&stage.printer, out)?;
    let card = prove(stage, window, guest).await?;
    sign(window).await?;
    window.screen("hand_over").await?;
    let sheet = tray.letter(&stage.printer)?;
    drop(card);
    hand_over(window, &sheet).await?;
    window.until("[data-reader=ready]").await?;
    Ok(sheet)
}

/// From the card to the summary.
pub(crate) async fn prove(stage: &Stage, window: &Window, guest: &Guest) -> Result<Inserted> {
    let card = arrive(stage, window, guest).await?;
    prove_arrived(stage, window, guest).await?;
    Ok(card)
}

/// From the card that was read to the summary.
pub(crate) async fn prove_arrived(stage: &Stage, window: &Window, guest: &Guest) -> Result<()> {
    visit_number(window, guest).await?;
    document(stage, window, guest).await?;
    face(window).await
}

/// The clerk signs with their PIN; what follows is the printer's.
pub(crate) async fn sign(window: &Window) -> Result<()> {
    window.screen("summary").await?;
    window.focus_within("input[type=password]").await?;
    window.press(CLERK.pin).await?;
    window.press_key(Key::Enter).await?;
    Ok(())
}

/// The screen's key does what it says; while the desk still answers the last one it wouldn't.
async fn ready(window: &Window) -> Result<()> {
    window.until(READY).await
}

/// Signed once already: a void code is replaced without a PIN.
pub(crate) async fn replace(window: &Window) -> Result<()> {
    window.screen("summary").await?;
    ready(window).await?;
    window.press_key(Key::Enter).await?;
    Ok(())
}

/// The reference's last characters are typed, document and card returned, and all is confirmed.
pub(crate) async fn hand_over(window: &Window, sheet: &Sheet) -> Result<()> {
    window.screen("hand_over").await?;
    window.click(RETURNED).await?;
    hand_over_returned(window, sheet).await
}

/// As [`hand_over`], when document and card are back already.
pub(crate) async fn hand_over_returned(window: &Window, sheet: &Sheet) -> Result<()> {
    type_reference(window, sheet).await?;
    window.press_key(Key::Enter).await?;
    window.screen("done").await
}

/// The last characters of the reference on the sheet.
pub(crate) async fn type_reference(window: &Window, sheet: &Sheet) -> Result<()> {
    let tail = sheet.reference.get(sheet.reference.len() - 4..).context("the reference is too short")?;
    window.click(REFERENCE).await?;
    window.chord(Key::Control, "a").await?;
    window.press(tail).await?;
    Ok(())
}

/// Document and card are returned, and all is confirmed.
pub(crate) async fn confirm_returned(window: &Window) -> Result<()> {
    window.click(RETURNED).await?;
    window.press_key(Key::Enter).await?;
    Ok(())
}

/// The sheet in the tray is unusable.
pub(crate) async fn discard(window: &Window) -> Result<()> {
    window.click(".foot .action--danger").await?;
    window.until("dialog[open]").await?;
    window.click("dialog .action--danger").await?;
    window.screen("summary").await
}

/// The visit ends with the refusal that is shown.
pub(crate) async fn refuse(window: &Window) -> Result<()> {
    window.until(".foot .action--danger").await?;
    window.click(".foot .action--danger").await?;
    window.until("dialog[open]").await?;
    window.click("dialog .action--danger").await?;
    window.screen("start").await
}

/// The visit ends without a code.
pub(crate) async fn abort(window: &Window) -> Result<()> {
    window.press_key(Key::Escape).await?;
    window.until("dialog[open]").await?;
    window.click("dialog .action--danger").await?;
    window.screen("start").await
}

/// Whoever works at the desk signs out.
pub(crate) async fn sign_out(window: &Window) -> Result<()> {
    window.click(SIGN_OUT).await?;
    window.screen("sign_in").await
}

/// The interrupted visit ends without a code.
pub(crate) async fn end_interrupted(window: &Window) -> Result<()> {
    window.click(".start__decide .action--danger").await?;
    window.until("dialog[open]").await?;
    window.click("dialog .action--danger").await?;
    window.until("main[data-screen=start]:not(:has(.start__interrupted))").await
}

/// On to the next person.
pub(crate) async fn finish(window: &Window) -> Result<()> {
    window.screen("done").await?;
    ready(window).await?;
    window.press_key(Key::Enter).await?;
    window.screen("start").await
}

/// The printer's output tray, from which each sheet is taken once.
pub(crate) struct Tray {
    taken: usize,
    out: PathBuf,
}

impl Tray {
    /// What is in the tray stays there; copies of what is taken go to `out`.
    pub(crate) fn new(printer: &VirtualPrinter, out: &Path) -> Result<Self> {
        Ok(Self { taken: printer.documents()?.len(), out: out.to_owned() })
    }

    /// Nothing new lies in it.
    pub(crate) fn is_empty(&self, printer: &VirtualPrinter) -> Result<bool> {
        Ok(printer.documents()?.len() <= self.taken)
    }

    /// The next letter; receipts are passed over.
    pub(crate) fn letter(&mut self, printer: &VirtualPrinter) -> Result<Sheet> {
        let mut found = None;
        wait_until("there is a letter in the tray", PATIENCE, || {
            found = self.next(printer).transpose();
            found.is_some()
        })?;
        found.context("there is no letter in the tray")?
    }

    fn next(&mut self, printer: &VirtualPrinter) -> Result<Option<Sheet>> {
        for printed in printer.documents()?.into_iter().skip(self.taken) {
            self.taken += 1;
            let copy = self.out.join(format!("sheet-{}.pdf", self.taken));
            fs::copy(printed, &copy)?;
            // A receipt has no QR code.
            if let Ok(sheet) = Sheet::read(&copy) {
                return Ok(Some(sheet));
            }
        }
        Ok(None)
    }
}
