//! Cards over the air.

use anyhow::{Context as _, Result};
use card_sim::{Fault, Inserted, Interface, egk::CAN};

use crate::{
    support::{card, insert, insert_card, pull, run, run_with_input, text, with_pcscd},
    terminal::type_at_terminal,
};

const READ: [&str; 5] = ["card", "read", "--json", "--can", "-"];

fn lay(name: &str) -> Result<Inserted> {
    insert_card(0, card(name)?.over(Interface::Contactless))
}

#[test]
fn the_right_can_from_standard_input_or_a_file_opens_the_card() -> Result<()> {
    with_pcscd("contactless::the_right_can_from_standard_input_or_a_file_opens_the_card", |_| {
        let _card = lay("amsel")?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("can");
        std::fs::write(&file, format!("{CAN}\n"))?;
        let file = format!("@{}", text(&file)?);
        let runs = [
            run_with_input(&READ, CAN.as_bytes())?,
            run_with_input(&READ, format!("{CAN}\r\n").as_bytes())?,
            run(&["card", "read", "--json", "--can", &file])?,
        ];
        for ran in runs {
            let read = ran.json()?;
            assert_eq!(read["interface"], "contactless", "{ran:?}");
            assert_eq!(read["access"], "pace");
            assert_eq!(read["generation"], "G2.1");
            assert_eq!(read["contactless"], true);
        }
        Ok(())
    })
}

#[test]
fn at_a_terminal_the_can_is_asked_for_and_never_shown() -> Result<()> {
    with_pcscd("contactless::at_a_terminal_the_can_is_asked_for_and_never_shown", |_| {
        let _card = lay("amsel")?;
        let (ran, shown) =
            type_at_terminal(&["card", "read", "--can", "-"], &[("Vorderseite der Karte): ", CAN)])?;
        assert!(ran.out.starts_with("Elektronische Gesundheitskarte G2.1, kontaktlos\n"), "{ran:?}");
        assert_eq!(shown, "\r\nend\r\n");
        Ok(())
    })
}

#[test]
fn a_card_whose_shared_secret_begins_with_a_zero_byte_is_read() -> Result<()> {
    with_pcscd("contactless::a_card_whose_shared_secret_begins_with_a_zero_byte_is_read", |_| {
        let _card = lay("amsel-leading-zero")?;
        assert_eq!(run_with_input(&READ, CAN.as_bytes())?.json()?["access"], "pace");
        Ok(())
    })
}

#[test]
fn without_a_can_the_answer_says_what_is_needed_and_what_to_do() -> Result<()> {
    with_pcscd("contactless::without_a_can_the_answer_says_what_is_needed_and_what_to_do", |_| {
        let _card = lay("amsel")?;
        assert_eq!(run(&["card", "read", "--json"])?.error()?, ("can_needed".to_owned(), Some(10)));
        let message = run(&["card", "read", "--lang", "en"])?.err;
        assert!(message.contains("six digits on its front") && message.contains("--can -"), "{message}");
        Ok(())
    })
}

#[test]
fn a_wrong_can_is_told_and_may_be_tried_again() -> Result<()> {
    with_pcscd("contactless::a_wrong_can_is_told_and_may_be_tried_again", |_| {
        let _card = lay("amsel")?;
        for wrong in ["123124", "000000", "123124"] {
            let ran = run_with_input(&READ, wrong.as_bytes())?;
            assert_eq!(ran.error()?, ("can_wrong".to_owned(), Some(10)), "{ran:?}");
        }
        assert_eq!(run_with_input(&READ, CAN.as_bytes())?.json()?["access"], "pace");
        Ok(())
    })
}

#[test]
fn what_is_no_can_is_refused_and_never_repeated() -> Result<()> {
    with_pcscd("contactless::what_is_no_can_is_refused_and_never_repeated", |_| {
        let card = lay("amsel")?;
        for input in ["", "12312", "7123123", "12312a", "123123\n123123\n", "１２３１２３"] {
            let ran = run_with_input(&READ, input.as_bytes())?;
            assert_eq!(ran.error()?, ("not_a_can".to_owned(), Some(10)), "{input}");
            assert!(!ran.out.contains("12312"), "{ran:?}");
        }
        for json in [&["--json"][..], &[]] {
            let ran = run(&[&["card", "read", "--can", CAN], json].concat())?;
            assert_eq!(ran.code, Some(2), "{ran:?}");
            assert!(!ran.out.contains(CAN) && !ran.err.contains(CAN), "{ran:?}");
            assert!(ran.out.contains("--can -") || ran.err.contains("--can -"), "{ran:?}");
        }
        let nowhere = run(&["card", "read", "--json", "--can", "@/nowhere/at/all"])?;
        assert_eq!(nowhere.error()?, ("not_read".to_owned(), Some(1)));
        assert_eq!(card.apdus(), 0, "the card was held while somebody types");
        Ok(())
    })
}

#[test]
fn a_card_of_generation_2_has_to_be_inserted_with_or_without_a_can() -> Result<()> {
    with_pcscd("contactless::a_card_of_generation_2_has_to_be_inserted_with_or_without_a_can", |_| {
        let _card = lay("amsel-g2")?;
        let expected = ("card_needs_contacts".to_owned(), Some(6));
        assert_eq!(run(&["card", "read", "--json"])?.error()?, expected);
        assert_eq!(run_with_input(&READ, CAN.as_bytes())?.error()?, expected);
        Ok(())
    })
}

#[test]
fn with_contacts_no_can_is_asked_for() -> Result<()> {
    with_pcscd("contactless::with_contacts_no_can_is_asked_for", |_| {
        let card = insert(0, "amsel-g2")?;
        // Standard input is empty.
        assert_eq!(run(&READ)?.json()?["access"], "none");
        pull(0, card)
    })
}

#[test]
fn a_channel_that_breaks_is_opened_anew_once_and_then_given_up() -> Result<()> {
    with_pcscd("contactless::a_channel_that_breaks_is_opened_anew_once_and_then_given_up", |_| {
        let apdus = |card: &Inserted| card.apdus();
        let whole = {
            let card = lay("amsel")?;
            run_with_input(&READ, CAN.as_bytes())?.json()?;
            let whole = apdus(&card);
            pull(0, card)?;
            whole
        };
        let once = lay("amsel")?;
        once.add_fault(Fault::Mac { at: whole });
        assert_eq!(run_with_input(&READ, CAN.as_bytes())?.json()?["access"], "pace");
        assert!(once.apdus() > whole, "nothing was read anew");
        pull(0, once)?;
        let twice = lay("amsel")?;
        (1..2 * whole).for_each(|at| twice.add_fault(Fault::Mac { at }));
        let ran = run_with_input(&READ, CAN.as_bytes())?;
        assert_eq!(ran.error()?, ("card_channel_lost".to_owned(), Some(6)));
        let message = ran.json()?["error"]["message"].as_str().context("no message")?.to_owned();
        assert!(message.contains("flach auf den Leser"), "{message}");
        Ok(())
    })
}
