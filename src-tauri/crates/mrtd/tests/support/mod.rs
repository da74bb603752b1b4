//! A whole simulated document in a reader, what is typed from it, and whom to trust.

#![allow(dead_code, reason = "every test file uses a part of it")]

pub(crate) mod world;
