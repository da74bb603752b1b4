//! A running service.

use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use anyhow::Context;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use tokio::{
    runtime::Runtime,
    sync::{oneshot, watch},
};

use crate::{
    authority::Authority,
    codes,
    database::{Database, Put, Storage, Transaction},
    desks,
    fault::Fault,
    members,
    model::DeskName,
    observer::Observer,
    problem::Problem,
    register,
    roll::{Entry, Member, Roll},
    secrets::Secrets,
    server::{self, Acceptors},
    signing::Signer,
};

/// Requests that can be at the database, or wait for it, at the same time; more wait in line.
const BLOCKING_THREADS: usize = 64;

/// Look-ups that a desk has a minute unless configured otherwise: more than a dozen visits at once.
const LOOKUPS_PER_MINUTE: u32 = 120;

/// How far a desk's clock may be ahead when it gives out codes.
const DESKS_AHEAD: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);

/// Days that a code which was issued without a line can be valid for after its arrival.
const OFFLINE_DAYS: u8 = 7;

/// Tries to listen on a port that somebody else has.
const BIND_TRIES: u32 = 100;
/// Pause between two of them.
const BIND_PAUSE: Duration = Duration::from_millis(20);

/// Connections that may wait to be accepted: every desk of an insurer at once, after the service was away.
const WAITING_CONNECTIONS: i32 = 4096;

/// Where the service takes its time from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How a service starts.
pub struct Config {
    /// Directory of its keys, and of its database if that is a file; made if it isn't there.
    pub dir: PathBuf,
    /// Where it keeps what it is told.
    pub database: Storage,
    /// Everybody who is insured here.
    pub members: Vec<Member>,
    /// Port on 127.0.0.1; 0 lets the kernel pick one.
    pub port: u16,
    /// Its clock.
    pub clock: Clock,
    /// Look-ups that a desk has a minute.
    pub lookups_per_minute: u32,
    /// Days that a code which was issued without a line can be valid for after its arrival; the contract says 7 at most.
    pub offline_days: u8,
    /// Sees every exchange.
    pub observer: Option<Observer>,
}

impl Config {
    /// With a database of its own, on a port that the kernel picks, with the system's clock, observed by nobody.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>, members: Vec<Member>) -> Self {
        Self {
            dir: dir.into(),
            database: Storage::Folder,
            members,
            port: 0,
            clock: Arc::new(system_clock),
            lookups_per_minute: LOOKUPS_PER_MINUTE,
            offline_days: OFFLINE_DAYS,
            observer: None,
        }
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
    pub(crate) shared: Arc<Shared>,
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
        let listener = bind(config.port).context("binding a port")?;
        rustix::net::listen(&listener, WAITING_CONNECTIONS).context("listening")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(apart(|| Shared::open(config))??);
        let acceptors = Acceptors::new(&shared.authority, shared.today())?;

        let runtime = tokio::runtime::Builder::new_multi_thread()
            .max_blocking_threads(BLOCKING_THREADS)
            .thread_name("account-service")
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("account-service".to_owned())
            .spawn(move || run(runtime, listener, acceptors, &serving, stopped))?;
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
        self.back_office(|transaction| desks::give_token(transaction, &desk))
    }

    /// Revokes a desk: from now on every request of its certificates is answered with `WORKSTATION_REVOKED`.
    ///
    /// # Errors
    /// No such desk, a failing database.
    pub fn revoke_desk(&self, desk: &str) -> anyhow::Result<()> {
        self.back_office(|transaction| desks::revoke(transaction, desk))
    }

    /// Activates the app that an insured person has registered, as if a code had been redeemed that came in another way.
    ///
    /// # Errors
    /// No app waits to be activated, a failing database.
    pub fn activate_app(&self, kvnr: &str) -> anyhow::Result<()> {
        self.back_office(|transaction| members::activate_waiting(transaction, kvnr))
    }

    /// Whether an insured person's electronic health record (ePA) is open in their app.
    ///
    /// # Errors
    /// A failing database.
    pub fn has_epa(&self, kvnr: &str) -> anyhow::Result<bool> {
        self.back_office_read(|transaction| members::has_epa(transaction, kvnr))
    }

    /// State of the code with that public reference, in the contract's word; `None` when there is none.
    ///
    /// # Errors
    /// A failing database.
    pub fn code_state(&self, reference: &str) -> anyhow::Result<Option<&'static str>> {
        let today = self.shared.today();
        let found = self.back_office(|transaction| codes::state_of(transaction, reference, today));
        found.map(|state| state.map(codes::State::as_str))
    }

    /// Every code of that person in the order of their arrival: public reference, and state in the contract's word.
    ///
    /// # Errors
    /// A failing database.
    pub fn codes_of(&self, kvnr: &str) -> anyhow::Result<Vec<(String, &'static str)>> {
        let today = self.shared.today();
        let found = self.back_office(|transaction| codes::of_person(transaction, kvnr, today))?;
        Ok(found.into_iter().map(|(reference, state)| (reference, state.as_str())).collect())
    }

    /// Whether that representative has access to that person's data today.
    ///
    /// # Errors
    /// A failing database.
    pub fn has_access(&self, number: &str, kvnr: &str) -> anyhow::Result<bool> {
        let today = self.shared.today();
        self.back_office_read(|transaction| register::has_access(transaction, number, kvnr, today))
    }

    /// Whether new connections are shown a certificate of an authority that nobody knows.
    pub fn present_foreign_certificate(&self, foreign: bool) {
        self.shared.foreign_certificate.store(foreign, Ordering::SeqCst);
    }

    /// Misbehaves from now on.
    pub fn fault(&self, fault: Fault) {
        self.shared.in_storm.store(0, Ordering::SeqCst);
        self.shared.faults.send_replace(fault);
    }

    /// Does in a transaction what a test or the back office asks for, on whatever thread.
    pub(crate) fn back_office<T: Send>(
        &self,
        work: impl FnMut(&Transaction<'_>) -> Result<T, Problem> + Send,
    ) -> anyhow::Result<T> {
        apart(|| self.shared.transaction(work))?.map_err(failed)
    }

    /// The same for what only reads.
    pub(crate) fn back_office_read<T: Send>(
        &self,
        work: impl FnMut(&Transaction<'_>) -> Result<T, Problem> + Send,
    ) -> anyhow::Result<T> {
        apart(|| self.shared.read(work))?.map_err(failed)
    }
}

/// Listens on a port. That of a service which has just stopped is free again at once (on Unix the standard library sets
/// SO_REUSEADDR), unless this process starts another program in that moment, which holds every open file until it runs.
#[expect(clippy::disallowed_methods, reason = "nobody tells when a port is free")]
fn bind(port: u16) -> io::Result<TcpListener> {
    for _ in 1..BIND_TRIES {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => std::thread::sleep(BIND_PAUSE),
            bound => return bound,
        }
    }
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// Runs `work` on a thread of its own: PostgreSQL's client can't wait on one that a runtime drives.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> anyhow::Result<T> {
    std::thread::scope(|scope| scope.spawn(work).join()).map_err(|_| anyhow::anyhow!("panicked"))
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
    runtime: Runtime,
    listener: TcpListener,
    acceptors: Acceptors,
    shared: &Arc<Shared>,
    stop: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => server::serve(listener, acceptors, Arc::clone(shared), stop).await,
            Err(error) => tracing::error!("listening: {error}"),
        }
    });
    // Ends every connection, and waits for what is at the database.
    drop(runtime);
    shared.database.close();
}

