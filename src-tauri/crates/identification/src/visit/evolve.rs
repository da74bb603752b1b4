//! The fold: what each event makes of a visit.

use std::collections::BTreeMap;

use super::{
    Blocking, BlockingState, Code, CodeState, Concern, ConcernState, Document, Identification,
    Representation, Review, SecondLook, Stage, Visit,
};
use crate::{
    ActingRole, CheckAnswer, CodeId, ConcernId, Event, FaceAnswer, IdentificationId, Purpose, Recorded,
    ReviewOutcome, VoidReason,
};

impl Visit {
    /// Folds events, from the first, into a visit.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Self {
        events.into_iter().fold(Self::default(), Self::evolve)
    }

    /// The visit after `recorded`.
    #[must_use]
    pub fn evolve(mut self, recorded: &Recorded) -> Self {
        let at = recorded.at;
        if by_somebody_at_the_desk(&recorded.event) {
            self.changed_at = Some(at);
        }
        match &recorded.event {
            Event::VisitOpened { visit, operator, policy_version } => {
                self.id = Some(*visit);
                self.operator = Some(operator.clone());
                self.opened_at = Some(at);
                self.policy_version.clone_from(policy_version);
                self.stage = Stage::Open;
            }
            Event::PersonIntroduced { identification, person, role } => {
                self.identifications.push(Identification {
                    id: *identification,
                    person: person.clone(),
                    role: role.clone(),
                    document: None,
                    face: None,
                    second_look: None,
                    doubted: false,
                });
            }
            Event::ConcernOpened { concern, subject, register } => self.concerns.push(Concern {
                id: *concern,
                subject: subject.clone(),
                register: *register,
                state: ConcernState::Open,
                card_number_agrees: false,
                possession_proven: false,
                representation: None,
                purpose: None,
                visit_number: None,
                blocking: None,
                codes: Vec::new(),
            }),
            Event::BlockingOrdered { concern, subject, confirmed, target } => self.concerns.push(Concern {
                id: *concern,
                subject: subject.clone(),
                register: None,
                state: ConcernState::Open,
                card_number_agrees: false,
                possession_proven: false,
                representation: None,
                purpose: None,
                visit_number: None,
                blocking: Some(Blocking {
                    target: *target,
                    confirmed: *confirmed,
                    state: BlockingState::Ordered,
                }),
                codes: Vec::new(),
            }),
            Event::BlockingAccepted { concern } => self.with_blocking(*concern, BlockingState::InForce),
            Event::BlockingRefused { concern } => self.with_blocking(*concern, BlockingState::Refused),
            Event::CardNumberCompared { concern } => {
                self.with_concern(*concern, |it| it.card_number_agrees = true);
            }
            Event::PossessionProven { concern } => {
                self.with_concern(*concern, |it| it.possession_proven = true);
            }
            Event::PurposeChosen { concern, purpose, visit_number } => {
                // A carer's own concern: the document is shown anew, its birth date was not compared with this person's.
                if *purpose == Purpose::AppActivation {
                    self.with_acting(|it| {
                        if it.role != ActingRole::Insured {
                            it.take_back_document();
                        }
                    });
                }
                // What was agreed to for one purpose wasn't for another.
                if self.concern(*concern).is_some_and(|it| it.purpose != Some(*purpose)) {
                    self.with_acting(Identification::take_back_chip);
                }
                self.with_concern(*concern, |it| {
                    it.purpose = Some(*purpose);
                    it.visit_number.clone_from(visit_number);
                });
            }
            Event::RepresentationAccepted { concern, deed, grant } => {
                // Another deed than the one that the second person saw.
                self.with_acting(|it| {
                    if let Some(look) = &mut it.second_look {
                        look.concerns.retain(|seen| seen != concern);
                    }
                });
                self.with_concern(*concern, |it| {
                    it.representation = Some(Representation { deed: (**deed).clone(), grant: *grant });
                });
            }
            Event::ConcernRefused { concern, reason } => {
                self.with_concern(*concern, |it| it.state = ConcernState::Refused(*reason));
            }
            Event::ConcernWithdrawn { concern } => {
                self.with_concern(*concern, |it| it.state = ConcernState::Withdrawn);
            }
            Event::DocumentPresented { identification, document_type, issuer } => {
                self.with_identification(*identification, |it| {
                    it.take_back_document();
                    it.document = Some(Document {
                        document_type: document_type.clone(),
                        issuer: *issuer,
                        checks: BTreeMap::new(),
                        names: None,
                        chip_consent: None,
                        chip: None,
                        chip_again: false,
                        confirmed: false,
                    });
                });
            }
            Event::ChipAgreed { identification, consent } => {
                self.with_document(*identification, |it| it.chip_consent = Some(consent.clone()));
            }
            Event::ChipRevoked { identification } => {
                self.with_identification(*identification, Identification::take_back_chip);
            }
            Event::ChipRead { identification, evidence } => {
                // The face is compared with the chip's picture as well.
                self.with_identification(*identification, |it| it.face = None);
                self.with_document(*identification, |it| {
                    it.chip = Some(*evidence);
                    it.chip_again &= !evidence.proves();
                });
            }
            Event::DocumentChecked { identification, check, answer } => {
                self.with_identification(*identification, |it| it.doubted |= *answer == CheckAnswer::Unclear);
                self.with_document(*identification, |it| {
                    it.confirmed = false;
                    it.checks.insert(check.clone(), *answer);
                });
            }
            Event::NamesCompared { identification, answer } => {
                self.with_identification(*identification, |it| it.doubted |= *answer == CheckAnswer::Unclear);
                self.with_document(*identification, |it| {
                    it.confirmed = false;
                    it.names = Some(*answer);
                });
            }
            Event::DocumentConfirmed { identification } => {
                self.with_document(*identification, |it| it.confirmed = true);
            }
            Event::FaceCompared { identification, answer } => {
                self.with_identification(*identification, |it| {
                    it.face = Some(*answer);
                    if *answer == FaceAnswer::Doubt {
                        // A look that was taken before this doubt doesn't settle it.
                        it.doubted = true;
                        it.second_look = None;
                    }
                });
            }
            Event::SecondLookTaken { identification, by, answer, concerns } => {
                self.second_lookers.push(by.clone());
                let look = SecondLook { by: by.clone(), answer: *answer, concerns: concerns.clone() };
                self.with_identification(*identification, |it| it.second_look = Some(look));
            }
            Event::CodeGenerated { concern, code, reference, level, valid_until, offline } => {
                self.with_concern(*concern, |it| {
                    it.codes.push(Code {
                        id: *code,
                        reference: reference.clone(),
                        level: *level,
                        valid_until: *valid_until,
                        offline: *offline,
                        state: CodeState::Generated,
                        printed_at: None,
                        handed_over_at: None,
                        accepted_at: None,
                        refused_at: None,
                        voided_at: None,
                    });
                });
            }
            Event::CodePrinted { concern, code } => self.with_code(*concern, *code, |it| {
                it.state = CodeState::Printed;
                it.printed_at = Some(at);
            }),
            Event::CodeHandedOver { concern, code, .. } => {
                self.returned = true;
                self.with_code(*concern, *code, |it| {
                    it.state = CodeState::HandedOver;
                    it.handed_over_at = Some(at);
                });
            }
            Event::CodeVoided { concern, code, reason } => self.with_code(*concern, *code, |it| {
                it.state = CodeState::Voided(*reason);
                it.voided_at = Some(at);
            }),
            Event::CodeAccepted { concern, code } => {
                self.with_code(*concern, *code, |it| it.accepted_at = Some(at));
            }
            Event::CodeRefused { concern, code } => {
                self.with_code(*concern, *code, |it| {
                    it.state = CodeState::Refused;
                    it.refused_at = Some(at);
                });
            }
            Event::VisitResumed { .. } => self.with_acting(Identification::repeat),
            Event::VisitTakenOver { by } => {
                self.earlier_operators.extend(self.operator.replace(by.clone()));
                self.with_acting(Identification::repeat);
            }
            Event::VisitAborted { reason } => self.stage = Stage::Aborted(*reason),
            Event::VisitEnded => self.stage = Stage::Ended,
            Event::VisitReviewed { by, outcome } => {
                self.review = Some(Review { by: by.clone(), at, outcome: *outcome });
                if *outcome == ReviewOutcome::SubstantialDefect {
                    self.revoke_codes();
                }
            }
        }
        self
    }

    fn with_acting(&mut self, change: impl FnOnce(&mut Identification)) {
        if let Some(acting) = self.identifications.first_mut() {
            change(acting);
        }
    }

    fn revoke_codes(&mut self) {
        let codes = self.concerns.iter_mut().flat_map(|concern| &mut concern.codes);
        for code in codes.filter(|code| code.state == CodeState::HandedOver) {
            code.state = CodeState::Revoked;
        }
    }

    fn with_concern(&mut self, id: ConcernId, change: impl FnOnce(&mut Concern)) {
        if let Some(concern) = self.concerns.iter_mut().find(|it| it.id == id) {
            change(concern);
        }
    }

    fn with_blocking(&mut self, concern: ConcernId, state: BlockingState) {
        self.with_concern(concern, |it| {
            if let Some(blocking) = &mut it.blocking {
                blocking.state = state;
            }
        });
    }

    fn with_code(&mut self, concern: ConcernId, code: CodeId, change: impl FnOnce(&mut Code)) {
        self.with_concern(concern, |it| {
            if let Some(code) = it.codes.iter_mut().find(|it| it.id == code) {
                change(code);
            }
        });
    }

    fn with_identification(&mut self, id: IdentificationId, change: impl FnOnce(&mut Identification)) {
        if let Some(identification) = self.identifications.iter_mut().find(|it| it.id == id) {
            change(identification);
        }
    }

    fn with_document(&mut self, id: IdentificationId, change: impl FnOnce(&mut Document)) {
        self.with_identification(id, |it| {
            if let Some(document) = &mut it.document {
                change(document);
            }
        });
    }
}

