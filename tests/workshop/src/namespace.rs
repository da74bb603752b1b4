//! Private user, network, mount and process namespaces for a test or a program: standard ports and
//! `/run/pcscd` are free in them, whatever else runs on the machine, nobody outside reaches what listens
//! there, and everything started there ends with the program, however that ends.
//!
//! The namespace is entered by starting the own executable anew under `unshare` (util-linux), because a
//! process that has threads can't change its user namespace.

use std::{
    env,
    ffi::OsStr,
    io::{self, Read, Seek, Write},
    process::{Command, ExitCode},
    time::Duration,
};

use anyhow::{Context, Result, ensure};

use crate::process::Daemon;

/// Set in the environment of everything that runs inside.
const INSIDE: &str = "WORKSHOP_NAMESPACE";

/// A test that talks to cards is done in seconds; one that waits this long for a mute card hangs.
const TEST_DEADLINE: Duration = Duration::from_secs(180);

/// A disk of 16 MiB inside, empty at first and soon full: a desk whose data lie there can be shown what that means. Only whoever
/// sets up the namespace may mount it.
pub const SMALL_DISK: &str = "/run/small-disk";

/// Runs inside as the first process: loopback up and acknowledging at once (vpcd writes each message in two
/// sends, so a delayed acknowledgement costs 44 ms an APDU), a `/run` of our own that shows everything of the
/// old one but `/run/pcscd`, and a `/proc` for the own process ids, which hosts that mask parts of it refuse
/// and nothing needs. The shell then waits for the program, for the kernel delivers no Ctrl-C to a first
/// process.
const SET_UP: &str = r#"set -e
ip link set lo up
ip route replace local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 quickack 1
mount --rbind /run /mnt
mount -t tmpfs -o mode=0755 tmpfs /run
for entry in /mnt/*; do
  name=${entry##*/}
  if [ "$name" = pcscd ]; then continue
  elif [ -L "$entry" ]; then cp -P "$entry" "/run/$name"
  elif [ -d "$entry" ]; then mkdir -p "/run/$name"; mount --rbind "$entry" "/run/$name"
  elif [ -e "$entry" ]; then : > "/run/$name"; mount --bind "$entry" "/run/$name"
  fi
done
umount -l /mnt
mkdir -p /run/pcscd /run/small-disk
mount -t tmpfs -o mode=0700,size=16m tmpfs /run/small-disk
mount -t proc proc /proc 2>/dev/null || true
set +e
"$@"
exit $?
"#;

/// What became of a test that asked for a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The test ran in a namespace and passed.
    Passed,
    /// The host forbids namespaces; the reason was printed as `skipped: …`.
    Skipped(String),
}

/// Where a program stands after [`reexec_program`].
#[derive(Debug)]
pub enum Program {
    /// Inside the namespace: do the work.
    Inside,
    /// The program ran inside and ended; `main` returns this exit code.
    Ended(ExitCode),
    /// The host forbids namespaces; the reason was printed as `skipped: …`.
    Skipped(String),
}

/// Whether this process runs in a namespace made by this module.
#[must_use]
pub fn is_inside() -> bool {
    env::var_os(INSIDE).is_some()
}

/// Runs `body` of the `#[test]` function `test_name` in a namespace of its own.
///
/// `test_name` is the test's full name as `cargo test -- --list` prints it (`module::function`). The first
/// call starts the test binary anew with just that test; there `body` runs.
///
/// # Errors
/// If the test inside fails, takes longer than three minutes, or has another name.
pub fn inside(test_name: &str, body: impl FnOnce() -> Result<()>) -> Result<Outcome> {
    if is_inside() {
        body()?;
        return Ok(Outcome::Passed);
    }
    let unshare = match Unshare::allowed()? {
        Ok(unshare) => unshare,
        Err(reason) => return skipped(&reason).map(|()| Outcome::Skipped(reason)),
    };
    // One file for both streams keeps their order.
    let mut output = tempfile::tempfile()?;
    let mut command = unshare.command();
    command
        .arg(env::current_exe()?)
        .args(["--exact", test_name, "--nocapture", "--include-ignored", "--test-threads=1"])
        .stdout(output.try_clone()?)
        .stderr(output.try_clone()?);
    let mut test = Daemon::start(test_name, &mut command)?;
    let mut status = None;
    let ended = crate::process::wait_until("the test in its namespace ended", TEST_DEADLINE, || {
        status = test.ended().unwrap_or_default();
        status.is_some()
    });
    test.kill();
    let mut said = Vec::new();
    output.rewind()?;
    output.read_to_end(&mut said)?;
    let said = String::from_utf8_lossy(&said);
    tell(&said);
    ended?;
    ensure!(status.is_some_and(|status| status.success()), "{test_name} failed in its namespace");
    ensure!(said.contains("test result: ok. 1 passed"), "there is no test named {test_name}");
    Ok(Outcome::Passed)
}

/// Starts the running program anew in a namespace, with the same arguments, and waits for its end.
///
/// Files, displays and the session's sockets stay reachable, the network does not, and the program keeps its
/// user.
///
/// # Errors
/// If the program can't be started again.
pub fn reexec_program() -> Result<Program> {
    if is_inside() {
        return Ok(Program::Inside);
    }
    let unshare = match Unshare::allowed()? {
        Ok(unshare) => unshare,
        Err(reason) => return skipped(&reason).map(|()| Program::Skipped(reason)),
    };
    // In the new user namespace the program would be root, whom the session's D-Bus refuses.
    let (user, group) = (rustix::process::getuid(), rustix::process::getgid());
    let (user, group) = (format!("--map-user={user}"), format!("--map-group={group}"));
    let own_user: &[&str] =
        if unshare.maps_users() { &["unshare", "--user", &user, &group, "--"] } else { &[] };
    let status = unshare
        .command()
        .args(own_user)
        .arg(env::current_exe()?)
        .args(env::args_os().skip(1))
        .status()
        .context("the program could not be started in a namespace")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(Program::Ended(code.map_or(ExitCode::FAILURE, ExitCode::from)))
}

/// The flags with which this host lets us have a namespace.
struct Unshare {
    flags: &'static str,
}

impl Unshare {
    /// The way that works here, or why none does.
    fn allowed() -> Result<std::result::Result<Self, String>> {
        let root = rustix::process::geteuid().is_root();
        let ways: &[&'static str] = if root { &["-Urnm", "-nm"] } else { &["-Urnm"] };
        let mut reason = String::new();
        for flags in ways {
            let way = Self { flags };
            let output = way.command().arg("true").output();
            let output = output.context("setpriv (package util-linux) could not be started")?;
            if output.status.success() {
                return Ok(Ok(way));
            }
            reason = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
        }
        Ok(Err(format!("this host allows no private namespace: {reason}")))
    }

    /// Whether the namespace has users of its own.
    fn maps_users(&self) -> bool {
        self.flags.contains('U')
    }

    /// Everything up to where the program's own path and arguments follow. The chain of deaths: the calling
    /// thread's end kills unshare, which kills the first process inside, with which the kernel ends all
    /// others.
    fn command(&self) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "unshare", self.flags, "--fork", "--pid", "--kill-child"]);
        command.args(["sh", "-c", SET_UP, "sh"]).env(INSIDE, OsStr::new("1"));
        command
    }
}

/// Past libtest's capture: a skipped test must be seen.
fn skipped(reason: &str) -> Result<()> {
    writeln!(io::stderr(), "skipped: {reason}")?;
    Ok(())
}

#[allow(clippy::print_stdout, reason = "the output of a test, which libtest captures")]
fn tell(output: &str) {
    print!("{output}");
}
