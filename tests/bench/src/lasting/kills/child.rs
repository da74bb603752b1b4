//! The process that is killed.

use std::{env, path::PathBuf};

use anyhow::{Context, Result};
use identification::Visit;

use super::{FIRST, FOLDER, LONGEST_WAY, PEOPLE, Setting, setting};
use crate::lasting::{
    desk::Desk,
    marks::Marks,
    rules::{self, Way},
};

/// Goes on with what was left, then leads visits until it is killed or nobody comes any more.
pub(crate) fn run() -> Result<()> {
    let folder = PathBuf::from(env::var_os(FOLDER).context("started by hand")?);
    let Setting { papers, sealing_key, people } = setting(&folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let desk = Desk::open(&folder.join("store"), &papers, sealing_key, Marks::watched())?;
    desk.go_on(&people)?;
    runtime.block_on(desk.deliver_all())?;
    desk.tell_journal()?;
    runtime.block_on(desk.deliver_all())?;
    let coming = people.get(number(FIRST).unwrap_or(people.len())..).context("nobody is left")?;
    for insured in coming.iter().take(number(PEOPLE).unwrap_or(0)) {
        let (id, opening) = rules::opens(insured)?;
        desk.marks.tell(&format!("visit {}", id.uuid()));
        let visit = desk.apply(Visit::default(), vec![opening])?;
        let way = if env::var_os(LONGEST_WAY).is_some() { Way::Replaces } else { Way::of(id) };
        desk.lead(visit, way, insured)?;
        runtime.block_on(desk.deliver_all())?;
        desk.tell_journal()?;
        runtime.block_on(desk.deliver_all())?;
    }
    Ok(())
}

fn number(name: &str) -> Option<usize> {
    env::var(name).ok()?.parse().ok()
}
