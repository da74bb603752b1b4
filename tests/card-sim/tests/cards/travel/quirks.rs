//! Chips that have their own ways.

use anyhow::Result;
use card_sim::travel::{BeyondMaximum, ChipProfile, Cipher, Curve, FileId, Group, Mapping, Quirks};

use super::{GENERIC, SELECT_COM, SELECT_LDS1, Terminal, dg2, offer, powered, profile};
use crate::{CAN, terminal};

fn with(change: impl FnOnce(&mut Quirks)) -> ChipProfile {
    let mut profile = profile();
    change(&mut profile.quirks);
    profile
}

/// A terminal that has entered.
fn entered<'a>(card: &'a mut card_sim::Card) -> Result<Terminal<'a>> {
    let mut terminal = terminal(card);
    terminal.enter(GENERIC, CAN)?;
    assert_eq!(terminal.send(SELECT_LDS1)?, "9000");
    Ok(terminal)
}

#[test]
fn a_chip_may_refuse_le_in_select() -> Result<()> {
    let mut card = powered(&with(|quirks| quirks.refuses_le_in_select = true));
    let mut terminal = terminal(&mut card);
    assert_eq!(terminal.plain("00a4040c07a000000247100100")?, "6700");
    assert_eq!(terminal.plain("0022c1a40f800a04007f0007020204020283010200")?, "6700");
    drop(terminal);
    let mut terminal = entered(&mut card)?;
    assert_eq!(terminal.send("00a4020c02011e00")?, "6700");
    assert_eq!(terminal.send(SELECT_COM)?, "9000");
    Ok(())
}

#[test]
fn a_chip_may_refuse_extended_length() -> Result<()> {
    let mut card = powered(&with(|quirks| quirks.extended_length = false));
    let mut terminal = entered(&mut card)?;
    assert_eq!(terminal.plain("00b09c00000000")?, "6700");
    Ok(())
}

#[test]
fn a_chip_reads_no_more_than_its_maximum() -> Result<()> {
    let most = hex::encode(&dg2()[..0x70]);
    for (beyond, expected) in [
        (BeyondMaximum::WrongLength, "6700".to_owned()),
        (BeyondMaximum::ExactLength, "6c70".to_owned()),
        (BeyondMaximum::EndOfFile, most.clone() + "6282"),
        (BeyondMaximum::Less, most.clone() + "9000"),
    ] {
        let mut card = powered(&with(|quirks| quirks.maximum_read = Some((0x70, beyond))));
        let mut terminal = entered(&mut card)?;
        assert_eq!(terminal.send("00b0820071")?, expected, "{beyond:?}");
        assert_eq!(terminal.send("00b0820000")?, expected, "{beyond:?}");
        assert_eq!(terminal.send("00b0820070")?, most.clone() + "9000");
    }
    Ok(())
}

#[test]
fn a_chip_may_forget_the_channel_at_any_refusal() -> Result<()> {
    let mut card = powered(&with(|quirks| quirks.loses_channel_on_error = true));
    let mut terminal = entered(&mut card)?;
    let protected = hex::encode(terminal.protect("00b08b0000")?);
    assert_eq!(terminal.plain(&protected)?, "6a82");
    let protected = hex::encode(terminal.protect("00b0810000")?);
    assert_eq!(terminal.plain(&protected)?, "6988");
    drop(terminal);
    // A file's end is a refusal, too.
    let mut terminal = entered(&mut card)?;
    let protected = hex::encode(terminal.protect("00b0810010")?);
    assert_eq!(terminal.plain(&protected)?, "6282");
    Ok(())
}

#[test]
fn a_file_may_have_no_end() -> Result<()> {
    let mut card = powered(&with(|quirks| quirks.endless_file = Some(FileId::data_group(1))));
    let mut terminal = entered(&mut card)?;
    assert_eq!(terminal.send("00b0810004")?, "610000009000");
    assert_eq!(terminal.send("00b07fff04")?, "000000009000");
    assert_eq!(terminal.send("00b1000006540400ffffff08")?, "5306".to_owned() + &"00".repeat(6) + "9000");
    assert_eq!(terminal.send_extended("00b0000000")?.len(), 2 * 65_503 + 4);
    assert_eq!(terminal.send("00b09d0004")?, "77006282");
    Ok(())
}

#[test]
fn selecting_the_master_file_may_be_answered_with_anything() -> Result<()> {
    for (word, expected) in [(0x6A82, "6a82"), (0x6A87, "6a87"), (0x6982, "6982")] {
        let mut card = powered(&with(|quirks| quirks.master_file_status = Some(word)));
        let mut terminal = terminal(&mut card);
        assert_eq!(terminal.plain(SELECT_LDS1)?, "9000");
        assert_eq!(terminal.plain("00a4000c023f00")?, expected);
        assert_eq!(terminal.plain("00b09e0000")?, "6982", "the application is still selected");
    }
    Ok(())
}

#[test]
fn a_chip_with_several_offers_may_insist_on_the_parameters() -> Result<()> {
    let mut profile = with(|quirks| quirks.requires_parameter_reference = true);
    let mut card = powered(&profile);
    terminal(&mut card).enter(GENERIC, CAN)?;
    profile.access.pace.push(offer(Mapping::Generic, Group::Ec(Curve::P256), Cipher::Aes128));
    let mut card = powered(&profile);
    let mut terminal = terminal(&mut card);
    assert_eq!(terminal.enter(GENERIC, CAN).unwrap_err().to_string(), "the card answered 6a80");
    terminal.enter_with(GENERIC, (0x02, CAN.as_bytes()), Some(13))?;
    Ok(())
}
