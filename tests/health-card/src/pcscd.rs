//! The real pcscd with more than vpcd's two readers: whoever inserts and pulls many cards mostly waits for the service
//! to notice, every 400 ms at each reader.

use std::{
    fs,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use workshop::{namespace, process::Daemon};

/// Readers there are.
pub const READERS: usize = DRIVERS * SLOTS;

/// Copies of the driver, for pcscd hangs with one that is used twice.
const DRIVERS: usize = 3;
/// Readers that a driver has.
const SLOTS: usize = 2;
/// vpcd's first TCP port; each slot has the next.
const FIRST_PORT: u16 = 0x8C7B;
/// Debian's set-up of vpcd, which tells where the driver is.
const CONFIGURATION: &str = "/etc/reader.conf.d/vpcd";

/// A running pcscd of our own; dropping it kills the daemon.
#[derive(Debug)]
pub struct Pcscd {
    _daemon: Daemon,
    _folder: TempDir,
}

impl Pcscd {
    /// Starts pcscd in the current namespace; a monitor tells when it is ready.
    ///
    /// # Errors
    /// Outside a namespace, or if pcscd or vpcd isn't installed.
    pub fn start() -> Result<Self> {
        ensure!(namespace::is_inside(), "pcscd is only started in a private namespace");
        let installed = fs::read_to_string(CONFIGURATION).context(CONFIGURATION)?;
        let driver = installed.lines().find_map(|line| line.strip_prefix("LIBPATH"));
        let driver = driver.context("vpcd's set-up names no driver")?.trim();
        let folder = tempfile::tempdir()?;
        let mut configuration = String::new();
        for index in 0..DRIVERS {
            let copy = folder.path().join(format!("libifdvpcd-{index}.so"));
            fs::copy(driver, &copy)?;
            let (name, port) = (driver_name(index), port(index * SLOTS)?);
            configuration += &format!(
                "FRIENDLYNAME \"{name}\"\nDEVICENAME /dev/null:{port:#X}\nLIBPATH {}\nCHANNELID {port:#X}\n",
                copy.display()
            );
        }
        let file = folder.path().join("reader.conf");
        fs::write(&file, configuration)?;
        let mut command = Command::new("pcscd");
        command.arg("--foreground").arg("--config").arg(file);
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
    format!("{} 00 {:02X}", driver_name(reader / SLOTS), reader % SLOTS)
}

fn driver_name(index: usize) -> String {
    format!("Virtual PCD {index}")
}
