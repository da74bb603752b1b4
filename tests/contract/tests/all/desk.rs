//! A desk as it delivers: every record signed, and linked to the one before it.

use std::{
    ops::Deref,
    sync::{Mutex, PoisonError},
};

use account::{
    AccountClient, BlockingRecord, BlockingTarget, CodeRecord, Delivery, DeskIdentity, DeskReport, Endpoint,
    HandOverRecord, IdentificationRecord, JournalSegmentRecord, Receipt, RecordLink, RefusalReason,
    RefusalRecord, RepresentationRecord, ReviewOutcome, ReviewRecord, SignError, VoidReason, VoidRecord,
};
use uuid::Uuid;

use crate::support::{id, identification};

/// The product's client with its identity and its place in the chain of records.
pub(crate) struct Desk {
    client: AccountClient,
    pub(crate) identity: DeskIdentity,
    last: Mutex<RecordLink>,
}

impl Deref for Desk {
    type Target = AccountClient;

    fn deref(&self) -> &AccountClient {
        &self.client
    }
}

impl Desk {
    /// One that has signed nothing yet.
    pub(crate) fn new(endpoint: &Endpoint, identity: &DeskIdentity) -> Self {
        Self::after(endpoint, identity, RecordLink::START)
    }

    /// One that signed a record before.
    pub(crate) fn after(endpoint: &Endpoint, identity: &DeskIdentity, last: RecordLink) -> Self {
        let client = AccountClient::new(endpoint, identity).unwrap();
        Self { client, identity: identity.clone(), last: Mutex::new(last) }
    }

    /// Its last record.
    pub(crate) fn last(&self) -> RecordLink {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next record of its chain.
    fn next(&self, sign: impl FnOnce(&DeskIdentity, &RecordLink) -> Result<Delivery, SignError>) -> Delivery {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let delivery = sign(&self.identity, &last).unwrap();
        *last = delivery.link;
        delivery
    }

    pub(crate) fn identification(&self, id: Uuid, record: &IdentificationRecord) -> Delivery {
        self.next(|identity, last| Delivery::identification(id, record, identity, last))
    }

    pub(crate) fn identified(&self, id: Uuid, kvnr: &str) -> Delivery {
        self.identification(id, &identification(kvnr))
    }

    /// On what authority somebody acts.
    pub(crate) fn authority(&self, id: Uuid, record: &RepresentationRecord) -> Delivery {
        self.next(|identity, last| Delivery::representation(id, record, identity, last))
    }

    pub(crate) fn code(&self, id: Uuid, record: &CodeRecord) -> Delivery {
        self.next(|identity, last| Delivery::code(id, record, identity, last))
    }

    pub(crate) fn handed_over(&self, code: Uuid) -> Delivery {
        let record = HandOverRecord {
            event_id: id(),
            at: "2026-11-21T09:20:11Z".parse().unwrap(),
            receipt: Receipt::Signed,
        };
        self.next(|identity, last| Delivery::hand_over(code, &record, identity, last))
    }

    pub(crate) fn voided(&self, code: Uuid) -> Delivery {
        let record = VoidRecord { event_id: id(), reason: VoidReason::TrayTimeout };
        self.next(|identity, last| Delivery::void(code, &record, identity, last))
    }

    pub(crate) fn review(&self, id: Uuid, record: &ReviewRecord) -> Delivery {
        self.next(|identity, last| Delivery::review(id, record, identity, last))
    }

    /// A review that finds nothing to object to.
    pub(crate) fn reviewed(&self, identification: Uuid) -> Delivery {
        self.found(identification, ReviewOutcome::Agree)
    }

    /// A review by somebody who didn't work on the identification.
    pub(crate) fn found(&self, identification: Uuid, outcome: ReviewOutcome) -> Delivery {
        let record = ReviewRecord {
            identification_id: identification,
            reviewer: "s-1001".to_owned(),
            outcome,
            reviewed_at: "2026-11-21T16:00:00Z".parse().unwrap(),
        };
        self.review(id(), &record)
    }

    /// Somebody who said to be that person was turned away.
    pub(crate) fn refused(&self, id: Uuid, kvnr: &str, reason: RefusalReason) -> Delivery {
        let at = "2026-11-21T09:25:00Z".parse().unwrap();
        let record = RefusalRecord { kvnr: kvnr.into(), operator: "s-4711".to_owned(), at, reason };
        self.next(|identity, last| Delivery::refusal(id, &record, identity, last))
    }

    /// That person wants it blocked.
    pub(crate) fn blocked(&self, kvnr: &str, target: BlockingTarget) -> Delivery {
        let at = "2026-11-21T10:00:00Z".parse().unwrap();
        let record = BlockingRecord { kvnr: kvnr.into(), operator: "s-4711".to_owned(), at, target };
        self.next(|identity, last| Delivery::blocking(id(), &record, identity, last))
    }

    pub(crate) fn segment(&self, record: &JournalSegmentRecord) -> Delivery {
        self.next(|identity, last| Delivery::segment(id(), record, identity, last))
    }
}

/// How a desk is that has nothing to deliver.
pub(crate) fn report() -> DeskReport {
    DeskReport {
        app_version: "0.1.0".to_owned(),
        policy_serial: 0,
        waiting: 0,
        refused: 0,
        desk_time: "2026-11-21T09:17:40Z".parse().unwrap(),
    }
}
