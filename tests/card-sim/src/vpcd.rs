//! The card's end of the vpcd socket (vsmartcard 3.3): a connection is an inserted card, its end a pulled
//! one.
//!
//! A message is a 16-bit length and that many bytes. One byte from the reader is a control: off, on, reset
//! (no answer), or the question for the ATR; it comes every 400 ms to see whether the card is still there.
//! More bytes are a command APDU.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crate::{
    card::{AnswerToReset, Card},
    fault::{Fault, Faults, Verdict},
};

const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const ASK_ATR: u8 = 4;

/// The longest answer to reset (ISO 7816-3, 8.2).
const MAX_ATR: usize = 33;

/// How long before the end a wait turns from sleeping into spinning.
const SPIN: Duration = Duration::from_micros(1500);

/// A slot of the virtual reader.
#[derive(Debug)]
#[non_exhaustive]
pub struct Slot;

/// A card in a reader, played by a thread of its own. Dropping it pulls the card.
#[derive(Debug)]
pub struct Inserted {
    shared: Arc<Mutex<Shared>>,
    stream: TcpStream,
    /// Ends a slow card's waiting.
    pulled: mpsc::Sender<()>,
    player: Option<JoinHandle<()>>,
}

/// One command and the answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The command APDU as it came.
    pub command: Vec<u8>,
    /// The response APDU as it went; `None` if there was none.
    pub response: Option<Vec<u8>>,
    /// File identifier of the elementary file that was current afterwards.
    pub file: Option<u16>,
}

impl Exchange {
    /// CLA, INS, P1, P2 of the command.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        self.command.get(..4).unwrap_or(&self.command)
    }
}

#[derive(Debug, Default)]
struct Shared {
    faults: Faults,
    trace: Vec<Exchange>,
    powered: bool,
    gone: bool,
}

impl Slot {
    /// Puts `card` into the slot that listens on TCP `port` of this machine.
    ///
    /// The reader notices within 0.3 s.
    ///
    /// # Errors
    /// If nothing listens there.
    pub fn insert(port: u16, card: Card) -> io::Result<Inserted> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        let shared = Arc::new(Mutex::new(Shared::default()));
        let (pulled, pull) = mpsc::channel();
        let player = Player { card, stream: stream.try_clone()?, shared: Arc::clone(&shared), pull };
        let player = std::thread::Builder::new().name(format!("card on {port}")).spawn(|| player.play())?;
        Ok(Inserted { shared, stream, pulled, player: Some(player) })
    }
}

impl Inserted {
    /// Pulls the card; the reader notices within half a second. Dropping does the same.
    ///
    /// A command under way ends as vpcd wants it: PC/SC reports success and an empty response; only the next
    /// command fails.
    pub fn pull(self) {
        drop(self);
    }

    /// Waits until the card has left the reader by itself: a fault pulled it, or pcscd ended.
    pub fn wait(mut self) {
        if let Some(player) = self.player.take() {
            player.join().ok();
        }
    }

    /// Command APDUs since insertion.
    #[must_use]
    pub fn apdus(&self) -> usize {
        lock(&self.shared).trace.len()
    }

    /// All commands and answers since insertion.
    #[must_use]
    pub fn trace(&self) -> Vec<Exchange> {
        lock(&self.shared).trace.clone()
    }

    /// Whether the reader has the card under power.
    #[must_use]
    pub fn is_powered(&self) -> bool {
        lock(&self.shared).powered
    }

    /// Whether the card still is in the reader: not pulled by a fault, reader not gone.
    #[must_use]
    pub fn is_inserted(&self) -> bool {
        !lock(&self.shared).gone
    }

    /// Adds a fault; APDUs are counted from insertion.
    pub fn add_fault(&self, fault: Fault) {
        lock(&self.shared).faults.0.push(fault);
    }

    /// Takes all faults back.
    pub fn clear_faults(&self) {
        lock(&self.shared).faults.0.clear();
    }
}

impl Drop for Inserted {
    fn drop(&mut self) {
        // Both fail only if the reader or the player ended first.
        self.pulled.send(()).ok();
        self.stream.shutdown(Shutdown::Both).ok();
        if let Some(player) = self.player.take() {
            player.join().ok();
        }
    }
}

