//! A secret of one line or a few: typed unseen at a terminal, or from a pipe or a file.

use std::io::{self, BufRead, Read, StdinLock, Write};

use zeroize::Zeroizing;

use crate::failure::Failure;

/// Longest line that is read, in bytes; a longer one is none of our secrets.
const MAX_LINE: usize = 64;

/// Longest text of a few lines, in bytes: a machine-readable zone has 90 characters and its line ends.
pub(crate) const TEXT_BYTES_MAX: usize = 128;

/// A line without its end, wiped on drop; `None` for what isn't one line of text.
pub(crate) type SecretLine = Option<Zeroizing<String>>;

/// A terminal that doesn't show what is typed as long as this lives.
pub(crate) struct Terminal {
    input: StdinLock<'static>,
    _unseen: Unseen,
}

impl Terminal {
    /// `input` must be a terminal.
    ///
    /// # Errors
    /// [`Failure::InputWouldShow`] if it can't be kept from showing what is typed.
    pub(crate) fn new(input: StdinLock<'static>) -> Result<Self, Failure> {
        Ok(Self { input, _unseen: Unseen::start()? })
    }

    /// Asks on standard error, for standard output is the answer's, so that it can be redirected.
    pub(crate) fn ask(&mut self, prompt: &str) -> Result<SecretLine, Failure> {
        let mut err = io::stderr();
        err.write_all(prompt.as_bytes())?;
        err.flush()?;
        let mut bytes = buffer(MAX_LINE);
        self.input.by_ref().take(MAX_LINE as u64).read_until(b'\n', &mut bytes).map_err(not_read)?;
        Ok(line(&bytes))
    }
}

/// All that is to be read, if it is one line.
pub(crate) fn only_line(input: impl Read) -> Result<SecretLine, Failure> {
    let mut bytes = buffer(MAX_LINE);
    input.take(MAX_LINE as u64).read_to_end(&mut bytes).map_err(not_read)?;
    Ok(line(&bytes))
}

/// All that is to be read, if it is text of no more than [`TEXT_BYTES_MAX`], lines and their ends as they are.
pub(crate) fn whole_text(input: impl Read) -> Result<Option<Zeroizing<String>>, Failure> {
    let mut bytes = buffer(TEXT_BYTES_MAX + 1);
    input.take(TEXT_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(not_read)?;
    let text = str::from_utf8(&bytes).ok().filter(|text| text.len() <= TEXT_BYTES_MAX);
    Ok(text.map(|text| Zeroizing::new(text.to_owned())))
}

/// Never grows, which would leave a copy behind.
fn buffer(bytes_max: usize) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(bytes_max))
}

fn line(bytes: &[u8]) -> SecretLine {
    let text = str::from_utf8(bytes).ok().filter(|text| text.len() < MAX_LINE)?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    (!text.contains('\n')).then(|| Zeroizing::new(text.to_owned()))
}

fn not_read(_: io::Error) -> Failure {
    Failure::Internal { what: "the input can't be read" }
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

        let before = tcgetattr(io::stdin()).map_err(|_| Failure::InputWouldShow)?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        // The line break alone is shown.
        unseen.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(io::stdin(), OptionalActions::Flush, &unseen).map_err(|_| Failure::InputWouldShow)?;
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
        Err(Failure::InputWouldShow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8]) -> Option<String> {
        only_line(input).unwrap().map(|line| line.to_string())
    }

    #[test]
    fn one_line_with_or_without_its_end_is_read() {
        for input in ["123123", "123123\n", "123123\r\n"] {
            assert_eq!(read(input.as_bytes()).as_deref(), Some("123123"), "{input:?}");
        }
        assert_eq!(read(b"").as_deref(), Some(""));
    }

    #[test]
    fn two_lines_a_long_line_and_what_is_no_text_are_no_line() {
        for input in [&b"123123\n123123\n"[..], b"123123\n\n", &[b'7'; MAX_LINE], &[b'7'; 1000], b"\xFF\n"] {
            assert_eq!(read(input), None, "{input:?}");
        }
    }

    #[test]
    fn a_text_has_as_many_lines_as_it_has_and_an_end() {
        let read = |input: &[u8]| whole_text(input).unwrap().map(|text| text.to_string());
        assert_eq!(read(b"a\r\nb\n").as_deref(), Some("a\r\nb\n"));
        assert!(read(&[b'<'; TEXT_BYTES_MAX]).is_some());
        assert_eq!(read(&[b'<'; TEXT_BYTES_MAX + 1]), None);
        assert_eq!(read(b"\xFF"), None);
    }
}
