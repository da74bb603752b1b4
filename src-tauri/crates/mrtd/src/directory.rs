//! EF.DIR: the applications that a chip says it has.

use crate::error::MrtdError;
use crate::file::MrtdFile;
use smartcard::{CardChannel, CardChannelExt, CommandApdu, NE_SHORT_MAX};

/// AID of the application for electronic machine-readable travel documents (Doc 9303-10, 3.2).
pub(crate) const LDS1_APPLICATION: [u8; 7] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01];
/// AID of the eID application of German identity cards and residence permits (BSI TR-03110-4).
pub(crate) const EID_APPLICATION: [u8; 9] = [0xE8, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02];

/// Whether EF.DIR, which everybody may read in the root, names an application. German cards have the file,
/// passports mostly don't.
pub(crate) fn names_application(channel: &mut dyn CardChannel, aid: &[u8]) -> Result<bool, MrtdError> {
    let form = MrtdFile::Directory.form();
    let command = CommandApdu::read_binary_sfi(form.sfi, 0, NE_SHORT_MAX).with_sensitivity(form.sensitivity);
    let response = channel.execute(&command)?;
    Ok(!response.status.is_error() && response.data.windows(aid.len()).any(|window| window == aid))
}
