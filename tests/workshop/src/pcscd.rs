//! The real pcscd with two virtual readers.

use std::{
    os::unix::net::UnixStream,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Result, ensure};

use crate::{namespace, process::Daemon};

/// TCP ports of the virtual readers (vpcd: 0x8C7B + slot), in the order of [`READERS`].
pub const PORTS: [u16; 2] = [35963, 35964];

/// Names under which PC/SC lists the readers.
pub const READERS: [&str; 2] = ["Virtual PCD 00 00", "Virtual PCD 00 01"];

/// Where the PC/SC library looks for the daemon; compiled into both.
const SOCKET: &str = "/run/pcscd/pcscd.comm";

/// Start takes 40 to 100 ms; a busy machine gets much more.
const READY: Duration = Duration::from_secs(10);

/// A running pcscd of our own; dropping it kills the daemon.
#[derive(Debug)]
pub struct Pcscd {
    daemon: Daemon,
}

impl Pcscd {
    /// Starts pcscd in the current namespace and waits until clients and cards are answered.
    ///
    /// # Errors
    /// Outside a namespace (it would take the machine's own socket), if pcscd isn't installed, or if it isn't
    /// ready in time.
    pub fn start() -> Result<Self> {
        ensure!(namespace::is_inside(), "pcscd is only started in a private namespace");
        // Left behind by a daemon that was killed.
        drop(std::fs::remove_file(SOCKET));
        let mut command = Command::new("pcscd");
        command.arg("--foreground").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut daemon = Daemon::start("pcscd", &mut command)?;
        daemon.wait_ready(READY, || {
            UnixStream::connect(SOCKET).is_ok() && PORTS.iter().all(|port| listens(*port))
        })?;
        Ok(Self { daemon })
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
        *self = Self::start()?;
        Ok(())
    }
}

/// Whether someone listens on `port`, without connecting: to vpcd a connection is an inserted card.
fn listens(port: u16) -> bool {
    const LISTEN: &str = "0A";
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    table.lines().any(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let local = fields.next().is_some_and(|address| address.ends_with(&format!(":{port:04X}")));
        local && fields.nth(1) == Some(LISTEN)
    })
}
