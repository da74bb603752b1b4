//! Protecting a command (ISO/IEC 7816-4, secure messaging; TR-03110-3, F.1).

use super::MAC_OBJECT_BYTES;
use super::suite::Suite;
use crate::apdu::{CommandApdu, LengthForm, NC_MAX, NC_SHORT_MAX, NE_MAX, NE_SHORT_MAX};
use crate::channel::{Capacity, ExtendedLength};
use crate::crypto::padding::padding;
use crate::tlv::{self, Tag};
use zeroize::Zeroizing;

/// CLA bits 4 and 3: secure messaging with the header in the check value.
const CLA_PROTECTED: u8 = 0x0C;
/// CLA bits 8 and 7 of a class whose other bits are coded otherwise: logical channels 4 to 19.
const CLA_FURTHER_MASK: u8 = 0xC0;
const CLA_FURTHER: u8 = 0x40;
/// INS bit 1: the data field is made of data objects.
const INS_ODD: u8 = 0x01;

/// Padding indicator and cryptogram.
const CRYPTOGRAM: Tag = Tag(0x87);
/// Cryptogram of data objects, without a padding indicator.
const CRYPTOGRAM_OF_OBJECTS: Tag = Tag(0x85);
/// Ne of the command.
const EXPECTED_LENGTH: Tag = Tag(0x97);
/// Check value.
const MAC: Tag = Tag(0x8E);
/// The padding indicator of a padding with `80 00 …`.
const PADDED: u8 = 0x01;

/// What is left for a cryptogram in a short data field of 255 bytes beside `87 81 L 01`, `97 01 Le` and the
/// check value. In a short answer of 256 bytes the same is left beside `87 81 L 01`, `99 02 SW` and the check
/// value.
const CRYPTOGRAM_SHORT_MAX: usize = NC_SHORT_MAX - 4 - 3 - MAC_OBJECT_BYTES;
/// The same in an extended data field, with `87 82 L L 01` and `97 02 Le Le`.
const CRYPTOGRAM_MAX: usize = NC_MAX - 5 - 4 - MAC_OBJECT_BYTES;

/// What a protected command and its answer hold of plain data; 223 bytes in the short form with
/// AES, 231 with 3DES.
pub(super) fn capacity(suite: &Suite, extended_length: ExtendedLength) -> Capacity {
    // At least one byte of the last block is padding.
    let plain = |cryptogram: usize| cryptogram / suite.block_bytes() * suite.block_bytes() - 1;
    match extended_length {
        // `0000` asks for all there is, and no file is so long that it wouldn't fit under protection.
        ExtendedLength::Yes => Capacity { nc: plain(CRYPTOGRAM_MAX), ne: NE_MAX },
        ExtendedLength::No | ExtendedLength::Untried => {
            Capacity { nc: plain(CRYPTOGRAM_SHORT_MAX), ne: plain(CRYPTOGRAM_SHORT_MAX) }
        }
    }
}

/// The protected command; `None` if it doesn't fit the channel or can't be protected at all.
pub(super) fn protect(
    suite: &Suite,
    counter: u128,
    command: &CommandApdu,
    extended_length: ExtendedLength,
) -> Option<CommandApdu> {
    let [cla, ins, p1, p2] = command.header();
    if cla & CLA_PROTECTED != 0 || cla & CLA_FURTHER_MASK == CLA_FURTHER {
        return None;
    }
    let form = form(suite, command, extended_length);
    // Two objects beside the cryptogram, of which no tag and length take more than five bytes.
    let mut data = Vec::with_capacity(command.data().len() + suite.block_bytes() + 32);
    if !command.data().is_empty() {
        let value = cryptogram(suite, counter, command.data());
        // The padding indicator comes first.
        match value.split_first() {
            Some((_, cryptogram)) if ins & INS_ODD != 0 => {
                tlv::write(&mut data, CRYPTOGRAM_OF_OBJECTS, cryptogram);
            }
            _ => tlv::write(&mut data, CRYPTOGRAM, &value),
        }
    }
    let short = capacity(suite, ExtendedLength::No);
    match (form, command.ne()) {
        (_, 0) => {}
        (LengthForm::Short, ne) => {
            let [.., le] = ne.min(short.ne).to_be_bytes();
            tlv::write(&mut data, EXPECTED_LENGTH, &[le]);
        }
        (LengthForm::Extended, ne) => {
            let [.., high, low] = ne.to_be_bytes();
            tlv::write(&mut data, EXPECTED_LENGTH, &[high, low]);
        }
    }
    let cla = cla | CLA_PROTECTED;
    let mac = suite.mac(counter, &[&[cla, ins, p1, p2], &data]);
    tlv::write(&mut data, MAC, &mac);
    let (nc_max, ne) = match form {
        LengthForm::Short => (NC_SHORT_MAX, NE_SHORT_MAX),
        LengthForm::Extended => (NC_MAX, NE_MAX),
    };
    if data.len() > nc_max {
        return None;
    }
    let protected = CommandApdu::new(cla, ins, p1, p2).with_data(&data).ok()?;
    Some(protected.with_ne(ne).with_sensitivity(command.sensitivity()))
}

/// The short form, unless the plain command needs more.
fn form(suite: &Suite, command: &CommandApdu, extended_length: ExtendedLength) -> LengthForm {
    let short = capacity(suite, ExtendedLength::No);
    match extended_length {
        ExtendedLength::No => LengthForm::Short,
        // Whoever sends a long command on such a channel means to try.
        ExtendedLength::Untried => command.shortest_form(),
        ExtendedLength::Yes if command.data().len() <= short.nc && command.ne() <= short.ne => {
            LengthForm::Short
        }
        ExtendedLength::Yes => LengthForm::Extended,
    }
}

/// Padding indicator and the encrypted data.
fn cryptogram(suite: &Suite, counter: u128, data: &[u8]) -> Zeroizing<Vec<u8>> {
    let padding = padding(data.len(), suite.block_bytes());
    let mut value = Zeroizing::new(Vec::with_capacity(1 + data.len() + padding.len()));
    value.push(PADDED);
    value.extend_from_slice(data);
    value.extend_from_slice(padding);
    if let Some((_, padded)) = value.split_first_mut() {
        suite.encrypt(counter, padded);
    }
    value
}
