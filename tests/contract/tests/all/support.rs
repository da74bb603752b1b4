//! A service, a desk and a customer's app.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use account::{
    ActingPerson, BirthDateMatch, CardProofLevel, CheckRecord, CheckResult, ChipRecord, ChipResult,
    ClockRecord, CodeRecord, ConsentForm, ConsentRecord, Delivery, DeliveryError, DeskIdentity,
    DocumentRecord, Endpoint, FaceResult, HealthCardRecord, IdentificationRecord, IssuerGroup, Level,
    LookupReason, NameMatch, PersonMatch, PersonRecord, ProblemCode, Proxy, Purpose, Recipient, SubjectQuery,
    Timeouts, Trust,
};
use account_service::{AppError, Config, CustomerApp, Exchange, Member, Registration, Service, Storage};
use contract::Contract;
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use tempfile::TempDir;
use uuid::{Builder, Uuid};

use crate::desk::Desk;

/// Andrea Amsel. All people are from gematik's test data of the Versichertenstammdaten.
pub(crate) const INSURED: &str = "A123456780";
/// Jens-Jörg Junko, of whose date of birth the day isn't known.
pub(crate) const OTHER_INSURED: &str = "J012345677";
/// Karin Kiebitz.
pub(crate) const KIEBITZ: &str = "K123456781";
/// Elke Freifrau an der Elster.
pub(crate) const ELSTER: &str = "E567890127";
/// Zacharias Graf von und zu Zaunkönig.
pub(crate) const ZAUNKOENIG: &str = "Z987654321";
/// Lisa Lachmöwe, whom the service doesn't know.
pub(crate) const NOT_INSURED: &str = "L234567896";
/// Worked example of the code's format.
pub(crate) const CODE: &str = "7KQ4XR9BTW2B";
/// Another one.
pub(crate) const OTHER_CODE: &str = "H8D3MPWC6YNK";
pub(crate) const DESK: &str = "0312-04";
pub(crate) const REFERENCE: &str = "A-M3PWC6YNKH";
pub(crate) const OTHER_REFERENCE: &str = "A-W2BM3PWC6Y";

/// A new database of the kind that this program's tests are run on.
fn storage() -> Storage {
    let postgres = env!("CARGO_CRATE_NAME") == "postgres";
    let server = postgres.then(workshop::postgres::shared).flatten();
    server.map_or(Storage::Folder, |server| Storage::Postgres(server.database().unwrap()))
}

