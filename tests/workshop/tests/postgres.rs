//! The server as tests start it.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Result, ensure};
use workshop::{
    postgres::{Postgres, missing},
    process::wait_until,
};

fn ask(url: &str, sql: &str) -> Result<String> {
    let asked = Command::new("psql").args(["--no-psqlrc", "-At", url, "-c", sql]).output()?;
    ensure!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    Ok(String::from_utf8(asked.stdout)?.trim().to_owned())
}

/// Where the server of that database lives.
fn folder(url: &str) -> PathBuf {
    url.split(['=', '&']).nth(1).map(PathBuf::from).unwrap_or_default()
}

#[test]
fn what_was_committed_outlives_a_kill_and_nothing_outlives_the_server() {
    if let Some(why) = missing() {
        println!("skipped: {why}");
        return;
    }
    let mut server = Postgres::start().unwrap();
    let (one, other) = (server.database().unwrap(), server.database().unwrap());
    ask(&one, "CREATE TABLE birds (name TEXT); INSERT INTO birds VALUES ('Amsel')").unwrap();
    assert!(ask(&other, "SELECT name FROM birds").is_err(), "each database is its own");

    server.kill().unwrap();
    assert!(ask(&one, "SELECT 1").is_err());
    server.start_again().unwrap();
    assert_eq!(ask(&one, "SELECT name FROM birds").unwrap(), "Amsel");

    let folder = folder(&one);
    assert!(folder.exists());
    drop(server);
    assert!(!folder.exists());
    assert!(ask(&one, "SELECT 1").is_err());
}

/// Run by the test below in a process of its own.
#[test]
#[ignore = "ends its process"]
fn starts_a_server_and_ends_without_a_word() {
    let Some(server) = workshop::postgres::shared() else { return };
    println!("{}", server.database().unwrap());
    std::process::exit(0);
}

#[test]
fn a_shared_server_ends_with_the_process_that_started_it() {
    if let Some(why) = missing() {
        println!("skipped: {why}");
        return;
    }
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "starts_a_server_and_ends_without_a_word", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    let url = said.lines().find_map(|line| line.find("postgresql://").map(|at| &line[at..])).unwrap();
    let folder = folder(url);
    assert!(folder.starts_with(std::env::temp_dir()));
    let gone = || !Path::new(&folder).exists();
    wait_until("the server's folder is gone", Duration::from_secs(20), gone).unwrap();
    assert!(ask(url, "SELECT 1").is_err());
}
