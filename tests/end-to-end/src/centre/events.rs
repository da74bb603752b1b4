//! What becomes known at the insurer's ends codes at the desk that made them, and is told there in neutral words.

use std::{path::Path, time::Instant};

use account_service::EventKind;
use anyhow::{Context, Result, bail, ensure};
use thirtyfour::Key;

use crate::{
    CARER, Stage, WARD, Window,
    carer::carers_visit,
    clerk::{self, Guest, PATIENCE},
    walk::Walk,
};

/// Dies after they got their code.
const GUEST: &str = "buntspecht";
/// Words that nobody who looks over a clerk's shoulder may read.
const UNSPOKEN: [&str; 4] = ["verstorben", "gestorben", "Tod", "tot "];

pub(super) async fn walk(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    let guest = Guest::register(stage, GUEST).await?;
    let sheet = clerk::serve(stage, window, out, &guest).await?;
    guest.is_redeemed(window, &sheet).await?;
    clerk::finish(window).await?;
    stage.service.report_event(&guest.persona.kvnr, EventKind::Death)?;
    until_ended(window, &sheet.reference).await.context("after the death")?;
    ensure!(
        stage.service.code_state(&sheet.reference)? == Some("REVOKED"),
        "the service goes on with the code"
    );
    let card = stage.insert(guest.card)?;
    window.until("[data-error]").await?;
    window.look(out, "event-card-again").await?;
    let shown = window.text("body").await?;
    ensure!(!UNSPOKEN.iter().any(|word| shown.contains(word)), "the window says too much: {shown}");
    drop(card);
    window.until("[data-reader=ready]").await?;

    let beside = out.join("carer");
    std::fs::create_dir_all(&beside)?;
    let mut walk = Walk::new(stage, window, &beside, None)?;
    let sheet = carers_visit(&mut walk).await.with_context(|| format!("the visit of {CARER}"))?;
    walk.end()?;
    let ward = stage.persona(WARD)?.kvnr;
    stage.service.report_event(&ward, EventKind::CareEnded)?;
    ensure!(!stage.service.has_access(&stage.carer.number, &ward)?, "the access outlived the care");
    until_ended(window, &sheet.reference).await.context("after the end of the care")?;
    window.press_key(Key::F4).await?;
    window.screen("today").await?;
    window.look(out, "event-today").await?;
    let shown = window.text("main").await?;
    ensure!(!UNSPOKEN.iter().any(|word| shown.contains(word)), "the list says too much: {shown}");
    window.press_key(Key::Escape).await?;
    window.screen("start").await?;
    println!("codes ended with a death and with the end of a care, in neutral words");
    Ok(())
}

/// "Heute" says of the code with that reference that the service doesn't accept it.
async fn until_ended(window: &Window, reference: &str) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    let script = format!(
        "return [...document.querySelectorAll('main tbody tr')].find(row => row.textContent.includes('{reference}'))
            ?.querySelector('.badge')?.className ?? '';"
    );
    loop {
        window.press_key(Key::F4).await?;
        window.screen("today").await?;
        let look = window.run(&script).await?;
        window.press_key(Key::Escape).await?;
        window.screen("start").await?;
        match look.as_str() {
            Some(look) if look.contains("badge--bad") => return Ok(()),
            _ if Instant::now() < until => {}
            look => bail!("{reference} has not ended here: {look:?}"),
        }
    }
}
