//! The same tests with the service's data in PostgreSQL.

#[path = "all/suite.rs"]
mod suite;

use suite::*;
