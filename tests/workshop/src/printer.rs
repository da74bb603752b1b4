//! A network printer of one's own: `ippeveprinter`, the IPP Everywhere printer that comes with CUPS.
//!
//! It speaks IPP and IPPS on loopback, at a port that the kernel picked, prints one job at a time and lays each
//! printed document into a folder, its output tray. Paper, jams and failures are set from outside.
//!
//! `ippeveprinter` ends at once without a D-Bus system bus, because it wants to announce itself by DNS-SD. It gets a
//! bus of its own without an mDNS responder on it: it then waits for one and prints meanwhile. So nothing is announced,
//! nothing outside the temporary folder is touched, neither `/run` nor root is needed, and any number of printers
//! run side by side, in a plain shell and in a namespace whose loopback is up.
//!
//! Debian packages: `cups-ipp-utils`, `dbus`.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    io::{ErrorKind, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::process::{Daemon, wait_until};

/// Both programs are ready within a tenth of a second; the rest is for a busy machine.
const READY: Duration = Duration::from_secs(20);

/// Between picking a free port and listening on it somebody else may take it; more than this is no accident.
const PORT_ATTEMPTS: usize = 5;

/// `ippeveprinter -v` says this once it listens.
const LISTENING: &str = "printer-uri-supported=";

/// First byte of a TLS record of type handshake (RFC 8446, section 5.1).
const TLS_HANDSHAKE: u8 = 0x16;

/// A message bus that only `ippeveprinter` uses.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path=@SOCKET@</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/> <allow send_destination="*"/> <allow receive_sender="*"/>
  </policy>
</busconfig>
"#;

/// The print engine: `ippeveprinter` runs it once a document, with the document's file. What it writes to standard
/// error as `STATE: ±keyword` changes `printer-state-reasons`; its exit status decides between completed and aborted.
/// The flags lie beside it. A document appears in the tray in one step, so that nobody sees half of it.
const ENGINE: &str = r#"#!/bin/sh
set -eu
here=$(dirname "$0")
wait_for_a_hand() {
  [ -e "$here/$1" ] || return 0
  echo "STATE: +$2" >&2
  while [ -e "$here/$1" ]; do sleep 0.05; done
  echo "STATE: -$2" >&2
}
wait_for_a_hand stopped paused
wait_for_a_hand paper-out media-empty-error
wait_for_a_hand jammed media-jam-error
if rm "$here/fail-next" 2>/dev/null; then exit 1; fi
sheet=$(date +%s%N)-job-$IPP_JOB_ID.pdf
cp "$1" "$here/tray/.$sheet"
mv "$here/tray/.$sheet" "$here/tray/$sheet"
"#;

/// A running printer; dropping it ends its programs and removes everything but the printed documents.
#[derive(Debug)]
pub struct VirtualPrinter {
    // Declared in the order in which they have to end.
    device: Option<Daemon>,
    _bus: Daemon,
    home: TempDir,
    tray: PathBuf,
    port: u16,
}

impl VirtualPrinter {
    /// Starts a printer that has paper; `spool` is its output tray, a folder for it alone, made if missing.
    ///
    /// # Errors
    /// If `ippeveprinter` or `dbus-daemon` is not installed or does not come up.
    pub fn start(spool: &Path) -> Result<Self> {
        fs::create_dir_all(spool).context("the printer's output tray could not be made")?;
        let tray = spool.canonicalize()?;
        let home = tempfile::Builder::new().prefix("printer-").tempdir()?;
        for folder in ["spool", "keys"] {
            fs::create_dir(home.path().join(folder))?;
        }
        symlink(&tray, home.path().join("tray"))?;
        let engine = home.path().join("engine");
        fs::write(&engine, ENGINE)?;
        fs::set_permissions(&engine, fs::Permissions::from_mode(0o700))?;

        let bus = start_bus(home.path())?;
        let mut printer = Self { device: None, _bus: bus, home, tray, port: 0 };
        printer.start_on_a_free_port()?;
        Ok(printer)
    }

