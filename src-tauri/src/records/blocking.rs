//! Something that is to be blocked, as the service is told of it.

use account::{BlockingRecord, BlockingTarget, Confidential, Delivery};
use identification::{ConcernId, Scope, Visit};
use jiff::Timestamp;
use store::OutboxRecord;

use super::{Pen, RecordError};

/// The row of a blocking, known to the service by the concern's id.
pub(super) fn row(
    visit: &Visit,
    concern: ConcernId,
    pen: &mut Pen<'_>,
    at: Timestamp,
) -> Result<OutboxRecord, RecordError> {
    let ordered = visit.concern(concern).ok_or(RecordError)?;
    let record = BlockingRecord {
        kvnr: Confidential::from(ordered.subject.kvnr.as_str()),
        operator: visit.operator.as_ref().ok_or(RecordError)?.as_str().to_owned(),
        at,
        target: match ordered.blocking.ok_or(RecordError)?.target {
            identification::BlockingTarget::Codes => BlockingTarget::Codes,
            identification::BlockingTarget::App => BlockingTarget::App,
        },
    };
    let id = concern.uuid();
    pen.row(id, Scope::Concern(concern), id, &record, Delivery::blocking)
}
