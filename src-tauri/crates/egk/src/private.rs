//! What the card of a private insurer adds: ZusatzinfosPKV (Schema_VSD_PKV.xsd 1.0.0).

use crate::error::Problem;
use crate::text::debug_tells_nothing;
use crate::vsd::{Document, flag, integer, wrong_field};

/// The block that makes an insurance a private one.
pub(crate) const BLOCK: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV";
const TARIFF: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV/Tarifart";
const AID: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV/Beihilfeberechtigung";
const FUND: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV/KVB_PBeaK";
const HOSPITAL: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV/StationaereLeistungen";
const CLINIC_CARD: &str =
    "Versicherter/Zusatzinfos/ZusatzinfosPKV/StationaereLeistungen/TeilnahmeClinicCardVerfahren";
/// The block that may be there several times.
pub(crate) const ROOM: &str =
    "Versicherter/Zusatzinfos/ZusatzinfosPKV/StationaereLeistungen/WahlleistungUnterkunft";
const ROOM_TYPE: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV/StationaereLeistungen/WahlleistungUnterkunft/ArtWahlleistungUnterkunft";
const ROOM_EUROS: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV/StationaereLeistungen/WahlleistungUnterkunft/HoechstbetragWahlleistungUnterkunft";
const ROOM_PERCENT: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV/StationaereLeistungen/WahlleistungUnterkunft/ProzentwertWahlleistungUnterkunft";
const TREATMENT: &str =
    "Versicherter/Zusatzinfos/ZusatzinfosPKV/StationaereLeistungen/WahlleistungAerztlicheBehandlung";
const TREATMENT_TYPE: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV/StationaereLeistungen/WahlleistungAerztlicheBehandlung/ArtWahlleistungAerztlicheBehandlung";
const TREATMENT_PERCENT: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV/StationaereLeistungen/WahlleistungAerztlicheBehandlung/ProzentwertWahlleistungAerztlicheBehandlung";
const GENERAL_PERCENT: &str =
    "Versicherter/Zusatzinfos/ZusatzinfosPKV/StationaereLeistungen/AllgemeineKrankenhausleistungen";

/// Most WahlleistungUnterkunft (maxOccurs).
pub(crate) const ROOMS_MAX: usize = 3;
/// Highest value of the schema's `codeDigits`.
const CODE_MAX: u32 = 99;
const PERCENT_MAX: u32 = 100;
const EUROS_MAX: u32 = 99_999;

/// Elements of Schema_VSD_PKV.xsd. Its integers may be filled up with zeros, here up to a digit more than they need.
pub(crate) const ELEMENTS: [(&str, usize); 14] = [
    (BLOCK, 0),
    (TARIFF, 3),
    (AID, 3),
    (FUND, 3),
    (HOSPITAL, 0),
    (CLINIC_CARD, 1),
    (ROOM, 0),
    (ROOM_TYPE, 3),
    (ROOM_EUROS, 6),
    (ROOM_PERCENT, 4),
    (TREATMENT, 0),
    (TREATMENT_TYPE, 3),
    (TREATMENT_PERCENT, 4),
    (GENERAL_PERCENT, 4),
];

/// ZusatzinfosPKV.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateInsurance {
    /// Tarifart.
    pub tariff: Tariff,
    /// Beihilfeberechtigung: the card says that the person is entitled to a civil servant's aid.
    pub entitled_to_aid: bool,
    /// KVB_PBeaK: a fund of former state enterprises, if the person belongs to one.
    pub fund: Option<Fund>,
    /// StationaereLeistungen, if the card says something about them.
    pub hospital: Option<HospitalBenefits>,
}

/// Tarifart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tariff {
    /// `01`, Individualtarif.
    Individual,
    /// `02`, Standardtarif.
    Standard,
    /// `03`, Basistarif.
    Basic,
    /// `04`, Notlagentarif.
    Emergency,
    /// Another number, which the schema lets pass.
    Other,
}

/// KVB_PBeaK.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fund {
    /// `01`, Postbeamtenkrankenkasse.
    PostOffice,
    /// `02`, Krankenversorgung der Bundesbahnbeamten.
    Railway,
    /// Another number, which the schema lets pass.
    Other,
}

/// StationaereLeistungen.
#[derive(Clone, PartialEq, Eq)]
pub struct HospitalBenefits {
    /// TeilnahmeClinicCardVerfahren: the insurer pays hospitals directly.
    pub clinic_card: Option<bool>,
    /// WahlleistungUnterkunft, at most three.
    pub rooms: Vec<RoomBenefit>,
    /// WahlleistungAerztlicheBehandlung.
    pub treatment: Option<TreatmentBenefit>,
    /// AllgemeineKrankenhausleistungen, 0 to 100 percent.
    pub general_percent: Option<u8>,
}

