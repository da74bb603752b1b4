//! What goes wrong on command goes wrong with travel documents, too: a chip on a socket such as vpcd's.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
};

use anyhow::Result;
use card_sim::{Fault, Inserted, Slot};

use super::{GENERIC, SELECT_LDS1, Terminal, profile};
use crate::CAN;

/// Commands before the first one over the channel: five of PACE.
const ENTERING: usize = 5;

/// A chip in a slot, and a terminal at the other end that has entered.
fn inserted() -> Result<(Inserted, Terminal<'static>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let card = Slot::insert(listener.local_addr()?.port(), profile().card())?;
    let (mut reader, _) = listener.accept()?;
    reader.set_nodelay(true)?;
    let mut terminal = Terminal::new(move |command| exchange(&mut reader, command));
    terminal.enter(GENERIC, CAN)?;
    assert_eq!(card.apdus(), ENTERING);
    Ok((card, terminal))
}

fn exchange(reader: &mut TcpStream, command: &[u8]) -> Result<Vec<u8>> {
    reader.write_all(&[&u16::try_from(command.len())?.to_be_bytes(), command].concat())?;
    let mut length = [0; 2];
    reader.read_exact(&mut length)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    reader.read_exact(&mut answer)?;
    Ok(answer)
}

/// The terminal selects the application while `fault` is in force.
fn struck(fault: &str) -> Result<String> {
    let (card, mut terminal) = inserted()?;
    card.add_fault(fault.parse::<Fault>()?);
    terminal.send(SELECT_LDS1)
}

#[test]
fn a_response_may_be_damaged_or_cut() -> Result<()> {
    assert_eq!(struck("mac@7")?, "9000", "the fault hits another command");
    assert_eq!(struck("mac@6").unwrap_err().to_string(), "wrong MAC");
    assert_eq!(struck("flip@6=2").unwrap_err().to_string(), "wrong MAC");
    assert!(struck("short@6=8").is_err());
    Ok(())
}

#[test]
fn a_command_may_be_answered_in_the_clear() -> Result<()> {
    assert_eq!(struck("status@6=6F00").unwrap_err().to_string(), "not protected: 6f00");
    let (card, mut terminal) = inserted()?;
    card.add_fault("plain@6=6F00".parse()?);
    let protected = hex::encode(terminal.protect(SELECT_LDS1)?);
    assert_eq!(terminal.plain(&protected)?, "6f00");
    let protected = hex::encode(terminal.protect(SELECT_LDS1)?);
    assert_eq!(terminal.plain(&protected)?, "6988", "the channel has ended");
    Ok(())
}

#[test]
fn a_document_may_be_pulled_at_any_command() -> Result<()> {
    let (card, mut terminal) = inserted()?;
    card.add_fault("pull@7".parse()?);
    assert_eq!(terminal.send(SELECT_LDS1)?, "9000");
    assert!(terminal.send("00b0820000").is_err());
    card.wait();
    Ok(())
}
