//! The line to the account service and the desk's clock: what is known of them, and what the insurer asks of the desk.

use std::time::Instant;

use account::{CallError, ClockRecord, DeskCommand, DeskReport, Heartbeat};
use bridge::{AppError, ClockView, LineView, Obstacles, ServiceStatus};
use identification::{ClockState, Coming, Command, Line, Policy, Standing, decide};
use jiff::{SignedDuration, Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use store::{KeptName, Store, StoreError};

use crate::{
    controller::{Controller, Window},
    convert, delivery,
    keep::store_error,
    outside,
    state::Workstation,
    upkeep::policy_serial,
};

/// How often the last contact is written down while the line holds.
const NOTE_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// A clock may lose the thousandth part of the time by itself.
const DRIFT: i32 = 1000;
/// A clock that goes back by more was set back; less is a correction.
const STEP: SignedDuration = SignedDuration::from_secs(60);

/// The desk's clock beside one that nobody can set: whoever sets the first back bit by bit prolongs nothing.
#[derive(Debug)]
pub(crate) struct ClockWatch {
    since: Instant,
    at: Timestamp,
}

impl ClockWatch {
    pub(crate) fn begin(at: Timestamp) -> Self {
        Self { since: Instant::now(), at }
    }

    /// What the clock has lost since, beyond what a bad one loses by itself.
    fn lost(&self, now: Timestamp) -> SignedDuration {
        let passed = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        let shown = now.duration_since(self.at);
        passed.saturating_sub(shown).saturating_sub(passed / DRIFT)
    }
}

/// What became of a heartbeat.
pub(crate) enum ServiceNews {
    /// The service answered; its clock minus the desk's.
    Answered { heartbeat: Heartbeat, offset: SignedDuration },
    /// It didn't.
    Failed(CallError),
}

/// The last contact as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Contact {
    at: Timestamp,
    offset_ms: i64,
    /// Codes that were given out without a line since.
    codes: u32,
}

/// What the desk knew of its line when the last run ended.
pub(crate) fn remembered(store: &Store, now: Timestamp) -> Result<Line, StoreError> {
    let contact = store.kept(KeptName::LastContact)?;
    // A note that can't be read is none: the desk waits for the service then.
    let contact = contact.and_then(|kept| serde_json::from_slice::<Contact>(&kept.value).ok());
    let latest = store.kept(KeptName::LatestTime)?.map(|kept| kept.at);
    Ok(Line {
        connected: false,
        contact: contact.as_ref().map(|it| it.at),
        staff_contact: None,
        offset: contact.as_ref().map(|it| SignedDuration::from_millis(it.offset_ms)),
        stepped_back: latest.is_some_and(|latest| latest.duration_since(now) > STEP),
        offline_codes: contact.map_or(0, |it| it.codes),
    })
}

/// Asks the service, and measures how far the clocks are apart: half of the way is the answer's.
pub(crate) async fn heartbeat(client: &account::AccountClient, report: &DeskReport) -> ServiceNews {
    let asked = report.desk_time;
    match client.heartbeat(report).await {
        Ok(heartbeat) => {
            let answered = outside::now().timestamp();
            let half = answered.duration_since(asked) / 2;
            let offset = heartbeat.server_time.duration_since(answered) + half;
            ServiceNews::Answered { heartbeat, offset }
        }
        Err(error) => ServiceNews::Failed(error),
    }
}

impl Workstation {
    /// How the desk's clock stood to the service's, for the record.
    pub(crate) fn clock_record(&self, now: Timestamp) -> Option<ClockRecord> {
        let (offset, at) = self.line.offset.zip(self.line.contact)?;
        let age = now.duration_since(at).as_secs();
        Some(ClockRecord {
            offset_ms: i64::try_from(offset.as_millis()).ok()?,
            age_s: u64::try_from(age).unwrap_or(0),
        })
    }
}

impl<W: Window> Controller<W> {
    /// What the desk tells of itself.
    pub(crate) fn report(&self) -> DeskReport {
        let depth = self.desk.store.depth().ok();
        DeskReport {
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            policy_serial: policy_serial(&self.desk.settings),
            waiting: depth.map_or(0, |depth| depth.waiting),
            refused: depth.map_or(0, |depth| depth.refused + depth.unreadable),
            desk_time: outside::now().timestamp(),
        }
    }

