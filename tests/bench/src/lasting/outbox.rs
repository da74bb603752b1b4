//! The outbox as the program uses it: signed rows in, leased rows out, each settled when its answer is recorded.

use std::{pin::pin, time::Duration};

use account::{
    CodeState, Delivered, Delivery, DeliveryError, DeliveryKind, DeskIdentity, JournalEntry,
    JournalSegmentRecord, RecordLink, ScopeKind, SignError, verify_checkpoint,
};
use anyhow::{Context, Result, bail};
use base64ct::{Base64UrlUnpadded, Encoding};
use identification::{CodeId, Command, Scope};
use jiff::SignedDuration;
use serde::Deserialize;
use store::{DeskRecord, OutboxRecord, OutboxRow, Outcome, SegmentDraft, Store, StoreError};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{clock, desk::Desk};

/// Longer than any call may take.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// When a delivery under way is looked at: it is sent, and the answer mostly isn't there.
const UNDER_WAY: Duration = Duration::from_millis(2);

/// One of the constructors of [`Delivery`].
type Make<R> = fn(Uuid, &R, &DeskIdentity, &RecordLink) -> Result<Delivery, SignError>;

/// Signs records, each linked to the one before it.
pub(crate) struct Pen<'a> {
    identity: &'a DeskIdentity,
    last: RecordLink,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(identity: &'a DeskIdentity, last: store::RecordLink) -> Self {
        Self { identity, last: RecordLink { seq: last.seq, hash: last.hash } }
    }

    /// The last record that was signed.
    pub(crate) fn last(&self) -> store::RecordLink {
        store::RecordLink { seq: self.last.seq, hash: self.last.hash }
    }

    pub(crate) fn row<R>(
        &mut self,
        id: Uuid,
        scope: Scope,
        target: Uuid,
        record: &R,
        make: Make<R>,
    ) -> Result<OutboxRecord> {
        let (kind, payload, link) = self.sign(target, record, make)?;
        Ok(OutboxRecord { id, scope, kind, payload, link: Some(link) })
    }

    pub(crate) fn segment(&mut self, draft: &SegmentDraft) -> Result<DeskRecord> {
        let record = JournalSegmentRecord {
            day: draft.day,
            from_seq: draft.from_seq.try_into()?,
            until_seq: draft.until_seq.try_into()?,
            prev_hash: Base64UrlUnpadded::encode_string(&draft.prev_hash),
            entries: draft.entries.iter().map(entry).collect(),
            hash: Base64UrlUnpadded::encode_string(&draft.hash),
        };
        let (kind, payload, link) = self.sign(draft.id, &record, Delivery::segment)?;
        Ok(DeskRecord { id: draft.id, kind, payload, link })
    }

    fn sign<R>(
        &mut self,
        target: Uuid,
        record: &R,
        make: Make<R>,
    ) -> Result<(&'static str, Zeroizing<Vec<u8>>, store::RecordLink)> {
        let delivery = make(target, record, self.identity, &self.last)?;
        self.last = delivery.link;
        let RecordLink { seq, hash } = delivery.link;
        Ok((delivery.kind.as_str(), delivery.to_payload(), store::RecordLink { seq, hash }))
    }
}

fn entry(it: &store::SegmentEntry) -> JournalEntry {
    let (scope_kind, scope_id) = match it.scope {
        Scope::Visit(id) => (ScopeKind::Visit, id.uuid()),
        Scope::Identification(id) => (ScopeKind::Identification, id.uuid()),
        Scope::Concern(id) => (ScopeKind::Concern, id.uuid()),
    };
    JournalEntry {
        event_id: it.event_id,
        visit: it.visit.uuid(),
        scope_kind,
        scope_id,
        kind: it.kind.clone(),
        version: it.version,
        at_us: it.at.as_microsecond(),
        body_hash: Base64UrlUnpadded::encode_string(&it.body_hash),
    }
}

/// What became of a turn.
pub(crate) enum Turn {
    /// The service has a row more, a record of so many bytes.
    Delivered { bytes: usize },
    /// A row was tried in vain, and waits for its next time.
    Waits,
    /// Nothing was due.
    Nothing,
}

/// A row that was leased, and what it says.
pub(crate) struct Leased {
    row: OutboxRow,
    delivery: Delivery,
}

impl Leased {
    /// The desk that signed it.
    pub(crate) fn desk(&self) -> Result<String> {
        #[derive(Deserialize)]
        struct Signed {
            desk: String,
        }
        Ok(serde_json::from_str::<Signed>(&self.delivery.body)?.desk)
    }
}

