//! The PIN, typed at a pad. The virtual reader has none, so a wrapper around the channel stands for it; card, service
//! and everything else are as they are.

use anyhow::{Context, Result, ensure};
use card_sim::{Card, find, sw};
use egk::{
    CardholderCertificate,
    pin::{LastTry, PinError, PinProof, PinStatus, prove_possession, status},
};
use health_card::{
    readers::{PATIENCE, Reader, Readers},
    reading::{SystemRandom, TODAY},
};
use pcsc_reader::{Ending, JobOptions};
use smartcard::{
    Capacity, CardChannel, ChannelError, CommandApdu, ExtendedLength, PinEntry, ResponseApdu, StatusWord,
};

use crate::Test;

/// The simulated cards' PIN, and another.
const RIGHT: &str = "123456";
const WRONG: &str = "654321";
const INS_VERIFY: u8 = 0x20;

/// Stands for a reader's pad: completes the command with a PIN and sends it, as such a reader does in its firmware.
struct AtThePad<'a> {
    reader: &'a mut dyn CardChannel,
    typed: &'static str,
}

impl CardChannel for AtThePad<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.reader.transmit(command)
    }

    fn extended_length(&self) -> ExtendedLength {
        self.reader.extended_length()
    }

    fn capacity(&self) -> Capacity {
        self.reader.capacity()
    }

    fn verify_pin_at_reader(&mut self, entry: &PinEntry) -> Result<ResponseApdu, ChannelError> {
        let command =
            entry.template.clone().with_data(&block(self.typed)).map_err(|_| ChannelError::Malformed)?;
        self.reader.transmit(&command)
    }
}

/// A PIN block in format 2 (ISO 9564-1).
fn block(digits: &str) -> [u8; 8] {
    let mut block = [0xFF; 8];
    let nibbles: Vec<u8> = digits.bytes().map(|digit| digit - b'0').chain([0xF]).collect();
    for (byte, pair) in block.iter_mut().skip(1).zip(nibbles.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |byte, nibble| byte << 4 | nibble);
    }
    let [first, ..] = &mut block;
    *first = 0x20 | u8::try_from(digits.len()).unwrap_or_default();
    block
}

