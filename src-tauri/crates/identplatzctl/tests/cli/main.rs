//! The real program over the real pcscd, each test in a namespace of its own; with and without the feature `workshop`.

mod answers;
mod backups;
mod card_read;
mod contactless;
mod document_answers;
mod documents;
mod personal;
mod profile;
mod record;
mod records;
mod service;
mod staff;
mod support;
mod terminal;
mod trust;
