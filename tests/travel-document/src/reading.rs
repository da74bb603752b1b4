//! Reading a document as a desk does it: one job of a session, with everything proven that can be.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use card_sim::{
    Inserted,
    travel::{KeyFields, TravelDocument, check_digit, trust_files},
};
use health_card::{readers::PATIENCE, reading::SystemRandom};
use mrtd::{
    Access, Admission, Admitted, Authenticity, Can, Disclosure, DocumentReading, IssuedBy, MrtdError,
    Password, Progress, Request,
    mrz::{AccessKey, DocumentKind},
    passive::Check,
    read,
    trust::{Root, TrustProblem, TrustStore},
};
use pcsc_reader::{Ending, JobError, JobHandle, JobOptions, Session};

pub use health_card::reading::TODAY;

/// The certificate that an administrator pins for the signer of lists.
const ROOT: &str = "csca-master-list-root.cer";

/// Characters that the zone has room for in the document number (Doc 9303-4, 4.2.2).
const NUMBER_FIELD: usize = 9;

/// Zone and face.
pub const EVERYTHING: Disclosure = Disclosure { zone: true, face: true };
/// Names and dates, but not the face.
pub const ZONE_ALONE: Disclosure = Disclosure { zone: true, face: false };

/// Whom the desk trusts: what an administrator has imported for the simulated documents, and what was wrong
/// with it.
static TRUST: LazyLock<(TrustStore, Vec<TrustProblem>)> = LazyLock::new(|| {
    let files = trust_files(TODAY);
    // Without its root a list is of an unknown issuer, which is a problem that is told.
    let roots: Vec<_> = files
        .iter()
        .filter(|(name, _)| name == ROOT)
        .filter_map(|(_, file)| Root::parse(file).ok())
        .collect();
    let lists = files.iter().filter(|(name, _)| name != ROOT);
    TrustStore::from_files(lists.map(|(name, file)| (name.as_str(), file.as_slice())), &roots, &[], TODAY)
});

/// What was wrong with the files that were imported.
#[must_use]
pub fn trust_problems() -> &'static [TrustProblem] {
    &TRUST.1
}

/// What is printed on a document, and opens its chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The card access number.
    Can(String),
    /// What is typed of the zone.
    Fields(KeyFields),
    /// The zone as a scanner gives it.
    Zone(String),
}

impl Key {
    /// The number on the document's front; of one that has none, the digits that somebody takes for it.
    #[must_use]
    pub fn can_of(document: &TravelDocument) -> Self {
        Self::Can(document.can.clone().unwrap_or_else(|| card_sim::egk::CAN.to_owned()))
    }

    /// The three fields of the document's zone as they are typed; a number that is longer than its field with
    /// its check digit, for without nobody could tell where it ends.
    #[must_use]
    pub fn fields_of(document: &TravelDocument) -> Self {
        let KeyFields { mut number, birth_date, expiry } = document.key_fields();
        if number.len() > NUMBER_FIELD {
            number.push(check_digit(&number));
        }
        Self::Fields(KeyFields { number, birth_date, expiry })
    }

    /// The document's whole zone.
    #[must_use]
    pub fn zone_of(document: &TravelDocument) -> Self {
        Self::Zone(document.zone().join("\n"))
    }

    fn password(&self) -> Option<Password> {
        match self {
            Self::Can(digits) => Can::parse(digits).map(Password::Can),
            Self::Fields(KeyFields { number, birth_date, expiry }) => {
                AccessKey::from_fields(number, birth_date, expiry).ok().map(Password::Zone)
            }
            Self::Zone(lines) => AccessKey::from_zone(lines).ok().map(Password::Zone),
        }
    }
}

/// What is wanted of a document.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What opens it.
    pub key: Key,
    /// What may leave the reading.
    pub admitted: Admitted,
    /// How long the job may take.
    pub deadline: Duration,
}

impl Wanted {
    /// Everything there is behind this key.
    #[must_use]
    pub fn with(key: Key) -> Self {
        Self { key, admitted: admitting(EVERYTHING), deadline: PATIENCE }
    }
}

