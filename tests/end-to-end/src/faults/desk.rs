//! The desk's own machine: a disk that is full, a keyring that is locked.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use thirtyfour::Key;
use workshop::namespace::SMALL_DISK;

use super::Troubles;
use crate::{
    App, CLERK, Stage, Window,
    clerk::{self, Guest, Tray},
    records::DeskRecords,
};

/// Bytes written at once to fill the disk; less than the database needs for anything.
const CHUNK: usize = 512;

/// The desk's data lie where they soon have no room.
pub(super) fn on_a_small_disk(stage: &mut Stage) -> Result<()> {
    let small = Path::new(SMALL_DISK).join("data");
    let settings = fs::read_to_string(&stage.settings)?;
    let moved = settings.replace(&format!("{:?}", stage.data_dir), &format!("{small:?}"));
    ensure!(moved != settings, "the settings name another data folder");
    fs::write(&stage.settings, moved)?;
    stage.data_dir = small;
    Ok(())
}

/// Nothing is recorded by half; with room again the visit goes on where it was.
pub(super) async fn disk_full(stage: &Stage, window: &Window, out: &Path, seen: &mut Troubles) -> Result<()> {
    let guest = Guest::register(stage, "nachtigall").await?;
    let mut tray = Tray::new(&stage.printer, out)?;
    let card = clerk::arrive(stage, window, &guest).await?;
    clerk::visit_number(window, &guest).await?;
    clerk::dates(stage, window, &guest).await?;

    let events = DeskRecords::open(stage)?.verified()?;
    let full = Filled::now()?;
    window.press_key(Key::F9).await?;
    seen.error(window, "disk full in the middle of a visit", "disk_full").await?;
    ensure!(window.count("[data-answer=pass]").await? == 0, "an answer is shown that isn't on disk");
    ensure!(DeskRecords::open(stage)?.verified()? == events, "something was recorded on a full disk");
    full.freed()?;
    clerk::document_checks(window).await?;
    clerk::face(window).await?;

    let full = Filled::now()?;
    clerk::sign(window).await?;
    seen.error(window, "disk full at the signature", "disk_full").await?;
    window.screen("summary").await?;
    ensure!(tray.is_empty(&stage.printer)?, "a letter was printed whose code isn't on disk");
    full.freed()?;
    clerk::sign(window).await?;
    window.screen("hand_over").await?;
    let sheet = tray.letter(&stage.printer)?;
    drop(card);
    clerk::hand_over(window, &sheet).await?;
    guest.is_redeemed(window, &sheet).await?;
    let known = stage.service.codes_of(&guest.persona.kvnr)?;
    ensure!(known.len() == 1, "the service knows of {known:?} where one code was given out");
    clerk::finish(window).await?;
    let events = DeskRecords::open(stage)?.verified()?;
    println!("the disk was full twice; the journal is whole, with {events} events");
    Ok(())
}

/// A start with a locked keyring ends before anything is shown of anybody; the next start works.
pub(super) async fn keyring_locked(stage: &mut Stage, app: &App, seen: &mut Troubles) -> Result<()> {
    stage.keyring.lock()?;
    let window = Window::open(app).await?;
    let told = async {
        window.screen("recovery").await?;
        seen.told(&window, "keyring locked", "recovery: keyring locked", "[data-cause=keyring_locked]").await
    };
    let told = told.await;
    window.close().await.ok();
    told?;
    stage.keyring.unlock()?;
    let window = Window::open(app).await?;
    let signed_in = window.sign_in(CLERK).await.map(drop);
    window.close().await.ok();
    signed_in
}

/// What takes all the room there was.
struct Filled(PathBuf);

impl Filled {
    fn now() -> Result<Self> {
        let path = Path::new(SMALL_DISK).join("ballast");
        let mut file = File::create(&path).context("the ballast")?;
        loop {
            match file.write_all(&[0; CHUNK]) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(Self(path)),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn freed(self) -> Result<()> {
        Ok(fs::remove_file(self.0)?)
    }
}
