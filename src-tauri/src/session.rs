//! Who works at the desk: signing in and out, locking, taking over, and what an interruption left behind.

use std::io::ErrorKind;

use bridge::{
    AppError, Operator,
    input::{SecretInput, SignInInput},
};
use identification::{
    AbortReason, ActingRole, Command, ConcernState, Identification, OperatorId, Staff, StaffRole, Visit,
    VisitId, VoidReason,
};
use jiff::Timestamp;
use staff::{Member, Pin, PinError};

use crate::{
    chip::Chip,
    controller::{Controller, Window},
    keep::store_error,
    outside,
    state::{DocumentDraft, InProgress, Interrupted, Mode, Session, Step},
};

impl<W: Window> Controller<W> {
    pub(crate) fn sign_in(&mut self, input: SignInInput) -> Result<(), AppError> {
        if self.state.session.is_some() {
            return Err(AppError::NotNow);
        }
        let member = self.check_pin(&input.staff, input.pin)?;
        self.state.session = Some(session(&member)?);
        self.note_who_came();
        self.forget_card();
        self.wait_for_card();
        Ok(())
    }

    pub(crate) fn sign_out(&mut self) -> Result<(), AppError> {
        if self.state.in_progress().is_some() {
            // Whoever goes away in the middle of a visit locks the desk.
            return Err(AppError::NotNow);
        }
        self.state.session = None;
        self.state.turn_to(Mode::Start);
        self.stop_reading();
        Ok(())
    }

    /// Strg+L: nothing is shown any more; the visit stays.
    pub(crate) fn lock(&mut self) -> Result<(), AppError> {
        let session = self.state.session.as_mut().filter(|it| !it.locked()).ok_or(AppError::NotNow)?;
        session.locked_at = Some(outside::now().timestamp());
        // Nothing is read behind the lock, and no number waits there.
        self.stop_chip();
        if self.state.in_progress().is_none() {
            self.state.turn_to(Mode::Start);
            self.stop_reading();
            self.forget_card();
        }
        Ok(())
    }

    /// The clerk comes back, somebody else begins, or a supervisor takes the open visit over.
    pub(crate) fn unlock(&mut self, input: SignInInput) -> Result<(), AppError> {
        let locked = self.state.session.as_ref().filter(|it| it.locked()).ok_or(AppError::NotNow)?;
        let same = locked.staff.id.as_str() == input.staff;
        let member = self.check_pin(&input.staff, input.pin)?;
        let next = session(&member)?;
        if !same && self.state.in_progress().is_some() {
            if next.staff.role != StaffRole::Supervisor {
                return Err(AppError::VisitOfAnother);
            }
            self.take_over(&next.staff)?;
        }
        let visit_open = self.state.in_progress().is_some();
        self.state.session = Some(next);
        self.note_who_came();
        if visit_open {
            self.look_at_card();
        } else {
            self.wait_for_card();
        }
        Ok(())
    }

    /// A supervisor goes on with the clerk's visit. What lies in the tray is voided first; a visit that nobody may go on with
    /// ends.
    fn take_over(&mut self, by: &Staff) -> Result<(), AppError> {
        if matches!(self.step(), Some(Step::Printing | Step::HandOver)) {
            self.apply(Command::VoidCode { reason: VoidReason::Discarded })?;
            self.stop_print = None;
        }
        if let Err(refused) = self.apply(Command::TakeOver { by: by.clone() }) {
            if refused == AppError::SeparationOfDuties {
                return Err(refused);
            }
            let visit = self.state.in_progress().ok_or(AppError::NotNow)?.visit.clone();
            self.close_interrupted(visit)?;
            self.state.turn_to(Mode::Start);
            return Ok(());
        }
        if let Some(it) = self.state.in_progress_mut() {
            // The supervisor has the document in hand and signs anew.
            it.signed = false;
            it.draft = DocumentDraft::new(it.draft.document_type.clone());
            it.chip = Chip::default();
            it.scan = None;
        }
        Ok(())
    }

    /// Proves who somebody is; the PIN is wiped whatever comes of it.
    pub(crate) fn check_pin(&self, id: &str, typed: SecretInput) -> Result<Member, AppError> {
        let pin = Pin::parse(&typed.0);
        drop(typed);
        let now = outside::now().timestamp();
        let pin = pin.map_err(|_| AppError::FieldInvalid {
            field: bridge::Field::Pin,
            problem: bridge::FieldProblem::Length,
        })?;
        self.desk.accounts.check(id, &pin, now).map_err(|error| match error {
            PinError::Unknown => AppError::StaffUnavailable,
            PinError::Wrong { tries_left } => AppError::PinWrong { tries_left: u32::from(tries_left) },
            PinError::Locked { until } => AppError::PinLocked { until: until.to_string() },
            PinError::Storage(error) => {
                tracing::error!(%error, "wrong tries can't be counted");
                if error.kind() == ErrorKind::StorageFull {
                    AppError::DiskFull
                } else {
                    AppError::StaffUnavailable
                }
            }
        })
    }

