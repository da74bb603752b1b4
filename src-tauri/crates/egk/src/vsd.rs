//! The insured person's master data (Versichertenstammdaten): where it lies in its files, and how it is
//! unfolded.

mod fields;
mod xml;

use crate::error::Problem;
use flate2::read::GzDecoder;
use std::io::Read;
use std::ops::Range;
use zeroize::Zeroizing;

pub(crate) use fields::{flag, integer};
pub(crate) use xml::{Document, Form, wrong_field};

/// Most bytes of XML that a gzip stream may unfold to. Real data has some 1,000 bytes; the schema's longest
/// fields and generous white space stay far below.
pub const XML_BYTES_MAX: usize = 64 * 1024;

/// Bytes of the pointers at the beginning of EF.VD: first and last byte of the insurance data and of the copy
/// of the protected data.
const VD_HEADER_BYTES: usize = 8;

/// Finds the gzip stream in EF.PD, from the file's first bytes: two bytes length, then the stream.
///
/// # Errors
/// [`Problem::Length`] where there is no stream.
pub(crate) fn locate_pd(head: &[u8]) -> Result<Range<usize>, Problem> {
    let (length, _) = head.split_first_chunk::<2>().ok_or(Problem::Length)?;
    match usize::from(u16::from_be_bytes(*length)) {
        0 => Err(Problem::Length),
        length => Ok(2..2 + length),
    }
}

/// Finds the gzip stream of the insurance data in EF.VD, from the file's first bytes: offsets of its first
/// and of its last byte. The pointers to the copy of the protected data aren't looked at, whatever they say.
///
/// # Errors
/// [`Problem::Length`] where there is no such stream: `FFFF` twice, zero twice, the last byte before the
/// first.
pub(crate) fn locate_vd(head: &[u8]) -> Result<Range<usize>, Problem> {
    let (&[start_high, start_low, last_high, last_low, ..], _) =
        head.split_first_chunk::<VD_HEADER_BYTES>().ok_or(Problem::Length)?;
    let start = u16::from_be_bytes([start_high, start_low]);
    let last = u16::from_be_bytes([last_high, last_low]);
    let (start, last) = (usize::from(start), usize::from(last));
    if start < VD_HEADER_BYTES || last < start || last == usize::from(u16::MAX) {
        return Err(Problem::Length);
    }
    Ok(start..last + 1)
}

/// Unfolds a gzip stream; bytes behind it don't count.
///
/// # Errors
/// [`Problem::Gzip`] for a corrupt stream (its check sum included), [`Problem::TooLarge`] beyond
/// [`XML_BYTES_MAX`].
pub(crate) fn gunzip(stream: &[u8]) -> Result<Zeroizing<Vec<u8>>, Problem> {
    // Reserved in full: a buffer that grows would leave unwiped copies behind.
    let mut xml = Zeroizing::new(Vec::with_capacity(XML_BYTES_MAX + 1));
    let limit = XML_BYTES_MAX as u64 + 1;
    GzDecoder::new(stream).take(limit).read_to_end(&mut xml).map_err(|_| Problem::Gzip)?;
    if xml.len() > XML_BYTES_MAX { Err(Problem::TooLarge) } else { Ok(xml) }
}

/// The XML in a whole file.
///
/// # Errors
/// As `locate` and [`gunzip`]; [`Problem::Length`] where the stream would reach beyond the file.
pub(crate) fn unfold(
    file: &[u8],
    locate: fn(&[u8]) -> Result<Range<usize>, Problem>,
) -> Result<Zeroizing<Vec<u8>>, Problem> {
    gunzip(file.get(locate(file)?).ok_or(Problem::Length)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    // The first bytes of EF.PD and EF.VD of gematik's published G2.1 card image.
    #[test]
    fn streams_are_found_as_in_the_published_card_image() {
        assert_eq!(locate_pd(&[0x01, 0x78, 0x1F, 0x8B]), Ok(2..378));
        assert_eq!(locate_vd(&[0x00, 0x08, 0x01, 0x4D, 0x01, 0x4E, 0x02, 0x2F, 0x1F, 0x8B]), Ok(8..0x14E));
    }

    #[test]
    fn pointers_to_protected_data_make_no_difference() {
        for pointers in [[0xFF; 4], [0; 4], [0x02, 0x00, 0x01, 0x00]] {
            let head = [&[0x00, 0x08, 0x01, 0x4D], &pointers[..]].concat();
            assert_eq!(locate_vd(&head), Ok(8..0x14E));
        }
    }

    #[test]
    fn absent_and_contradictory_streams_are_refused() {
        for head in [&[][..], &[0x01], &[0, 0]] {
            assert_eq!(locate_pd(head), Err(Problem::Length), "{head:?}");
        }
        for [start, last] in [[0xFFFF_u16, 0xFFFF], [0, 0], [0x0100, 0x00FF], [7, 0x0100], [8, 0xFFFF]] {
            let head = [start.to_be_bytes(), last.to_be_bytes(), [0; 2], [0; 2]].concat();
            assert_eq!(locate_vd(&head), Err(Problem::Length), "{start:04X} {last:04X}");
        }
        assert_eq!(locate_vd(&[0x00, 0x08, 0x01, 0x4D, 0xFF, 0xFF, 0xFF]), Err(Problem::Length));
    }

    #[test]
    fn a_stream_beyond_the_file_is_refused() {
        let mut file = vec![0x00, 0x00];
        file.extend(gzip(b"<x/>"));
        let length = file.len() - 2;
        file[1] = u8::try_from(length).unwrap();
        assert_eq!(unfold(&file, locate_pd).unwrap().as_slice(), b"<x/>");
        file[1] += 1;
        assert_eq!(unfold(&file, locate_pd), Err(Problem::Length));
        file.push(0);
        assert!(unfold(&file, locate_pd).is_ok(), "a byte behind the stream does not count");
    }

    #[test]
    fn a_corrupt_stream_is_refused() {
        let stream = gzip(b"Amsel, Buntspecht, Carolinataube, Dohle, Elster, Fasan");
        assert_eq!(gunzip(&stream[..stream.len() - 1]), Err(Problem::Gzip), "cut off");
        for index in [0, 2, 12, stream.len() - 1] {
            let mut corrupt = stream.clone();
            corrupt[index] ^= 0x55;
            assert_eq!(gunzip(&corrupt), Err(Problem::Gzip), "byte {index}");
        }
    }

    #[test]
    fn a_stream_unfolds_to_the_limit_and_no_further() {
        assert_eq!(gunzip(&gzip(&[b' '; XML_BYTES_MAX])).unwrap().len(), XML_BYTES_MAX);
        assert_eq!(gunzip(&gzip(&[b' '; XML_BYTES_MAX + 1])), Err(Problem::TooLarge));
        assert_eq!(gunzip(&gzip(&vec![b' '; 16 << 20])), Err(Problem::TooLarge), "a gzip bomb");
    }
}
