//! Cards and desks as they shouldn't be, seen in the real window: each is named, none stops the desk.

use std::path::Path;

use anyhow::{Context, Result};
use card_sim::{Fault, Inserted};
use thirtyfour::Key;

use crate::{CLERK, Stage, Window};

/// Card of the simulator, and the code of the error that the window shows for it.
const CARDS: [(&str, &str); 15] = [
    ("upside-down", "card_mute"),
    ("hba", "not_a_health_card"),
    ("smc-b", "not_a_health_card"),
    ("passport", "not_a_health_card"),
    ("bad-length", "card_unreadable"),
    ("bad-gzip", "card_unreadable"),
    ("bad-bomb", "card_unreadable"),
    ("bad-shape", "card_unreadable"),
    ("bad-namespace", "card_unreadable"),
    ("bad-name", "card_unreadable"),
    ("bad-kvnr", "card_number_wrong"),
    ("amsel-deactivated", "health_card_locked"),
    // Answers the reset and nothing else: given up on after its deadline.
    ("amsel-mute", "card_mute"),
    // Readable, but no visit begins with them.
    ("zaunkoenig", "not_insured_here"),
    ("amsel", "account_not_registered"),
];

/// Slow enough that a person could pull the card or cancel.
const SLOW: &str = "slow=400ms,9600";

/// Shows every fault to the window; pictures go to `out`.
///
/// # Errors
/// At the first that isn't named as it should be.
pub async fn faults(stage: &mut Stage, window: &Window, out: &Path) -> Result<()> {
    window.sign_in(CLERK).await?;
    for (card, error) in CARDS {
        let inserted = stage.insert(card)?;
        shown(window, error).await.with_context(|| format!("with the card {card}"))?;
        window.look(out, &format!("fault-{card}")).await?;
        drop(inserted);
        pulled(window, card).await?;
    }
    pulled_while_reading(stage, window).await?;
    cancelled_while_reading(stage, window, out).await?;
    service_lost(stage, window, out).await
}

async fn shown(window: &Window, error: &str) -> Result<()> {
    window.until(&format!("[data-error={error}]")).await?;
    println!("{error}: {}", window.text(&format!("[data-error={error}]")).await?.replace('\n', " "));
    Ok(())
}

/// After the card is out the desk waits for the next one; a reading that failed is still explained.
async fn pulled(window: &Window, card: &str) -> Result<()> {
    window.until("[data-reader=ready]").await.with_context(|| format!("after the card {card}"))
}

async fn pulled_while_reading(stage: &Stage, window: &Window) -> Result<()> {
    let card = stage.insert("amsel")?;
    shown(window, "account_not_registered").await?;
    drop(card);
    pulled(window, "amsel").await?;
    let card = stage.insert_with("buntspecht", &["pull@4".parse::<Fault>()?])?;
    shown(window, "card_removed").await?;
    drop(card);
    pulled(window, "buntspecht").await
}

async fn cancelled_while_reading(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    let card = stage.insert_with("buntspecht", &[SLOW.parse::<Fault>()?])?;
    window.until("[role=progressbar]").await?;
    window.picture(out.join("reading.png")).await?;
    window.press_key(Key::Escape).await?;
    shown(window, "reading_cancelled").await?;
    drop(card);
    pulled(window, "a cancelled one").await
}

/// The smart card service ends and comes back; the desk finds it again by itself.
async fn service_lost(stage: &mut Stage, window: &Window, out: &Path) -> Result<()> {
    stage.pcscd.kill();
    shown(window, "reader_service_down").await?;
    window.picture(out.join("fault-service-down.png")).await?;
    stage.pcscd.restart()?;
    pulled(window, "the service's return").await?;
    let card = stage.insert("hba")?;
    shown(window, "not_a_health_card").await?;
    drop(card);
    Ok(())
}

/// The app is killed in the middle of a reading; the card stays in the reader.
///
/// # Errors
/// If there is nothing to kill.
pub async fn killed_while_reading(stage: &Stage, window: &Window) -> Result<Inserted> {
    let card = stage.insert_with("buntspecht", &[SLOW.parse::<Fault>()?])?;
    window.until("[role=progressbar]").await?;
    window.kill_app()?;
    card.clear_faults();
    Ok(card)
}

/// Started again, the desk reads the card that is still in, and the next one.
///
/// # Errors
/// If it doesn't.
pub async fn started_again(stage: &Stage, window: &Window, card: Inserted) -> Result<()> {
    window.sign_in(CLERK).await?;
    shown(window, "account_not_registered").await?;
    drop(card);
    pulled(window, "the killed reading's").await?;
    let card = stage.insert("hba")?;
    shown(window, "not_a_health_card").await?;
    drop(card);
    println!("started again after a kill, the desk reads the card that is in, and the next");
    Ok(())
}
