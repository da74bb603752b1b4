//! What a reading says about the card on a day.

use crate::birth_date::BirthDate;
use crate::object_system::Generation;
use crate::read::EgkReading;
use jiff::civil::{Date, DateTime};

/// The state of a card on a day: nothing in it is about the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardState {
    /// Generation of the card.
    pub generation: Generation,
    /// When the data was last updated, local time without a zone; `None` if the card doesn't say. What has changed
    /// since is at the insurer only.
    pub data_as_of: Option<DateTime>,
    /// The first day of the insurance.
    pub valid_from: Date,
    /// The last day of the insurance, or of a card for a limited time.
    pub valid_until: Option<Date>,
    /// How that day lies to both.
    pub validity: Validity,
    /// The insurer has locked the card (its health care application is deactivated).
    pub locked: bool,
    /// An update was interrupted: the data may contradict itself.
    pub transaction_open: bool,
    /// It can be read over the air; `None` if that isn't known.
    pub contactless: Option<bool>,
}

/// A day against the time of insurance, whose first and last day belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// It begins later.
    NotBegun,
    /// It is running.
    Current,
    /// It has ended, or the card has expired.
    Ended,
}

/// Something to know about a card that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// An update was interrupted: the data may contradict itself.
    TransactionOpen,
    /// The insurer has locked the health care application.
    ApplicationDeactivated,
    /// By the card, the insurance has ended or the card has expired.
    InsuranceEnded {
        /// The last day.
        last_day: Date,
    },
    /// By the card, the insurance hasn't begun.
    InsuranceNotBegun {
        /// The first day.
        first_day: Date,
    },
    /// Day, or day and month, of birth are unknown.
    BirthDateIncomplete,
}

impl EgkReading {
    /// The state of the card on this day.
    pub fn state(&self, today: Date) -> CardState {
        let (valid_from, valid_until) = (self.insurance.valid_from, self.insurance.valid_until);
        let validity = match valid_until {
            Some(last_day) if last_day < today => Validity::Ended,
            _ if valid_from > today => Validity::NotBegun,
            _ => Validity::Current,
        };
        CardState {
            generation: self.object_system.generation(),
            data_as_of: self.status.updated,
            valid_from,
            valid_until,
            validity,
            locked: self.application_deactivated,
            transaction_open: self.status.transaction_open,
            contactless: self.contactless,
        }
    }

    /// What is worth knowing of it on this day.
    pub fn warnings(&self, today: Date) -> Vec<Warning> {
        let state = self.state(today);
        let last_day = state.valid_until.filter(|_| state.validity == Validity::Ended);
        let not_begun = state.validity == Validity::NotBegun;
        let incomplete = is_incomplete(&self.person.birth_date);
        [
            state.transaction_open.then_some(Warning::TransactionOpen),
            state.locked.then_some(Warning::ApplicationDeactivated),
            last_day.map(|last_day| Warning::InsuranceEnded { last_day }),
            not_begun.then_some(Warning::InsuranceNotBegun { first_day: state.valid_from }),
            incomplete.then_some(Warning::BirthDateIncomplete),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn is_incomplete(date: &BirthDate) -> bool {
    date.month().is_none() || date.day().is_none()
}
