//! What the desk does by itself while nobody is at it: tells the service of the journal, deletes what is over, fetches what
//! the insurer has signed, renews its certificate.

use account::{
    AccountClient, CallError, CentralEventKind, CentralEvents, DeskIdentity, EnrolError, RecoveryKey,
    SealingKey, SignedPolicy, verify_checkpoint,
};
use bridge::AppError;
use identification::{ClockState, CodeId, Command};
use jiff::{SignedDuration, Timestamp, civil::Date};
use settings::{Settings, SignedProfile, Source};
use store::{ErasureRun, KeptName, RetentionPeriods, StoreError};
use uuid::Uuid;

use crate::{
    controller::{Controller, Input, Window},
    erasing::{Erased, Erasing},
    identity,
    keep::store_error,
    line, outside,
    present::Constants,
    records::{self, Pen},
    state::Mode,
};

/// How often the service is asked how it is.
const HEARTBEAT: SignedDuration = SignedDuration::from_secs(10);
/// How often the desk looks whether something is to be done.
const UPKEEP: SignedDuration = SignedDuration::from_mins(1);

/// Runs of deletions in one idle minute.
const RUNS_A_MINUTE: u32 = 8;

/// What was fetched.
pub(crate) enum Fetched {
    SealingKey(Result<SealingKey, CallError>),
    RecoveryKey(Result<RecoveryKey, CallError>),
    Policy(Result<Option<SignedPolicy>, CallError>),
    Events(Result<CentralEvents, CallError>),
    Certificate(Box<Result<DeskIdentity, EnrolError>>),
}

/// What is under way, and when what was done last.
#[derive(Debug, Default)]
pub(crate) struct Upkeep {
    asked_at: Option<Timestamp>,
    asking: bool,
    looked_at: Option<Timestamp>,
    /// The day on which the service was told of the journal.
    told_on: Option<Date>,
    /// Number of the last policy that was asked for.
    pub(crate) policy_asked: u64,
    /// A run of deletions is under way, and how many there were in this idle minute.
    erasing: bool,
    runs: u32,
    /// Runs whose proof doesn't hold, with the keys that it looks for.
    unproven: Vec<ErasureRun>,
    renewing: bool,
    fetching_events: bool,
}

impl<W: Window> Controller<W> {
    /// Once a second.
    pub(crate) fn keep_up(&mut self) {
        let now = outside::now().timestamp();
        let since = |at: Option<Timestamp>| at.map(|at| now.duration_since(at));
        if !self.upkeep.asking && since(self.upkeep.asked_at).is_none_or(|it| it.abs() >= HEARTBEAT) {
            self.beat(now);
        }
        let idle = !matches!(self.state.mode, Mode::Visit(_));
        if idle && since(self.upkeep.looked_at).is_none_or(|it| it.abs() >= UPKEEP) {
            self.upkeep.looked_at = Some(now);
            self.look_after();
            self.upkeep.runs = 0;
            self.erase_what_is_over();
            self.tell_of_journal();
            if self.state.line.connected && self.desk.identity.renewal_is_due(now) {
                self.renew();
            }
        }
    }

    /// A call got through: if the line is taken to be gone, asks at once whether it is.
    pub(crate) fn line_answers(&mut self) {
        if !self.state.line.connected && !self.upkeep.asking {
            self.beat(outside::now().timestamp());
        }
    }

    fn beat(&mut self, now: Timestamp) {
        (self.upkeep.asking, self.upkeep.asked_at) = (true, Some(now));
        let (client, inputs, report) = (self.desk.client.clone(), self.sender(), self.report());
        tokio::task::spawn_local(async move {
            let news = line::heartbeat(&client, &report).await;
            drop(inputs.send(Input::Service(Box::new(news))).await);
        });
    }

    /// The answer to a heartbeat is there, whatever it was.
    pub(crate) fn heartbeat_is_over(&mut self) {
        self.upkeep.asking = false;
    }

