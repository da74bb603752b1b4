//! The list of erasures: a file beside the store (`store.erasures`) that notes what was erased *before* its key goes.
//!
//! A backup holds keys that were destroyed since; whoever restores one makes the erasures of this list again before
//! anybody can open it. A store that was put back by hand, without that, makes them at its next opening.
//!
//! One line a transaction, ASCII, only ever added at the end and fsynced: `number moment id,id,… hash`, where the moment
//! counts microseconds since 1970, the ids are those of scopes, and the hash (SHA-256, hexadecimal) is taken over the one
//! of the line before and this line up to its last space. Ids and times only: nothing in it is about a person. A last line
//! that was torn by a power cut is none; damage anywhere else is named.
//!
//! The database keeps the number and the hash of the last line that it carried out, in the same transaction as the erasure
//! itself; once that is committed, a line with a full stop follows. So the next start can tell what happened:
//!
//! | last line | database | what happened | then |
//! |---|---|---|---|
//! | any | has carried it out | nothing, or killed before the full stop | go on |
//! | without full stop | has carried out the one before | killed before the commit: nothing was erased | the line is taken back |
//! | any other | | an old or another database was put here | everything in the list is erased again |
//!
//! The chain shows damage and mixing up, not forgery: it has no key, because it must be readable when the database is lost.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, ErrorKind, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{StoreError, batch::limit, erasure, folder, row};

/// Longest list that is read, in bytes: thirty years of a busy desk.
const MAX_LIST: usize = 64 * 1024 * 1024;
/// Most ids of a line.
pub(crate) const MAX_IDS: usize = 256;
/// What the first line's hash is taken over.
const GENESIS: [u8; 32] = *b"identplatz/erasures/genesis/v001";

/// The erasures of one transaction.
#[derive(Debug, Clone)]
struct Line {
    at: Timestamp,
    scopes: Vec<Uuid>,
    hash: [u8; 32],
}

/// A list that was read and whose chain holds.
#[derive(Debug, Clone, Default)]
pub struct ErasureList {
    lines: Vec<Line>,
    /// Bytes up to the end of the last whole line.
    length: u64,
    /// Bytes up to the beginning of the last line, if no full stop follows it.
    unconfirmed_from: Option<u64>,
}

/// Where a list ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    lines: u64,
    hash: [u8; 32],
}

/// What follows a line once it was carried out.
const CARRIED_OUT: &[u8] = b".\n";
const START: End = End { lines: 0, hash: GENESIS };

impl ErasureList {
    /// Where the list of the store in `folder` lies.
    #[must_use]
    pub fn beside(folder: &Path) -> PathBuf {
        folder::sibling(folder, "erasures")
    }

    /// Reads the list in `file`; one that isn't there is empty, and a torn last line is left out.
    ///
    /// # Errors
    /// [`StoreError::ErasureList`] names the first line that isn't as it was written; [`StoreError::TooLarge`]; what the disk
    /// said.
    pub fn read(file: &Path) -> Result<Self, StoreError> {
        match fs::metadata(file) {
            Ok(found) if found.len() > MAX_LIST as u64 => {
                Err(StoreError::TooLarge { what: "list of erasures", limit: MAX_LIST })
            }
            Ok(_) => Self::parse(&fs::read(file)?),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Which scopes were erased and when, the first first.
    pub fn entries(&self) -> impl Iterator<Item = (Uuid, Timestamp)> {
        self.lines.iter().flat_map(|line| line.scopes.iter().map(|scope| (*scope, line.at)))
    }

    /// Writes a list anew, in place of what lies there; `erased` in the order of the moments.
    pub(crate) fn create(file: &Path, erased: &[(Uuid, Timestamp)]) -> Result<(), StoreError> {
        write(file, erased).map(drop)
    }

    fn parse(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut list = Self::default();
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, behind) =
                (rest.get(..end).unwrap_or_default(), rest.get(end + 1..).unwrap_or_default());
            match parse_line(line, list.end()) {
                _ if line == b"." && list.unconfirmed_from.is_some() => list.unconfirmed_from = None,
                Some(parsed) => {
                    list.lines.push(parsed);
                    list.unconfirmed_from = Some(list.length);
                }
                // A block that never reached the disk may hold anything, a line's end included.
                None if !behind.contains(&b'\n') => break,
                None => return Err(StoreError::ErasureList { line: list.lines.len() + 1 }),
            }
            list.length += line.len() as u64 + 1;
            rest = behind;
        }
        Ok(list)
    }

    fn end(&self) -> End {
        Self::end_of(&self.lines)
    }

    /// Where it ended before its last line.
    fn end_before_last(&self) -> End {
        Self::end_of(self.lines.split_last().map_or(&[], |(_, before)| before))
    }

    fn end_of(lines: &[Line]) -> End {
        End { lines: lines.len() as u64, hash: lines.last().map_or(GENESIS, |line| line.hash) }
    }

