//! SQLite: one connection writes, others read meanwhile (write-ahead log).

use std::{path::Path, time::Duration};

use rusqlite::{
    Connection, ErrorCode, Rows, Statement,
    types::{ToSqlOutput, ValueRef},
};

use super::{
    Error,
    pool::Pool,
    transaction::{Mode, Session},
    value::{Row, Value},
};

/// Connections that read beside the one that writes.
const READERS: usize = 4;
/// Wait for another process that writes, such as somebody who looks into the file.
const PATIENCE: Duration = Duration::from_secs(5);
/// Prepared statements that are kept: more than the service has.
const STATEMENTS: usize = 256;

/// The connection that writes, and those that read.
pub(super) fn pools(dir: &Path) -> (Pool<Session>, Pool<Session>) {
    let path = dir.join("service.sqlite");
    let writer = {
        let path = path.clone();
        move || {
            let session = SqliteSession::open(&path)?;
            session.0.pragma_update(None, "journal_mode", "WAL")?;
            session.0.pragma_update(None, "synchronous", "FULL")?;
            Ok(Session::Sqlite(session))
        }
    };
    let reader = move || {
        let session = SqliteSession::open(&path)?;
        session.0.pragma_update(None, "query_only", true)?;
        Ok(Session::Sqlite(session))
    };
    (Pool::new(1, writer), Pool::new(READERS, reader))
}

/// A connection to the file.
pub(super) struct SqliteSession(Connection);

impl SqliteSession {
    fn open(path: &Path) -> Result<Self, Error> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Self(connection))
    }

    pub(super) fn begin(&self, mode: Mode) -> Result<(), Error> {
        self.batch(match mode {
            Mode::Read => "BEGIN DEFERRED",
            Mode::Write | Mode::WriteAlone => "BEGIN IMMEDIATE",
        })
    }

    pub(super) fn batch(&self, sql: &str) -> Result<(), Error> {
        Ok(self.0.execute_batch(sql)?)
    }

    /// Some failures have rolled back already.
    pub(super) fn roll_back(&self) -> Result<(), Error> {
        if self.0.is_autocommit() { Ok(()) } else { self.batch("ROLLBACK") }
    }

    pub(super) fn execute(&self, sql: &str, params: &[Value]) -> Result<u64, Error> {
        let mut statement = self.0.prepare_cached(sql)?;
        bind(&mut statement, params)?;
        let changed = statement.raw_execute()?;
        u64::try_from(changed).map_err(|error| Error::Failed(error.into()))
    }

    pub(super) fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        let mut statement = self.0.prepare_cached(sql)?;
        bind(&mut statement, params)?;
        let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        read(statement.raw_query(), &names)
    }
}

/// SQLite takes `$1` for a name (SQLite, "Parameters"), so that nothing needs to be translated.
fn bind(statement: &mut Statement<'_>, params: &[Value]) -> Result<(), Error> {
    if statement.parameter_count() != params.len() {
        return Err(Error::unexpected("a statement has other parameters than it was given"));
    }
    for (number, value) in (1_usize..).zip(params) {
        let index = statement.parameter_index(&format!("${number}"))?;
        let index = index.ok_or_else(|| Error::unexpected("a statement lacks the number of a parameter"))?;
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Boolean(value) => ToSqlOutput::from(*value),
            Self::Integer(value) => ToSqlOutput::from(*value),
            Self::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Self::Bytes(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
        })
    }
}

fn read(mut rows: Rows<'_>, names: &[String]) -> Result<Vec<Row>, Error> {
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let value = |(index, name): (usize, &String)| Ok((name.clone(), owned(row.get_ref(index)?)?));
        all.push(Row(names.iter().enumerate().map(value).collect::<Result<_, Error>>()?));
    }
    Ok(all)
}

fn owned(value: ValueRef<'_>) -> Result<Value, Error> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|error| Error::Failed(error.into()))?;
            Value::Text(text.to_owned())
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(Error::unexpected("no column holds fractions")),
    })
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        // SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY.
        const TAKEN: [i32; 2] = [2067, 1555];
        const BUSY: [ErrorCode; 2] = [ErrorCode::DatabaseBusy, ErrorCode::DatabaseLocked];
        const AWAY: [ErrorCode; 3] = [ErrorCode::CannotOpen, ErrorCode::DiskFull, ErrorCode::SystemIoFailure];
        match error.sqlite_error() {
            Some(known) if TAKEN.contains(&known.extended_code) || BUSY.contains(&known.code) => {
                Self::Conflict(error.into())
            }
            Some(known) if AWAY.contains(&known.code) => Self::Lost(error.into()),
            _ => Self::Failed(error.into()),
        }
    }
}
