//! The real pcscd with two virtual readers, and a third with a PIN pad if that is wanted.

use std::{
    fs,
    os::unix::net::UnixStream,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::{namespace, pin_pad::Pad, process::Daemon};

/// TCP ports of the virtual readers (vpcd: 0x8C7B + slot), in the order of [`READERS`].
pub const PORTS: [u16; 2] = [35963, 35964];

/// Names under which PC/SC lists the readers.
pub const READERS: [&str; 2] = ["Virtual PCD 00 00", "Virtual PCD 00 01"];

/// TCP port of the virtual reader with a pad.
pub const PAD_PORT: u16 = 35965;

/// Where the PC/SC library looks for the daemon; compiled into both.
const SOCKET: &str = "/run/pcscd/pcscd.comm";

/// Start takes 40 to 100 ms; a busy machine gets much more.
const READY: Duration = Duration::from_secs(10);

/// Debian's set-up of vpcd, which tells where the driver is.
const VPCD_SET_UP: &str = "/etc/reader.conf.d/vpcd";

/// A running pcscd of our own; dropping it kills the daemon.
#[derive(Debug)]
pub struct Pcscd {
    daemon: Daemon,
    command: Command,
    ports: Vec<u16>,
    /// The set-up with a pad.
    _folder: Option<TempDir>,
}

impl Pcscd {
    /// Starts pcscd in the current namespace and waits until clients and cards are answered.
    ///
    /// # Errors
    /// Outside a namespace (it would take the machine's own socket), if pcscd isn't installed, or if it isn't
    /// ready in time.
    pub fn start() -> Result<Self> {
        let mut command = Command::new("pcscd");
        command.arg("--foreground");
        Self::of(command, PORTS.to_vec(), None)
    }

    /// The same with a third reader ([`crate::pin_pad::READER`], [`PAD_PORT`]), at whose pad `pad` types.
    ///
    /// # Errors
    /// As [`Pcscd::start`], or if the reader's driver isn't built.
    pub fn start_with_pad(pad: &Pad) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let readers = fs::read_to_string(VPCD_SET_UP).context(VPCD_SET_UP)?;
        let file = folder.path().join("reader.conf");
        fs::write(&file, readers + &pad.reader_conf(PAD_PORT)?)?;
        let mut command = Command::new("pcscd");
        command.arg("--foreground").arg("--config").arg(file).envs(pad.environment());
        Self::of(command, vec![PORTS[0], PORTS[1], PAD_PORT], Some(folder))
    }

    fn of(mut command: Command, ports: Vec<u16>, folder: Option<TempDir>) -> Result<Self> {
        let daemon = run(&mut command, &ports)?;
        Ok(Self { daemon, command, ports, _folder: folder })
    }

    /// Kills the daemon at once, as a crash would: clients see the service lost, cards lose their reader.
    pub fn kill(&mut self) {
        self.daemon.kill();
    }

    /// Kills the daemon and starts it anew; cards have to be inserted again.
    ///
    /// # Errors
    /// As [`Pcscd::start`].
    pub fn restart(&mut self) -> Result<()> {
        self.kill();
        self.daemon = run(&mut self.command, &self.ports)?;
        Ok(())
    }
}

/// The path of vpcd's driver.
///
/// # Errors
/// If vpcd isn't installed.
pub fn vpcd_driver() -> Result<String> {
    let installed = fs::read_to_string(VPCD_SET_UP).context(VPCD_SET_UP)?;
    let driver = installed.lines().find_map(|line| line.strip_prefix("LIBPATH"));
    Ok(driver.context("vpcd's set-up names no driver")?.trim().to_owned())
}

/// Starts the daemon and waits until it takes clients and cards.
fn run(command: &mut Command, ports: &[u16]) -> Result<Daemon> {
    ensure!(namespace::is_inside(), "pcscd is only started in a private namespace");
    // Left behind by a daemon that was killed.
    drop(fs::remove_file(SOCKET));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut daemon = Daemon::start("pcscd", command)?;
    daemon.wait_ready(READY, || {
        UnixStream::connect(SOCKET).is_ok() && ports.iter().all(|port| listens(*port))
    })?;
    Ok(daemon)
}

/// Whether someone listens on `port`, without connecting: to vpcd a connection is an inserted card.
fn listens(port: u16) -> bool {
    const LISTEN: &str = "0A";
    let table = fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    table.lines().any(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let local = fields.next().is_some_and(|address| address.ends_with(&format!(":{port:04X}")));
        local && fields.nth(1) == Some(LISTEN)
    })
}
