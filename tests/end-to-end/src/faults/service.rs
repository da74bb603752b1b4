//! An account service as services are. At a look-up the clerk is told; a visit that has its code goes on, its messages wait and
//! arrive once.

use std::path::Path;

use account_service::{Fault, Service};
use anyhow::{Context, Result, ensure};
use workshop::process::wait_until;

use super::Troubles;
use crate::{
    Sheet, Stage, Window,
    clerk::{self, Guest, PATIENCE, Tray},
};

/// Slow, but in time for somebody who waits (milliseconds).
const SLOW: u64 = 2_000;
/// Slower than the desk waits (milliseconds): the answer is lost, what was asked for was done.
const TOO_SLOW: u64 = 20_000;

/// What the service does.
#[derive(Clone, Copy)]
enum Trouble {
    Fault(Fault),
    /// Somebody else answers at its address.
    ForeignCertificate,
}

impl Trouble {
    fn begins(self, service: &Service) {
        match self {
            Self::Fault(fault) => service.fault(fault),
            Self::ForeignCertificate => {
                // A connection that is open already would stay.
                service.fault(Fault::Down);
                service.present_foreign_certificate(true);
                service.fault(Fault::None);
            }
        }
    }

    fn ends(service: &Service) {
        service.present_foreign_certificate(false);
        service.fault(Fault::None);
    }
}

pub(super) async fn walk(stage: &Stage, window: &Window, out: &Path, seen: &mut Troubles) -> Result<()> {
    look_ups(stage, window, seen).await?;
    let visits = [
        ("graugans", "down", Trouble::Fault(Fault::Down)),
        ("ibis", "error 500", Trouble::Fault(Fault::Status(500))),
        ("pinguin", "garbage", Trouble::Fault(Fault::Garbage)),
        ("amsel", "another certificate", Trouble::ForeignCertificate),
        ("junko", "too slow", Trouble::Fault(Fault::Slow(TOO_SLOW))),
        ("kiebitz", "everything twice", Trouble::Fault(Fault::Twice)),
    ];
    for (card, what, trouble) in visits {
        println!("service at the issue of a code: {what}");
        let visited = visit(stage, window, out, card, trouble, seen).await;
        visited.with_context(|| format!("with a service that is {what}"))?;
    }
    Ok(())
}

/// The desk says that there is no line, and goes on with a health card as far as it may; where a stranger answers it doesn't.
async fn look_ups(stage: &Stage, window: &Window, seen: &mut Troubles) -> Result<()> {
    let guest = Guest::register(stage, "graugans").await?;
    let told = [
        ("service down", Trouble::Fault(Fault::Down)),
        ("service answers with error 500", Trouble::Fault(Fault::Status(500))),
        ("service answers garbage", Trouble::Fault(Fault::Garbage)),
        ("another certificate", Trouble::ForeignCertificate),
    ];
    for (what, trouble) in told {
        window.until("[data-line=connected]").await?;
        trouble.begins(&stage.service);
        let offline = "[data-line=offline] .status-line__limit";
        seen.told(window, what, "line: offline", offline).await?;
        let card = stage.insert(guest.card)?;
        if matches!(trouble, Trouble::ForeignCertificate) {
            seen.error(window, &format!("look-up: {what}"), "service_untrusted").await?;
        } else {
            window.screen("concern").await?;
            clerk::abort(window).await?;
        }
        Trouble::ends(&stage.service);
        drop(card);
        window.until("[data-reader=ready]").await?;
    }
    window.until("[data-line=connected]").await?;
    for fault in [Fault::Slow(SLOW), Fault::Twice] {
        stage.service.fault(fault);
        let card = clerk::arrive(stage, window, &guest).await?;
        stage.service.fault(Fault::None);
        clerk::abort(window).await?;
        drop(card);
        window.until("[data-reader=ready]").await?;
    }
    Ok(())
}

/// Trouble begins when everything is proven; letter and hand-over go on, the code works once the service has recovered.
async fn visit(
    stage: &Stage,
    window: &Window,
    out: &Path,
    card: &'static str,
    trouble: Trouble,
    seen: &mut Troubles,
) -> Result<()> {
    let guest = Guest::register(stage, card).await?;
    let mut tray = Tray::new(&stage.printer, out)?;
    let inserted = clerk::prove(stage, window, &guest).await?;
    trouble.begins(&stage.service);
    clerk::sign(window).await?;
    window.screen("hand_over").await?;
    let sheet = tray.letter(&stage.printer)?;
    drop(inserted);
    clerk::hand_over(window, &sheet).await?;
    if !matches!(trouble, Trouble::Fault(Fault::Twice)) {
        let waits = "main[data-screen=done] .notice--info";
        seen.told(window, "the service hasn't heard of the code yet", "done: not accepted", waits).await?;
        ensure!(state(stage, &sheet)? != Some("ACTIVE"), "the code was active before the service could know");
    }
    Trouble::ends(&stage.service);
    wait_until("the service has heard of the hand-over", PATIENCE, || {
        state(stage, &sheet).is_ok_and(|state| state == Some("ACTIVE"))
    })?;
    guest.is_redeemed(window, &sheet).await?;
    let known = stage.service.codes_of(&guest.persona.kvnr)?;
    ensure!(known.len() == 1, "the service knows of {known:?} where one code was given out");
    clerk::finish(window).await
}

fn state(stage: &Stage, sheet: &Sheet) -> Result<Option<&'static str>> {
    stage.service.code_state(&sheet.reference)
}
