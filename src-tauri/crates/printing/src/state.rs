//! What printers and jobs say about themselves (RFC 8011, sections 5.3 and 5.4).

use std::fmt;

/// `printer-state` (RFC 8011, section 5.4.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrinterState {
    /// New jobs start without waiting.
    Idle,
    /// At a job. Some printers stay in this state while they wait for paper: look at the reasons, too.
    Processing,
    /// Nothing moves until somebody helps.
    Stopped,
    /// The printer does not say, or says something that no document knows.
    Unknown,
}

impl PrinterState {
    pub(crate) fn from_enum(value: Option<i32>) -> Self {
        match value {
            Some(3) => Self::Idle,
            Some(4) => Self::Processing,
            Some(5) => Self::Stopped,
            _ => Self::Unknown,
        }
    }
}

/// How bad a [`StateReason`] is. Printers are loose with it (an empty tray may come as a warning): decide by the
/// keyword where it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Can't affect the paper.
    Report,
    /// Prevents nothing yet.
    Warning,
    /// The default of a keyword without suffix.
    Error,
}

/// One of `printer-state-reasons` (RFC 8011, section 5.4.12; PWG 5100.9 and IANA's registry have more keywords).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateReason {
    /// Keyword without suffix, such as `media-empty`; printable ASCII, at most 255 characters.
    pub keyword: String,
    /// What the suffix says.
    pub severity: Severity,
}

impl StateReason {
    /// `None` for `none`, which says that there is no reason.
    pub(crate) fn from_keyword(value: &str) -> Option<Self> {
        let suffixes =
            [("-report", Severity::Report), ("-warning", Severity::Warning), ("-error", Severity::Error)];
        let split =
            suffixes.iter().find_map(|(suffix, severity)| Some((value.strip_suffix(suffix)?, *severity)));
        let (keyword, severity) = split.unwrap_or((value, Severity::Error));
        (keyword != "none" && !keyword.is_empty()).then(|| Self { keyword: keyword.to_owned(), severity })
    }
}

/// A printer at one moment. What it does not tell is empty, unknown or assumed as said at the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterStatus {
    /// `printer-is-accepting-jobs`; a printer that doesn't tell is assumed to.
    pub accepting: bool,
    /// `printer-state`.
    pub state: PrinterState,
    /// `printer-state-reasons`, in the printer's order.
    pub reasons: Vec<StateReason>,
    /// `printer-name`, at most 127 bytes.
    pub name: Option<String>,
    /// `printer-make-and-model`, at most 127 bytes.
    pub make_and_model: Option<String>,
    /// `document-format-supported`; empty if the printer doesn't tell.
    pub formats: Vec<String>,
}

/// A printer's number for a job: `job-id`, 1 to 2³¹ − 1, unique at that printer until it is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(i32);

impl JobId {
    /// `None` if `id` is not positive.
    #[must_use]
    pub const fn new(id: i32) -> Option<Self> {
        if id > 0 { Some(Self(id)) } else { None }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `job-state` (RFC 8011, section 5.3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waits for its turn.
    Pending,
    /// Waits until somebody releases it (`pending-held`).
    Held,
    /// Being printed, or waiting for paper.
    Processing,
    /// Begun, and waiting for a hand at the printer (`processing-stopped`).
    Stopped,
    /// Ended by somebody; sheets may be out.
    Canceled,
    /// Given up by the printer; sheets may be out.
    Aborted,
    /// Printed, as far as the printer knows.
    Completed,
    /// The printer does not say, or says something that no document knows.
    Unknown,
}

impl JobState {
    pub(crate) fn from_enum(value: Option<i32>) -> Self {
        match value {
            Some(3) => Self::Pending,
            Some(4) => Self::Held,
            Some(5) => Self::Processing,
            Some(6) => Self::Stopped,
            Some(7) => Self::Canceled,
            Some(8) => Self::Aborted,
            Some(9) => Self::Completed,
            _ => Self::Unknown,
        }
    }
}

/// A job at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStatus {
    /// `job-state`.
    pub state: JobState,
    /// `job-state-reasons` without `none`, such as `job-printing` or `printer-stopped`, in the printer's order.
    pub reasons: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_of_a_state_reason_is_its_severity() {
        // RFC 8011, section 5.4.12: the three suffixes, and "error" without one.
        for (value, keyword, severity) in [
            ("media-low-report", "media-low", Severity::Report),
            ("media-empty-warning", "media-empty", Severity::Warning),
            ("media-jam-error", "media-jam", Severity::Error),
            ("media-needed", "media-needed", Severity::Error),
        ] {
            let reason = StateReason { keyword: keyword.to_owned(), severity };
            assert_eq!(StateReason::from_keyword(value), Some(reason));
        }
    }

    #[test]
    fn none_is_no_reason() {
        for value in ["none", "none-report", "", "-error"] {
            assert_eq!(StateReason::from_keyword(value), None, "{value}");
        }
    }

    #[test]
    fn job_ids_are_positive() {
        assert_eq!(JobId::new(7).map(JobId::get), Some(7));
        assert_eq!(JobId::new(0), None);
        assert_eq!(JobId::new(-1), None);
    }
}