    /// Whoever works here proves it anew (step-up).
    pub(crate) fn step_up(&self, pin: Option<SecretInput>) -> Result<Staff, AppError> {
        let session = self.state.attended().ok_or(AppError::NotNow)?;
        let pin = pin.ok_or(AppError::FieldInvalid {
            field: bridge::Field::Pin,
            problem: bridge::FieldProblem::Missing,
        })?;
        self.check_pin(session.staff.id.as_str(), pin)?;
        Ok(session.staff.clone())
    }

    /// At the start: what the last run left open. A code that wasn't handed over is void; a visit that can be resumed waits
    /// for its clerk, any other ends.
    pub(crate) fn find_interrupted_visits(&mut self) {
        match self.desk.store.open_visits() {
            Ok(open) => {
                for (id, _) in open {
                    // One that can't be read must not keep the others' codes alive.
                    if let Err(error) = self.find_interrupted(id) {
                        self.state.notice = Some(error);
                    }
                }
            }
            Err(error) => self.state.notice = Some(store_error(&error)),
        }
    }

    fn find_interrupted(&mut self, id: VisitId) -> Result<(), AppError> {
        let now = outside::now();
        let mut visit = self.load(id)?;
        let left_at = visit.changed_at.unwrap_or(Timestamp::UNIX_EPOCH);
        let code_voided = visit.in_tray().is_some();
        if code_voided {
            let void = Command::VoidCode { reason: VoidReason::Interrupted };
            match self.record(visit, void, None, &now) {
                Ok((voided, _)) => visit = voided,
                Err(error) => {
                    // A code that should be void: as soon as something can be written.
                    self.state.to_close.push(id);
                    return Err(error);
                }
            }
        }
        let until = left_at.saturating_add(self.policy.resume_time()).unwrap_or(left_at);
        let denied = visit.acting().is_some_and(Identification::is_denied);
        if denied || until < now.timestamp() {
            self.close_interrupted(visit)
        } else {
            self.state.interrupted.push(Interrupted { visit, until, code_voided });
            Ok(())
        }
    }

    /// Ends what nobody goes on with: without a code it is aborted and wiped.
    fn close_interrupted(&self, mut visit: Visit) -> Result<(), AppError> {
        let now = outside::now();
        if visit.in_tray().is_some() {
            let void = Command::VoidCode { reason: VoidReason::Interrupted };
            (visit, _) = self.record(visit, void, None, &now)?;
        }
        let given = visit.concerns.iter().flat_map(|it| &it.codes).any(|code| code.state.is_open());
        if !given {
            let abort = Command::Abort { reason: AbortReason::Interrupted };
            return self.record(visit, abort, None, &now).map(drop);
        }
        let unfinished: Vec<_> = visit
            .concerns
            .iter()
            .filter(|it| it.state == ConcernState::Open && it.codes.is_empty())
            .map(|it| it.id)
            .collect();
        for concern in unfinished {
            (visit, _) = self.record(visit, Command::WithdrawConcern { concern }, None, &now)?;
        }
        self.record(visit, Command::End, None, &now).map(drop)
    }

    /// The interrupted visit that this member of staff can go on with.
    pub(crate) fn resumable(&self) -> Option<&Interrupted> {
        let staff = &self.state.attended()?.staff;
        self.state.interrupted.iter().find(|it| {
            let own = it.visit.operator.as_ref() == Some(&staff.id);
            own || staff.role == StaffRole::Supervisor && !it.visit.second_lookers.contains(&staff.id)
        })
    }

    pub(crate) fn resume_visit(&mut self) -> Result<(), AppError> {
        let staff = self.state.attended().ok_or(AppError::NotNow)?.staff.clone();
        // As it is now: the service may have answered meanwhile.
        let (id, visit) = self.resumable_visit()?;
        let now = outside::now();
        // Either way document in hand and face are repeated.
        let command = if visit.operator.as_ref() == Some(&staff.id) {
            Command::Resume { by: staff }
        } else {
            Command::TakeOver { by: staff }
        };
        let (mut visit, _) = self.record(visit, command, None, &now)?;
        self.forget(id);
        // What the register said of people whose proof is missing is forgotten: they're named again.
        let carer = visit.acting().is_some_and(|acting| acting.role != ActingRole::Insured);
        let unproven: Vec<_> =
            visit.standing().filter(|it| carer && it.purpose.is_none()).map(|it| it.id).collect();
        for concern in unproven {
            (visit, _) = self.record(visit, Command::WithdrawConcern { concern }, None, &now)?;
        }
        let document = visit.acting().and_then(|it| it.document.as_ref());
        let selected = document.map_or_else(|| self.first_document(), |it| it.document_type.clone());
        let mut it = InProgress::new(visit, selected);
        it.concerns_complete = it.visit.acting().is_some_and(|acting| acting.document.is_some());
        self.state.turn_to(Mode::Visit(Box::new(it)));
        self.know_card();
        Ok(())
    }