    /// Where the printer listens, without TLS.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("ipp://localhost:{}/ipp/print", self.port)
    }

    /// Where the printer listens, with TLS: the same port.
    #[must_use]
    pub fn secure_uri(&self) -> String {
        format!("ipps://localhost:{}/ipp/print", self.port)
    }

    /// The printer's self-signed certificate for `localhost`, a PEM file.
    ///
    /// # Errors
    /// If the printer does not make one, which it does when somebody speaks TLS to it for the first time.
    pub fn certificate(&self) -> Result<PathBuf> {
        let path = self.home.path().join("keys/localhost.crt");
        if !is_whole_pem(&path) {
            let mut caller = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
            caller.write_all(&[TLS_HANDSHAKE])?;
            wait_until("the printer has a certificate", READY, || is_whole_pem(&path))?;
        }
        Ok(path)
    }

    /// The documents in the output tray, in the order in which they were printed.
    ///
    /// # Errors
    /// If the tray can't be read.
    pub fn documents(&self) -> Result<Vec<PathBuf>> {
        let mut documents = Vec::new();
        for entry in fs::read_dir(&self.tray)? {
            let path = entry?.path();
            let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
            if !hidden && path.extension().is_some_and(|extension| extension == "pdf") {
                documents.push(path);
            }
        }
        documents.sort();
        Ok(documents)
    }

    /// Presses the printer's pause button: from the next document on the printer waits and reports `paused`.
    ///
    /// # Errors
    /// If the printer's folder can't be written.
    pub fn pause(&self) -> Result<()> {
        self.set("stopped")
    }

    /// Presses the button again; the waiting document is printed.
    ///
    /// # Errors
    /// If the printer's folder can't be written.
    pub fn go_on(&self) -> Result<()> {
        self.clear("stopped")
    }

    /// Takes the paper out: from the next document on the printer waits and reports `media-empty`.
    ///
    /// A job that is cancelled meanwhile ends only when there is paper again, and its sheet comes out as well:
    /// `ippeveprinter` does not interrupt its engine.
    ///
    /// # Errors
    /// If the printer's folder can't be written.
    pub fn run_out_of_paper(&self) -> Result<()> {
        self.set("paper-out")
    }

    /// Puts paper in again.
    ///
    /// # Errors
    /// If the printer's folder can't be written.
    pub fn refill(&self) -> Result<()> {
        self.clear("paper-out")
    }

    /// Jams the paper: from the next document on the printer waits and reports `media-jam`.
    ///
    /// # Errors
    /// If the printer's folder can't be written.
    pub fn jam(&self) -> Result<()> {
        self.set("jammed")
    }

    /// Pulls the jammed sheet out; the waiting document is printed.
    ///
    /// # Errors
    /// If the printer's folder can't be written.
    pub fn clear_jam(&self) -> Result<()> {
        self.clear("jammed")
    }

    /// Lets the print engine fail with the next document, once.
    ///
    /// # Errors
    /// If the printer's folder can't be written.
    pub fn fail_next(&self) -> Result<()> {
        self.set("fail-next")
    }

    /// Pulls the plug: connections break, jobs are lost.
    pub fn power_off(&mut self) {
        self.device = None;
    }

    /// Plugs the printer in again, at the same address, without any job.
    ///
    /// # Errors
    /// If it does not come up, or its port was taken meanwhile.
    pub fn power_on(&mut self) -> Result<()> {
        if self.device.is_none() {
            self.device = Some(self.start_device()?);
        }
        Ok(())
    }

    fn start_on_a_free_port(&mut self) -> Result<()> {
        let mut last = None;
        for _ in 0..PORT_ATTEMPTS {
            self.port = free_port()?;
            match self.start_device() {
                Ok(device) => {
                    self.device = Some(device);
                    return Ok(());
                }
                Err(error) => last = Some(error),
            }
        }
        last.map_or_else(|| bail!("no port was tried"), Err)
    }

    fn start_device(&self) -> Result<Daemon> {
        let home = self.home.path();
        let log = home.join("ippeveprinter.log");
        let mut command = Command::new("ippeveprinter");
        command
            .env("PATH", search_path())
            .env("DBUS_SYSTEM_BUS_ADDRESS", format!("unix:path={}", bus_socket(home).display()))
            .args(["-v", "-n", "localhost", "-r", "off", "-f", "application/pdf"])
            .args(["-p", &self.port.to_string()])
            .arg("-d")
            .arg(home.join("spool"))
            .arg("-K")
            .arg(home.join("keys"))
            .arg("-c")
            .arg(home.join("engine"))
            .arg("Workshop")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?);
        let mut device = Daemon::start("ippeveprinter (package cups-ipp-utils)", &mut command)?;
        let listening = || fs::read_to_string(&log).is_ok_and(|said| said.contains(LISTENING));
        device.wait_ready(READY, listening).with_context(|| last_words(&log))?;
        ensure!(
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok(),
            "ippeveprinter does not listen on loopback"
        );
        Ok(device)
    }

    fn set(&self, flag: &str) -> Result<()> {
        File::create(self.home.path().join(flag))?;
        Ok(())
    }

    fn clear(&self, flag: &str) -> Result<()> {
        match fs::remove_file(self.home.path().join(flag)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn start_bus(home: &Path) -> Result<Daemon> {
    let socket = bus_socket(home);
    let configuration = home.join("bus.conf");
    fs::write(&configuration, BUS.replace("@SOCKET@", &socket.display().to_string()))?;
    let log = home.join("dbus-daemon.log");
    let mut command = Command::new("dbus-daemon");
    command
        .env("PATH", search_path())
        .arg(format!("--config-file={}", configuration.display()))
        .args(["--nofork", "--nopidfile", "--nosyslog"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log)?);
    let mut bus = Daemon::start("dbus-daemon (package dbus)", &mut command)?;
    bus.wait_ready(READY, || socket.exists()).with_context(|| last_words(&log))?;
    Ok(bus)
}

fn bus_socket(home: &Path) -> PathBuf {
    home.join("bus")
}

/// Debian keeps `ippeveprinter` where ordinary users do not look.
fn search_path() -> OsString {
    let mut path = env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/sbin:/usr/bin");
    path
}

/// A port that nobody listened on a moment ago.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn is_whole_pem(path: &Path) -> bool {
    fs::read_to_string(path).is_ok_and(|text| text.trim_end().ends_with("-----END CERTIFICATE-----"))
}

fn last_words(log: &Path) -> String {
    let said = fs::read_to_string(log).unwrap_or_default();
    said.lines().last().unwrap_or("it said nothing").to_owned()
}
