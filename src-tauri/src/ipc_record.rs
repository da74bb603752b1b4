//! What crosses to the window, one JSON object a line, for a test that searches it. Only builds with the feature `workshop`
//! have this, and they write only where `IDENTPLATZ_IPC_RECORD` says.

use std::{
    env,
    fs::{File, OpenOptions},
    io::{self, Write},
    sync::{LazyLock, Mutex, PoisonError},
};

use bridge::Snapshot;
use serde::Serialize;

static RECORD: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
    let path = env::var_os("IDENTPLATZ_IPC_RECORD")?;
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.inspect_err(|error| tracing::error!(%error, "the record can't be written")).ok().map(Mutex::new)
});

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Line<'a> {
    Snapshot(&'a Snapshot),
    Command(&'a str),
}

/// A picture that the window is shown.
pub(crate) fn snapshot(snapshot: &Snapshot) {
    write(&Line::Snapshot(snapshot));
}

/// A command that the window sent; what it carries isn't kept.
pub(crate) fn command(name: &str) {
    write(&Line::Command(name));
}

fn write(line: &Line<'_>) {
    let Some(record) = RECORD.as_ref() else { return };
    let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
    let written = serde_json::to_writer(&mut *record, line).map_err(io::Error::from);
    if let Err(error) = written.and_then(|()| record.write_all(b"\n")) {
        tracing::error!(%error, "the record can't be written");
    }
}
