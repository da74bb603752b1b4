//! What was decided is kept: on disk first, then in the state. The one way from a command to the journal.

use bridge::AppError;
use identification::{
    Command, Event, Recorded, Refusal, RefusalReason, Scope, Stage, Visit, VisitId, decide,
};
use jiff::{Timestamp, Zoned};
use store::{Batch, Record, StoreError, VisitRow, VisitState};

use crate::{
    controller::{Controller, Window},
    convert, outside,
    records::{self, Pen},
};

impl<W: Window> Controller<W> {
    /// A visit from the journal.
    pub(crate) fn load(&self, id: VisitId) -> Result<Visit, AppError> {
        let opened = self.desk.store.events(id).map_err(|error| store_error(&error))?;
        let recorded: Vec<Recorded> = opened
            .iter()
            .filter_map(|record| record.event().transpose())
            .collect::<Result<_, _>>()
            .map_err(|error| store_error(&error))?;
        Ok(Visit::replay(&recorded))
    }

    /// A command on the open visit: decided, on disk, then in the state.
    pub(crate) fn apply(&mut self, command: Command) -> Result<(), AppError> {
        self.apply_with(command, None).map(drop)
    }

    /// As [`Self::apply`], with the sealed code that belongs to a generated one.
    pub(crate) fn apply_with(
        &mut self,
        command: Command,
        sealed: Option<String>,
    ) -> Result<Vec<Event>, AppError> {
        let now = outside::now();
        let before = self.state.in_progress().ok_or(AppError::NotNow)?.visit.clone();
        let events = decide(&before, command, &self.policy, &now).map_err(|refusal| {
            if let Some(it) = self.state.in_progress_mut() {
                it.refused = reason(refusal).or(it.refused);
            }
            convert::refusal(refusal)
        })?;
        let after = self.keep(before, &events, sealed, &now)?;
        if let Some(it) = self.state.in_progress_mut() {
            it.visit = after;
            it.looking_back = None;
        }
        Ok(events)
    }

    /// Decides `command` on `visit` and keeps what it makes true.
    pub(crate) fn record(
        &self,
        visit: Visit,
        command: Command,
        sealed: Option<String>,
        now: &Zoned,
    ) -> Result<(Visit, Vec<Event>), AppError> {
        let events = decide(&visit, command, &self.policy, now).map_err(convert::refusal)?;
        let after = self.keep(visit, &events, sealed, now)?;
        Ok((after, events))
    }

    /// Writes events, the outbox rows that follow from them and the list's row in one transaction; the visit after it. What
    /// an aborted visit knew of people is wiped with its end.
    fn keep(
        &self,
        visit: Visit,
        events: &[Event],
        sealed: Option<String>,
        now: &Zoned,
    ) -> Result<Visit, AppError> {
        let at = now.timestamp();
        let recorded: Vec<Recorded> = events.iter().cloned().map(|event| Recorded { at, event }).collect();
        let after = recorded.iter().fold(visit, Visit::evolve);
        let incident = |_| AppError::Internal { incident: outside::id(at).to_string() };
        let id = after.id.ok_or_else(|| incident(records::RecordError))?;
        let last = self.desk.store.last_record().map_err(|error| store_error(&error))?;
        let mut pen = Pen::new(&self.desk.identity, last, self.state.clock_record(at));
        let outbox = records::rows(&after, events, &mut pen, sealed, at).map_err(incident)?;
        let to_deliver = !outbox.is_empty();
        let batch = Batch {
            visit: id,
            at,
            records: recorded
                .iter()
                .map(|it| Record::new(outside::id(at), id, &it.event))
                .collect::<Result<_, _>>()
                .map_err(|error| store_error(&error))?,
            outbox,
            visit_row: visit_row(&after, at),
            erase: if leaves_nothing(&after) { personal(&after) } else { Vec::new() },
        };
        self.desk.store.append(batch, &mut outside::entropy).map_err(|error| store_error(&error))?;
        if to_deliver {
            self.outbox.notify_one();
        }
        Ok(after)
    }

    /// How much the service has yet to be told.
    pub(crate) fn count_outbox(&mut self) {
        if let Ok(depth) = self.desk.store.depth() {
            self.state.outbox = u32::try_from(depth.waiting).unwrap_or(u32::MAX);
            self.state.tasks = u32::try_from(depth.refused + depth.unreadable).unwrap_or(u32::MAX);
        }
    }
}

/// Everything of a visit that is about people.
fn personal(visit: &Visit) -> Vec<Scope> {
    let people = visit.identifications.iter().map(|it| Scope::Identification(it.id));
    people.chain(visit.concerns.iter().map(|it| Scope::Concern(it.id))).collect()
}

/// Whether a finished visit left nothing to keep: no code was ever drawn.
fn leaves_nothing(visit: &Visit) -> bool {
    matches!(visit.stage, Stage::Aborted(_)) && !visit.has_codes()
}

/// A refusal that is a reason to end the visit, rather than to type again.
fn reason(refusal: Refusal) -> Option<RefusalReason> {
    let final_ones = [
        (Refusal::DocumentExpired, RefusalReason::DocumentExpired),
        (Refusal::DocumentNotAdmitted, RefusalReason::DocumentNotAdmitted),
        (Refusal::IdentityNotEstablished, RefusalReason::IdentityNotEstablished),
        (Refusal::LevelTooLow, RefusalReason::LevelTooLow),
    ];
    final_ones.into_iter().find(|(it, _)| *it == refusal).map(|(_, reason)| reason)
}

fn visit_row(visit: &Visit, at: Timestamp) -> Option<VisitRow> {
    Some(VisitRow {
        state: match visit.stage {
            Stage::Unopened => return None,
            Stage::Open => VisitState::Open,
            Stage::Ended => VisitState::Ended { at },
            Stage::Aborted(_) => VisitState::Aborted { at },
        },
        operator: visit.operator.clone()?,
        opened_at: visit.opened_at?,
        changed_at: at,
        review: visit.review.as_ref().map(|review| review.outcome),
        // The store's to say.
        delete_after: None,
        held: None,
    })
}

pub(crate) fn store_error(error: &StoreError) -> AppError {
    tracing::error!(%error, "the store failed");
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these have a remedy of their own")]
    match error {
        StoreError::DiskFull => AppError::DiskFull,
        StoreError::ReadOnly => AppError::StoreReadOnly,
        StoreError::OutboxFull => AppError::OutboxFull,
        _ => AppError::StoreUnavailable,
    }
}