/// What is typed, whether the last try may be spent, what that gives, and the state found by the job after it.
type Turn = (&'static str, LastTry, Outcome, PinStatus);

/// A proof can't be made up, so that it isn't named in tables.
type Outcome = Result<(), PinError>;

pub(crate) fn tests() -> Vec<Test> {
    use LastTry::{Allowed, Kept};
    use PinStatus::{Blocked, Disabled, Empty, TransportPin, TriesLeft};
    let turns: [(&str, &str, &'static [Turn]); 9] = [
        (
            "the right PIN proves possession, and nothing of it is left",
            "amsel",
            &[(RIGHT, Kept, Ok(()), TriesLeft(3)), (RIGHT, Kept, Ok(()), TriesLeft(3))],
        ),
        (
            "a wrong PIN costs one of three tries, and the right one gives them back",
            "amsel",
            &[
                (WRONG, Kept, Err(PinError::WrongPin { tries_left: 2 }), TriesLeft(2)),
                (RIGHT, Kept, Ok(()), TriesLeft(3)),
            ],
        ),
        (
            "after two wrong PINs the last try is kept",
            "amsel",
            &[
                (WRONG, Kept, Err(PinError::WrongPin { tries_left: 2 }), TriesLeft(2)),
                (WRONG, Kept, Err(PinError::WrongPin { tries_left: 1 }), TriesLeft(1)),
                (RIGHT, Kept, Err(PinError::LastTryKept), TriesLeft(1)),
            ],
        ),
        (
            "the last try is spent where the person wants it",
            "amsel-pin-last-try",
            &[
                (RIGHT, Kept, Err(PinError::LastTryKept), TriesLeft(1)),
                (RIGHT, Allowed, Ok(()), TriesLeft(3)),
            ],
        ),
        (
            "a wrong PIN at the last try blocks it",
            "amsel-pin-last-try",
            &[
                (WRONG, Allowed, Err(PinError::WrongPin { tries_left: 0 }), Blocked),
                (RIGHT, Allowed, Err(PinError::Unusable(Blocked)), Blocked),
            ],
        ),
        (
            "a PIN of the letter isn't asked for",
            "amsel-pin-transport",
            &[(RIGHT, Kept, Err(PinError::Unusable(TransportPin)), TransportPin)],
        ),
        (
            "a PIN that was never set isn't asked for",
            "amsel-pin-empty",
            &[(RIGHT, Kept, Err(PinError::Unusable(Empty)), Empty)],
        ),
        (
            "a PIN that is switched off isn't asked for",
            "amsel-pin-disabled",
            &[(RIGHT, Kept, Err(PinError::Unusable(Disabled)), Disabled)],
        ),
        (
            "a blocked PIN isn't asked for",
            "amsel-pin-blocked",
            &[(RIGHT, Allowed, Err(PinError::Unusable(Blocked)), Blocked)],
        ),
    ];
    let turns =
        turns.into_iter().map(|(name, card, turns)| Test::new(name, move |it| takes_turns(it, card, turns)));
    let others = [
        Test::new("only a reset ends what the PIN has opened for the next program", only_a_reset_closes),
        Test::new("a card of generation 2 can't prove possession and isn't asked for a PIN", generation_2),
        Test::new("a reader without a pad sends no PIN", no_pad),
    ];
    turns.chain(others).collect()
}

fn takes_turns(readers: &Readers, name: &str, turns: &[Turn]) -> Result<()> {
    let reader = readers.take();
    let inserted = reader.insert(card(name)?)?;
    for (number, (typed, last_try, expected, left)) in turns.iter().enumerate() {
        let before = inserted.apdus();
        let outcome = prove(&reader, Some(typed), *last_try, Ending::Reset)?.map(drop);
        ensure!(outcome == *expected, "turn {number}: {outcome:?}, not {expected:?}");
        let asked =
            inserted.trace().iter().skip(before).filter(|it| it.header() == [0, INS_VERIFY, 0, 2]).count();
        let spent = matches!(expected, Ok(()) | Err(PinError::WrongPin { .. }));
        ensure!(asked == usize::from(spent), "turn {number}: the PIN was sent {asked} times");
        let state = state(&reader)?;
        ensure!(state == *left, "turn {number}: {state:?}, not {left:?}");
    }
    Ok(())
}

fn only_a_reset_closes(readers: &Readers) -> Result<()> {
    let reader = readers.take();
    let _card = reader.insert(card("amsel")?)?;
    prove(&reader, Some(RIGHT), LastTry::Kept, Ending::Leave)??;
    ensure!(state(&reader)? == PinStatus::Verified, "else the other tests of resets mean nothing");
    prove(&reader, Some(RIGHT), LastTry::Kept, Ending::Reset)??;
    ensure!(state(&reader)? == PinStatus::TriesLeft(3));
    Ok(())
}

fn generation_2(readers: &Readers) -> Result<()> {
    let reader = readers.take();
    let inserted = reader.insert(card("amsel-g2")?)?;
    let outcome = prove(&reader, Some(RIGHT), LastTry::Kept, Ending::Reset)?.map(drop);
    ensure!(outcome == Err(PinError::NotSupported), "{outcome:?}");
    ensure!(inserted.trace().iter().all(|it| it.header().get(1) != Some(&INS_VERIFY)));
    Ok(())
}

fn no_pad(readers: &Readers) -> Result<()> {
    let reader = readers.take();
    let inserted = reader.insert(card("amsel")?)?;
    let outcome = prove(&reader, None, LastTry::Kept, Ending::Reset)?.map(drop);
    ensure!(outcome == Err(PinError::Channel(ChannelError::NoPinPad)), "{outcome:?}");
    ensure!(inserted.trace().iter().all(|it| it.header() != [0, INS_VERIFY, 0, 2]));
    ensure!(state(&reader)? == PinStatus::TriesLeft(3));
    Ok(())
}

fn card(name: &str) -> Result<Card> {
    Ok(find(name).context("no such card")?.card(TODAY))
}

/// A job in which a person types this at the pad, or has none.
fn prove(
    reader: &Reader<'_>,
    typed: Option<&'static str>,
    last_try: LastTry,
    ending: Ending,
) -> Result<Result<PinProof, PinError>> {
    let session = reader.session(ExtendedLength::No)?;
    let job = session.submit(JobOptions { deadline: PATIENCE, ending }, move |reader, _| {
        let certificate = match CardholderCertificate::read(reader)? {
            Ok(certificate) => certificate,
            Err(_) => return Err(PinError::Refused(StatusWord(sw::NOT_FOUND))),
        };
        match typed {
            Some(typed) => {
                prove_possession(&mut AtThePad { reader, typed }, &certificate, last_try, &mut SystemRandom)
            }
            None => prove_possession(reader, &certificate, last_try, &mut SystemRandom),
        }
    });
    Ok(job.wait(PATIENCE)?)
}

/// The state that the next program finds.
fn state(reader: &Reader<'_>) -> Result<PinStatus> {
    let options = JobOptions { deadline: PATIENCE, ending: Ending::Leave };
    let session = reader.session(ExtendedLength::No)?;
    let job = session.submit(options, |channel, _| status(channel));
    Ok(job.wait(PATIENCE)??)
}
