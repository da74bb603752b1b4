//! Blocking a code or an app: with little proof, by any clerk, at once. Whoever is wrong about it costs somebody a second way
//! to the desk; whoever waits may cost them their data.

use super::concerns;
use crate::{BlockingOrder, BlockingState, ConcernId, Event, Policy, Refusal, Stage, Visit};

/// Accepted without a line as well, however long that has been gone: what waits here waits nowhere else.
pub(super) fn order(visit: &Visit, order: BlockingOrder, policy: &Policy) -> Result<Vec<Event>, Refusal> {
    let BlockingOrder { visit: id, concern, operator, subject, register, target } = order;
    if visit.stage != Stage::Unopened {
        return Err(Refusal::NotNow);
    }
    // Nobody blocks somebody else's by a slip in a number.
    concerns::ours(&subject, register.as_ref(), &[], policy)?;
    Ok(vec![
        Event::VisitOpened { visit: id, operator, policy_version: policy.version.clone() },
        Event::BlockingOrdered { concern, subject, confirmed: register.is_some(), target },
        Event::VisitEnded,
    ])
}

pub(super) fn accepted(visit: &Visit, concern: ConcernId) -> Result<Vec<Event>, Refusal> {
    on_its_way(visit, concern)?;
    Ok(vec![Event::BlockingAccepted { concern }])
}

pub(super) fn refused(visit: &Visit, concern: ConcernId) -> Result<Vec<Event>, Refusal> {
    on_its_way(visit, concern)?;
    Ok(vec![Event::BlockingRefused { concern }])
}

/// The service's first answer counts.
fn on_its_way(visit: &Visit, concern: ConcernId) -> Result<(), Refusal> {
    let blocking = visit.concern(concern).and_then(|it| it.blocking);
    match blocking.map(|it| it.state) {
        Some(BlockingState::Ordered) => Ok(()),
        Some(BlockingState::InForce | BlockingState::Refused) | None => Err(Refusal::NotNow),
    }
}
