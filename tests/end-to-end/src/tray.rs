//! The table beside the desk: cards, telephones and faults, for somebody who plays with the app by hand.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    process::{Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

use account_service::{CustomerApp, Fault, Redeemer, Registration};
use anyhow::{Context, Result, bail};
use card_sim::{Inserted, Persona, catalogue::Entry};
use jiff::civil::Date;
use tokio::runtime::Runtime;
use workshop::process::Daemon;

use crate::{
    App, CARER, Colleague, FORMER_WARD, STAFF, Sheet, Stage, WARD, clerk,
    order::{Machine, Order, State},
    passport::{self, Passport},
    stage::app_error,
};

/// Between two looks whether the app is still there.
const LOOK: Duration = Duration::from_millis(300);

const NO_APP: &str = "no app has registered yet: `register NAME`";

const HELP: &str = "
  3  or  buntspecht     put that card into the reader (another one comes out first)
  pull                  pull it
  list, list all        people; every card, the odd ones too
  lay passport-amsel    lay that document on the other reader; `take` takes it back
  documents             whose documents have a chip, and what is typed to open them; `documents all`: the odd ones too
  register buntspecht   that person's app shows a visit number
  number                that app shows a visit number again: once it is active, for the electronic health record
  carer                 the representative's number, and whose cards belong to it
  redeem                the app that registered last redeems the newest letter; `redeem carer`: the carer's does
  printer empty|jam|stop|gone|ok      service down|slow|up
  sheets                what lies in the printer's tray
  pins                  who works here
  help, quit
";

/// Opens the app on the user's display, and does what is typed until `quit` or until the window is closed.
///
/// # Errors
/// If the app can't be started.
pub fn tray(stage: &mut Stage, app: &App, runtime: &Runtime) -> Result<()> {
    let mut command = Command::new(&app.binary);
    let log = OpenOptions::new().create(true).append(true).open(&app.log)?;
    command.envs(app.environment.iter().map(|(name, value)| (name, value))).stdin(Stdio::null()).stderr(log);
    let mut window = Daemon::start("the app", &mut command)?;
    println!("The desk's log is in {}.", app.log.display());
    let customers = stage.customer_app()?;
    let mut table = Table { customers, stage, runtime, card: None, document: None, registered: None };
    pins();
    list(false, table.stage.today);
    println!("{HELP}");
    let lines = lines();
    prompt()?;
    while window.ended()?.is_none() {
        match lines.recv_timeout(LOOK) {
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => break,
            Ok(line) => match Order::parse(&line) {
                Ok(Order::Quit) => break,
                Ok(order) => {
                    if let Err(error) = table.follow(&order) {
                        println!("{error:#}");
                    }
                }
                Err(odd) => println!("{odd}; `help` says what there is"),
            },
        }
        prompt()?;
    }
    Ok(())
}

/// Lines of the terminal, from a thread of their own: reading one can't be given up.
fn lines() -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in io::stdin().lines().map_while(io::Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

fn prompt() -> Result<()> {
    print!("> ");
    Ok(io::stdout().flush()?)
}

struct Table<'a> {
    stage: &'a mut Stage,
    runtime: &'a Runtime,
    customers: CustomerApp,
    card: Option<Inserted>,
    document: Option<Inserted>,
    registered: Option<Registration>,
}

