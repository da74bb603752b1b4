//! What the insurer's back office does: events, policies, commands, inquiries. For tests and the demo, methods.

use anyhow::Context;
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    codes,
    events::{self, EventKind},
    heartbeats::{self, DeskCommand, DeskStatus},
    lives::{self, DeskLife},
    members::{self, MemberFlag},
    notices, policies, record,
    register::{self, Filed},
    report, representatives, segments,
    service::Service,
};

/// Numbers of a desk's records that the service doesn't have, though it has later ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordGap {
    /// The first.
    pub from: u64,
    /// The last.
    pub until: u64,
}

impl Service {
    /// Locks an insured person's account.
    ///
    /// # Errors
    /// A failing database.
    pub fn lock_account(&self, kvnr: &str) -> anyhow::Result<()> {
        self.back_office(|transaction| members::lock(transaction, kvnr))
    }

    /// Flags an insured person; a death ends every code and access.
    ///
    /// # Errors
    /// Nobody with that number, a failing database.
    pub fn flag_member(&self, kvnr: &str, flag: MemberFlag) -> anyhow::Result<()> {
        self.shared.member(kvnr).context("nobody has that number")?;
        self.back_office(|transaction| members::flag(transaction, kvnr, flag))
    }

    /// Locks a representative's account.
    ///
    /// # Errors
    /// Nobody with that number, a failing database.
    pub fn lock_representative(&self, number: &str) -> anyhow::Result<()> {
        self.back_office(|transaction| representatives::lock(transaction, number))
    }

    /// Files what the register says of a representative and a cared-for person, in place of what it said. An entry
    /// that is suspended or over ends the codes and the access that rest on it.
    ///
    /// # Errors
    /// No such representative or insured person, an entry outside the contract's limits, a failing database.
    pub fn file_representation(&self, number: &str, kvnr: &str, entry: Filed) -> anyhow::Result<()> {
        self.shared.member(kvnr).context("nobody has that number")?;
        anyhow::ensure!(
            entry.is_tellable(),
            "an entry without court, file number or areas, or with one twice"
        );
        self.back_office(|transaction| register::file(transaction, number, kvnr, &entry))
    }

    /// The back office releases the representative's code with that public reference: the deed that it rests on
    /// is filed and confirmed today, and the code is active as soon as it is handed over.
    ///
    /// # Errors
    /// No such code, or one that awaits no release; a failing database.
    pub fn release(&self, reference: &str) -> anyhow::Result<()> {
        let today = self.shared.today();
        self.back_office(|transaction| codes::release(transaction, reference, today))
    }

    /// Signs a profile as policy bundle and puts it in force; its serial.
    ///
    /// # Errors
    /// A name that is none, a profile longer than 128 KiB, a failing database.
    pub fn publish_policy(&self, profile: &str, toml: &str) -> anyhow::Result<u64> {
        let signer = &self.shared.signers.policy;
        let now = self.shared.now();
        self.back_office(|transaction| policies::publish(transaction, signer, (profile, toml), now))
    }

    /// The policy bundle in force, as desks get it.
    ///
    /// # Errors
    /// A failing database.
    pub fn policy_bundle(&self) -> anyhow::Result<Option<String>> {
        self.back_office_read(policies::bundle)
    }

    /// Gives desks that text as the policy bundle of that serial, whatever it is: what somebody might do who got hold of the
    /// service, but not of the key that it signs policies with.
    ///
    /// # Errors
    /// A serial that there is already, a failing database.
    pub fn put_policy_bundle(&self, serial: u64, text: &str) -> anyhow::Result<()> {
        let now = self.shared.now();
        self.back_office(|transaction| policies::put(transaction, (serial, text), now))
    }

    /// From now on that desk has to do that, until it has or the command is withdrawn.
    ///
    /// # Errors
    /// No such desk, a failing database.
    pub fn command(&self, desk: &str, command: DeskCommand) -> anyhow::Result<()> {
        self.back_office(|transaction| heartbeats::command(transaction, desk, command))
    }

    /// That desk needn't do that any more.
    ///
    /// # Errors
    /// A failing database.
    pub fn withdraw_command(&self, desk: &str, command: DeskCommand) -> anyhow::Result<()> {
        self.back_office(|transaction| heartbeats::withdraw(transaction, desk, command))
    }

    /// What that desk said with its last heartbeat.
    ///
    /// # Errors
    /// A failing database.
    pub fn desk_status(&self, desk: &str) -> anyhow::Result<Option<DeskStatus>> {
        self.back_office_read(|transaction| heartbeats::last(transaction, desk))
    }

    /// The lives of that desk, the first one first: how many there are, and where each began. Nobody enrolled has none.
    ///
    /// # Errors
    /// A failing database.
    pub fn lives(&self, desk: &str) -> anyhow::Result<Vec<DeskLife>> {
        self.back_office_read(|transaction| lives::of(transaction, desk))
    }

    /// Which records of that desk are missing between those that are there, within each of its lives.
    ///
    /// # Errors
    /// A failing database.
    pub fn record_gaps(&self, desk: &str) -> anyhow::Result<Vec<RecordGap>> {
        let gaps = self.back_office_read(|transaction| record::gaps(transaction, desk))?;
        Ok(gaps.into_iter().map(|(from, until)| RecordGap { from, until }).collect())
    }

    /// How many entries of that desk's journal are still kept; how far it is anchored is kept longer.
    ///
    /// # Errors
    /// A failing database.
    pub fn anchored_entries(&self, desk: &str) -> anyhow::Result<u64> {
        self.back_office_read(|transaction| segments::entries(transaction, desk))
    }

    /// Something happened to an insured person: codes end that it ends, and the desks that made them are told.
    ///
    /// # Errors
    /// Nobody with that number, a failing database.
    pub fn report_event(&self, kvnr: &str, kind: EventKind) -> anyhow::Result<()> {
        self.shared.member(kvnr).context("nobody has that number")?;
        let now = self.shared.now();
        self.back_office(|transaction| events::report(transaction, kvnr, kind, now))
    }

    /// Since when the service knows how to reach an insured person; nobody whose contact isn't known gets a notice.
    ///
    /// # Errors
    /// Nobody with that number, a failing database.
    pub fn know_contact(&self, kvnr: &str, since: Timestamp) -> anyhow::Result<()> {
        self.shared.member(kvnr).context("nobody has that number")?;
        self.back_office(|transaction| notices::know_contact(transaction, kvnr, since))
    }

    /// Everything that is kept about an insured person (Art. 15 DSGVO), with the days on which it goes: what they are
    /// told, as JSON.
    ///
    /// # Errors
    /// Nobody with that number, a failing database.
    pub fn access_report(&self, kvnr: &str) -> anyhow::Result<Value> {
        let shared = &self.shared;
        self.back_office(|transaction| report::about(transaction, shared, kvnr))
    }

    /// Opens what a desk has sealed to the recovery key: a JSON array of its undelivered records.
    ///
    /// # Errors
    /// It isn't sealed to that key.
    pub fn open_recovered(&self, sealed: &str) -> anyhow::Result<String> {
        self.shared.secrets.open_recovered(sealed).context("not sealed to the recovery key")
    }
}
