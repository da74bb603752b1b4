//! Machine-readable travel documents (ICAO Doc 9303).
//!
//! So far the dates of the machine-readable zone with their check digits: what a clerk types off a document that is
//! checked by eye. Nothing here stores anything.

pub mod mrz;
