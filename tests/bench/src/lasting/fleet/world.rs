//! PostgreSQL, the service on it, and everybody who comes.

use std::time::Duration;

use account_service::{Config, Member, Service, Storage};
use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use workshop::postgres::Postgres;

use super::{
    Scale,
    count::{self, Counted, Kept},
    desks::Group,
};
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
    /// Of the desks that the files' journals are anchored as.
    keepers: Vec<Papers>,
    port: u16,
}

impl World {
    pub(super) fn start(scale: Scale, runtime: &Runtime) -> Result<Self> {
        let postgres = Postgres::start()?;
        let (url, bare_url) = (postgres.database()?, postgres.database()?);
        let folder = tempfile::tempdir()?;
        let members = people::members(scale.desks * (scale.calm_visits + scale.visits));
        let service = start(&folder, &url, &members, 0)?;
        let (papers, keepers, people) = runtime.block_on(async {
            let papers = enrol(&service, "03", scale.desks).await?;
            let keepers = enrol(&service, "04", scale.files()).await?;
            anyhow::Ok((papers, keepers, people::register(&service, &members).await?))
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
            keepers,
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

    /// The desks and who comes to each, as the processes share them: one for each file.
    pub(super) fn groups(&self, scale: Scale, runtime: &Runtime) -> Result<Vec<Group>> {
        let first = self.papers.first().context("no desk")?;
        let sealing_key = runtime.block_on(Desk::ask_sealing_key(first))?;
        let (calm, storm) = self.people.split_at(scale.desks * scale.calm_visits);
        let shared = |people: &[Insured], each: usize| people.chunks(each).map(<[Insured]>::to_vec).collect();
        let (calm, storm): (Vec<_>, Vec<_>) = (shared(calm, scale.calm_visits), shared(storm, scale.visits));
        let some = scale.desks_of_a_file;
        let files = self.keepers.iter().zip(self.papers.chunks(some));
        let groups = files.zip(calm.chunks(some)).zip(storm.chunks(some));
        Ok(groups
            .map(|(((keeper, papers), calm), storm)| Group {
                keeper: keeper.clone(),
                papers: papers.to_vec(),
                sealing_key: sealing_key.clone(),
                calm: calm.to_vec(),
                storm: storm.to_vec(),
            })
            .collect())
    }

    /// When a commit is one, as the service's database says.
    pub(super) fn durability(&self) -> Result<String> {
        count::durability(&self.url)
    }

    /// Counts what the service has, beside what the desks' files have.
    pub(super) fn count(&self, kept: &Kept) -> Result<Counted> {
        count::count(&self.url, self.people.len(), kept)
    }
}

fn start(folder: &TempDir, url: &str, members: &[Member], port: u16) -> Result<Service> {
    let mut config = Config::new(folder.path(), members.to_vec());
    config.database = Storage::Postgres(url.to_owned());
    config.port = port;
    Service::start(config)
}

async fn enrol(service: &Service, town: &str, desks: usize) -> Result<Vec<Papers>> {
    let mut papers = Vec::with_capacity(desks);
    for number in 0..desks {
        let patience = if number % 4 == 3 { IMPATIENCE } else { PATIENCE };
        let name = format!("{town}{:02}-{:02}", number / 100, number % 100);
        papers.push(Papers::enrol(service, &name, patience).await?);
    }
    Ok(papers)
}
