//! Command APDUs as a card sees them (ISO 7816-4, 5.1) and the status words it answers with.

/// Status words (ISO 7816-4, 5.1.3; gemSpec_COS names).
pub mod sw {
    /// Everything went well.
    pub const OK: u16 = 0x9000;
    /// The file ended before Ne bytes were read.
    pub const END_OF_FILE: u16 = 0x6282;
    /// The selected file or application is deactivated.
    pub const DEACTIVATED: u16 = 0x6283;
    /// Nobody was authenticated: the password of PACE, or the terminal's token, is wrong.
    pub const AUTHENTICATION_FAILED: u16 = 0x6300;
    /// A wrong PIN; the low nibble tells the tries left.
    pub const TRIES_LEFT: u16 = 0x63C0;
    /// The PIN is the one the card came with, and must be changed first.
    pub const TRANSPORT_PIN: u16 = 0x62C1;
    /// No PIN was set yet.
    pub const EMPTY_PIN: u16 = 0x62C7;
    /// The PIN needn't be proven.
    pub const PIN_DISABLED: u16 = 0x62D0;
    /// Lc, Le or the length of the APDU is wrong.
    pub const WRONG_LENGTH: u16 = 0x6700;
    /// The last command of a chain was expected.
    pub const CHAIN: u16 = 0x6883;
    /// The command doesn't fit the file's structure.
    pub const WRONG_FILE_TYPE: u16 = 0x6981;
    /// The access rule isn't fulfilled.
    pub const SECURITY_STATUS: u16 = 0x6982;
    /// No try is left.
    pub const BLOCKED: u16 = 0x6983;
    /// The command doesn't fit the card's state.
    pub const CONDITIONS: u16 = 0x6985;
    /// No elementary file is selected.
    pub const NO_CURRENT_EF: u16 = 0x6986;
    /// A data object of secure messaging is missing.
    pub const PROTECTION_MISSING: u16 = 0x6987;
    /// A data object of secure messaging is wrong; also: there is no such password (gemSpec_COS).
    pub const PROTECTION_WRONG: u16 = 0x6988;
    /// The data field is wrong.
    pub const WRONG_DATA: u16 = 0x6A80;
    /// No such file or application.
    pub const NOT_FOUND: u16 = 0x6A82;
    /// No such record.
    pub const NO_RECORD: u16 = 0x6A83;
    /// P1 or P2 is wrong.
    pub const WRONG_P1_P2: u16 = 0x6A86;
    /// No such key.
    pub const NO_KEY: u16 = 0x6A88;
    /// The offset lies at or behind the end of the file.
    pub const WRONG_OFFSET: u16 = 0x6B00;
    /// No such instruction.
    pub const NO_INSTRUCTION: u16 = 0x6D00;
    /// No such class.
    pub const NO_CLASS: u16 = 0x6E00;
}

/// How many response bytes the command asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ne {
    /// 1 to 65,536.
    pub(crate) bytes: usize,
    /// Le was zero: as many as there are, up to `bytes`.
    pub(crate) wildcard: bool,
}

impl Ne {
    /// Le in one byte, or in two of an extended command; `None` for another number of bytes.
    pub(crate) fn parse(le: &[u8]) -> Option<Self> {
        match *le {
            [le] => Some(short(le)),
            [a, b] => Some(extended_ne(a, b)),
            _ => None,
        }
    }
}

/// A parsed command APDU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Command<'a> {
    pub(crate) cla: u8,
    pub(crate) ins: u8,
    pub(crate) p1: u8,
    pub(crate) p2: u8,
    pub(crate) data: &'a [u8],
    pub(crate) ne: Option<Ne>,
    /// Lc or Le came in three or two bytes.
    pub(crate) extended: bool,
}

impl<'a> Command<'a> {
    /// Parses cases 1 to 4, short and extended; `None` if the lengths contradict each other.
    pub(crate) fn parse(apdu: &'a [u8]) -> Option<Self> {
        let (&[cla, ins, p1, p2], body) = apdu.split_first_chunk()?;
        let (data, ne, extended) = match *body {
            [] => (&body[..0], None, false),
            [le] => (&body[..0], Some(short(le)), false),
            [0, a, b] => (&body[..0], Some(extended_ne(a, b)), true),
            [0, a, b, ref rest @ ..] => {
                let (data, le) = rest.split_at_checked(usize::from(u16::from_be_bytes([a, b])))?;
                let ne = match *le {
                    [] => None,
                    [a, b] => Some(extended_ne(a, b)),
                    _ => return None,
                };
                (data, ne, true)
            }
            [lc, ref rest @ ..] => {
                let (data, le) = rest.split_at_checked(usize::from(lc))?;
                let ne = match *le {
                    [] => None,
                    [le] => Some(short(le)),
                    _ => return None,
                };
                (data, ne, false)
            }
        };
        let empty_lc = data.is_empty() && !matches!(body.len(), 0 | 1 | 3);
        (!empty_lc).then_some(Self { cla, ins, p1, p2, data, ne, extended })
    }
}

fn short(le: u8) -> Ne {
    Ne { bytes: if le == 0 { 256 } else { usize::from(le) }, wildcard: le == 0 }
}

fn extended_ne(a: u8, b: u8) -> Ne {
    let le = usize::from(u16::from_be_bytes([a, b]));
    Ne { bytes: if le == 0 { 65_536 } else { le }, wildcard: le == 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(apdu: &str, data: &str, ne: Option<(usize, bool)>, extended: bool) {
        let apdu = hex::decode(apdu).unwrap();
        let command = Command::parse(&apdu).unwrap();
        assert_eq!(hex::encode(command.data), data);
        assert_eq!(command.ne, ne.map(|(bytes, wildcard)| Ne { bytes, wildcard }));
        assert_eq!(command.extended, extended);
    }

    #[test]
    fn the_four_cases_parse_short_and_extended() {
        check("00a4040c", "", None, false);
        check("00b0000000", "", Some((256, true)), false);
        check("00b000007f", "", Some((127, false)), false);
        check("00a4040c023f00", "3f00", None, false);
        check("00a40404023f0010", "3f00", Some((16, false)), false);
        check("00b00000000000", "", Some((65_536, true)), true);
        check("00b00000000320", "", Some((800, false)), true);
        check("00a4040c0000023f00", "3f00", None, true);
        check("00a404040000023f000000", "3f00", Some((65_536, true)), true);
    }

    #[test]
    fn contradicting_lengths_do_not_parse() {
        for apdu in [
            "",
            "00a404",
            "00a4040c033f00",
            "00a4040c023f000000",
            "00b0000000000000",
            "00b000000000",
            "00b0000000000000ff",
        ] {
            assert_eq!(Command::parse(&hex::decode(apdu).unwrap()), None, "{apdu}");
        }
    }
}
