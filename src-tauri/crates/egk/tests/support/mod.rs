//! Health cards for the tests: their XML, their files, and the conversation that reading them is.

#![allow(dead_code, reason = "every test file uses a part of it")]

pub(crate) mod conversation;
pub(crate) mod image;
pub(crate) mod xml;
