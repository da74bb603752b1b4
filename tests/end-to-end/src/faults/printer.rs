//! A printer as printers are. A sheet that was given up is worth nothing, whenever it comes out; the next one is.

use std::path::Path;

use anyhow::{Result, ensure};
use workshop::process::wait_until;

use super::Troubles;
use crate::{
    Stage, Window,
    clerk::{self, Guest, PATIENCE, Tray},
};

/// What a printer that waits for a hand is told by.
const WAITING: &str = "main[data-screen=printing] .notice--attention";

pub(super) async fn walk(stage: &mut Stage, window: &Window, out: &Path, seen: &mut Troubles) -> Result<()> {
    paper_and_pause(stage, window, out, seen).await?;
    jam_and_no_power(stage, window, out, seen).await?;
    lost_in_mid_job(stage, window, out, seen).await
}

/// Out of paper, then paused: printed as soon as somebody has helped. The third sheet is handed over, the two before are void.
async fn paper_and_pause(stage: &Stage, window: &Window, out: &Path, seen: &mut Troubles) -> Result<()> {
    let guest = Guest::register(stage, "elster").await?;
    let mut tray = Tray::new(&stage.printer, out)?;
    let card = clerk::prove(stage, window, &guest).await?;

    stage.printer.run_out_of_paper()?;
    clerk::sign(window).await?;
    seen.told(window, "out of paper", "printing: media-empty", WAITING).await?;
    stage.printer.refill()?;
    window.screen("hand_over").await?;
    let first = tray.letter(&stage.printer)?;
    clerk::discard(window).await?;

    stage.printer.pause()?;
    clerk::replace(window).await?;
    seen.told(window, "printer stopped", "printing: paused", WAITING).await?;
    stage.printer.go_on()?;
    window.screen("hand_over").await?;
    let second = tray.letter(&stage.printer)?;
    clerk::discard(window).await?;

    clerk::replace(window).await?;
    window.screen("hand_over").await?;
    let third = tray.letter(&stage.printer)?;
    drop(card);
    clerk::hand_over(window, &third).await?;
    guest.is_refused(&first).await?;
    guest.is_refused(&second).await?;
    guest.is_redeemed(window, &third).await?;
    clerk::finish(window).await
}

/// Jammed with the letter in it, which is given up; gone when the next one is sent. The jammed sheet comes out later and opens
/// nothing.
async fn jam_and_no_power(stage: &mut Stage, window: &Window, out: &Path, seen: &mut Troubles) -> Result<()> {
    let guest = Guest::register(stage, "dohle").await?;
    let mut tray = Tray::new(&stage.printer, out)?;
    let card = clerk::prove(stage, window, &guest).await?;

    stage.printer.jam()?;
    clerk::sign(window).await?;
    seen.told(window, "jammed in mid-job", "printing: media-jam", WAITING).await?;
    clerk::discard(window).await?;
    stage.printer.clear_jam()?;
    let jammed = tray.letter(&stage.printer)?;

    stage.printer.power_off();
    clerk::replace(window).await?;
    seen.error(window, "printer gone", "printer_unreachable").await?;
    window.screen("summary").await?;
    stage.printer.power_on()?;

    clerk::replace(window).await?;
    window.screen("hand_over").await?;
    let letter = tray.letter(&stage.printer)?;
    drop(card);
    clerk::type_reference(window, &jammed).await?;
    clerk::confirm_returned(window).await?;
    seen.told(window, "the reference of a void sheet", "reference_tail", ".field__problem").await?;
    clerk::hand_over_returned(window, &letter).await?;
    guest.is_refused(&jammed).await?;
    guest.is_redeemed(window, &letter).await?;
    clerk::finish(window).await
}

/// Gone with the letter in it, then failing; after the third void sheet somebody has to look why.
async fn lost_in_mid_job(stage: &mut Stage, window: &Window, out: &Path, seen: &mut Troubles) -> Result<()> {
    let guest = Guest::register(stage, "fasan").await?;
    let mut tray = Tray::new(&stage.printer, out)?;
    let card = clerk::prove(stage, window, &guest).await?;

    stage.printer.run_out_of_paper()?;
    clerk::sign(window).await?;
    window.until(WAITING).await?;
    stage.printer.power_off();
    seen.error(window, "printer gone in mid-job", "print_failed").await?;
    window.screen("summary").await?;
    stage.printer.refill()?;
    stage.printer.power_on()?;

    stage.printer.fail_next()?;
    clerk::replace(window).await?;
    window.screen("printing").await?;
    seen.error(window, "printer failed", "print_failed").await?;

    clerk::replace(window).await?;
    window.screen("hand_over").await?;
    let letter = tray.letter(&stage.printer)?;
    clerk::discard(window).await?;
    clerk::replace(window).await?;
    seen.error(window, "a fourth sheet", "too_many_codes").await?;
    drop(card);
    clerk::abort(window).await?;
    all_void(stage, &guest)?;
    guest.is_refused(&letter).await
}

/// The service has heard of every code, and that it is void.
fn all_void(stage: &Stage, guest: &Guest) -> Result<()> {
    let mut codes = Vec::new();
    wait_until("the service knows that every code is void", PATIENCE, || {
        codes = stage.service.codes_of(&guest.persona.kvnr).unwrap_or_default();
        codes.len() == 3 && codes.iter().all(|(_, state)| *state == "VOIDED")
    })?;
    ensure!(codes.len() == 3, "{codes:?}");
    Ok(())
}
