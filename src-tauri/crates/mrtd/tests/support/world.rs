//! The day, whom to trust, what is typed from a document, and what is admitted.

use card_sim::travel::{self, TravelDocument};
use jiff::civil::{Date, date};
use mrtd::mrz::{AccessKey, DocumentKind};
use mrtd::passive::Check;
use mrtd::trust::{Root, TrustStore};
use mrtd::{
    Admission, Admitted, Can, Disclosure, DocumentReading, IssuedBy, MrtdError, Password, Progress, Request,
    read,
};
use simulated::Simulated;
use smartcard::{Entropy, NoEntropy};
use std::sync::LazyLock;

/// The day of the tests.
pub(crate) const TODAY: Date = date(2026, 11, 22);

/// Zone and face.
pub(crate) const EVERYTHING: Disclosure = Disclosure { zone: true, face: true };

/// The operating system's.
pub(crate) struct RandomNumbers;

impl Entropy for RandomNumbers {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        openssl::rand::rand_bytes(bytes).map_err(|_| NoEntropy)
    }
}

/// None.
pub(crate) struct NoRandomNumbers;

impl Entropy for NoRandomNumbers {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), NoEntropy> {
        Err(NoEntropy)
    }
}

/// Everything that a desk imports in the world of the simulated documents.
static TRUST: LazyLock<TrustStore> = LazyLock::new(trust);

fn trust() -> TrustStore {
    let files = travel::trust_files(TODAY);
    let is_root = |name: &str| name == "csca-master-list-root.cer";
    let roots: Vec<_> =
        files.iter().filter(|(name, _)| is_root(name)).map(|(_, file)| Root::parse(file).unwrap()).collect();
    let lists = files.iter().filter(|(name, _)| !is_root(name));
    let (store, problems) = TrustStore::from_files(
        lists.map(|(name, file)| (name.as_str(), file.as_slice())),
        &roots,
        &[],
        TODAY,
    );
    assert!(problems.is_empty(), "{problems:?}");
    store
}

/// The zone's part that opens the document.
pub(crate) fn zone(document: &TravelDocument) -> Password {
    let fields = document.key_fields();
    Password::Zone(AccessKey::from_fields(&fields.number, &fields.birth_date, &fields.expiry).unwrap())
}

/// The document's access number.
pub(crate) fn can(document: &TravelDocument) -> Password {
    Password::Can(Can::parse(document.can.as_ref().unwrap()).unwrap())
}

/// Everything of every document.
pub(crate) fn everything() -> Admitted {
    admitting(EVERYTHING)
}

/// The same of every document.
pub(crate) fn admitting(disclosure: Disclosure) -> Admitted {
    let kinds =
        [DocumentKind::Passport, DocumentKind::IdCard, DocumentKind::ResidencePermit, DocumentKind::Other];
    let admission = |kind, issued_by| Admission::new(kind, issued_by, disclosure, "§ 291 (7) SGB V");
    let issuers = [IssuedBy::Germany, IssuedBy::EuropeanUnion, IssuedBy::Others];
    let all = |kind| issuers.map(|issued_by| admission(kind, issued_by));
    Admitted::new(kinds.into_iter().flat_map(all).collect())
}

/// A part of the reading, as a test compares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Opened,
    Document,
    Authenticity,
    Face(usize, usize),
}

/// Reads with the request, and keeps what was told.
pub(crate) fn run(
    reader: &mut Simulated,
    password: &Password,
    admitted: &Admitted,
) -> (Result<DocumentReading, MrtdError>, Vec<Told>) {
    let request = Request { password, admitted, check: Check { trust: &TRUST, today: TODAY } };
    let mut told = Vec::new();
    let outcome = read(reader, &request, &mut RandomNumbers, &mut |progress| {
        told.push(match progress {
            Progress::Opened(_) => Told::Opened,
            Progress::Document { .. } => Told::Document,
            Progress::Authenticity(_) => Told::Authenticity,
            Progress::Face { done, total } => Told::Face(done, total),
            _ => return,
        });
    });
    (outcome, told)
}

/// Reads all that is admitted of a document with its zone.
pub(crate) fn read_all(document: &TravelDocument) -> DocumentReading {
    run(&mut Simulated::new(document.card()), &zone(document), &everything()).0.unwrap()
}
