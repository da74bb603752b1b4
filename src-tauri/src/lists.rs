//! What was done at this desk: today's list, and the supervisor's page.

use bridge::{
    AppError, Field,
    input::{FindInput, HoldInput, OpenInput, ReviewInput},
};
use identification::{Command, PublicReference, Recorded, StaffRole, VisitId};
use jiff::{Timestamp, ToSpan, Zoned};
use store::{AccessReason, AccessResult, HoldReason, StoreError, VisitRow};
use uuid::Uuid;

use crate::{
    controller::{Controller, Window},
    convert,
    keep::store_error,
    outside,
    state::{Listed, Mode},
};

/// Days that the supervisor's page looks back: what is older was delivered and deleted here.
const REVIEW_DAYS: i64 = 14;
/// Pieces of the journal among which a countersigned one is looked for: weeks without any.
const MAX_SEGMENTS: usize = 100;
/// Most visits of a list: more than a desk has in that time.
const MAX_LISTED: usize = 500;

impl<W: Window> Controller<W> {
    /// "Heute": the visits of whoever works here.
    pub(crate) fn show_today(&mut self) -> Result<(), AppError> {
        let staff = self.idle()?;
        let now = outside::now();
        let rows = self.listed(&start_of(&now), &now)?;
        let own = |it: &Listed| it.row.operator == staff.id || it.visit.earlier_operators.contains(&staff.id);
        self.state.turn_to(Mode::Today(rows.into_iter().rev().filter(own).collect()));
        Ok(())
    }

    /// "Besuche prüfen", for supervisors.
    pub(crate) fn show_reviews(&mut self) -> Result<(), AppError> {
        self.supervisor()?;
        let now = outside::now();
        let from = start_of(&now).saturating_sub(REVIEW_DAYS.days());
        let mut rows = self.listed(&from, &now)?;
        self.add_held(&mut rows)?;
        // What nobody has looked at comes first: what was given out without a line, then the longest waiting.
        rows.sort_by_key(order);
        self.tasks = self.desk.store.tasks().map_err(|error| store_error(&error))?;
        self.look_after();
        self.state.turn_to(Mode::Reviews(rows, None));
        Ok(())
    }

    /// Whatever is held has somebody who may let it go, however old it is.
    fn add_held(&self, rows: &mut Vec<Listed>) -> Result<(), AppError> {
        let held = self.desk.store.holds().map_err(|error| store_error(&error))?;
        for (id, _) in held.into_iter().take(MAX_LISTED) {
            if rows.iter().all(|it| it.id != id) {
                let row = self.desk.store.visit(id).map_err(|error| store_error(&error))?;
                rows.extend(row.and_then(|row| self.listed_visit(id, row).ok()));
            }
        }
        Ok(())
    }

    /// A supervisor looks at a visit, on the page or found by its reference; that is noted before they see it.
    pub(crate) fn open_review(&mut self, input: &OpenInput) -> Result<(), AppError> {
        self.supervisor()?;
        let id = visit_id(&input.visit)?;
        let wanted = self.openable().find(|it| it.id == id).ok_or(AppError::NotNow)?.clone();
        let reason = match input.reason {
            Some(reason) => access_reason(reason),
            None if wanted.is_restricted(outside::now().timestamp()) && !wanted.opened => {
                return Err(AppError::NotYet);
            }
            None => AccessReason::Review,
        };
        self.note_visit_opened(&wanted, reason, AccessResult::Shown)?;
        if !matches!(self.state.mode, Mode::Reviews(..)) {
            self.show_reviews()?;
        }
        if let Mode::Reviews(_, selected) = &mut self.state.mode {
            *selected = Some(Listed { opened: true, ..wanted });
        }
        Ok(())
    }

    /// The visits that a supervisor can open from where they are.
    fn openable(&self) -> impl Iterator<Item = &Listed> {
        let (rows, found) = match &self.state.mode {
            Mode::Reviews(rows, _) => (rows.as_slice(), None),
            Mode::Search(_, found) => (&[][..], found.as_ref()),
            Mode::Start
            | Mode::Visit(_)
            | Mode::Today(_)
            | Mode::Block(_)
            | Mode::About { .. }
            | Mode::Wiped(_) => (&[][..], None),
        };
        rows.iter().chain(found)
    }

    /// "Besuch suchen"
    pub(crate) fn show_search(&mut self) -> Result<(), AppError> {
        self.idle()?;
        self.state.turn_to(Mode::Search(None, None));
        Ok(())
    }

