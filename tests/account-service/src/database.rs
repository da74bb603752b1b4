//! What the service keeps: in an SQLite file of its own, or in PostgreSQL. Durable with every answer.
//!
//! Both run the same statements, so whatever is written here must be SQL that both take:
//! - Placeholders are `$1`, `$2` …; each may stand more than once. Where nothing but `IS NULL` would tell PostgreSQL a
//!   parameter's type, it is cast.
//! - Columns are `TEXT`, `BIGINT`, `BOOLEAN` (`TRUE`, `FALSE`) or `BYTEA`. Points in time are `BIGINT`, microseconds
//!   since 1970 UTC; days are `TEXT`, ISO 8601; JSON is `TEXT`, and what a statement asks for has a column of its own.
//! - `INSERT … ON CONFLICT`, `RETURNING`, `IS NOT DISTINCT FROM`, partial indexes and indexes of expressions are in both.
//!
//! Transactions are serializable: whoever writes one may think of it as the only one there is. Under PostgreSQL many
//! run at once, and one that another got in the way of is run again, in the end alone. So the work that is given to
//! [`Database::transaction`] has no effect outside its transaction and can be called more than once; running
//! numbers (`max + 1` under a unique key) have no gaps; and a delivery takes effect once, by its path's unique key.

mod error;
mod migrations;
mod pool;
mod postgres;
mod sqlite;
mod transaction;
pub(crate) mod value;

use std::{fmt, path::Path, time::Duration};

use anyhow::Context;
use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::problem::Problem;
pub(crate) use error::Error;
use migrations::Migration;
use pool::{Afterwards, Pool};
pub(crate) use transaction::Transaction;
use transaction::{Mode, Outcome, Session};
pub(crate) use value::{Row, params};

/// Times that a transaction is tried while others get in its way. From the third on it runs alone, so that what remains is
/// a connection that is lost again and again.
const TRIES: u32 = 6;
/// Tries beside others.
const TRIES_BESIDE_OTHERS: u32 = 2;
/// The longest that the first pause can be; a transaction takes a few milliseconds.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
/// The longest that any pause can be.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// Where a service keeps what it is told.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Storage {
    /// In `service.sqlite` in its directory.
    #[default]
    Folder,
    /// In the PostgreSQL database of this URL, `postgresql://user@host:port/name` (libpq, 34.1.1.2). The connection isn't
    /// encrypted: the server is on this machine.
    Postgres(String),
}

/// Without the URL, in which a password can stand.
impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "Folder",
            Self::Postgres(_) => "Postgres",
        })
    }
}

/// The service's database.
pub(crate) struct Database {
    writers: Pool<Session>,
    /// None under PostgreSQL, where one pool serves both.
    readers: Option<Pool<Session>>,
}

/// The answer to a delivery.
pub(crate) struct Put {
    /// An earlier request with the same body had it already.
    pub(crate) already: bool,
    /// JSON.
    pub(crate) answer: String,
}

impl Database {
    /// Opens the database, or makes it, and brings its tables up to date.
    pub(crate) fn open(storage: &Storage, dir: &Path) -> anyhow::Result<Self> {
        Self::open_with(storage, dir, migrations::ALL)
    }

    fn open_with(storage: &Storage, dir: &Path, steps: &[Migration]) -> anyhow::Result<Self> {
        let database = match storage {
            Storage::Folder => {
                let (writers, readers) = sqlite::pools(dir);
                Self { writers, readers: Some(readers) }
            }
            Storage::Postgres(url) => Self { writers: postgres::pool(url)?, readers: None },
        };
        let migrated = database.writers.lend(|session| match migrations::run(session, steps) {
            Ok(()) => (Ok(()), Afterwards::Keep),
            Err(error) => (Err(error), Afterwards::Close),
        });
        migrated.context("opening the database")??;
        Ok(database)
    }

