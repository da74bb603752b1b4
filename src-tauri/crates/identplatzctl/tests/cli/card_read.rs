//! `card read` of cards in order and of all others.

use anyhow::Result;
use card_sim::{Fault, Inserted};
use pcsc::{Context, Protocols, Scope, ShareMode};
use serde_json::json;
use workshop::pcscd::READERS;

use crate::support::{command, finish, insert, pull, run, start, with_pcscd};

/// CLA INS P1 P2 of every command that the card got.
fn headers(card: &Inserted) -> Vec<String> {
    card.trace().iter().map(|exchange| hex::encode(exchange.header())).collect()
}

#[test]
fn a_health_card_is_read_and_checked_in_fifteen_apdus() -> Result<()> {
    with_pcscd("card_read::a_health_card_is_read_and_checked_in_fifteen_apdus", |_| {
        let card = insert(0, "amsel")?;
        let ran = run(&["card", "read", "--json"])?;
        let read = ran.json()?;
        assert_eq!(&*ran.err, "");
        assert_eq!(read["kind"], "egk");
        assert_eq!(read["interface"], "contact");
        assert_eq!(read["access"], "none");
        assert_eq!(read["generation"], "G2.1");
        assert_eq!(read["contactless"], true);
        assert_eq!(read["locked"], false);
        assert_eq!(read["transaction_open"], false);
        assert_eq!(read["validity"], "current");
        assert_eq!(read["warnings"], json!([]));
        assert_eq!(read["apdus"], card.apdus());
        // A program that ends can't know the reader: extended length is tried once, with EF.ATR.
        let expected = [
            "00a4040c", "00b09100", "00b09d00", // the root, EF.Version2, EF.ATR (extended)
            "00b08200", "00b09c00", // EF.GDO, EF.CardAccess
            "00b08700", "00b08600", "002241a4",
            "00880000", // the chip: two certificates, key, challenge
            "00a4040c", "00b08c00", "00b08100",
            "00b08200", // the application, EF.StatusVD, EF.PD, EF.VD
            "00a4040c", "00b08400", // DF.ESIGN, the cardholder's certificate
        ];
        // A build for workstations sees at the certificates that this is a card for tests, and asks the chip nothing.
        let challenge = cfg!(feature = "workshop");
        let expected = expected.into_iter().filter(|it| challenge || !["002241a4", "00880000"].contains(it));
        assert_eq!(headers(&card), expected.collect::<Vec<_>>());
        let elapsed = read["elapsed_ms"].as_f64().unwrap_or(f64::MAX);
        println!("read in {elapsed:.2} ms with {} APDUs", card.apdus());
        assert!(elapsed > 0.0 && elapsed < 1000.0, "took {elapsed} ms");
        Ok(())
    })
}

#[cfg(feature = "workshop")]
#[test]
fn a_card_that_refuses_extended_length_is_read_in_nineteen_apdus() -> Result<()> {
    with_pcscd("card_read::a_card_that_refuses_extended_length_is_read_in_nineteen_apdus", |_| {
        let card = insert(0, "amsel-short-only")?;
        let read = run(&["card", "read", "--json"])?.json()?;
        assert_eq!((&read["kind"], card.apdus()), (&json!("egk"), 19));
        let long =
            card.trace().iter().filter(|it| it.command.len() > 5 && it.command.get(4) == Some(&0)).count();
        assert_eq!(long, 1, "tried again");
        // More than with extended length: one for the rest of EF.VD, three for the rest of the certificate.
        let rest = headers(&card).into_iter().filter(|it| it.starts_with("00b00")).collect::<Vec<_>>();
        assert_eq!(rest.len(), 4, "{rest:?}");
        Ok(())
    })
}

#[test]
fn generations_are_told_apart() -> Result<()> {
    with_pcscd("card_read::generations_are_told_apart", |_| {
        for (name, generation) in [("amsel-g2", "G2"), ("amsel", "G2.1"), ("amsel-g3", "G3")] {
            let card = insert(0, name)?;
            assert_eq!(run(&["card", "read", "--json"])?.json()?["generation"], generation);
            pull(0, card)?;
        }
        Ok(())
    })
}

#[test]
fn what_a_clerk_should_know_of_a_card_comes_as_warnings() -> Result<()> {
    with_pcscd("card_read::what_a_clerk_should_know_of_a_card_comes_as_warnings", |_| {
        let cases = [
            ("habicht", "insurance_ended"),
            ("junko", "birth_date_incomplete"),
            ("kiebitz", "birth_date_incomplete"),
            ("amsel-transaction-open", "transaction_open"),
        ];
        for (name, warning) in cases {
            let card = insert(0, name)?;
            assert_eq!(run(&["card", "read", "--json"])?.json()?["warnings"], json!([warning]), "{name}");
            let text = run(&["card", "read", "--lang", "en"])?.out;
            assert_eq!(text.matches("Note: ").count(), 1, "{text}");
            pull(0, card)?;
        }
        Ok(())
    })
}

