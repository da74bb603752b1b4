//! Cards as state machines, driven by a terminal that shares no code with them.

mod channel;
mod documents;
mod interfaces;
mod pins;
mod proofs;
#[path = "../support/terminal.rs"]
mod terminal;
mod travel;

use anyhow::{Context, Result};
use card_sim::{Card, Interface, egk::HealthCard};
use jiff::civil::{Date, date};
use terminal::Terminal;

const TODAY: Date = date(2026, 11, 22);
const CAN: &str = "123123";
const SELECT_ROOT: &str = "00a4040c07d2760001448000";
const SELECT_HCA: &str = "00a4040c06d27600000102";
const SELECT_ESIGN: &str = "00a4040c0aa000000167455349474e";

fn health_card(name: &str) -> Result<HealthCard> {
    card_sim::find(name).and_then(|entry| entry.health_card(TODAY)).context("no such health card")
}

/// The card of that name, powered.
fn card(name: &str, interface: Interface) -> Result<Card> {
    let mut card = card_sim::find(name).context("no such card")?.card(TODAY).over(interface);
    card.reset();
    Ok(card)
}

fn terminal(card: &mut Card) -> Terminal<'_> {
    Terminal::new(|command| card.execute(command).context("the card is mute"))
}

/// Inserts the card by its contacts and compares every response.
fn check(name: &str, conversation: &[(&str, &str)]) -> Result<()> {
    let mut card = card(name, Interface::Contact)?;
    let mut terminal = terminal(&mut card);
    for (command, expected) in conversation {
        assert_eq!(terminal.plain(command)?, *expected, "{name}: {command}");
    }
    Ok(())
}
