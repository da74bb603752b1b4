//! A walk through the window: what the clerk does is counted, what is seen is photographed and checked.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use thirtyfour::Key;
use workshop::process::wait_until;

use crate::{Report, Stage, Window, people::Colleague, slides::Slides};

/// For the printer and for the delivery to the service.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A walk under way.
pub(crate) struct Walk<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) window: &'a Window,
    pub(crate) out: &'a Path,
    pub(crate) report: Report,
    /// Pictures for people who don't read; only of some walks.
    pub(crate) slides: Option<Slides>,
    /// Of the step under way.
    since: Instant,
    spent: Duration,
    actions: u32,
    keystrokes: u32,
    /// Sheets that were taken out of the printer's tray.
    taken: usize,
}

impl<'a> Walk<'a> {
    /// A walk that leaves what it sees in `out`; the clerk should need about `aim` actions.
    pub(crate) fn new(stage: &'a Stage, window: &'a Window, out: &'a Path, aim: Option<u32>) -> Result<Self> {
        let taken = stage.printer.documents()?.len();
        let report = Report { aim, ..Report::default() };
        let since = Instant::now();
        let spent = Duration::ZERO;
        Ok(Self { stage, window, out, report, slides: None, since, spent, actions: 0, keystrokes: 0, taken })
    }

    /// What was done now belongs to no visit: its time and actions don't count.
    pub(crate) fn begin(&mut self) {
        (self.since, self.spent, self.actions, self.keystrokes) = (Instant::now(), Duration::ZERO, 0, 0);
    }

    /// An entry or an answer, typed where the focus is: one action.
    pub(crate) async fn enter(&mut self, text: &str) -> Result<()> {
        self.keystrokes += self.window.press(text).await?;
        self.actions += 1;
        Ok(())
    }

    /// One key that answers or goes on: one action.
    pub(crate) async fn key(&mut self, key: Key) -> Result<()> {
        self.keystrokes += self.window.press_key(key).await?;
        self.actions += 1;
        Ok(())
    }

    /// Goes by Tab to the element of that selector: belongs to the action that follows.
    pub(crate) async fn tab_to(&mut self, selector: &str) -> Result<()> {
        self.keystrokes += self.window.tab_to(selector).await?;
        Ok(())
    }

    /// Something done without the keyboard: one action.
    pub(crate) const fn acted(&mut self) {
        self.actions += 1;
    }

    /// The step is over: its time and what the clerk did go into the report.
    pub(crate) fn step(&mut self, name: &str) {
        let seconds = (self.spent + self.since.elapsed()).as_secs_f64();
        self.report.step(name, seconds, self.actions, self.keystrokes);
        self.begin();
    }

    /// Picture and accessibility of the present screen; takes none of the step's time.
    pub(crate) async fn look(&mut self, name: &str) -> Result<()> {
        self.spent += self.since.elapsed();
        self.window.picture(self.out.join(format!("{name}.png"))).await?;
        self.check(name).await?;
        if let Some(mut slides) = self.slides.take() {
            slides.light(&self.out.join(format!("{name}.png")), name)?;
            self.window.theme("dark").await?;
            slides.dark(self.window, name).await?;
            self.check(&format!("{name}, dark")).await?;
            self.window.theme("light").await?;
            self.slides = Some(slides);
        }
        self.since = Instant::now();
        Ok(())
    }

    async fn check(&mut self, name: &str) -> Result<()> {
        let found = self.window.violations().await?;
        self.report.accessibility.extend(found.into_iter().map(|violation| format!("{name}: {violation}")));
        Ok(())
    }

    /// Signs somebody in; no part of a visit.
    pub(crate) async fn sign_in(&mut self, who: Colleague) -> Result<()> {
        self.begin();
        self.keystrokes = self.window.sign_in(who).await?;
        self.report.before(
            &format!("{} signs in", who.name),
            self.since.elapsed().as_secs_f64(),
            self.keystrokes,
        );
        self.begin();
        Ok(())
    }

    /// Something that was seen to be as it should.
    pub(crate) fn seen(&mut self, what: String) {
        println!("          {what}");
        self.report.seen.push(what);
    }

    /// The next `count` sheets from the printer's tray.
    pub(crate) fn take_sheets(&mut self, count: usize) -> Result<Vec<PathBuf>> {
        let mut printed = Vec::new();
        wait_until("the printer has printed", PATIENCE, || {
            printed = self.stage.printer.documents().unwrap_or_default();
            printed.len() >= self.taken + count
        })?;
        let new = printed.split_off(self.taken);
        ensure!(new.len() == count, "{} sheets where {count} were expected", new.len());
        self.taken += count;
        Ok(new)
    }

    /// Waits until the service says that of a code.
    pub(crate) fn until_code_is(&self, state: &str, reference: &str) -> Result<()> {
        let mut last = None;
        let reached = wait_until("the service has changed the code's state", PATIENCE, || {
            last = self.stage.service.code_state(reference).ok().flatten();
            last == Some(state)
        });
        if reached.is_err() {
            bail!("the code should be {state} at the service and is {last:?}");
        }
        Ok(())
    }

    /// The walk is over; what axe-core has against a screen is an error.
    pub(crate) fn end(self) -> Result<Report> {
        if let Some(slides) = self.slides {
            slides.write_index()?;
        }
        let found = &self.report.accessibility;
        ensure!(found.is_empty(), "axe-core objects: {found:#?}");
        self.report.tell();
        Ok(self.report)
    }
}
