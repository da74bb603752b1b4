//! A running service.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

use anyhow::Context;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rusqlite::Transaction;
use tokio::{
    runtime::Runtime,
    sync::{oneshot, watch},
};

use crate::{
    authority::Authority,
    codes,
    database::{Database, Put},
    desks,
    fault::Fault,
    members::{self, MemberFlag},
    model::DeskName,
    observer::Observer,
    problem::Problem,
    register::{self, Filed},
    representatives,
    roll::{Entry, Member, Roll},
    secrets::Secrets,
    server::{self, Acceptors},
};

/// Where the service takes its time from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How a service starts.
pub struct Config {
    /// Directory of its database and keys; made if it isn't there.
    pub dir: PathBuf,
    /// Everybody who is insured here.
    pub members: Vec<Member>,
    /// Port on 127.0.0.1; 0 lets the kernel pick one.
    pub port: u16,
    /// Its clock.
    pub clock: Clock,
    /// Sees every exchange.
    pub observer: Option<Observer>,
}

impl Config {
    /// On a port that the kernel picks, with the system's clock, observed by nobody.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>, members: Vec<Member>) -> Self {
        Self { dir: dir.into(), members, port: 0, clock: Arc::new(system_clock), observer: None }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the service is a program of its own: this is its outermost layer"
)]
fn system_clock() -> Timestamp {
    Timestamp::now()
}

/// A running account service; it stops when dropped and can be started again in the same directory.
pub struct Service {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    /// Starts it on a thread of its own; when this returns it accepts connections.
    ///
    /// # Errors
    /// A member without number, name or date of birth, with a card number that is none, or twice on the roll, an unusable directory, a port in use.
    pub fn start(config: Config) -> anyhow::Result<Self> {
        fs::create_dir_all(&config.dir).with_context(|| format!("creating {}", config.dir.display()))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).context("binding a port")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::open(config)?);
        let acceptors = Acceptors::new(&shared.authority, shared.today())?;

        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("account-service".to_owned())
            .spawn(move || run(&runtime, listener, acceptors, serving, stopped))?;
        Ok(Self { shared, address, stop: Some(stop), thread: Some(thread) })
    }

    /// `https://127.0.0.1:port`
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Certificate of the authority that this service and its desks are certified by, PEM.
    #[must_use]
    pub fn ca_certificate(&self) -> &str {
        self.shared.authority.certificate()
    }

    /// Gives out a one-time token for the enrolment of a desk.
    ///
    /// # Errors
    /// A name that is none of the contract's form, a failing database.
    pub fn enrolment_token(&self, desk: &str) -> anyhow::Result<String> {
        let desk = DeskName::try_from(desk.to_owned()).map_err(anyhow::Error::msg)?;
        self.shared.transaction(|transaction| desks::give_token(transaction, &desk)).map_err(failed)
    }

    /// Revokes a desk: from now on every request of its certificates is answered with `WORKSTATION_REVOKED`.
    ///
    /// # Errors
    /// No such desk, a failing database.
    pub fn revoke_desk(&self, desk: &str) -> anyhow::Result<()> {
        self.shared.transaction(|transaction| desks::revoke(transaction, desk)).map_err(failed)
    }

    /// Locks an insured person's account.
    ///
    /// # Errors
    /// A failing database.
    pub fn lock_account(&self, kvnr: &str) -> anyhow::Result<()> {
        self.shared.transaction(|transaction| members::lock(transaction, kvnr)).map_err(failed)
    }

    /// Activates the app that an insured person has registered, as if a code had been redeemed that came in another way.
    ///
    /// # Errors
    /// No app waits to be activated, a failing database.
    pub fn activate_app(&self, kvnr: &str) -> anyhow::Result<()> {
        self.shared.transaction(|transaction| members::activate_waiting(transaction, kvnr)).map_err(failed)
    }

    /// Whether an insured person's electronic health record (ePA) is open in their app.
    ///
    /// # Errors
    /// A failing database.
    pub fn has_epa(&self, kvnr: &str) -> anyhow::Result<bool> {
        self.shared.transaction(|transaction| members::has_epa(transaction, kvnr)).map_err(failed)
    }

    /// Flags an insured person; a death ends every code and access.
    ///
    /// # Errors
    /// Nobody with that number, a failing database.
    pub fn flag_member(&self, kvnr: &str, flag: MemberFlag) -> anyhow::Result<()> {
        self.shared.member(kvnr).context("nobody has that number")?;
        self.shared.transaction(|transaction| members::flag(transaction, kvnr, flag)).map_err(failed)
    }

    /// Locks a representative's account.
    ///
    /// # Errors
    /// Nobody with that number, a failing database.
    pub fn lock_representative(&self, number: &str) -> anyhow::Result<()> {
        self.shared.transaction(|transaction| representatives::lock(transaction, number)).map_err(failed)
    }

    /// Files what the register says of a representative and a cared-for person, in place of what it said. An entry
    /// that is suspended or over ends the codes and the access that rest on it.
    ///
    /// # Errors
    /// No such representative or insured person, an entry outside the contract's limits, a failing database.
    pub fn file_representation(&self, number: &str, kvnr: &str, entry: Filed) -> anyhow::Result<()> {
        self.shared.member(kvnr).context("nobody has that number")?;
        anyhow::ensure!(
            entry.is_tellable(),
            "an entry without court, file number or areas, or with one twice"
        );
        let filed = self.shared.transaction(|transaction| register::file(transaction, number, kvnr, &entry));
        filed.map_err(failed)
    }

    /// The back office releases the representative's code with that public reference: the deed that it rests on
    /// is filed and confirmed today, and the code is active as soon as it is handed over.
    ///
    /// # Errors
    /// No such code, or one that awaits no release; a failing database.
    pub fn release(&self, reference: &str) -> anyhow::Result<()> {
        let today = self.shared.today();
        self.shared.transaction(|transaction| codes::release(transaction, reference, today)).map_err(failed)
    }

    /// State of the code with that public reference, in the contract's word; `None` when there is none.
    ///
    /// # Errors
    /// A failing database.
    pub fn code_state(&self, reference: &str) -> anyhow::Result<Option<&'static str>> {
        let today = self.shared.today();
        let found = self.shared.transaction(|transaction| codes::state_of(transaction, reference, today));
        found.map(|state| state.map(codes::State::as_str)).map_err(failed)
    }

    /// Every code of that person in the order of their arrival: public reference, and state in the contract's word.
    ///
    /// # Errors
    /// A failing database.
    pub fn codes_of(&self, kvnr: &str) -> anyhow::Result<Vec<(String, &'static str)>> {
        let today = self.shared.today();
        let found = self.shared.transaction(|transaction| codes::of_person(transaction, kvnr, today));
        let found = found.map_err(failed)?;
        Ok(found.into_iter().map(|(reference, state)| (reference, state.as_str())).collect())
    }

    /// Whether that representative has access to that person's data today.
    ///
    /// # Errors
    /// A failing database.
    pub fn has_access(&self, number: &str, kvnr: &str) -> anyhow::Result<bool> {
        let today = self.shared.today();
        self.shared
            .transaction(|transaction| register::has_access(transaction, number, kvnr, today))
            .map_err(failed)
    }

    /// Whether new connections are shown a certificate of an authority that nobody knows.
    pub fn present_foreign_certificate(&self, foreign: bool) {
        self.shared.foreign_certificate.store(foreign, Ordering::SeqCst);
    }

    /// Misbehaves from now on.
    pub fn fault(&self, fault: Fault) {
        self.shared.faults.send_replace(fault);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Its end is the sign to stop.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn run(
    runtime: &Runtime,
    listener: TcpListener,
    acceptors: Acceptors,
    shared: Arc<Shared>,
    stop: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => server::serve(listener, acceptors, shared, stop).await,
            Err(error) => tracing::error!("listening: {error}"),
        }
    });
}

