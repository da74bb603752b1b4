//! The health card in version 1, with its conversions both ways.

use std::borrow::Cow;

use identification as rules;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::words::CardCheckReason;

/// A health card.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HealthCard<'a> {
    generation: Cow<'a, str>,
    card_number_tail: Cow<'a, str>,
    valid_from: Option<Date>,
    valid_until: Option<Date>,
    data_as_of: Option<Date>,
    deactivated: bool,
    transaction_open: bool,
    contactless: Option<bool>,
    authenticity: CardAuthenticity,
}

/// What was proven of it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CardAuthenticity {
    chip: CardCheck,
    certificate: CardCheck,
}

/// The outcome of one proof, and why it isn't valid.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CardCheck {
    Valid,
    Invalid(CardCheckReason),
    NotVerifiable(CardCheckReason),
    NotSupported(CardCheckReason),
}

impl<'a> From<&'a rules::HealthCard> for HealthCard<'a> {
    fn from(card: &'a rules::HealthCard) -> Self {
        let rules::HealthCard {
            generation,
            card_number_tail,
            valid_from,
            valid_until,
            data_as_of,
            deactivated,
            transaction_open,
            contactless,
            authenticity: rules::CardAuthenticity { chip, certificate },
        } = card;
        Self {
            generation: generation.into(),
            card_number_tail: card_number_tail.into(),
            valid_from: *valid_from,
            valid_until: *valid_until,
            data_as_of: *data_as_of,
            deactivated: *deactivated,
            transaction_open: *transaction_open,
            contactless: *contactless,
            authenticity: CardAuthenticity { chip: (*chip).into(), certificate: (*certificate).into() },
        }
    }
}

impl HealthCard<'_> {
    pub(super) fn into_rules(self) -> rules::HealthCard {
        let CardAuthenticity { chip, certificate } = self.authenticity;
        rules::HealthCard {
            generation: self.generation.into_owned(),
            card_number_tail: self.card_number_tail.into_owned(),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            data_as_of: self.data_as_of,
            deactivated: self.deactivated,
            transaction_open: self.transaction_open,
            contactless: self.contactless,
            authenticity: rules::CardAuthenticity { chip: chip.into(), certificate: certificate.into() },
        }
    }
}

impl From<rules::CardCheck> for CardCheck {
    fn from(check: rules::CardCheck) -> Self {
        match check {
            rules::CardCheck::Valid => Self::Valid,
            rules::CardCheck::Invalid(reason) => Self::Invalid(reason.into()),
            rules::CardCheck::NotVerifiable(reason) => Self::NotVerifiable(reason.into()),
            rules::CardCheck::NotSupported(reason) => Self::NotSupported(reason.into()),
        }
    }
}

impl From<CardCheck> for rules::CardCheck {
    fn from(check: CardCheck) -> Self {
        match check {
            CardCheck::Valid => Self::Valid,
            CardCheck::Invalid(reason) => Self::Invalid(reason.into()),
            CardCheck::NotVerifiable(reason) => Self::NotVerifiable(reason.into()),
            CardCheck::NotSupported(reason) => Self::NotSupported(reason.into()),
        }
    }
}
