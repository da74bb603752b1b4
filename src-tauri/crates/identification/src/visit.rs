//! The state of a visit: a fold over its events, nothing else.

mod evolve;

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};

use crate::{
    AbortReason, ActingRole, BlockingTarget, CardCheck, CardNumberAsk, CheckAnswer, ChipConsent,
    ChipEvidence, ChipRule, CodeId, ConcernId, Deed, DocumentRule, FaceAnswer, Grant, HealthCard,
    IdentificationId, IssuerGroup, Level, Line, OperatorId, Person, Policy, PublicReference, Purpose,
    PurposeRule, RefusalReason, ReviewOutcome, Subject, SubjectRegister, VisitId, VisitNumber, VoidReason,
    level,
};

/// One acting person at the desk, with everything that is known so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Visit {
    /// Set by the first event.
    pub id: Option<VisitId>,
    /// Who works on it.
    pub operator: Option<OperatorId>,
    /// Whoever worked on it before it was taken over.
    pub earlier_operators: Vec<OperatorId>,
    /// Whoever took a second look, also one that was replaced: they neither take over nor review.
    pub second_lookers: Vec<OperatorId>,
    /// When it began.
    pub opened_at: Option<Timestamp>,
    /// When somebody last did something at the desk.
    pub changed_at: Option<Timestamp>,
    /// Version of the profile that decides.
    pub policy_version: String,
    /// Where it stands.
    pub stage: Stage,
    /// One for each person proven; joint carers are two.
    pub identifications: Vec<Identification>,
    /// One for each subject and purpose.
    pub concerns: Vec<Concern>,
    /// Document and cards have been given back.
    pub returned: bool,
    /// A supervisor's judgement.
    pub review: Option<Review>,
}

/// A supervisor's judgement of a finished visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Who.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
    /// The outcome.
    pub outcome: ReviewOutcome,
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
    Aborted(AbortReason),
}

/// Proof of who one person is.
#[derive(Debug, Clone, PartialEq)]
pub struct Identification {
    /// Its id.
    pub id: IdentificationId,
    /// The claimed person.
    pub person: Person,
    /// As whom they act.
    pub role: ActingRole,
    /// The document that was presented.
    pub document: Option<Document>,
    /// The face comparison.
    pub face: Option<FaceAnswer>,
    /// The second person's look.
    pub second_look: Option<SecondLook>,
    /// Somebody was in doubt about document or face, whatever was answered later: a second person looks.
    pub doubted: bool,
}

/// The second person's look (Vier-Augen-Prüfung).
#[derive(Debug, Clone, PartialEq)]
pub struct SecondLook {
    /// Who.
    pub by: OperatorId,
    /// What they say.
    pub answer: FaceAnswer,
    /// The concerns whose deeds they saw.
    pub concerns: Vec<ConcernId>,
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
    /// The person agrees to the reading of its chip.
    pub chip_consent: Option<ChipConsent>,
    /// What its chip proved.
    pub chip: Option<ChipEvidence>,
    /// It was read before an interruption, and is read again.
    pub chip_again: bool,
    /// The clerk has gone through all of it.
    pub confirmed: bool,
}

/// What somebody came for.
#[derive(Debug, Clone, PartialEq)]
pub struct Concern {
    /// Its id.
    pub id: ConcernId,
    /// Whom it is about.
    pub subject: Subject,
    /// What the service said; `None`: it could not be asked.
    pub register: Option<SubjectRegister>,
    /// Where it stands.
    pub state: ConcernState,
    /// The end of the Kennnummer on the card's back is what its chip says.
    pub card_number_agrees: bool,
    /// The card's PIN was typed, and the card signed.
    pub possession_proven: bool,
    /// On what authority; `None` for one's own concern, and before a deed was accepted.
    pub representation: Option<Representation>,
    /// Chosen purpose.
    pub purpose: Option<Purpose>,
    /// From the app.
    pub visit_number: Option<VisitNumber>,
    /// What of them is blocked, if that is what it is about: then it has none of the rest.
    pub blocking: Option<Blocking>,
    /// At most one open code; replaced ones stay for the record.
    pub codes: Vec<Code>,
}