impl Table<'_> {
    fn follow(&mut self, order: &Order) -> Result<()> {
        match order {
            Order::Nothing | Order::Quit => {}
            Order::Help => println!("{HELP}"),
            Order::List { all } => list(*all, self.stage.today),
            Order::Documents { all } => documents(*all, self.stage.today),
            Order::Pins => pins(),
            Order::Pull => self.card = None,
            Order::Insert(card) => self.insert(card)?,
            Order::Lay(document) => self.lay(document)?,
            Order::Take => self.document = None,
            Order::Register(card) => self.register(card)?,
            Order::Number => self.number()?,
            Order::Carer => self.carer()?,
            Order::Redeem { carer } => self.redeem(*carer)?,
            Order::Sheets => {
                self.stage.printer.documents()?.iter().for_each(|sheet| println!("{}", sheet.display()));
            }
            Order::Set(Machine::Printer, state) => self.printer(*state)?,
            Order::Set(Machine::Service, state) => self.service(*state)?,
        }
        Ok(())
    }

    fn insert(&mut self, card: &str) -> Result<()> {
        let entry = entry(card)?;
        self.card = None;
        self.card = Some(self.stage.insert(entry.name)?);
        println!("{} is in the reader", entry.name);
        entry.persona(self.stage.today).map_or(Ok(()), |persona| self.passport(&persona))
    }

    fn lay(&mut self, document: &str) -> Result<()> {
        let entry = entry(document)?;
        let passport = Passport::of_catalogue(self.stage, entry.name)?;
        self.document = None;
        self.document = Some(passport.lay(self.stage)?);
        println!("{} lies on the other reader: {}", entry.name, passport.typed());
        Ok(())
    }

    fn register(&mut self, card: &str) -> Result<()> {
        let persona = self.stage.persona(entry(card)?.name)?;
        let registration =
            self.runtime.block_on(self.customers.register(&persona.kvnr)).map_err(app_error)?;
        println!("{}'s app shows {}", persona.full_name(), registration.visit_number);
        self.registered = Some(registration);
        Ok(())
    }

    fn number(&self) -> Result<()> {
        let registered = self.registered.as_ref().context(NO_APP)?;
        let number = self.runtime.block_on(self.customers.visit_number(registered)).map_err(app_error)?;
        println!("the app shows {number}");
        Ok(())
    }

    fn carer(&self) -> Result<()> {
        let carer = self.stage.persona(CARER)?;
        println!("{} is a professional carer: {}", carer.full_name(), self.stage.carer.number);
        println!("  for {WARD}: in force; for {FORMER_WARD}: provisional, ended eight days ago");
        self.passport(&carer)
    }

    /// What the person has in their other hand.
    fn passport(&self, persona: &Persona) -> Result<()> {
        if let Some((name, passport)) = passport::in_order(self.stage.today).find(|(_, it)| it.is_of(persona))
        {
            println!("  {name}, the document of {}, says {}", persona.full_name(), passport.typed());
            return Ok(());
        }
        let (birth, expiry) = (clerk::birth_date(persona)?, clerk::valid(self.stage.today));
        println!("  the passport of {} says {birth} and {expiry}", persona.full_name());
        Ok(())
    }

    fn redeem(&self, carer: bool) -> Result<()> {
        if carer {
            return self.redeem_as(&self.stage.carer);
        }
        self.redeem_as(self.registered.as_ref().context(NO_APP)?)
    }

    fn redeem_as(&self, who: &impl Redeemer) -> Result<()> {
        // A receipt is printed after its letter.
        for pdf in self.stage.printer.documents()?.iter().rev() {
            if let Ok(sheet) = Sheet::read(pdf) {
                let redeemed = self.customers.redeem(who, &sheet.reference, sheet.code()?);
                let redeemed = self.runtime.block_on(redeemed).map_err(app_error)?;
                let record = if redeemed.epa { ", the electronic health record is open" } else { "" };
                println!("{}: redeemed, the app is activated{record}", sheet.reference);
                return Ok(());
            }
        }
        bail!("there is no letter in the tray")
    }

    fn printer(&mut self, state: State) -> Result<()> {
        let printer = &mut self.stage.printer;
        match state {
            State::Empty => printer.run_out_of_paper(),
            State::Jam => printer.jam(),
            State::Stop => printer.pause(),
            State::Gone => {
                printer.power_off();
                Ok(())
            }
            State::Fine => {
                printer.power_on()?;
                printer.refill()?;
                printer.clear_jam()?;
                printer.go_on()
            }
            State::Down | State::Slow => bail!("a printer is empty, jam, stop, gone or ok"),
        }
    }

    fn service(&self, state: State) -> Result<()> {
        let fault = match state {
            State::Down | State::Gone => Fault::Down,
            State::Slow => Fault::Slow(4_000),
            State::Fine => Fault::None,
            State::Empty | State::Jam | State::Stop => bail!("the service is down, slow or up"),
        };
        self.stage.service.fault(fault);
        Ok(())
    }
}

/// Documents with a chip that are as they should be, or all of them.
fn documents(all: bool, today: Date) {
    let shown: Vec<_> =
        if all { passport::all(today).collect() } else { passport::in_order(today).collect() };
    for (name, passport) in shown {
        println!("      {name:28} {}", passport.typed());
    }
}

/// Health cards as they should be; or every card there is.
fn list(all: bool, today: Date) {
    // A card that is odd has a name of two parts.
    let shown = |entry: &Entry| all || !entry.name.contains('-') && entry.persona(today).is_some();
    for (number, entry) in (1..).zip(card_sim::catalogue()).filter(|(_, entry)| shown(entry)) {
        println!("{number:4}  {:24} {}", entry.name, entry.description);
    }
}

fn pins() {
    for Colleague { name, role, pin, .. } in STAFF {
        println!("      {name:24} {role}, PIN {pin}");
    }
}

/// A card by its name, or by its number in the list.
fn entry(card: &str) -> Result<&'static Entry> {
    let by_number =
        || card.parse::<usize>().ok()?.checked_sub(1).and_then(|place| card_sim::catalogue().get(place));
    card_sim::find(card)
        .or_else(by_number)
        .with_context(|| format!("there is no card {card}; `list` has them"))
}
