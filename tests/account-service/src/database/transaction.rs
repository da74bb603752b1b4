//! One transaction on one connection, and what became of it.

use std::cell::{Cell, RefCell};

use super::{
    Error,
    postgres::PostgresSession,
    sqlite::SqliteSession,
    value::{Row, Value},
};
use crate::problem::Problem;

/// A connection to either database.
pub(super) enum Session {
    Sqlite(SqliteSession),
    Postgres(Box<PostgresSession>),
}

/// What a transaction is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write,
    /// Beside no other one that writes.
    WriteAlone,
}

impl Session {
    pub(super) fn begin(&mut self, mode: Mode) -> Result<(), Error> {
        match self {
            Self::Sqlite(session) => session.begin(mode),
            Self::Postgres(session) => session.begin(mode),
        }
    }

    pub(super) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, Error> {
        match self {
            Self::Sqlite(session) => session.execute(sql, params),
            Self::Postgres(session) => session.execute(sql, params),
        }
    }

    pub(super) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        match self {
            Self::Sqlite(session) => session.query(sql, params),
            Self::Postgres(session) => session.query(sql, params),
        }
    }

    /// Runs statements without parameters.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(session) => session.batch(sql),
            Self::Postgres(session) => session.batch(sql),
        }
    }

    pub(super) fn roll_back(&mut self) -> Result<(), Error> {
        match self {
            Self::Sqlite(session) => session.roll_back(),
            Self::Postgres(session) => session.batch("ROLLBACK"),
        }
    }

    /// Until [`Session::admit_others`] this is the only connection that brings the database up to date.
    pub(super) fn exclude_others(&mut self) -> Result<(), Error> {
        match self {
            // Transactions that write exclude each other.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(session) => session.exclude_others(),
        }
    }

    pub(super) fn admit_others(&mut self) -> Result<(), Error> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(session) => session.admit_others(),
        }
    }
}

/// A running transaction.
pub(crate) struct Transaction<'a> {
    session: RefCell<&'a mut Session>,
    /// Set by a statement that failed so that the whole transaction can only be run again.
    broken: Cell<Option<Broken>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Broken {
    Conflict,
    Lost,
}

impl Transaction<'_> {
    /// Runs a statement; how many rows it has changed.
    ///
    /// # Errors
    /// [`Error`]; after one the transaction can't go on.
    pub(crate) fn execute(&self, sql: &str, params: &[Value]) -> Result<u64, Error> {
        self.note(self.session.borrow_mut().execute(sql, params))
    }

    /// Every row of an answer.
    ///
    /// # Errors
    /// [`Error`], also that of `read`.
    pub(crate) fn query<T>(
        &self,
        sql: &str,
        params: &[Value],
        read: impl FnMut(&Row) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let rows = self.note(self.session.borrow_mut().query(sql, params))?;
        rows.iter().map(read).collect()
    }

    /// The first row of an answer, if there is one.
    ///
    /// # Errors
    /// [`Error`], also that of `read`.
    pub(crate) fn query_opt<T>(
        &self,
        sql: &str,
        params: &[Value],
        mut read: impl FnMut(&Row) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let rows = self.note(self.session.borrow_mut().query(sql, params))?;
        rows.first().map(&mut read).transpose()
    }

    /// The first row of an answer.
    ///
    /// # Errors
    /// [`Error`], also that of `read`, and when there is no row.
    pub(crate) fn query_one<T>(
        &self,
        sql: &str,
        params: &[Value],
        read: impl FnMut(&Row) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.query_opt(sql, params, read)?.ok_or_else(|| Error::unexpected("an answer has no row"))
    }

    /// Whether an answer has a row.
    ///
    /// # Errors
    /// [`Error`].
    pub(crate) fn exists(&self, sql: &str, params: &[Value]) -> Result<bool, Error> {
        Ok(self.query_opt(sql, params, |_| Ok(()))?.is_some())
    }

    fn note<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        match &result {
            Err(Error::Conflict(_)) => self.broken.set(Some(Broken::Conflict)),
            Err(Error::Lost(_)) => self.broken.set(Some(Broken::Lost)),
            Ok(_) | Err(Error::Failed(_)) => {}
        }
        result
    }
}

/// What became of a transaction.
pub(super) enum Outcome<T> {
    /// Kept, or taken back because the work refused.
    Done(Result<T, Problem>),
    /// Taken back: another one got in its way.
    Conflict,
    /// The connection can't be used any more, and the transaction isn't kept.
    Lost,
    /// The connection can't be used any more. Whether the transaction is kept, nobody may know.
    Unknown(Problem),
}

/// Tries a transaction once.
pub(super) fn attempt<T>(
    session: &mut Session,
    mode: Mode,
    work: &mut impl FnMut(&Transaction<'_>) -> Result<T, Problem>,
) -> Outcome<T> {
    match session.begin(mode) {
        Ok(()) => {}
        Err(Error::Conflict(_)) => return Outcome::Conflict,
        Err(error @ Error::Lost(_)) => return lost(error),
        Err(error @ Error::Failed(_)) => return Outcome::Unknown(error.into()),
    }
    let transaction = Transaction { session: RefCell::new(session), broken: Cell::new(None) };
    let done = work(&transaction);
    let broken = transaction.broken.get();
    let session = transaction.session.into_inner();
    match (done, broken) {
        (_, Some(Broken::Lost)) => Outcome::Lost,
        (_, Some(Broken::Conflict)) => roll_back(session, Outcome::Conflict),
        (Err(problem), None) => roll_back(session, Outcome::Done(Err(problem))),
        (Ok(done), None) => match session.batch("COMMIT") {
            Ok(()) => Outcome::Done(Ok(done)),
            Err(Error::Conflict(_)) => roll_back(session, Outcome::Conflict),
            Err(error) => Outcome::Unknown(error.into()),
        },
    }
}

fn roll_back<T>(session: &mut Session, outcome: Outcome<T>) -> Outcome<T> {
    match session.roll_back() {
        Ok(()) => outcome,
        Err(error) => lost(error),
    }
}

fn lost<T>(error: Error) -> Outcome<T> {
    tracing::warn!("lost the database: {:#}", anyhow::Error::new(error));
    Outcome::Lost
}
