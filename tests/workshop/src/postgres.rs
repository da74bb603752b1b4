//! A PostgreSQL server of one's own, with a database for each test.
//!
//! It doesn't run as root, so root starts it as the user of Debian's package. It listens on a socket in its own
//! folder only. A watchman removes both when the process that started them ends, however that comes about.

use std::{
    fs,
    io::PipeWriter,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use rustix::process::{Signal, geteuid};
use tempfile::TempDir;

use crate::process::{Daemon, wait_until};

/// Where Debian's package keeps the programs.
const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";
/// Debian's user for the server.
const USER: &str = "postgres";
/// Name of the socket: `.s.PGSQL.` and this.
const PORT: u16 = 5432;
/// Start takes half a second; a machine under load gets more.
const READY: Duration = Duration::from_secs(30);
/// Connections: some services with a pool each, and tests that run side by side.
const CONNECTIONS: u16 = 400;

/// Waits until nobody holds the other end of its standard input, ends the server of the folder `$0` and removes the folder.
const WATCHMAN: &str = r#"cat > /dev/null
read -r server < "$0/data/postmaster.pid" && kill -QUIT "$server"
while [ -e "$0/data/postmaster.pid" ] && kill -0 "$server" 2> /dev/null; do sleep 0.1; done
rm -rf "$0""#;

/// A running server; dropping it ends it and removes its databases.
#[derive(Debug)]
pub struct Postgres {
    // In the order of dropping: the server goes before the watchman, the folder last.
    server: Daemon,
    _watch: PipeWriter,
    _watchman: Daemon,
    folder: TempDir,
    disk: Disk,
    databases: AtomicU32,
}

/// What a server does until it says that something is kept.
#[derive(Debug, Clone, Copy)]
enum Disk {
    /// Waits until the disk has it, as every server that keeps something.
    Synchronized,
    /// Gives it to the operating system: what was committed outlives the server's processes, but not the machine. Making a
    /// database for each of a hundred tests is several times as fast.
    Trusted,
}

/// Why there is no server here, if it isn't installed.
#[must_use]
pub fn missing() -> Option<String> {
    let there = Path::new(PROGRAMS).join("postgres").exists();
    (!there).then(|| format!("PostgreSQL isn't installed: no {PROGRAMS}/postgres (package postgresql-15)"))
}

/// The server that all tests of this process share, started for the first of them. `None`, with a line that says why,
/// where it isn't installed.
///
/// # Panics
/// If it is installed and can't be started.
#[must_use]
#[allow(clippy::panic, clippy::print_stdout, reason = "tests ask, and a skipped one has to say so")]
pub fn shared() -> Option<&'static Postgres> {
    static SHARED: LazyLock<Option<Postgres>> = LazyLock::new(|| match missing() {
        Some(_) => None,
        None => Some(Postgres::of(Disk::Trusted).unwrap_or_else(|error| panic!("PostgreSQL: {error:#}"))),
    });
    if let Some(why) = missing() {
        println!("skipped: {why}");
    }
    SHARED.as_ref()
}

impl Postgres {
    /// Makes a cluster in a folder of its own, starts its server and waits until it answers.
    ///
    /// # Errors
    /// If it isn't installed, or not ready in time; its log is in the message.
    pub fn start() -> Result<Self> {
        Self::of(Disk::Synchronized)
    }

    fn of(disk: Disk) -> Result<Self> {
        if let Some(why) = missing() {
            anyhow::bail!(why);
        }
        let folder = tempfile::Builder::new().prefix("postgres-").tempdir()?;
        if geteuid().is_root() {
            let (user, group) = owner()?;
            chown(folder.path(), Some(user), Some(group))?;
        }
        let made = as_user("initdb")
            .args([
                "--no-sync",
                "--no-locale",
                "--encoding=UTF8",
                "--auth=trust",
                "--username",
                USER,
                "--pgdata",
            ])
            .arg(data(folder.path()))
            .current_dir("/")
            .output()
            .context("initdb could not be started")?;
        ensure!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let (watch, watchman) = post_watchman(folder.path())?;
        let server = run(folder.path(), disk)?;
        Ok(Self { server, _watch: watch, _watchman: watchman, folder, disk, databases: AtomicU32::new(0) })
    }

