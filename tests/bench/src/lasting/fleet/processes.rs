//! The processes of the fleet, and what they say.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use super::{
    count::{Code, Kept},
    desks::{ACCEPTED, CODE, DONE, FOLDER, GROUP, Group, JOURNAL, READY},
    report::Throughput,
};
use crate::{lasting::quantiles::Quantiles, report::as_figure};

/// All processes; they are killed with it.
pub(super) struct Fleet {
    processes: Vec<Process>,
    said: Receiver<Said>,
    deadline: Duration,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

enum Said {
    Ready,
    Accepted {
        delay: Duration,
        bytes: usize,
    },
    Done,
    Journal {
        keeper: String,
        events: u64,
    },
    Code(Code),
    /// Standard output ended.
    Nothing,
}

/// What was heard of a part.
pub(super) struct Heard {
    pub(super) delays: Vec<Duration>,
    pub(super) bytes: usize,
    /// Until the last record was accepted.
    taken: Duration,
}

impl Heard {
    pub(super) fn told(self) -> Result<Throughput> {
        let (records, seconds) = (self.delays.len(), self.taken.as_secs_f64());
        let delay = Quantiles::of(self.delays).context("nothing was accepted")?;
        Ok(Throughput { records, seconds, a_second: as_figure(records) / seconds, delay })
    }
}

impl Fleet {
    /// Starts a process for each group, and waits until every desk is open.
    pub(super) fn start(
        groups: Vec<Group>,
        folder: &Path,
        arguments: &[&str],
        deadline: Duration,
    ) -> Result<Self> {
        let (sender, said) = mpsc::channel();
        let mut processes = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            let folder = folder.join(number.to_string());
            fs::create_dir(&folder)?;
            fs::write(folder.join(GROUP), serde_json::to_vec(group)?)?;
            let mut command = Command::new(env::current_exe()?);
            command.args(arguments).env(FOLDER, &folder).stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut process = Process(command.spawn()?);
            let output = process.0.stdout.take().context("standard output")?;
            let sender = sender.clone();
            thread::spawn(move || listen(output, &sender));
            processes.push(process);
        }
        let fleet = Self { processes, said, deadline };
        let began = Instant::now();
        for _ in &fleet.processes {
            ensure!(matches!(fleet.next(began)?, Said::Ready), "a process didn't open its desks");
        }
        Ok(fleet)
    }

    /// Lets the people of a part come, and listens until `expected` records are accepted and every process is done.
    pub(super) fn work(
        &mut self,
        part: &str,
        expected: usize,
        mut look: impl FnMut(usize) -> Result<()>,
    ) -> Result<Heard> {
        let began = Instant::now();
        for process in &mut self.processes {
            writeln!(process.0.stdin.as_mut().context("standard input")?, "{part}")?;
        }
        let mut heard = Heard { delays: Vec::with_capacity(expected), bytes: 0, taken: Duration::ZERO };
        let mut working = self.processes.len();
        while working > 0 {
            match self.next(began)? {
                Said::Accepted { delay, bytes } => {
                    heard.delays.push(delay);
                    heard.bytes += bytes;
                    heard.taken = began.elapsed();
                    look(heard.delays.len())?;
                }
                Said::Done => working -= 1,
                Said::Nothing => bail!("a process of the fleet failed"),
                Said::Ready | Said::Journal { .. } | Said::Code(_) => {}
            }
        }
        ensure!(heard.delays.len() == expected, "{} records were accepted", heard.delays.len());
        Ok(heard)
    }

    /// Ends all processes; what each of their files holds.
    pub(super) fn end(mut self) -> Result<Kept> {
        let began = Instant::now();
        for process in &mut self.processes {
            drop(process.0.stdin.take());
        }
        let (mut kept, mut open) = (Kept::default(), self.processes.len());
        while open > 0 {
            match self.next(began)? {
                Said::Journal { keeper, events } => kept.journals.push((keeper, events)),
                Said::Code(code) => kept.codes.push(code),
                Said::Nothing => open -= 1,
                Said::Ready | Said::Accepted { .. } | Said::Done => {}
            }
        }
        for process in &mut self.processes {
            ensure!(process.0.wait()?.success(), "a process of the fleet failed");
        }
        Ok(kept)
    }

    fn next(&self, began: Instant) -> Result<Said> {
        let left = self.deadline.checked_sub(began.elapsed()).context("the fleet took too long")?;
        self.said.recv_timeout(left).context("the fleet took too long")
    }
}

/// Passes on what a process says.
fn listen(output: ChildStdout, sender: &Sender<Said>) {
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if let Some(said) = understood(&line)
            && sender.send(said).is_err()
        {
            return;
        }
    }
    sender.send(Said::Nothing).ok();
}

fn understood(line: &str) -> Option<Said> {
    let mut words = line.split(' ');
    match words.next()? {
        READY => Some(Said::Ready),
        DONE => Some(Said::Done),
        ACCEPTED => {
            let delay = Duration::from_micros(words.next()?.parse().ok()?);
            Some(Said::Accepted { delay, bytes: words.next()?.parse().ok()? })
        }
        JOURNAL => {
            Some(Said::Journal { keeper: words.next()?.to_owned(), events: words.next()?.parse().ok()? })
        }
        CODE => {
            let mut word = || words.next().map(str::to_owned);
            Some(Said::Code(Code { desk: word()?, id: word()?, reference: word()? }))
        }
        _ => None,
    }
}
