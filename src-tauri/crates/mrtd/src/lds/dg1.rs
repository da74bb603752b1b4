//! DG1: the machine-readable zone.

use super::{FILE_BYTES_MAX, LdsError, object};
use crate::mrz::MachineReadableZone;
use smartcard::tlv::Tag;

/// DG1 (Doc 9303-10, 4.7.1), `61` with the zone in `5F1F`.
pub enum Dg1 {}

impl Dg1 {
    /// Reads the zone from EF.DG1.
    ///
    /// # Errors
    /// [`LdsError`] where the file isn't of its form, or the zone isn't one.
    pub fn parse(file: &[u8]) -> Result<MachineReadableZone, LdsError> {
        Ok(MachineReadableZone::parse(zone(file)?)?)
    }
}

fn zone(file: &[u8]) -> Result<&[u8], LdsError> {
    if file.len() > FILE_BYTES_MAX {
        return Err(LdsError::TooLong);
    }
    object(file, &[Tag(0x61), Tag(0x5F1F)]).map(|zone| zone.value())
}
