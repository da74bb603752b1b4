//! Why a statement failed, as far as somebody can do something about it.

use crate::problem::Problem;

/// Why a statement failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Another transaction got in the way; to be run again.
    #[error("another transaction got in the way")]
    Conflict(#[source] anyhow::Error),
    /// The database can't be reached, or not now.
    #[error("the database can't be reached")]
    Lost(#[source] anyhow::Error),
    /// A mistake of this service.
    #[error("a statement failed")]
    Failed(#[source] anyhow::Error),
}

impl Error {
    pub(crate) fn unexpected(what: &str) -> Self {
        Self::Failed(anyhow::anyhow!("{what}"))
    }
}

/// The caller may try again when the database is back; the rest is for the service's own log.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Conflict(why) => {
                tracing::debug!("{why:#}");
                Self::Upstream
            }
            Error::Lost(why) => {
                tracing::warn!("the database can't be reached: {why:#}");
                Self::Upstream
            }
            Error::Failed(why) => why.into(),
        }
    }
}
