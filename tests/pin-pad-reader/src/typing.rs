//! What is typed at the pad, key by key, within the times of the entry.

use std::{
    env,
    io::{self, ErrorKind, Read, Write},
    os::unix::net::UnixStream,
    time::{Duration, Instant},
};

use crate::{Key, SOCKET_VARIABLE, structure::PinVerify};

/// How often the reader looks whether the card is still there.
const CARD_LOOK: Duration = Duration::from_millis(100);

/// How an entry ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With so many digits as are allowed.
    Digits(Vec<u8>),
    /// By the red key.
    Cancelled,
    /// By the clock.
    TimedOut,
    /// With too few or too many digits.
    WrongLength,
    /// The card was pulled.
    CardGone,
}

/// Somebody's fingers.
pub(crate) trait Fingers {
    /// The next key within `patience`.
    fn press(&mut self, patience: Duration) -> io::Result<Option<Key>>;
}

/// Whoever types at the socket.
pub(crate) struct Somebody(UnixStream);

impl Somebody {
    /// Tells them what is asked for.
    pub(crate) fn asked(structure: &[u8]) -> io::Result<Self> {
        let socket = env::var_os(SOCKET_VARIABLE).ok_or(ErrorKind::NotFound)?;
        let mut stream = UnixStream::connect(socket)?;
        let length = u16::try_from(structure.len()).map_err(io::Error::other)?;
        stream.write_all(&[&length.to_be_bytes(), structure].concat())?;
        Ok(Self(stream))
    }
}

impl Fingers for Somebody {
    fn press(&mut self, patience: Duration) -> io::Result<Option<Key>> {
        self.0.set_read_timeout(Some(patience))?;
        let mut byte = [0];
        match self.0.read(&mut byte) {
            // Nobody will type any more: the pad is broken.
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => Ok(Key::from_byte(byte[0])),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Takes keys until the entry has ended.
///
/// # Errors
/// If the fingers fail.
pub(crate) fn enter(
    entry: &PinVerify,
    fingers: &mut impl Fingers,
    mut card_is_there: impl FnMut() -> bool,
) -> io::Result<Ended> {
    let mut digits = Vec::new();
    let mut until = Instant::now() + entry.first_key;
    let mut begun = false;
    let judged = |digits: Vec<u8>| {
        if entry.digits.contains(&digits.len()) { Ended::Digits(digits) } else { Ended::WrongLength }
    };
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(if begun && entry.ends_by_time() { judged(digits) } else { Ended::TimedOut });
        }
        let pressed = fingers.press(left.min(CARD_LOOK))?;
        if !card_is_there() {
            return Ok(Ended::CardGone);
        }
        let Some(key) = pressed else { continue };
        if !begun {
            begun = true;
            until = Instant::now() + entry.typing;
        }
        match key {
            Key::Digit(digit) => digits.push(digit),
            Key::Correct => drop(digits.pop()),
            Key::Confirm if entry.ends_by_key() => return Ok(judged(digits)),
            Key::Confirm => {}
            Key::Cancel => return Ok(Ended::Cancelled),
        }
        if entry.ends_when_full() && digits.len() == *entry.digits.end() {
            return Ok(judged(digits));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Presses these keys at once, and then none.
    struct Fast(std::vec::IntoIter<Key>);

    impl Fingers for Fast {
        fn press(&mut self, patience: Duration) -> io::Result<Option<Key>> {
            let key = self.0.next();
            if key.is_none() {
                let (_nobody, presses) = mpsc::channel::<()>();
                presses.recv_timeout(patience).ok();
            }
            Ok(key)
        }
    }

    /// One second each, 4 to 6 digits, ended as `conditions` say.
    fn entry(conditions: u8) -> PinVerify {
        let bytes =
            format!("0101894704 0604{conditions:02X}00 0000 00 000000 0D000000 0020000208 20FFFFFFFFFFFFFF");
        PinVerify::parse(&hex::decode(bytes.replace(' ', "")).unwrap()).unwrap()
    }

    fn ended(conditions: u8, keys: &str) -> Ended {
        let keys: Vec<Key> = keys
            .bytes()
            .filter_map(|key| match key {
                b'c' => Some(Key::Cancel),
                b'<' => Some(Key::Correct),
                b'!' => Some(Key::Confirm),
                digit => Key::from_byte(digit),
            })
            .collect();
        enter(&entry(conditions), &mut Fast(keys.into_iter()), || true).unwrap()
    }

    #[test]
    fn the_green_key_ends_an_entry_and_the_red_one_cancels_it() {
        assert_eq!(ended(0x02, "1234!"), Ended::Digits(vec![1, 2, 3, 4]));
        assert_eq!(ended(0x02, "12399<<4!"), Ended::Digits(vec![1, 2, 3, 4]));
        assert_eq!(ended(0x02, "123c"), Ended::Cancelled);
        assert_eq!(ended(0x02, "123!"), Ended::WrongLength);
        assert_eq!(ended(0x02, "1234567!"), Ended::WrongLength);
    }

    #[test]
    fn an_entry_also_ends_by_its_length_or_by_time_where_the_structure_says_so() {
        assert_eq!(ended(0x01, "1234!567"), Ended::Digits(vec![1, 2, 3, 4, 5, 6]));
        assert_eq!(ended(0x04, "12345"), Ended::Digits(vec![1, 2, 3, 4, 5]));
        assert_eq!(ended(0x02, "12345"), Ended::TimedOut);
        assert_eq!(ended(0x04, ""), Ended::TimedOut);
    }

    #[test]
    fn a_card_that_is_pulled_ends_an_entry() {
        let outcome = enter(&entry(0x02), &mut Fast(vec![Key::Digit(1)].into_iter()), || false);
        assert_eq!(outcome.unwrap(), Ended::CardGone);
    }
}
