//! The product's client and the reference service, over real TLS, held to the OpenAPI document.

// Clippy takes only what says `test` for a test.
#[cfg(test)]
mod carer;
#[cfg(test)]
mod chip;
#[cfg(test)]
mod connection;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod document;
#[cfg(test)]
mod enrolment;
#[cfg(test)]
mod epa;
#[cfg(test)]
mod lookup;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod representation;
#[cfg(test)]
mod review;
#[cfg(test)]
mod support;
#[cfg(test)]
mod visit;
