//! The PIN, typed at the pad of the virtual reader that has one.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use card_sim::{Card, Inserted, Interface, egk::CAN, find};
use egk::{
    Check, EgkReading, Reason, TrustStore, Verdict,
    pin::{Expected, LastTry, PinError, PinStatus, Step, possession, status},
};
use health_card::{
    readers::{PATIENCE, Reader, Readers},
    reading::{SystemRandom, TODAY, Wanted, check, reading},
};
use pcsc_reader::{Ending, JobHandle, JobOptions, PIN_ENTRY_MAX, has_pin_pad};
use smartcard::{ChannelError, CommandApdu, ExtendedLength, StatusWord};
use workshop::pin_pad::Pad;

use crate::Test;

/// The simulated cards' PIN, and another.
const RIGHT: Typed = Typed::Pin("123456");
const WRONG: Typed = Typed::Pin("654321");
const VERIFY: [u8; 4] = [0x00, 0x20, 0x00, 0x02];
/// Time to read the card, and to type.
const UNHURRIED: Duration = Duration::from_secs(PIN_ENTRY_MAX.as_secs() + 30);

/// What the person does, if asked.
#[derive(Debug, Clone, Copy)]
enum Typed {
    Pin(&'static str),
    RedKey,
    Nothing,
}

impl Typed {
    fn at(self, pad: &Pad) {
        match self {
            Self::Pin(digits) => pad.type_pin(digits),
            Self::RedKey => pad.cancel(),
            Self::Nothing => pad.type_nothing(),
        }
    }
}

/// What is typed, whether the last try may be spent, what that gives, and the state found by the job after it.
type Turn = (Typed, LastTry, Outcome, PinStatus);

/// A proof can't be made up, so that it isn't named in tables.
type Outcome = Result<(), PinError>;

pub(crate) fn tests() -> Vec<Test> {
    use LastTry::{Allowed, Kept};
    use PinStatus::{Blocked, Disabled, Empty, TransportPin, TriesLeft};
    let turns: [(&str, &str, &'static [Turn]); 11] = [
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
        (
            "the red key, and a PIN that is too short or too long, cost no try",
            "amsel",
            &[
                (Typed::RedKey, Kept, Err(PinError::NotTyped), TriesLeft(3)),
                (Typed::Pin("12345"), Kept, Err(PinError::NotTyped), TriesLeft(3)),
                (Typed::Pin("123456789"), Kept, Err(PinError::NotTyped), TriesLeft(3)),
            ],
        ),
        (
            "a copy of a card knows the PIN and not the key",
            "amsel-clone",
            &[(RIGHT, Kept, Err(PinError::WrongSignature), TriesLeft(3))],
        ),
    ];
    let turns =
        turns.into_iter().map(|(name, card, turns)| Test::new(name, move |it| takes_turns(it, card, turns)));
    let unproven = [
        ("amsel-g2", "a card of generation 2 isn't asked for a PIN", PinError::NotSupported),
        ("amsel-no-x509", "a card without a certificate isn't asked for a PIN", PinError::NotSupported),
        (
            "amsel-x509-expired",
            "a card whose certificate has expired isn't asked for a PIN",
            PinError::NotTrusted(Verdict::Invalid(Reason::Expired)),
        ),
        (
            "amsel-x509-unknown-ca",
            "a card whose certificate nobody knows isn't asked for a PIN",
            PinError::NotTrusted(Verdict::NotVerifiable(Reason::UnknownIssuer)),
        ),
        (
            "amsel-x509-other-kvnr",
            "a card with another person's certificate isn't asked for a PIN",
            PinError::OtherCard,
        ),
    ];
    let unproven = unproven
        .into_iter()
        .map(|(card, name, error)| Test::new(name, move |readers| is_not_asked(readers, card, error)));
    let others = [
        Test::new("the pad gets the structure and the card the block, byte for byte", bytes),
        Test::new("the steps of a PIN entry are told as they happen", steps),
        Test::new("a pad waits no longer than the job may, and nobody typing costs no try", nobody_types),
        Test::new("a card that another was swapped for isn't asked for a PIN", swapped),
        Test::new("a card that is pulled while its PIN is typed proves nothing", pulled),
        Test::new(
            "a PIN that another program has left verified isn't asked for until a reset",
            verified_before,
        ),
        Test::new("a desk that trusts nobody asks for no PIN", trusts_nobody),
        Test::new("over the air no PIN is asked for", over_the_air),
        Test::new("a reader without a pad asks for no PIN", no_pad),
    ];
    turns.chain(unproven).chain(others).collect()
}

/// A card in the reader with a pad, and what the desk has read of it.
struct Counter<'a> {
    reader: Reader<'a>,
    pad: &'a Pad,
    inserted: Inserted,
    read: EgkReading,
}

impl<'a> Counter<'a> {
    /// With `card` in the reader.
    fn with(readers: &'a Readers, card: Card) -> Result<Self> {
        let (reader, pad) = readers.take_pad();
        let interface = card.interface();
        let inserted = reader.insert(card)?;
        let read = reading(&reader.session(ExtendedLength::No)?, &Wanted::of(interface, CAN))?;
        Ok(Self { reader, pad, inserted, read })
    }

