//! A terminal with somebody at it.

use std::{
    fs::{self, File},
    io::{Read, Write},
    os::fd::OwnedFd,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::Result;
use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, tcgetattr},
};
use workshop::process::wait_until;

use crate::support::{DEADLINE, Ran, command, finish};

/// A terminal: the side of the person, and the program's side.
fn terminal() -> Result<(File, OwnedFd)> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let path = ptsname(&ours, Vec::new())?.into_string()?;
    let theirs = File::options().read(true).write(true).open(Path::new(&path))?;
    Ok((ours.into(), theirs.into()))
}

/// Types each line when the program has asked for it, which is when it ends what it says so; what the terminal showed
/// comes with what the program left.
pub(crate) fn type_at_terminal(arguments: &[&str], lines: &[(&str, &str)]) -> Result<(Ran, String)> {
    type_at_terminal_of(command(arguments), lines)
}

/// As [`type_at_terminal`], for a program with an environment of its own.
pub(crate) fn type_at_terminal_of(mut command: Command, lines: &[(&str, &str)]) -> Result<(Ran, String)> {
    let (mut ours, theirs) = terminal()?;
    assert!(tcgetattr(&theirs)?.local_modes.contains(LocalModes::ECHO), "a terminal shows what is typed");
    let prompts = tempfile::NamedTempFile::new()?;
    let child =
        command.stdin(theirs.try_clone()?).stdout(Stdio::piped()).stderr(prompts.reopen()?).spawn()?;
    for (asked, line) in lines {
        wait_until("the program asks", DEADLINE, || {
            fs::read_to_string(prompts.path()).is_ok_and(|text| text.ends_with(asked))
        })?;
        ours.write_all(format!("{line}\n").as_bytes())?;
    }
    let mut ran = finish(child)?;
    ran.err = fs::read_to_string(prompts.path())?;
    assert!(tcgetattr(&theirs)?.local_modes.contains(LocalModes::ECHO), "afterwards, too");
    // A last mark that is shown says where the program's time ends.
    ours.write_all(b"end\n")?;
    let mut shown = Vec::new();
    let mut byte = [0];
    while !shown.ends_with(b"end\r\n") {
        ours.read_exact(&mut byte)?;
        shown.extend(byte);
    }
    Ok((ran, String::from_utf8(shown)?))
}