/// WahlleistungUnterkunft.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RoomBenefit {
    /// ArtWahlleistungUnterkunft.
    pub room: Room,
    /// Up to how much.
    pub limit: Limit,
}

/// ArtWahlleistungUnterkunft.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// `00`, not stated.
    Unstated,
    /// `01`, one bed.
    Single,
    /// `02`, two beds.
    Double,
    /// `03`, more beds.
    Shared,
    /// `04`, the difference between a room with two beds and one with one.
    DoubleToSingle,
    /// Another number, which the schema lets pass.
    Other,
}

/// Up to how much a room is paid for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// HoechstbetragWahlleistungUnterkunft: whole euros a day, 0 to 99,999.
    EurosPerDay(u32),
    /// ProzentwertWahlleistungUnterkunft: 0 to 100 percent.
    Percent(u8),
}

/// WahlleistungAerztlicheBehandlung.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TreatmentBenefit {
    /// ArtWahlleistungAerztlicheBehandlung.
    pub treatment: Treatment,
    /// ProzentwertWahlleistungAerztlicheBehandlung, 0 to 100 percent.
    pub percent: Option<u8>,
}

/// ArtWahlleistungAerztlicheBehandlung.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// `00`, not stated.
    Unstated,
    /// `01`, by the head physician.
    HeadPhysician,
    /// `02`, the hospital's general medical services.
    General,
    /// `03`, Belegarzt erweitert.
    AttendingPhysician,
    /// Another number, which the schema lets pass.
    Other,
}

impl PrivateInsurance {
    pub(crate) fn take(document: &mut Document) -> Result<Self, Problem> {
        let tariff = match code(document, TARIFF)?.ok_or_else(|| wrong_field(TARIFF))? {
            1 => Tariff::Individual,
            2 => Tariff::Standard,
            3 => Tariff::Basic,
            4 => Tariff::Emergency,
            _ => Tariff::Other,
        };
        let fund = match code(document, FUND)? {
            None | Some(0) => None,
            Some(1) => Some(Fund::PostOffice),
            Some(2) => Some(Fund::Railway),
            Some(_) => Some(Fund::Other),
        };
        let entitled_to_aid = code(document, AID)? == Some(1);
        Ok(Self { tariff, entitled_to_aid, fund, hospital: hospital(document)? })
    }
}

fn hospital(document: &mut Document) -> Result<Option<HospitalBenefits>, Problem> {
    if !document.contains(HOSPITAL) {
        return Ok(None);
    }
    let clinic_card = if document.contains(CLINIC_CARD) { Some(flag(document, CLINIC_CARD)?) } else { None };
    let mut rooms = Vec::new();
    while let Some(mut block) = document.block(ROOM) {
        rooms.push(room(&mut block)?);
    }
    let treatment = if document.contains(TREATMENT) { Some(treatment(document)?) } else { None };
    let general_percent = percent(document, GENERAL_PERCENT)?;
    Ok(Some(HospitalBenefits { clinic_card, rooms, treatment, general_percent }))
}

fn room(block: &mut Document) -> Result<RoomBenefit, Problem> {
    let room = match code(block, ROOM_TYPE)?.ok_or_else(|| wrong_field(ROOM_TYPE))? {
        0 => Room::Unstated,
        1 => Room::Single,
        2 => Room::Double,
        3 => Room::Shared,
        4 => Room::DoubleToSingle,
        _ => Room::Other,
    };
    let limit = match (integer(block, ROOM_EUROS, EUROS_MAX)?, percent(block, ROOM_PERCENT)?) {
        (Some(euros), None) => Limit::EurosPerDay(euros),
        (None, Some(percent)) => Limit::Percent(percent),
        _ => return Err(wrong_field(ROOM)),
    };
    Ok(RoomBenefit { room, limit })
}

fn treatment(document: &mut Document) -> Result<TreatmentBenefit, Problem> {
    let treatment = match code(document, TREATMENT_TYPE)?.ok_or_else(|| wrong_field(TREATMENT_TYPE))? {
        0 => Treatment::Unstated,
        1 => Treatment::HeadPhysician,
        2 => Treatment::General,
        3 => Treatment::AttendingPhysician,
        _ => Treatment::Other,
    };
    Ok(TreatmentBenefit { treatment, percent: percent(document, TREATMENT_PERCENT)? })
}

fn code(document: &mut Document, path: &'static str) -> Result<Option<u32>, Problem> {
    integer(document, path, CODE_MAX)
}

fn percent(document: &mut Document, path: &'static str) -> Result<Option<u8>, Problem> {
    Ok(integer(document, path, PERCENT_MAX)?.and_then(|percent| u8::try_from(percent).ok()))
}

debug_tells_nothing!(
    PrivateInsurance,
    Tariff,
    Fund,
    HospitalBenefits,
    RoomBenefit,
    Room,
    Limit,
    TreatmentBenefit,
    Treatment,
);
