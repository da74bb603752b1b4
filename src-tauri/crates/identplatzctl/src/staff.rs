//! `staff pin`: what an administrator writes into the file of accounts for somebody's PIN.

use std::io::{self, IsTerminal, StdinLock};

use serde::Serialize;
use staff::Pin;

use crate::{
    failure::Failure,
    language::Language,
    secret_line::{SecretLine, Terminal, only_line},
};

/// The answer.
#[derive(Serialize)]
pub(crate) struct HashedPin {
    /// A PHC string.
    pin: String,
}

impl HashedPin {
    /// One line.
    pub(crate) fn to_text(&self) -> String {
        format!("{}\n", self.pin)
    }
}

/// Asks for a PIN, twice and unseen, or takes the one line on standard input.
pub(crate) fn hash_pin(language: Language) -> Result<HashedPin, Failure> {
    let input = io::stdin().lock();
    let typed = if input.is_terminal() { ask_twice(input, language)? } else { only_line(input)? };
    let pin = typed.and_then(|typed| Pin::parse(&typed).ok()).ok_or(Failure::NotAPin)?;
    let mut drawn = Ok(());
    let hashed = staff::hash_pin(&pin, &mut |salt| drawn = getrandom::fill(salt));
    drawn.map_err(|_| Failure::Internal { what: "the operating system gives no randomness" })?;
    let pin = hashed.map_err(|_| Failure::Internal { what: "no memory for hashing" })?;
    Ok(HashedPin { pin })
}

fn ask_twice(input: StdinLock<'static>, language: Language) -> Result<SecretLine, Failure> {
    let mut terminal = Terminal::new(input)?;
    let pin = terminal.ask(language.pick("PIN (6 bis 12 Ziffern): ", "PIN (6 to 12 digits): "))?;
    let again = terminal.ask(language.pick("PIN wiederholen: ", "Repeat the PIN: "))?;
    if again == pin { Ok(pin) } else { Err(Failure::PinsDiffer) }
}