fn failed(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!("the service refused: {problem:?}")
}

/// What every request can use.
pub(crate) struct Shared {
    database: Mutex<Database>,
    pub(crate) authority: Authority,
    pub(crate) secrets: Secrets,
    roll: Roll,
    clock: Clock,
    zone: TimeZone,
    faults: watch::Sender<Fault>,
    foreign_certificate: AtomicBool,
    observer: Option<Observer>,
}

impl Shared {
    fn open(config: Config) -> anyhow::Result<Self> {
        let zone = TimeZone::get("Europe/Berlin").context("time zone")?;
        let today = (config.clock)().to_zoned(zone.clone()).date();
        Ok(Self {
            database: Mutex::new(Database::open(&config.dir)?),
            authority: Authority::open(&config.dir, today)?,
            secrets: Secrets::open(&config.dir)?,
            roll: Roll::new(config.members)?,
            clock: config.clock,
            zone,
            faults: watch::Sender::new(Fault::None),
            foreign_certificate: AtomicBool::new(false),
            observer: config.observer,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The day in Germany.
    pub(crate) fn today(&self) -> Date {
        self.now().to_zoned(self.zone.clone()).date()
    }

    pub(crate) fn member(&self, kvnr: &str) -> Option<&Entry> {
        self.roll.member(kvnr)
    }

    pub(crate) fn presents_foreign_certificate(&self) -> bool {
        self.foreign_certificate.load(Ordering::SeqCst)
    }

    pub(crate) fn observer(&self) -> Option<&Observer> {
        self.observer.as_ref()
    }

    pub(crate) fn fault(&self) -> Fault {
        *self.faults.borrow()
    }

    pub(crate) fn faults(&self) -> watch::Receiver<Fault> {
        self.faults.subscribe()
    }

    pub(crate) fn transaction<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.database()?.transaction(work)
    }

    pub(crate) fn put<B: serde::Serialize>(
        &self,
        path: &str,
        desk: &str,
        body: &B,
        effect: impl FnOnce(&Transaction<'_>) -> Result<serde_json::Value, Problem>,
    ) -> Result<Put, Problem> {
        self.database()?.put(path, desk, body, effect)
    }

    /// Runs `work`, which touches the database, where it may block.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = tokio::task::spawn_blocking(move || work(&self)).await;
        done.map_err(anyhow::Error::from)?
    }

    fn database(&self) -> Result<std::sync::MutexGuard<'_, Database>, Problem> {
        let poisoned = |_| Problem::from(anyhow::anyhow!("a request panicked while it held the database"));
        self.database.lock().map_err(poisoned)
    }
}
