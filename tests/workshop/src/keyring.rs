//! A Secret Service of one's own: a private session bus and GNOME's keyring daemon, with a home folder that vanishes.
//!
//! Needs the packages `dbus` and `gnome-keyring`; works as root, and inside user namespaces. Nothing else lives on the
//! bus, so nobody is ever prompted: what a locked keyring refuses, it refuses at once.

use std::{
    ffi::OsString,
    fs::{self, Permissions},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::process::{Daemon, wait_until};

/// Both daemons are ready within a second; a machine under load gets more.
const READY: Duration = Duration::from_secs(20);
/// Opens the keyring of this one home folder; there is nothing to protect in it.
const PASSWORD: &[u8] = b"workshop\n";
/// The keyring that new secrets go to.
const DEFAULT_COLLECTION: &str = "/org/freedesktop/secrets/aliases/default";

/// A bus without activation: no prompter, no second keyring daemon of the machine's can come up by itself.
const BUS_CONFIGURATION: &str = r#"<busconfig>
  <type>session</type>
  <auth>EXTERNAL</auth>
  <listen>unix:path=SOCKET</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A running keyring; dropping it ends both daemons and removes every secret.
#[derive(Debug)]
pub struct Keyring {
    // In the order of dropping: the keyring goes before its bus, the folder last.
    daemon: Daemon,
    _bus: Daemon,
    home: TempDir,
}

impl Keyring {
    /// Starts bus and keyring, and waits until the default keyring is there and unlocked.
    ///
    /// # Errors
    /// If a package is missing or a daemon doesn't get ready.
    pub fn start() -> Result<Self> {
        let home = tempfile::Builder::new().prefix("keyring-").tempdir()?;
        let runtime = runtime_folder(home.path());
        fs::create_dir(&runtime)?;
        fs::set_permissions(&runtime, Permissions::from_mode(0o700))?;
        let bus = start_bus(home.path())?;
        let daemon = start_daemon(home.path())?;
        let keyring = Self { daemon, _bus: bus, home };
        keyring.wait_until_unlocked()?;
        Ok(keyring)
    }

    /// The variables that a program needs to find this keyring and nothing else.
    #[must_use]
    pub fn env(&self) -> Vec<(&'static str, OsString)> {
        environment(self.home.path())
    }

    /// Locks the keyring, as a user who is away has it.
    ///
    /// # Errors
    /// If the daemon doesn't answer, or leaves it open.
    pub fn lock(&self) -> Result<()> {
        let collection = self.ask(
            "/org/freedesktop/secrets",
            &["org.freedesktop.Secret.Service.ReadAlias", "string:default"],
        )?;
        let path = collection.split('"').nth(1).context("the keyring has no default collection")?;
        let paths = format!("array:objpath:{path}");
        self.ask("/org/freedesktop/secrets", &["org.freedesktop.Secret.Service.Lock", &paths])?;
        ensure!(self.locked()?, "the keyring didn't lock");
        Ok(())
    }

    /// Opens the keyring again, as signing in to the machine does. With nobody to ask for a password the daemon takes one at
    /// its start only, so it is started anew; what was kept is kept.
    ///
    /// # Errors
    /// If the daemon doesn't come up.
    pub fn unlock(&mut self) -> Result<()> {
        self.daemon.kill();
        self.daemon = start_daemon(self.home.path())?;
        self.wait_until_unlocked()
    }

    fn wait_until_unlocked(&self) -> Result<()> {
        wait_until("the keyring is unlocked", READY, || self.locked().is_ok_and(|locked| !locked))
    }

    fn locked(&self) -> Result<bool> {
        let answer = self.ask(
            DEFAULT_COLLECTION,
            &[
                "org.freedesktop.DBus.Properties.Get",
                "string:org.freedesktop.Secret.Collection",
                "string:Locked",
            ],
        )?;
        Ok(answer.contains("boolean true"))
    }

    /// Calls a method of the Secret Service.
    fn ask(&self, object: &str, call: &[&str]) -> Result<String> {
        let output = Command::new("dbus-send")
            .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", object])
            .args(call)
            .envs(self.env())
            .output()
            .context("dbus-send could not be started; is the package dbus installed?")?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn start_bus(home: &Path) -> Result<Daemon> {
    let (configuration, socket) = (home.join("bus.conf"), socket(home));
    fs::write(&configuration, BUS_CONFIGURATION.replace("SOCKET", &socket.to_string_lossy()))?;
    let mut command = Command::new("dbus-daemon");
    command
        .args(["--nofork", "--nopidfile", "--nosyslog", "--config-file"])
        .arg(configuration)
        .envs(environment(home));
    quiet(&mut command);
    let mut bus = Daemon::start("dbus-daemon (package dbus)", &mut command)?;
    bus.wait_ready(READY, || socket.exists())?;
    Ok(bus)
}

/// The daemon reads the password from standard input until its end.
fn start_daemon(home: &Path) -> Result<Daemon> {
    let (password, mut input) = std::io::pipe()?;
    input.write_all(PASSWORD)?;
    drop(input);
    let mut command = Command::new("gnome-keyring-daemon");
    command.args(["--foreground", "--unlock", "--components=secrets"]).envs(environment(home));
    quiet(&mut command).stdin(password);
    Daemon::start("gnome-keyring-daemon (package gnome-keyring)", &mut command)
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).env_remove("DISPLAY")
}

fn environment(home: &Path) -> Vec<(&'static str, OsString)> {
    let mut address = OsString::from("unix:path=");
    address.push(socket(home));
    vec![
        ("HOME", home.into()),
        ("XDG_RUNTIME_DIR", runtime_folder(home).into()),
        ("XDG_CONFIG_HOME", home.join("config").into()),
        ("XDG_DATA_HOME", home.join("data").into()),
        ("XDG_CACHE_HOME", home.join("cache").into()),
        ("DBUS_SESSION_BUS_ADDRESS", address),
    ]
}

fn runtime_folder(home: &Path) -> PathBuf {
    home.join("run")
}

fn socket(home: &Path) -> PathBuf {
    home.join("bus")
}