struct Player {
    card: Card,
    stream: TcpStream,
    shared: Arc<Mutex<Shared>>,
    pull: mpsc::Receiver<()>,
}

/// Why the card leaves the reader.
struct Gone;

impl Player {
    fn play(mut self) {
        while let Ok(message) = self.receive() {
            let done = match *message.as_slice() {
                [control] => self.control(control),
                _ => self.command(message),
            };
            if done.is_err() {
                break;
            }
        }
        self.stream.shutdown(Shutdown::Both).ok();
        let mut shared = lock(&self.shared);
        shared.gone = true;
        shared.powered = false;
    }

    fn control(&mut self, control: u8) -> Result<(), Gone> {
        match control {
            ASK_ATR => return self.answer_to_reset(),
            POWER_ON | RESET => {
                self.card.reset();
                lock(&self.shared).powered = true;
            }
            POWER_OFF => lock(&self.shared).powered = false,
            _ => {}
        }
        Ok(())
    }

    /// The same question asks for the ATR and whether a card is there. No answer would mean no card; one that
    /// is too long makes the reader report a card that it couldn't power, as if it had said nothing.
    fn answer_to_reset(&mut self) -> Result<(), Gone> {
        match self.card.answer_to_reset().clone() {
            AnswerToReset::Bytes(bytes) => self.send(&bytes),
            AnswerToReset::Silence => self.send(&[0; MAX_ATR + 1]),
        }
    }

    fn command(&mut self, command: Vec<u8>) -> Result<(), Gone> {
        let arrival = Instant::now();
        let (number, faults) = {
            let shared = lock(&self.shared);
            (shared.trace.len() + 1, shared.faults.clone())
        };
        let response = match faults.verdict(number) {
            Verdict::Execute => self.card.execute(&command),
            Verdict::Answer(word) => Some(word.to_be_bytes().to_vec()),
            Verdict::AnswerPlain(word) => {
                self.card.end_channel();
                Some(word.to_be_bytes().to_vec())
            }
            Verdict::Pull | Verdict::Mute => None,
        };
        let response = response.map(|mut response| {
            faults.damage(number, &mut response);
            response
        });
        let delay = faults.delay(number, command.len(), response.as_ref().map_or(0, Vec::len));
        let delay = delay + self.card.take_pause();
        let exchange = Exchange { command, response: response.clone(), file: self.card.current_file() };
        lock(&self.shared).trace.push(exchange);
        if faults.verdict(number) == Verdict::Pull {
            return Err(Gone);
        }
        if !delay.is_zero() {
            self.wait_until(arrival + delay)?;
        }
        response.map_or(Ok(()), |response| self.send(&response))
    }

    /// Waits as long as the latency model says, counted from the command's arrival, so that the simulator's own
    /// work is no extra. The kernel wakes a sleeper up to a millisecond late on a busy machine: the last bit is
    /// spent spinning.
    fn wait_until(&self, moment: Instant) -> Result<(), Gone> {
        let asleep = moment.saturating_duration_since(Instant::now()).saturating_sub(SPIN);
        if !asleep.is_zero() && self.pull.recv_timeout(asleep).is_ok() {
            return Err(Gone);
        }
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        Ok(())
    }

    fn receive(&mut self) -> io::Result<Vec<u8>> {
        let mut length = [0; 2];
        self.fill(&mut length)?;
        let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
        self.fill(&mut message)?;
        Ok(message)
    }

    /// vpcd writes length and message in two sends: without an acknowledgement at once, which the kernel
    /// forgets after a few segments, the second waits 44 ms.
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        rustix::net::sockopt::set_tcp_quickack(&self.stream, true)?;
        self.stream.read_exact(buffer)
    }

    fn send(&mut self, message: &[u8]) -> Result<(), Gone> {
        let length = u16::try_from(message.len()).map_err(|_| Gone)?;
        let mut frame = length.to_be_bytes().to_vec();
        frame.extend_from_slice(message);
        self.stream.write_all(&frame).map_err(|_| Gone)
    }
}

/// A panic elsewhere leaves the records as they were.
fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
