//! Selecting and reading.

use anyhow::Result;
use card_sim::{Interface, card::AnswerToReset, travel::EID_AID};

use super::{DG2_LENGTH, GENERIC, SELECT_COM, SELECT_LDS1, ZONE, basic_profile, dg2, powered, profile};
use crate::{CAN, terminal, terminal::object};

const SELECT_DG2: &str = "00a4020c020102";

#[test]
fn before_pace_only_card_access_can_be_read() -> Result<()> {
    let mut card = powered(&profile());
    let mut terminal = terminal(&mut card);
    assert_eq!(terminal.plain("00b09c0000")?, "31009000");
    assert_eq!(terminal.plain("00a4020c02011c")?, "9000");
    assert_eq!(terminal.plain("00b0000000")?, "31009000");
    for (command, expected) in [
        ("00a4020c02011d", "6982"),
        ("00b09d0000", "6982"),
        ("00a4020c022f00", "6a82"),
        (SELECT_LDS1, "9000"),
        (SELECT_COM, "6982"),
        ("00b09e0000", "6982"),
        ("00b0810000", "6982"),
        ("00a4020c02010b", "6a82"),
        ("00b08b0000", "6a82"),
    ] {
        assert_eq!(terminal.plain(command)?, expected, "{command}");
    }
    Ok(())
}

#[test]
fn after_pace_all_but_the_withheld_files_can_be_read() -> Result<()> {
    let mut card = powered(&profile());
    let mut terminal = terminal(&mut card);
    terminal.enter(GENERIC, CAN)?;
    assert_eq!(terminal.send("00b09d0000")?, "30009000");
    assert_eq!(terminal.send(SELECT_LDS1)?, "9000");
    for (command, expected) in [
        ("00b09d0000", "77009000"),
        ("00b0810000", "61009000"),
        ("00a4020c020103", "6982"),
        ("00b0830000", "6982"),
        ("00b08b0000", "6a82"),
        ("00b0810001", "619000"),
        ("00b0810101", "009000"),
        ("00b0810201", "6b00"),
        ("00b0810003", "61006282"),
        ("00b08100", "6700"),
        ("00ca000000", "6d00"),
        ("0088000008000000000000000000", "6d00"),
    ] {
        assert_eq!(terminal.send(command)?, expected, "{command}");
    }
    Ok(())
}

#[test]
fn an_old_identity_card_refuses_all_data_groups_and_has_no_common_file() -> Result<()> {
    let mut profile = profile();
    profile.withheld = profile.files.keys().filter(|file| file.fid != 0x011C).copied().collect();
    profile.files.retain(|file, _| file.fid != 0x011E);
    profile.applications = vec![EID_AID.to_vec()];
    let mut card = powered(&profile);
    let mut terminal = terminal(&mut card);
    terminal.enter(GENERIC, CAN)?;
    for (command, expected) in [
        (SELECT_LDS1, "9000"),
        (SELECT_COM, "6a82"),
        ("00b09e0000", "6a82"),
        ("00b09d0000", "6982"),
        ("00b0810000", "6982"),
        ("00a4040c09e80704007f00070302", "9000"),
        ("00b0840000", "6a82"),
    ] {
        assert_eq!(terminal.send(command)?, expected, "{command}");
    }
    Ok(())
}

#[test]
fn the_master_file_is_selected_in_three_ways() -> Result<()> {
    let mut card = powered(&profile());
    let mut terminal = terminal(&mut card);
    for select in ["00a4000c023f00", "00a4000c", "00a4040c"] {
        assert_eq!(terminal.plain(SELECT_LDS1)?, "9000");
        assert_eq!(terminal.plain("00b09c0000")?, "6a82");
        assert_eq!(terminal.plain(select)?, "9000");
        assert_eq!(terminal.plain("00b09c0000")?, "31009000");
    }
    for (command, expected) in [
        ("00a4040c07a0000002471002", "6a82"),
        ("00a4000c020101", "6a82"),
        ("00a4080c020101", "6a86"),
        ("00a4020d02011c", "6a86"),
    ] {
        assert_eq!(terminal.plain(command)?, expected, "{command}");
    }
    Ok(())
}

