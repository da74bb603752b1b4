//! The cardholder's PIN as it is stored on a card (gemSpec_COS, 8.5).

/// Tries until the PIN is blocked.
pub const TRIES: u8 = 3;
/// How often the PUK can be used.
pub const UNBLOCKINGS: u8 = 10;
/// The PIN of the simulated cards.
pub const SECRET: &str = "123456";
/// The PUK of the simulated cards.
pub const UNBLOCKING_SECRET: &str = "12345678";

/// A PIN, its PUK and their counters. All references to it (MRPIN.home and the others) share them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Six to eight digits; none yet for [`PinState::Empty`].
    pub secret: String,
    /// The PUK: eight digits.
    pub unblocking_secret: String,
    /// Whether the PIN can be used.
    pub state: PinState,
    /// Tries left.
    pub tries: u8,
    /// Uses of the PUK left; right and wrong ones count.
    pub unblockings: u8,
}

/// Whether a PIN can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinState {
    /// It is the cardholder's.
    Regular,
    /// It came by letter and must be changed before it can be used.
    Transport,
    /// The cardholder sets the first one.
    Empty,
    /// Nothing on the card asks for it.
    Disabled,
}

impl Default for Pin {
    fn default() -> Self {
        Self {
            secret: SECRET.to_owned(),
            unblocking_secret: UNBLOCKING_SECRET.to_owned(),
            state: PinState::Regular,
            tries: TRIES,
            unblockings: UNBLOCKINGS,
        }
    }
}

impl Pin {
    /// A PIN in this state.
    #[must_use]
    pub fn in_state(state: PinState) -> Self {
        let secret = if state == PinState::Empty { "" } else { SECRET };
        Self { secret: secret.to_owned(), state, ..Self::default() }
    }

    /// A PIN with so many tries left.
    #[must_use]
    pub fn with_tries(tries: u8) -> Self {
        Self { tries, ..Self::default() }
    }
}

/// Digits of a PIN block in format 2 (ISO 9564-1): `2`, number of digits, digits, filled up with `F`.
pub(crate) fn digits(block: &[u8]) -> Option<String> {
    let (&[control, ..], 8) = (block, block.len()) else { return None };
    let count = usize::from(control & 0x0F);
    let text = block.iter().skip(1).map(|byte| format!("{byte:02X}")).collect::<String>();
    let (digits, fill) = text.split_at_checked(count)?;
    let right = control >> 4 == 2
        && (4..=12).contains(&count)
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && fill.bytes().all(|fill| fill == b'F');
    right.then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn a_block_of_format_2_holds_its_length_digits_and_fill() {
        let read = |block: &str| digits(&hex::decode(block).unwrap());
        assert_eq!(read("26123456FFFFFFFF").as_deref(), Some("123456"));
        assert_eq!(read("2812345678FFFFFF").as_deref(), Some("12345678"));
        for wrong in
            ["", "26123456FFFFFF", "16123456FFFFFFFF", "2612345AFFFFFFFF", "26123456FFFFFFF0", "2F12"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
