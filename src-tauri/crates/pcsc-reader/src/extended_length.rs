//! What a session learns of extended length: whether the reader, its driver and its cards stand APDUs of more than 256
//! bytes (ISO/IEC 7816-4). No reader tells beforehand; many can't, and fail.

use std::sync::{Mutex, MutexGuard, PoisonError};

use smartcard::{ExtendedLength, LengthForm};

/// A session's memory, which outlives its jobs.
#[derive(Debug)]
pub(crate) struct LearntLength(Mutex<ExtendedLength>);

impl LearntLength {
    pub(crate) fn new(known: ExtendedLength) -> Self {
        Self(Mutex::new(known))
    }

    pub(crate) fn get(&self) -> ExtendedLength {
        *self.lock()
    }

    fn set(&self, known: ExtendedLength) {
        *self.lock() = known;
    }

    fn lock(&self) -> MutexGuard<'_, ExtendedLength> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is to blame for a command without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suspicion {
    /// The card, pulled or mute.
    Card,
    /// First its length, a try: the command in the short form that follows shows about the card.
    Length,
    /// The card if it was pulled, or else the length: such commands had answers, but no long ones yet.
    CardOrLength,
}

/// What one job tries.
///
/// A try without an answer proves nothing yet, for the card may have been pulled: it counts as failed once the card
/// answers something else.
#[derive(Debug)]
pub(crate) struct LengthTrial<'a> {
    learnt: &'a LearntLength,
    /// Whether the last command had an answer.
    answered: bool,
    /// Whether a command in the extended form had one.
    extended_answered: bool,
    /// A try had none, and nothing was answered since.
    in_doubt: bool,
}

impl<'a> LengthTrial<'a> {
    pub(crate) fn new(learnt: &'a LearntLength) -> Self {
        Self { learnt, answered: false, extended_answered: false, in_doubt: false }
    }

    /// What the job shall go by.
    pub(crate) fn known(&self) -> ExtendedLength {
        if self.in_doubt { ExtendedLength::No } else { self.learnt.get() }
    }

    /// What silence after a command in this form would mean.
    pub(crate) fn suspicion(&self, form: LengthForm) -> Suspicion {
        match (form, self.known()) {
            (LengthForm::Short, _) | (LengthForm::Extended, ExtendedLength::Yes) => Suspicion::Card,
            (LengthForm::Extended, ExtendedLength::Untried) if !self.extended_answered => Suspicion::Length,
            (LengthForm::Extended, ExtendedLength::Untried | ExtendedLength::No) => Suspicion::CardOrLength,
        }
    }

    /// After each command: whether an answer came.
    pub(crate) fn heard(&mut self, form: LengthForm, answered: bool) {
        self.answered = answered;
        self.extended_answered |= answered && form == LengthForm::Extended;
        if answered && self.in_doubt {
            self.in_doubt = false;
            self.learnt.set(ExtendedLength::No);
        }
    }

    /// The job's conclusion from its last commands.
    pub(crate) fn learn(&mut self, works: bool) {
        self.in_doubt = !works && !self.answered;
        if !self.in_doubt {
            self.learnt.set(if works { ExtendedLength::Yes } else { ExtendedLength::No });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is remembered after a job that was told `heard` and concluded `works`, then was told `later`.
    fn remembered(heard: bool, works: bool, later: &[bool]) -> ExtendedLength {
        let learnt = LearntLength::new(ExtendedLength::Untried);
        let mut trial = LengthTrial::new(&learnt);
        trial.heard(LengthForm::Extended, heard);
        trial.learn(works);
        assert_eq!(trial.known() == ExtendedLength::Yes, works);
        assert_ne!(trial.known(), ExtendedLength::Untried, "the job would try again");
        later.iter().for_each(|answered| trial.heard(LengthForm::Short, *answered));
        learnt.get()
    }

    #[test]
    fn what_an_answer_has_shown_is_remembered_at_once() {
        assert_eq!(remembered(true, true, &[]), ExtendedLength::Yes);
        assert_eq!(remembered(true, false, &[]), ExtendedLength::No);
    }

    #[test]
    fn silence_is_remembered_only_if_the_card_answers_something_else() {
        assert_eq!(remembered(false, false, &[]), ExtendedLength::Untried);
        assert_eq!(remembered(false, false, &[false, false]), ExtendedLength::Untried);
        assert_eq!(remembered(false, false, &[true]), ExtendedLength::No);
    }

    #[test]
    fn silence_is_the_cards_fault_only_where_the_length_is_above_suspicion() {
        let learnt = LearntLength::new(ExtendedLength::Untried);
        let mut trial = LengthTrial::new(&learnt);
        trial.heard(LengthForm::Short, true);
        assert_eq!(trial.suspicion(LengthForm::Short), Suspicion::Card);
        assert_eq!(trial.suspicion(LengthForm::Extended), Suspicion::Length);
        trial.heard(LengthForm::Extended, true);
        assert_eq!(trial.suspicion(LengthForm::Extended), Suspicion::CardOrLength);
        trial.learn(true);
        assert_eq!(trial.suspicion(LengthForm::Extended), Suspicion::Card);
        trial.learn(false);
        assert_eq!(trial.suspicion(LengthForm::Extended), Suspicion::CardOrLength);
    }
}
