//! What the service keeps: one SQLite file, durable with every answer.

use std::path::Path;

use anyhow::Context;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::problem::Problem;

const SCHEMA: &str = include_str!("schema.sql");

/// The service's database.
pub(crate) struct Database(Connection);

/// The answer to a delivery.
pub(crate) struct Put {
    /// An earlier request with the same body had it already.
    pub(crate) already: bool,
    /// JSON.
    pub(crate) answer: String,
}

impl Database {
    /// Opens the file in `dir`, or makes it.
    pub(crate) fn open(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join("service.sqlite");
        let connection = Connection::open(&path).with_context(|| format!("opening {}", path.display()))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(connection))
    }

    /// Runs `work` in one transaction, kept only if it succeeds.
    pub(crate) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Does `effect` at most once for a path: the same body again gets the first answer again, another body
    /// is refused.
    pub(crate) fn put<B: Serialize>(
        &mut self,
        path: &str,
        desk: &str,
        body: &B,
        effect: impl FnOnce(&Transaction<'_>) -> Result<Value, Problem>,
    ) -> Result<Put, Problem> {
        // Of the parsed body, so that blanks and the order of members don't matter.
        let canonical = serde_json::to_vec(body).context("hashing a body")?;
        let hash: [u8; 32] = Sha256::digest(canonical).into();
        self.transaction(|transaction| {
            if let Some((first_desk, first_hash, answer)) = earlier(transaction, path)? {
                if first_desk != desk {
                    return Err(Problem::ForbiddenDesk);
                }
                if first_hash != hash {
                    return Err(Problem::IdempotencyKeyReused);
                }
                return Ok(Put { already: true, answer });
            }
            let answer = effect(transaction)?.to_string();
            transaction.execute(
                "INSERT INTO deliveries (path, desk, body_hash, answer) VALUES (?1, ?2, ?3, ?4)",
                params![path, desk, hash, answer],
            )?;
            Ok(Put { already: false, answer })
        })
    }
}

fn earlier(
    transaction: &Transaction<'_>,
    path: &str,
) -> rusqlite::Result<Option<(String, [u8; 32], String)>> {
    transaction
        .query_row("SELECT desk, body_hash, answer FROM deliveries WHERE path = ?1", [path], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_effect_happens_once_however_often_it_is_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let mut database = Database::open(dir.path()).unwrap();
        let mut effects = 0;
        for round in 0..3 {
            let body = json!({"a": 1});
            let put = database.put("/x/1", "desk", &body, |_| {
                effects += 1;
                Ok(json!({"effect": effects}))
            });
            let put = put.unwrap_or_else(|problem| panic!("{problem:?}"));
            assert_eq!((put.already, put.answer.as_str()), (round > 0, r#"{"effect":1}"#));
        }
        assert_eq!(effects, 1);
    }

    #[test]
    fn another_body_or_another_desk_under_the_same_id_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let mut database = Database::open(dir.path()).unwrap();
        let mut put = |desk, body| database.put("/x/1", desk, &body, |_| Ok(json!({}))).err();
        assert_eq!(put("desk", json!({"a": 1})), None);
        assert_eq!(put("desk", json!({"a": 2})), Some(Problem::IdempotencyKeyReused));
        assert_eq!(put("other", json!({"a": 1})), Some(Problem::ForbiddenDesk));
    }

    #[test]
    fn an_effect_that_fails_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let mut database = Database::open(dir.path()).unwrap();
        let failed = database.put("/x/1", "desk", &json!({}), |transaction| {
            transaction.execute("INSERT INTO locked_accounts VALUES ('X110411675')", [])?;
            Err(Problem::NotInsured)
        });
        assert_eq!(failed.err(), Some(Problem::NotInsured));
        let put = database.put("/x/1", "desk", &json!({}), |transaction| {
            let rows: u32 =
                transaction.query_row("SELECT count(*) FROM locked_accounts", [], |row| row.get(0))?;
            Ok(json!(rows))
        });
        assert_eq!(put.unwrap_or_else(|problem| panic!("{problem:?}")).answer, "0");
    }
}
