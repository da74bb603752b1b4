//! Everything that a desk talks to.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use account_service::{Config, Service};
use anyhow::{Context, Result};
use card_sim::{Fault, Inserted, Persona, Slot};
use jiff::civil::Date;
use workshop::{keyring::Keyring, pcscd::PORTS, pcscd::Pcscd, printer::VirtualPrinter};

/// Whose card the visit of the demo begins with, as the card simulator calls it.
pub const PERSONA: &str = "buntspecht";

/// The desk's name at the account service.
const DESK: &str = "0312-03";

/// All of it, running; dropping it ends all of it.
pub struct Stage {
    /// The account service.
    pub service: Service,
    /// The printer.
    pub printer: VirtualPrinter,
    /// The desk's settings file.
    pub settings: PathBuf,
    keyring: Keyring,
    /// The smart card service.
    pub pcscd: Pcscd,
    today: Date,
}

impl Stage {
    /// Starts everything with its files in `folder`. Must run in a namespace of its own ([`workshop::namespace`]).
    ///
    /// # Errors
    /// If one of the daemons can't be started.
    pub fn start(folder: &Path, today: Date) -> Result<Self> {
        let members = card_sim::catalogue().iter().filter_map(|entry| entry.persona(today)).map(|it| it.kvnr);
        let pcscd = Pcscd::start().context("the smart card service")?;
        let keyring = Keyring::start().context("the keyring")?;
        let printer = VirtualPrinter::start(&folder.join("printer")).context("the printer")?;
        let config = Config::new(folder.join("account-service"), unique(members));
        let service = Service::start(config).context("the account service")?;
        let settings = folder.join("desk.toml");
        let (ca, token) = (folder.join("service-ca.pem"), folder.join("enrolment-token"));
        fs::write(&ca, service.ca_certificate())?;
        fs::write(&token, service.enrolment_token(DESK)?)?;
        fs::write(
            &settings,
            format!(
                "profile = \"beispielkasse\"\nplace = \"Hamburg-Altona\"\ndesk = \"Platz 3\"\ndata_dir = {:?}\n\
                 [service]\nurl = {:?}\nca_certificate = {ca:?}\nenrolment_token = {token:?}\n\
                 [printer]\nuri = {:?}\nname = \"Platz 3\"\n\
                 [staff]\nid = \"s-4711\"\nname = \"M. Petersen\"\n",
                folder.join("data"),
                service.url(),
                printer.uri(),
            ),
        )?;
        Ok(Self { service, printer, settings, keyring, pcscd, today })
    }

    /// Puts a card of the simulator's catalogue into the first reader; dropping it pulls it.
    ///
    /// # Errors
    /// If there is no such card, or no reader.
    pub fn insert(&self, name: &str) -> Result<Inserted> {
        self.insert_with(name, &[])
    }

    /// As [`Self::insert`], with faults that the card has from the start.
    ///
    /// # Errors
    /// If there is no such card, or no reader.
    pub fn insert_with(&self, name: &str, faults: &[Fault]) -> Result<Inserted> {
        let entry = card_sim::find(name).with_context(|| format!("there is no card {name}"))?;
        let [port, _] = PORTS;
        let inserted = Slot::insert(port, entry.card(self.today))?;
        // The reader notices a card a good while after it went in.
        faults.iter().for_each(|fault| inserted.add_fault(*fault));
        Ok(inserted)
    }

    /// Who a card names.
    ///
    /// # Errors
    /// If there is no such card.
    pub fn persona(&self, name: &str) -> Result<Persona> {
        card_sim::find(name)
            .and_then(|entry| entry.persona(self.today))
            .with_context(|| format!("there is no persona {name}"))
    }

    /// What the app needs to find all this.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, OsString)> {
        let settings = (String::from("IDENTPLATZ_SETTINGS"), self.settings.clone().into_os_string());
        let keyring = self.keyring.env().into_iter().map(|(name, value)| (name.to_owned(), value));
        keyring.chain([settings]).collect()
    }
}

fn unique(members: impl Iterator<Item = String>) -> Vec<String> {
    members.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
