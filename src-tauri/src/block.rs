//! "Code oder Gerät sperren": with little proof, by any clerk, at once. Whoever is named is looked up like anybody; without a
//! line it is recorded all the same, and takes effect once the service has it.

use account::{CallError, LookupReason, Subject as Answer};
use bridge::{AppError, input::BlockInput};
use identification::{
    BlockingOrder, BlockingTarget, Command, ConcernId, OperatorId, Subject, Visit, VisitId,
};
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
    operator: OperatorId,
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
        let may_ask = self.state.may_ask();
        self.ask(Some(reply), async move {
            let reason = LookupReason::NumberGivenInPerson;
            let answer = if may_ask {
                ask_about(&client, &wanted.subject, reason, wanted.subject.person.birth_date, None).await
            } else {
                Err(CallError::Unreachable)
            };
            Answered::Block { wanted: Box::new(wanted), access, answer }
        });
    }

    fn wanted(&self, input: &BlockInput) -> Result<(Wanted, AccessId), AppError> {
        let Mode::Block(_) = self.state.mode else { return Err(AppError::NotNow) };
        let (subject, target) = (typed::person(&input.person)?, convert::blocking_target_from(input.target));
        let operator = self.state.attended().ok_or(AppError::NotNow)?.staff.id.clone();
        self.state.serves()?;
        let access = self.note_look_up(&subject.kvnr, LookupReason::NumberGivenInPerson)?;
        Ok((Wanted { operator, subject, target }, access))
    }

    /// The service has answered, and the clerk is still there.
    pub(crate) fn block_and_show(
        &mut self,
        wanted: Wanted,
        answer: Result<Answer, CallError>,
    ) -> Result<(), AppError> {
        let visit = self.record_blocking(wanted, answer)?;
        self.state.turn_to(Mode::Block(Some(Box::new(visit))));
        Ok(())
    }

    /// The service knows the person, says no, or says nothing: then it is recorded unasked.
    pub(crate) fn record_blocking(
        &mut self,
        wanted: Wanted,
        answer: Result<Answer, CallError>,
    ) -> Result<Visit, AppError> {
        let Wanted { operator, subject, target } = wanted;
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
        let (visit, concern) = (VisitId::new(id()), ConcernId::new(id()));
        let order = BlockingOrder { visit, concern, operator, subject, register, target };
        Ok(self.record(Visit::default(), Command::Block(Box::new(order)), None, &now)?.0)
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
