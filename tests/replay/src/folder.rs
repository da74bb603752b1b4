//! All recordings and transcripts of a folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{
    reading::{self, Given},
    recording::Recording,
    report::Report,
    session,
};

/// Longest file that is read: gematik's have some 10 kB, a passport with its face image 200 kB.
const BYTES_MAX: u64 = 4 << 20;

/// The `*.jsonl` of a folder, in the order of their names.
///
/// # Errors
/// If the folder can't be read or holds none.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    ensure!(!files.is_empty(), "{} holds no *.jsonl", folder.display());
    Ok(files)
}

/// Replays one file.
///
/// # Errors
/// If it can't be read or is of neither kind. That it differs is told by the report.
pub fn replay(file: &Path) -> Result<Report> {
    let text = read(file)?;
    let is_recording = text.lines().next().is_some_and(|header| header.contains(r#""type":"header""#));
    if is_recording {
        return Ok(session::replay(&Recording::parse(&text)?));
    }
    let beside = file.with_extension("given.json");
    let given: Given = if beside.exists() {
        // The reason would quote what may be secret.
        serde_json::from_str(&read(&beside)?)
            .ok()
            .with_context(|| format!("{} is malformed", beside.display()))?
    } else {
        Given::default()
    };
    Ok(reading::replay(&text, &given))
}

fn read(file: &Path) -> Result<String> {
    let length = fs::metadata(file).with_context(|| format!("{} isn't there", file.display()))?.len();
    ensure!(length <= BYTES_MAX, "{} is too long", file.display());
    fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))
}