    /// Takes the last line back.
    fn take_back(&mut self, from: u64) {
        self.lines.pop();
        self.length = from;
        self.unconfirmed_from = None;
    }
}

/// The line behind `before`, with its line feed, and where the list ends behind it.
fn format_line(before: End, at: Timestamp, scopes: &[Uuid]) -> (String, End) {
    let ids: Vec<String> = scopes.iter().map(Uuid::to_string).collect();
    let lines = before.lines + 1;
    let text = format!("{lines} {} {}", at.as_microsecond(), ids.join(","));
    let hash: [u8; 32] = Sha256::new().chain_update(before.hash).chain_update(&text).finalize().into();
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    (format!("{text} {digits}\n"), End { lines, hash })
}

/// The opposite of [`format_line`]: whatever it would not have written is no line.
fn parse_line(line: &[u8], before: End) -> Option<Line> {
    let line = str::from_utf8(line).ok()?;
    let mut fields = line.split(' ').skip(1);
    let at = Timestamp::from_microsecond(fields.next()?.parse().ok()?).ok()?;
    let scopes: Vec<Uuid> = fields.next()?.split(',').map(Uuid::try_parse).collect::<Result<_, _>>().ok()?;
    let (expected, end) = format_line(before, at, &scopes);
    (expected.strip_suffix('\n') == Some(line)).then_some(Line { at, scopes, hash: end.hash })
}

/// Makes the erasures of a list in a database that lacks some, and notes there that it did. Returns how many keys that
/// were. A legal hold of a scope had ended when the line was written.
pub(crate) fn apply(transaction: &Transaction<'_>, list: &ErasureList) -> Result<u64, StoreError> {
    let mut destroyed = 0;
    for (scope, at) in list.entries() {
        destroyed += u64::from(erasure::repeat(transaction, scope, at)?);
    }
    forget_visits(transaction)?;
    remember(transaction, list.end())?;
    Ok(destroyed)
}

/// Takes off the lists what went with a visit's own scope, as the run of erasures did that the database doesn't know of. What
/// still waits and opens is the service's to have first.
fn forget_visits(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    for table in ["outbox", "legal_hold", "visit"] {
        transaction.execute(
            &format!(
                "DELETE FROM {table} WHERE visit IN
                 (SELECT visit FROM visit JOIN scope_key ON scope_id = visit WHERE key IS NULL)
                 AND visit NOT IN
                 (SELECT visit FROM outbox JOIN scope_key USING (scope_id)
                  WHERE visit IS NOT NULL AND settled_at_us IS NULL AND key IS NOT NULL)"
            ),
            [],
        )?;
    }
    Ok(())
}

