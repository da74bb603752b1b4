//! The health card's PIN: offered where the reader has a pad, typed there alone, and what becomes of it.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use card_sim::Inserted;
use thirtyfour::Key;
use workshop::pin_pad::Pad;

use crate::{CLERK, Stage, Window, clerk, clerk::Guest};

/// The PIN of every simulated card.
const PIN: &str = "123456";
const WRONG_PIN: &str = "654321";
/// The reader asks as soon as the card has said who it is.
const ASKED: Duration = Duration::from_secs(20);

/// Cards whose PIN can't be typed, and what the window says of it.
const UNUSABLE: [(&str, &str); 4] = [
    ("amsel-pin-transport", "transport_pin"),
    ("amsel-pin-empty", "empty"),
    ("amsel-pin-disabled", "disabled"),
    ("amsel-pin-blocked", "blocked"),
];

/// Walks all of it; pictures go to `out`.
///
/// # Errors
/// At the first thing that isn't as it should be.
pub async fn pin(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    let pad = stage.pad.as_ref().context("this stage has no pad")?;
    Guest::register(stage, "amsel").await?;
    let guest = Guest::register(stage, "buntspecht").await?;
    window.sign_in(CLERK).await?;
    window.until_count(".status--good", 3).await?;
    not_offered_without_a_pad(stage, window).await?;
    typed(stage, window, out, pad, &guest).await?;
    for (card, problem) in UNUSABLE {
        let card = begin(stage, window, card).await?;
        window.press_key(Key::F6).await?;
        failed(window, problem).await?;
        window.look(out, problem).await?;
        end(window, card).await?;
    }
    last_try(stage, window, out, pad).await?;
    another_card(stage, window).await
}

async fn not_offered_without_a_pad(stage: &Stage, window: &Window) -> Result<()> {
    let card = stage.insert("buntspecht")?;
    window.screen("concern").await?;
    ensure!(!window.has(".pin-entry").await?, "a reader without a pad offers the PIN");
    end(window, card).await
}

/// Wrong, cancelled, given up at the desk, and right.
async fn typed(stage: &Stage, window: &Window, out: &Path, pad: &Pad, guest: &Guest) -> Result<()> {
    let card = begin(stage, window, "buntspecht").await?;
    window.look(out, "offered").await?;
    let asked = pad.asked().len();
    window.press_key(Key::F6).await?;
    window.until("[data-pin=at_reader]").await?;
    pad.wait_until_asked(asked + 1, ASKED)?;
    window.look(out, "at-reader").await?;
    pad.type_pin(WRONG_PIN);
    failed(window, "wrong").await?;
    window.look(out, "wrong").await?;
    pad.cancel();
    window.press_key(Key::F6).await?;
    failed(window, "not_typed").await?;
    pad.type_pin(PIN);
    window.press_key(Key::F6).await?;
    window.until_count(".pin-entry", 0).await?;
    ensure!(
        window.text("aside").await?.contains("PIN der Karte am Lesegerät eingegeben"),
        "nothing is proven"
    );
    window.look(out, "proven").await?;
    clerk::visit_number(window, guest).await?;
    println!("the PIN was wrong, cancelled, then right: the card has signed");
    end(window, card).await
}

/// Nobody's last try is spent without their word.
async fn last_try(stage: &Stage, window: &Window, out: &Path, pad: &Pad) -> Result<()> {
    let card = begin(stage, window, "amsel-pin-last-try").await?;
    let asked = pad.asked().len();
    window.press_key(Key::F6).await?;
    window.until("[data-pin=last_try]").await?;
    window.look(out, "last-try").await?;
    ensure!(pad.asked().len() == asked, "the reader has asked for the last try");
    pad.type_pin(PIN);
    window.click(".pin-entry__choice .action--danger").await?;
    window.until_count(".pin-entry", 0).await?;
    println!("with one try left the person is asked first");
    end(window, card).await
}

/// The card that was read is pulled, and somebody else's put in its place.
async fn another_card(stage: &Stage, window: &Window) -> Result<()> {
    let card = begin(stage, window, "buntspecht").await?;
    drop(card);
    window.until("[data-reader=ready]").await?;
    let other = stage.insert_at_pad("amsel")?;
    window.until("[data-reader=card_present]").await?;
    window.press_key(Key::F6).await?;
    failed(window, "other_card").await?;
    println!("a card that was changed meanwhile proves nothing");
    end(window, other).await
}

async fn begin(stage: &Stage, window: &Window, card: &str) -> Result<Inserted> {
    let card = stage.insert_at_pad(card)?;
    window.screen("concern").await?;
    window.until("[data-pin=offered]").await?;
    Ok(card)
}

async fn end(window: &Window, card: Inserted) -> Result<()> {
    clerk::abort(window).await?;
    drop(card);
    window.until("[data-reader=ready]").await
}

async fn failed(window: &Window, problem: &str) -> Result<()> {
    window.until(&format!("[data-problem={problem}]")).await.with_context(|| format!("waiting for {problem}"))
}