    pub(crate) fn service_news(&mut self, news: ServiceNews) {
        match news {
            ServiceNews::Answered { heartbeat, offset } => self.line_holds(&heartbeat, offset),
            ServiceNews::Failed(error) => self.line_is_gone(&error),
        }
    }

    fn line_holds(&mut self, heartbeat: &Heartbeat, offset: SignedDuration) {
        let now = outside::now().timestamp();
        let again = !self.state.line.connected;
        if again {
            // Whatever waits for its next try need not wait any longer.
            if let Err(error) = self.desk.store.retry_now(now) {
                tracing::error!(%error, "the outbox could not be woken");
            }
            self.outbox.notify_one();
        }
        self.state.line = Line {
            connected: true,
            contact: Some(now),
            staff_contact: None,
            offset: Some(offset),
            stepped_back: false,
            offline_codes: 0,
        };
        self.state.watch = ClockWatch::begin(now);
        self.state.service = ServiceStatus::Connected;
        self.state.certificate_trouble = false;
        let new_here = self.note_staff(now);
        let due = self.state.noted_at.is_none_or(|at| now.duration_since(at) >= NOTE_EVERY);
        if again || due || new_here {
            self.note_contact();
        }
        // Anew after each outage: keys are changed in maintenance windows.
        if again || self.sealing_key.is_none() {
            self.fetch_keys();
        }
        // Once: one that can't be used would be fetched with each heartbeat.
        let newer = heartbeat.policy_serial > policy_serial(&self.desk.settings);
        if newer && (again || heartbeat.policy_serial != self.upkeep.policy_asked) {
            self.upkeep.policy_asked = heartbeat.policy_serial;
            self.fetch_policy();
        }
        if heartbeat.last_event > self.state.last_event {
            self.fetch_events();
        }
        self.obey(&heartbeat.commands);
    }

    /// The service doesn't answer, or not as it should.
    pub(crate) fn line_is_gone(&mut self, error: &CallError) {
        if self.state.line.connected || self.state.service == ServiceStatus::Unknown {
            tracing::warn!(%error, "the account service doesn't answer");
        }
        let now = outside::now().timestamp();
        let trouble = error.certificate_trouble(&self.desk.identity, now);
        if let Some(trouble) = trouble {
            tracing::error!(%trouble, "a certificate is in the way");
        }
        self.state.certificate_trouble = trouble.is_some();
        self.state.line.connected = false;
        if !matches!(self.state.service, ServiceStatus::Offline { .. }) {
            self.state.service = ServiceStatus::Offline { since: now.to_string() };
        }
        if *error == CallError::Revoked {
            self.wipe(bridge::WipeCause::Revoked);
        }
    }

    fn obey(&mut self, commands: &[DeskCommand]) {
        self.state.locked_by_insurer = commands.contains(&DeskCommand::Lock);
        if commands.contains(&DeskCommand::Wipe) {
            self.wipe(bridge::WipeCause::Ordered);
        } else if commands.contains(&DeskCommand::Renew) {
            self.renew();
        }
    }

    /// Somebody has signed in: with a line, that counts without waiting for the next heartbeat.
    pub(crate) fn note_who_came(&mut self) {
        let now = outside::now().timestamp();
        if self.state.line.connected && self.note_staff(now) {
            self.note_contact();
        }
    }

    /// Whoever works here was here with a line. Whether that wasn't known of them.
    fn note_staff(&mut self, now: Timestamp) -> bool {
        let Some(session) = self.state.attended() else { return false };
        let staff = session.staff.id.clone();
        let hours = self.policy.offline.staff_hours;
        self.state.staff_contacts.met(&staff, now, SignedDuration::from_hours(i64::from(hours)))
    }

    /// Writes down when the service answered last, with whom here, and how many codes were given out since.
    fn note_contact(&mut self) {
        if let Err(error) = self.try_note_contact() {
            self.state.notice = Some(error);
        }
    }

    fn try_note_contact(&mut self) -> Result<(), AppError> {
        let now = outside::now().timestamp();
        let Line { contact: Some(at), offset, offline_codes: codes, .. } = self.state.line else {
            return Ok(());
        };
        let offset_ms = offset.and_then(|it| i64::try_from(it.as_millis()).ok()).unwrap_or(0);
        let note = serde_json::to_vec(&Contact { at, offset_ms, codes });
        let note = note.map_err(|error| convert::internal(&error))?;
        self.desk.store.keep(KeptName::LastContact, &note, now).map_err(|error| store_error(&error))?;
        let staff = serde_json::to_vec(&self.state.staff_contacts);
        let staff = staff.map_err(|error| convert::internal(&error))?;
        self.desk.store.keep(KeptName::StaffContacts, &staff, now).map_err(|error| store_error(&error))?;
        self.state.noted_at = Some(now);
        Ok(())
    }

