//! How the person is insured.

use egk::{
    Fund, InsuranceData, InsuranceKind, InsuredType, Limit, PrivateInsurance, Reimbursement, Room,
    StatutoryInsurance, Tariff, Treatment,
};
use serde::Serialize;

/// An insurer.
#[derive(Serialize)]
pub(super) struct Insurer<'a> {
    pub(super) name: &'a str,
    pub(super) ik: String,
    /// DEÜV, annex 8.
    country: &'a str,
}

/// What EF.VD says besides insurer and time.
#[derive(Serialize)]
pub(super) struct Insurance<'a> {
    billing_insurer: Option<Insurer<'a>>,
    #[serde(flatten)]
    branch: Branch,
}

#[derive(Serialize)]
#[serde(tag = "branch", rename_all = "snake_case")]
enum Branch {
    Statutory {
        insured_type: &'static str,
        /// WOP.
        region: Option<Region>,
        reimbursement: Option<Reimbursed>,
    },
    Private {
        tariff: &'static str,
        entitled_to_aid: bool,
        fund: Option<&'static str>,
        hospital: Option<Hospital>,
    },
}

#[derive(Serialize)]
struct Region {
    /// Two digits.
    code: String,
    name: Option<&'static str>,
}

/// Kostenerstattung.
#[derive(Serialize)]
struct Reimbursed {
    medical_care: bool,
    dental_care: bool,
    hospital_care: bool,
    prescribed_services: bool,
}

/// StationaereLeistungen.
#[derive(Serialize)]
struct Hospital {
    clinic_card: Option<bool>,
    rooms: Vec<RoomBenefit>,
    treatment: Option<TreatmentBenefit>,
    general_percent: Option<u8>,
}

#[derive(Serialize)]
struct RoomBenefit {
    room: &'static str,
    euros_per_day: Option<u32>,
    percent: Option<u8>,
}

#[derive(Serialize)]
struct TreatmentBenefit {
    treatment: &'static str,
    percent: Option<u8>,
}

impl<'a> From<&'a egk::Insurer> for Insurer<'a> {
    fn from(insurer: &'a egk::Insurer) -> Self {
        Self { name: &insurer.name, ik: insurer.ik.to_string(), country: &insurer.country }
    }
}

impl<'a> From<&'a InsuranceData> for Insurance<'a> {
    fn from(insurance: &'a InsuranceData) -> Self {
        Self {
            billing_insurer: insurance.billing_insurer.as_ref().map(Insurer::from),
            branch: match &insurance.kind {
                InsuranceKind::Statutory(statutory) => Branch::from(statutory),
                InsuranceKind::Private(private) => Branch::from(private),
            },
        }
    }
}

impl From<&StatutoryInsurance> for Branch {
    fn from(statutory: &StatutoryInsurance) -> Self {
        Self::Statutory {
            insured_type: match statutory.insured_type {
                InsuredType::Member => "member",
                InsuredType::Family => "family",
                InsuredType::Pensioner => "pensioner",
                InsuredType::Other => "other",
            },
            region: statutory
                .region
                .map(|region| Region { code: format!("{:02}", region.code()), name: region.name() }),
            reimbursement: statutory.reimbursement.map(Reimbursed::from),
        }
    }
}

impl From<Reimbursement> for Reimbursed {
    fn from(reimbursement: Reimbursement) -> Self {
        let Reimbursement { medical_care, dental_care, hospital_care, prescribed_services } = reimbursement;
        Self { medical_care, dental_care, hospital_care, prescribed_services }
    }
}

impl From<&PrivateInsurance> for Branch {
    fn from(private: &PrivateInsurance) -> Self {
        Self::Private {
            tariff: match private.tariff {
                Tariff::Individual => "individual",
                Tariff::Standard => "standard",
                Tariff::Basic => "basic",
                Tariff::Emergency => "emergency",
                Tariff::Other => "other",
            },
            entitled_to_aid: private.entitled_to_aid,
            fund: private.fund.map(|fund| match fund {
                Fund::PostOffice => "post_office",
                Fund::Railway => "railway",
                Fund::Other => "other",
            }),
            hospital: private.hospital.as_ref().map(Hospital::from),
        }
    }
}

impl From<&egk::HospitalBenefits> for Hospital {
    fn from(benefits: &egk::HospitalBenefits) -> Self {
        Self {
            clinic_card: benefits.clinic_card,
            rooms: benefits.rooms.iter().copied().map(RoomBenefit::from).collect(),
            treatment: benefits.treatment.map(TreatmentBenefit::from),
            general_percent: benefits.general_percent,
        }
    }
}

impl From<egk::RoomBenefit> for RoomBenefit {
    fn from(benefit: egk::RoomBenefit) -> Self {
        let (euros_per_day, percent) = match benefit.limit {
            Limit::EurosPerDay(euros) => (Some(euros), None),
            Limit::Percent(percent) => (None, Some(percent)),
        };
        let room = match benefit.room {
            Room::Unstated => "unstated",
            Room::Single => "single",
            Room::Double => "double",
            Room::Shared => "shared",
            Room::DoubleToSingle => "double_to_single",
            Room::Other => "other",
        };
        Self { room, euros_per_day, percent }
    }
}

impl From<egk::TreatmentBenefit> for TreatmentBenefit {
    fn from(benefit: egk::TreatmentBenefit) -> Self {
        let treatment = match benefit.treatment {
            Treatment::Unstated => "unstated",
            Treatment::HeadPhysician => "head_physician",
            Treatment::General => "general",
            Treatment::AttendingPhysician => "attending_physician",
            Treatment::Other => "other",
        };
        Self { treatment, percent: benefit.percent }
    }
}
