//! PostgreSQL: many connections at once, every transaction serializable.

use std::{collections::HashMap, error::Error as _, io, time::Duration};

use anyhow::Context;
use bytes::BytesMut;
use postgres::{
    Client, Config, NoTls, Statement,
    config::Host,
    error::{Severity, SqlState},
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};

use super::{
    Error,
    pool::Pool,
    transaction::{Mode, Session},
    value::{Row, Value},
};

/// Connections of one service: more don't make two processors faster, and PostgreSQL has a hundred by default.
const CONNECTIONS: usize = 12;
/// Time to reach the server, and for it to acknowledge what was sent.
const PATIENCE: Duration = Duration::from_secs(3);
/// Prepared statements that are kept for a connection: more than the service has.
const STATEMENTS: usize = 256;
/// Taken while the tables are brought up to date; any number that nothing else in the database uses.
const MIGRATION_LOCK: i64 = 0x6964_656e_7470_6c7a;

/// What a connection is told first.
/// - An answer means that it is on disk.
/// - A statement takes milliseconds; one that waits longer than a desk does is given up.
/// - Plans that scan a table are avoided: under serializable isolation they conflict with everybody who writes into it
///   (PostgreSQL 15, 13.2.3).
const SET_UP: &str = "SET synchronous_commit = on;
     SET statement_timeout = '10s';
     SET idle_in_transaction_session_timeout = '30s';
     SET enable_seqscan = off";

/// Connections to the database of that URL.
pub(super) fn pool(url: &str) -> anyhow::Result<Pool<Session>> {
    let mut config: Config = url.parse().context("the database's URL")?;
    anyhow::ensure!(
        config.get_hosts().iter().all(is_here),
        "the connection isn't encrypted: the database's server must be on this machine"
    );
    config.connect_timeout(PATIENCE).tcp_user_timeout(PATIENCE).application_name("account-service");
    Ok(Pool::new(CONNECTIONS, move || {
        let mut client = config.connect(NoTls).map_err(unreachable)?;
        client.batch_execute(SET_UP)?;
        Ok(Session::Postgres(Box::new(PostgresSession { client, statements: HashMap::new() })))
    }))
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => ["localhost", "127.0.0.1", "::1"].contains(&name.as_str()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// A connection with the statements that it has prepared.
pub(super) struct PostgresSession {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl PostgresSession {
    pub(super) fn begin(&mut self, mode: Mode) -> Result<(), Error> {
        self.batch(match mode {
            Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            // Any table does that everybody agrees on. The lock comes before the transaction's snapshot (PostgreSQL 15, LOCK).
            Mode::Write => "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE migrations IN ROW SHARE MODE",
            Mode::WriteAlone => "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE migrations IN EXCLUSIVE MODE",
        })
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.client.batch_execute(sql)?)
    }

    pub(super) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, Error> {
        let statement = self.prepared(sql)?;
        Ok(self.client.execute(&statement, &borrowed(params))?)
    }

    pub(super) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        let statement = self.prepared(sql)?;
        let rows = self.client.query(&statement, &borrowed(params))?;
        rows.iter().map(read).collect()
    }

    /// Outside of a transaction, or it would see what there was before the lock was free.
    pub(super) fn exclude_others(&mut self) -> Result<(), Error> {
        self.batch(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))
    }

    pub(super) fn admit_others(&mut self) -> Result<(), Error> {
        self.batch(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn borrowed(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

type BoxedError = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxedError> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Boolean(value) => value.to_sql_checked(ty, out),
            Self::Integer(value) => value.to_sql_checked(ty, out),
            Self::Text(value) => value.to_sql_checked(ty, out),
            Self::Bytes(value) => value.to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, BoxedError> {
        Ok(match *ty {
            Type::BOOL => Self::Boolean(bool::from_sql(ty, raw)?),
            Type::INT8 => Self::Integer(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Integer(i32::from_sql(ty, raw)?.into()),
            Type::BYTEA => Self::Bytes(Vec::from_sql(ty, raw)?),
            _ => Self::Text(String::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, BoxedError> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        [Type::BOOL, Type::INT8, Type::INT4, Type::BYTEA].contains(ty) || <String as FromSql>::accepts(ty)
    }
}

fn read(row: &postgres::Row) -> Result<Row, Error> {
    let columns = row.columns().iter().enumerate();
    let value = |(index, column): (usize, &postgres::Column)| {
        Ok((column.name().to_owned(), row.try_get::<_, Value>(index)?))
    };
    Ok(Row(columns.map(value).collect::<Result<_, Error>>()?))
}

/// A server that doesn't answer gives no state; one that refuses, does.
fn unreachable(error: postgres::Error) -> Error {
    if error.as_db_error().is_some() { error.into() } else { Error::Lost(error.into()) }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            let lost = error.is_closed() || error.source().is_some_and(|source| source.is::<io::Error>());
            return if lost { Self::Lost(error.into()) } else { Self::Failed(error.into()) };
        };
        let conflict = [
            &SqlState::T_R_SERIALIZATION_FAILURE,
            &SqlState::T_R_DEADLOCK_DETECTED,
            // Of two who looked and then took the same key.
            &SqlState::UNIQUE_VIOLATION,
        ];
        if conflict.contains(&said.code()) {
            return Self::Conflict(error.into());
        }
        let fatal = matches!(said.parsed_severity(), Some(Severity::Fatal | Severity::Panic));
        // Connections, resources, an operator's intervention (PostgreSQL 15, appendix A). A wrong password or name is fatal,
        // too, and may be right tomorrow.
        let class = said.code().code().get(..2);
        if fatal || class.is_some_and(|class| ["08", "53", "57", "58"].contains(&class)) {
            return Self::Lost(error.into());
        }
        Self::Failed(error.into())
    }
}