/// Writes a list in place of what lies there; the file is open, and stands at its end.
fn write(path: &Path, erased: &[(Uuid, Timestamp)]) -> Result<(File, End), StoreError> {
    let unfinished = folder::sibling(path, "new");
    let mut file = private(&unfinished)?;
    file.set_len(0)?;
    let (mut end, mut text) = (START, String::new());
    for together in erased.chunk_by(|(_, one), (_, next)| one == next).flat_map(|same| same.chunks(MAX_IDS)) {
        let Some((_, at)) = together.first() else { continue };
        let scopes: Vec<Uuid> = together.iter().map(|(scope, _)| *scope).collect();
        let (line, behind) = format_line(end, *at, &scopes);
        text.push_str(&line);
        text.push_str(".\n");
        end = behind;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    folder::rename(&unfinished, path)?;
    Ok((file, end))
}

/// Every scope whose key was destroyed in a database, and when, the first first.
pub(crate) fn destroyed_in(connection: &Connection) -> Result<Vec<(Uuid, Timestamp)>, StoreError> {
    connection
        .prepare(
            "SELECT scope_id, destroyed_at_us FROM scope_key WHERE key IS NULL ORDER BY destroyed_at_us, scope_id",
        )?
        .query_and_then([], |found| Ok((row::uuid(found, "scope_id")?, row::time(found, "destroyed_at_us")?)))?
        .collect()
}

/// The open list of the store that this process writes.
#[derive(Debug)]
pub(crate) struct ListFile {
    file: File,
    end: End,
    length: u64,
    /// How far the file reaches that the last transaction wrote, until that is committed.
    before: Option<(End, u64)>,
}

impl ListFile {
    /// Opens the list of the store in `folder` and brings it and the database to the same state: what one of them has and
    /// the other lacks, because the process was killed in between or one of them is an old copy, is erased and noted. How many
    /// keys it destroyed comes with it.
    pub(crate) fn open(folder: &Path, connection: &mut Connection) -> Result<(Self, u64), StoreError> {
        let path = ErasureList::beside(folder);
        let mut list = match ErasureList::read(&path) {
            Ok(list) => list,
            Err(error @ (StoreError::ErasureList { .. } | StoreError::TooLarge { .. })) => {
                tracing::error!(%error, "the list of erasures can't be used and is written anew");
                folder::rename(&path, &unused_name(folder)?)?;
                ErasureList::default()
            }
            Err(error) => return Err(error),
        };
        let known = known_end(connection)?;
        let mut made_up_for = 0;
        match list.unconfirmed_from {
            Some(from) if known == Some(list.end_before_last()) => {
                tracing::warn!("the last run ended before it could erase what it had noted");
                list.take_back(from);
            }
            _ if known == Some(list.end()) => {}
            _ => {
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                made_up_for = apply(&transaction, &list)?;
                transaction.commit()?;
                if made_up_for > 0 {
                    tracing::warn!(
                        made_up_for,
                        "an old database was put here; what it held and was erased since is erased again"
                    );
                }
            }
        }
        // A list that lacks something: of a first version, which kept none; lost, cut short; of another store.
        let listed: BTreeSet<Uuid> = list.entries().map(|(scope, _)| scope).collect();
        let destroyed = destroyed_in(connection)?;
        if !path.try_exists()? || destroyed.iter().any(|(scope, _)| !listed.contains(scope)) {
            let (file, end) = write(&path, &destroyed)?;
            remember(connection, end)?;
            let length = file.metadata()?.len();
            return Ok((Self { file, end, length, before: None }, made_up_for));
        }
        let file = private(&path)?;
        // What was torn or taken back.
        file.set_len(list.length)?;
        file.sync_all()?;
        let mut file = Self { file, end: list.end(), length: list.length, before: None };
        if list.unconfirmed_from.is_some() {
            file.confirm();
        }
        Ok((file, made_up_for))
    }

    /// Notes what `transaction` erases, and in `transaction` that it carries the line out. Returns when it is on disk; when it
    /// can't be, the file is as before.
    pub(crate) fn note(
        &mut self,
        transaction: &Transaction<'_>,
        at: Timestamp,
        scopes: &[Uuid],
    ) -> Result<(), StoreError> {
        limit("number of erased scopes", scopes.len(), MAX_IDS)?;
        let (line, end) = format_line(self.end, at, scopes);
        remember(transaction, end)?;
        let before = (self.end, self.length);
        self.before = Some(before);
        if let Err(error) = self.add(&line) {
            self.take_back();
            return Err(error);
        }
        (self.end, self.length) = (end, self.length + line.len() as u64);
        Ok(())
    }

    fn add(&mut self, line: &str) -> Result<(), StoreError> {
        self.put(line.as_bytes())?;
        Ok(self.file.sync_all()?)
    }

    /// Writes at the end, over what an earlier failure couldn't take back.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(bytes)
    }

    /// The transaction is on disk. The full stop needn't be, since the database tells the same; the next line brings it.
    pub(crate) fn confirm(&mut self) {
        self.before = None;
        match self.put(CARRIED_OUT) {
            Ok(()) => self.length += CARRIED_OUT.len() as u64,
            Err(error) => tracing::warn!(%error, "a line of the list of erasures could not be confirmed"),
        }
    }

    /// The transaction isn't, so nothing was erased: takes its line back. If even that fails, the next line is written over
    /// it, or the next start takes it back.
    pub(crate) fn take_back(&mut self) {
        if let Some((end, length)) = self.before.take() {
            (self.end, self.length) = (end, length);
            let cut = self.file.set_len(length).and_then(|()| self.file.sync_all());
            if let Err(error) = cut {
                tracing::error!(%error, "a line of the list of erasures could not be taken back");
            }
        }
    }
}

/// The last line that a database has carried out; `None` if it never had a list.
fn known_end(connection: &Connection) -> Result<Option<End>, StoreError> {
    connection
        .prepare_cached("SELECT lines, hash FROM erasure_list")?
        .query_and_then([], |found| Ok(End { lines: found.get("lines")?, hash: row::bytes(found, "hash")? }))?
        .next()
        .transpose()
}

fn remember(connection: &Connection, end: End) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO erasure_list (one, lines, hash) VALUES (1, ?1, ?2)
             ON CONFLICT (one) DO UPDATE SET lines = excluded.lines, hash = excluded.hash",
        )?
        .execute((end.lines, end.hash.as_slice()))?;
    Ok(())
}

/// Opens a file that only this account can read, making it if there is none.
fn private(path: &Path) -> Result<File, StoreError> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path)?)
}

/// A name beside the store for a list that can't be used; nothing is ever deleted.
fn unused_name(folder: &Path) -> Result<PathBuf, StoreError> {
    const MOST: usize = 100;
    for number in 1..=MOST {
        let path = folder::sibling(folder, &format!("erasures.damaged-{number}"));
        if !path.try_exists()? {
            return Ok(path);
        }
    }
    Err(StoreError::TooLarge { what: "number of damaged lists", limit: MOST })
}