    /// Runs `work` in one serializable transaction, kept only if it succeeds; again and again, if others get in its
    /// way.
    pub(crate) fn transaction<T>(
        &self,
        work: impl FnMut(&Transaction<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        run(&self.writers, Mode::Write, work)
    }

    /// Runs `work`, which writes nothing, on one state of the database. It gets in nobody's way.
    pub(crate) fn read<T>(
        &self,
        work: impl FnMut(&Transaction<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        run(self.readers.as_ref().unwrap_or(&self.writers), Mode::Read, work)
    }

    /// Does `effect` at most once for a path: the same body again gets the first answer again, another body
    /// is refused.
    pub(crate) fn put<B: Serialize>(
        &self,
        path: &str,
        desk: &str,
        body: &B,
        mut effect: impl FnMut(&Transaction<'_>) -> Result<Json, Problem>,
    ) -> Result<Put, Problem> {
        // Of the parsed body, so that blanks and the order of members don't matter.
        let canonical = serde_json::to_vec(body).context("hashing a body")?;
        let hash: [u8; 32] = Sha256::digest(canonical).into();
        let first = |transaction: &Transaction<'_>| Ok(earlier(transaction, path)?);
        if let Some(first) = self.read(first)? {
            return first.again(desk, hash);
        }
        // Whoever looked here for an earlier one would conflict with all who deliver at the same time: new paths stand side by
        // side in the index. The unique key sees to it that there is one.
        let done = self.transaction(|transaction| {
            let answer = effect(transaction)?.to_string();
            transaction.execute(
                "INSERT INTO deliveries (path, desk, body_hash, answer) VALUES ($1, $2, $3, $4)",
                params![path, desk, hash, answer],
            )?;
            Ok(Put { already: false, answer })
        });
        done.or_else(|problem| match self.read(first)? {
            // What got in the way was the same delivery on another connection.
            Some(first) => first.again(desk, hash),
            None => Err(problem),
        })
    }

    /// Ends every connection. PostgreSQL's client can't be dropped where a runtime drives the thread.
    pub(crate) fn close(&self) {
        self.writers.clear();
        if let Some(readers) = &self.readers {
            readers.clear();
        }
    }
}

fn run<T>(
    pool: &Pool<Session>,
    mode: Mode,
    mut work: impl FnMut(&Transaction<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    for tried in 0..TRIES {
        let mode = if mode == Mode::Write && tried >= TRIES_BESIDE_OTHERS { Mode::WriteAlone } else { mode };
        let attempt = |session: &mut Session| match transaction::attempt(session, mode, &mut work) {
            outcome @ (Outcome::Done(_) | Outcome::Conflict) => (outcome, Afterwards::Keep),
            outcome @ (Outcome::Lost | Outcome::Unknown(_)) => (outcome, Afterwards::Close),
        };
        match pool.lend(attempt)? {
            Outcome::Done(done) => return done,
            Outcome::Unknown(problem) => return Err(problem),
            Outcome::Conflict => pause(tried)?,
            Outcome::Lost => {}
        }
    }
    tracing::warn!("gave up a transaction after {TRIES} tries");
    Err(Problem::Upstream)
}

/// Lets the others finish: twice as long each time, and nobody as long as anybody else.
#[expect(
    clippy::disallowed_methods,
    reason = "a random pause between two tries is all that can be waited for"
)]
fn pause(tried: u32) -> Result<(), Problem> {
    let mut random = [0; 4];
    getrandom::fill(&mut random).map_err(anyhow::Error::from)?;
    let longest = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(tried)).min(LONGEST_PAUSE);
    let part = f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX);
    std::thread::sleep(longest.mul_f64(part));
    Ok(())
}

/// An earlier request for a path.
struct Earlier {
    desk: String,
    body_hash: [u8; 32],
    answer: String,
}

impl Earlier {
    /// The answer to another one.
    fn again(self, desk: &str, body_hash: [u8; 32]) -> Result<Put, Problem> {
        if self.desk != desk {
            return Err(Problem::ForbiddenDesk);
        }
        if self.body_hash != body_hash {
            return Err(Problem::IdempotencyKeyReused);
        }
        Ok(Put { already: true, answer: self.answer })
    }
}

fn earlier(transaction: &Transaction<'_>, path: &str) -> Result<Option<Earlier>, Error> {
    let query = "SELECT desk, body_hash, answer FROM deliveries WHERE path = $1";
    transaction.query_opt(query, params![path], |row| {
        Ok(Earlier { desk: row.get("desk")?, body_hash: row.get("body_hash")?, answer: row.get("answer")? })
    })
}

#[cfg(test)]
mod tests;