#[test]
fn the_named_reader_is_read_and_without_a_name_the_first_that_holds_a_card() -> Result<()> {
    with_pcscd("card_read::the_named_reader_is_read_and_without_a_name_the_first_that_holds_a_card", |_| {
        let generation = |arguments: &[&str]| -> Result<_> {
            Ok(run(&[&["card", "read", "--json"], arguments].concat())?.json()?["generation"].clone())
        };
        let _right = insert(1, "amsel-g3")?;
        assert_eq!(generation(&[])?, "G3");
        let _left = insert(0, "amsel-g2")?;
        assert_eq!(generation(&[])?, "G2");
        assert_eq!(generation(&["--reader", READERS[1]])?, "G3");
        Ok(())
    })
}

#[test]
fn a_card_is_waited_for() -> Result<()> {
    with_pcscd("card_read::a_card_is_waited_for", |_| {
        let begun = start(&mut command(&["card", "read", "--json", "--wait", "60"]))?;
        let _card = insert(1, "amsel")?;
        assert_eq!(finish(begun)?.json()?["kind"], "egk");
        assert_eq!(
            run(&["card", "read", "--json", "--wait", "1", "--reader", READERS[0]])?.error()?.0,
            "no_card"
        );
        Ok(())
    })
}

#[test]
fn a_card_that_is_no_health_card_is_named() -> Result<()> {
    with_pcscd("card_read::a_card_that_is_no_health_card_is_named", |_| {
        for (name, kind) in [("hba", "hba"), ("smc-b", "smc_b")] {
            let card = insert(0, name)?;
            let ran = run(&["card", "read", "--json"])?;
            assert_eq!(ran.error()?, ("not_a_health_card".to_owned(), Some(5)), "{name}");
            assert_eq!(ran.json()?["error"]["params"]["kind"], kind);
            pull(0, card)?;
        }
        Ok(())
    })
}

#[test]
fn every_kind_of_bad_data_is_an_error_that_names_the_file() -> Result<()> {
    with_pcscd("card_read::every_kind_of_bad_data_is_an_error_that_names_the_file", |_| {
        let unreadable =
            ["bad-length", "bad-gzip", "bad-bomb", "bad-shape", "bad-xml", "bad-namespace", "bad-name"];
        for name in unreadable {
            let card = insert(0, name)?;
            let ran = run(&["card", "read", "--json"])?;
            assert_eq!(ran.error()?, ("card_unreadable".to_owned(), Some(6)), "{name}");
            assert_eq!(ran.json()?["error"]["params"]["file"], "EF.PD", "{name}");
            pull(0, card)?;
        }
        let _card = insert(0, "bad-kvnr")?;
        assert_eq!(run(&["card", "read", "--json"])?.error()?, ("card_number_wrong".to_owned(), Some(6)));
        Ok(())
    })
}

#[test]
fn a_locked_card_says_so() -> Result<()> {
    with_pcscd("card_read::a_locked_card_says_so", |_| {
        let _card = insert(0, "amsel-deactivated")?;
        assert_eq!(run(&["card", "read", "--json"])?.error()?, ("card_locked".to_owned(), Some(6)));
        Ok(())
    })
}

#[test]
fn a_card_upside_down_is_mute() -> Result<()> {
    with_pcscd("card_read::a_card_upside_down_is_mute", |_| {
        let _card = insert(0, "upside-down")?;
        assert_eq!(run(&["card", "read", "--json"])?.error()?, ("card_mute".to_owned(), Some(6)));
        // Waiting for a card that answers would leave a person without a word.
        assert_eq!(run(&["card", "read", "--json", "--wait", "600"])?.error()?.0, "card_mute");
        Ok(())
    })
}

#[test]
fn a_card_that_never_answers_is_given_up() -> Result<()> {
    with_pcscd("card_read::a_card_that_never_answers_is_given_up", |_| {
        let _card = insert(0, "amsel-mute")?;
        assert_eq!(run(&["card", "read", "--json"])?.error()?, ("card_timeout".to_owned(), Some(8)));
        Ok(())
    })
}

#[test]
fn a_card_pulled_in_the_middle_is_removed() -> Result<()> {
    with_pcscd("card_read::a_card_pulled_in_the_middle_is_removed", |_| {
        let card = insert(0, "amsel")?;
        card.add_fault(Fault::Pull { at: 6 });
        assert_eq!(run(&["card", "read", "--json"])?.error()?, ("card_removed".to_owned(), Some(4)));
        assert_eq!(card.apdus(), 6);
        Ok(())
    })
}

#[test]
fn a_card_that_another_program_holds_is_busy() -> Result<()> {
    with_pcscd("card_read::a_card_that_another_program_holds_is_busy", |_| {
        let _card = insert(0, "amsel")?;
        let other = Context::establish(Scope::User)?;
        let _held = other.connect(c"Virtual PCD 00 00", ShareMode::Exclusive, Protocols::ANY)?;
        assert_eq!(run(&["card", "read", "--json"])?.error()?, ("card_busy".to_owned(), Some(7)));
        let diagnosis = run(&["doctor", "--json"])?.json()?;
        assert!(diagnosis["findings"].to_string().contains("card_busy"), "{diagnosis}");
        Ok(())
    })
}

#[test]
fn an_answer_cut_short_is_a_fault_of_the_transport() -> Result<()> {
    with_pcscd("card_read::an_answer_cut_short_is_a_fault_of_the_transport", |_| {
        let card = insert(0, "amsel")?;
        card.add_fault(Fault::Short { at: 2, bytes: 1 });
        assert_eq!(run(&["card", "read", "--json"])?.error()?, ("card_transport".to_owned(), Some(1)));
        Ok(())
    })
}