fn failed(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!("the service refused: {problem:?}")
}

/// What every request can use.
pub(crate) struct Shared {
    database: Database,
    pub(crate) authority: Authority,
    pub(crate) secrets: Secrets,
    roll: Roll,
    clock: Clock,
    zone: TimeZone,
    faults: watch::Sender<Fault>,
    /// Requests since the fault was asked for.
    in_storm: AtomicU64,
    foreign_certificate: AtomicBool,
    observer: Option<Observer>,
    pub(crate) signers: Signers,
    pub(crate) lookups_per_minute: u32,
    pub(crate) offline_days: u8,
    /// The last day on which what isn't kept for ever was removed.
    pub(crate) purged_on: AtomicI64,
}

/// What the service signs with.
pub(crate) struct Signers {
    pub(crate) policy: Signer,
    pub(crate) checkpoints: Signer,
}

impl Shared {
    fn open(config: Config) -> anyhow::Result<Self> {
        let zone = TimeZone::get("Europe/Berlin").context("time zone")?;
        let today = (config.clock)().to_zoned(zone.clone()).date();
        let authority = Authority::open(&config.dir, today)?;
        let signers = Signers {
            policy: Signer::open(&config.dir, "policy", &authority, today)?,
            checkpoints: Signer::open(&config.dir, "service", &authority, today)?,
        };
        Ok(Self {
            database: Database::open(&config.database, &config.dir)?,
            authority,
            signers,
            lookups_per_minute: config.lookups_per_minute,
            offline_days: config.offline_days.min(OFFLINE_DAYS),
            purged_on: AtomicI64::new(0),
            secrets: Secrets::open(&config.dir)?,
            roll: Roll::new(config.members)?,
            clock: config.clock,
            zone,
            faults: watch::Sender::new(Fault::None),
            in_storm: AtomicU64::new(0),
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

    /// The day in Germany at a desk whose clock is as fast as it may be.
    pub(crate) fn latest_today(&self) -> Date {
        self.now()
            .checked_add(DESKS_AHEAD)
            .map_or_else(|_| self.today(), |latest| latest.to_zoned(self.zone.clone()).date())
    }

    /// The first moment of a day in Germany.
    pub(crate) fn start_of(&self, day: Date) -> Result<Timestamp, Problem> {
        Ok(day.to_zoned(self.zone.clone()).map_err(anyhow::Error::from)?.timestamp())
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

    /// Number of the next request in a storm.
    pub(crate) fn next_in_storm(&self) -> u64 {
        self.in_storm.fetch_add(1, Ordering::SeqCst)
    }

    pub(crate) fn faults(&self) -> watch::Receiver<Fault> {
        self.faults.subscribe()
    }

    /// [`Database::transaction`]
    pub(crate) fn transaction<T>(
        &self,
        work: impl FnMut(&Transaction<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.database.transaction(work)
    }

    /// [`Database::read`]
    pub(crate) fn read<T>(
        &self,
        work: impl FnMut(&Transaction<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.database.read(work)
    }

    /// [`Database::put`]
    pub(crate) fn put<B: serde::Serialize>(
        &self,
        path: &str,
        desk: &str,
        body: &B,
        effect: impl FnMut(&Transaction<'_>) -> Result<serde_json::Value, Problem>,
    ) -> Result<Put, Problem> {
        self.database.put(path, desk, body, effect)
    }

    /// Runs `work`, which touches the database, where it may block.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = tokio::task::spawn_blocking(move || work(&self)).await;
        done.map_err(anyhow::Error::from)?
    }
}
