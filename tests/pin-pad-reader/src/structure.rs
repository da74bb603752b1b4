//! `PIN_VERIFY_STRUCTURE` (PC/SC Part 10, 2.5.2), read byte by byte and done as it says.

use std::{ops::RangeInclusive, time::Duration};

/// Bytes before the command: times, formats, lengths, messages, and the command's length.
const HEAD: usize = 19;
/// CLA, INS, P1, P2, Lc.
const COMMAND_HEAD: usize = 5;
/// What the reader takes for a time of zero.
const DEFAULT_TIME: u8 = 15;

/// `bEntryValidationCondition`: what ends an entry.
const LONGEST_REACHED: u8 = 0x01;
const KEY_PRESSED: u8 = 0x02;
const TIME_OVER: u8 = 0x04;

/// A structure that the reader doesn't take: it answers `6B80` (Part 10, 2.5.2: invalid parameter in passed structure).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invalid;

/// How digits are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Bcd,
    Ascii,
}

/// A PIN entry that was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PinVerify {
    /// Until the first key.
    pub(crate) first_key: Duration,
    /// From the first key on.
    pub(crate) typing: Duration,
    /// How many digits it takes.
    pub(crate) digits: RangeInclusive<usize>,
    conditions: u8,
    format: Format,
    justified_right: bool,
    /// Where the PIN begins, in bits from the first byte of the command's data.
    position: usize,
    /// Bytes that the PIN has with its filling.
    block: usize,
    /// Bits of its length in the command, and where they begin.
    length: usize,
    length_position: usize,
    command: Vec<u8>,
}

impl PinVerify {
    /// Reads a structure.
    ///
    /// # Errors
    /// [`Invalid`] for one that is cut, contradicts itself, or wants what this reader can't do.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Invalid> {
        let (head, command) = bytes.split_at_checked(HEAD).ok_or(Invalid)?;
        let &[
            time,
            typing_time,
            format,
            block,
            length_format,
            max,
            min,
            conditions,
            _messages,
            _,
            _,
            _,
            _,
            _,
            _,
            n0,
            n1,
            n2,
            n3,
        ] = head
        else {
            return Err(Invalid);
        };
        let declared = usize::try_from(u32::from_le_bytes([n0, n1, n2, n3])).map_err(|_| Invalid)?;
        let data = command.len().checked_sub(COMMAND_HEAD).ok_or(Invalid)?;
        if declared != command.len() || command.get(4).copied().map(usize::from) != Some(data) {
            return Err(Invalid);
        }
        let unit = |bytes: bool| if bytes { 8 } else { 1 };
        let seconds = |time| Duration::from_secs(u64::from(if time == 0 { DEFAULT_TIME } else { time }));
        let this = Self {
            first_key: seconds(time),
            typing: seconds(typing_time),
            digits: usize::from(min)..=usize::from(max),
            conditions,
            format: match format & 0x03 {
                1 => Format::Bcd,
                2 => Format::Ascii,
                _ => return Err(Invalid),
            },
            justified_right: format & 0x04 != 0,
            position: usize::from(format >> 3 & 0x0F) * unit(format & 0x80 != 0),
            block: usize::from(block & 0x0F),
            length: usize::from(block >> 4),
            length_position: usize::from(length_format & 0x0F) * unit(length_format & 0x10 != 0),
            command: command.to_vec(),
        };
        let room = data * 8;
        let fits = this.position + this.block * 8 <= room
            && this.length_position + this.length <= room
            && this.digits.end() * this.digit_bits() <= this.block * 8
            && !this.digits.is_empty()
            && this.conditions != 0;
        if fits { Ok(this) } else { Err(Invalid) }
    }

    /// Whether the green key ends the entry.
    pub(crate) fn ends_by_key(&self) -> bool {
        self.conditions & KEY_PRESSED != 0
    }

    /// Whether as many digits as there may be end the entry.
    pub(crate) fn ends_when_full(&self) -> bool {
        self.conditions & LONGEST_REACHED != 0
    }

    /// Whether the end of the time ends the entry with what was typed.
    pub(crate) fn ends_by_time(&self) -> bool {
        self.conditions & TIME_OVER != 0
    }

    /// The command with these digits in it. Where nothing is put, what the command has there stays.
    pub(crate) fn command(&self, digits: &[u8]) -> Vec<u8> {
        let mut command = self.command.clone();
        let data = command.get_mut(COMMAND_HEAD..).unwrap_or_default();
        let bits = self.digit_bits();
        let filling = if self.justified_right { self.block * 8 - digits.len() * bits } else { 0 };
        for (index, digit) in digits.iter().enumerate() {
            let value = match self.format {
                Format::Bcd => *digit,
                Format::Ascii => b'0' + digit,
            };
            put(data, self.position + filling + index * bits, bits, value);
        }
        put(data, self.length_position, self.length, u8::try_from(digits.len()).unwrap_or_default());
        command
    }

    fn digit_bits(&self) -> usize {
        match self.format {
            Format::Bcd => 4,
            Format::Ascii => 8,
        }
    }
}

