//! Everywhere that the app can leave something.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use aes_gcm::aes::{
    Aes256,
    cipher::{BlockCipherDecrypt, KeyInit},
};
use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use store::{DatabaseKey, Outcome, Store};

use super::Thing;
use crate::{App, Stage, paper, records::DeskRecords};

/// The app's log.
pub(super) const LOG: &str = "log";
/// The database's pages and its log, decrypted with the database key alone: free pages and what is overwritten included.
pub(super) const PAGES: &str = "decrypted pages";
/// The journal's bodies, as far as their keys still exist.
pub(super) const BODIES: &str = "opened bodies";
/// What waits for the account service, opened.
pub(super) const OUTBOX: &str = "opened outbox";
/// Database, write-ahead log and what lies beside them, as they are on disk.
pub(super) const DATA: &str = "data folder";
/// The app's home: settings, web storage and caches of the web view, the keyring's files.
pub(super) const HOME: &str = "home, XDG";
/// Temporary files.
pub(super) const TEMPORARY: &str = "temporary files";
/// Shared memory that came during the walk.
pub(super) const SHARED: &str = "shared memory";
/// Everything that crossed to the window.
pub(super) const IPC: &str = "IPC";
/// What was printed, as it reads.
pub(super) const PAPER: &str = "printed sheets";

/// Found where it was planted, or the search is worth nothing.
const CANARY: &str = "Kanarienvogel-7391";
/// Largest file that is searched; what is larger has to be looked at.
const MAX_FILE: u64 = 256 * 1024 * 1024;
/// Folder of POSIX shared memory.
const SHARED_MEMORY: &str = "/dev/shm";

/// Of SQLCipher 4: pages, of which the last bytes are initialisation vector and HMAC, a salt in place of the first page's header.
const PAGE: usize = 4096;
const RESERVED: usize = 80;
const SALT: usize = 16;
/// Of SQLite's write-ahead log (sqlite.org/fileformat2.html, section 4.1).
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Everywhere, with what was there.
pub(super) struct Places(pub(super) Vec<Place>);

/// One place.
pub(super) struct Place {
    pub(super) name: &'static str,
    parts: Vec<(String, Vec<u8>)>,
}

impl Place {
    /// How many bytes it has.
    pub(super) fn size(&self) -> usize {
        self.parts.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// The parts that hold `spelling`, text as UTF-8 or UTF-16. A number is looked for as a number: more digits around it are
    /// another.
    pub(super) fn find(&self, spelling: &[u8]) -> Vec<&str> {
        let text = str::from_utf8(spelling).unwrap_or_default();
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let number = spelling.iter().all(u8::is_ascii_digit);
        let holds = |bytes: &[u8]| holds(bytes, spelling, number) || holds(bytes, &wide, false);
        self.parts.iter().filter(|(_, bytes)| holds(bytes)).map(|(part, _)| part.as_str()).collect()
    }
}

fn holds(bytes: &[u8], text: &[u8], number: bool) -> bool {
    let Some(first) = text.first() else { return false };
    let of_a_number = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.');
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| rest.iter().position(|byte| byte == first)) {
        let at = from + at;
        let end = at + text.len();
        if bytes.get(at..end) == Some(text) {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            if !number || !(of_a_number(before) || of_a_number(bytes.get(end))) {
                return true;
            }
        }
        from = at + 1;
    }
    false
}

/// How a walk is searched.
pub(super) struct Search {
    log: PathBuf,
    temporary: PathBuf,
    record: PathBuf,
    home: PathBuf,
    /// What was there before belongs to others.
    shared_before: BTreeSet<PathBuf>,
}

impl Search {
    /// Before the app starts.
    pub(super) fn new(stage: &Stage, app: &App) -> Result<Self> {
        let beside = |name: &str| stage.settings.with_file_name(name);
        let home = stage.keyring.env().into_iter().find(|(name, _)| *name == "HOME");
        let (temporary, record) = (beside("temporary"), beside("ipc.jsonl"));
        fs::create_dir(&temporary)?;
        Ok(Self {
            log: app.log.clone(),
            temporary,
            record,
            home: home.context("the app has no home")?.1.into(),
            shared_before: files(Path::new(SHARED_MEMORY))?.into_iter().collect(),
        })
    }

