//! The tests, whatever the service keeps its data in: `crate::support` asks which.

// Clippy takes only what says `test` for a test.
#[cfg(test)]
pub(crate) mod carer;
#[cfg(test)]
pub(crate) mod chip;
#[cfg(test)]
pub(crate) mod connection;
#[cfg(test)]
pub(crate) mod delivery;
#[cfg(test)]
pub(crate) mod desk;
#[cfg(test)]
pub(crate) mod document;
#[cfg(test)]
pub(crate) mod enrolment;
#[cfg(test)]
pub(crate) mod epa;
#[cfg(test)]
pub(crate) mod fleet;
#[cfg(test)]
pub(crate) mod journal;
#[cfg(test)]
pub(crate) mod lives;
#[cfg(test)]
pub(crate) mod lookup;
#[cfg(test)]
pub(crate) mod operations;
#[cfg(test)]
pub(crate) mod problems;
#[cfg(test)]
pub(crate) mod raw;
#[cfg(test)]
pub(crate) mod records;
#[cfg(test)]
pub(crate) mod representation;
#[cfg(test)]
pub(crate) mod review;
#[cfg(test)]
pub(crate) mod safeguards;
#[cfg(test)]
pub(crate) mod segments;
#[cfg(test)]
pub(crate) mod storm;
#[cfg(test)]
pub(crate) mod support;
#[cfg(test)]
pub(crate) mod visit;
