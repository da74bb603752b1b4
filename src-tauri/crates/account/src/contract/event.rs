//! What became known at the insurer's after a visit.

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

/// Most events in one answer: the contract's.
const MAX_EVENTS: usize = 100;

/// Events of the insurer that concern codes of this desk, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CentralEvents {
    /// Their numbers rise; some may be missing, which concern other desks.
    pub events: Vec<CentralEvent>,
    /// There are more after the last one.
    pub more: bool,
}

impl CentralEvents {
    /// Whether they are an answer to what was asked.
    pub(crate) fn follow(&self, after: u64) -> bool {
        let first = self.events.first().is_none_or(|event| event.seq > after);
        let more = !self.more || !self.events.is_empty();
        first && more && self.events.len() <= MAX_EVENTS && self.events.is_sorted_by(|a, b| a.seq < b.seq)
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CentralEvent {
    /// Its number.
    pub seq: u64,
    /// When the insurer learnt of it.
    pub at: Timestamp,
    /// What it is.
    pub kind: CentralEventKind,
    /// The codes of this desk that it concerns.
    pub codes: Vec<Uuid>,
}

/// What became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CentralEventKind {
    /// The insured person died.
    Death,
    /// The care ended.
    CareEnded,
    /// Another carer was appointed.
    CarerChanged,
    /// The person's name changed.
    NameChanged,
    /// The membership ended.
    MembershipEnded,
    /// The codes or the app were blocked; also what this version doesn't know: nothing is handed over any more.
    #[serde(other)]
    Blocked,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(seqs: &[u64], more: bool) -> CentralEvents {
        let event = |seq: &u64| CentralEvent {
            seq: *seq,
            at: Timestamp::UNIX_EPOCH,
            kind: CentralEventKind::Death,
            codes: Vec::new(),
        };
        CentralEvents { events: seqs.iter().map(event).collect(), more }
    }

    #[test]
    fn events_that_were_had_before_or_come_in_disorder_are_no_answer() {
        assert!(events(&[], false).follow(7));
        assert!(events(&[8, 11], true).follow(7));
        assert!(!events(&[7, 8], false).follow(7));
        assert!(!events(&[9, 8], false).follow(7));
        assert!(!events(&[8, 8], false).follow(7));
        assert!(!events(&[], true).follow(7), "asking again would never end");
        let many: Vec<_> = (1..=101).collect();
        assert!(!events(&many, false).follow(0));
    }

    #[test]
    fn an_event_of_a_newer_service_is_taken_for_the_most_restrictive() {
        let kind: CentralEventKind = serde_json::from_value("PENSION_REPORTED".into()).unwrap();
        assert_eq!(kind, CentralEventKind::Blocked);
        let kind: CentralEventKind = serde_json::from_value("CARE_ENDED".into()).unwrap();
        assert_eq!(kind, CentralEventKind::CareEnded);
    }
}