    /// The app with a folder for temporary files that is its own, and a record of what crosses to its window.
    pub(super) fn app(&self, app: &App) -> App {
        let mut app = app.clone();
        app.environment.push((String::from("TMPDIR"), self.temporary.clone().into()));
        app.environment.push((String::from("IDENTPLATZ_IPC_RECORD"), self.record.clone().into()));
        app
    }

    /// Everywhere.
    pub(super) fn places(&self, stage: &Stage) -> Result<Places> {
        let records = DeskRecords::open(stage)?;
        let shared = files(Path::new(SHARED_MEMORY))?.into_iter();
        Ok(Places(vec![
            read(LOG, vec![self.log.clone()])?,
            Place { name: PAGES, parts: pages(&records)? },
            Place { name: BODIES, parts: bodies(&records)? },
            Place { name: OUTBOX, parts: outbox(stage, &records)? },
            read(DATA, files(&stage.data_dir)?)?,
            read(HOME, files(&self.home)?)?,
            read(TEMPORARY, files(&self.temporary)?)?,
            read(SHARED, shared.filter(|file| !self.shared_before.contains(file)).collect())?,
            read(IPC, vec![self.record.clone()])?,
            Place { name: PAPER, parts: printed(stage)? },
        ]))
    }

    /// Plants something in each place that consists of files, and finds it there and nowhere else. In the others the search has
    /// to find what belongs there. And every spelling of every thing is found where it was written down.
    pub(super) fn planted_is_found(&self, stage: &Stage, things: &[Thing]) -> Result<()> {
        let planted = [
            (DATA, stage.data_dir.join("store/planted")),
            (HOME, self.home.join("data/planted")),
            (TEMPORARY, self.temporary.join("planted")),
            (SHARED, Path::new(SHARED_MEMORY).join(format!("planted-{}", std::process::id()))),
        ];
        for (name, path) in planted {
            fs::create_dir_all(path.parent().context("a file without a folder")?)?;
            fs::write(&path, CANARY)?;
            let found = self.canaries(stage);
            fs::remove_file(&path)?;
            let found = found?;
            ensure!(found == [name], "planted in {name}, found in {found:?}");
        }
        for (name, path) in [(LOG, &self.log), (IPC, &self.record)] {
            let before = fs::read(path)?;
            fs::write(path, [before.as_slice(), CANARY.as_bytes()].concat())?;
            let found = self.canaries(stage);
            // The app goes on writing at the end.
            let after = fs::read(path)?;
            let added = after.get(before.len() + CANARY.len()..).unwrap_or_default();
            fs::write(path, [before.as_slice(), added].concat())?;
            let found = found?;
            ensure!(found == [name], "planted in {name}, found in {found:?}");
        }
        let path = self.temporary.join("planted");
        for spelling in things.iter().flat_map(|thing| &thing.spellings) {
            fs::write(&path, [b"<", spelling.as_slice(), b">"].concat())?;
            let found = read(TEMPORARY, vec![path.clone()])?;
            ensure!(!found.find(spelling).is_empty(), "a spelling that would never be found");
        }
        fs::remove_file(path)?;
        println!("what was planted is found: in {DATA}, {HOME}, {TEMPORARY}, {SHARED}, {LOG}, {IPC}");
        Ok(())
    }

    fn canaries(&self, stage: &Stage) -> Result<Vec<&'static str>> {
        let places = self.places(stage)?;
        Ok(places
            .0
            .iter()
            .filter(|place| !place.find(CANARY.as_bytes()).is_empty())
            .map(|place| place.name)
            .collect())
    }
}