/// A blocking on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocking {
    /// What.
    pub target: BlockingTarget,
    /// The service knew number, name and birth date; otherwise it could not be asked.
    pub confirmed: bool,
    /// Where it is.
    pub state: BlockingState,
}

/// Whether what is to be blocked is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockingState {
    /// Recorded at the desk; the service has yet to be told.
    Ordered,
    /// The service has blocked it.
    InForce,
    /// The service has refused it for good.
    Refused,
}

/// Where a concern stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConcernState {
    /// Open, or done.
    Open,
    /// Refused.
    Refused(RefusalReason),
    /// Taken back by the clerk.
    Withdrawn,
}

/// The authority that a concern rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Representation {
    /// The deed that was shown.
    pub deed: Deed,
    /// What it allows.
    pub grant: Grant,
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
    /// Given out without a line.
    pub offline: bool,
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
    /// Taken back after a review.
    Revoked,
}

impl CodeState {
    /// Whether this code stands in the way of another one.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.is_in_tray() || self == Self::HandedOver
    }

    /// Whether its sheet is being printed or lies in the tray.
    #[must_use]
    pub const fn is_in_tray(self) -> bool {
        matches!(self, Self::Generated | Self::Printed)
    }
}

impl Visit {
    /// The acting person's identification.
    #[must_use]
    pub fn acting(&self) -> Option<&Identification> {
        self.identifications.first()
    }

    /// The concern that the desk works on: the first that isn't over; when all are, the last.
    #[must_use]
    pub fn current_concern(&self) -> Option<&Concern> {
        self.concerns.iter().find(|concern| !concern.is_over()).or_else(|| self.concerns.last())
    }

    /// A concern by its id.
    #[must_use]
    pub fn concern(&self, id: ConcernId) -> Option<&Concern> {
        self.concerns.iter().find(|concern| concern.id == id)
    }

    /// Concerns that are neither refused nor withdrawn.
    pub fn standing(&self) -> impl Iterator<Item = &Concern> {
        self.concerns.iter().filter(|concern| concern.state == ConcernState::Open)
    }

    /// The code that is being printed or lies in the tray, and its concern; there is never more than one.
    #[must_use]
    pub fn in_tray(&self) -> Option<(&Concern, &Code)> {
        let mut codes = self.concerns.iter().flat_map(|it| it.codes.iter().map(move |code| (it, code)));
        codes.find(|(_, code)| code.state.is_in_tray())
    }

    /// Whether it is about blocking something, and nothing else: nobody was identified.
    #[must_use]
    pub fn is_blocking(&self) -> bool {
        self.concerns.iter().any(|concern| concern.blocking.is_some())
    }

    /// Whether any code was ever given out: then the evidence is closed.
    #[must_use]
    pub fn has_codes(&self) -> bool {
        self.concerns.iter().any(|concern| !concern.codes.is_empty())
    }

    /// The level reached so far by the acting person, on `today`.
    #[must_use]
    pub fn level(&self, policy: &Policy, today: Date) -> Level {
        self.acting().map_or(Level::None, |it| level::reached(it, policy)).min(policy.reviews.cap(today))
    }

    /// The level that the acting person is on the way to, if what is still missing turns out well.
    #[must_use]
    pub fn level_on_the_way(&self, policy: &Policy, today: Date) -> Level {
        self.acting().map_or(Level::None, |it| level::on_the_way(it, policy)).min(policy.reviews.cap(today))
    }

    /// Whether somebody came for a purpose for which the chip of their document may be read: an insured person about
    /// themselves. A representative's document never is.
    #[must_use]
    pub fn admits_chip(&self, policy: &Policy) -> bool {
        let insured = self.acting().is_some_and(|it| it.role == ActingRole::Insured);
        let open = self.standing().filter(|concern| !concern.is_over());
        let mut rules = open.filter_map(|concern| policy.purpose(concern.purpose?));
        insured && rules.any(PurposeRule::admits_chip)
    }