/// What the service answers, and what the desk voids by itself, doesn't keep a visit alive that everybody has left.
fn by_somebody_at_the_desk(event: &Event) -> bool {
    !matches!(
        event,
        Event::CodeAccepted { .. }
            | Event::CodeRefused { .. }
            | Event::BlockingAccepted { .. }
            | Event::BlockingRefused { .. }
            | Event::CodeVoided { reason: VoidReason::Interrupted | VoidReason::TrayTimeout, .. }
    )
}

impl Identification {
    /// What was seen and compared was this document; the next one is looked at anew.
    fn take_back_document(&mut self) {
        self.document = None;
        self.face = None;
        self.second_look = None;
    }

    /// Whoever was looked at beside the chip's picture is looked at anew.
    fn take_back_chip(&mut self) {
        let Some(document) = &mut self.document else { return };
        document.chip_consent = None;
        let was_read = document.chip.take().is_some() || document.chip_again;
        document.chip_again = false;
        if was_read {
            self.face = None;
            self.second_look = None;
        }
    }

    /// Document in hand and face are repeated; what was looked at stays as it was answered.
    fn repeat(&mut self) {
        self.face = None;
        if let Some(document) = &mut self.document {
            document.confirmed = false;
            // Its picture is gone.
            document.chip_again |= document.chip.take().is_some();
        }
    }
}