fn read(name: &'static str, files: Vec<PathBuf>) -> Result<Place> {
    let mut parts = Vec::new();
    for file in files {
        // What vanishes while it is listed is gone; sockets and the like hold nothing.
        let Ok(size) = fs::metadata(&file).map(|it| if it.is_file() { it.len() } else { 0 }) else {
            continue;
        };
        ensure!(size <= MAX_FILE, "{} has {size} bytes", file.display());
        if size > 0
            && let Ok(bytes) = fs::read(&file)
        {
            parts.push((file.display().to_string(), bytes));
        }
    }
    Ok(Place { name, parts })
}

/// Every file below `folder`.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(found) };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn bodies(records: &DeskRecords) -> Result<Vec<(String, Vec<u8>)>> {
    let opened = records.visits()?.into_iter().flatten();
    Ok(opened.filter_map(|it| Some((format!("{} {}", it.seq, it.kind), it.body?.to_vec()))).collect())
}

/// Every sheet of the printer's tray: its text, and its bytes as they went to the printer.
fn printed(stage: &Stage) -> Result<Vec<(String, Vec<u8>)>> {
    let mut parts = Vec::new();
    for sheet in stage.printer.documents()? {
        let name = sheet.display().to_string();
        parts.push((format!("text of {name}"), paper::text(&sheet)?.into_bytes()));
        parts.push((name, fs::read(&sheet)?));
    }
    Ok(parts)
}

/// What waits, in a copy: leasing changes a row.
fn outbox(stage: &Stage, records: &DeskRecords) -> Result<Vec<(String, Vec<u8>)>> {
    let copy = tempfile::tempdir_in(stage.settings.parent().context("no folder")?)?;
    let folder = copy.path().join("store");
    fs::create_dir(&folder)?;
    for file in files(&records.folder)? {
        // The shared memory belongs to the running app; it is made anew from the log.
        if file.extension().is_none_or(|it| it != "db-shm") {
            fs::copy(&file, folder.join(file.file_name().context("no name")?))?;
        }
    }
    let store = Store::open(&folder, &DatabaseKey::new(&records.key).context("a key of another length")?)?;
    let mut rows = Vec::new();
    // Long after everything was due.
    let later = Timestamp::MAX - SignedDuration::from_hours(48);
    while let Some(row) = store.lease(later, LEASE)? {
        rows.push((format!("{} {}", row.seq, row.kind), row.payload.to_vec()));
        // The next one of its visit waits for that.
        store.settle(row.id, Outcome::Delivered, later)?;
    }
    Ok(rows)
}

/// Longer than the search takes.
const LEASE: SignedDuration = SignedDuration::from_hours(1);

/// Everything that the database key brings to light.
fn pages(records: &DeskRecords) -> Result<Vec<(String, Vec<u8>)>> {
    let key = <[u8; 32]>::try_from(records.key.as_slice())?;
    let cipher = Aes256::new(&key.into());
    let database = records.folder.join("identplatz.db");
    let mut plain = Vec::new();
    for (number, page) in fs::read(&database)?.chunks_exact(PAGE).enumerate() {
        plain.extend(decrypted(&cipher, page, number == 0)?);
    }
    let log = fs::read(database.with_extension("db-wal")).unwrap_or_default();
    for frame in log.get(LOG_HEADER..).unwrap_or_default().chunks_exact(FRAME_HEADER + PAGE) {
        let (header, page) = frame.split_at(FRAME_HEADER);
        plain.extend(decrypted(&cipher, page, header.starts_with(&1_u32.to_be_bytes()))?);
    }
    Ok(vec![(String::from("identplatz.db"), plain)])
}

/// AES-256-CBC; the initialisation vector leads the reserved bytes.
fn decrypted(cipher: &Aes256, page: &[u8], first: bool) -> Result<Vec<u8>> {
    let (content, reserved) = page.split_at(PAGE - RESERVED);
    let mut before = *reserved.first_chunk::<16>().context("a page without reserved bytes")?;
    let mut plain = Vec::with_capacity(content.len());
    for block in content.get(if first { SALT } else { 0 }..).unwrap_or_default().as_chunks::<16>().0 {
        let mut out = (*block).into();
        cipher.decrypt_block(&mut out);
        plain.extend(out.iter().zip(before).map(|(byte, before)| byte ^ before));
        before = *block;
    }
    Ok(plain)
}
