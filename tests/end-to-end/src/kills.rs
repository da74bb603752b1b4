//! The app is killed after each event of a visit, as a power cut would do it. At the next start the clerk who led it can go on, or
//! it is wiped; a code that nobody has in hand is void; the service never has two that count.

use std::path::Path;

use account_service::Fault;
use anyhow::{Context, Result, ensure};
use identification::Scope;
use thirtyfour::Key;
use workshop::process::wait_until;

use crate::{
    App, CLERK, Colleague, OTHER_CLERK, SUPERVISOR, Stage, Window,
    clerk::{self, Guest, PATIENCE, Tray},
    records::DeskRecords,
};

/// Checks of the preselected document, the comparison of names not among them.
const CHECKS: usize = 4;
/// What a clerk is asked who left a visit open, and what it says of a code that became void.
const INTERRUPTED: &str = ".start__interrupted";
const VOIDED: &str = ".start__void";
/// Seconds after which a visit can't be resumed any more: the profile allows 15 minutes.
const TOO_LATE: &str = "1000";
/// States of a code that can be used, or can become so.
const COUNTING: [&str; 3] = ["ACCEPTED", "ACTIVE", "REDEEMED"];

/// All of it; sheets go to `out`.
///
/// # Errors
/// At the first thing that isn't as it should be.
pub async fn kills(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    let window = Window::open(app).await?;
    window.sign_in(CLERK).await?;
    let mut desk = Desk { stage, app, window, out, kills: 0 };
    let walked = walk(&mut desk).await;
    if walked.is_err() {
        desk.window.picture(out.join("failed.png")).await.ok();
    }
    println!("killed {} times", desk.kills);
    desk.window.close().await.ok();
    walked
}

async fn walk(desk: &mut Desk<'_>) -> Result<()> {
    one_visit_through_all(desk).await.context("the visit that is killed after each event")?;
    second_look(desk).await.context("the visit that is killed in the second look")?;
    of_another_clerk(desk).await.context("the visit that another clerk finds")?;
    too_late(desk).await.context("the visit that nobody goes on with in time")
}

/// One visit, killed after each of its events, ends with a redeemed code: the third, since two became void on the way.
async fn one_visit_through_all(desk: &mut Desk<'_>) -> Result<()> {
    let stage = desk.stage;
    let guest = Guest::register(stage, "buntspecht").await?;
    let mut tray = Tray::new(&stage.printer, desk.out)?;
    let card = clerk::arrive(stage, &desk.window, &guest).await?;
    desk.killed_and_resumed("card read", &guest).await?;
    clerk::visit_number(&desk.window, &guest).await?;
    desk.killed_and_resumed("visit number", &guest).await?;
    clerk::dates(stage, &desk.window, &guest).await?;
    desk.killed_and_resumed("document typed", &guest).await?;
    for checks in 1..=CHECKS {
        clerk::dates(stage, &desk.window, &guest).await?;
        clerk::checks(&desk.window, checks).await?;
        desk.killed_and_resumed(&format!("check {checks}"), &guest).await?;
    }
    clerk::document(stage, &desk.window, &guest).await?;
    desk.killed_and_resumed("document done", &guest).await?;
    desk.prove(&guest).await?;
    desk.killed_and_resumed("face compared", &guest).await?;

    desk.prove(&guest).await?;
    stage.printer.run_out_of_paper()?;
    clerk::sign(&desk.window).await?;
    desk.window.until("main[data-screen=printing] .notice--attention").await?;
    desk.killed("summary signed, while it prints", &guest).await?;
    stage.printer.refill()?;
    let first = tray.letter(&stage.printer)?;
    desk.sign_in(CLERK).await?;
    desk.window.until(VOIDED).await?;
    guest.is_refused(&first).await?;
    desk.resumed().await?;

    desk.prove(&guest).await?;
    clerk::sign(&desk.window).await?;
    desk.window.screen("hand_over").await?;
    let second = tray.letter(&stage.printer)?;
    desk.killed("printed", &guest).await?;
    desk.sign_in(CLERK).await?;
    desk.window.until(VOIDED).await?;
    guest.is_refused(&second).await?;
    desk.resumed().await?;

    desk.prove(&guest).await?;
    clerk::sign(&desk.window).await?;
    desk.window.screen("hand_over").await?;
    let third = tray.letter(&stage.printer)?;
    // The hand-over is on the desk's disk and nowhere else.
    desk.until_codes_are(&guest, &["VOIDED", "VOIDED", "ACCEPTED"])?;
    stage.service.fault(Fault::Down);
    drop(card);
    clerk::hand_over(&desk.window, &third).await?;
    desk.killed("handed over", &guest).await?;
    stage.service.fault(Fault::None);
    desk.sign_in(CLERK).await?;
    desk.until_codes_are(&guest, &["VOIDED", "VOIDED", "ACTIVE"])?;
    desk.resumed().await?;
    desk.window.screen("done").await?;
    desk.killed("done", &guest).await?;
    desk.sign_in(CLERK).await?;
    desk.resumed().await?;
    guest.is_redeemed(&desk.window, &third).await?;
    clerk::finish(&desk.window).await?;
    guest.is_refused(&first).await?;
    guest.is_refused(&second).await?;
    desk.until_codes_are(&guest, &["VOIDED", "VOIDED", "REDEEMED"])
}

