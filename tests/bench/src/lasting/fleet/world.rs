//! PostgreSQL, the service on it, and everybody who comes.

use std::time::Duration;

use account_service::{Config, Member, Service, Storage};
use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use workshop::postgres::Postgres;

use super::{DESKS_OF_A_PROCESS, Scale, desks::Group};
use crate::lasting::{
    desk::{Desk, Papers},
    people::{self, Insured},
};

/// How long most desks wait for an answer, and how long every fourth does: a storm's longest delays are too long for it.
const PATIENCE: Duration = Duration::from_secs(15);
const IMPATIENCE: Duration = Duration::from_millis(1_400);

pub(super) struct World {
    // In the order of dropping: the service goes before its database.
    service: Option<Service>,
    _postgres: Postgres,
    folder: TempDir,
    url: String,
    pub(super) bare_url: String,
    members: Vec<Member>,
    people: Vec<Insured>,
    papers: Vec<Papers>,
    port: u16,
}

/// What the service has in the end.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// Codes that aren't there exactly once and active, and identifications that aren't there exactly once.
    pub(super) wrong: usize,
    pub(super) gaps: usize,
    /// Journals that don't verify, or that the service doesn't have whole.
    pub(super) broken: usize,
    pub(super) codes: usize,
}

impl World {
    pub(super) fn start(scale: Scale, runtime: &Runtime) -> Result<Self> {
        let postgres = Postgres::start()?;
        let (url, bare_url) = (postgres.database()?, postgres.database()?);
        let folder = tempfile::tempdir()?;
        let members = people::members(scale.desks * (scale.calm_visits + scale.visits));
        let service = start(&folder, &url, &members, 0)?;
        let (papers, people) = runtime.block_on(async {
            let papers = enrol(&service, scale.desks).await?;
            anyhow::Ok((papers, people::register(&service, &members).await?))
        })?;
        let port = service.port();
        Ok(Self {
            service: Some(service),
            _postgres: postgres,
            folder,
            url,
            bare_url,
            members,
            people,
            papers,
            port,
        })
    }

    pub(super) fn service(&self) -> Result<&Service> {
        self.service.as_ref().context("the service isn't running")
    }

    /// Ends the service, whatever it is doing, and starts it again.
    pub(super) fn restart(&mut self) -> Result<()> {
        drop(self.service.take());
        self.service = Some(start(&self.folder, &self.url, &self.members, self.port)?);
        Ok(())
    }

    /// The desks and who comes to each, as the processes share them.
    pub(super) fn groups(&self, scale: Scale, runtime: &Runtime) -> Result<Vec<Group>> {
        let first = self.papers.first().context("no desk")?;
        let sealing_key = runtime.block_on(Desk::ask_sealing_key(first))?;
        let (calm, storm) = self.people.split_at(scale.desks * scale.calm_visits);
        let shared = |people: &[Insured], each: usize| people.chunks(each).map(<[Insured]>::to_vec).collect();
        let (calm, storm): (Vec<_>, Vec<_>) = (shared(calm, scale.calm_visits), shared(storm, scale.visits));
        let number = scale.desks.div_ceil(DESKS_OF_A_PROCESS);
        let connections = scale.connections.div_ceil(number);
        let some = DESKS_OF_A_PROCESS;
        let groups = self.papers.chunks(some).zip(calm.chunks(some)).zip(storm.chunks(some));
        Ok(groups
            .map(|((papers, calm), storm)| Group {
                papers: papers.to_vec(),
                sealing_key: sealing_key.clone(),
                calm: calm.to_vec(),
                storm: storm.to_vec(),
                connections,
            })
            .collect())
    }

    /// Looks at everything that the service has, beside the number of events of each desk's journal.
    pub(super) fn count(&self, journals: &[(String, u64)]) -> Result<Counted> {
        let mut counted =
            Counted { broken: self.papers.len().abs_diff(journals.len()), ..Counted::default() };
        let service = self.service()?;
        for (desk, events) in journals {
            counted.gaps += service.record_gaps(desk)?.len();
            counted.broken += usize::from(service.anchored_entries(desk)? != *events);
        }
        for insured in &self.people {
            let told = service.access_report(&insured.kvnr)?;
            let list = |what: &str| told.get(what).and_then(Value::as_array).cloned().unwrap_or_default();
            let (codes, identified) = (list("codes"), list("identifications"));
            let active = codes.iter().filter(|it| it["state"] == "ACTIVE").count();
            counted.codes += codes.len();
            counted.wrong += codes.len().abs_diff(1) + active.abs_diff(1) + identified.len().abs_diff(1);
        }
        Ok(counted)
    }
}

fn start(folder: &TempDir, url: &str, members: &[Member], port: u16) -> Result<Service> {
    let mut config = Config::new(folder.path(), members.to_vec());
    config.database = Storage::Postgres(url.to_owned());
    config.port = port;
    Service::start(config)
}

async fn enrol(service: &Service, desks: usize) -> Result<Vec<Papers>> {
    let mut papers = Vec::with_capacity(desks);
    for number in 0..desks {
        let patience = if number % 4 == 3 { IMPATIENCE } else { PATIENCE };
        let name = format!("03{:02}-{:02}", number / 100, number % 100);
        papers.push(Papers::enrol(service, &name, patience).await?);
    }
    Ok(papers)
}