/// Writes the lowest `count` bits of `value` from bit `position` on; bit 0 is the highest of the first byte.
fn put(data: &mut [u8], position: usize, count: usize, value: u8) {
    for index in 0..count {
        let place = position + index;
        let mask = 0x80 >> (place % 8);
        let bit = value.checked_shr(u32::try_from(count - 1 - index).unwrap_or(u32::MAX)).unwrap_or(0) & 1;
        if let Some(byte) = data.get_mut(place / 8) {
            *byte = if bit == 1 { *byte | mask } else { *byte & !mask };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMAND: &str = "0020000208 20FFFFFFFFFFFFFF";

    /// Times, this format, 6 to 8 digits ended by the key.
    fn structure(format: &str, command: &str) -> Vec<u8> {
        let command = hex::decode(command.replace(' ', "")).unwrap();
        let head = hex::decode(format!("3C1E{format}080602FF000000000000").replace(' ', "")).unwrap();
        [head, u32::try_from(command.len()).unwrap().to_le_bytes().to_vec(), command].concat()
    }

    fn typed(format: &str, command: &str, digits: &[u8]) -> Result<String, Invalid> {
        let entry = PinVerify::parse(&structure(format, command))?;
        Ok(hex::encode_upper(entry.command(digits)))
    }

    #[test]
    fn digits_and_length_are_put_where_the_structure_says() {
        // REINER SCT's way: bytes, the digits from byte 1 on, seven bytes, the length in four bits from bit 4 on.
        assert_eq!(
            typed("894704", COMMAND, &[1, 2, 3, 4, 5, 6]).as_deref(),
            Ok("002000020826123456FFFFFFFF")
        );
        assert_eq!(
            typed("894704", COMMAND, &[1, 2, 3, 4, 5, 6, 7]).as_deref(),
            Ok("0020000208271234567FFFFFFF")
        );
        // The same place counted in bits.
        assert_eq!(
            typed("414704", COMMAND, &[1, 2, 3, 4, 5, 6]),
            typed("894704", COMMAND, &[1, 2, 3, 4, 5, 6])
        );
        // ASCII from the first byte on, without a length.
        assert_eq!(
            typed("820800", "0020000208 FFFFFFFFFFFFFFFF", &[1, 2, 3, 4, 5, 6]).as_deref(),
            Ok("0020000208313233343536FFFF")
        );
        // BCD at the right.
        assert_eq!(
            typed("8D4704", COMMAND, &[1, 2, 3, 4, 5, 6]).as_deref(),
            Ok("002000020826FFFFFFFF123456")
        );
    }

    #[test]
    fn a_structure_that_is_wrong_gives_a_wrong_block() {
        let right = typed("894704", COMMAND, &[1, 2, 3, 4, 5, 6]);
        // One byte too early, no length, the length elsewhere, ASCII.
        for wrong in ["814704", "890704", "894700"] {
            let block = typed(wrong, COMMAND, &[1, 2, 3, 4, 5, 6]);
            assert!(block.is_ok() && block != right, "{wrong}");
        }
    }

    #[test]
    fn a_structure_that_contradicts_itself_is_not_taken() {
        // OpenSC's: eight bytes behind the first are nine. Binary. A block too small for eight digits.
        for format in ["414804", "884704", "894304"] {
            assert_eq!(typed(format, COMMAND, &[1; 6]), Err(Invalid), "{format}");
        }
        // Lc that lies; no data.
        for command in ["0020000207 20FFFFFFFFFFFFFF", "00200002"] {
            assert_eq!(typed("894704", command, &[1; 6]), Err(Invalid), "{command}");
        }
        let whole = structure("894704", COMMAND);
        for length in 0..whole.len() {
            assert_eq!(PinVerify::parse(&whole[..length]), Err(Invalid), "{length} bytes");
        }
        let with = |index: usize, value: u8| {
            let mut changed = whole.clone();
            changed[index] = value;
            PinVerify::parse(&changed)
        };
        // Fewest above most, nothing that ends the entry, another length of the command.
        for (index, value) in [(6, 9), (7, 0), (15, 12)] {
            assert_eq!(with(index, value), Err(Invalid), "byte {index}");
        }
    }

    #[test]
    fn times_are_seconds_and_zero_is_the_readers_own() {
        let times = |first, typing| {
            let mut bytes = structure("894704", COMMAND);
            (bytes[0], bytes[1]) = (first, typing);
            let entry = PinVerify::parse(&bytes).unwrap();
            (entry.first_key.as_secs(), entry.typing.as_secs())
        };
        assert_eq!(times(60, 30), (60, 30));
        assert_eq!(times(0, 0), (15, 15));
    }
}