    fn fetch<F: Future<Output = Fetched> + 'static>(&self, ask: impl FnOnce(AccountClient) -> F) {
        let (question, inputs) = (ask(self.desk.client.clone()), self.sender());
        tokio::task::spawn_local(async move {
            drop(inputs.send(Input::Fetched(question.await)).await);
        });
    }

    /// The keys that codes, and at the worst undelivered records, are sealed to.
    pub(crate) fn fetch_keys(&self) {
        self.fetch(|client| async move { Fetched::SealingKey(client.sealing_key().await) });
        self.fetch(|client| async move { Fetched::RecoveryKey(client.recovery_key().await) });
    }

    pub(crate) fn fetch_policy(&self) {
        self.fetch(|client| async move { Fetched::Policy(client.policy().await) });
    }

    pub(crate) fn fetch_events(&mut self) {
        if !self.upkeep.fetching_events {
            self.upkeep.fetching_events = true;
            let after = self.state.last_event;
            self.fetch(move |client| async move { Fetched::Events(client.events(after).await) });
        }
    }

    /// Gets the desk's next certificate.
    pub(crate) fn renew(&mut self) {
        if !self.upkeep.renewing {
            self.upkeep.renewing = true;
            self.fetch(|client| async move { Fetched::Certificate(Box::new(client.renew().await)) });
        }
    }

    pub(crate) fn fetched(&mut self, fetched: Fetched) {
        let done = match fetched {
            Fetched::SealingKey(Ok(key)) => {
                let kept = self.keep_value(KeptName::SealingKey, &key);
                self.sealing_key = Some(key);
                kept
            }
            Fetched::RecoveryKey(Ok(key)) => self.keep_value(KeptName::RecoveryKey, &key),
            Fetched::Policy(Ok(Some(signed))) => self.take_policy(&signed),
            Fetched::Policy(Ok(None)) => Ok(()),
            Fetched::Events(answered) => {
                self.upkeep.fetching_events = false;
                match answered {
                    Ok(events) => self.take_events(&events),
                    Err(error) => {
                        tracing::warn!(%error, "events could not be fetched");
                        Ok(())
                    }
                }
            }
            Fetched::Certificate(granted) => {
                self.upkeep.renewing = false;
                match *granted {
                    Ok(next) => self.take_certificate(next),
                    Err(error) => {
                        tracing::warn!(%error, "the certificate could not be renewed");
                        Ok(())
                    }
                }
            }
            Fetched::Policy(Err(error)) => {
                tracing::warn!(%error, "the policy could not be fetched");
                // With the next heartbeat again.
                self.upkeep.policy_asked = 0;
                Ok(())
            }
            Fetched::SealingKey(Err(error)) | Fetched::RecoveryKey(Err(error)) => {
                tracing::warn!(%error, "nothing could be fetched");
                Ok(())
            }
        };
        if let Err(error) = done {
            self.state.notice = Some(error);
        }
    }

    fn keep_value(&self, name: KeptName, key: &impl serde::Serialize) -> Result<(), AppError> {
        let text = serde_json::to_vec(key).map_err(|error| crate::convert::internal(&error))?;
        let now = outside::now().timestamp();
        self.desk.store.keep(name, &text, now).map_err(|error| store_error(&error))
    }

    /// A newer policy counts from now on; for an open visit from the next one.
    fn take_policy(&mut self, signed: &SignedPolicy) -> Result<(), AppError> {
        let lowest = policy_serial(&self.desk.settings).saturating_add(1);
        // The service's time: the desk's clock may be off, and nobody would ask again.
        let offset = self.state.line.offset.unwrap_or(SignedDuration::ZERO);
        let arrives = outside::now().timestamp().checked_add(offset).ok();
        let profile = match verified(signed.as_str(), &self.desk.authorities, lowest, arrives) {
            Ok(profile) => profile,
            Err(error) => {
                tracing::error!(%error, "the insurer's policy does not count");
                return Ok(());
            }
        };
        let settings = match self.desk.settings.with_bundle(&profile) {
            Ok(settings) => settings,
            Err(error) => {
                tracing::error!(%error, "the insurer's policy can't be used");
                return Ok(());
            }
        };
        let now = outside::now();
        let text = signed.as_str().as_bytes();
        let kept = self.desk.store.keep(KeptName::Policy, text, now.timestamp());
        kept.map_err(|error| store_error(&error))?;
        tracing::info!(serial = profile.serial, "a new policy is in force");
        self.desk.settings = settings;
        self.constants = Constants::of(&self.desk.settings, &self.desk.accounts, &self.desk.paper);
        self.policy = self.desk.settings.policy(now.date());
        Ok(())
    }

    /// What became known at the insurer's: codes that ended end here too.
    fn take_events(&mut self, answered: &CentralEvents) -> Result<(), AppError> {
        for event in &answered.events {
            // Another name ends no code; it is the next letter's.
            let ended = if event.kind == CentralEventKind::NameChanged { &[][..] } else { &event.codes };
            for code in ended {
                let code = CodeId::new(*code);
                let found = self.desk.store.by_code(code).map_err(|error| store_error(&error))?;
                let Some((visit, _)) = found else { continue };
                match self.service_answered(visit, Command::ServiceRefused { code }) {
                    // It had ended before.
                    Ok(()) | Err(AppError::NotNow) => {}
                    Err(error) => return Err(error),
                }
            }
            self.keep_value(KeptName::LastEvent, &event.seq)?;
            self.state.last_event = event.seq;
        }
        if matches!(self.state.mode, Mode::Today(_)) {
            self.show_today()?;
        }
        if answered.more {
            self.fetch_events();
        }
        Ok(())
    }

    fn take_certificate(&mut self, next: DeskIdentity) -> Result<(), AppError> {
        identity::replace(&self.desk.vault, &self.desk.settings.desk.data_dir, &next)?;
        let client = AccountClient::new(&self.desk.endpoint, &next);
        self.desk.client = client.map_err(|error| crate::convert::internal(&error))?;
        self.desk.identity = next;
        self.client_changed();
        // Its first use ends the old one's time.
        self.upkeep.asked_at = None;
        Ok(())
    }

    /// Deletes what its time is over for, beside the loop: the proof reads every page.
    fn erase_what_is_over(&mut self) {
        let now = outside::now().timestamp();
        // A clock that runs ahead would delete what nobody may delete yet.
        let right = self.state.line.clock(now, &self.policy) == ClockState::Right;
        if self.upkeep.erasing || !self.state.line.connected || !right {
            return;
        }
        let Some(periods) = retention(&self.policy) else { return };
        self.upkeep.erasing = true;
        self.upkeep.runs += 1;
        let job = Erasing {
            store: self.desk.store.clone(),
            id: outside::id(now),
            periods,
            pruned_before: now.checked_sub(days(self.policy.retention.audit_days)).unwrap_or(now),
            now,
            unproven: std::mem::take(&mut self.upkeep.unproven),
        };
        let inputs = self.sender();
        tokio::task::spawn_blocking(move || drop(inputs.blocking_send(Input::Erased(job.run()))));
    }

    /// A run is over: the next one, if more is to go and still nobody is at the desk.
    pub(crate) fn erased(&mut self, erased: Result<Erased, StoreError>) {
        self.upkeep.erasing = false;
        let more = match erased {
            Ok(erased) => {
                self.upkeep.unproven = erased.unproven;
                erased.more
            }
            Err(error) => {
                tracing::error!(%error, "what is over could not be deleted");
                false
            }
        };
        self.look_after();
        let idle = !matches!(self.state.mode, Mode::Visit(_));
        if more && idle && self.upkeep.runs < RUNS_A_MINUTE {
            self.erase_what_is_over();
        }
    }

    /// Signs what the service wasn't told of the journal: once a day, and whenever much has come together.
    fn tell_of_journal(&mut self) {
        let today = outside::now().date();
        match self.try_to_tell(today) {
            Ok(()) => self.upkeep.told_on = Some(today),
            Err(error) => tracing::error!(?error, "the journal could not be signed"),
        }
    }

    fn try_to_tell(&self, today: Date) -> Result<(), AppError> {
        let untold = self.desk.store.untold().map_err(|error| store_error(&error))?;
        if self.upkeep.told_on == Some(today) && untold < store::MAX_SEGMENT as u64 {
            return Ok(());
        }
        let now = outside::now().timestamp();
        let draft = self.desk.store.cut_segment(today, outside::id(now));
        let Some(draft) = draft.map_err(|error| store_error(&error))? else { return Ok(()) };
        let last = self.desk.store.last_record().map_err(|error| store_error(&error))?;
        let mut pen = Pen::new(&self.desk.identity, last, None);
        let record = records::segment(&draft, &mut pen).map_err(|error| crate::convert::internal(&error))?;
        match self.desk.store.append_segment(draft, record, now, &mut outside::entropy) {
            Ok(()) => self.outbox.notify_one(),
            // Something was recorded meanwhile: next time.
            Err(StoreError::OutOfOrder) => {}
            Err(error) => return Err(store_error(&error)),
        }
        Ok(())
    }

    /// The service has a piece of the journal: its word is kept once it is proven.
    pub(crate) fn countersigned(&self, segment: Uuid, checkpoint: String) -> Result<(), AppError> {
        let proven = verify_checkpoint(&checkpoint, &self.desk.authorities);
        match proven {
            Ok(proven) if proven.desk == self.desk.identity.desk() => {
                let now = outside::now().timestamp();
                self.desk.store.checkpoint(segment, checkpoint, now).map_err(|error| store_error(&error))
            }
            Ok(_) => {
                tracing::error!("a checkpoint of another desk");
                Err(AppError::ServiceFailing)
            }
            Err(error) => {
                tracing::error!(%error, "a checkpoint does not count");
                Err(AppError::ServiceFailing)
            }
        }
    }
}

