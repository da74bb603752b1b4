//! `staff pin`: what an administrator writes into the file of accounts for somebody's PIN.

use std::io::{self, BufRead, IsTerminal, Read, StdinLock, Write};

use serde::Serialize;
use staff::Pin;
use zeroize::Zeroizing;

use crate::{failure::Failure, language::Language};

/// Longest line that is read, in bytes; a longer one is no PIN.
const MAX_LINE: usize = 64;

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
    let mut input = io::stdin().lock();
    let pin = if input.is_terminal() { ask(&mut input, language)? } else { only_line(&mut input)? };
    let pin = Pin::parse(&pin).map_err(|_| Failure::NotAPin)?;
    let mut drawn = Ok(());
    let hashed = staff::hash_pin(&pin, &mut |salt| drawn = getrandom::fill(salt));
    drawn.map_err(|_| Failure::Internal { what: "the operating system gives no randomness" })?;
    let pin = hashed.map_err(|_| Failure::Internal { what: "no memory for hashing" })?;
    Ok(HashedPin { pin })
}

fn ask(terminal: &mut StdinLock, language: Language) -> Result<Zeroizing<String>, Failure> {
    let _unseen = Unseen::start()?;
    prompt(language.pick("PIN (6 bis 12 Ziffern): ", "PIN (6 to 12 digits): "))?;
    let pin = line(terminal)?;
    prompt(language.pick("PIN wiederholen: ", "Repeat the PIN: "))?;
    if *line(terminal)? == *pin { Ok(pin) } else { Err(Failure::PinsDiffer) }
}

/// Standard output is the answer's, so that it can be redirected.
fn prompt(text: &str) -> io::Result<()> {
    let mut err = io::stderr();
    err.write_all(text.as_bytes())?;
    err.flush()
}

fn only_line(input: &mut StdinLock) -> Result<Zeroizing<String>, Failure> {
    let pin = line(input)?;
    let ended = input.fill_buf().map_err(not_read)?.is_empty();
    if ended { Ok(pin) } else { Err(Failure::NotAPin) }
}

/// One line without its end.
fn line(input: &mut StdinLock) -> Result<Zeroizing<String>, Failure> {
    // Never grows, which would leave a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_LINE));
    input.take(MAX_LINE as u64).read_until(b'\n', &mut bytes).map_err(not_read)?;
    let text = str::from_utf8(&bytes).map_err(|_| Failure::NotAPin)?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(Zeroizing::new(text.strip_suffix('\r').unwrap_or(text).to_owned()))
}

fn not_read(_: io::Error) -> Failure {
    Failure::Internal { what: "standard input can't be read" }
}

/// While it lives, the terminal doesn't show what is typed.
#[cfg(unix)]
struct Unseen {
    before: rustix::termios::Termios,
}

#[cfg(unix)]
impl Unseen {
    fn start() -> Result<Self, Failure> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

        let before = tcgetattr(io::stdin()).map_err(|_| Failure::PinWouldShow)?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        // The line break alone is shown.
        unseen.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(io::stdin(), OptionalActions::Flush, &unseen).map_err(|_| Failure::PinWouldShow)?;
        Ok(Self { before })
    }
}

#[cfg(unix)]
impl Drop for Unseen {
    fn drop(&mut self) {
        rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Flush, &self.before).ok();
    }
}

#[cfg(not(unix))]
struct Unseen;

#[cfg(not(unix))]
impl Unseen {
    fn start() -> Result<Self, Failure> {
        Err(Failure::PinWouldShow)
    }
}