    /// What may be read of the chip of the presented document, where [`Self::admits_chip`].
    #[must_use]
    pub fn readable_chip<'a>(&self, policy: &'a Policy) -> Option<&'a ChipRule> {
        let document = self.acting()?.document.as_ref().filter(|_| self.admits_chip(policy))?;
        policy.document(&document.document_type)?.chip.as_ref()
    }

    /// The highest level that a standing concern needs; before one is chosen, that of the first purpose offered.
    #[must_use]
    pub fn level_needed(&self, policy: &Policy) -> Level {
        let chosen =
            self.standing().filter_map(|concern| policy.purpose(concern.purpose?)).map(|rule| rule.level);
        chosen.max().or_else(|| policy.purposes.first().map(|rule| rule.level)).unwrap_or(Level::High)
    }

    /// Whether a second person has to look, as far as the desk knows now: always at somebody else's authority.
    #[must_use]
    pub fn second_look_needed(&self, policy: &Policy) -> bool {
        let doubtful = self.acting().is_some_and(|acting| acting.doubted);
        let asked = |concern: &Concern| {
            concern.representation.is_some()
                || concern.register.is_some_and(|it| it.second_look)
                || concern
                    .purpose
                    .and_then(|it| policy.purpose(it))
                    .is_some_and(PurposeRule::needs_second_look)
        };
        doubtful || self.standing().any(asked)
    }

    /// Whether a second person has looked at everything that stands now.
    #[must_use]
    pub fn second_look_taken(&self) -> bool {
        let look = self.acting().and_then(|it| it.second_look.as_ref());
        look.is_some_and(|look| {
            self.standing()
                .filter(|concern| concern.representation.is_some())
                .all(|concern| look.concerns.contains(&concern.id))
        })
    }
}

impl Identification {
    /// Somebody said no: a false feature makes a false document (BSI TR-03147, A3.3), another face another person, and what
    /// a second person doubts as well isn't established. Nobody overrides it.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        let failed =
            |it: &Document| it.checks.values().copied().chain(it.names).any(|it| it == CheckAnswer::Fail);
        let contradicted = |it: &Document| it.chip.is_some_and(ChipEvidence::contradicts);
        self.face == Some(FaceAnswer::DoesNotMatch)
            || self.document.as_ref().is_some_and(|it| failed(it) || contradicted(it))
            || self.second_look.as_ref().is_some_and(|look| look.answer != FaceAnswer::Matches)
    }

    /// The presented document and its rule, if it is admitted.
    #[must_use]
    pub fn presented<'a>(&'a self, policy: &'a Policy) -> Option<(&'a Document, &'a DocumentRule)> {
        let document = self.document.as_ref()?;
        Some((document, policy.document(&document.document_type)?))
    }
}

impl Concern {
    /// Whether a code that is given out for it now would be one without a line: the service can't be asked at this moment,
    /// or couldn't when it began.
    #[must_use]
    pub const fn is_offline(&self, line: &Line) -> bool {
        !line.connected || self.register.is_none()
    }

    /// Nothing more happens to it at the desk.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let handed_over = |code: &Code| {
            matches!(code.state, CodeState::HandedOver | CodeState::Refused | CodeState::Revoked)
        };
        self.state != ConcernState::Open || self.blocking.is_some() || self.code().is_some_and(handed_over)
    }

    /// Whether the end of the Kennnummer on the card's back still has to be compared with what the chip says. Of
    /// somebody without a readable card nothing is asked here: the look-up has compared it, if the card was at hand.
    #[must_use]
    pub fn card_number_missing(&self, policy: &Policy) -> bool {
        policy.card_number.ask == CardNumberAsk::Always
            && self.subject.health_card.is_some()
            && !self.card_number_agrees
    }

    /// Whether the health card's PIN may be typed: the profile admits it, the card was read, and its certificate, which the
    /// signature rests on, is proven.
    #[must_use]
    pub fn possession_provable(&self, policy: &Policy) -> bool {
        let certified = |card: &HealthCard| card.authenticity.certificate == CardCheck::Valid;
        policy.pin_at_reader
            && !self.possession_proven
            && self.subject.health_card.as_ref().is_some_and(certified)
    }

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
