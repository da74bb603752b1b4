//! The steps in which the chip proves that it is no copy.

use super::{Interruption, Mapped, Steps, judge, promised};
use crate::data_group::DataGroup;
use crate::error::MrtdError;
use crate::file::MrtdFile;
use crate::session::Session;
use crate::verdict::{Reason, Verdict};
use crate::{active_authentication, chip_authentication};
use smartcard::ChannelError;
use smartcard::pace::ChipAuthenticationMapping;
use smartcard::security_infos::SecurityInfos;

/// How often a proof must fail, each time in a session of its own, before it is the chip's failure and not a
/// disturbance's.
const FAILURES_MAX: usize = 2;

const UNPROVEN: Verdict = Verdict::NotVerifiable(Reason::PassiveAuthentication);

/// How often each proof has failed.
#[derive(Default)]
pub(super) struct Failures {
    mapping: usize,
    chip: usize,
    active: usize,
}

/// Counts a failure: whether it is the last that is allowed.
fn is_last(failures: &mut usize) -> bool {
    *failures += 1;
    *failures >= FAILURES_MAX
}

impl Steps<'_, '_> {
    /// After PACE with the chip authentication mapping: EF.CardSecurity, which signs the key, from the same
    /// session.
    pub(super) fn read_card_security(
        &mut self,
        session: &mut dyn Session,
        mapping: Option<ChipAuthenticationMapping>,
    ) -> Result<(), MrtdError> {
        let Some(mapping) = mapping else { return Ok(()) };
        if self.chip.is_some() || !self.request.admitted.zone_is_read() {
            return Ok(());
        }
        let file = promised(self.pieces.read(session, MrtdFile::CardSecurity, &mut |_, _| {}))?;
        self.mapped = Some(Mapped { mapping, file });
        Ok(())
    }

    /// DG14, and the proof by PACE's mapping, or else by chip authentication with the key in DG14.
    pub(super) fn authenticate_chip(&mut self, session: &mut dyn Session) -> Result<(), Interruption> {
        if self.chip.is_some() {
            return Ok(());
        }
        if let Err(verdict) = self.read_security_infos(session)? {
            self.chip = Some(verdict);
            return Ok(());
        }
        if self.is_refuted() {
            self.chip = Some(UNPROVEN);
            return Ok(());
        }
        let mapping = self.judge_mapping();
        match mapping {
            Some(Verdict::Invalid(Reason::ChallengeFailed)) if !is_last(&mut self.failures.mapping) => {
                return Err(Interruption::FreshSession);
            }
            // What can't be had or believed decides nothing: there is still chip authentication.
            Some(Verdict::Invalid(Reason::Withheld)) => {}
            Some(Verdict::Valid | Verdict::Invalid(_)) => {
                (self.chip, self.chip_by_mapping) = (mapping, true);
                return Ok(());
            }
            Some(Verdict::NotVerifiable(_) | Verdict::NotSupported(_)) | None => {}
        }
        let nothing = SecurityInfos::default();
        let infos = self.security_infos.as_ref().unwrap_or(&nothing);
        let outcome = chip_authentication::prove(session, infos, self.entropy)?;
        if outcome.broken.is_none() {
            let offered = outcome.verdict != Verdict::NotSupported(Reason::NotOffered);
            self.chip = mapping.filter(|_| !offered).or(Some(outcome.verdict));
            return Ok(());
        }
        if is_last(&mut self.failures.chip) {
            self.chip = Some(outcome.verdict);
        }
        Err(Interruption::FreshSession)
    }

    /// DG15, and active authentication with the key in it, where chip authentication has decided nothing.
    pub(super) fn authenticate_actively(&mut self, session: &mut dyn Session) -> Result<(), Interruption> {
        if self.active.is_some() {
            return Ok(());
        }
        self.active = match self.chip {
            Some(Verdict::Valid | Verdict::Invalid(_)) => Some(Verdict::NotVerifiable(Reason::NotAsked)),
            _ if !self.lists(DataGroup::ActiveAuthenticationKey) => {
                Some(Verdict::NotSupported(Reason::NotOffered))
            }
            _ => None,
        };
        if self.active.is_some() {
            return Ok(());
        }
        let key = match promised(self.read_group(session, DataGroup::ActiveAuthenticationKey))? {
            Ok(contents) => contents.to_vec(),
            Err(verdict) => {
                self.active = Some(verdict);
                return Ok(());
            }
        };
        if self.is_refuted() {
            self.active = Some(UNPROVEN);
            return Ok(());
        }
        let algorithm = self.security_infos.as_ref().and_then(SecurityInfos::active_authentication);
        let algorithm = algorithm.map(<[u8]>::to_vec);
        let (verdict, broken) =
            match active_authentication::prove(session, &key, algorithm.as_deref(), self.entropy) {
                Ok(verdict) => (verdict, false),
                Err(MrtdError::Channel(ChannelError::Unprotected(status))) => {
                    (Verdict::of_refusal(status), true)
                }
                Err(MrtdError::Channel(ChannelError::WrongMac | ChannelError::Malformed)) => {
                    (Verdict::NotVerifiable(Reason::Malformed), true)
                }
                Err(error) => return Err(error.into()),
            };
        let failed = broken || verdict == Verdict::Invalid(Reason::ChallengeFailed);
        let decided = !failed || is_last(&mut self.failures.active);
        if decided {
            self.active = Some(verdict);
        }
        if decided && !broken { Ok(()) } else { Err(Interruption::FreshSession) }
    }

    /// DG14, if the list names it, whether or not it is needed for a proof: what it says of PACE is signed.
    fn read_security_infos(&mut self, session: &mut dyn Session) -> Result<Result<(), Verdict>, MrtdError> {
        if self.security_infos.is_some() || !self.lists(DataGroup::SecurityInfos) {
            return Ok(Ok(()));
        }
        let file = match promised(self.read_group(session, DataGroup::SecurityInfos))? {
            Ok(contents) => SecurityInfos::parse(contents),
            Err(verdict) => return Ok(Err(verdict)),
        };
        let Ok(infos) = file else { return Ok(Err(Verdict::NotVerifiable(Reason::Malformed))) };
        self.security_infos = Some(infos);
        Ok(Ok(()))
    }

    fn judge_mapping(&self) -> Option<Verdict> {
        let (mapped, object) = (self.mapped.as_ref()?, self.security_object.as_ref()?);
        Some(judge::mapping(mapped, object, self.security_infos.as_ref(), self.request.check))
    }
}