/// Killed while the supervisor is asked; resumed, the second look is taken and the code redeemed.
async fn second_look(desk: &mut Desk<'_>) -> Result<()> {
    let stage = desk.stage;
    let guest = Guest::register(stage, "carolinataube").await?;
    let mut tray = Tray::new(&stage.printer, desk.out)?;
    let card = clerk::arrive(stage, &desk.window, &guest).await?;
    clerk::visit_number(&desk.window, &guest).await?;
    clerk::document(stage, &desk.window, &guest).await?;
    clerk::doubt(&desk.window).await?;
    desk.killed_and_resumed("second look open", &guest).await?;
    clerk::document(stage, &desk.window, &guest).await?;
    clerk::doubt(&desk.window).await?;
    clerk::second_look(&desk.window, SUPERVISOR).await?;
    clerk::sign(&desk.window).await?;
    desk.window.screen("hand_over").await?;
    let sheet = tray.letter(&stage.printer)?;
    drop(card);
    clerk::hand_over(&desk.window, &sheet).await?;
    guest.is_redeemed(&desk.window, &sheet).await?;
    clerk::finish(&desk.window).await
}

/// Offered to nobody but its own clerk, who ends it: nothing of the person can be opened any more.
async fn of_another_clerk(desk: &mut Desk<'_>) -> Result<()> {
    let guest = Guest::register(desk.stage, "dohle").await?;
    desk.begun(&guest).await?;
    desk.killed("a visit that another clerk finds", &guest).await?;
    desk.sign_in(OTHER_CLERK).await?;
    ensure!(!desk.window.has(INTERRUPTED).await?, "a clerk was offered the visit of another");
    ensure!(!desk.is_wiped()?, "signing in wiped the visit of another");
    clerk::sign_out(&desk.window).await?;
    desk.window.sign_in(CLERK).await?;
    desk.window.until(INTERRUPTED).await?;
    clerk::end_interrupted(&desk.window).await?;
    ensure!(desk.is_wiped()?, "the ended visit's person can still be opened");
    Ok(())
}

/// After its time it is offered to nobody, and wiped.
async fn too_late(desk: &mut Desk<'_>) -> Result<()> {
    let guest = Guest::register(desk.stage, "fasan").await?;
    desk.begun(&guest).await?;
    let mut late = desk.app.clone();
    late.environment.push((String::from("IDENTPLATZ_CLOCK_OFFSET"), TOO_LATE.into()));
    desk.killed_and_started("a visit that nobody goes on with in time", &guest, &late).await?;
    desk.sign_in(CLERK).await?;
    ensure!(!desk.window.has(INTERRUPTED).await?, "a visit was offered after its time");
    ensure!(desk.is_wiped()?, "the forgotten visit's person can still be opened");
    Ok(())
}

