//! When the insured person's data was last updated.

use crate::birth_date::parse_date;
use crate::error::Problem;
use crate::object_system::Version;
use jiff::civil::{DateTime, Time};

/// Bytes of EF.StatusVD; generation 1 had 20.
const FILE_BYTES: usize = 25;

/// What EF.StatusVD says (gemSpec_eGK_Fach_VSDM, EF.StatusVD).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusVd {
    /// An update was interrupted: the data may contradict itself.
    pub transaction_open: bool,
    /// When the data was last updated, local time without a zone; `None` if the card holds no such time.
    pub updated: Option<DateTime>,
    /// Version of the XML schema that the data follows.
    pub schema_version: Version,
    /// Version of the files' structure.
    pub storage_version: Version,
}

impl StatusVd {
    /// Reads EF.StatusVD; what comes after its 25 bytes doesn't count.
    ///
    /// # Errors
    /// [`Problem::Length`] for fewer bytes, [`Problem::Field`] where one isn't of its form.
    pub fn parse(file: &[u8]) -> Result<Self, Problem> {
        let (file, _) = file.split_first_chunk::<FILE_BYTES>().ok_or(Problem::Length)?;
        let [status, rest @ ..] = file;
        let transaction_open = match status {
            b'0' => false,
            b'1' => true,
            _ => return Err(Problem::Field { name: "Status" }),
        };
        let (timestamp, versions) = rest.split_at(14);
        let (schema, storage) = versions.split_at(5);
        Ok(Self {
            transaction_open,
            updated: timestamp_of(timestamp)?,
            schema_version: packed_version(schema, "VSD schema version")?,
            storage_version: packed_version(storage, "storage structure version")?,
        })
    }
}

/// `YYYYMMDDHHMMSS`.
fn timestamp_of(bytes: &[u8]) -> Result<Option<DateTime>, Problem> {
    let wrong = Problem::Field { name: "Timestamp" };
    let text = std::str::from_utf8(bytes).map_err(|_| wrong)?;
    if !bytes.iter().all(u8::is_ascii_digit) {
        return Err(wrong);
    }
    let (date, time) = text.split_at(8);
    Ok(parse_date(date).zip(parse_time(time)).map(|(date, time)| date.to_datetime(time)))
}

fn parse_time(text: &str) -> Option<Time> {
    let part = |from: usize| text.get(from..from + 2)?.parse().ok();
    Time::new(part(0)?, part(2)?, part(4)?, 0).ok()
}

/// Three, three and four packed decimal digits.
fn packed_version(bytes: &[u8], name: &'static str) -> Result<Version, Problem> {
    let mut numbers = [0_u16; 3];
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    for (digit, number) in digits.zip([0, 0, 0, 1, 1, 1, 2, 2, 2, 2]) {
        if digit > 9 {
            return Err(Problem::Field { name });
        }
        if let Some(number) = numbers.get_mut(number) {
            *number = *number * 10 + u16::from(digit);
        }
    }
    let [major, minor, fix] = numbers;
    Ok(Version { major, minor, fix })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    // EF.StatusVD of gematik's published G2.1 card image.
    const FILE: [u8; 25] = *b"020230920131454\x00\x50\x02\x00\x00\x00\x30\x00\x00\x04";

    fn with_bytes(at: usize, bytes: &[u8]) -> Result<StatusVd, Problem> {
        let mut file = FILE;
        file[at..at + bytes.len()].copy_from_slice(bytes);
        StatusVd::parse(&file)
    }

    #[test]
    fn the_published_card_image_is_read() {
        let status = StatusVd::parse(&FILE).unwrap();
        assert!(!status.transaction_open);
        assert_eq!(status.updated, Some(date(2023, 9, 20).at(13, 14, 54, 0)));
        assert_eq!(status.schema_version.to_string(), "5.2.0");
        assert_eq!(status.storage_version.to_string(), "3.0.4");
    }

    // gematik's VSDService.xsd: 0 is "keine Transaktion offen"; OpenSC's egk-tool says the opposite.
    #[test]
    fn an_ascii_one_says_that_an_update_was_interrupted() {
        assert!(with_bytes(0, b"1").unwrap().transaction_open);
        assert_eq!(with_bytes(0, b"2"), Err(Problem::Field { name: "Status" }));
        assert_eq!(with_bytes(0, &[0]), Err(Problem::Field { name: "Status" }));
    }

    #[test]
    fn a_time_that_there_never_was_is_no_time() {
        assert_eq!(with_bytes(1, b"00000000000000").unwrap().updated, None);
        assert_eq!(with_bytes(1, b"20230931131454").unwrap().updated, None);
        assert_eq!(with_bytes(1, b"20230920241454").unwrap().updated, None);
        assert_eq!(with_bytes(1, b"2023-09-20 13 "), Err(Problem::Field { name: "Timestamp" }));
    }

    #[test]
    fn versions_are_packed_decimal_of_three_three_and_four_digits() {
        let status = with_bytes(15, &[0x12, 0x34, 0x56, 0x78, 0x90]).unwrap();
        assert_eq!(status.schema_version, Version { major: 123, minor: 456, fix: 7_890 });
        assert_eq!(with_bytes(15, &[0x0A]), Err(Problem::Field { name: "VSD schema version" }));
        assert_eq!(with_bytes(24, &[0xF4]), Err(Problem::Field { name: "storage structure version" }));
    }

    #[test]
    fn a_short_file_is_refused_and_bytes_behind_it_do_not_count() {
        assert_eq!(StatusVd::parse(&FILE[..24]), Err(Problem::Length));
        assert_eq!(StatusVd::parse(&[&FILE[..], &[0; 9]].concat()), StatusVd::parse(&FILE));
    }
}
