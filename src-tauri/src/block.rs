//! "Code oder Gerät sperren": with little proof, by any clerk, at once. Whoever is named is looked up like anybody; without a
//! line it is recorded all the same, and takes effect once the service has it.

use account::{CallError, LookupReason, Subject as Answer};
use bridge::{AppError, ServiceStatus, input::BlockInput};
use identification::{BlockingOrder, BlockingTarget, Command, ConcernId, Subject, Visit, VisitId};
use store::AccessId;

use crate::{
    concerns::{Answered, ask_about, call_error, register},
    controller::{Controller, Reply, Window},
    convert, outside,
    state::Mode,
    typed,
};

/// What the clerk wants blocked, while the service is asked about the person.
pub(crate) struct Wanted {
    subject: Subject,
    target: BlockingTarget,
}

impl<W: Window> Controller<W> {
    /// The form.
    pub(crate) fn show_block(&mut self) -> Result<(), AppError> {
        self.idle()?;
        self.state.turn_to(Mode::Block(None));
        Ok(())
    }

    /// "Jetzt sperren": notes who is looked up, then asks the service; without a line there is nobody to ask.
    pub(crate) fn block(&mut self, input: &BlockInput, reply: Reply) {
        let (wanted, access) = match self.wanted(input) {
            Ok(noted) => noted,
            Err(error) => return self.answer(Err(error), reply),
        };
        let client = self.desk.client.clone();
        let offline = matches!(self.state.service, ServiceStatus::Offline { .. });
        self.ask(Some(reply), async move {
            let reason = LookupReason::NumberGivenInPerson;
            let answer = if offline {
                Err(CallError::Unreachable)
            } else {
                ask_about(&client, &wanted.subject, reason, wanted.subject.person.birth_date, None).await
            };
            Answered::Block { wanted: Box::new(wanted), access, answer }
        });
    }

    fn wanted(&self, input: &BlockInput) -> Result<(Wanted, AccessId), AppError> {
        let Mode::Block(_) = self.state.mode else { return Err(AppError::NotNow) };
        let (subject, target) = (typed::person(&input.person)?, convert::blocking_target_from(input.target));
        self.state.serves()?;
        let access = self.note_look_up(&subject.kvnr, LookupReason::NumberGivenInPerson)?;
        Ok((Wanted { subject, target }, access))
    }

    /// The service knows the person, says no, or says nothing: then it is recorded unasked.
    pub(crate) fn record_blocking(
        &mut self,
        wanted: Wanted,
        answer: Result<Answer, CallError>,
    ) -> Result<(), AppError> {
        let Wanted { subject, target } = wanted;
        let register = match answer {
            Ok(found) => {
                self.line_answers();
                Some(register(&found))
            }
            // It is there, but can't say.
            Err(CallError::Unavailable { .. } | CallError::OutsideContract) => None,
            Err(error @ (CallError::Refused(_) | CallError::NotAuthenticated)) => {
                return Err(call_error(error));
            }
            Err(error) => {
                self.line_is_gone(&error);
                if matches!(self.state.mode, Mode::Wiped(_)) {
                    return Err(AppError::NotNow);
                }
                None
            }
        };
        let now = outside::now();
        let id = || outside::id(now.timestamp());
        let operator = self.state.attended().ok_or(AppError::NotNow)?.staff.id.clone();
        let (visit, concern) = (VisitId::new(id()), ConcernId::new(id()));
        let order = BlockingOrder { visit, concern, operator, subject, register, target };
        let (visit, _) = self.record(Visit::default(), Command::Block(Box::new(order)), None, &now)?;
        self.state.turn_to(Mode::Block(Some(Box::new(visit))));
        Ok(())
    }

    /// The service has answered about a visit that is over: if the clerk still looks at its blocking, they see it.
    pub(crate) fn show_blocking(&mut self, answered: Visit) {
        if let Mode::Block(Some(shown)) = &mut self.state.mode
            && shown.id == answered.id
        {
            **shown = answered;
        }
    }
}
