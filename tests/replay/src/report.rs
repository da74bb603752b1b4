//! What a replay has shown, in lines that tell nothing of a person.

use std::fmt;

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// CLA INS P1 P2 as sent.
    pub header: [u8; 4],
    /// The header under secure messaging.
    pub plain_header: Option<[u8; 4]>,
    /// Bytes sent.
    pub sent: usize,
    /// Bytes answered, status word included; `None` where no answer came.
    pub answered: Option<usize>,
    /// The answer's status word.
    pub status: Option<u16>,
}

/// A whole file.
#[derive(Debug)]
pub struct Report {
    /// The exchanges as far as they agreed.
    pub rows: Vec<Row>,
    /// What was read in them, without personal data.
    pub notes: Vec<String>,
    /// Where and how it differed; an error ends a replay.
    pub difference: Option<anyhow::Error>,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.plain_header.map(hex::encode_upper).unwrap_or_default();
        let answered = self.answered.map_or("-".to_owned(), |bytes| bytes.to_string());
        let status = self.status.map_or("-".to_owned(), |status| format!("{status:04X}"));
        write!(
            f,
            "{:8}  {plain:8}  {:6}  {answered:>8}  {status:>6}  ok",
            hex::encode_upper(self.header),
            self.sent
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  no.  command   within    sent  answered  status")?;
        for (index, row) in self.rows.iter().enumerate() {
            writeln!(f, "{:5}  {row}", index + 1)?;
        }
        for note in &self.notes {
            writeln!(f, "       {note}")?;
        }
        if let Some(difference) = &self.difference {
            writeln!(f, "{:5}  {difference:#}", self.rows.len() + 1)?;
        }
        Ok(())
    }
}
