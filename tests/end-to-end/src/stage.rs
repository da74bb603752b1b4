//! Everything that a desk talks to.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt::Write as _,
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use account_service::{AppError, Config, CustomerApp, Member, RepresentativeRegistration, Service};
use anyhow::{Context, Result, ensure};
use card_sim::{
    Fault, Inserted, Persona, Slot, card::Interface, persona::kvnr_check_digit, travel::TravelDocument,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use workshop::{
    keyring::Keyring,
    pcscd::{PAD_PORT, PORTS, Pcscd},
    pin_pad::Pad,
    printer::VirtualPrinter,
    process::wait_until,
};

use crate::{
    clerk::PATIENCE,
    people::{self, CARER, Colleague, FORMER_WARD, STAFF, WARD},
};

/// The desk's name at the account service.
pub(crate) const DESK: &str = "0312-03";

/// All of it, running; dropping it ends all of it.
pub struct Stage {
    /// The account service.
    pub service: Service,
    /// The printer.
    pub printer: VirtualPrinter,
    /// The desk's settings file.
    pub settings: PathBuf,
    /// The desk's database and what lies beside it.
    pub data_dir: PathBuf,
    /// The keyring.
    pub keyring: Keyring,
    /// The smart card service.
    pub pcscd: Pcscd,
    /// Whoever types at the third reader's pad, on a stage that has one.
    pub pad: Option<Pad>,
    /// The carer's account at the service: [`CARER`], for [`WARD`] and once for [`FORMER_WARD`].
    pub carer: RepresentativeRegistration,
    /// The day on which all this happens.
    pub today: Date,
    /// Seconds by which the account service's clock is ahead.
    service_ahead: Arc<AtomicI64>,
}

impl Stage {
    /// Starts everything with its files in `folder`; `programs` is where cargo put identplatzctl; with a `pad` there is a
    /// third reader. Must run in a namespace of its own ([`workshop::namespace`]).
    ///
    /// # Errors
    /// If one of the daemons can't be started.
    pub async fn start(folder: &Path, programs: &Path, today: Date, pad: Option<Pad>) -> Result<Self> {
        let pcscd = pad.as_ref().map_or_else(Pcscd::start, Pcscd::start_with_pad);
        let pcscd = pcscd.context("the smart card service")?;
        let keyring = Keyring::start().context("the keyring")?;
        let printer = VirtualPrinter::start(&folder.join("printer")).context("the printer")?;
        let service_ahead = Arc::new(AtomicI64::new(0));
        let mut config = Config::new(folder.join("account-service"), members(today));
        config.clock = clock(Arc::clone(&service_ahead));
        let service = Service::start(config).context("the account service")?;
        let carer = register_carer(&service, today).await.context("the carer's account")?;
        let (settings, data_dir) = (folder.join("desk.toml"), folder.join("data"));
        let (ca, token) = (folder.join("service-ca.pem"), folder.join("enrolment-token"));
        let accounts = folder.join("staff.toml");
        fs::write(&ca, service.ca_certificate())?;
        fs::write(&token, service.enrolment_token(DESK)?)?;
        let trust = folder.join("trust");
        fs::create_dir(&trust)?;
        let for_documents = card_sim::travel::trust_files(today);
        for (name, file) in card_sim::trust::files(today).into_iter().chain(for_documents) {
            fs::write(trust.join(name), file)?;
        }
        write_accounts(&accounts, programs).context("the staff's accounts")?;
        fs::write(
            &settings,
            format!(
                "profile = \"beispielkasse\"\nplace = \"Hamburg-Altona\"\ndesk = \"Platz 3\"\ndata_dir = {data_dir:?}\n\
                 [service]\nurl = {:?}\nca_certificate = {ca:?}\nenrolment_token = {token:?}\n\
                 [printer]\nuri = {:?}\nname = \"Platz 3\"\n\
                 [staff]\naccounts = {accounts:?}\n[trust]\nfolder = {trust:?}\n",
                service.url(),
                printer.uri(),
            ),
        )?;
        Ok(Self { service, printer, settings, data_dir, keyring, pcscd, pad, carer, today, service_ahead })
    }

    /// Somebody's app, without a registration yet.
    ///
    /// # Errors
    /// If it can't trust the service.
    pub fn customer_app(&self) -> Result<CustomerApp> {
        CustomerApp::new(&self.service.url(), self.service.ca_certificate())
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
        self.bring(PORTS[0], name, Interface::Contact, faults)
    }

    /// Puts a card into the reader with the pad.
    ///
    /// # Errors
    /// If there is no such card, or no such reader.
    pub fn insert_at_pad(&self, name: &str) -> Result<Inserted> {
        self.bring(PAD_PORT, name, Interface::Contact, &[])
    }

    /// Lays a card on the reader, which sees it over the air.
    ///
    /// # Errors
    /// If there is no such card, or no reader.
    pub fn lay(&self, name: &str, faults: &[Fault]) -> Result<Inserted> {
        self.bring(PORTS[0], name, Interface::Contactless, faults)
    }

    /// Lays a travel document on the second reader; the health card stays in the first.
    ///
    /// # Errors
    /// If there is no reader.
    pub fn lay_document(&self, document: &TravelDocument) -> Result<Inserted> {
        Ok(Slot::insert(PORTS[1], document.card())?)
    }

    /// A travel document of the catalogue.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn document(&self, name: &str) -> Result<TravelDocument> {
        card_sim::find(name)
            .and_then(|entry| entry.travel_document(self.today))
            .with_context(|| format!("there is no document {name}"))
    }

    fn bring(&self, port: u16, name: &str, interface: Interface, faults: &[Fault]) -> Result<Inserted> {
        let entry = card_sim::find(name).with_context(|| format!("there is no card {name}"))?;
        let inserted = Slot::insert(port, entry.card(self.today).over(interface))?;
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

    /// The account service's clock goes so far ahead of the machine's.
    pub(crate) fn set_service_ahead(&self, ahead: SignedDuration) {
        self.service_ahead.store(ahead.as_secs(), Ordering::SeqCst);
    }

    /// Waits until the desk has asked the service so many times more; after the second it has heard the first answer.
    pub(crate) fn until_asked(&self, times: u32) -> Result<()> {
        let last = || Ok::<_, anyhow::Error>(self.service.desk_status(DESK)?.map(|status| status.at));
        for _ in 0..times {
            let before = last()?;
            wait_until("the desk has asked the service", PATIENCE, || last().is_ok_and(|now| now > before))?;
        }
        Ok(())
    }

    /// A new one-time token lies where the settings say.
    pub(crate) fn give_token(&self) -> Result<()> {
        Ok(fs::write(self.settings.with_file_name("enrolment-token"), self.service.enrolment_token(DESK)?)?)
    }

    /// What the app needs to find all this.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, OsString)> {
        let settings = (String::from("IDENTPLATZ_SETTINGS"), self.settings.clone().into_os_string());
        let keyring = self.keyring.env().into_iter().map(|(name, value)| (name.to_owned(), value));
        keyring.chain([settings]).collect()
    }
}

