//! `journal verify`: walks the hash chains of the desk's journal and of its access log.

use serde::Serialize;
use store::{AccessVerification, Break, Head, Verification};

use crate::{
    desk::DeskSource,
    failure::{Failure, exit},
    language::Language,
};

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct JournalReport {
    journal: Chain,
    access_log: Chain,
}

#[derive(Debug, Serialize)]
#[serde(tag = "chain", rename_all = "snake_case")]
enum Chain {
    Intact {
        entries: u64,
        /// Number of the last entry; 0 when there is none.
        head: i64,
        /// Its hash, hexadecimal: the journal's is to be compared with the account service's checkpoint.
        hash: String,
        /// Number of the last entry that went in its time: pruned behind a checkpoint, or over its period; 0 when none did.
        begins_behind: i64,
    },
    Broken {
        /// Number of the first entry whose link is broken.
        seq: i64,
        reason: &'static str,
    },
}

impl JournalReport {
    /// Verifies both, beside a running desk.
    pub(crate) fn make(desk: &DeskSource) -> Result<Self, Failure> {
        let reader = desk.reader()?;
        let journal = match reader.verify()? {
            Verification::Intact { events, head, pruned_until } => Chain::intact(events, head, pruned_until),
            Verification::Broken { seq, what } => Chain::Broken { seq, reason: code(what) },
        };
        let access_log = match reader.verify_accesses()? {
            AccessVerification::Intact { entries, head, forgotten_until } => {
                Chain::intact(entries, head, forgotten_until)
            }
            AccessVerification::Broken { seq, what } => Chain::Broken { seq, reason: code(what) },
        };
        Ok(Self { journal, access_log })
    }

    /// [`exit::JOURNAL_BROKEN`] for a chain that doesn't hold.
    pub(crate) fn exit_code(&self) -> u8 {
        let both = [&self.journal, &self.access_log];
        if both.iter().all(|chain| matches!(chain, Chain::Intact { .. })) {
            exit::OK
        } else {
            exit::JOURNAL_BROKEN
        }
    }

    /// Lines for a person.
    pub(crate) fn to_text(&self, language: Language) -> String {
        let journal = self.journal.to_text(language.pick("Journal", "Journal"), language);
        journal + &self.access_log.to_text(language.pick("Zugriffsprotokoll", "Access log"), language)
    }
}

impl Chain {
    fn intact(entries: u64, Head { seq, hash }: Head, begins_behind: i64) -> Self {
        let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Self::Intact { entries, head: seq, hash, begins_behind }
    }

    fn to_text(&self, name: &str, language: Language) -> String {
        match self {
            Self::Intact { entries, head, hash, begins_behind } => {
                let begins = match begins_behind {
                    0 => String::new(),
                    behind => language.pick(
                        format!("  bis Nr. {behind} fristgerecht gekürzt\n"),
                        format!("  pruned in its time up to no. {behind}\n"),
                    ),
                };
                language.pick(
                    format!("{name}: unversehrt, {entries} Einträge, letzter Nr. {head}\n{begins}  Prüfsumme {hash}\n"),
                    format!("{name}: intact, {entries} entries, the last is no. {head}\n{begins}  hash {hash}\n"),
                )
            }
            Self::Broken { seq, reason } => language.pick(
                format!("{name}: GEBROCHEN bei Nr. {seq}: {}.\n", german(reason)),
                format!("{name}: BROKEN at no. {seq}: {}.\n", english(reason)),
            ),
        }
    }
}

fn code(what: Break) -> &'static str {
    match what {
        Break::Missing => "missing",
        Break::Surplus => "surplus",
        Break::Link => "link",
        Break::Content => "content",
        Break::Segment => "segment",
        Break::Checkpoint => "checkpoint",
    }
}

fn german(code: &str) -> &'static str {
    match code {
        "missing" => "der Eintrag fehlt",
        "surplus" => "er ist noch da, obwohl er gekürzt wurde",
        "link" => "er folgt nicht auf den davor",
        "content" => "er wurde verändert",
        "segment" => "der Abschnitt, den der Kontodienst kennt, besteht aus anderen Einträgen",
        _ => "der Prüfpunkt des Kontodienstes gehört zu etwas anderem",
    }
}

fn english(code: &str) -> &'static str {
    match code {
        "missing" => "the entry is missing",
        "surplus" => "it is still there although it was pruned",
        "link" => "it doesn't follow the one before it",
        "content" => "it was changed",
        "segment" => "the segment that the account service knows is of other entries",
        _ => "the account service's checkpoint is of something else",
    }
}
