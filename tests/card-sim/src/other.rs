//! Cards at a counter that are no health cards.

use crate::{
    card::{AnswerToReset, CONTACTLESS_ATR, Card, Interface, Options},
    egk::{application_template, ef_gdo, ef_version2},
    files::{Access, File, Folder},
};

/// Root of a health professional card (gemSpec_HBA_ObjSys).
const HBA_AID: [u8; 6] = [0xD2, 0x76, 0x00, 0x01, 0x46, 0x01];
/// Root of a practice's card (gemSpec_SMC-B_ObjSys).
const SMC_B_AID: [u8; 6] = [0xD2, 0x76, 0x00, 0x01, 0x46, 0x06];
/// DF.HPA of a health professional card.
const HPA_AID: [u8; 6] = [0xD2, 0x76, 0x00, 0x01, 0x46, 0x02];
/// LDS1 application of a passport (ICAO 9303-10).
const LDS1_AID: [u8; 7] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01];

/// The answer to reset that some health cards give, too.
const SHARED_ATR: [u8; 11] = [0x3B, 0xD0, 0x97, 0xFF, 0x81, 0xB1, 0xFE, 0x45, 0x1F, 0x07, 0x2B];
/// Synchronous answer to reset of a memory card of type SLE 4418 (MKT specification, part 5).
const KVK_ATR: [u8; 4] = [0xA2, 0x13, 0x10, 0x91];

/// A health professional card (Heilberufsausweis).
pub(crate) fn hba() -> Card {
    let professional = Folder { aid: HPA_AID.to_vec(), fid: None, deactivated: false, files: Vec::new() };
    Card::new(
        AnswerToReset::Bytes(SHARED_ATR.to_vec()),
        vec![telematics_root(&HBA_AID, "80276883110000900001"), professional],
    )
}

/// A practice's or pharmacy's card (SMC-B).
pub(crate) fn smc_b() -> Card {
    Card::new(
        AnswerToReset::Bytes(SHARED_ATR.to_vec()),
        vec![telematics_root(&SMC_B_AID, "80276883110000900002")],
    )
}

/// A passport whose chip tells nothing without BAC or PACE.
pub(crate) fn passport() -> Card {
    let root = Folder { aid: Vec::new(), fid: Some(0x3F00), deactivated: false, files: Vec::new() };
    let common =
        File { read: Access::AfterAuthentication, ..File::transparent(0x011E, 0x1E, 24, vec![0x60, 0x00]) };
    let travel = Folder { aid: LDS1_AID.to_vec(), fid: None, deactivated: false, files: vec![common] };
    Card::new(AnswerToReset::Bytes(CONTACTLESS_ATR.to_vec()), vec![root, travel]).over(Interface::Contactless)
}

/// A Krankenversichertenkarte: it speaks no protocol that vpcd could carry, so that a reader sees its answer to
/// reset and can't connect, as a reader for memory cards can't be had here.
pub(crate) fn kvk() -> Card {
    let silent = Options { mute: true, ..Options::default() };
    Card::new(AnswerToReset::Bytes(KVK_ATR.to_vec()), Vec::new()).with_options(silent)
}

/// A card that lies upside down or whose contacts are dirty: something is there and says nothing.
pub(crate) fn upside_down() -> Card {
    Card::new(AnswerToReset::Silence, Vec::new())
}

/// A card whose answer to reset makes no sense.
pub(crate) fn garbage_atr() -> Card {
    Card::new(AnswerToReset::Bytes(vec![0x00, 0xFF, 0xA5, 0x5A]), Vec::new())
}

fn telematics_root(aid: &[u8], iccsn: &str) -> Folder {
    Folder {
        aid: aid.to_vec(),
        fid: Some(0x3F00),
        deactivated: false,
        files: vec![
            File::transparent(0x2F11, 0x11, 60, ef_version2([4, 5, 0])).open(),
            File::records(0x2F00, 0x1E, vec![application_template(aid)]),
            File::transparent(0x2F02, 0x02, 12, ef_gdo(iccsn)),
        ],
    }
}
