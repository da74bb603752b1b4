//! The sheets as they come out of the printer. Poppler, zbar and qpdf must be installed.

// `cfg(test)` tells clippy that helpers in these modules are test code too.
#[cfg(test)]
mod activation;
#[cfg(test)]
mod chip_consent;
#[cfg(test)]
mod receipt;
#[cfg(test)]
mod refusal;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod sheet;
