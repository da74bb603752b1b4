//! Kills: a process leads whole visits and is killed at a marked step, again and again; whoever comes after it goes on.
//! In the end nothing that was confirmed is lost, nothing took effect twice, both chains hold, and desk and service say the
//! same of every code.

mod child;
mod verdict;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fmt, fs,
    io::{BufRead, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use account_service::{Config, Service};
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use uuid::Uuid;

use super::{
    desk::{Desk, Papers},
    marks::{STOP_AT, STOPPED},
    people::{self, Insured},
    random::Random,
};
use crate::report::Target;
use account::SealingKey;
pub(crate) use child::run as run_child;
use verdict::Verdict;

/// Where a child finds its desk.
pub(crate) const FOLDER: &str = "BENCH_DESK";
/// Place of the first person in the list that a child lets come; none: it only goes on with what was left.
pub(crate) const FIRST: &str = "BENCH_FIRST_PERSON";
/// How many people a child lets come.
pub(crate) const PEOPLE: &str = "BENCH_PEOPLE";
/// Set if every visit goes the longest way.
pub(crate) const LONGEST_WAY: &str = "BENCH_LONGEST_WAY";
/// Marked steps among which the one to stop at is drawn: about as many as a visit has.
const STEPS_OF_A_VISIT: u64 = 60;
/// Longest that a child may take to its stop.
const PATIENCE: Duration = Duration::from_secs(120);

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Visits of the first part, each process killed at a random step.
    pub(crate) visits: usize,
    /// In the second part a visit is killed at every step, or at every n-th.
    pub(crate) every: u64,
    /// Of the random numbers.
    pub(crate) seed: u64,
}

/// What a child needs.
#[derive(Serialize, Deserialize)]
struct Setting {
    papers: Papers,
    sealing_key: SealingKey,
    people: Vec<Insured>,
}

/// What came out.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    visits: usize,
    kills: usize,
    /// How often a process was killed at which step.
    at: BTreeMap<String, usize>,
    /// Marked steps of the longest visit, each of which a visit was killed at (or each n-th).
    steps_of_the_longest_visit: u64,
    every: u64,
    seconds: f64,
    events: u64,
    records: u64,
    segments: usize,
    codes: usize,
    targets: Vec<Target>,
}

impl Report {
    pub(crate) fn targets_reached(&self) -> bool {
        self.targets.iter().all(Target::is_reached)
    }
}

/// What killed processes had said.
#[derive(Default)]
struct Said {
    /// Visits that began.
    begun: usize,
    /// Visit and event of everything that was confirmed.
    events: BTreeSet<(Uuid, Uuid)>,
    segments: BTreeSet<Uuid>,
    kills: usize,
    at: BTreeMap<String, usize>,
}

/// How a child ended.
enum End {
    Killed,
    ByItself,
}

/// Kills, and looks at what is left. `arguments` are those with which this program becomes the desk.
pub(crate) fn measure(extent: Extent, arguments: &[&str]) -> Result<Report> {
    let began = Instant::now();
    let world = World::start(extent.visits + spare(extent), arguments)?;
    let mut said = Said::default();
    let mut random = Random(extent.seed);
    while said.begun < extent.visits {
        let stop_at = 1 + random.below(STEPS_OF_A_VISIT);
        let left = extent.visits - said.begun;
        world.child(&mut said, Some(stop_at), Some(left), false)?;
    }
    world.child(&mut said, None, None, false)?;
    let visits = said.begun;
    let mut step = 1;
    while let End::Killed = world.child(&mut said, Some(step), Some(1), true)? {
        world.child(&mut said, None, None, false)?;
        step += extent.every;
    }
    world.child(&mut said, None, None, false)?;
    let Verdict { lost, doubled, differing, broken, events, records, segments, codes } =
        verdict::of(&world.service, world.folder.path(), &world.setting, &said)?;
    let count = crate::report::as_figure;
    Ok(Report {
        visits,
        kills: said.kills,
        at: said.at,
        steps_of_the_longest_visit: step - 1,
        every: extent.every,
        seconds: began.elapsed().as_secs_f64(),
        events,
        records,
        segments,
        codes,
        targets: vec![
            Target::new("events and segments that were confirmed and are lost", 0.0, count(lost)),
            Target::new("effects at the service that there are twice, or too many", 0.0, count(doubled)),
            Target::new("codes of which desk and service say different things", 0.0, count(differing)),
            Target::new("chains of journal and records that don't hold", 0.0, count(broken)),
        ],
    })
}

