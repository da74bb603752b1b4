//! The same bytes written with nothing around them: what a database takes for a commit on this machine.

use std::{
    path::Path,
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use postgres::NoTls;
use rusqlite::Connection;

/// Commits a second of so many connections, each writing one row of `bytes` a transaction, for that time.
pub(crate) fn postgres_commits(url: &str, bytes: usize, connections: usize, time: Duration) -> Result<f64> {
    let mut client = postgres::Client::connect(url, NoTls)?;
    client.batch_execute(
        "CREATE TABLE IF NOT EXISTS bare (seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body BYTEA NOT NULL)",
    )?;
    let (over, commits) = (AtomicBool::new(false), AtomicU64::new(0));
    let began = Instant::now();
    thread::scope(|scope| {
        let writers: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut client = postgres::Client::connect(url, NoTls)?;
                    let insert = client.prepare("INSERT INTO bare (body) VALUES ($1)")?;
                    let body = vec![7_u8; bytes];
                    while !over.load(Ordering::Relaxed) {
                        client.execute(&insert, &[&body])?;
                        commits.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        // Nobody ever sends: a wait of just that time.
        let (_nobody, wait) = mpsc::channel::<()>();
        wait.recv_timeout(time).ok();
        over.store(true, Ordering::Relaxed);
        writers.into_iter().try_for_each(|it| it.join().map_err(|_| anyhow::anyhow!("panicked"))?)
    })?;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let commits = commits.load(Ordering::Relaxed) as f64;
    Ok(commits / began.elapsed().as_secs_f64())
}

/// A SQLCipher database with the settings that the store's writer has (`store/src/database.rs` says why each), and one
/// table.
pub(crate) struct BareSqlCipher(Connection);

impl BareSqlCipher {
    pub(crate) fn make(path: &Path, key: &[u8; 32]) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(&format!(
            "PRAGMA cipher_log_level = NONE; PRAGMA cipher_memory_security = ON;
             PRAGMA key = \"x'{}'\";
             PRAGMA cipher_page_size = 4096; PRAGMA kdf_iter = 256000;
             PRAGMA cipher_hmac_algorithm = HMAC_SHA512; PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;
             PRAGMA cipher_use_hmac = ON; PRAGMA cipher_plaintext_header_size = 0;
             PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;
             PRAGMA mmap_size = 0; PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
             PRAGMA journal_size_limit = 4194304; PRAGMA wal_autocheckpoint = 1000;
             CREATE TABLE bare (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;",
            hex::encode(key)
        ))?;
        let version: String = connection.pragma_query_value(None, "cipher_version", |row| row.get(0))?;
        anyhow::ensure!(!version.is_empty(), "this is no SQLCipher");
        Ok(Self(connection))
    }

    /// Writes one row in a transaction of its own.
    pub(crate) fn commit(&self, body: &[u8]) -> Result<()> {
        let mut insert = self.0.prepare_cached("INSERT INTO bare (body) VALUES (?1)")?;
        insert.execute([body]).map(drop).context("a bare commit")
    }
}
