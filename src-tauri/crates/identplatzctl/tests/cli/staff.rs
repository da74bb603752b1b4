//! `staff pin`: what it prints lets its PIN in, and nobody sees the PIN.

use std::fs;

use anyhow::{Context, Result};
use staff::{Accounts, Pin};

use crate::{
    support::{Ran, run, run_with_input},
    terminal::type_at_terminal,
};

const PIN: &str = "246810";

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

/// What `staff pin` asks for at a terminal.
fn type_twice(first: &str, second: &str) -> Result<(Ran, String)> {
    type_at_terminal(&["staff", "pin"], &[("Ziffern): ", first), ("wiederholen: ", second)])
}

#[test]
fn at_a_terminal_the_pin_is_asked_for_twice_and_never_shown() -> Result<()> {
    let (ran, shown) = type_twice(PIN, PIN)?;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(shown, "\r\n\r\nend\r\n");
    assert!(lets_in(ran.out.trim_end(), PIN)?);
    Ok(())
}

#[test]
fn two_pins_that_differ_are_refused() -> Result<()> {
    let (ran, shown) = type_twice(PIN, "246811")?;
    assert_eq!((ran.code, &*ran.out), (Some(9), ""), "{ran:?}");
    assert!(ran.err.contains("stimmen nicht überein"), "{ran:?}");
    assert_eq!(shown, "\r\n\r\nend\r\n");
    Ok(())
}
