//! The real program over the real pcscd, each test in a namespace of its own; with and without the feature `workshop`.

mod card_read;
mod personal;
mod service;
mod staff;
mod support;
