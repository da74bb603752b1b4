//! The chip of a document, as far as a record of an identification tells of it.

use serde::Serialize;

/// What the document's chip proved, and what of its data agrees; none of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChipRecord {
    /// How the person agreed.
    pub consent: ConsentRecord,
    /// Passive authentication: the data are what the issuer has signed.
    pub data: ChipResult,
    /// Chip or active authentication: the chip is no copy.
    pub copy: ChipResult,
    /// The name is the one that the insurer knows.
    pub name_agrees: bool,
    /// Type, issuer, birth date and expiry are those on the print; a genuine chip of another print makes no record.
    pub print_agrees: bool,
}

impl ChipRecord {
    /// Whether it proves the person's identity: else it counts for nothing.
    #[must_use]
    pub fn proves(&self) -> bool {
        self.data == ChipResult::Valid
            && self.copy == ChipResult::Valid
            && self.name_agrees
            && self.print_agrees
    }
}

/// The person's agreement to the reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsentRecord {
    /// How it was given.
    pub form: ConsentForm,
    /// The wording's name and number: `chip-consent@1`.
    pub wording: String,
}

/// How somebody agreed to the reading of a chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConsentForm {
    /// On the screen that was turned to them.
    Tapped,
    /// On the printed page.
    Signed,
}

/// Result of a proof of a chip; a failed one makes no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChipResult {
    /// It holds.
    Valid,
    /// It could not be tried to its end.
    NotVerifiable,
    /// The document has nothing to prove it with.
    NotSupported,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{DocumentRecord, IssuerGroup};

    #[test]
    fn a_document_says_what_its_chip_proved_only_if_it_was_read() {
        let document = |chip| DocumentRecord {
            document_type: "reisepass-de-2017".to_owned(),
            issuer_group: IssuerGroup::De,
            valid_on_check: true,
            chip,
        };
        let by_eye = serde_json::to_value(document(None)).unwrap();
        assert_eq!(by_eye, json!({"type": "reisepass-de-2017", "issuerGroup": "DE", "validOnCheck": true}));
        for (form, word) in [(ConsentForm::Tapped, "TAPPED"), (ConsentForm::Signed, "SIGNED")] {
            let chip = ChipRecord {
                consent: ConsentRecord { form, wording: "chip-consent@1".to_owned() },
                data: ChipResult::NotVerifiable,
                copy: ChipResult::NotSupported,
                name_agrees: false,
                print_agrees: true,
            };
            let read = serde_json::to_value(document(Some(chip))).unwrap();
            let expected = json!({
                "consent": {"form": word, "wording": "chip-consent@1"}, "data": "NOT_VERIFIABLE",
                "copy": "NOT_SUPPORTED", "nameAgrees": false, "printAgrees": true,
            });
            assert_eq!(read["chip"], expected);
        }
    }

    #[test]
    fn a_chip_proves_something_if_it_is_genuine_and_all_of_it_agrees() {
        let proven = ChipRecord {
            consent: ConsentRecord { form: ConsentForm::Signed, wording: "chip-consent@1".to_owned() },
            data: ChipResult::Valid,
            copy: ChipResult::Valid,
            name_agrees: true,
            print_agrees: true,
        };
        assert!(proven.proves());
        for unproven in [
            ChipRecord { data: ChipResult::NotVerifiable, ..proven.clone() },
            ChipRecord { copy: ChipResult::NotSupported, ..proven.clone() },
            ChipRecord { name_agrees: false, ..proven.clone() },
            ChipRecord { print_agrees: false, ..proven.clone() },
        ] {
            assert!(!unproven.proves(), "{unproven:?}");
        }
    }
}
