//! The steps that every visit has: document, face, signature, letter, hand-over.

use std::fs;

use account_service::{AppError, CustomerApp, Redeemer};
use anyhow::{Context, Result, bail};
use card_sim::{Inserted, Persona};
use thirtyfour::Key;

use crate::{Sheet, clerk, paper, people::Colleague, stage::app_error, walk::Walk};

/// Field of the document's birth date; gives the focus on when it is right.
pub(crate) const BIRTH_DATE: &str = ".document-dates__fields > :nth-child(1)";
/// Field of its expiry; gives the focus on as well.
pub(crate) const EXPIRY: &str = ".document-dates__expiry";
/// Checks of the German passport, and the comparison of names.
const ANSWERS: usize = 5;

impl Walk<'_> {
    /// Dates of the document, its checks and the name, all as they should be.
    pub(crate) async fn document(&mut self, persona: &Persona) -> Result<()> {
        self.dates(&clerk::birth_date(persona)?, &clerk::valid(self.stage.today)).await?;
        self.window.focus_within("ol.checks").await?;
        self.checks().await
    }

    /// Dates as the document's zone has them.
    pub(crate) async fn dates(&mut self, birth_date: &str, expiry: &str) -> Result<()> {
        self.window.screen("document").await?;
        self.window.focus_within(BIRTH_DATE).await?;
        self.look("2-document").await?;
        self.enter(birth_date).await?;
        self.window.focus_within(EXPIRY).await?;
        self.enter(expiry).await?;
        self.window.until(&format!("{EXPIRY} .field__praise")).await?;
        self.step("birth date and expiry with their check digits");
        Ok(())
    }

    /// Every check of the German passport, and the name: all as they should be.
    pub(crate) async fn checks(&mut self) -> Result<()> {
        for answered in 1..ANSWERS {
            self.key(Key::F9).await?;
            self.window.until_count("[data-answer=pass]", answered).await?;
        }
        self.look("2-document-checked").await?;
        self.key(Key::F9).await?;
        self.window.screen("face").await?;
        self.step("four checks and the name");
        Ok(())
    }

    /// The face matches.
    pub(crate) async fn face(&mut self) -> Result<()> {
        self.window.focus_within("[role=radiogroup]").await?;
        self.look("3-face").await?;
        self.enter("1").await?;
        Ok(())
    }

    /// Somebody else looks, and signs with their own PIN.
    pub(crate) async fn second_look(&mut self, by: Colleague) -> Result<()> {
        self.window.screen("second_look").await?;
        self.window.focus_within("[role=listbox]").await?;
        self.look("3-second-look").await?;
        self.enter(by.name.get(..1).context("nobody is without a name")?).await?;
        self.window.press_key(Key::Enter).await?;
        self.window.focus_within("[role=radiogroup]").await?;
        self.enter("1").await?;
        self.window.focus_within("input[type=password]").await?;
        self.look("3-second-look-answered").await?;
        self.enter(by.pin).await?;
        self.key(Key::Enter).await?;
        self.window.screen("summary").await?;
        self.step("second look, by somebody else with their own PIN");
        Ok(())
    }

    /// The clerk signs; letter and receipt come out of the printer.
    pub(crate) async fn sign(&mut self, by: Colleague) -> Result<Sheet> {
        self.window.screen("summary").await?;
        self.window.focus_within("input[type=password]").await?;
        self.look("4-summary").await?;
        self.enter(by.pin).await?;
        self.key(Key::Enter).await?;
        self.window.screen("hand_over").await?;
        self.step("signed with the PIN, recorded, printed");
        let sheets = self.take_sheets(2)?;
        let [first, second] = sheets.as_slice() else { bail!("letter and receipt are two sheets") };
        let (letter, receipt) = (self.out.join("letter.pdf"), self.out.join("receipt.pdf"));
        fs::copy(first, &letter)?;
        fs::copy(second, &receipt)?;
        paper::picture(&receipt)?;
        let sheet = Sheet::read(&letter)?;
        if let Some(slides) = &mut self.slides {
            slides.paper(&letter.with_extension("png"), "letter")?;
            slides.paper(&receipt.with_extension("png"), "receipt")?;
        }
        self.begin();
        Ok(sheet)
    }

    /// Reference compared, receipt signed, the document given back and the health card, if there was one.
    pub(crate) async fn hand_over(&mut self, sheet: &Sheet, card: Option<Inserted>) -> Result<()> {
        self.window.screen("hand_over").await?;
        self.window.focus_within("input").await?;
        self.look("5-hand-over").await?;
        let tail = sheet.reference.len().checked_sub(4).and_then(|from| sheet.reference.get(from..));
        self.enter(tail.context("the reference is too short")?).await?;
        drop(card);
        self.tab_to("input[type=checkbox]").await?;
        self.enter(" ").await?;
        self.look("5-hand-over-filled").await?;
        self.key(Key::Enter).await?;
        self.window.screen("done").await?;
        self.step("reference compared, receipt signed, document and card returned");
        self.window.until_count(".visit-pane .line--good", 3).await?;
        self.step("accepted by the account service");
        self.look("6-done").await?;
        self.until_code_is("ACTIVE", &sheet.reference)?;
        Ok(())
    }

    /// The code on the sheet works, and only now: the app of the person redeems it.
    pub(crate) async fn redeem(
        &mut self,
        app: &CustomerApp,
        who: &impl Redeemer,
        sheet: &Sheet,
    ) -> Result<()> {
        app.redeem(who, &sheet.reference, sheet.code()?).await.map_err(app_error)?;
        self.report.redeemed = true;
        self.seen(String::from("the code on the sheet was redeemed"));
        Ok(())
    }

    /// The code on the sheet doesn't work.
    pub(crate) async fn cannot_redeem(
        &mut self,
        app: &CustomerApp,
        who: &impl Redeemer,
        sheet: &Sheet,
        when: &str,
    ) -> Result<()> {
        match app.redeem(who, &sheet.reference, sheet.code()?).await {
            Ok(_) => bail!("the code worked {when}"),
            Err(AppError::Problem { code, .. }) => {
                self.seen(format!("{when} the code is answered with {code}"));
                Ok(())
            }
            Err(AppError::Failed(error)) => Err(error),
        }
    }

    /// Copies the next sheet of the tray to `out`.
    pub(crate) fn take_sheet(&mut self, name: &str) -> Result<()> {
        let sheets = self.take_sheets(1)?;
        let copy = self.out.join(name);
        fs::copy(sheets.first().context("no sheet")?, &copy)?;
        paper::picture(&copy)
    }
}

/// Six digits with the check digit of ICAO Doc 9303-3, 4.9. Written here anew: the product's own must not prove itself.
pub(crate) fn with_check_digit(digits: &str) -> String {
    let weights = [7, 3, 1, 7, 3, 1];
    let sum: u32 =
        digits.chars().filter_map(|digit| digit.to_digit(10)).zip(weights).map(|(d, w)| d * w).sum();
    format!("{digits}{}", sum % 10)
}