/// A running service; every exchange with it is kept and can be held to the contract.
pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) dir: TempDir,
    database: Storage,
    started: Timestamp,
    days: Arc<AtomicI64>,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl World {
    pub(crate) fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), 0, storage())
    }

    /// With something configured otherwise.
    pub(crate) fn configured(configure: impl FnOnce(&mut Config)) -> Self {
        Self::start_with(tempfile::tempdir().unwrap(), 0, storage(), configure)
    }

    pub(crate) fn start_in(dir: TempDir, port: u16, database: Storage) -> Self {
        Self::start_with(dir, port, database, |_| {})
    }

    fn start_with(dir: TempDir, port: u16, database: Storage, configure: impl FnOnce(&mut Config)) -> Self {
        let days = Arc::new(AtomicI64::new(0));
        let exchanges = Arc::new(Mutex::new(Vec::new()));
        let mut config = Config::new(dir.path(), members());
        // Stands still, lest a test runs over midnight, until a test moves it.
        let started = (config.clock)();
        let moved = Arc::clone(&days);
        config.clock =
            Arc::new(move || started + SignedDuration::from_hours(24 * moved.load(Ordering::SeqCst)));
        config.port = port;
        config.database = database.clone();
        let seen = Arc::clone(&exchanges);
        config.observer = Some(Arc::new(move |exchange| seen.lock().unwrap().push(exchange)));
        configure(&mut config);
        Self { service: Service::start(config).unwrap(), dir, database, started, days, exchanges }
    }

    /// Everything that the service keeps, in its directory and its database.
    pub(crate) fn kept(&self) -> Vec<u8> {
        let mut kept = bytes_of(self.dir.path());
        if let Storage::Postgres(url) = &self.database {
            kept.extend(workshop::postgres::dump(url).unwrap());
        }
        kept
    }

    /// Stops the service and starts it again with the same directory, database and port.
    pub(crate) fn restart(self) -> Self {
        self.check_exchanges();
        let Self { service, dir, database, .. } = self;
        let port = service.port();
        drop(service);
        Self::start_in(dir, port, database)
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint {
            url: self.service.url(),
            trust: Trust::Only(self.service.ca_certificate().to_owned()),
            proxy: Proxy::None,
            timeouts: Timeouts::default(),
        }
    }

    pub(crate) async fn enrol(&self, desk: &str) -> DeskIdentity {
        let token = self.service.enrolment_token(desk).unwrap();
        account::enrol(&self.endpoint(), &token).await.unwrap()
    }

    pub(crate) async fn desk(&self) -> Desk {
        Desk::new(&self.endpoint(), &self.enrol(DESK).await)
    }

    pub(crate) fn app(&self) -> CustomerApp {
        CustomerApp::new(&self.service.url(), self.service.ca_certificate()).unwrap()
    }

    pub(crate) fn pass_days(&self, days: i64) {
        self.days.fetch_add(days, Ordering::SeqCst);
    }

    /// Now, by the service's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.started + SignedDuration::from_hours(24 * self.days.load(Ordering::SeqCst))
    }

    /// The day in Germany plus some.
    pub(crate) fn day(&self, days: i64) -> Date {
        let today = self.started.to_zoned(TimeZone::get("Europe/Berlin").unwrap()).date();
        today.checked_add((self.days.load(Ordering::SeqCst) + days).days()).unwrap()
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every exchange so far is as the contract says; the operations that occurred.
    pub(crate) fn check_exchanges(&self) -> Vec<String> {
        let contract = Contract::committed().unwrap();
        let exchanges = self.exchanges();
        let checked = exchanges.iter().map(|it| {
            let checked = contract.check((&it.method, &it.path), &it.request, it.status, &it.response);
            checked.unwrap_or_else(|found| panic!("{found:?}")).to_owned()
        });
        checked.collect()
    }

    /// Id of the identification that was delivered last.
    pub(crate) fn last_identification(&self) -> Uuid {
        let paths: Vec<_> = self.exchanges().into_iter().map(|exchange| exchange.path).collect();
        let ids = paths.iter().rev().filter_map(|path| path.strip_prefix("/ws/v1/identifications/"));
        ids.map(|id| id.parse().unwrap()).next().unwrap()
    }

    /// Everything up to a code that is delivered and not handed over.
    pub(crate) async fn code_delivered(&self, desk: &Desk) -> (Registration, Uuid) {
        let registration = self.app().register(INSURED).await.unwrap();
        let identification = id();
        desk.deliver(&desk.identified(identification, INSURED)).await.unwrap();
        let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
        let (code, record) = (id(), self.code(identification, &registration, sealed));
        desk.deliver(&desk.code(code, &record)).await.unwrap();
        (registration, code)
    }

    pub(crate) fn code(
        &self,
        identification: Uuid,
        registration: &Registration,
        sealed: String,
    ) -> CodeRecord {
        CodeRecord {
            identification_id: identification,
            kvnr: INSURED.into(),
            purpose: Purpose::AppActivation,
            recipient: Recipient::Subject { visit_number: registration.visit_number.as_str().into() },
            reference: REFERENCE.to_owned(),
            valid_until: self.day(14),
            offline: false,
            sealed_code: sealed,
        }
    }
}

fn members() -> Vec<Member> {
    [
        "A123456780;Amsel;Andrea;19971228;80276883110000000001",
        "J012345677;Junko;Jens-Jörg;19581200;80276883110000000010",
        "K123456781;Kiebitz;Karin;19330000",
        "E567890127;an der Elster;Elke;19921113",
        "Z987654321;von und zu Zaunkönig;Zacharias;19870516",
    ]
    .map(|line| line.parse().unwrap())
    .to_vec()
}