/// The same of every document.
#[must_use]
pub fn admitting(disclosure: Disclosure) -> Admitted {
    use DocumentKind::{IdCard, Other, Passport, ResidencePermit};
    let kinds = [Passport, IdCard, ResidencePermit, Other].into_iter();
    let admission = |(kind, issued_by)| Admission::new(kind, issued_by, disclosure, "§ 291 (7) SGB V");
    let issuers = [IssuedBy::Germany, IssuedBy::EuropeanUnion, IssuedBy::Others];
    Admitted::new(kinds.flat_map(|kind| issuers.map(|issuer| (kind, issuer))).map(admission).collect())
}

/// Why there is no reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The session had no answer.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The chip gave up no reading.
    #[error(transparent)]
    Document(#[from] MrtdError),
    /// What was typed can't be a key.
    #[error("this opens no document")]
    NoKey,
}

/// A reading, or why there is none.
pub type Answer = Result<DocumentReading, Failure>;

/// A part of the reading as it was told, without personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The chip is open.
    Opened(Access),
    /// What document it is; whether the name came along.
    Document {
        /// What kind of document.
        kind: DocumentKind,
        /// Whether the name was told.
        named: bool,
    },
    /// How far it is genuine.
    Authenticity(Authenticity),
    /// Bytes of the face.
    Face {
        /// Bytes read.
        done: usize,
        /// Bytes of the file.
        total: usize,
    },
}

/// Whether the reading goes on after a part was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It does.
    GoOn,
    /// Somebody presses "cancel".
    Cancel,
}

/// Reads the document that is in the session's reader, and waits no longer than the deadline.
///
/// # Errors
/// Every [`Failure`].
pub fn reading(session: &Session, wanted: &Wanted) -> Answer {
    answer(submit(session, wanted, |_| Then::GoOn), wanted.deadline)
}

/// A part that was told, and how many commands the chip had been given by then.
pub type ToldAfter = (Told, usize);

/// Reads as [`reading`] does, and keeps what was told and when; `then` decides whether the reading goes on.
///
/// # Errors
/// Every [`Failure`].
pub fn followed(
    session: &Session,
    inserted: &Arc<Inserted>,
    wanted: &Wanted,
    mut then: impl FnMut(Told) -> Then + Send + 'static,
) -> (Answer, Vec<ToldAfter>) {
    let (sender, told) = std::sync::mpsc::channel();
    let chip = Arc::clone(inserted);
    let job = submit(session, wanted, move |part| {
        // It ends only if nobody wants to know.
        sender.send((part, chip.apdus())).ok();
        then(part)
    });
    (answer(job, wanted.deadline), told.iter().collect())
}

type Job = JobHandle<Result<DocumentReading, Failure>>;

fn answer(job: Job, deadline: Duration) -> Answer {
    job.wait(deadline)?
}

/// Has the document read.
fn submit(session: &Session, wanted: &Wanted, mut told: impl FnMut(Told) -> Then + Send + 'static) -> Job {
    // As a desk does: what the key has opened is closed to the next program.
    let options = JobOptions { deadline: wanted.deadline, ending: Ending::Reset };
    let Wanted { key, admitted, .. } = wanted.clone();
    session.submit(options, move |channel, cancel| {
        let password = key.password().ok_or(Failure::NoKey)?;
        let check = Check { trust: &TRUST.0, today: TODAY };
        let request = Request { password: &password, admitted: &admitted, check };
        let reading = read(channel, &request, &mut SystemRandom, &mut |progress| {
            if of(progress).is_some_and(|part| told(part) == Then::Cancel) {
                cancel.cancel();
            }
        });
        Ok(reading?)
    })
}

fn of(progress: Progress<'_>) -> Option<Told> {
    Some(match progress {
        Progress::Opened(access) => Told::Opened(access),
        Progress::Document { kind, holder, .. } => Told::Document { kind, named: holder.is_some() },
        Progress::Authenticity(authenticity) => Told::Authenticity(*authenticity),
        Progress::Face { done, total } => Told::Face { done, total },
        // A part that these tests don't know yet.
        _ => return None,
    })
}