    /// A visit by the reference on its sheet: clerks find their own, supervisors any of this desk.
    pub(crate) fn find_visit(&mut self, input: &FindInput) -> Result<(), AppError> {
        let staff = self.idle()?;
        let Mode::Search(..) = self.state.mode else { return Err(AppError::NotNow) };
        let reference = PublicReference::parse(input.reference.trim())
            .map_err(|problem| convert::field(Field::Reference, convert::symbols(problem)))?;
        let found = self.desk.store.by_reference(&reference).map_err(|error| store_error(&error))?;
        let found = found.map(|(id, row)| self.listed_visit(id, row)).transpose()?;
        let mine = |it: &Listed| {
            staff.role == StaffRole::Supervisor
                || it.row.operator == staff.id
                || it.visit.earlier_operators.contains(&staff.id)
        };
        let reason = access_reason(input.reason);
        match &found {
            Some(found) if mine(found) => self.note_visit_opened(found, reason, AccessResult::Shown)?,
            Some(others) => self.note_visit_opened(others, reason, AccessResult::Withheld)?,
            None => self.note_search_in_vain(&reference, reason)?,
        }
        let found = found.filter(mine).map(|it| Listed { opened: true, ..it });
        self.state.turn_to(Mode::Search(Some(reference.as_str().to_owned()), found));
        Ok(())
    }

    /// Supervisors keep a visit beyond its time.
    pub(crate) fn hold_visit(&mut self, input: &HoldInput) -> Result<(), AppError> {
        let by = self.supervisor()?.id;
        let now = outside::now().timestamp();
        let held = self.desk.store.hold(visit_id(&input.visit)?, hold_reason(input.reason), by, now);
        settled(held)?;
        self.look_again()
    }

    /// … and let it go again.
    pub(crate) fn release_hold(&mut self, visit: &str) -> Result<(), AppError> {
        let by = self.supervisor()?.id;
        settled(self.desk.store.release(visit_id(visit)?, by, outside::now().timestamp()))?;
        self.look_again()
    }

    /// A supervisor has seen to what the service won't take.
    pub(crate) fn close_task(&mut self, task: &str) -> Result<(), AppError> {
        let by = self.supervisor()?.id;
        let id = Uuid::try_parse(task).map_err(|_| AppError::NotNow)?;
        settled(self.desk.store.close_task(id, by, outside::now().timestamp()))?;
        self.look_again()
    }

    /// "Über diesen Platz"
    pub(crate) fn show_about(&mut self) -> Result<(), AppError> {
        self.idle()?;
        let confirmed = self.desk.store.segments(MAX_SEGMENTS).map_err(|error| store_error(&error))?;
        let confirmed = confirmed.into_iter().find_map(|it| it.confirmed_at);
        self.state.turn_to(Mode::About { confirmed });
        Ok(())
    }

    pub(crate) fn supervisor(&self) -> Result<identification::Staff, AppError> {
        let staff = self.idle()?;
        if staff.role == StaffRole::Supervisor { Ok(staff) } else { Err(AppError::SupervisorNeeded) }
    }

    /// The list that is shown, as it is now.
    pub(crate) fn look_again(&mut self) -> Result<(), AppError> {
        let selected = match &self.state.mode {
            Mode::Today(_) => return self.show_today(),
            Mode::Reviews(_, selected) => selected.as_ref().map(|it| (it.id, it.opened)),
            Mode::Search(reference, Some(found)) => {
                let (reference, id) = (reference.clone(), found.id);
                let row = self.desk.store.visit(id).map_err(|error| store_error(&error))?;
                let found = row.map(|row| self.listed_visit(id, row)).transpose()?;
                let found = found.map(|it| Listed { opened: true, ..it });
                self.state.turn_to(Mode::Search(reference, found));
                return Ok(());
            }
            Mode::Start
            | Mode::Visit(_)
            | Mode::Search(_, None)
            | Mode::Block(_)
            | Mode::About { .. }
            | Mode::Wiped(_) => {
                return Ok(());
            }
        };
        self.show_reviews()?;
        if let Mode::Reviews(rows, shown) = &mut self.state.mode {
            *shown = selected.and_then(|(id, opened)| {
                let found = rows.iter().find(|it| it.id == id)?.clone();
                Some(Listed { opened, ..found })
            });
        }
        Ok(())
    }

