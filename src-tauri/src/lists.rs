//! What was done at this desk: today's list, and the supervisor's page.

use bridge::{AppError, input::ReviewInput};
use identification::{Command, Recorded, StaffRole, VisitId};
use jiff::{ToSpan, Zoned};
use store::VisitRow;
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
        if self.idle()?.role != StaffRole::Supervisor {
            return Err(AppError::SupervisorNeeded);
        }
        let now = outside::now();
        let from = start_of(&now).saturating_sub(REVIEW_DAYS.days());
        let mut rows = self.listed(&from, &now)?;
        // What nobody has looked at comes first, the longest waiting at the top.
        rows.sort_by_key(|it| (it.row.review.is_some(), it.row.opened_at));
        self.state.turn_to(Mode::Reviews(rows, None));
        Ok(())
    }

    pub(crate) fn open_review(&mut self, visit: &str) -> Result<(), AppError> {
        let Mode::Reviews(rows, selected) = &mut self.state.mode else { return Err(AppError::NotNow) };
        let id = visit_id(visit)?;
        *selected = Some(rows.iter().find(|it| it.id == id).ok_or(AppError::NotNow)?.clone());
        Ok(())
    }

    /// The judgement, signed with the supervisor's PIN. A substantial defect has the codes revoked at the service.
    pub(crate) fn review(&mut self, input: ReviewInput) -> Result<(), AppError> {
        let id = visit_id(&input.visit)?;
        let outcome = convert::review_from(input.outcome);
        let Mode::Reviews(..) = self.state.mode else { return Err(AppError::NotNow) };
        let by = self.step_up(Some(input.pin))?;
        let loaded = self.load(id)?;
        self.record(loaded, Command::Review { by, outcome }, None, &outside::now())?;
        self.show_reviews()?;
        self.open_review(&input.visit)
    }

    /// Back from a list.
    pub(crate) fn show_start(&mut self) -> Result<(), AppError> {
        match self.state.mode {
            Mode::Visit(_) => Err(AppError::NotNow),
            Mode::Start | Mode::Today(_) | Mode::Reviews(..) => {
                self.wait_for_card();
                Ok(())
            }
        }
    }

    /// Who works here, if no visit is open.
    fn idle(&self) -> Result<identification::Staff, AppError> {
        let session = self.state.attended().ok_or(AppError::NotNow)?;
        match self.state.mode {
            Mode::Visit(_) => Err(AppError::NotNow),
            Mode::Start | Mode::Today(_) | Mode::Reviews(..) => Ok(session.staff.clone()),
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
        Ok(Listed { id, row, visit: identification::Visit::replay(&recorded), wiped })
    }
}

/// Midnight, where this desk stands.
fn start_of(now: &Zoned) -> Zoned {
    now.start_of_day().unwrap_or_else(|_| now.clone())
}

fn visit_id(text: &str) -> Result<VisitId, AppError> {
    Uuid::try_parse(text).map(VisitId::new).map_err(|_| AppError::NotNow)
}
