//! The product's client and the reference service, over real TLS, held to the OpenAPI document.

#[path = "suite.rs"]
mod suite;

use suite::*;