/// People for the second part: one for each step, and some.
fn spare(extent: Extent) -> usize {
    usize::try_from(160 / extent.every).unwrap_or(0) + 4
}

/// A service, and the desk that is killed.
struct World<'a> {
    service: Service,
    folder: TempDir,
    setting: Setting,
    arguments: &'a [&'a str],
}

impl<'a> World<'a> {
    fn start(number: usize, arguments: &'a [&'a str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let members = people::members(number);
        let service = Service::start(Config::new(folder.path().join("service"), members.clone()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let setting = runtime.block_on(async {
            let papers = Papers::enrol(&service, "0312-04", Duration::from_secs(15)).await?;
            let sealing_key = Desk::ask_sealing_key(&papers).await?;
            anyhow::Ok(Setting { papers, sealing_key, people: people::register(&service, &members).await? })
        })?;
        fs::write(folder.path().join("setting.json"), serde_json::to_vec(&setting)?)?;
        Ok(Self { service, folder, setting, arguments })
    }

    /// Starts this program again as the desk; kills it where it stops.
    fn child(
        &self,
        said: &mut Said,
        stop_at: Option<u64>,
        people: Option<usize>,
        longest: bool,
    ) -> Result<End> {
        let mut command = Command::new(env::current_exe()?);
        command.args(self.arguments).env(FOLDER, self.folder.path());
        if let Some(stop_at) = stop_at {
            command.env(STOP_AT, stop_at.to_string());
        }
        if let Some(people) = people {
            command.env(FIRST, said.begun.to_string()).env(PEOPLE, people.to_string());
        }
        if longest {
            command.env(LONGEST_WAY, "1");
        }
        let mut child = Watched::start(&mut command)?;
        let began = Instant::now();
        for line in child.lines.by_ref() {
            let line = line?;
            ensure!(began.elapsed() < PATIENCE, "a desk took too long");
            if let Some(step) = line.strip_prefix(STOPPED) {
                *said.at.entry(step.to_owned()).or_default() += 1;
                said.kills += 1;
                return Ok(End::Killed);
            }
            said.hear(&line)?;
        }
        ensure!(child.process.wait()?.success(), "a desk failed");
        Ok(End::ByItself)
    }
}

impl Said {
    fn hear(&mut self, line: &str) -> Result<()> {
        let mut words = line.split(' ');
        match words.next() {
            Some("visit") => self.begun += 1,
            Some("confirmed") => {
                let visit: Uuid = words.next().context("a visit")?.parse()?;
                for event in words {
                    self.events.insert((visit, event.parse()?));
                }
            }
            Some("segment") => drop(self.segments.insert(words.next().context("a segment")?.parse()?)),
            _ => {}
        }
        Ok(())
    }
}

/// A process that is killed (SIGKILL) when nobody watches it any more.
struct Watched {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watched {
    fn start(command: &mut Command) -> Result<Self> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(process.stdout.take().context("standard output")?).lines();
        Ok(Self { process, lines })
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// What a desk finds in its folder.
fn setting(folder: &Path) -> Result<Setting> {
    Ok(serde_json::from_slice(&fs::read(folder.join("setting.json"))?)?)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            visits,
            kills,
            steps_of_the_longest_visit,
            every,
            seconds,
            events,
            records,
            segments,
            codes,
            ..
        } = self;
        let which = if *every == 1 { "each".to_owned() } else { format!("one in {every}") };
        writeln!(
            f,
            "Kills: {visits} random visits and {which} of the {steps_of_the_longest_visit} steps of one, {kills} processes \
             killed, {seconds:.0} s; {events} events, {records} records, {segments} segments, {codes} codes"
        )?;
        for (step, times) in &self.at {
            writeln!(f, "  {times:5} {step}")?;
        }
        for target in &self.targets {
            writeln!(f, "{target}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[ignore = "runs as the process that the other test kills"]
    fn child() {
        run_child().unwrap();
    }

    /// A twentieth of what `cargo xtask bench` does.
    #[test]
    fn a_desk_that_is_killed_at_any_step_loses_nothing_and_repeats_nothing() {
        let arguments = ["lasting::kills::tests::child", "--exact", "--ignored", "--nocapture"];
        let report = measure(Extent { visits: 15, every: 20, seed: 7 }, &arguments).unwrap();
        println!("{report}");
        assert!(report.kills >= 15, "{report}");
        assert!(report.targets_reached(), "{report}");
    }
}
