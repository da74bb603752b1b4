//! `card-sim`: puts simulated cards into the virtual reader by hand or for another program.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
};

use anyhow::{Context, Result};
use card_sim::{
    Fault, Interface, Slot,
    catalogue::{Entry, catalogue},
    control::{Tray, serve},
    find,
    travel::{KeyFields, trust_files},
    trust,
};
use clap::{Parser, Subcommand};
use jiff::civil::Date;

/// Plays smart cards in the virtual reader of vsmartcard-vpcd.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The day that dates on cards are relative to (default: today).
    #[arg(long, global = true)]
    today: Option<Date>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the cards: CAN 123123 and PIN 123456 unless one says otherwise, PUK 12345678; for a travel
    /// document what opens it: the CAN, or number, birth date and expiry.
    List,
    /// Inserts a card until Ctrl-C, or until the reader is gone.
    Insert {
        /// Name of the card, as `list` prints it.
        name: String,
        /// TCP port of the reader's slot.
        #[arg(long, default_value_t = PORTS[0])]
        port: u16,
        /// contact or contactless (default: as the card usually is).
        #[arg(long)]
        over: Option<Interface>,
        /// pull@N, mute@N, mute@N=SECONDSs, status@N=SSSS, plain@N=SSSS, short@N=BYTES, mac@N, flip@N=BYTE,
        /// slow=MILLISECONDSms,BYTES_PER_SECOND or slow=MILLISECONDSms,KILOBITSkbit.
        #[arg(long = "fault")]
        faults: Vec<Fault>,
    },
    /// Writes the certificates that a desk must trust to take the cards for genuine; for travel documents
    /// master list, revocation lists and defect list in a folder of their own.
    Trust {
        /// Folder for the files; it is made if it isn't there.
        folder: PathBuf,
    },
    /// Inserts and pulls cards as other programs ask for it, line by line.
    Serve {
        /// Address to listen on; loopback only, for everybody who connects is obeyed.
        #[arg(long, value_parser = loopback)]
        control: SocketAddr,
    },
}

/// vpcd listens on 0x8C7B plus the number of the slot.
const PORTS: [u16; 2] = [0x8C7B, 0x8C7C];

/// Where files for travel documents go.
const TRAVEL: &str = "travel-documents";

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let today = arguments.today.unwrap_or_else(today);
    match arguments.command {
        Command::List => {
            for entry in catalogue() {
                say(&format!("{:28} {}{}", entry.name, entry.description, keys(entry, today)));
            }
        }
        Command::Insert { name, port, over, faults } => {
            let entry = find(&name).context("there is no card of that name; `card-sim list` shows them")?;
            let card = entry.card(today);
            let interface = over.unwrap_or(card.interface());
            let card = Slot::insert(port, card.over(interface))
                .context("no virtual reader listens; is pcscd running?")?;
            faults.into_iter().for_each(|fault| card.add_fault(fault));
            say(&format!("{}: {} (Ctrl-C pulls it)", entry.name, entry.description));
            card.wait();
        }
        Command::Trust { folder } => {
            let travel = folder.join(TRAVEL);
            fs::create_dir_all(&travel)?;
            for (name, bytes) in trust::files(today) {
                fs::write(folder.join(&name), bytes)?;
                say(&name);
            }
            for (name, bytes) in trust_files(today) {
                fs::write(travel.join(&name), bytes)?;
                say(&format!("{TRAVEL}/{name}"));
            }
        }
        Command::Serve { control } => {
            let listener = TcpListener::bind(control)?;
            say(&format!("listening on {}", listener.local_addr()?));
            serve(&listener, Tray::new(&PORTS, today))?;
        }
    }
    Ok(())
}

fn loopback(text: &str) -> Result<SocketAddr> {
    let address: SocketAddr = text.parse()?;
    anyhow::ensure!(address.ip().is_loopback(), "only loopback addresses");
    Ok(address)
}

/// What is typed to open a travel document's chip, or would be if it had one.
fn keys(entry: &Entry, today: Date) -> String {
    let Some(KeyFields { number, birth_date, expiry }) = entry.key_fields(today) else {
        return String::new();
    };
    let can = entry.can(today).map(|can| format!("CAN {can} or ")).unwrap_or_default();
    format!(" ({can}{number} {birth_date} {expiry})")
}

#[allow(clippy::print_stdout, reason = "a program for the terminal")]
fn say(line: &str) {
    println!("{line}");
}

#[allow(clippy::disallowed_methods, reason = "the outermost layer may ask for the time")]
fn today() -> Date {
    jiff::Zoned::now().date()
}
