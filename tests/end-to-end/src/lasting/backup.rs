//! The records are saved beside the running desk and restored after they were damaged; the desk goes on in a new life.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::search;
use crate::{
    App, Sheet, Stage, Window,
    administrator::identplatzctl,
    clerk::{self, Guest},
    records::DeskRecords,
    stage::DESK,
};

/// Opens nothing but the backup of a demo.
const PASSPHRASE: &str = "Rotkehlchen im Winterlaub";

fn file(out: &Path) -> PathBuf {
    out.join("backup.db")
}

/// An administrator saves the records while the desk works.
pub(super) fn make(app: &App, out: &Path) -> Result<()> {
    let file = file(out);
    let file = file.to_str().context("a folder's name is no text")?;
    let made = identplatzctl(app, &["backup", file, "--passphrase", "-"], PASSPHRASE)?;
    println!("{} events were saved beside the running desk", made["events"]);
    Ok(())
}

/// An administrator puts them in the place of the damaged ones, and gives the desk a new token.
pub(super) fn restore(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    let file = file(out);
    let file = file.to_str().context("a folder's name is no text")?;
    let restored = identplatzctl(app, &["restore", file, "--passphrase", "-"], PASSPHRASE)?;
    ensure!(
        restored["identity_removed"] == true,
        "the desk kept a certificate of its former life: {restored}"
    );
    DeskRecords::open(stage)?.verified()?;
    stage.give_token()?;
    println!("{} events were restored", restored["events"]);
    Ok(())
}

/// What was saved is there, what came later isn't; the service has it, and takes the records of the new life.
pub(super) async fn is_restored(
    stage: &Stage,
    window: &Window,
    out: &Path,
    [early, late]: [&Sheet; 2],
) -> Result<()> {
    search::is_found(window, &early.reference).await.context("the visit before the backup")?;
    search::is_nothing(window, &late.reference).await.context("the visit after the backup")?;
    search::back(window).await?;
    ensure!(stage.service.code_state(&late.reference)? == Some("REDEEMED"), "the service lost a code");

    let guest = Guest::register(stage, "pinguin").await?;
    let sheet = clerk::serve(stage, window, out, &guest).await?;
    guest.is_redeemed(window, &sheet).await?;
    clerk::finish(window).await?;
    DeskRecords::open(stage)?.verified()?;
    let lives = stage.service.lives(DESK)?;
    let [first, second] = lives.as_slice() else { anyhow::bail!("two lives were lived, not {lives:?}") };
    let (first, second) = (first.records.context("no record")?, second.records.context("no new record")?);
    ensure!(first.seq == 1 && second.seq > 1, "the new life doesn't go on from the backup: {lives:?}");
    let gaps = stage.service.record_gaps(DESK)?;
    // What the service refused for good in the first life never comes.
    ensure!(gaps.iter().all(|gap| gap.until < second.seq), "records of the new life are missing: {gaps:?}");
    println!("the restored desk goes on with record {}", second.seq);
    Ok(())
}
