//! The virtual reader (vpcd) with a PIN pad, as a driver for pcscd: what card readers with a keypad do in their firmware,
//! behind the same interface (PC/SC Part 10, v2.02.09), so that a program proves its PIN entry over the real service.
//!
//! Everything but the pad is vpcd's own driver, which this one loads and asks: slots, cards, power and APDUs. The pad
//! takes a `PIN_VERIFY_STRUCTURE` at its word, has the keys pressed by whoever listens on a Unix socket, puts the digits
//! where the structure says and sends the command to the card. A structure that is wrong gives a wrong PIN block, or
//! none.
//!
//! Programs link this crate for [`SOCKET_VARIABLE`], [`DRIVER_VARIABLE`] and [`Key`], and find the shared library beside
//! themselves ([`LIBRARY`]).

mod ifd;
mod structure;
mod typing;
mod vpcd;

/// The environment variable of pcscd that holds the path of vpcd's driver: a copy for this reader alone, for the driver
/// keeps its cards in variables of its own.
pub const DRIVER_VARIABLE: &str = "PIN_PAD_READER_DRIVER";

/// The environment variable of pcscd that holds the path of the Unix socket at which somebody types.
///
/// The pad connects for each entry and says what it was asked for: a length of 16 bits in big endian, and that many bytes
/// of `PIN_VERIFY_STRUCTURE`. Back come keys, a byte each ([`Key`]), until the pad hangs up.
pub const SOCKET_VARIABLE: &str = "PIN_PAD_READER_SOCKET";

/// File name of the shared library, which cargo puts into the folder `deps` of the profile.
pub const LIBRARY: &str = "libpin_pad_reader.so";

/// A key of the pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// 0 to 9.
    Digit(u8),
    /// Takes the last digit back (yellow).
    Correct,
    /// Ends the entry with what was typed (green).
    Confirm,
    /// Ends the entry without (red).
    Cancel,
}

impl Key {
    /// The byte for it on the socket.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Digit(digit) => b'0' + digit % 10,
            Self::Correct => 0x08,
            Self::Confirm => b'\n',
            Self::Cancel => 0x1B,
        }
    }

    /// The key of this byte; keys that a pad doesn't have do nothing.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b'0'..=b'9' => Some(Self::Digit(byte - b'0')),
            0x08 => Some(Self::Correct),
            b'\n' => Some(Self::Confirm),
            0x1B => Some(Self::Cancel),
            _ => None,
        }
    }
}
