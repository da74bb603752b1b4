//! Visit A: an insured person with health card and passport, checked by eye, gets a code that works.

use std::path::Path;

use anyhow::Result;

use crate::{CLERK, PERSONA, Report, Stage, WARD, Window, slides::Slides, stage::app_error, walk::Walk};

/// Actions that this visit should need.
const AIM: u32 = 15;
/// Switches between light and dark, in the place bar.
const THEME_SWITCH: &str = "button.switch";

/// Leads the visit through `window`; pictures, sheets and slide shows go to `out`.
///
/// # Errors
/// At the first thing that isn't as it should be.
pub async fn visit(stage: &Stage, window: &Window, out: &Path) -> Result<Report> {
    let mut walk = Walk::new(stage, window, out, Some(AIM))?;
    let persona = stage.persona(PERSONA)?;
    let app = stage.customer_app()?;
    let registration = app.register(&persona.kvnr).await.map_err(app_error)?;

    window.screen("sign_in").await?;
    walk.look("0-sign-in").await?;
    walk.sign_in(CLERK).await?;
    switch_theme(window).await?;
    walk.slides = Some(Slides::new(out)?);
    window.until_count(".status--good", 3).await?;
    walk.look("0-start").await?;
    walk.begin();

    let card = stage.insert(PERSONA)?;
    walk.acted();
    window.screen("concern").await?;
    walk.step("health card in, read and looked up");
    window.focus_within("input").await?;
    walk.look("1-concern").await?;
    walk.enter(&registration.visit_number).await?;
    window.screen("document").await?;
    walk.step("visit number, which goes on by itself");
    walk.document(&persona).await?;
    walk.face().await?;
    window.screen("summary").await?;
    walk.step("the face matches");
    let sheet = walk.sign(CLERK).await?;
    walk.cannot_redeem(&app, &registration, &sheet, "before it is handed over").await?;
    walk.begin();
    walk.hand_over(&sheet, Some(card)).await?;
    walk.redeem(&app, &registration, &sheet).await?;

    // The next person's card ends a visit that is over: nobody has to.
    window.until("[data-reader=ready]").await?;
    let next = stage.insert(WARD)?;
    window.screen("start").await?;
    window.until("[data-error=account_not_registered]").await?;
    drop(next);
    window.until("[data-reader=ready]").await?;
    walk.seen(String::from("the next person's card ended the visit"));
    walk.look("7-start").await?;
    walk.end()
}

/// To dark and back, as a clerk would.
async fn switch_theme(window: &Window) -> Result<()> {
    for theme in ["dark", "light"] {
        window.click(THEME_SWITCH).await?;
        window.until(&format!("[data-kern-theme={theme}]")).await?;
    }
    Ok(())
}
