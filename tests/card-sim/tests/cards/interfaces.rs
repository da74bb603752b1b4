//! What is readable by the contacts and what over the air.

use anyhow::Result;
use card_sim::{
    Interface,
    card::AnswerToReset,
    files::{Access, Content},
};

use crate::{CAN, SELECT_ESIGN, SELECT_HCA, SELECT_ROOT, TODAY, card, terminal};

const FOLDERS: [&str; 3] = [SELECT_ROOT, SELECT_HCA, SELECT_ESIGN];

/// gemSpec_eGK_ObjSys_G2_1: those files alone are open to everybody over the air.
const OPEN: [u16; 4] = [0x2F01, 0x2F10, 0x2F11, 0x011C];

#[test]
fn over_the_air_only_versions_and_card_access_are_open_before_pace() -> Result<()> {
    let mut card = card("amsel", Interface::Contactless)?;
    let folders = card.folders().to_vec();
    let mut terminal = terminal(&mut card);
    for (folder, select) in folders.iter().zip(FOLDERS) {
        assert_eq!(terminal.plain(select)?, "9000");
        for file in &folder.files {
            assert_eq!(terminal.plain(&format!("00a4020c02{:04x}", file.fid))?, "9000");
            let read = match file.content {
                Content::Transparent(_) => "00b0000001",
                Content::Records(_) => "00b2010401",
            };
            let status = terminal.plain(read)?;
            let expected = if OPEN.contains(&file.fid) { "9000" } else { "6982" };
            assert!(status.ends_with(expected), "{:04X}: {status}", file.fid);
        }
    }
    Ok(())
}

#[test]
fn inside_the_channel_every_file_is_what_it_is_by_the_contacts() -> Result<()> {
    let mut card = card("zaunkoenig", Interface::Contactless)?;
    let folders = card.folders().to_vec();
    let mut terminal = terminal(&mut card);
    terminal.pace("000000")?;
    for (folder, select) in folders.iter().zip(FOLDERS) {
        assert_eq!(terminal.send(select)?, "9000");
        for file in &folder.files {
            let Content::Transparent(bytes) = &file.content else { continue };
            assert_eq!(terminal.send(&format!("00a4020c02{:04x}", file.fid))?, "9000");
            let read = terminal.send_extended("00b0000000")?;
            let expected = if file.read == Access::AfterAuthentication {
                "6982"
            } else {
                &format!("{}9000", hex::encode(bytes))
            };
            assert_eq!(read, *expected, "{:04X}", file.fid);
        }
    }
    Ok(())
}

#[test]
fn records_and_the_cards_other_commands_work_inside_the_channel_only() -> Result<()> {
    let mut card = card("amsel", Interface::Contactless)?;
    let mut terminal = terminal(&mut card);
    for command in
        ["00b203f400", "0084000008", "8084000008", "80ca010000", "80200002", "002241a406840109800100"]
    {
        let open = command == "0084000008";
        let status = terminal.plain(command)?;
        assert_eq!(status.ends_with("6982"), !open, "{command}: {status}");
    }
    terminal.pace(CAN)?;
    assert_eq!(terminal.send("00b203f400")?, "610c4f0aa000000167455349474e9000");
    assert_eq!(terminal.send("8084000008")?.len(), 2 * 8 + 4);
    assert_eq!(terminal.send("80200002")?, "63c3");
    assert_eq!(terminal.send("80ca010000")?, "e00cb60a830844454758588e02269000");
    assert_eq!(terminal.send("002241a406840109800100")?, "9000");
    Ok(())
}

#[test]
fn cards_of_g1_and_g2_have_no_pace() -> Result<()> {
    for (name, version2) in [("amsel-g1", "6a82"), ("amsel-g2", "ef2b9000")] {
        let mut card = card(name, Interface::Contactless)?;
        let mut terminal = terminal(&mut card);
        assert_eq!(terminal.plain("00b0910002")?, version2, "{name}");
        assert_eq!(terminal.plain("00a4020c02011c")?, "6a82", "{name}");
        assert_eq!(terminal.plain("0022c1a40f800a04007f00070202040202830102")?, "6a88", "{name}");
        terminal.plain(SELECT_HCA)?;
        assert_eq!(terminal.plain("00b0810000")?, "6982", "{name}");
    }
    Ok(())
}

#[test]
fn a_card_tells_by_its_answer_to_reset_how_it_is_read() -> Result<()> {
    let contactless = hex::decode("3b85800130010130 1014".replace(' ', ""))?;
    for name in ["amsel", "amsel-g2", "hba", "smc-b", "passport"] {
        let card = card(name, Interface::Contactless)?;
        assert_eq!(*card.answer_to_reset(), AnswerToReset::Bytes(contactless.clone()), "{name}");
    }
    assert_eq!(*card("upside-down", Interface::Contactless)?.answer_to_reset(), AnswerToReset::Silence);
    Ok(())
}

#[test]
fn a_card_is_the_same_card_whenever_it_is_made() {
    for entry in card_sim::catalogue() {
        assert!(entry.card(TODAY) == entry.card(TODAY), "{}", entry.name);
    }
}

#[test]
fn a_locked_application_may_stay_readable() -> Result<()> {
    crate::check(
        "amsel-deactivated-readable",
        &[(SELECT_HCA, "6283"), ("00b08c0001", "309000"), ("00b0810001", "019000")],
    )
}
