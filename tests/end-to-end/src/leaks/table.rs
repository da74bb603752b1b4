//! Places and things: what was found where, and whether it may be there.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde::Serialize;

use super::{Thing, places::Places};

/// What was found.
#[derive(Serialize)]
pub(super) struct Table {
    rows: Vec<Row>,
    /// Where how many bytes were searched.
    searched: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct Row {
    thing: String,
    found: Vec<&'static str>,
    /// Found where it may not be, with the file.
    leaked: Vec<String>,
    /// Not found where it must be.
    missed: Vec<&'static str>,
}

impl Table {
    /// Looks for every thing in every place.
    pub(super) fn filled(things: &[Thing], places: &Places) -> Self {
        let rows = things.iter().map(|thing| row(thing, places)).collect();
        let searched = places.0.iter().map(|place| (place.name, place.size())).collect();
        Self { rows, searched }
    }

    /// For people: things down, places across.
    pub(super) fn print(&self, when: &str) {
        println!("\n{when}:");
        let line = |name: &str, cells: Vec<String>| {
            println!("{name:60}{}", cells.iter().map(|cell| format!("{cell:>17}")).collect::<String>());
        };
        line("", self.searched.keys().map(|place| (*place).to_owned()).collect());
        line("searched", self.searched.values().map(|size| format!("{} kB", size.div_ceil(1024))).collect());
        for row in &self.rows {
            let cell = |place: &&'static str| match row.found.contains(place) {
                true if row.leaked.iter().any(|leak| leak.starts_with(*place)) => "LEAKED",
                true => "as it should",
                false => "–",
            };
            line(&row.thing, self.searched.keys().map(cell).map(str::to_owned).collect());
        }
    }

    /// Nothing is where it may not be, and the search has found what it had to.
    pub(super) fn verdict(&self) -> Result<()> {
        for row in &self.rows {
            ensure!(row.leaked.is_empty(), "{} leaked: {:?}", row.thing, row.leaked);
            ensure!(row.missed.is_empty(), "{} was not found where it must be: {:?}", row.thing, row.missed);
        }
        Ok(())
    }
}

fn row(thing: &Thing, places: &Places) -> Row {
    let mut row =
        Row { thing: thing.name.clone(), found: Vec::new(), leaked: Vec::new(), missed: Vec::new() };
    for place in &places.0 {
        let found: Vec<_> = thing.spellings.iter().flat_map(|spelling| place.find(spelling)).collect();
        if !found.is_empty() {
            row.found.push(place.name);
        }
        if !thing.allowed.contains(&place.name) {
            row.leaked.extend(found.into_iter().map(|part| format!("{}: {part}", place.name)));
        } else if found.is_empty() && thing.expected.contains(&place.name) {
            row.missed.push(place.name);
        }
    }
    row
}
