//! The access log: who looked whom up and why, on disk before anything is shown.

use account::LookupReason;
use bridge::AppError;
use identification::{Kvnr, PublicReference, StaffRole};
use store::{AccessEntry, AccessId, AccessKind, AccessReason, AccessResult, AccessRole, Subject};

use crate::{
    controller::{Controller, Window},
    keep::store_error,
    outside,
    state::Listed,
};

impl<W: Window> Controller<W> {
    /// The service is about to be asked about somebody.
    pub(crate) fn note_look_up(&self, kvnr: &Kvnr, reason: LookupReason) -> Result<AccessId, AppError> {
        let reason = match reason {
            LookupReason::HealthCardPresented => AccessReason::CardInserted,
            LookupReason::NumberGivenInPerson => AccessReason::NumberGiven,
        };
        self.note_access(Subject::Insured(kvnr), reason, AccessKind::LookUp)
    }

    /// A visit's record is about to be shown to somebody, or is kept from them.
    pub(crate) fn note_visit_opened(
        &self,
        listed: &Listed,
        reason: AccessReason,
        result: AccessResult,
    ) -> Result<(), AppError> {
        for concern in &listed.visit.concerns {
            let subject = Subject::Insured(&concern.subject.kvnr);
            let access = self.note_access(subject, reason, AccessKind::VisitOpened)?;
            self.note_result(access, result)?;
        }
        Ok(())
    }

    /// Somebody searched for what isn't here.
    pub(crate) fn note_search_in_vain(
        &self,
        reference: &PublicReference,
        reason: AccessReason,
    ) -> Result<(), AppError> {
        let access = self.note_access(Subject::Reference(reference), reason, AccessKind::VisitOpened)?;
        self.note_result(access, AccessResult::NotFound)
    }

    /// What came of a look-up.
    pub(crate) fn note_result(&self, access: AccessId, result: AccessResult) -> Result<(), AppError> {
        let now = outside::now().timestamp();
        self.desk.store.log_result(access, result, now).map_err(|error| store_error(&error))
    }

    /// On disk when this returns.
    pub(crate) fn note_access(
        &self,
        subject: Subject<'_>,
        reason: AccessReason,
        kind: AccessKind,
    ) -> Result<AccessId, AppError> {
        let staff = &self.state.attended().ok_or(AppError::NotNow)?.staff;
        let subject = self.desk.store.subject_ref(subject, &mut outside::entropy);
        let entry = AccessEntry {
            at: outside::now().timestamp(),
            staff: staff.id.clone(),
            role: match staff.role {
                StaffRole::Clerk => AccessRole::Clerk,
                StaffRole::Supervisor => AccessRole::Supervisor,
            },
            place: self.desk.identity.desk().to_owned(),
            subject: subject.map_err(|error| store_error(&error))?,
            reason,
            kind,
        };
        self.desk.store.log_access(entry).map_err(|error| store_error(&error))
    }
}