    /// A job in which the PIN is asked for, with what was told meanwhile.
    fn submit(&self, check: Check<'static>, last_try: LastTry, deadline: Duration) -> Result<Job> {
        let (kvnr, iccsn) = (self.read.person.kvnr.clone(), self.read.iccsn.clone());
        let session = self.reader.session(ExtendedLength::No)?;
        // The careless ending: a PIN has the card reset all the same.
        let options = JobOptions { deadline, ending: Ending::Leave };
        let handle = session.submit(options, move |channel, _| {
            let expected = Expected { kvnr: &kvnr, iccsn: &iccsn };
            let mut steps = Vec::new();
            let on_step = &mut |step| steps.push(step);
            let proof = possession(channel, expected, check, last_try, &mut SystemRandom, on_step);
            let outcome = proof.map(|proof| assert_eq!(*proof.kvnr(), kvnr, "another person's proof"));
            (outcome, steps)
        });
        Ok(Job { handle, _session: session })
    }

    fn ask(&self, last_try: LastTry) -> Result<(Outcome, Vec<Step>)> {
        self.submit(check(), last_try, PATIENCE)?.wait()
    }

    /// The state that the next program finds.
    fn state(&self) -> Result<PinStatus> {
        state(&self.reader)
    }

    /// How often the card was sent a PIN, and how often the pad was asked for one, which shares it with other tests.
    fn counts(&self) -> (usize, usize) {
        let verified = self.inserted.trace().iter().filter(|exchange| exchange.header() == VERIFY).count();
        (verified, self.pad.asked().len())
    }
}

/// A PIN entry under way.
struct Job {
    handle: JobHandle<(Outcome, Vec<Step>)>,
    _session: pcsc_reader::Session,
}

impl Job {
    fn wait(self) -> Result<(Outcome, Vec<Step>)> {
        Ok(self.handle.wait(PATIENCE)?)
    }
}

fn takes_turns(readers: &Readers, name: &str, turns: &[Turn]) -> Result<()> {
    let counter = Counter::with(readers, card(name)?)?;
    for (number, (typed, last_try, expected, left)) in turns.iter().enumerate() {
        let (sent_before, asked_before) = counter.counts();
        let is_asked = !matches!(expected, Err(PinError::LastTryKept | PinError::Unusable(_)));
        if is_asked {
            typed.at(counter.pad);
        }
        let (outcome, steps) = counter.ask(*last_try)?;
        ensure!(outcome == *expected, "turn {number}: {outcome:?}, not {expected:?}");
        let (sent, asked) = counter.counts();
        ensure!(
            asked - asked_before == usize::from(is_asked),
            "turn {number}: the pad was asked {asked} times"
        );
        let is_sent = is_asked && *expected != Err(PinError::NotTyped);
        ensure!(
            sent - sent_before == usize::from(is_sent),
            "turn {number}: the card was sent a PIN {sent} times"
        );
        ensure!(steps.is_empty() != is_asked, "turn {number}: {steps:?}");
        let state = counter.state()?;
        ensure!(state == *left, "turn {number}: {state:?}, not {left:?}");
    }
    Ok(())
}

fn is_not_asked(readers: &Readers, name: &str, error: PinError) -> Result<()> {
    refuses(&Counter::with(readers, card(name)?)?, check(), error)
}

/// That nobody is asked, whatever is allowed, and why.
fn refuses(counter: &Counter<'_>, check: Check<'static>, error: PinError) -> Result<()> {
    let before = counter.counts();
    let (outcome, steps) = counter.submit(check, LastTry::Allowed, PATIENCE)?.wait()?;
    ensure!(outcome == Err(error), "{outcome:?}, not {error:?}");
    ensure!(steps.is_empty(), "{steps:?}");
    ensure!(counter.counts() == before, "somebody was asked");
    Ok(())
}

fn bytes(readers: &Readers) -> Result<()> {
    let counter = Counter::with(readers, card("amsel")?)?;
    RIGHT.at(counter.pad);
    counter.submit(check(), LastTry::Kept, UNHURRIED)?.wait()?.0?;
    // PC/SC Part 10, 2.5.2.
    let structure = [
        &[60, 30][..],       // bTimerOut, bTimerOut2: seconds
        &[0x89, 0x47, 0x04], // bmFormatString, bmPINBlockString, bmPINLengthFormat
        &[8, 6],             // wPINMaxExtraDigit: most, fewest
        &[0x02],             // bEntryValidationCondition: the green key
        &[0xFF],             // bNumberMessage: the reader's own
        &[0, 0, 0, 0, 0, 0], // wLangId, bMsgIndex, bTeoPrologue
        &[13, 0, 0, 0],      // ulDataLength
        &[0x00, 0x20, 0x00, 0x02, 0x08, 0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ];
    let asked = counter.pad.asked();
    ensure!(asked.last() == Some(&structure.concat()), "{:02X?}", asked.last());
    let trace = counter.inserted.trace();
    let sent: Vec<_> = trace.iter().filter(|exchange| exchange.header() == VERIFY).collect();
    // ISO 9564-1, format 2: six digits, filled up.
    let block = [0x08, 0x26, 0x12, 0x34, 0x56, 0xFF, 0xFF, 0xFF, 0xFF];
    ensure!(
        sent.iter().all(|it| it.command == [&VERIFY[..], &block].concat()) && sent.len() == 1,
        "{sent:02X?}"
    );
    Ok(())
}

fn steps(readers: &Readers) -> Result<()> {
    let counter = Counter::with(readers, card("amsel")?)?;
    WRONG.at(counter.pad);
    ensure!(counter.ask(LastTry::Kept)?.1 == [Step::PinAskedFor { tries_left: 3 }]);
    RIGHT.at(counter.pad);
    ensure!(counter.ask(LastTry::Kept)?.1 == [Step::PinAskedFor { tries_left: 2 }, Step::PinAccepted]);
    Ok(())
}

fn nobody_types(readers: &Readers) -> Result<()> {
    let counter = Counter::with(readers, card("amsel")?)?;
    Typed::Nothing.at(counter.pad);
    let (outcome, _) = counter.submit(check(), LastTry::Kept, Duration::from_secs(4))?.wait()?;
    ensure!(outcome == Err(PinError::NotTyped), "{outcome:?}");
    let asked = counter.pad.asked().pop().context("the pad wasn't asked")?;
    ensure!(asked.starts_with(&[2, 1]), "two seconds to begin and one to type, of {asked:02X?}");
    ensure!(counter.state()? == PinStatus::TriesLeft(3));
    Ok(())
}

fn swapped(readers: &Readers) -> Result<()> {
    let Counter { reader, pad, inserted, read } = Counter::with(readers, card("amsel")?)?;
    inserted.pull();
    let inserted = reader.insert(card("dohle")?)?;
    refuses(&Counter { reader, pad, inserted, read }, check(), PinError::OtherCard)
}

fn pulled(readers: &Readers) -> Result<()> {
    let counter = Counter::with(readers, card("amsel")?)?;
    let asked = counter.pad.asked().len();
    let job = counter.submit(check(), LastTry::Kept, PATIENCE)?;
    counter.pad.wait_until_asked(asked + 1, PATIENCE)?;
    let Counter { reader, pad, inserted, .. } = counter;
    inserted.pull();
    let (outcome, _) = job.wait()?;
    ensure!(outcome == Err(PinError::Channel(ChannelError::CardRemoved)), "{outcome:?}");
    // Too late: at the next entry this would be what is typed.
    ensure!(pad.asked().len() == asked + 1);
    let _same = reader.insert(card("amsel")?)?;
    ensure!(state(&reader)? == PinStatus::TriesLeft(3));
    Ok(())
}

/// The other program has typed the PIN in software, and twice another one under PIN.CH, the same secret and counter.
fn verified_before(readers: &Readers) -> Result<()> {
    let counter = Counter::with(readers, card("amsel")?)?;
    let send = |reference, block: [u8; 8]| -> Result<StatusWord> {
        let verify = CommandApdu::new(0x00, 0x20, 0x00, reference).with_data(&block)?;
        let options = JobOptions { deadline: PATIENCE, ending: Ending::Leave };
        let session = counter.reader.session(ExtendedLength::No)?;
        Ok(session.submit(options, move |channel, _| channel.transmit(&verify)).wait(PATIENCE)??.status)
    };
    let right = [0x26, 0x12, 0x34, 0x56, 0xFF, 0xFF, 0xFF, 0xFF];
    let wrong = [0x26, 0x65, 0x43, 0x21, 0xFF, 0xFF, 0xFF, 0xFF];
    ensure!(send(0x02, right)? == StatusWord::OK);
    ensure!(send(0x01, wrong)? == StatusWord(0x63C2));
    ensure!(send(0x01, wrong)? == StatusWord(0x63C1));
    ensure!(counter.state()? == PinStatus::Verified, "one try is left, and the card doesn't say so");
    refuses(&counter, check(), PinError::VerifiedBefore)?;

    let options = JobOptions { deadline: PATIENCE, ending: Ending::Reset };
    counter.reader.session(ExtendedLength::No)?.submit(options, |_, _| ()).wait(PATIENCE)?;
    let (outcome, _) = counter.ask(LastTry::Kept)?;
    ensure!(outcome == Err(PinError::LastTryKept), "{outcome:?}");
    Ok(())
}

fn trusts_nobody(readers: &Readers) -> Result<()> {
    static NOBODY: std::sync::LazyLock<TrustStore> = std::sync::LazyLock::new(TrustStore::production);
    let counter = Counter::with(readers, card("amsel")?)?;
    let check = Check { trust: &NOBODY, today: TODAY };
    let no_trust_store = Verdict::NotVerifiable(Reason::NoTrustStore);
    refuses(&counter, check, PinError::NotTrusted(no_trust_store))
}

fn over_the_air(readers: &Readers) -> Result<()> {
    let counter = Counter::with(readers, card("amsel")?.over(Interface::Contactless))?;
    refuses(&counter, check(), PinError::Channel(ChannelError::NoPinPad))
}

fn no_pad(readers: &Readers) -> Result<()> {
    let counter = Counter::with(readers, card("amsel")?)?;
    ensure!(has_pin_pad(counter.reader.name()), "the reader with a pad says that it has one");
    let Counter { pad, read, .. } = counter;
    let reader = readers.take();
    ensure!(!has_pin_pad(reader.name()), "a reader without a pad says that it has none");
    let inserted = reader.insert(card("amsel")?)?;
    let counter = Counter { reader, pad, inserted, read };
    let (outcome, _) = counter.ask(LastTry::Kept)?;
    ensure!(outcome == Err(PinError::Channel(ChannelError::NoPinPad)), "{outcome:?}");
    ensure!(counter.counts().0 == 0 && counter.state()? == PinStatus::TriesLeft(3));
    Ok(())
}

fn card(name: &str) -> Result<Card> {
    Ok(find(name).context("no such card")?.card(TODAY))
}

fn state(reader: &Reader<'_>) -> Result<PinStatus> {
    let options = JobOptions { deadline: PATIENCE, ending: Ending::Leave };
    let session = reader.session(ExtendedLength::No)?;
    let job = session.submit(options, |channel, _| status(channel));
    Ok(job.wait(PATIENCE)??)
}
