//! Writing down a conversation with a card, of test cards in full: workshop builds only.

use std::{
    fs::{File, OpenOptions},
    io::BufWriter,
    path::Path,
};

use egk::{EgkError, EgkReading, Request};
use smartcard::transcript::{Disclosure, Recorder};

use crate::{
    card_read::{Counted, OperatingSystem},
    failure::Failure,
};

/// A file for one conversation.
pub(crate) struct Trace {
    file: File,
    path: String,
}

impl Trace {
    /// Creates the file, or empties it, for the user alone.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let name = path.display().to_string();
        match options.open(path) {
            Ok(file) => Ok(Self { file, path: name }),
            Err(error) => Err(Failure::NotWritten { what: name, reason: error.to_string() }),
        }
    }

    /// Reads the card and records how.
    pub(crate) fn read(
        self,
        card: Counted<'_>,
        request: &Request<'_>,
    ) -> Result<Result<EgkReading, EgkError>, Failure> {
        let mut recorder = Recorder::new(card, BufWriter::new(self.file), Disclosure::Everything);
        let reading = egk::read(&mut recorder, request, &mut OperatingSystem, &mut |_| {});
        match recorder.finish() {
            Ok(_) => Ok(reading),
            Err(error) => Err(Failure::NotWritten { what: self.path, reason: error.to_string() }),
        }
    }
}
