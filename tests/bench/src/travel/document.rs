//! The documents that are read, and what a desk knows of them.

use anyhow::{Context, Result, ensure};
use card_sim::{
    find,
    travel::{TravelDocument, trust_files},
};
use clap::ValueEnum;
use mrtd::{
    Access, Admission, Admitted, Disclosure, DocumentReading, IssuedBy, Password, Progress, Request, Verdict,
    mrz::{AccessKey, DocumentKind},
    passive::Check,
    read,
    trust::{Root, TrustStore},
};
use smartcard::CardChannel;

use crate::{desk::TODAY, ours::SystemRandom};

/// The file among those to be trusted that the master list's signer is certified by.
const MASTER_LIST_ROOT: &str = "csca-master-list-root.cer";

/// How a document opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Opening {
    /// Basic access control, 3DES; the chip proves nothing.
    Bac,
    /// PACE on brainpoolP256r1 with AES-128, and chip authentication.
    Pace,
}

impl Opening {
    pub(crate) const ALL: [Self; 2] = [Self::Bac, Self::Pace];

    /// As an argument.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bac => "bac",
            Self::Pace => "pace",
        }
    }

    /// A document in order that opens so.
    pub(crate) fn document(self) -> Result<TravelDocument> {
        let name = match self {
            Self::Bac => "passport-united-states",
            Self::Pace => "passport-without-mapping",
        };
        find(name).and_then(|entry| entry.travel_document(TODAY)).context("no such document")
    }
}

/// What a desk knows before it reads a document.
pub(crate) struct Given {
    opening: Opening,
    password: Password,
    admitted: Admitted,
    trust: TrustStore,
}

impl Given {
    /// The document's zone, and whom to trust in the world of the simulated documents.
    pub(crate) fn of(opening: Opening) -> Result<Self> {
        let fields = opening.document()?.key_fields();
        let key = AccessKey::from_fields(&fields.number, &fields.birth_date, &fields.expiry)?;
        let everything = Disclosure { zone: true, face: true };
        let admissions = [IssuedBy::Germany, IssuedBy::EuropeanUnion, IssuedBy::Others].map(|issued_by| {
            Admission::new(DocumentKind::Passport, issued_by, everything, "§ 291 (7) SGB V")
        });
        let admitted = Admitted::new(admissions.into());
        Ok(Self { opening, password: Password::Zone(key), admitted, trust: trust()? })
    }

    /// Reads the document and checks it; `on_name` is called when the holder's name is told.
    pub(crate) fn read(
        &self,
        channel: &mut dyn CardChannel,
        on_name: &mut dyn FnMut(),
    ) -> Result<DocumentReading> {
        let check = Check { trust: &self.trust, today: TODAY };
        let request = Request { password: &self.password, admitted: &self.admitted, check };
        let reading = read(channel, &request, &mut SystemRandom, &mut |part| {
            if let Progress::Document { holder: Some(_), .. } = part {
                on_name();
            }
        })?;
        Ok(reading)
    }

    /// What is measured must be what was asked for.
    pub(crate) fn check_outcome(&self, reading: &DocumentReading) -> Result<()> {
        let (access, chip) = match self.opening {
            Opening::Bac => (Access::Bac, None),
            Opening::Pace => (Access::Pace, Some(Verdict::Valid)),
        };
        ensure!(reading.access == access, "the document wasn't opened as asked for");
        ensure!(reading.holder.is_some() && reading.face.is_some(), "zone or face is missing: {reading:?}");
        let proven = reading.authenticity;
        ensure!(proven.passive.verdict() == Verdict::Valid, "its data weren't proven: {proven:?}");
        ensure!(
            chip.is_none_or(|chip| proven.chip_authentication == chip),
            "its chip wasn't proven: {proven:?}"
        );
        Ok(())
    }
}

/// Everything that a desk imports.
fn trust() -> Result<TrustStore> {
    let (roots, files): (Vec<_>, Vec<_>) =
        trust_files(TODAY).into_iter().partition(|(name, _)| name == MASTER_LIST_ROOT);
    let roots = roots.iter().map(|(_, file)| Root::parse(file)).collect::<Result<Vec<_>, _>>()?;
    let files = files.iter().map(|(name, file)| (name.as_str(), file.as_slice()));
    let (trust, problems) = TrustStore::from_files(files, &roots, &[], TODAY);
    ensure!(problems.is_empty(), "not trusted: {problems:?}");
    Ok(trust)
}