/// The desk, and how it is started.
struct Desk<'a> {
    stage: &'a Stage,
    app: &'a App,
    window: Window,
    out: &'a Path,
    kills: u32,
}

impl Desk<'_> {
    /// A visit with something personal in it; the card is pulled.
    async fn begun(&self, guest: &Guest) -> Result<()> {
        let card = clerk::arrive(self.stage, &self.window, guest).await?;
        clerk::visit_number(&self.window, guest).await?;
        clerk::dates(self.stage, &self.window, guest).await?;
        drop(card);
        self.window.until("[data-reader=ready]").await
    }

    /// Killed, started, and the clerk goes on.
    async fn killed_and_resumed(&mut self, after: &str, guest: &Guest) -> Result<()> {
        self.killed(after, guest).await?;
        self.sign_in(CLERK).await?;
        ensure!(!self.window.has(VOIDED).await?, "a code became void where there was none");
        self.resumed().await
    }

    async fn killed(&mut self, after: &str, guest: &Guest) -> Result<()> {
        let app = self.app;
        self.killed_and_started(after, guest, app).await
    }

    /// Killed and started anew; what is on disk is whole, and at the service at most one code counts.
    async fn killed_and_started(&mut self, after: &str, guest: &Guest, app: &App) -> Result<()> {
        self.window.kill_app()?;
        let next = Window::open(app).await.with_context(|| format!("the start after the kill: {after}"))?;
        std::mem::replace(&mut self.window, next).close().await.ok();
        self.window.screen("sign_in").await.with_context(|| format!("killed after: {after}"))?;
        self.kills += 1;
        let events = DeskRecords::open(self.stage)?.verified()?;
        let codes = self.stage.service.codes_of(&guest.persona.kvnr)?;
        let counting = codes.iter().filter(|(_, state)| COUNTING.contains(state)).count();
        ensure!(counting <= 1, "killed after {after}, the service has {codes:?}");
        let states: Vec<_> = codes.iter().map(|(_, state)| *state).collect();
        println!("killed after: {after}; the journal is whole ({events} events), codes {states:?}");
        Ok(())
    }

    async fn sign_in(&self, who: Colleague) -> Result<()> {
        self.window.sign_in(who).await.map(drop)
    }

    /// The visit is offered, and the clerk goes on with it.
    async fn resumed(&self) -> Result<()> {
        self.window.until(INTERRUPTED).await?;
        self.window.press_key(Key::Enter).await?;
        self.window.until("main:not([data-screen=start])").await
    }

    /// Document in hand and face, again.
    async fn prove(&self, guest: &Guest) -> Result<()> {
        clerk::document(self.stage, &self.window, guest).await?;
        clerk::face(&self.window).await
    }

    /// The service knows these codes of the person, in the order of their arrival.
    fn until_codes_are(&self, guest: &Guest, states: &[&str]) -> Result<()> {
        let mut codes = Vec::new();
        let reached = wait_until("the service knows where the codes stand", PATIENCE, || {
            codes = self.stage.service.codes_of(&guest.persona.kvnr).unwrap_or_default();
            codes.iter().map(|(_, state)| *state).eq(states.iter().copied())
        });
        reached.with_context(|| format!("the service has {codes:?}"))
    }

    /// Nothing of the last visit that is about a person can be opened, with the database's key in hand.
    fn is_wiped(&self) -> Result<bool> {
        let records = DeskRecords::open(self.stage)?;
        records.verified()?;
        let last = records.visits()?.pop().context("there is no visit")?;
        let personal = last.iter().filter(|record| !matches!(record.scope, Scope::Visit(_)));
        ensure!(personal.clone().count() > 0, "there was nothing about a person");
        Ok(personal.map(|record| &record.body).all(Option::is_none))
    }
}
