//! Inserting and pulling cards by lines of text, for programs that stage a visit.
//!
//! | line | answer |
//! |---|---|
//! | `list` | `ok` and all names |
//! | `insert SLOT NAME [over=contactless] [FAULT…]` | `ok`, or `error` with a reason |
//! | `pull SLOT` | `ok` |
//! | `fault SLOT FAULT…`, `fault SLOT none` | `ok`; faults add up, `none` takes them back |
//! | `state` | `ok`, then for each slot `SLOT=empty` or `SLOT=NAME,on/off,APDUS` |

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::civil::Date;

use crate::{
    card::{Interface, NoInterface},
    catalogue::{catalogue, find},
    fault::{Fault, NoFault},
    vpcd::{Inserted, Slot},
};

/// A client that sends longer lines is no client of ours.
const MAX_LINE: u64 = 1024;

/// The slots of the virtual reader and what is in them.
#[derive(Debug)]
pub struct Tray {
    today: Date,
    slots: Vec<(u16, Option<Named>)>,
}

/// A card in a slot, and its name.
type Named = (&'static str, Inserted);

/// Why a line wasn't obeyed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No such command.
    #[error("say list, insert, pull, fault or state")]
    Command,
    /// No such slot.
    #[error("there is no such slot")]
    Slot,
    /// No such card.
    #[error("there is no card of that name")]
    Name,
    /// Something is in the slot already.
    #[error("there is a card in the slot")]
    Occupied,
    /// Nothing is in the slot.
    #[error("there is no card in the slot")]
    Empty,
    /// Not a fault.
    #[error(transparent)]
    Fault(#[from] NoFault),
    /// Not an interface.
    #[error(transparent)]
    Interface(#[from] NoInterface),
    /// The reader can't be reached.
    #[error("the reader does not take the card: {0}")]
    Reader(#[from] io::Error),
}

impl Tray {
    /// Empty slots on these TCP ports; cards are as they are on the day `today`.
    #[must_use]
    pub fn new(ports: &[u16], today: Date) -> Self {
        Self { today, slots: ports.iter().map(|port| (*port, None)).collect() }
    }

    /// Obeys one line and answers it with one line, without line ends.
    pub fn obey(&mut self, line: &str) -> String {
        match self.run(line) {
            Ok(answer) if answer.is_empty() => "ok".to_owned(),
            Ok(answer) => format!("ok {answer}"),
            Err(refusal) => format!("error {refusal}"),
        }
    }

    fn run(&mut self, line: &str) -> Result<String, Refusal> {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        match *words.as_slice() {
            ["list"] => return Ok(catalogue().iter().map(|entry| entry.name).collect::<Vec<_>>().join(" ")),
            ["state"] => return Ok(self.state()),
            ["insert", slot, name, ref options @ ..] => {
                let (interface, faults) = over(options)?;
                let faults = parse(faults)?;
                let today = self.today;
                let (port, place) = self.slot(slot)?;
                if place.as_ref().is_some_and(|(_, inserted)| inserted.is_inserted()) {
                    return Err(Refusal::Occupied);
                }
                let entry = find(name).ok_or(Refusal::Name)?;
                let card = entry.card(today);
                let interface = interface.unwrap_or(card.interface());
                let inserted = Slot::insert(port, card.over(interface))?;
                faults.into_iter().for_each(|fault| inserted.add_fault(fault));
                *place = Some((entry.name, inserted));
            }
            ["pull", slot] => {
                let (_, inserted) = self.slot(slot)?.1.take().ok_or(Refusal::Empty)?;
                inserted.pull();
            }
            ["fault", slot, ref faults @ ..] => {
                let (_, inserted) = self.slot(slot)?.1.as_ref().ok_or(Refusal::Empty)?;
                if faults == ["none"] {
                    inserted.clear_faults();
                } else {
                    parse(faults)?.into_iter().for_each(|fault| inserted.add_fault(fault));
                }
            }
            _ => return Err(Refusal::Command),
        }
        Ok(String::new())
    }

    fn state(&self) -> String {
        let slots = self.slots.iter().enumerate().map(|(slot, (_, card))| match card {
            Some((name, inserted)) if inserted.is_inserted() => {
                let power = if inserted.is_powered() { "on" } else { "off" };
                format!("{slot}={name},{power},{}", inserted.apdus())
            }
            Some(_) | None => format!("{slot}=empty"),
        });
        slots.collect::<Vec<_>>().join(" ")
    }

    fn slot(&mut self, slot: &str) -> Result<(u16, &mut Option<Named>), Refusal> {
        let slot = slot.parse::<usize>().ok().and_then(|slot| self.slots.get_mut(slot));
        slot.map(|(port, card)| (*port, card)).ok_or(Refusal::Slot)
    }
}

/// The interface, if it is named first, and the rest.
fn over<'a, 'b>(options: &'a [&'b str]) -> Result<(Option<Interface>, &'a [&'b str]), NoInterface> {
    let named = options.split_first().and_then(|(first, rest)| Some((first.strip_prefix("over=")?, rest)));
    named.map_or(Ok((None, options)), |(interface, rest)| Ok((Some(interface.parse()?), rest)))
}

fn parse(faults: &[&str]) -> Result<Vec<Fault>, NoFault> {
    faults.iter().map(|fault| fault.parse()).collect()
}

/// Obeys every client that connects, for ever.
///
/// # Errors
/// If no connection can be accepted any more.
pub fn serve(listener: &TcpListener, tray: Tray) -> io::Result<()> {
    let tray = Arc::new(Mutex::new(tray));
    loop {
        let (client, _) = listener.accept()?;
        let tray = Arc::clone(&tray);
        // A client that goes away in the middle of a line is none of the others' business.
        std::thread::spawn(move || converse(&client, &tray).ok());
    }
}

fn converse(mut client: &TcpStream, tray: &Mutex<Tray>) -> io::Result<()> {
    let mut lines = BufReader::new(client);
    let mut line = String::new();
    while lines.by_ref().take(MAX_LINE).read_line(&mut line)? > 0 {
        let answer = tray.lock().unwrap_or_else(PoisonError::into_inner).obey(&line);
        client.write_all(format!("{answer}\n").as_bytes())?;
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tray(port: u16) -> Tray {
        Tray::new(&[port], jiff::civil::date(2026, 11, 22))
    }

    #[test]
    fn a_card_is_inserted_and_pulled_by_line() {
        let reader = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut tray = tray(reader.local_addr().unwrap().port());
        assert_eq!(tray.obey("state"), "ok 0=empty");
        assert_eq!(tray.obey("insert 0 amsel over=contactless slow=1ms,9600"), "ok");
        assert_eq!(tray.obey("state"), "ok 0=amsel,off,0");
        assert_eq!(tray.obey("insert 0 dohle"), "error there is a card in the slot");
        assert_eq!(tray.obey("fault 0 pull@3 mute@4"), "ok");
        assert_eq!(tray.obey("fault 0 none"), "ok");
        assert_eq!(tray.obey("pull 0"), "ok");
        assert_eq!(tray.obey("state"), "ok 0=empty");
    }

    #[test]
    fn what_cannot_be_done_is_refused_with_a_reason() {
        let mut tray = tray(1);
        for (line, answer) in [
            ("", "error say list, insert, pull, fault or state"),
            ("insert", "error say list, insert, pull, fault or state"),
            ("insert 1 amsel", "error there is no such slot"),
            ("insert 0 dodo", "error there is no card of that name"),
            ("pull 0", "error there is no card in the slot"),
            ("fault 0 none", "error there is no card in the slot"),
        ] {
            assert_eq!(tray.obey(line), answer, "{line}");
        }
        assert_eq!(
            tray.obey("insert 0 amsel over=bluetooth"),
            "error a card is read over contact or contactless"
        );
        assert!(tray.obey("insert 0 amsel melt@1").starts_with("error a fault is one of"));
        assert!(tray.obey("insert 0 amsel").starts_with("error the reader does not take the card"));
    }

    #[test]
    fn clients_are_answered_over_tcp() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || serve(&listener, tray(1)));
        let mut client = TcpStream::connect(address).unwrap();
        client.write_all(b"state\nlist\n").unwrap();
        let lines: Vec<_> = BufReader::new(&client).lines().take(2).map(Result::unwrap).collect();
        assert_eq!(lines[0], "ok 0=empty");
        assert!(lines[1].starts_with("ok amsel buntspecht"), "{}", lines[1]);
    }
}
