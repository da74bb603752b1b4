//! What is left of a desk that was killed again and again, and what the service has of it.

use std::{collections::BTreeSet, path::Path};

use account_service::Service;
use anyhow::{Context, Result, ensure};
use identification::{Code, CodeState, VisitId};
use serde_json::Value;
use store::Verification;

use super::{Said, Setting};
use crate::lasting::{desk::Desk, marks::Marks};

/// Numbers of what isn't as it should be, and of what there is.
pub(crate) struct Verdict {
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    pub(crate) differing: usize,
    pub(crate) broken: usize,
    pub(crate) events: u64,
    pub(crate) records: u64,
    pub(crate) segments: usize,
    pub(crate) codes: usize,
}

/// Compares what the processes had said, what the store holds and what the service holds.
pub(super) fn of(service: &Service, folder: &Path, setting: &Setting, said: &Said) -> Result<Verdict> {
    let desk =
        Desk::open(&folder.join("store"), &setting.papers, setting.sealing_key.clone(), Marks::default())?;
    desk.has_delivered()?;
    ensure!(desk.store.open_visits()?.is_empty(), "a visit was left open");
    let mut broken = 0;
    let Verification::Intact { events, .. } = desk.store.verify()? else {
        anyhow::bail!("the journal's chain is broken")
    };
    broken += service.record_gaps(desk.identity.desk())?.len();
    broken += usize::from(service.anchored_entries(desk.identity.desk())? != events);
    let kept = desk.store.segments(usize::MAX)?;
    broken += kept.iter().filter(|it| it.checkpoint.is_none()).count();

    let mut lost = said.segments.iter().filter(|id| !kept.iter().any(|it| it.id == **id)).count();
    let visits: BTreeSet<_> = said.events.iter().map(|(visit, _)| *visit).collect();
    let (mut doubled, mut differing, mut codes) = (0, 0, 0);
    for visit in visits {
        let id = VisitId::new(visit);
        let found: BTreeSet<_> = desk.store.events(id)?.iter().map(|event| event.id).collect();
        lost += said.events.iter().filter(|(its, event)| *its == visit && !found.contains(event)).count();
        let Some(concern) = desk.load(id)?.concerns.into_iter().next() else {
            // Wiped with its end: nobody has heard of it.
            continue;
        };
        let told = service.access_report(concern.subject.kvnr.as_str())?;
        let (theirs, identified) = (list(&told, "codes")?, list(&told, "identifications")?);
        codes += concern.codes.len();
        doubled += theirs.len().abs_diff(concern.codes.len());
        doubled += identified.len().abs_diff(usize::from(!concern.codes.is_empty()));
        differing += concern.codes.iter().filter(|code| !theirs.iter().any(|it| agrees(code, it))).count();
    }
    let records = desk.store.last_record()?.seq;
    Ok(Verdict { lost, doubled, differing, broken, events, records, segments: kept.len(), codes })
}

fn list<'a>(told: &'a Value, what: &str) -> Result<&'a [Value]> {
    told.get(what)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .with_context(|| format!("{what} in the report"))
}

/// Whether the service says of a code what the desk does.
pub(crate) fn agrees(code: &Code, theirs: &Value) -> bool {
    let state = match (code.state, code.accepted_at) {
        (CodeState::HandedOver, Some(_)) => "ACTIVE",
        (CodeState::Voided(_), _) => "VOIDED",
        // With everything delivered no code is on its way any more.
        (
            CodeState::HandedOver
            | CodeState::Generated
            | CodeState::Printed
            | CodeState::Refused
            | CodeState::Revoked,
            _,
        ) => return false,
    };
    theirs["reference"] == code.reference.as_str() && theirs["state"] == state
}
