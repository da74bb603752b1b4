//! Checking and opening a protected answer (ISO/IEC 7816-4, secure messaging; TR-03110-3, F.1).

use super::MAC_OBJECT_BYTES;
use super::suite::Suite;
use crate::apdu::ResponseApdu;
use crate::channel::ChannelError;
use crate::crypto::padding::unpadded_bytes;
use crate::status::StatusWord;
use crate::tlv::{Reader, Tag};
use zeroize::Zeroizing;

/// Plain data, which a card gives where its access rules ask for no encryption.
const PLAIN: Tag = Tag(0x81);
/// Padding indicator and cryptogram.
const CRYPTOGRAM: Tag = Tag(0x87);
/// Cryptogram of data objects, without a padding indicator: the answer to an odd instruction.
const CRYPTOGRAM_OF_OBJECTS: Tag = Tag(0x85);
/// The status word.
const STATUS: Tag = Tag(0x99);
/// The padding indicator of a padding with `80 00 …`.
const PADDED: u8 = 0x01;
/// What a protected answer can begin with.
const FIRST_BYTES: [u8; 5] = [0x81, 0x85, 0x87, 0x99, 0x8E];

/// The answer inside a protected one: `[87 | 85 | 81] 99 8E`, the status from the object `99`. The outer status,
/// which nothing protects, must be the same or `9000` (some cards mean by it that protection worked).
///
/// The check value is verified before anything else is looked at.
pub(super) fn unprotect(
    suite: &Suite,
    counter: u128,
    response: &ResponseApdu,
) -> Result<ResponseApdu, ChannelError> {
    if response.data.first().is_none_or(|first| !FIRST_BYTES.contains(first)) {
        return Err(ChannelError::Unprotected(response.status));
    }
    let Some((objects, [0x8E, 0x08, mac @ ..])) = response.data.split_last_chunk::<MAC_OBJECT_BYTES>() else {
        return Err(ChannelError::Malformed);
    };
    if !suite.verify(counter, &[objects], mac) {
        return Err(ChannelError::WrongMac);
    }
    let (content, status) = read_objects(objects).ok_or(ChannelError::Malformed)?;
    if response.status != status && !response.status.is_ok() {
        return Err(ChannelError::Malformed);
    }
    let data = match content {
        Content::None => Zeroizing::new(Vec::new()),
        Content::Plain(data) => Zeroizing::new(data.to_vec()),
        Content::Cryptogram(data) => decrypt(suite, counter, data).ok_or(ChannelError::Malformed)?,
    };
    Ok(ResponseApdu { data, status })
}

enum Content<'a> {
    None,
    Plain(&'a [u8]),
    Cryptogram(&'a [u8]),
}

/// At most one object with data, then the status, and not a byte more.
fn read_objects(objects: &[u8]) -> Option<(Content<'_>, StatusWord)> {
    let mut reader = Reader::new(objects);
    let first = reader.next()?.ok()?;
    let (content, status, bytes) = if first.tag() == STATUS {
        (Content::None, first, first.encoded().len())
    } else {
        let content = match (first.tag(), first.value()) {
            (PLAIN, data) => Content::Plain(data),
            (CRYPTOGRAM, [PADDED, data @ ..]) | (CRYPTOGRAM_OF_OBJECTS, data) => Content::Cryptogram(data),
            _ => return None,
        };
        let status = reader.next()?.ok()?;
        (content, status, first.encoded().len() + status.encoded().len())
    };
    let word = <[u8; 2]>::try_from(status.value()).ok()?;
    // The reader would pass over zeros between objects.
    let nothing_else = bytes == objects.len();
    (status.tag() == STATUS && nothing_else).then_some((content, StatusWord(u16::from_be_bytes(word))))
}

fn decrypt(suite: &Suite, counter: u128, cryptogram: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if cryptogram.is_empty() || !cryptogram.len().is_multiple_of(suite.block_bytes()) {
        return None;
    }
    let mut data = Zeroizing::new(cryptogram.to_vec());
    suite.decrypt(counter, &mut data);
    let bytes = unpadded_bytes(&data, suite.block_bytes())?;
    data.truncate(bytes);
    Some(data)
}
