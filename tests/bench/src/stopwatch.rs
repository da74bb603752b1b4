//! How much of a reading is the card's time.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use smartcard::{Capacity, CardChannel, ChannelError, CommandApdu, ExtendedLength, PinEntry, ResponseApdu};

/// Wall-clock and processor time of this thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    pub(crate) wall: Duration,
    pub(crate) processor: Duration,
}

/// A moment from which both are measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start(Instant, Duration);

impl Start {
    pub(crate) fn now() -> Self {
        Self(Instant::now(), processor())
    }

    pub(crate) fn spent(self) -> Spent {
        Spent { wall: self.0.elapsed(), processor: processor().saturating_sub(self.1) }
    }
}

impl Spent {
    pub(crate) fn less(self, other: Self) -> Self {
        let wall = self.wall.saturating_sub(other.wall);
        Self { wall, processor: self.processor.saturating_sub(other.processor) }
    }
}

fn processor() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let whole = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(whole, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// A channel that adds up what is spent beneath it.
pub(crate) struct Stopwatch<'a> {
    channel: &'a mut dyn CardChannel,
    pub(crate) beneath: Spent,
}

impl<'a> Stopwatch<'a> {
    pub(crate) fn new(channel: &'a mut dyn CardChannel) -> Self {
        Self { channel, beneath: Spent::default() }
    }
}

impl CardChannel for Stopwatch<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let start = Start::now();
        let answer = self.channel.transmit(command);
        let spent = start.spent();
        self.beneath.wall += spent.wall;
        self.beneath.processor += spent.processor;
        answer
    }

    fn extended_length(&self) -> ExtendedLength {
        self.channel.extended_length()
    }

    fn capacity(&self) -> Capacity {
        self.channel.capacity()
    }

    fn learn_extended_length(&mut self, works: bool) {
        self.channel.learn_extended_length(works);
    }

    fn verify_pin_at_reader(&mut self, entry: &PinEntry) -> Result<ResponseApdu, ChannelError> {
        self.channel.verify_pin_at_reader(entry)
    }
}
