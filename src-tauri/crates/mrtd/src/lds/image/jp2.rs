//! The boxes of a JP2 file (ISO/IEC 15444-1, Annex I): only the codestream and the colour space are looked
//! at.

use super::{FaceError, Feature};
use crate::lds::octets::Octets;

/// Most boxes on a level; a portrait's file has five, and five in its header.
const BOXES_MAX: usize = 64;

const HEADER: [u8; 4] = *b"jp2h";
const COLOUR_SPECIFICATION: [u8; 4] = *b"colr";
const PALETTE: [u8; 4] = *b"pclr";
const CODESTREAM: [u8; 4] = *b"jp2c";

/// METH of a colour specification: a number names the colour space (I.5.3.3).
const ENUMERATED: u8 = 1;
/// The colour spaces whose numbers need no conversion: sRGB and greyscale.
const SRGB: u32 = 16;
const GREYSCALE: u32 = 17;

/// The codestream in a file whose colours are grey or RGB. An ICC profile is taken for sRGB: ISO/IEC 19794-5
/// allows RGB alone, and the eye compares a face, not a colour.
pub(super) fn codestream(file: &[u8]) -> Result<&[u8], FaceError> {
    let mut found = None;
    for (kind, content) in boxes(file) {
        if kind == HEADER {
            for (kind, content) in boxes(content) {
                check_colours(kind, content)?;
            }
        } else if kind == CODESTREAM && found.is_none() {
            found = Some(content);
        }
    }
    found.ok_or(FaceError::Malformed)
}

fn check_colours(kind: [u8; 4], content: &[u8]) -> Result<(), FaceError> {
    let enumerated = match kind {
        PALETTE => return Err(FaceError::Unsupported(Feature::Colours)),
        COLOUR_SPECIFICATION => {
            content.split_first_chunk().filter(|([method, ..], _): &(&[u8; 3], _)| *method == ENUMERATED)
        }
        _ => None,
    };
    match enumerated.and_then(|(_, rest)| Octets(rest).u32()) {
        None | Some(SRGB | GREYSCALE) => Ok(()),
        Some(_) => Err(FaceError::Unsupported(Feature::Colours)),
    }
}

/// The boxes of one level, up to the first that isn't whole; a box that says it is longer than what is there
/// has the rest.
fn boxes(content: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = Octets(content);
    std::iter::from_fn(move || next_box(&mut rest)).take(BOXES_MAX)
}

fn next_box<'a>(rest: &mut Octets<'a>) -> Option<([u8; 4], &'a [u8])> {
    let length = rest.u32()?;
    let kind = rest.u32()?.to_be_bytes();
    let content = match length {
        0 => rest.0.len(),
        1 => {
            let length = u64::from(rest.u32()?) << 32 | u64::from(rest.u32()?);
            usize::try_from(length.checked_sub(16)?).ok()?
        }
        _ => usize::try_from(length.checked_sub(8)?).ok()?,
    };
    Some((kind, rest.take(content.min(rest.0.len()))?))
}
