//! Naming a card that isn't a health card.

use smartcard::{CardChannel, CardChannelExt, ChannelError, CommandApdu, StatusWord};
use std::fmt;

/// What a card that isn't a health card of generation 2 or newer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardKind {
    /// A health card of generation 1 or 1+, invalid since 2019.
    EgkG1,
    /// A health professional's card (Heilberufsausweis).
    Hba,
    /// A practice's or an institution's card (SMC-B).
    SmcB,
    /// The memory card that came before the health card (Krankenversichertenkarte).
    Kvk,
    /// A passport, an identity card or a residence permit.
    TravelDocument,
    /// Anything else.
    Other,
}

impl CardKind {
    /// Selects the applications that only one kind of card has, in at most five APDUs.
    ///
    /// The roots of HBA and SMC-B are those of gemSpec_HBA_ObjSys and gemSpec_SMC-B_ObjSys, as in gematik's
    /// ref-CardFileSystem; `D27600000101` (a memory card, seldom seen through PC/SC) is a finding of
    /// Kaupisch's eGK-KVK; LDS1 is in ICAO Doc 9303-10; the eID application in BSI TR-03110-4, 2.2.1.
    pub(crate) fn identify(channel: &mut dyn CardChannel) -> Result<Self, ChannelError> {
        let candidates = [
            (Self::Hba, CommandApdu::select_application(&[0xD2, 0x76, 0x00, 0x01, 0x46, 0x01])),
            (Self::SmcB, CommandApdu::select_application(&[0xD2, 0x76, 0x00, 0x01, 0x46, 0x06])),
            (Self::Kvk, CommandApdu::select_application(&[0xD2, 0x76, 0x00, 0x00, 0x01, 0x01])),
            (
                Self::TravelDocument,
                CommandApdu::select_application(&[0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]),
            ),
            (
                Self::TravelDocument,
                CommandApdu::select_application(&[0xE8, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02]),
            ),
        ];
        for (kind, select) in candidates {
            let status = channel.execute(&select)?.status;
            // A travel document may keep even the selection behind PACE.
            if status.is_ok() || status.is_warning() || status == StatusWord::SECURITY_STATUS_NOT_SATISFIED {
                return Ok(kind);
            }
        }
        Ok(Self::Other)
    }
}

impl fmt::Display for CardKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EgkG1 => "a health card of generation 1",
            Self::Hba => "a health professional's card",
            Self::SmcB => "an institution's card",
            Self::Kvk => "an insurance memory card",
            Self::TravelDocument => "a travel document or identity card",
            Self::Other => "another card",
        })
    }
}