    /// A code is about to be given out without a line, if the rules allow it: counted on disk first, so that no crash gives one
    /// away.
    pub(crate) fn count_offline_code(&mut self, issue: &Command) -> Result<(), AppError> {
        let visit = &self.state.in_progress().ok_or(AppError::NotNow)?.visit;
        decide(visit, issue.clone(), &self.policy, &outside::now()).map_err(convert::refusal)?;
        self.state.line.offline_codes = self.state.line.offline_codes.saturating_add(1);
        self.try_note_contact()
    }

    /// Looks at the clock: whether it was set back while nobody could know. Whether the picture may have changed.
    pub(crate) fn watch_clock(&mut self) -> bool {
        let now = outside::now().timestamp();
        let latest = self.state.latest.max(now);
        let lost = latest.duration_since(now).max(self.state.watch.lost(now));
        let back = lost > STEP && !self.state.line.stepped_back;
        if back {
            tracing::warn!("the clock was set back");
            self.state.line.stepped_back = true;
            self.state.watch = ClockWatch::begin(now);
            // What was to be sent at a time that is far again.
            if let Err(error) = self.desk.store.clock_went_back(now, delivery::LEASE) {
                tracing::error!(%error, "the outbox could not be told of the clock");
            }
            self.outbox.notify_one();
        }
        // What comes now is measured against the new time; the service confirms it or doesn't.
        self.state.latest = if back { now } else { latest };
        let due = self.state.latest_noted.is_none_or(|at| now.duration_since(at).abs() >= NOTE_EVERY);
        if due && !self.state.line.stepped_back {
            self.state.latest_noted = Some(now);
            if let Err(error) = self.desk.store.keep(KeptName::LatestTime, &[], now) {
                tracing::warn!(%error, "the time could not be noted");
            }
        }
        back
    }
}

/// What can be done, as the window shows it.
pub(crate) fn view(line: &Line, service: &ServiceStatus, now: Timestamp, policy: &Policy) -> LineView {
    let since = || match (service, line.contact) {
        (ServiceStatus::Offline { since }, _) => since.clone(),
        (_, Some(at)) => at.to_string(),
        (_, None) => now.to_string(),
    };
    match line.standing(now, policy) {
        Standing::Connected => LineView::Connected,
        _ if *service == ServiceStatus::Unknown => LineView::Unknown,
        Standing::Offline { until, codes_left } => {
            LineView::Offline { since: since(), until: until.to_string(), codes_left }
        }
        Standing::DeliveryOnly { until } => {
            LineView::DeliveryOnly { since: since(), until: until.to_string() }
        }
        Standing::Locked => LineView::Locked { since: since() },
    }
}

/// The line as it is told beforehand: as long as nobody has asked the service, as if it were there.
pub(crate) fn told(state: &Workstation) -> Line {
    let line = state.line();
    let connected = line.connected || state.service == ServiceStatus::Unknown;
    // Nor is it known who will sign in.
    let staff_contact = if state.session.is_some() { line.staff_contact } else { line.contact };
    Line { connected, staff_contact, ..line }
}

/// What stands against a new code just now.
pub(crate) fn obstacles(state: &Workstation, policy: &Policy, now: &Zoned) -> Obstacles {
    let line = told(state);
    let closed = state.serves().err();
    let against =
        |coming| closed.clone().or_else(|| line.against_coming(coming, policy, now).map(convert::refusal));
    Obstacles {
        with_card: against(Coming::WithCard),
        by_number: against(Coming::ByNumber),
        as_representative: against(Coming::AsRepresentative),
    }
}

/// The clock, as the window shows it: positive when the desk's is ahead.
pub(crate) fn clock_view(line: &Line, now: Timestamp, policy: &Policy) -> ClockView {
    let ahead = |offset: SignedDuration| i32::try_from(-offset.as_mins()).unwrap_or(i32::MAX);
    match line.clock(now, policy) {
        ClockState::Right => ClockView::Right,
        ClockState::Off(offset) => ClockView::Off { minutes: ahead(offset) },
        ClockState::Wrong(offset) => ClockView::Wrong { minutes: ahead(offset) },
        ClockState::SteppedBack => ClockView::SteppedBack,
    }
}
