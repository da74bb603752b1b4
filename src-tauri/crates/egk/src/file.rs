//! The files that the reading itself takes.

use smartcard::{Sensitivity, Sfi};
use std::fmt;

/// The root of the object system (gemSpec_eGK_ObjSys, MF).
pub(crate) const ROOT: [u8; 7] = [0xD2, 0x76, 0x00, 0x01, 0x44, 0x80, 0x00];

/// The whitelist: every file of the reading (gemSpec_eGK_ObjSys; all are free to read with contacts).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EgkFile {
    /// MF/EF.Version2: version and maker of the object system.
    Version2,
    /// MF/EF.ATR: lengths of APDUs that the card takes and gives.
    Atr,
    /// MF/EF.CardAccess: how the card is opened over the air.
    CardAccess,
    /// MF/EF.GDO: the card's number.
    Gdo,
    /// HCA/EF.StatusVD: when the insured person's data was last updated.
    StatusVd,
    /// HCA/EF.PD: who the insured person is.
    Pd,
    /// HCA/EF.VD: how the person is insured.
    Vd,
}

impl EgkFile {
    /// The short file identifier. They mean something in the right folder only: `02` is EF.GDO or EF.VD.
    pub(crate) const fn sfi(self) -> Sfi {
        match self {
            Self::Version2 => const { Sfi::new(0x11) },
            Self::Atr => const { Sfi::new(0x1D) },
            Self::CardAccess => const { Sfi::new(0x1C) },
            Self::Gdo | Self::Vd => const { Sfi::new(0x02) },
            Self::StatusVd => const { Sfi::new(0x0C) },
            Self::Pd => const { Sfi::new(0x01) },
        }
    }

    /// What a recorder may write of it.
    pub(crate) const fn sensitivity(self) -> Sensitivity {
        match self {
            Self::Version2 | Self::Atr | Self::CardAccess => Sensitivity::Public,
            Self::Gdo | Self::StatusVd | Self::Pd | Self::Vd => Sensitivity::Personal,
        }
    }

    /// Most bytes that are read of it: cards reserve 60, 134, 22, 12, 25, 850 and 1,250; the rest is room for
    /// generation 3.
    pub(crate) const fn bytes_max(self) -> usize {
        match self {
            Self::Version2 | Self::Atr | Self::CardAccess | Self::Gdo | Self::StatusVd => 256,
            Self::Pd => 2_048,
            Self::Vd => 4_096,
        }
    }
}

impl fmt::Display for EgkFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version2 => "EF.Version2",
            Self::Atr => "EF.ATR",
            Self::CardAccess => "EF.CardAccess",
            Self::Gdo => "EF.GDO",
            Self::StatusVd => "EF.StatusVD",
            Self::Pd => "EF.PD",
            Self::Vd => "EF.VD",
        })
    }
}
