//! The state of a visit: a fold over its events, nothing else.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};

use crate::{
    AccountState, CheckAnswer, CodeId, ConcernId, DocumentRule, Event, FaceAnswer, HealthCard,
    IdentificationId, IssuerGroup, Kvnr, Level, OperatorId, Person, Policy, PublicReference, Purpose,
    Recorded, VisitId, VisitNumber, VoidReason, level,
};

/// One acting person at the desk, with everything that is known so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Visit {
    /// Set by the first event.
    pub id: Option<VisitId>,
    /// Who opened it.
    pub operator: Option<OperatorId>,
    /// When it began.
    pub opened_at: Option<Timestamp>,
    /// Version of the profile that decides.
    pub policy_version: String,
    /// Where it stands.
    pub stage: Stage,
    /// One for each person proven; joint carers are two.
    pub identifications: Vec<Identification>,
    /// One for each subject and purpose.
    pub concerns: Vec<Concern>,
}

/// Where a visit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Nothing happened yet.
    #[default]
    Unopened,
    /// Open.
    Open,
    /// Over.
    Ended,
    /// Ended before its time.
    Aborted,
}

/// Proof of who one person is.
#[derive(Debug, Clone, PartialEq)]
pub struct Identification {
    /// Its id.
    pub id: IdentificationId,
    /// The claimed person.
    pub person: Person,
    /// The document that was presented.
    pub document: Option<Document>,
    /// The face comparison.
    pub face: Option<FaceAnswer>,
}

/// A presented document: type and answers, none of its data.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Id in the catalogue.
    pub document_type: String,
    /// Germany, European Union or other.
    pub issuer: IssuerGroup,
    /// Answers by the check's id.
    pub checks: BTreeMap<String, CheckAnswer>,
    /// Card's and document's names.
    pub names: Option<CheckAnswer>,
    /// The clerk has gone through all of it.
    pub confirmed: bool,
}

/// What somebody came for.
#[derive(Debug, Clone, PartialEq)]
pub struct Concern {
    /// Its id.
    pub id: ConcernId,
    /// The subject's insurance number.
    pub kvnr: Kvnr,
    /// The subject's card.
    pub health_card: HealthCard,
    /// What the service said.
    pub account: AccountState,
    /// Chosen purpose.
    pub purpose: Option<Purpose>,
    /// From the app.
    pub visit_number: Option<VisitNumber>,
    /// At most one open code; replaced ones stay for the record.
    pub codes: Vec<Code>,
}

/// A code on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// Its id.
    pub id: CodeId,
    /// Its public reference.
    pub reference: PublicReference,
    /// The level reached when it was issued.
    pub level: Level,
    /// Last day on which it can be redeemed.
    pub valid_until: Date,
    /// Where it is.
    pub state: CodeState,
    /// When the sheet was complete.
    pub printed_at: Option<Timestamp>,
    /// When the person got it.
    pub handed_over_at: Option<Timestamp>,
    /// When the service accepted the hand-over.
    pub accepted_at: Option<Timestamp>,
    /// When the service refused it for good.
    pub refused_at: Option<Timestamp>,
    /// When it became void.
    pub voided_at: Option<Timestamp>,
}

/// The desk's part of a code's life; the service owns what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeState {
    /// Drawn and sealed.
    Generated,
    /// On paper, in the tray.
    Printed,
    /// In the person's hand.
    HandedOver,
    /// Never to be used.
    Voided(VoidReason),
    /// Refused by the service for good.
    Refused,
}

impl CodeState {
    /// Whether this code stands in the way of another one.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Generated | Self::Printed | Self::HandedOver)
    }
}

