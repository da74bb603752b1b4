//! "Code oder Gerät sperren"

use bridge::{BlockScreen, BlockedView, BlockingView};
use identification::{Blocking, Concern, Visit};

use crate::convert;

pub(super) fn screen(recorded: Option<&Visit>, blocking_number: &str) -> BlockScreen {
    let concerns = recorded.into_iter().flat_map(|visit| &visit.concerns);
    BlockScreen { blocking_number: blocking_number.to_owned(), recorded: concerns.filter_map(blocked).next() }
}

fn blocked(concern: &Concern) -> Option<BlockedView> {
    let blocking = concern.blocking?;
    Some(BlockedView {
        kvnr_masked: concern.subject.kvnr.masked(),
        confirmed: blocking.confirmed,
        blocking: view(blocking),
    })
}

pub(super) fn view(blocking: Blocking) -> BlockingView {
    BlockingView {
        target: convert::blocking_target(blocking.target),
        state: convert::blocking_state(blocking.state),
    }
}