    pub(crate) fn discard_interrupted(&mut self) -> Result<(), AppError> {
        let (id, visit) = self.resumable_visit()?;
        self.close_interrupted(visit)?;
        self.forget(id);
        self.look_at_card();
        Ok(())
    }

    fn resumable_visit(&self) -> Result<(VisitId, Visit), AppError> {
        if !matches!(self.state.mode, Mode::Start) {
            return Err(AppError::NotNow);
        }
        let id = self.resumable().and_then(|it| it.visit.id).ok_or(AppError::NotResumable)?;
        Ok((id, self.load(id)?))
    }

    fn forget(&mut self, id: VisitId) {
        self.state.interrupted.retain(|it| it.visit.id != Some(id));
    }

    /// What nobody resumed in time is wiped.
    fn forget_interrupted(&mut self) -> bool {
        let now = outside::now().timestamp();
        let (late, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.state.interrupted).into_iter().partition(|it| it.until < now);
        self.state.interrupted = rest;
        let changed = !late.is_empty();
        self.state.to_close.extend(late.into_iter().filter_map(|it| it.visit.id));
        if changed {
            self.look_at_card();
        }
        changed
    }
}

impl<W: Window> Controller<W> {
    /// Once a second: closes what nobody goes on with. Whether the picture may have changed.
    pub(crate) fn close_overdue(&mut self) -> bool {
        let forgotten = self.forget_interrupted();
        let abandoned = self.leave_abandoned();
        self.close_rest();
        forgotten || abandoned
    }

    /// A visit that was left behind a locked screen for too long ends as an interrupted one does.
    fn leave_abandoned(&mut self) -> bool {
        let Some(locked_at) = self.state.session.as_ref().and_then(|session| session.locked_at) else {
            return false;
        };
        let Some(it) = self.state.in_progress() else { return false };
        // What lies in the tray has a timer of its own.
        let waiting = matches!(self.step(), Some(Step::Printing | Step::HandOver));
        let left_at = it.visit.changed_at.map_or(locked_at, |at| at.max(locked_at));
        let until = left_at.saturating_add(self.policy.resume_time()).unwrap_or(left_at);
        if waiting || outside::now().timestamp() <= until {
            return false;
        }
        self.state.to_close.extend(it.visit.id);
        self.state.turn_to(Mode::Start);
        self.stop_reading();
        true
    }

    /// What couldn't be closed when it ended, until it can.
    fn close_rest(&mut self) {
        let waiting = std::mem::take(&mut self.state.to_close);
        for id in waiting {
            if let Err(error) = self.load(id).and_then(|visit| self.close_interrupted(visit)) {
                // The disk is still full; a visit that is over already needs nothing.
                if error != AppError::NotNow {
                    self.state.to_close.push(id);
                }
            }
        }
    }
}

/// Everybody who may sign in, as the window lists them.
pub(crate) fn operators(accounts: &staff::Accounts) -> Vec<Operator> {
    accounts.members().map(operator).collect()
}

fn operator(member: &Member) -> Operator {
    Operator {
        id: member.id().to_owned(),
        initials: member.name().split_whitespace().filter_map(|word| word.chars().next()).take(2).collect(),
        name: member.name().to_owned(),
        role: match role(member) {
            StaffRole::Clerk => bridge::Role::Clerk,
            StaffRole::Supervisor => bridge::Role::Supervisor,
        },
    }
}

/// Whoever has both roles works as a supervisor: a clerk's work is part of it.
fn role(member: &Member) -> StaffRole {
    if member.roles().contains(&staff::Role::Supervisor) { StaffRole::Supervisor } else { StaffRole::Clerk }
}

/// A member of staff in the rules' words.
pub(crate) fn acting_staff(member: &Member) -> Result<Staff, AppError> {
    let id = OperatorId::new(member.id()).ok_or(AppError::StaffUnavailable)?;
    Ok(Staff { id, role: role(member) })
}

fn session(member: &Member) -> Result<Session, AppError> {
    Ok(Session { staff: acting_staff(member)?, shown: operator(member), locked_at: None })
}