impl Visit {
    /// Folds events, from the first, into a visit.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Self {
        events.into_iter().fold(Self::default(), Self::evolve)
    }

    /// The visit after `recorded`.
    #[must_use]
    pub fn evolve(mut self, recorded: &Recorded) -> Self {
        let at = recorded.at;
        match &recorded.event {
            Event::VisitOpened { visit, operator, policy_version } => {
                self.id = Some(*visit);
                self.operator = Some(operator.clone());
                self.opened_at = Some(at);
                self.policy_version.clone_from(policy_version);
                self.stage = Stage::Open;
            }
            Event::PersonIntroduced { identification, person } => self.identifications.push(Identification {
                id: *identification,
                person: person.clone(),
                document: None,
                face: None,
            }),
            Event::ConcernOpened { concern, kvnr, health_card, account } => self.concerns.push(Concern {
                id: *concern,
                kvnr: kvnr.clone(),
                health_card: health_card.clone(),
                account: *account,
                purpose: None,
                visit_number: None,
                codes: Vec::new(),
            }),
            Event::PurposeChosen { concern, purpose, visit_number } => self.with_concern(*concern, |it| {
                it.purpose = Some(*purpose);
                it.visit_number = Some(visit_number.clone());
            }),
            Event::DocumentPresented { identification, document_type, issuer } => {
                self.with_identification(*identification, |it| {
                    // What was compared was another document's picture.
                    it.face = None;
                    it.document = Some(Document {
                        document_type: document_type.clone(),
                        issuer: *issuer,
                        checks: BTreeMap::new(),
                        names: None,
                        confirmed: false,
                    });
                });
            }
            Event::DocumentChecked { identification, check, answer } => {
                self.with_document(*identification, |it| {
                    it.confirmed = false;
                    it.checks.insert(check.clone(), *answer);
                });
            }
            Event::NamesCompared { identification, answer } => {
                self.with_document(*identification, |it| {
                    it.confirmed = false;
                    it.names = Some(*answer);
                });
            }
            Event::DocumentConfirmed { identification } => {
                self.with_document(*identification, |it| it.confirmed = true);
            }
            Event::FaceCompared { identification, answer } => {
                self.with_identification(*identification, |it| it.face = Some(*answer));
            }
            Event::CodeGenerated { concern, code, reference, level, valid_until } => {
                self.with_concern(*concern, |it| {
                    it.codes.push(Code {
                        id: *code,
                        reference: reference.clone(),
                        level: *level,
                        valid_until: *valid_until,
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
            Event::CodeHandedOver { concern, code, .. } => self.with_code(*concern, *code, |it| {
                it.state = CodeState::HandedOver;
                it.handed_over_at = Some(at);
            }),
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
            Event::VisitAborted { .. } => self.stage = Stage::Aborted,
            Event::VisitEnded => self.stage = Stage::Ended,
        }
        self
    }

    /// The acting person's identification.
    #[must_use]
    pub fn acting(&self) -> Option<&Identification> {
        self.identifications.first()
    }

    /// The concern that the desk works on.
    #[must_use]
    pub fn current_concern(&self) -> Option<&Concern> {
        self.concerns.first()
    }

    /// The level reached so far by the acting person.
    #[must_use]
    pub fn level(&self, policy: &Policy) -> Level {
        self.acting().map_or(Level::None, |it| level::reached(it, Self::rule(it, policy)))
    }

    /// The level that the acting person is on the way to, if what is still missing turns out well.
    #[must_use]
    pub fn level_on_the_way(&self, policy: &Policy) -> Level {
        self.acting().map_or(Level::None, |it| level::on_the_way(it, Self::rule(it, policy)))
    }

    fn rule<'a>(identification: &Identification, policy: &'a Policy) -> Option<&'a DocumentRule> {
        identification.document.as_ref().and_then(|it| policy.document(&it.document_type))
    }

    /// The level that the current concern needs.
    #[must_use]
    pub fn level_needed(&self, policy: &Policy) -> Level {
        let chosen = self.current_concern().and_then(|concern| concern.purpose);
        let rule = chosen.map_or_else(|| policy.purposes.first(), |purpose| policy.purpose(purpose));
        rule.map_or(Level::High, |rule| rule.level)
    }

    fn with_concern(&mut self, id: ConcernId, change: impl FnOnce(&mut Concern)) {
        if let Some(concern) = self.concerns.iter_mut().find(|it| it.id == id) {
            change(concern);
        }
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

impl Concern {
    /// The latest code.
    #[must_use]
    pub fn code(&self) -> Option<&Code> {
        self.codes.last()
    }

    /// The code that is neither void nor refused.
    #[must_use]
    pub fn open_code(&self) -> Option<&Code> {
        self.codes.iter().find(|code| code.state.is_open())
    }
}

impl Document {
    /// Checks that are in order.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.checks.values().filter(|answer| **answer == CheckAnswer::Pass).count()
    }
}
