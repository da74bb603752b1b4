//! The real pcscd with more than vpcd's two readers: whoever inserts and pulls many cards mostly waits for the service
//! to notice, every 400 ms at each reader. One more reader has a PIN pad.

use std::{
    fs,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use workshop::{
    namespace,
    pcscd::vpcd_driver,
    pin_pad::{self, Pad},
    process::Daemon,
};

/// Readers without a pad.
pub const READERS: usize = DRIVERS * SLOTS;
/// The reader with a pad.
pub const PAD_READER: usize = READERS;

/// Copies of the driver, for pcscd hangs with one that is used twice.
const DRIVERS: usize = 3;
/// Readers that a driver has.
const SLOTS: usize = 2;
/// vpcd's first TCP port; each slot has the next.
const FIRST_PORT: u16 = 0x8C7B;
/// A running pcscd of our own; dropping it kills the daemon.
#[derive(Debug)]
pub struct Pcscd {
    _daemon: Daemon,
    _folder: TempDir,
}

impl Pcscd {
    /// Starts pcscd in the current namespace, with `pad` at its last reader; a monitor tells when it is ready.
    ///
    /// # Errors
    /// Outside a namespace, or if pcscd or vpcd isn't installed.
    pub fn start(pad: &Pad) -> Result<Self> {
        ensure!(namespace::is_inside(), "pcscd is only started in a private namespace");
        let driver = vpcd_driver()?;
        let folder = tempfile::tempdir()?;
        let mut configuration = String::new();
        for index in 0..DRIVERS {
            let copy = folder.path().join(format!("libifdvpcd-{index}.so"));
            fs::copy(&driver, &copy)?;
            let (name, port) = (driver_name(index), port(index * SLOTS)?);
            configuration += &format!(
                "FRIENDLYNAME \"{name}\"\nDEVICENAME /dev/null:{port:#X}\nLIBPATH {}\nCHANNELID {port:#X}\n",
                copy.display()
            );
        }
        configuration += &pad.reader_conf(port(PAD_READER)?)?;
        let file = folder.path().join("reader.conf");
        fs::write(&file, configuration)?;
        let mut command = Command::new("pcscd");
        command.arg("--foreground").arg("--config").arg(file).envs(pad.environment());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self { _daemon: Daemon::start("pcscd", &mut command)?, _folder: folder })
    }
}

/// The TCP port at which a reader takes cards.
///
/// # Errors
/// If there is no such port.
pub fn port(reader: usize) -> Result<u16> {
    FIRST_PORT.checked_add(u16::try_from(reader)?).context("too many readers")
}

/// PC/SC's name for a reader.
#[must_use]
pub fn name(reader: usize) -> String {
    if reader == PAD_READER {
        return pin_pad::READER.to_owned();
    }
    format!("{} 00 {:02X}", driver_name(reader / SLOTS), reader % SLOTS)
}

fn driver_name(index: usize) -> String {
    format!("Virtual PCD {index}")
}
