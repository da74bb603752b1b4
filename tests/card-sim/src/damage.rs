//! Health cards whose EF.PD is wrong, or unusual enough to break a careless reader.

use flate2::Compression;

use crate::egk::{PD_RESERVED, gzip, two_bytes, with_length};

/// What is wrong with EF.PD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The length field points far behind the end of the file.
    LengthBeyondFile,
    /// A bit of the gzip stream is flipped.
    CorruptGzip,
    /// The gzip stream grows to 400 kB.
    GzipBomb,
    /// The element Person is missing around its children.
    WrongShape,
    /// The XML ends in the middle.
    TornXml,
    /// Nothing is wrong, but the file is full to its last byte.
    FullFile,
}

/// Blanks in a gzip bomb: more than any reader should allow, and the stream still fits into the file.
const BOMB: usize = 400_000;

impl Damage {
    /// The damaged XML.
    pub(crate) fn of_xml(self, xml: Vec<u8>) -> Vec<u8> {
        match self {
            Self::WrongShape => without(&without(&xml, b"<Person>"), b"</Person>"),
            Self::TornXml => xml.get(..xml.len() / 2).unwrap_or_default().to_vec(),
            Self::GzipBomb => padded(&xml, BOMB),
            // A stream of stored blocks is 23 bytes longer than its content (RFC 1951, RFC 1952).
            Self::FullFile => padded(&xml, (usize::from(PD_RESERVED) - 2 - 23).saturating_sub(xml.len())),
            Self::LengthBeyondFile | Self::CorruptGzip => xml,
        }
    }

    /// EF.PD around the (damaged) XML.
    pub(crate) fn of_file(self, xml: &[u8]) -> Vec<u8> {
        match self {
            Self::LengthBeyondFile => {
                let stream = gzip(xml, Compression::default());
                [&two_bytes(stream.len() + 4_000), stream.as_slice()].concat()
            }
            Self::CorruptGzip => {
                let mut stream = gzip(xml, Compression::default());
                let middle = stream.len() / 2;
                stream.iter_mut().skip(middle).take(1).for_each(|byte| *byte ^= 0x10);
                with_length(&stream)
            }
            Self::GzipBomb => with_length(&gzip(xml, Compression::best())),
            Self::FullFile => with_length(&gzip(xml, Compression::none())),
            Self::WrongShape | Self::TornXml => with_length(&gzip(xml, Compression::default())),
        }
    }
}

/// `xml` with blanks before its last element's end, where they mean nothing.
fn padded(xml: &[u8], blanks: usize) -> Vec<u8> {
    let end = xml.iter().rposition(|byte| *byte == b'<').unwrap_or(xml.len());
    let (head, tail) = xml.split_at(end);
    [head, &vec![b' '; blanks], tail].concat()
}

fn without(xml: &[u8], part: &[u8]) -> Vec<u8> {
    let Some(start) = xml.windows(part.len()).position(|window| window == part) else { return xml.to_vec() };
    let (head, tail) = xml.split_at(start);
    [head, tail.get(part.len()..).unwrap_or_default()].concat()
}
