//! Writing down a conversation with a card, of test cards in full: workshop builds only.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter, Seek},
    path::Path,
    sync::Arc,
};

use smartcard::{
    CardChannel,
    transcript::{Disclosure, Recorder},
};

use crate::{conversation::Counted, failure::Failure};

/// A file for one conversation.
#[derive(Clone)]
pub(crate) struct Trace {
    file: Arc<File>,
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
            Ok(file) => Ok(Self { file: Arc::new(file), path: name }),
            Err(error) => Err(Failure::NotWritten { what: name, reason: error.to_string() }),
        }
    }

    /// Talks to the card and records how, in place of an earlier conversation.
    pub(crate) fn record<T>(
        self,
        card: Counted<'_>,
        talk: impl FnOnce(&mut dyn CardChannel) -> T,
    ) -> Result<T, Failure> {
        self.empty().map_err(|error| self.not_written(&error))?;
        let mut recorder = Recorder::new(card, BufWriter::new(&*self.file), Disclosure::Everything);
        let said = talk(&mut recorder);
        match recorder.finish() {
            Ok(_) => Ok(said),
            Err(error) => Err(self.not_written(&error)),
        }
    }

    fn empty(&self) -> io::Result<()> {
        self.file.set_len(0)?;
        (&*self.file).rewind()
    }

    fn not_written(&self, error: &dyn std::error::Error) -> Failure {
        Failure::NotWritten { what: self.path.clone(), reason: error.to_string() }
    }
}
