//! Counts and modelled time, of which no busy machine changes anything.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{cell::Cell, rc::Rc, time::Duration};

use card_sim::{Card, fault::Latency};
use smartcard::{CardChannel, ChannelError, CommandApdu, ExtendedLength, ResponseApdu};

use super::{
    document::{Given, Opening},
    least::{fewest_apdus, least_apdus},
    report::{APDUS_OF_LEAST, NAME_SHARE, NAME_SHARE_FAST},
};
use crate::{
    report::as_figure,
    scenario::{FAST_LINE, SLOW_LINE},
};

/// A chip at the other end of a line that takes no more than modelled time.
struct Modelled {
    card: Card,
    extended: ExtendedLength,
    latency: Latency,
    apdus: usize,
    clock: Rc<Cell<Duration>>,
}

impl CardChannel for Modelled {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let command = command.encode(command.shortest_form());
        let answer = self.card.execute(&command).ok_or(ChannelError::CardMute)?;
        self.apdus += 1;
        self.clock.set(self.clock.get() + self.latency.of(command.len(), answer.len()));
        ResponseApdu::decode(&answer).map_err(|_| ChannelError::Malformed)
    }

    fn extended_length(&self) -> ExtendedLength {
        self.extended
    }
}

/// What a reading takes by the model.
#[derive(Debug)]
struct Taken {
    apdus: usize,
    name: Duration,
    whole: Duration,
}

impl Taken {
    fn name_share(&self) -> f64 {
        self.name.as_secs_f64() / self.whole.as_secs_f64()
    }
}

fn read(opening: Opening, extended: bool, latency: Latency) -> Taken {
    let given = Given::of(opening).unwrap();
    let clock = Rc::new(Cell::default());
    let mut channel = Modelled {
        card: opening.document().unwrap().card(),
        extended: if extended { ExtendedLength::Yes } else { ExtendedLength::No },
        latency,
        apdus: 0,
        clock: Rc::clone(&clock),
    };
    let mut name = None;
    let reading = given.read(&mut channel, &mut || name = Some(clock.get())).unwrap();
    given.check_outcome(&reading).unwrap();
    Taken { apdus: channel.apdus, name: name.unwrap(), whole: clock.get() }
}

#[test]
fn a_reading_takes_hardly_more_commands_than_the_least_possible() {
    for opening in Opening::ALL {
        let chip = opening.document().unwrap().chip();
        for extended in [false, true] {
            let (taken, least) = (read(opening, extended, FAST_LINE).apdus, least_apdus(&chip, extended));
            assert!(taken >= least, "{opening:?}, extended {extended}: {taken} are fewer than {least}");
            let ratio = as_figure(taken) / as_figure(least);
            assert!(ratio <= APDUS_OF_LEAST, "{opening:?}, extended {extended}: {taken}, not {least}");
        }
    }
}

#[test]
fn the_least_possible_number_is_that_of_the_formula() {
    // Opening; EF.SOD, DG1 and DG2 (with PACE DG14 and the proof before it) in pieces.
    let numbers = |opening: Opening| {
        let chip = opening.document().unwrap().chip();
        (least_apdus(&chip, false), least_apdus(&chip, true), fewest_apdus(&chip))
    };
    assert_eq!(numbers(Opening::Bac), (5 + 8 + 1 + 77, 5 + 1 + 1 + 5, 4 + 3));
    assert_eq!(numbers(Opening::Pace), (8 + 6 + 1 + 2 + 3 + 82, 8 + 1 + 1 + 1 + 3 + 5, 7 + 2 + 1 + 2 + 1));
}

#[test]
fn the_name_is_told_early() {
    for opening in Opening::ALL {
        for (extended, latency, most) in [
            (false, SLOW_LINE, NAME_SHARE),
            (false, FAST_LINE, NAME_SHARE),
            (true, SLOW_LINE, NAME_SHARE),
            (true, FAST_LINE, NAME_SHARE_FAST),
        ] {
            let share = read(opening, extended, latency).name_share();
            assert!(share <= most, "{opening:?}, extended {extended}, {latency:?}: {share:.3}");
        }
    }
}
