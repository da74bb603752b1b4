//! Extended length is found out with the first card of a session, and remembered.

use anyhow::{Context, ensure};
use card_sim::{Interface, egk::CAN, find};
use health_card::reading::{TODAY, Wanted, reading};
use smartcard::ExtendedLength;

use crate::Test;

/// A card, how many commands its reading takes, and what the session knows afterwards.
type Turn = (&'static str, usize, ExtendedLength);

pub(crate) fn tests() -> Vec<Test> {
    use ExtendedLength::{No, Untried, Yes};
    let contact = Interface::Contact;
    let turns: [(&str, Interface, ExtendedLength, &'static [Turn]); 6] = [
        (
            "a reader's first card by contacts is read in 8 commands, the next in 7",
            contact,
            Untried,
            &[("amsel", 8, Yes), ("buntspecht", 7, Yes), ("amsel", 7, Yes)],
        ),
        (
            "a first card without extended length costs one command, and each is read in 9 then",
            contact,
            Untried,
            &[("amsel-short-only", 10, No), ("buntspecht", 9, No), ("amsel-short-only", 9, No)],
        ),
        (
            "a card without extended length behind one with it costs one command, and none is asked in it then",
            contact,
            Untried,
            &[("amsel", 8, Yes), ("amsel-short-only", 10, No), ("buntspecht", 9, No)],
        ),
        (
            "where it is known not to work, a card by contacts is read in 9 commands",
            contact,
            No,
            &[("buntspecht", 9, No)],
        ),
        (
            "a reader's first card over the air is read in 14 commands, the next in 13",
            Interface::Contactless,
            Untried,
            &[("amsel", 14, Yes), ("buntspecht", 13, Yes)],
        ),
        (
            "a first card without extended length over the air costs one command",
            Interface::Contactless,
            Untried,
            &[("amsel-short-only", 16, No), ("amsel-short-only", 15, No)],
        ),
    ];
    turns
        .into_iter()
        .map(|(name, interface, known, turns)| {
            Test::new(name, move |readers| {
                let reader = readers.take();
                let session = reader.session(known)?;
                for (name, apdus, learnt) in turns {
                    let card = find(name).context("no such card")?.card(TODAY).over(interface);
                    let inserted = reader.insert(card)?;
                    let wanted = Wanted { check: false, ..Wanted::of(interface, CAN) };
                    reading(&session, &wanted)?;
                    ensure!(inserted.apdus() == *apdus, "{name}: {} commands, not {apdus}", inserted.apdus());
                    let known = session.extended_length();
                    ensure!(known == *learnt, "{name}: {known:?}, not {learnt:?}");
                }
                Ok(())
            })
        })
        .collect()
}
