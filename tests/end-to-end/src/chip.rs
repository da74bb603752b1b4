//! The chip of a document, as a clerk and the person at the desk go through it in the window.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use thirtyfour::Key;

use crate::{Window, leaks::Thing, steps::EXPIRY};

/// The consent, turned to the person.
const CONSENT: &str = "dialog.chip-consent[open]";
/// What was typed doesn't do.
pub(crate) const PROBLEM: &str = ".chip-panel .field__problem";
/// The person can be asked.
pub(crate) const OFFERED: &str = "[data-chip=offered]";
/// The document is to be laid on the reader.
pub(crate) const NEEDS_DOCUMENT: &str = "[data-chip=needs_document]";
/// The chip is read.
pub(crate) const READING: &str = "[data-chip=reading]";
/// It is read and genuine, and everything agrees.
pub(crate) const PROVES: &str = "[data-counts=proves]";
/// Not everything could be proven.
pub(crate) const COUNTS_FOR_NOTHING: &str = "[data-counts=nothing]";
/// Checks of the chip, and those that aren't valid.
pub(crate) const CHECKS: &str = ".chip-checks [data-check]";
pub(crate) const CHECKS_NOT_VALID: &str = ".chip-checks [data-check]:not([data-weight=valid])";
/// The picture out of the chip.
pub(crate) const PICTURE: &str = "main img";

/// The purpose is the electronic health record; the focus is where the visit number is typed.
pub(crate) async fn choose_record(window: &Window) -> Result<()> {
    const FIELD: &str = "main input:not([type=radio])";
    window.screen("concern").await?;
    window.focus_within(FIELD).await?;
    if !window.has(".concern__purposes input[value=epa]:checked").await? {
        window.chord(Key::Shift, Key::Tab).await?;
        window.focus_within("[role=radiogroup]").await?;
        let place = "return 1 + [...document.querySelectorAll('.concern__purposes input')].findIndex((it) => it.value === 'epa')";
        let digit = window.run(place).await?.as_u64().context("the purposes are in no order")?;
        window.press(&digit.to_string()).await?;
    }
    window.until(".concern__purposes input[value=epa]:checked").await?;
    window.focus_within(FIELD).await
}

/// Types another expiry over the one that is there.
pub(crate) async fn retype_expiry(window: &Window, expiry: &str) -> Result<()> {
    window.click(&format!("{EXPIRY} input")).await?;
    window.chord(Key::Control, "a").await?;
    window.press(expiry).await.map(drop)
}

/// Turns the consent to the person.
pub(crate) async fn ask(window: &Window) -> Result<()> {
    window.until(OFFERED).await?;
    window.press_key(Key::F8).await?;
    window.until(CONSENT).await
}

/// The person taps that they agree: no key of the clerk's is their answer.
pub(crate) async fn agree(window: &Window) -> Result<()> {
    for key in [Key::Enter, Key::Space] {
        window.press_key(key).await?;
    }
    ensure!(window.has(CONSENT).await?, "a key of the clerk's was the person's answer");
    window.click(".chip-consent__answers button:first-child").await?;
    window.until(".chip-panel[data-chip=needs_key]").await?;
    window.focus_within(".chip-panel__entry").await
}

/// The person would rather read it on paper.
pub(crate) async fn print_consent(window: &Window) -> Result<()> {
    window.click(".chip-consent__staff button").await?;
    window.until_count(".chip-consent__staff button", 3).await
}

/// The printed page is signed.
pub(crate) async fn agree_signed(window: &Window) -> Result<()> {
    window.click(".chip-consent__staff button:nth-of-type(2)").await?;
    window.until(".chip-panel[data-chip=needs_key]").await?;
    window.focus_within(".chip-panel__entry").await
}

/// The person taps that they would rather not.
pub(crate) async fn decline(window: &Window) -> Result<()> {
    window.click(".chip-consent__answers button:last-child").await?;
    window.until("[data-chip=declined]").await
}

/// The person takes it back.
pub(crate) async fn revoke(window: &Window) -> Result<()> {
    window.click(".chip-panel__heading button").await?;
    window.until("dialog[open]").await?;
    window.click("dialog .action--danger").await?;
    window.until("[data-chip=declined]").await
}

/// The field is empty, and takes another try.
pub(crate) async fn again(window: &Window) -> Result<()> {
    window.focus_within(".chip-panel__entry").await
}

/// The picture is there, and its address is good for that one fetch; answers with the address.
pub(crate) async fn picture_is_shown(window: &Window) -> Result<String> {
    window.until(PICTURE).await?;
    let shown = format!(
        "const done = arguments[0], picture = document.querySelector('{PICTURE}');
         picture.decode().then(() => done([picture.src, picture.naturalWidth, picture.naturalHeight]), () => done(null))"
    );
    let shown = window.run_async(&shown).await?;
    let size = (shown.get(1).and_then(Value::as_u64), shown.get(2).and_then(Value::as_u64));
    ensure!(size == (Some(413), Some(531)), "the picture of the chip is {size:?} pixels");
    let address = shown.get(0).and_then(Value::as_str).context("the picture has no address")?;
    is_nothings(window, address).await?;
    Ok(address.to_owned())
}

/// Nothing of the picture is left in the page, and its address is nothing's.
pub(crate) async fn picture_is_gone(window: &Window, address: &str) -> Result<()> {
    ensure!(!window.has("img").await?, "the picture outlived the comparison");
    let page = window.run("return document.documentElement.outerHTML").await?;
    let page = page.as_str().context("no page")?;
    ensure!(!page.contains(token(address)?), "the page still has the picture's address");
    is_nothings(window, address).await
}

/// Whoever fetches a picture from there gets none. Under the very same address the page would be given what the web view still
/// has in its memory, which nobody can wipe; the shell knows a picture by its token alone.
async fn is_nothings(window: &Window, address: &str) -> Result<()> {
    let fetched = format!(
        "const done = arguments[0], picture = new Image();
         picture.onload = () => done('a picture'); picture.onerror = () => done('nothing');
         picture.src = '{address}?again'"
    );
    let fetched = window.run_async(&fetched).await?;
    ensure!(fetched == "nothing", "another fetch of {address} gives {fetched}");
    Ok(())
}

/// The address crosses to the window, and is left nowhere.
pub(crate) fn address(address: &str) -> Result<Thing> {
    Ok(Thing::shown("address of the chip's picture", token(address)?))
}

fn token(address: &str) -> Result<&str> {
    address.rsplit('/').next().filter(|token| token.len() >= 32).context("an address without a token")
}
