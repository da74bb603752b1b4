//! The least possible number of commands.

use card_sim::travel::{ChipProfile, FileId};

/// Most bytes of an answer in the short form without its status word.
const ANSWER_SHORT: usize = 256;
/// Most plain bytes that a command of the extended form is asked for: answers of more than 65,535 bytes aren't possible, but
/// a reader that takes them in one piece can neither be cancelled within nor show how far it is; over the air at 106 kbit/s
/// a face takes 1.4 s, this 0.3 s.
const PIECE_EXTENDED: usize = 4096;
/// Beside the cryptogram: its own tag, length and padding indicator (`87 81 L 01`), the status (`99 02 SW`), and the check
/// value (`8E 08 …`).
const PROTECTION_SHORT: usize = 4 + 4 + 10;
/// Of 3DES and AES.
const BLOCK_3DES: usize = 8;
const BLOCK_AES: usize = 16;

const CARD_ACCESS: FileId = FileId::master_file(0x011C);
const SECURITY_OBJECT: FileId = FileId::lds1(0x011D);

/// SELECT of the root, for another program may have used the chip before.
const ROOT: usize = 1;
/// SELECT of the application.
const APPLICATION: usize = 1;
/// GET CHALLENGE and EXTERNAL AUTHENTICATE (ICAO Doc 9303-11, 4.3).
const BAC: usize = 2;
/// MSE:Set AT and four GENERAL AUTHENTICATE (ICAO Doc 9303-11, 4.4).
const PACE: usize = 5;
/// MSE:Set AT and GENERAL AUTHENTICATE (ICAO Doc 9303-11, 6.2).
const CHIP_AUTHENTICATION: usize = 2;
/// The first command with the new keys, which shows that the chip has them: the clerk is told so before the face, which
/// would show it, too.
const CONFIRMATION: usize = 1;

/// The least possible number of commands that read EF.CardAccess, open the chip and read EF.SOD, DG1, DG2 and for chip
/// authentication DG14, with answers of this length:
///
/// `1 + ⌈EF.CardAccess ÷ 256⌉ + opening + 1 + Σ ⌈file ÷ piece⌉ (+ 2 + 1)`
///
/// - Opening is 2 commands for basic access control, 5 for PACE; a chip without EF.CardAccess refuses it in one.
/// - A file takes one command for each piece; none is selected, for the first read names it by its short identifier.
/// - A piece is what the largest protected answer holds. In the short form, with blocks of b bytes of which the last has at
///   least one byte of padding, it is `⌊(256 − 18) ÷ b⌋ · b − 1`: 231 bytes with 3DES, 223 with AES. In the extended form
///   it is [`PIECE_EXTENDED`].
/// - Three more are chip authentication and its confirmation.
pub(crate) fn least_apdus(chip: &ChipProfile, extended: bool) -> usize {
    let piece = if extended { PIECE_EXTENDED } else { piece_short(chip) };
    let confirmation = if chip.chip_authentication.is_some() { CONFIRMATION } else { 0 };
    ROOT + needed(chip, piece) + confirmation
}

/// The same for a reader that trusts a reset to have selected the root, takes any file in one answer, and sees with the
/// face whether chip authentication has succeeded.
pub(crate) fn fewest_apdus(chip: &ChipProfile) -> usize {
    needed(chip, usize::MAX)
}

fn needed(chip: &ChipProfile, piece: usize) -> usize {
    let opening = if chip.access.pace.is_empty() { BAC } else { PACE };
    let proof = chip.chip_authentication.as_ref().map(|_| FileId::data_group(14));
    let files = [SECURITY_OBJECT, FileId::data_group(1), FileId::data_group(2)].into_iter().chain(proof);
    let contents: usize = files.map(|file| reads(chip, file, piece)).sum();
    let proving = if proof.is_some() { CHIP_AUTHENTICATION } else { 0 };
    reads(chip, CARD_ACCESS, ANSWER_SHORT) + opening + APPLICATION + contents + proving
}

/// At least one: so long as a file isn't there, it is asked for in vain.
fn reads(chip: &ChipProfile, file: FileId, piece: usize) -> usize {
    chip.files.get(&file).map_or(1, |contents| contents.len().div_ceil(piece))
}

fn piece_short(chip: &ChipProfile) -> usize {
    let block = if chip.access.pace.is_empty() { BLOCK_3DES } else { BLOCK_AES };
    (ANSWER_SHORT - PROTECTION_SHORT) / block * block - 1
}
