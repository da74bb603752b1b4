//! Who was signed in here while the service answered: only they give out codes when it doesn't.

use std::collections::BTreeMap;

use identification::OperatorId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{KeptName, Store};

/// Most members of staff that are remembered: more than work at a desk on one day.
const MAX_STAFF: usize = 64;

/// The last contact of each member of staff, by their id.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct StaffContacts(BTreeMap<String, Timestamp>);

impl StaffContacts {
    /// What was written down. A note that can't be read is none: the desk waits for the service then.
    pub(crate) fn remembered(store: &Store) -> Self {
        let kept = store.kept(KeptName::StaffContacts);
        if let Err(error) = &kept {
            tracing::error!(%error, "who was here with a line is unknown");
        }
        kept.ok().flatten().and_then(|kept| serde_json::from_slice(&kept.value).ok()).unwrap_or_default()
    }

    /// When the service answered last while they were here.
    pub(crate) fn of(&self, staff: &OperatorId) -> Option<Timestamp> {
        self.0.get(staff.as_str()).copied()
    }

    /// The service answers, and they are here. Forgets whoever wasn't for `period`. Whether nothing was known of them.
    pub(crate) fn met(&mut self, staff: &OperatorId, now: Timestamp, period: SignedDuration) -> bool {
        self.0.retain(|_, at| now.duration_since(*at) < period);
        while self.0.len() >= MAX_STAFF && !self.0.contains_key(staff.as_str()) {
            let Some(oldest) = self.0.iter().min_by_key(|(_, at)| **at).map(|(id, _)| id.clone()) else {
                break;
            };
            self.0.remove(&oldest);
        }
        self.0.insert(staff.as_str().to_owned(), now).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: SignedDuration = SignedDuration::from_hours(12);

    fn staff(id: &str) -> OperatorId {
        OperatorId::new(id).unwrap()
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn the_last_contact_counts_and_whoever_was_not_here_for_the_period_is_forgotten() {
        let mut contacts = StaffContacts::default();
        assert!(contacts.met(&staff("s-4711"), at(0), PERIOD));
        assert!(contacts.met(&staff("s-4712"), at(1), PERIOD));
        assert!(!contacts.met(&staff("s-4711"), at(2), PERIOD));
        assert_eq!(contacts.of(&staff("s-4711")), Some(at(2)));
        assert_eq!(contacts.of(&staff("s-4713")), None);
        contacts.met(&staff("s-4711"), at(12 * 60), PERIOD);
        assert_eq!(contacts.of(&staff("s-4712")), Some(at(1)));
        contacts.met(&staff("s-4711"), at(12 * 60 + 1), PERIOD);
        assert_eq!(contacts.of(&staff("s-4712")), None);
    }

    #[test]
    fn of_more_people_than_work_at_a_desk_the_latest_are_remembered() {
        let mut contacts = StaffContacts::default();
        for number in 0..100 {
            contacts.met(&staff(&format!("s-{number}")), at(number), PERIOD);
        }
        assert_eq!(contacts.0.len(), MAX_STAFF);
        assert_eq!((contacts.of(&staff("s-35")), contacts.of(&staff("s-36"))), (None, Some(at(36))));
    }

    #[test]
    fn a_restart_forgets_nothing_and_a_note_that_cannot_be_read_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let key = store::DatabaseKey::new(&[7; store::DatabaseKey::LENGTH]).unwrap();
        let mut contacts = StaffContacts::default();
        contacts.met(&staff("s-4711"), at(1), PERIOD);
        {
            let store = Store::open(folder.path(), &key).unwrap();
            assert_eq!(StaffContacts::remembered(&store), StaffContacts::default());
            let note = serde_json::to_vec(&contacts).unwrap();
            store.keep(KeptName::StaffContacts, &note, at(1)).unwrap();
        }
        let store = Store::open(folder.path(), &key).unwrap();
        assert_eq!(StaffContacts::remembered(&store), contacts);
        store.keep(KeptName::StaffContacts, b"{\"s-4711\":7}", at(2)).unwrap();
        assert_eq!(StaffContacts::remembered(&store), StaffContacts::default());
    }
}