/// A look-up of Andrea Amsel as her health card says it.
pub(crate) const AMSEL: SubjectQuery<'static> = SubjectQuery {
    kvnr: INSURED,
    reason: LookupReason::HealthCardPresented,
    family_name: "Amsel",
    given_names: "Andrea",
    birth_date: "1997-12-28",
    card_number_tail: None,
};

/// The problem with which a delivery is refused.
pub(crate) async fn refused(desk: &Desk, delivery: &Delivery) -> ProblemCode {
    match desk.deliver(delivery).await {
        Err(DeliveryError::Refused(problem)) => problem.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// A fresh id; tests don't ask for the time, so it is counted instead.
pub(crate) fn id() -> Uuid {
    static NEXT: AtomicI64 = AtomicI64::new(1_767_225_600_000);
    let count = NEXT.fetch_add(1, Ordering::SeqCst);
    Builder::from_unix_timestamp_millis(count.unsigned_abs(), &[7; 10]).into_uuid()
}

pub(crate) fn identification(kvnr: &str) -> IdentificationRecord {
    IdentificationRecord {
        policy_version: "2026-11-01#17".to_owned(),
        operator: "s-4711".to_owned(),
        second_operator: None,
        identified_at: "2026-11-21T09:17:40Z".parse().unwrap(),
        clock: Some(ClockRecord { offset_ms: -180, age_s: 240 }),
        person: PersonRecord {
            number: ActingPerson::Kvnr(kvnr.into()),
            agreement: PersonMatch { names: NameMatch::Agree, birth_date: BirthDateMatch::Agrees },
        },
        health_card: HealthCardRecord::Read {
            proof_level: CardProofLevel::Chip,
            card_number_tail: "0001".into(),
            pin_verified: false,
        },
        document: DocumentRecord {
            document_type: "reisepass-de-2017".to_owned(),
            issuer_group: IssuerGroup::De,
            valid_on_check: true,
            chip: None,
        },
        checks: ["front", "tilt", "uv"]
            .map(|id| CheckRecord { id: id.to_owned(), result: CheckResult::Pass })
            .to_vec(),
        face: FaceResult::Match,
        level: Level::Substantial,
    }
}

/// As an electronic health record asks for it: two have looked, level high.
pub(crate) fn identification_for_epa(kvnr: &str) -> IdentificationRecord {
    IdentificationRecord {
        second_operator: Some("s-0815".to_owned()),
        level: Level::High,
        ..identification(kvnr)
    }
}

/// A genuine chip in which everything agrees.
pub(crate) fn proven_chip() -> ChipRecord {
    ChipRecord {
        consent: ConsentRecord { form: ConsentForm::Tapped, wording: "chip-consent@1".to_owned() },
        data: ChipResult::Valid,
        copy: ChipResult::Valid,
        name_agrees: true,
        print_agrees: true,
    }
}

/// A problem's code, with the tries that are left.
pub(crate) fn problem<T: std::fmt::Debug>(answer: Result<T, AppError>) -> (String, Option<u8>) {
    match answer {
        Err(AppError::Problem { code, tries_left }) => (code, tries_left),
        other => panic!("no problem: {other:?}"),
    }
}

/// Impatient with services that don't answer, yet not so that a busy machine couldn't carry out a request.
pub(crate) fn impatient(endpoint: Endpoint) -> Endpoint {
    let timeouts = Timeouts { exchange: Duration::from_secs(2), ..endpoint.timeouts };
    Endpoint { timeouts, ..endpoint }
}

/// All files of a directory, one after the other.
pub(crate) fn bytes_of(dir: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(dir).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

/// Whether `needle` occurs in `hay`.
pub(crate) fn holds(hay: &[u8], needle: &str) -> bool {
    hay.windows(needle.len()).any(|window| window == needle.as_bytes())
}