    /// The judgement, signed with the supervisor's PIN. A substantial defect has the codes revoked at the service.
    pub(crate) fn review(&mut self, input: ReviewInput) -> Result<(), AppError> {
        let id = visit_id(&input.visit)?;
        let outcome = convert::review_from(input.outcome);
        // Only what was opened, and noted as such, is judged.
        let Mode::Reviews(_, Some(Listed { id: opened, .. })) = &self.state.mode else {
            return Err(AppError::NotNow);
        };
        if *opened != id {
            return Err(AppError::NotNow);
        }
        let by = self.step_up(Some(input.pin))?;
        let loaded = self.load(id)?;
        self.record(loaded, Command::Review { by, outcome }, None, &outside::now())?;
        self.look_again()
    }

    /// Back from a list.
    pub(crate) fn show_start(&mut self) -> Result<(), AppError> {
        match self.state.mode {
            Mode::Visit(_) => Err(AppError::NotNow),
            Mode::Wiped(_) => Err(AppError::NotNow),
            Mode::Start
            | Mode::Today(_)
            | Mode::Reviews(..)
            | Mode::Search(..)
            | Mode::Block(_)
            | Mode::About { .. } => {
                self.wait_for_card();
                Ok(())
            }
        }
    }

    /// Who works here, if no visit is open.
    pub(crate) fn idle(&self) -> Result<identification::Staff, AppError> {
        let session = self.state.attended().ok_or(AppError::NotNow)?;
        match self.state.mode {
            Mode::Visit(_) | Mode::Wiped(_) => Err(AppError::NotNow),
            Mode::Start
            | Mode::Today(_)
            | Mode::Reviews(..)
            | Mode::Search(..)
            | Mode::Block(_)
            | Mode::About { .. } => Ok(session.staff.clone()),
        }
    }

    fn listed(&self, from: &Zoned, until: &Zoned) -> Result<Vec<Listed>, AppError> {
        let until = until.timestamp().saturating_add(1.second()).map_err(|_| AppError::NotNow)?;
        let rows = self.desk.store.visits(from.timestamp(), until).map_err(|error| store_error(&error))?;
        let newest = rows.len().saturating_sub(MAX_LISTED);
        let visits = rows.into_iter().skip(newest).filter_map(|(id, row)| {
            // One that can't be read must not hide the others; what is wrong with it is in the log.
            self.listed_visit(id, row).ok()
        });
        Ok(visits.collect())
    }

    fn listed_visit(&self, id: VisitId, row: VisitRow) -> Result<Listed, AppError> {
        let opened = self.desk.store.events(id).map_err(|error| store_error(&error))?;
        let mut wiped = false;
        let mut recorded: Vec<Recorded> = Vec::with_capacity(opened.len());
        for record in &opened {
            match record.event().map_err(|error| store_error(&error))? {
                Some(event) => recorded.push(event),
                None => wiped = true,
            }
        }
        Ok(Listed { id, row, visit: identification::Visit::replay(&recorded), wiped, opened: false })
    }
}

/// Where a visit stands on the supervisor's page: what was given out without a line nobody else has looked at yet.
fn order(it: &Listed) -> (bool, bool, Timestamp) {
    let reviewed = it.row.review.is_some();
    (reviewed, reviewed || !it.has_offline_code(), it.row.opened_at)
}

/// What was settled before, or went meanwhile, is as good as done.
fn settled(done: Result<(), StoreError>) -> Result<(), AppError> {
    match done {
        Err(
            StoreError::NoSuchVisit | StoreError::NotHeld | StoreError::Duplicate | StoreError::NoSuchTask,
        ) => Err(AppError::NotNow),
        done => done.map_err(|error| store_error(&error)),
    }
}

const fn access_reason(reason: bridge::AccessReason) -> AccessReason {
    match reason {
        bridge::AccessReason::Inquiry => AccessReason::Inquiry,
        bridge::AccessReason::Complaint => AccessReason::Complaint,
        bridge::AccessReason::DataAccess => AccessReason::DataAccess,
        bridge::AccessReason::Correction => AccessReason::Correction,
    }
}

const fn hold_reason(reason: bridge::HoldReason) -> HoldReason {
    match reason {
        bridge::HoldReason::Complaint => HoldReason::Complaint,
        bridge::HoldReason::Investigation => HoldReason::Incident,
        bridge::HoldReason::LegalProceedings => HoldReason::Proceedings,
        bridge::HoldReason::Authority => HoldReason::Authority,
        bridge::HoldReason::Restriction => HoldReason::Restriction,
    }
}

/// Midnight, where this desk stands.
fn start_of(now: &Zoned) -> Zoned {
    now.start_of_day().unwrap_or_else(|_| now.clone())
}

fn visit_id(text: &str) -> Result<VisitId, AppError> {
    Uuid::try_parse(text).map(VisitId::new).map_err(|_| AppError::NotNow)
}
