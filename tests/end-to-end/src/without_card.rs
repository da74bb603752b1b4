//! An insured person without their card: number, name and birth date are typed.

use anyhow::{Context, Result};
use thirtyfour::Key;

use crate::{CLERK, WITHOUT_CARD, stage::app_error, walk::Walk};

/// From the start of the desk to its end.
pub(crate) async fn without_card(walk: &mut Walk<'_>) -> Result<()> {
    let window = walk.window;
    let persona = walk.stage.persona(WITHOUT_CARD)?;
    let app = walk.stage.customer_app()?;
    let registration = app.register(&persona.kvnr).await.map_err(app_error)?;
    let (year, rest) = persona.birth_date.split_at_checked(4).context("no birth date")?;
    let (month, day) = rest.split_at_checked(2).context("no birth date")?;

    walk.begin();
    walk.key(Key::F3).await?;
    window.focus_within("input").await?;
    for (place, typed) in
        [&*persona.kvnr, &*persona.family_name, &*persona.given_names, &format!("{day}{month}{year}")]
            .into_iter()
            .enumerate()
    {
        if place > 0 {
            window.press_key(Key::Tab).await?;
        }
        walk.enter(typed).await?;
    }
    walk.look("1-number").await?;
    walk.key(Key::Enter).await?;
    window.screen("concern").await?;
    walk.step("number, name and birth date typed, looked up");
    walk.enter(&registration.visit_number).await?;
    window.screen("document").await?;
    walk.step("visit number, which goes on by itself");
    walk.document(&persona).await?;
    walk.face().await?;
    window.screen("summary").await?;
    walk.step("the face matches");
    let sheet = walk.sign(CLERK).await?;
    walk.hand_over(&sheet, None).await?;
    walk.redeem(&app, &registration, &sheet).await?;
    walk.begin();
    walk.key(Key::Enter).await?;
    window.screen("start").await?;
    walk.step("ready for the next person");
    Ok(())
}
