//! What is still done without a line to the account service: less, for less long, and only what the health card carries.

use jiff::{Zoned, civil::Date};

use crate::{
    ActingRole, ClockState, Concern, HealthCard, Level, Line, OfflineObstacle, Policy, PurposeRule, Refusal,
    Standing, Subject, Visit,
};

/// The best level of a code without a line: what the service knows of the person wasn't asked (BSI TR-03147: the level is
/// the minimum over everything that was done).
pub(super) const MOST: Level = Level::Substantial;

/// Who comes, as far as line and clock decide what can be done for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coming {
    /// An insured person with a health card that is good enough.
    WithCard,
    /// An insured person who tells their number.
    ByNumber,
    /// A representative.
    AsRepresentative,
}

impl Line {
    /// Why nothing can be given out at `now` to whoever comes so; `None`: nothing that line and clock know of.
    #[must_use]
    pub fn against_coming(&self, coming: Coming, policy: &Policy, now: &Zoned) -> Option<Refusal> {
        let allowed = clock(self, policy, now).and_then(|()| line_allows(self, policy, now));
        let obstacle = match coming {
            Coming::WithCard => None,
            Coming::ByNumber => Some(OfflineObstacle::HealthCard),
            Coming::AsRepresentative => Some(OfflineObstacle::Representation),
        };
        let obstacle = obstacle.filter(|_| !self.connected).map(Refusal::OfflineNotPossible);
        allowed.err().or(obstacle)
    }

    /// Why no code can be given out at `now` to the insured person whom the concern is about, whatever for.
    #[must_use]
    pub fn against_concern(&self, concern: &Concern, policy: &Policy, now: &Zoned) -> Option<Refusal> {
        let allowed = clock(self, policy, now);
        let card = || line_allows(self, policy, now).and_then(|()| health_card(&concern.subject, now.date()));
        allowed.and_then(|()| if concern.is_offline(self) { card() } else { Ok(()) }).err()
    }

    /// Why the concern can't be about `purpose` as long as the line is as it is; `None`: nothing that is the purpose's own.
    #[must_use]
    pub fn against_purpose(&self, concern: &Concern, purpose: &PurposeRule) -> Option<Refusal> {
        if concern.is_offline(self) { level(purpose).err() } else { None }
    }

    /// Why line or clock forbid a code for the concern at `now`.
    #[must_use]
    pub fn against_issue(
        &self,
        visit: &Visit,
        concern: &Concern,
        policy: &Policy,
        now: &Zoned,
    ) -> Option<Refusal> {
        may_issue(visit, concern, self, policy, now).err()
    }
}

/// Whether an insured person's visit may begin of whom the service can't be asked.
pub(super) fn may_begin(subject: &Subject, line: &Line, policy: &Policy, now: &Zoned) -> Result<(), Refusal> {
    clock(line, policy, now)?;
    line_allows(line, policy, now)?;
    health_card(subject, now.date())
}

/// Whether line and clock allow a code for this concern. Without a line: an insured person's own, not for a purpose that
/// needs more than [`MOST`], with a valid card.
pub(super) fn may_issue(
    visit: &Visit,
    concern: &Concern,
    line: &Line,
    policy: &Policy,
    now: &Zoned,
) -> Result<(), Refusal> {
    clock(line, policy, now)?;
    if !concern.is_offline(line) {
        return Ok(());
    }
    line_allows(line, policy, now)?;
    // Whoever is insured and here about themselves never shows a deed.
    if visit.acting().is_none_or(|it| it.role != ActingRole::Insured) {
        return refuse(OfflineObstacle::Representation);
    }
    level(concern.purpose.and_then(|it| policy.purpose(it)).ok_or(Refusal::NotYet)?)?;
    health_card(&concern.subject, now.date())
}

/// Whether a code without a line may be for this purpose.
pub(super) fn level(rule: &PurposeRule) -> Result<(), Refusal> {
    if rule.level > MOST { refuse(OfflineObstacle::Level) } else { Ok(()) }
}

/// No code on a day that nobody knows, or at a time that the service wouldn't believe.
fn clock(line: &Line, policy: &Policy, now: &Zoned) -> Result<(), Refusal> {
    match line.clock(now.timestamp(), policy) {
        ClockState::Right | ClockState::Off(_) => Ok(()),
        ClockState::Wrong(_) | ClockState::SteppedBack => Err(Refusal::ClockWrong),
    }
}

fn line_allows(line: &Line, policy: &Policy, now: &Zoned) -> Result<(), Refusal> {
    match line.standing(now.timestamp(), policy) {
        Standing::Connected => Ok(()),
        Standing::Offline { codes_left: 0, .. } => refuse(OfflineObstacle::Codes),
        Standing::Offline { .. } if line.knows_staff(now.timestamp(), policy) => Ok(()),
        Standing::Offline { .. } => refuse(OfflineObstacle::Staff),
        Standing::DeliveryOnly { .. } => refuse(OfflineObstacle::Lease),
        Standing::Locked => Err(Refusal::LineLost),
    }
}

/// Nobody but the card says that the person is insured here: its chip must be genuine, and its dates hold today.
fn health_card(subject: &Subject, today: Date) -> Result<(), Refusal> {
    let in_force = |card: &HealthCard| {
        card.valid_from.is_some_and(|from| from <= today)
            && card.valid_until.is_none_or(|until| today <= until)
            // An interrupted update: its data may contradict one another.
            && !card.transaction_open
    };
    if subject.health_card_proven() && subject.health_card.as_ref().is_some_and(in_force) {
        Ok(())
    } else {
        refuse(OfflineObstacle::HealthCard)
    }
}

const fn refuse(obstacle: OfflineObstacle) -> Result<(), Refusal> {
    Err(Refusal::OfflineNotPossible(obstacle))
}
