//! The vault against a real Secret Service. The environment can't be changed safely within a process, so each test
//! starts this binary again as a child that finds the keyring to use.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    env,
    process::{Command, Output},
    time::{Duration, Instant},
};

use vault::{MAX_SECRET, Secret, SecretName, Vault, VaultError};
use workshop::keyring::Keyring;

const SERVICE: &str = "identplatz-test";
/// "At once": no D-Bus time-out (25 s) and no waiting for somebody to answer a prompt.
const AT_ONCE: Duration = Duration::from_secs(10);

/// A child that runs one of the tests below that begin with `child_`.
fn child(name: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([name, "--exact", "--ignored", "--nocapture"]);
    for variable in ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY"] {
        command.env_remove(variable);
    }
    command
}

#[track_caller]
fn passed(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

fn secret(bytes: &[u8]) -> Secret {
    Secret::new(bytes.to_vec()).unwrap()
}

#[test]
fn secrets_are_set_read_replaced_and_deleted_and_outlive_the_process() {
    let keyring = Keyring::start().unwrap();
    passed(&child("child_sets_reads_replaces_and_deletes").envs(keyring.env()).output().unwrap());
    passed(&child("child_reads_what_another_process_left").envs(keyring.env()).output().unwrap());
}

#[test]
#[ignore = "runs as a child with a keyring"]
fn child_sets_reads_replaces_and_deletes() {
    let vault = Vault::open(SERVICE).unwrap();
    assert!(vault.get(SecretName::DatabaseKey).unwrap().is_none());
    vault.delete(SecretName::DatabaseKey).unwrap();

    vault.set(SecretName::DatabaseKey, &secret(&[0, 255, 10, 13])).unwrap();
    vault.set(SecretName::DeskPrivateKey, &secret(&[7; MAX_SECRET])).unwrap();
    assert_eq!(vault.get(SecretName::DatabaseKey).unwrap().unwrap().expose(), [0, 255, 10, 13]);
    assert_eq!(vault.get(SecretName::DeskPrivateKey).unwrap().unwrap().expose(), [7; MAX_SECRET]);
    assert!(Vault::open("another-program").unwrap().get(SecretName::DatabaseKey).unwrap().is_none());

    vault.set(SecretName::DatabaseKey, &secret(&[9; 32])).unwrap();
    vault.delete(SecretName::DeskPrivateKey).unwrap();
    assert!(vault.get(SecretName::DeskPrivateKey).unwrap().is_none());
}

#[test]
#[ignore = "runs as a child with a keyring"]
fn child_reads_what_another_process_left() {
    let vault = Vault::open(SERVICE).unwrap();
    assert_eq!(vault.get(SecretName::DatabaseKey).unwrap().unwrap().expose(), [9; 32]);
}

#[test]
fn without_a_session_bus_there_is_no_keyring_and_no_waiting() {
    let started = Instant::now();
    passed(&child("child_finds_no_keyring").env("XDG_RUNTIME_DIR", "/nonexistent").output().unwrap());
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
}

#[test]
#[ignore = "runs as a child without a keyring"]
fn child_finds_no_keyring() {
    assert!(matches!(Vault::open(SERVICE), Err(VaultError::NoKeyring { .. })));
}

#[test]
fn a_locked_keyring_is_told_at_once() {
    let keyring = Keyring::start().unwrap();
    passed(&child("child_sets_reads_replaces_and_deletes").envs(keyring.env()).output().unwrap());
    keyring.lock().unwrap();
    let started = Instant::now();
    passed(&child("child_finds_the_keyring_locked").envs(keyring.env()).output().unwrap());
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
}

#[test]
#[ignore = "runs as a child with a locked keyring"]
fn child_finds_the_keyring_locked() {
    let vault = Vault::open(SERVICE).unwrap();
    // One that is there, and one that would have to be made.
    assert!(matches!(vault.get(SecretName::DatabaseKey), Err(VaultError::Locked)));
    assert!(matches!(vault.set(SecretName::DeskPrivateKey, &secret(b"new")), Err(VaultError::Locked)));
}

#[test]
fn a_secret_too_long_for_any_of_the_systems_is_refused() {
    assert!(matches!(Secret::new(vec![0; MAX_SECRET + 1]), Err(VaultError::TooLong)));
}
