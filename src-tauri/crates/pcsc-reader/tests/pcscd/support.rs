//! Cards, readers and waiting.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow};
use card_sim::{
    card::{AnswerToReset, Card},
    files::{File, Folder},
};
use pcsc_reader::{CardState, Ending, JobOptions, Monitor, ReaderEvent};
use workshop::{namespace, pcscd::Pcscd};

/// Whatever is awaited happens within a second on an idle machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// Of a health card with contacts (pcsc-tools, smartcard_list.txt).
pub(crate) const ATR: [u8; 14] =
    [0x3B, 0xD3, 0x96, 0xFF, 0x81, 0xB1, 0xFE, 0x45, 0x1F, 0x07, 0x80, 0x81, 0x05, 0x2D];

/// The control by which vpcd asks for the answer to reset.
const ASK_ATR: u8 = 4;

/// gemSpec_eGK_ObjSys: MF and DF.HCA.
pub(crate) const ROOT: [u8; 7] = [0xD2, 0x76, 0x00, 0x01, 0x44, 0x80, 0x00];
pub(crate) const APPLICATION: [u8; 6] = [0xD2, 0x76, 0x00, 0x00, 0x01, 0x02];

/// A job that has all the time it needs and leaves the card as it is.
pub(crate) const PATIENT: JobOptions = JobOptions { deadline: DEADLINE, ending: Ending::Leave };

/// A card with one file of 1000 bytes (SFI 1) in one application.
pub(crate) fn card() -> Card {
    answering(AnswerToReset::Bytes(ATR.to_vec()))
}

/// The same, upside down in the reader.
pub(crate) fn upside_down() -> Card {
    answering(AnswerToReset::Silence)
}

fn answering(answer: AnswerToReset) -> Card {
    let file = File::transparent(0xD001, 1, 1000, content());
    let root = Folder { aid: ROOT.to_vec(), fid: Some(0x3F00), deactivated: false, files: vec![] };
    let application = Folder { aid: APPLICATION.to_vec(), fid: None, deactivated: false, files: vec![file] };
    Card::new(answer, vec![root, application])
}

/// What the file holds: bytes that differ from their neighbours and from block to block.
pub(crate) fn content() -> Vec<u8> {
    (0..1000_u32).flat_map(|n| u8::try_from(n * 7 % 251)).collect()
}

/// Runs `body` in a namespace with a pcscd of its own.
pub(crate) fn with_pcscd(test: &str, body: impl FnOnce(&mut Pcscd) -> Result<()>) -> Result<()> {
    namespace::inside(test, || body(&mut Pcscd::start()?)).map(drop)
}

/// What a monitor tells.
pub(crate) struct Told {
    events: Receiver<ReaderEvent>,
    monitor: Option<Monitor>,
}

impl Told {
    pub(crate) fn start() -> Result<Self> {
        let (sender, events) = mpsc::channel();
        let monitor = Monitor::start(move |event| drop(sender.send(event)))?;
        Ok(Self { events, monitor: Some(monitor) })
    }

    /// The next event.
    pub(crate) fn next(&self) -> Result<ReaderEvent> {
        Ok(self.events.recv_timeout(DEADLINE)?)
    }

    /// The first event from now on that `fits`.
    pub(crate) fn until(&self, what: &str, fits: impl Fn(&ReaderEvent) -> bool) -> Result<ReaderEvent> {
        let until = Instant::now() + DEADLINE;
        let mut last = None;
        while let Ok(event) = self.events.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if fits(&event) {
                return Ok(event);
            }
            last = Some(event);
        }
        Err(anyhow!("waited in vain for {what}; last told: {last:?}"))
    }

    /// The first event from now on with such a card in `reader`.
    pub(crate) fn card(&self, reader: &str, fits: impl Fn(&CardState) -> bool) -> Result<CardState> {
        let event =
            self.until("a card", |event| event.reader(reader).is_some_and(|reader| fits(&reader.card)))?;
        event.reader(reader).map(|reader| reader.card.clone()).ok_or_else(|| anyhow!("no {reader}"))
    }

    /// Ends the monitor and returns what it told that nobody has asked for.
    pub(crate) fn stop(mut self) -> Vec<ReaderEvent> {
        self.monitor = None;
        self.events.iter().collect()
    }
}

/// Waits until the service sees a card in `reader`.
pub(crate) fn seen(reader: &str) -> Result<CardState> {
    Told::start()?.card(reader, |card| *card != CardState::Empty)
}

/// Waits until the service sees that `reader` is empty.
pub(crate) fn emptied(reader: &str) -> Result<CardState> {
    Told::start()?.card(reader, |card| *card == CardState::Empty)
}

/// A card whose every answer the test writes, however wrong; it speaks vpcd's protocol (vsmartcard 3.3): a 16-bit length
/// and that many bytes, a single byte being a control.
pub(crate) struct Script {
    stream: TcpStream,
    commands: Arc<Mutex<Vec<String>>>,
    player: JoinHandle<io::Result<()>>,
}

impl Script {
    /// Puts the card into the slot that listens on `port`.
    pub(crate) fn insert(
        port: u16,
        mut answer: impl FnMut(&[u8]) -> Vec<u8> + Send + 'static,
    ) -> Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        let commands = Arc::new(Mutex::new(Vec::new()));
        let (mut line, heard) = (stream.try_clone()?, Arc::clone(&commands));
        let player = thread::spawn(move || {
            loop {
                let mut length = [0; 2];
                line.read_exact(&mut length)?;
                let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
                line.read_exact(&mut message)?;
                let answer = match *message {
                    [ASK_ATR] => ATR.to_vec(),
                    // On, off, reset.
                    [_] => continue,
                    _ => {
                        lock(&heard).push(hex::encode_upper(&message));
                        answer(&message)
                    }
                };
                let length = u16::try_from(answer.len()).map_err(io::Error::other)?;
                line.write_all(&[&length.to_be_bytes(), &*answer].concat())?;
            }
        });
        Ok(Self { stream, commands, player })
    }

    /// The command APDUs that it got.
    pub(crate) fn commands(&self) -> Vec<String> {
        lock(&self.commands).clone()
    }

    /// Pulls the card.
    pub(crate) fn pull(self) -> Result<()> {
        self.stream.shutdown(Shutdown::Both)?;
        self.player.join().map_err(|_| anyhow!("the script panicked"))?.ok();
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
