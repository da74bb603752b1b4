//! The root, and EF.CardAccess in it.

use super::line::Line;
use super::pieces::Pieces;
use crate::error::MrtdError;
use crate::file::MrtdFile;
use smartcard::security_infos::SecurityInfos;
use smartcard::{CardChannel, CardChannelExt, ChannelError, CommandApdu, ExtendedLength, Sensitivity};

const INS_SELECT: u8 = 0xA4;
/// SELECT P2: first or only occurrence, no response data.
const NO_RESPONSE: u8 = 0x0C;
const ROOT: [u8; 2] = [0x3F, 0x00];

/// Selects the root, which ends a session that may be left over. It is selected anyway unless somebody has
/// used the chip before us, and chips answer all sorts of things: none of them counts.
pub(super) fn select_root(channel: &mut dyn CardChannel) -> Result<(), MrtdError> {
    let root = CommandApdu::new(0x00, INS_SELECT, 0x00, NO_RESPONSE)
        .with_data(&ROOT)
        .map_err(|_| ChannelError::NotProtectable)?
        .with_sensitivity(Sensitivity::Public);
    channel.execute(&root)?;
    Ok(())
}

/// EF.CardAccess, if the chip has it and it is of its form; a chip without is opened with basic access
/// control.
///
/// Where nobody has tried extended length, this is read with it: here a failure costs no session. It is no
/// proof that it works, the file being shorter than a short answer, but shows that the chip takes such
/// commands.
pub(super) fn read_card_access(line: &mut Line<'_>) -> Result<Option<SecurityInfos>, MrtdError> {
    let on_trial = line.extended_length() == ExtendedLength::Untried;
    line.set_on_trial(on_trial);
    let mut contents = Pieces::default().read(line, MrtdFile::CardAccess, &mut |_, _| {});
    if on_trial && !line.is_extended() && matches!(contents, Err(MrtdError::Channel(_))) {
        contents = Pieces::default().read(line, MrtdFile::CardAccess, &mut |_, _| {});
    }
    match contents {
        Ok(contents) => Ok(SecurityInfos::parse(&contents).ok()),
        Err(MrtdError::FileRefused { .. } | MrtdError::Malformed { .. }) => {
            // Nothing was read, so nothing is known.
            line.set_on_trial(false);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