/// The machine's clock, and what it is ahead by.
#[allow(
    clippy::disallowed_methods,
    reason = "the account service is a program of its own: this is its clock"
)]
fn clock(ahead: Arc<AtomicI64>) -> account_service::Clock {
    Arc::new(move || {
        Timestamp::now()
            .saturating_add(SignedDuration::from_secs(ahead.load(Ordering::SeqCst)))
            .unwrap_or(Timestamp::MAX)
    })
}

/// Everybody of the card simulator whose number can be one, each once.
fn members(today: Date) -> Vec<Member> {
    let mut members = BTreeMap::new();
    for persona in card_sim::catalogue().iter().filter_map(|entry| entry.persona(today)) {
        if is_kvnr(&persona.kvnr) {
            // The ordinary card comes before the odd ones with the same number.
            members.entry(persona.kvnr.clone()).or_insert_with(|| member(persona));
        }
    }
    members.into_values().collect()
}

fn member(persona: Persona) -> Member {
    let family_name = people::family_name(&persona);
    let Persona { kvnr, given_names, birth_date, iccsn, .. } = persona;
    Member { kvnr, family_name, given_names, birth_date, iccsn: Some(iccsn) }
}

fn is_kvnr(kvnr: &str) -> bool {
    let parts = || Some((kvnr.chars().next()?, kvnr.get(1..9)?, kvnr.chars().last()?.to_digit(10)?));
    parts().is_some_and(|(letter, digits, check)| kvnr_check_digit(letter, digits) == Some(check))
}

async fn register_carer(service: &Service, today: Date) -> Result<RepresentativeRegistration> {
    let find =
        |name: &str| card_sim::find(name).and_then(|entry| entry.persona(today)).context("no such bird");
    let app = CustomerApp::new(&service.url(), service.ca_certificate())?;
    let carer =
        app.register_representative(&people::representative(&find(CARER)?)?).await.map_err(app_error)?;
    service.file_representation(&carer.number, &find(WARD)?.kvnr, people::filed(today))?;
    service.file_representation(
        &carer.number,
        &find(FORMER_WARD)?.kvnr,
        people::filed_provisionally(today),
    )?;
    Ok(carer)
}

/// What the app was told, as an error of a walk.
pub(crate) fn app_error(error: AppError) -> anyhow::Error {
    match error {
        AppError::Problem { code, .. } => anyhow::anyhow!("the account service refused: {code}"),
        AppError::Failed(error) => error,
    }
}

/// The file of accounts, as an administrator makes it.
fn write_accounts(path: &Path, programs: &Path) -> Result<()> {
    let mut text = String::new();
    for Colleague { id, name, role, pin } in STAFF {
        let pin = hash_pin(&programs.join("identplatzctl"), pin)?;
        writeln!(text, "[[member]]\nid = {id:?}\nname = {name:?}\nroles = [{role:?}]\npin = {pin:?}\n")?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}

fn hash_pin(identplatzctl: &Path, pin: &str) -> Result<String> {
    let mut command = Command::new(identplatzctl);
    command.args(["staff", "pin"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context("identplatzctl could not be started")?;
    child.stdin.take().context("identplatzctl has no input")?.write_all(pin.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "identplatzctl staff pin ended with {}", output.status);
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
