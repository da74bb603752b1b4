//! The electronic health card (elektronische Gesundheitskarte): reading what anyone may read of it.
//!
//! [`read`] fetches five files in at most ten short APDUs and gives them as an [`EgkReading`]. It selects
//! nothing but the root, the health care application and, to name a card that isn't one, the applications of
//! other cards; files come from the whitelist [`EgkFile`]. Health data proper (EF.GVD) isn't in it: its copy
//! in EF.VD is dropped unparsed. Addresses are parsed past and not kept.
//!
//! Nothing read here proves anything: EF.PD and EF.VD carry no signature, any emulator can say the same. And
//! since the insurers no longer update cards (VSDM 2.0, 2026), the insurer's own system is the truth.
//!
//! Sources, named where they are used: gemSpec_eGK_ObjSys (files and access rules), gemSpec_eGK_Fach_VSDM
//! (their contents), `Schema_VSD.xsd` 5.2.0 and `Schema_VSD_PKV.xsd` 1.0.0 (gematik, api-telematik).

mod birth_date;
mod card_kind;
mod error;
mod file;
mod iccsn;
mod ik;
mod insurance_data;
mod kvnr;
mod object_system;
mod personal_data;
mod read;
mod status_vd;
mod text;
mod vsd;

pub use birth_date::BirthDate;
pub use card_kind::CardKind;
pub use error::{EgkError, Problem};
pub use file::EgkFile;
pub use iccsn::Iccsn;
pub use ik::Ik;
pub use insurance_data::{InsuranceData, InsuranceKind, Insurer};
pub use kvnr::Kvnr;
pub use object_system::{Generation, ObjectSystem, Version};
pub use personal_data::{Name, PersonalData};
pub use read::{EgkReading, Progress, read};
pub use status_vd::StatusVd;
pub use text::PersonalText;
pub use vsd::XML_BYTES_MAX;
