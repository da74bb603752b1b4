//! The program `card-sim` as the demo drives it.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    process::{Command, Stdio},
};

use anyhow::Result;
use pcsc::State;
use workshop::{
    namespace,
    process::{Daemon, wait_until},
};

use crate::desk::{DEADLINE, Desk, TODAY, card, transmit};

/// In a network namespace of its own every port is free.
const CONTROL: &str = "127.0.0.1:9700";

/// Sends a line to a serving `card-sim` and gives its answer.
fn say(mut client: &TcpStream, line: &str) -> Result<String> {
    client.write_all(format!("{line}\n").as_bytes())?;
    let mut answer = String::new();
    BufReader::new(client).read_line(&mut answer)?;
    Ok(answer.trim_end().to_owned())
}

#[test]
fn the_program_inserts_and_pulls_cards_as_it_is_told() -> Result<()> {
    namespace::inside("program::the_program_inserts_and_pulls_cards_as_it_is_told", || {
        let mut desk = Desk::with(card("hba")?)?;
        desk.card = None;
        desk.wait_for(State::EMPTY)?;
        let mut program = Command::new(env!("CARGO_BIN_EXE_card-sim"));
        program.args(["serve", "--control", CONTROL, "--today", &TODAY.to_string()]).stdout(Stdio::null());
        let _program = Daemon::start("card-sim", &mut program)?;
        wait_until("card-sim listens", DEADLINE, || TcpStream::connect(CONTROL).is_ok())?;
        let client = TcpStream::connect(CONTROL)?;
        assert_eq!(say(&client, "insert 0 amsel status@2=6F00")?, "ok");
        desk.wait_for(State::PRESENT)?;
        let card = desk.connect()?;
        assert_eq!(transmit(&card, "00a4040c06d27600000102")?, "9000");
        assert_eq!(transmit(&card, "00b08c0001")?, "6f00");
        assert_eq!(transmit(&card, "00b08c0001")?, "309000");
        assert_eq!(say(&client, "state")?, "ok 0=amsel,on,3 1=empty");
        assert_eq!(say(&client, "pull 0")?, "ok");
        desk.wait_for(State::EMPTY)?;
        assert_eq!(say(&client, "insert 0 amsel over=contactless")?, "ok");
        let card = desk.connect()?;
        assert_eq!(transmit(&card, "00a4040c06d27600000102")?, "9000");
        assert_eq!(transmit(&card, "00b08c0001")?, "6982");
        assert_eq!(say(&client, "pull 0")?, "ok");
        desk.wait_for(State::EMPTY)?;
        assert_eq!(say(&client, "insert 0 passport-amsel")?, "ok");
        let card = desk.connect()?;
        // EF.CardAccess is a set of security infos; nothing else is told without PACE.
        assert_eq!(transmit(&card, "00b09c0001")?, "319000");
        assert_eq!(transmit(&card, "00a4040c07a0000002471001")?, "9000");
        assert_eq!(transmit(&card, "00b0810001")?, "6982");
        assert_eq!(say(&client, "pull 0")?, "ok");
        Ok(())
    })?;
    Ok(())
}

#[test]
fn the_program_lists_every_card_and_refuses_other_addresses_than_loopback() -> Result<()> {
    let run = |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_card-sim")).args(arguments).output();
    let list = String::from_utf8(run(&["list"])?.stdout)?;
    assert_eq!(list.lines().count(), card_sim::catalogue().len());
    assert!(list.starts_with("amsel "), "{list}");
    let refused = run(&["serve", "--control", "0.0.0.0:9700"])?;
    assert!(String::from_utf8(refused.stderr)?.contains("only loopback addresses"));
    assert!(!refused.status.success());
    Ok(())
}

#[test]
fn the_program_writes_what_a_desk_must_trust() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("card-sim-trust-{}", std::process::id()));
    let mut program = Command::new(env!("CARGO_BIN_EXE_card-sim"));
    let output = program.args(["trust", "--today", &TODAY.to_string()]).arg(&folder).output()?;
    let written = card_sim::trust::files(TODAY)
        .into_iter()
        .chain(
            card_sim::travel::trust_files(TODAY)
                .into_iter()
                .map(|(name, bytes)| (format!("travel-documents/{name}"), bytes)),
        )
        .map(|(name, bytes)| Ok(std::fs::read(folder.join(name))? == bytes))
        .collect::<Result<Vec<_>>>();
    std::fs::remove_dir_all(&folder)?;
    assert!(output.status.success());
    // Three for health cards; master list, its root, defect list and 13 revocation lists.
    assert_eq!(written?, [true; 3 + 16]);
    Ok(())
}