/// The next row of a store that is due.
pub(crate) fn lease(store: &Store) -> Result<Option<Leased>> {
    let Some(row) = store.lease(clock::now(), LEASE)? else { return Ok(None) };
    let delivery = Delivery::from_payload(&row.kind, &row.payload)?;
    Ok(Some(Leased { row, delivery }))
}

impl Desk {
    /// Delivers the next row that is due.
    pub(crate) async fn turn(&self) -> Result<Turn> {
        self.marks.pass("before leasing");
        match lease(&self.store)? {
            Some(leased) => self.carry(leased).await,
            None => Ok(Turn::Nothing),
        }
    }

    /// Delivers a row that was leased.
    pub(crate) async fn carry(&self, Leased { row, delivery }: Leased) -> Result<Turn> {
        self.marks.pass("before sending");
        let answer = self.send(&delivery).await;
        self.marks.pass("behind the answer");
        match answer {
            Ok(delivered) => {
                self.record_answer(&row, &delivery, delivered)?;
                self.marks.pass("before settling");
                self.store.settle(row.id, Outcome::Delivered, clock::now())?;
                self.marks.pass("behind settling");
                Ok(Turn::Delivered { bytes: delivery.body.len() })
            }
            Err(error) => {
                let outcome = in_vain(&row, error).with_context(|| format!("{} {}", row.kind, row.id))?;
                self.store.settle(row.id, outcome, clock::now())?;
                Ok(Turn::Waits)
            }
        }
    }

    async fn send(&self, delivery: &Delivery) -> Result<Delivered, DeliveryError> {
        let mut sending = pin!(self.client.deliver(delivery));
        let early = tokio::time::timeout(UNDER_WAY, &mut sending).await;
        self.marks.pass("under way");
        match early {
            Ok(answer) => answer,
            Err(_) => sending.await,
        }
    }

    /// What the answer means at the desk, recorded once however often the answer comes.
    fn record_answer(&self, row: &OutboxRow, delivery: &Delivery, delivered: Delivered) -> Result<()> {
        match (delivery.kind, delivered.code, delivered.checkpoint, row.visit) {
            (DeliveryKind::HandOver, Some(CodeState::Active), _, Some(visit)) => {
                let code = CodeId::new(delivery.id);
                let visit = self.load(visit)?;
                let mut codes = visit.concerns.iter().flat_map(|it| &it.codes);
                if codes.any(|it| it.id == code && it.accepted_at.is_none()) {
                    self.apply(visit, vec![Command::ServiceAccepted { code }])?;
                }
            }
            (DeliveryKind::HandOver, state, ..) => bail!("a hand-over that left its code {state:?}"),
            (DeliveryKind::Segment, _, Some(checkpoint), _) => {
                let proven = verify_checkpoint(&checkpoint, &self.authorities)?;
                anyhow::ensure!(proven.desk == self.identity.desk(), "another desk's checkpoint");
                self.store.checkpoint(row.id, checkpoint, clock::now())?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Signs what the service isn't told of the journal.
    pub(crate) fn tell_journal(&self) -> Result<()> {
        while let Some(draft) = self.store.cut_segment(clock::at_the_desk().date(), clock::id())? {
            let record = Pen::new(&self.identity, self.store.last_record()?).segment(&draft)?;
            let id = draft.id;
            self.marks.pass("before a segment");
            match self.store.append_segment(draft, record, clock::now(), &mut clock::entropy) {
                Ok(()) => self.marks.tell(&format!("segment {id}")),
                Err(StoreError::OutOfOrder) => {}
                Err(error) => return Err(error.into()),
            }
            self.marks.pass("behind a segment");
        }
        Ok(())
    }
}

/// When a row is tried again.
fn in_vain(row: &OutboxRow, error: DeliveryError) -> Result<Outcome, DeliveryError> {
    let next = |pause: Option<Duration>| {
        let pause = pause.and_then(|time| SignedDuration::try_from(time).ok());
        store::next_attempt(clock::now(), row.attempts, pause, &mut clock::entropy)
    };
    Ok(match error {
        DeliveryError::Unknown => Outcome::Unknown { ask_at: next(None) },
        DeliveryError::RetryAfter(pause) => Outcome::RetryAt(next(Some(pause))),
        DeliveryError::Unreachable => Outcome::NotSent { retry_at: next(None) },
        DeliveryError::Refused(_) | DeliveryError::NotAuthenticated | DeliveryError::Revoked => {
            return Err(error);
        }
    })
}