/// How long what is kept, as the policy says.
fn retention(policy: &identification::Policy) -> Option<RetentionPeriods> {
    let rule = policy.retention;
    RetentionPeriods::new(rule.record_days.into(), rule.audit_days.into(), rule.access_log_months)
}

pub(crate) fn days(days: u8) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(days))
}

/// Number of the policy bundle in force; 0: the shipped profile.
pub(crate) fn policy_serial(settings: &Settings) -> u64 {
    match settings.profile_source {
        Source::Signed { serial, .. } => serial.into(),
        Source::Shipped | Source::Managed(_) => 0,
    }
}

/// The profile in a bundle whose signature holds, and that isn't older than it may be. One that `arrives` only now must be
/// signed by somebody who may sign now.
pub(crate) fn verified(
    text: &str,
    authorities: &str,
    lowest: u64,
    arrives: Option<Timestamp>,
) -> Result<SignedProfile, account::PolicyError> {
    let bundle = SignedPolicy::verify(text, authorities, lowest)?;
    if arrives.is_some_and(|now| !bundle.may_begin_at(now)) {
        return Err(account::PolicyError::Signer);
    }
    let serial = u32::try_from(bundle.serial).map_err(|_| account::PolicyError::Malformed)?;
    Ok(SignedProfile { serial, issued_at: bundle.issued_at, profile: bundle.profile, toml: bundle.toml })
}
