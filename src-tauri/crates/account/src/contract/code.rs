//! Activation codes: delivered sealed, handed over or void.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Confidential;

/// An activation code on its way to the service.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeRecord {
    /// What it rests on; delivered before.
    pub identification_id: Uuid,
    /// Krankenversichertennummer of the person whose data it opens: the recipient's own, or the cared-for
    /// person's.
    pub kvnr: Confidential,
    /// What it is for.
    pub purpose: Purpose,
    /// Who gets it.
    #[serde(flatten)]
    pub recipient: Recipient,
    /// Its public reference, `A-…`.
    pub reference: String,
    /// Last day on which it can be redeemed, in Europe/Berlin.
    pub valid_until: Date,
    /// What [`crate::seal()`] made.
    pub sealed_code: String,
    /// Issued without a line to the service.
    pub offline: bool,
}

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Purpose {
    /// Activates the registered app of the insured person; only with [`Recipient::Subject`].
    AppActivation,
    /// Opens the electronic health record (ePA) in the insured person's app, which it activates if that is still to be
    /// done; only with [`Recipient::Subject`].
    Epa,
    /// Opens access for a representative; only with [`Recipient::Representative`].
    RepresentativeAccess,
}

/// Who gets a code, and what binds it to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "recipient", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Recipient {
    /// The insured person.
    Subject {
        /// The app's visit number (Besuchsnummer): binds the code to that registration.
        visit_number: Confidential,
    },
    /// A carer, for the person in their care.
    Representative {
        /// On what authority; delivered before ([`super::RepresentationRecord`]). It binds the code to the
        /// representative's account.
        representation: Uuid,
    },
}

/// The recipient holds the sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HandOverRecord {
    /// Id of the desk's event.
    pub event_id: Uuid,
    /// When.
    pub at: Timestamp,
    /// How they signed.
    pub receipt: Receipt,
}

/// How a recipient signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Receipt {
    /// With their signature.
    Signed,
    /// With a mark, before a witness.
    MarkAndWitness,
}

/// The code is void.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VoidRecord {
    /// Id of the desk's event.
    pub event_id: Uuid,
    /// Why.
    pub reason: VoidReason,
}

/// Why a code is void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VoidReason {
    /// The printer gave no usable sheet.
    PrintFailed,
    /// Nobody handed it over in time.
    TrayTimeout,
    /// The clerk discarded it.
    Discarded,
    /// The program ended between print and hand-over.
    Interrupted,
}

/// Where a code stands at the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeStatus {
    /// The code.
    pub id: Uuid,
    /// Its state.
    pub state: CodeState,
    /// The back office must release it before its hand-over makes it active.
    pub awaiting_release: bool,
}

/// State of a code at the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CodeState {
    /// Known; not handed over, or not yet released.
    Accepted,
    /// Can be redeemed.
    Active,
    /// Used.
    Redeemed,
    /// Its last day has passed.
    Expired,
    /// Five wrong tries.
    Locked,
    /// Taken back by the insurer.
    Revoked,
    /// Declared void by the desk.
    Voided,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_recipient_is_written_beside_what_binds_the_code_to_them() {
        let own = Recipient::Subject { visit_number: "7KQ4XR9B".into() };
        assert_eq!(
            serde_json::to_value(own).unwrap(),
            json!({"recipient": "SUBJECT", "visitNumber": "7KQ4XR9B"})
        );
        let carer = Recipient::Representative { representation: Uuid::from_u128(7) };
        assert_eq!(
            serde_json::to_value(carer).unwrap(),
            json!({"recipient": "REPRESENTATIVE", "representation": "00000000-0000-0000-0000-000000000007"})
        );
    }
}