    /// URL of a new, empty database.
    ///
    /// # Errors
    /// If the server doesn't make it.
    pub fn database(&self) -> Result<String> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::SeqCst));
        ask(self.folder.path(), &format!("CREATE DATABASE {name}"))?;
        let socket = self.folder.path().to_string_lossy();
        Ok(format!("postgresql://{USER}@/{name}?host={socket}&port={PORT}"))
    }

    /// Kills every process of the server at once, as a power cut would.
    ///
    /// # Errors
    /// If it has ended by itself, or leaves processes behind.
    pub fn kill(&mut self) -> Result<()> {
        ensure!(self.server.ended()?.is_none(), "the server had ended already");
        self.server.kill();
        // The others see the first one gone and end; until then no server starts in their folder.
        wait_until("every process of the server has ended", READY, || !has_processes(self.folder.path()))
    }

    /// Starts a server that was killed; it recovers what was committed.
    ///
    /// # Errors
    /// As [`Postgres::start`].
    pub fn start_again(&mut self) -> Result<()> {
        self.server = run(self.folder.path(), self.disk)?;
        Ok(())
    }
}

/// Everything in the database of that URL, as SQL.
///
/// # Errors
/// If it can't be read.
pub fn dump(url: &str) -> Result<Vec<u8>> {
    let output = Command::new(Path::new(PROGRAMS).join("pg_dump")).arg(url).output();
    let output = output.context("pg_dump could not be started")?;
    ensure!(output.status.success(), "pg_dump: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output.stdout)
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Without a checkpoint: nobody needs the data any more.
        self.server.end(Signal::QUIT);
    }
}

/// The watchman, and what it watches.
fn post_watchman(folder: &Path) -> Result<(PipeWriter, Daemon)> {
    let (watched, watch) = std::io::pipe()?;
    let mut command = Command::new("sh");
    command.arg("-c").arg(WATCHMAN).arg(folder).stdin(watched).stdout(Stdio::null()).stderr(Stdio::null());
    Ok((watch, Daemon::start("the server's watchman", &mut command)?))
}

fn run(folder: &Path, disk: Disk) -> Result<Daemon> {
    let fsync = match disk {
        Disk::Synchronized => "fsync=on",
        Disk::Trusted => "fsync=off",
    };
    let log = folder.join("log");
    let mut command = as_user("postgres");
    command
        .arg("-D")
        .arg(data(folder))
        .args(["-c", "listen_addresses=", "-c", &format!("unix_socket_directories={}", folder.display())])
        .args(["-c", fsync, "-c", &format!("port={PORT}"), "-c", &format!("max_connections={CONNECTIONS}")])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log)?);
    let mut server = Daemon::start("PostgreSQL", &mut command)?;
    server
        .wait_ready(READY, || ask(folder, "SELECT 1").is_ok())
        .with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
    Ok(server)
}

fn ask(folder: &Path, sql: &str) -> Result<()> {
    let output = Command::new(Path::new(PROGRAMS).join("psql"))
        .args([
            "--no-psqlrc",
            "--quiet",
            "--username",
            USER,
            "--dbname",
            "postgres",
            "--port",
            &PORT.to_string(),
        ])
        .arg("--host")
        .arg(folder)
        .args(["--command", sql])
        .env_clear()
        .output()
        .context("psql could not be started")?;
    ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Whether a process works in the server's folder; each of its own does.
fn has_processes(folder: &Path) -> bool {
    let data = data(folder);
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .into_iter()
        .any(|process| fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd == data))
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// A program of the package, run by whoever may.
fn as_user(program: &str) -> Command {
    let program = Path::new(PROGRAMS).join(program);
    if !geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--clear-groups"]).arg(program);
    command
}

/// User and group that the package made.
fn owner() -> Result<(u32, u32)> {
    let home = fs::metadata("/var/lib/postgresql").context("the home folder of PostgreSQL's user")?;
    Ok((home.uid(), home.gid()))
}
