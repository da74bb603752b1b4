//! Travel documents over the air: zone, security object, the chip's proof and a face of 18 kB, with all checks.

mod dmrtd;
mod document;
mod least;
mod ours;
mod report;
mod run;
#[cfg(test)]
mod tests;

pub(crate) use ours::{Reader, Wanted};
pub(crate) use run::measure;