#[test]
fn a_wildcard_reads_as_much_as_fits() -> Result<()> {
    let whole = hex::encode(dg2());
    let mut card = powered(&profile());
    let mut aes = terminal(&mut card);
    aes.enter(GENERIC, CAN)?;
    aes.send(SELECT_LDS1)?;
    assert_eq!(aes.send("00b0820000")?, whole[..2 * 223].to_owned() + "9000");
    let rest = aes.send_extended("00b0820000")?;
    assert_eq!(rest, whole + "9000");

    let mut card = powered(&basic_profile());
    let mut des = terminal(&mut card);
    des.plain(SELECT_LDS1)?;
    des.basic_access(ZONE)?;
    assert_eq!(des.send("00b0820000")?.len(), 2 * 231 + 4);
    // 232 bytes don't fit: that ends the channel.
    let protected = hex::encode(des.protect("00b08200e8")?);
    assert_eq!(des.plain(&protected)?, "6700");
    let protected = hex::encode(des.protect("00b0820001")?);
    assert_eq!(des.plain(&protected)?, "6988");
    Ok(())
}

#[test]
fn a_long_file_is_read_to_its_end_with_either_kind_of_offset() -> Result<()> {
    let mut card = powered(&profile());
    let mut terminal = terminal(&mut card);
    terminal.enter(GENERIC, CAN)?;
    terminal.send(SELECT_LDS1)?;
    terminal.send(SELECT_DG2)?;
    let (file, mut read) = (dg2(), Vec::new());
    while read.len() < DG2_LENGTH {
        let offset = u16::try_from(read.len())?;
        // Of what fits, the answer's own tag and length take a part.
        let answer = if offset < 0x8000 {
            hex::decode(terminal.send(&format!("00b0{offset:04x}00"))?)?
        } else {
            let answer = hex::decode(terminal.send(&format!("00b10000045402{offset:04x}00"))?)?;
            let (tag, value, rest) = object(&answer).unwrap();
            assert_eq!((tag, rest), (0x53, &[0x90, 0x00][..]));
            [value, rest].concat()
        };
        let (data, word) = answer.split_at(answer.len() - 2);
        assert_eq!(word, [0x90, 0x00], "at {offset}");
        read.extend_from_slice(data);
    }
    assert!(read == file);
    assert_eq!(terminal.send("00b100020454029c4010")?, "6b00");
    let piece = |bytes: usize| hex::encode(&file[0x8000..0x8000 + bytes]) + "9000";
    // Le is for the object.
    assert_eq!(terminal.send("00b10000045402800081")?, "537f".to_owned() + &piece(127));
    assert_eq!(terminal.send("00b10000045402800082")?, "537f".to_owned() + &piece(127));
    assert_eq!(terminal.send("00b10000045402800083")?, "538180".to_owned() + &piece(128));
    assert_eq!(terminal.send("00b10000045402800000")?, "5381dc".to_owned() + &piece(220));
    assert_eq!(terminal.send("00b100010454020001 10".replace(' ', "").as_str())?, "5301006282");
    assert_eq!(terminal.send("00b100000355020010")?, "6a80");
    Ok(())
}

#[test]
fn a_command_in_the_clear_ends_the_channel_and_access_with_it() -> Result<()> {
    let mut card = powered(&profile());
    let mut terminal = terminal(&mut card);
    terminal.enter(GENERIC, CAN)?;
    terminal.send(SELECT_LDS1)?;
    assert_eq!(terminal.plain("00b0810000")?, "6982");
    let protected = hex::encode(terminal.protect("00b0810000")?);
    assert_eq!(terminal.plain(&protected)?, "6988");
    Ok(())
}

#[test]
fn documents_answer_to_reset_over_the_air_and_by_contacts() {
    let mut profile = profile();
    let atr = |card: &card_sim::Card| match card.answer_to_reset() {
        AnswerToReset::Bytes(bytes) => hex::encode(bytes),
        AnswerToReset::Silence => String::new(),
    };
    assert_eq!(atr(&profile.card()), "3b8a80018031f873f741e082900075");
    profile.interface = Interface::Contact;
    assert_eq!(atr(&profile.card()), "3b8a018031f873f741e0829000f5");
    let checksum = hex::decode(atr(&profile.card())).unwrap()[1..].iter().fold(0, |sum, byte| sum ^ byte);
    assert_eq!(checksum, 0);
}
