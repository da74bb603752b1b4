//! `staff pin`: what it prints lets its PIN in, and nobody sees the PIN.

use std::{
    fs::{self, File},
    io::{Read, Write},
    os::fd::OwnedFd,
    path::Path,
    process::Stdio,
};

use anyhow::{Context, Result};
use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, tcgetattr},
};
use staff::{Accounts, Pin};
use workshop::process::wait_until;

use crate::support::{DEADLINE, Ran, command, finish, run};

const PIN: &str = "246810";

fn run_with_input(arguments: &[&str], input: &[u8]) -> Result<Ran> {
    let mut child =
        command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    child.stdin.take().context("no input")?.write_all(input)?;
    finish(child)
}

/// Whether the app lets this PIN in by this hash.
fn lets_in(phc: &str, pin: &str) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("staff.toml");
    fs::write(
        &file,
        format!("[[member]]\nid = \"s-1\"\nname = \"A. Amsel\"\nroles = [\"clerk\"]\npin = \"{phc}\"\n"),
    )?;
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    let accounts = Accounts::open(&file, &folder.path().join("tries.toml"))?;
    Ok(accounts.check("s-1", &Pin::parse(pin)?, "2026-03-02T12:00:00Z".parse()?).is_ok())
}

#[test]
fn the_hash_of_a_pin_on_standard_input_lets_that_pin_in_and_no_other() -> Result<()> {
    for input in ["246810", "246810\n", "246810\r\n"] {
        let ran = run_with_input(&["staff", "pin"], input.as_bytes())?;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let phc = ran.out.strip_suffix('\n').context("no line")?;
        assert!(lets_in(phc, PIN)?);
        assert!(!lets_in(phc, "246811")?);
    }
    let json = run_with_input(&["staff", "pin", "--json"], PIN.as_bytes())?.json()?;
    assert!(lets_in(json["pin"].as_str().context("no hash")?, PIN)?);
    Ok(())
}

#[test]
fn no_two_hashes_of_a_pin_are_alike() -> Result<()> {
    let hash = || run_with_input(&["staff", "pin"], PIN.as_bytes()).map(|ran| ran.out);
    assert_ne!(hash()?, hash()?);
    Ok(())
}

#[test]
fn what_is_no_pin_is_refused_with_code_9_and_not_repeated() -> Result<()> {
    let inputs: [&[u8]; 7] =
        [b"", b"\n", b"24681", b"2468101214161", b"24681a\n", b"246810\n246810\n", &[b'7'; 100]];
    for input in inputs {
        let ran = run_with_input(&["staff", "pin", "--json"], input)?;
        assert_eq!(ran.error()?, ("not_a_pin".to_owned(), Some(9)), "{ran:?}");
        assert!(!ran.out.contains("24681") && !ran.out.contains("777"), "{ran:?}");
        let ran = run_with_input(&["staff", "pin"], input)?;
        assert_eq!((ran.code, &*ran.out), (Some(9), ""), "{ran:?}");
    }
    // What can't be UTF-8 can't be a PIN.
    assert_eq!(run_with_input(&["staff", "pin"], b"\xFF\n")?.code, Some(9));
    Ok(())
}

#[test]
fn a_pin_on_the_command_line_is_a_wrong_command_line() -> Result<()> {
    assert_eq!(run(&["staff", "pin", PIN])?.code, Some(2));
    Ok(())
}

#[test]
fn help_names_the_exit_code() -> Result<()> {
    assert!(run(&["--help"])?.out.contains("9  not a PIN"));
    Ok(())
}

/// A terminal: the side of the person, and the path of the program's side.
fn terminal() -> Result<(File, OwnedFd)> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let path = ptsname(&ours, Vec::new())?.into_string()?;
    let theirs = File::options().read(true).write(true).open(Path::new(&path))?;
    Ok((ours.into(), theirs.into()))
}

/// Types two lines, each when it is asked for; what the terminal showed comes with what the program left.
fn type_at_terminal(lines: [&str; 2]) -> Result<(Ran, String)> {
    let (mut ours, theirs) = terminal()?;
    assert!(tcgetattr(&theirs)?.local_modes.contains(LocalModes::ECHO), "a terminal shows what is typed");
    let prompts = tempfile::NamedTempFile::new()?;
    let child = command(&["staff", "pin"])
        .stdin(theirs.try_clone()?)
        .stdout(Stdio::piped())
        .stderr(prompts.reopen()?)
        .spawn()?;
    for (line, asked) in lines.into_iter().zip(["Ziffern): ", "wiederholen: "]) {
        wait_until("the PIN is asked for", DEADLINE, || {
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

#[test]
fn at_a_terminal_the_pin_is_asked_for_twice_and_never_shown() -> Result<()> {
    let (ran, shown) = type_at_terminal([PIN, PIN])?;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(shown, "\r\n\r\nend\r\n");
    assert!(lets_in(ran.out.trim_end(), PIN)?);
    Ok(())
}

#[test]
fn two_pins_that_differ_are_refused() -> Result<()> {
    let (ran, shown) = type_at_terminal([PIN, "246811"])?;
    assert_eq!((ran.code, &*ran.out), (Some(9), ""), "{ran:?}");
    assert!(ran.err.contains("stimmen nicht überein"), "{ran:?}");
    assert_eq!(shown, "\r\n\r\nend\r\n");
    Ok(())
}
