//! A desk's records under everything that goes wrong: kills at every step, a service that drops, delays and repeats, a
//! journal of a million events.
//!
//! What is real: rules, store (SQLCipher), signed records, mutual TLS, the reference service with its own cryptography,
//! SQLite or PostgreSQL. What is simulated: the people, the clerk's hands and the paper.

mod bare;
mod clock;
mod desk;
mod evidence;
mod fleet;
mod kills;
mod marks;
mod outbox;
mod people;
mod place;
mod quantiles;
mod random;
mod rules;
mod speed;
#[cfg(test)]
mod troubles;

pub(crate) use fleet::{Scale, measure as fleet, run_desks};
pub(crate) use kills::{Extent, measure as kills, run_child};
pub(crate) use speed::{Size, measure as speed};
