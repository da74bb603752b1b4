//! The electronic health card (elektronische Gesundheitskarte): reading what anyone may read of it.
//!
//! [`read`] fetches five files in at most ten short APDUs and gives them as an [`EgkReading`], by the card's contacts
//! or over the air, where the number printed on it opens it ([`Can`]). It selects nothing but the root, the health
//! care application, for a proof the signature application, and, to name a card that isn't a health card, the
//! applications of other cards; files come from the whitelist [`EgkFile`] and that of the proofs. Health data proper
//! (EF.GVD) isn't in it: its copy in EF.VD is never asked for in short pieces, and wiped unparsed where it comes along.
//!
//! Everything that the schemas know is read; a desk needs little of it, and neither shows nor keeps addresses.
//!
//! The data alone proves nothing: EF.PD and EF.VD carry no signature, any emulator can say the same. What a card
//! can prove is [`Authenticity`]: that its chip is genuine, and that a certificate vouches for person and insurer,
//! against a [`TrustStore`]; and with the person's help that the card is theirs ([`pin`]). And since the insurers
//! no longer update cards (VSDM 2.0, 2026), the insurer's own system is the truth.
//!
//! Sources, named where they are used: gemSpec_eGK_ObjSys (files and access rules), gemSpec_eGK_Fach_VSDM
//! (their contents), `Schema_VSD.xsd` 5.2.0 and `Schema_VSD_PKV.xsd` 1.0.0 (gematik, api-telematik).

mod address;
mod authenticity;
mod birth_date;
mod brainpool;
mod card_kind;
mod cardholder_certificate;
mod country;
mod cvc;
mod error;
mod file;
mod iccsn;
mod ik;
mod insurance_data;
mod kvnr;
mod object_system;
mod personal_data;
pub mod pin;
mod private;
mod quietly;
mod read;
mod sex;
mod state;
mod status_vd;
mod statutory;
#[cfg(test)]
mod test_card;
#[cfg(test)]
mod test_pki;
mod text;
mod trust_store;
mod vsd;

pub use address::{Locality, PostBoxAddress, StreetAddress};
pub use authenticity::{Authenticity, Check, ProofLevel, Reason, Verdict};
pub use birth_date::BirthDate;
pub use card_kind::CardKind;
pub use cardholder_certificate::CardholderCertificate;
pub use country::CountryCode;
pub use cvc::{CardVerifiableCertificate, CvcRole, KeyReference};
pub use error::{EgkError, Problem};
pub use file::EgkFile;
pub use iccsn::Iccsn;
pub use ik::Ik;
pub use insurance_data::{InsuranceData, InsuranceKind, Insurer};
pub use kvnr::Kvnr;
pub use object_system::{Generation, ObjectSystem, Version};
pub use personal_data::{Name, PersonalData};
pub use private::{
    Fund, HospitalBenefits, Limit, PrivateInsurance, Room, RoomBenefit, Tariff, Treatment, TreatmentBenefit,
};
pub use read::{EgkReading, Progress, Request, read};
pub use sex::Sex;
pub use smartcard::pace::{CAN_DIGITS, Can};
pub use state::{CardState, Validity, Warning};
pub use status_vd::StatusVd;
pub use statutory::{InsuredType, Region, Reimbursement, StatutoryInsurance};
pub use text::PersonalText;
pub use trust_store::{TRUST_FILE_BYTES_MAX, TRUSTED_MAX, TrustEntry, TrustError, TrustKind, TrustStore};
pub use vsd::XML_BYTES_MAX;
