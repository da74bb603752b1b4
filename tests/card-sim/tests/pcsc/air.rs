//! Cards over the air, through PC/SC and the real pcscd.

use std::time::Instant;

use anyhow::{Context as _, Result};
use card_sim::Interface;
use workshop::namespace;

use crate::{
    SELECT_HCA,
    desk::{Desk, card, stored, transmit},
    terminal::Terminal,
};

const CAN: &str = "123123";

/// A terminal at a card in the reader.
pub(crate) fn terminal(card: &pcsc::Card) -> Terminal<'_> {
    Terminal::new(|command| {
        let mut buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
        Ok(card.transmit(command, &mut buffer)?.to_vec())
    })
}

#[test]
fn a_contactless_card_gives_its_data_inside_the_channel_only() -> Result<()> {
    namespace::inside("air::a_contactless_card_gives_its_data_inside_the_channel_only", || {
        let image = card("amsel")?.over(Interface::Contactless);
        let (pd, vd) = (stored(&image, 1, 0xD001)?, stored(&image, 1, 0xD002)?);
        let desk = Desk::with(image)?;
        let card = desk.connect()?;
        assert_eq!(hex::encode(card.status2_owned()?.atr()), "3b858001300101301014");
        assert_eq!(transmit(&card, SELECT_HCA)?, "9000");
        assert_eq!(transmit(&card, "00b0810000")?, "6982");
        let start = Instant::now();
        let mut terminal = terminal(&card);
        terminal.pace(CAN)?;
        println!("PACE took {:?}, most of it the simulator's own arithmetic", start.elapsed());
        assert_eq!(terminal.send(SELECT_HCA)?, "9000");
        assert_eq!(terminal.send_extended("00b0810000")?, format!("{pd}9000"));
        assert_eq!(terminal.send("00b08200df")?, format!("{}9000", &vd[..2 * 223]));
        assert_eq!(terminal.send("00b000df10")?, format!("{}9000", &vd[2 * 223..2 * 239]));
        Ok(())
    })?;
    Ok(())
}

#[test]
fn a_challenge_is_answered_by_the_contacts_and_over_the_air() -> Result<()> {
    namespace::inside("air::a_challenge_is_answered_by_the_contacts_and_over_the_air", || {
        let challenge = format!("0088000018{}00", "5a".repeat(24));
        let desk = Desk::with(card("amsel")?)?;
        let by_contacts = {
            let card = desk.connect()?;
            assert_eq!(transmit(&card, "002241a406840109800100")?, "9000");
            transmit(&card, &challenge)?
        };
        assert_eq!(by_contacts.len(), 2 * 64 + 4);
        let Desk { card: inserted, .. } = &desk;
        assert!(inserted.is_some());
        let mut desk = desk;
        desk.card.take().context("no card")?.pull();
        desk.wait_for(pcsc::State::EMPTY)?;
        let desk = desk.again(card("amsel")?.over(Interface::Contactless))?;
        let card = desk.connect()?;
        let mut terminal = terminal(&card);
        terminal.pace(CAN)?;
        assert_eq!(terminal.send("002241a406840109800100")?, "9000");
        assert_eq!(terminal.send(&challenge)?, by_contacts);
        Ok(())
    })?;
    Ok(())
}

#[test]
fn the_pin_is_counted_and_its_proof_ends_with_a_reset() -> Result<()> {
    namespace::inside("air::the_pin_is_counted_and_its_proof_ends_with_a_reset", || {
        let desk = Desk::with(card("amsel")?)?;
        let mut card = desk.connect()?;
        assert_eq!(transmit(&card, "80200002")?, "63c3");
        assert_eq!(transmit(&card, "002000020826999999ffffffff")?, "63c2");
        assert_eq!(transmit(&card, "002000020826123456ffffffff")?, "9000");
        assert_eq!(transmit(&card, "00a4040c0aa000000167455349474e")?, "9000");
        assert_eq!(transmit(&card, "002241b606840184800100")?, "9000");
        let sign = format!("002a9e9a20{}00", "a5".repeat(32));
        assert_eq!(transmit(&card, &sign)?.len(), 2 * 64 + 4);
        card.reconnect(pcsc::ShareMode::Shared, pcsc::Protocols::T1, pcsc::Disposition::ResetCard)?;
        assert_eq!(transmit(&card, "80200002")?, "63c3");
        assert_eq!(transmit(&card, &sign)?, "6a88");
        Ok(())
    })?;
    Ok(())
}
