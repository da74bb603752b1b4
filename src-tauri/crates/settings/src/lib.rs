//! What differs between insurers, places and desks: the shipped profile, the desk's managed file, the catalogue of
//! documents; each value with its provenance.
//!
//! Three files, three owners: the **profile** (`assets/profiles`) belongs to the insurer and comes with the program until a
//! signed bundle replaces it ([`Settings::with_bundle`]); the **desk file** belongs to the administrator and says where the
//! desk stands and what it talks to, and nobody signs it: of the profile it may only tighten what [`TightenSettings`] names; the **catalogue** (`assets/documents`) says how a document is looked at. Unknown keys are errors: a mistyped
//! key must not silently leave a default in force.

mod bundle;
mod catalogue;
mod desk;
mod profile;
mod tighten;
mod trust_folder;
mod trust_memory;
mod values;

use std::path::{Path, PathBuf};

use identification::{Policy, Reviews};
use jiff::{Timestamp, ToSpan, civil::Date};

pub use bundle::SignedProfile;
pub use catalogue::{CatalogueCheck, CatalogueDocument, LocalText, NumberForm};
pub use desk::{
    DeskFile, PrinterSettings, Proxy, ScannerSettings, ServiceSettings, StaffSettings, TrustSettings,
};
pub use profile::{
    AccessSettings, ChipSettings, ClockSettings, LetterWords, OfflineSettings, Profile, RetentionSettings,
    ReviewSettings, ScanSettings, Words,
};
pub use tighten::TightenSettings;
pub use trust_folder::{
    MAX_TRUST_FILE_BYTES, MAX_TRUST_FILES, MAX_TRUST_FOLDER_BYTES, TrustFile, TrustPurpose, trust_files,
};
pub use trust_memory::{keep_trust_memory, trust_memory};
pub use values::Value;

/// Longest settings file that is read; real ones have a few kilobytes.
const MAX_FILE_BYTES: u64 = 256 * 1024;

/// Days since the demonstration's catalogue and checklist were gone over: fresh enough for every level, with no warning.
const DEMONSTRATION_REVIEWED_DAYS: i64 = 7;

/// Everything that is set, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The insurer's values, as strict as the desk file makes them.
    pub profile: Profile,
    /// The desk's values.
    pub desk: DeskFile,
    /// Admitted documents in the profile's order.
    pub documents: Vec<CatalogueDocument>,
    /// Where the profile's values come from.
    pub profile_source: Source,
    /// Where the desk's values come from.
    pub desk_source: Source,
    /// Keys of the profile whose values the desk file has made stricter.
    tightened: Vec<String>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// With the program.
    Shipped,
    /// From a bundle that the insurer has signed.
    Signed {
        /// Number of the bundle.
        serial: u32,
        /// When it was signed.
        issued_at: Timestamp,
    },
    /// From the administrator's file.
    Managed(PathBuf),
}

/// Why settings can't be used. Texts of the parser are kept: a settings file holds no personal data.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file can't be read.
    #[error("{path} could not be read")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file can't be written.
    #[error("{path} could not be written")]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file, or all of a folder, is larger than any of its kind.
    #[error("{path} is larger than {limit} bytes")]
    TooLarge {
        /// Which file or folder.
        path: PathBuf,
        /// How large it may be, in bytes.
        limit: u64,
    },
    /// The folder holds more certificates and lists than any desk trusts.
    #[error("{path} holds more than {limit} certificates and lists")]
    TooMany {
        /// Which folder.
        path: PathBuf,
        /// How many it may hold.
        limit: usize,
    },
    /// Anybody on this machine may change what the desk trusts.
    #[error("{path} is writable by everybody")]
    WritableByOthers {
        /// Which folder or file.
        path: PathBuf,
    },
    /// The file isn't what it should be.
    #[error("{file} is not valid")]
    Parse {
        /// Which file.
        file: String,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The signed bundle is for another profile than the desk file's.
    #[error("the signed bundle is for the profile {bundle}, the desk's is {desk}")]
    OtherProfile {
        /// The bundle's.
        bundle: String,
        /// The desk's.
        desk: String,
    },
    /// The signed bundle holds an older version of the profile than came with the program.
    #[error("the signed bundle's version {bundle} is older than {shipped}, which came with the program")]
    OlderThanShipped {
        /// The bundle's version.
        bundle: String,
        /// The program's.
        shipped: String,
    },
    /// A value is out of its range or names something that doesn't exist.
    #[error("{key} is not valid")]
    Value {
        /// The key, dotted: `code.valid_days`.
        key: String,
    },
}

impl Settings {
    /// Reads the desk file at `path` and what it names.
    ///
    /// # Errors
    /// [`SettingsError`] naming file or key.
    pub fn load(path: &Path) -> Result<Self, SettingsError> {
        let read = |source| SettingsError::Read { path: path.to_owned(), source };
        if std::fs::metadata(path).map_err(read)?.len() > MAX_FILE_BYTES {
            return Err(SettingsError::TooLarge { path: path.to_owned(), limit: MAX_FILE_BYTES });
        }
        let text = std::fs::read_to_string(path).map_err(read)?;
        Self::from_text(&text, &path.display().to_string(), Source::Managed(path.to_owned()))
    }

    fn from_text(text: &str, file: &str, desk_source: Source) -> Result<Self, SettingsError> {
        let desk: DeskFile = parse(text, file)?;
        desk.check()?;
        let profile = Profile::shipped(&desk.profile)?;
        Self::build(desk, desk_source, profile, Source::Shipped)
    }

    fn build(
        desk: DeskFile,
        desk_source: Source,
        mut profile: Profile,
        profile_source: Source,
    ) -> Result<Self, SettingsError> {
        let documents = profile.admitted()?;
        let tightened = desk.tighten.apply(&mut profile)?;
        Ok(Self { profile, desk, documents, profile_source, desk_source, tightened })
    }

    /// The same desk with the profile that the insurer has signed and sent, in place of the shipped one or of an earlier bundle's.
    ///
    /// # Errors
    /// [`SettingsError`] when it is for another profile, older than the shipped one, or not valid; what was in force stays so.
    pub fn with_bundle(&self, bundle: &SignedProfile) -> Result<Self, SettingsError> {
        let SignedProfile { serial, issued_at, profile: name, toml } = bundle;
        if *name != self.desk.profile {
            let (bundle, desk) = (name.clone(), self.desk.profile.clone());
            return Err(SettingsError::OtherProfile { bundle, desk });
        }
        let signed = Profile::from_text(toml, &format!("profile {name} of bundle {serial}"))?;
        let shipped = Profile::shipped(name)?;
        if !signed.is_as_new_as(&shipped) {
            let (bundle, shipped) = (signed.version, shipped.version);
            return Err(SettingsError::OlderThanShipped { bundle, shipped });
        }
        let source = Source::Signed { serial: *serial, issued_at: *issued_at };
        Self::build(self.desk.clone(), self.desk_source.clone(), signed, source)
    }

    /// The part that decides. `today`: see [`Self::reviews`].
    #[must_use]
    pub fn policy(&self, today: Date) -> Policy {
        Policy {
            version: format!("{} {}", self.profile.name, self.profile.version),
            own_iks: self.profile.own_iks.clone(),
            purposes: self.profile.purposes.iter().map(profile::PurposeSettings::rule).collect(),
            documents: self.documents.iter().map(|it| it.rule(self.profile.chip_rule(it))).collect(),
            code_valid_days: self.profile.code.valid_days,
            tray_minutes: self.profile.code.tray_minutes,
            areas_for_access: self.profile.representation.areas(),
            confirmation_months: self.profile.representation.confirmation_months,
            second_look_reaches_high: self.profile.second_look.reaches_high,
            resume_minutes: self.profile.visit.resume_minutes,
            health_card_proof: self.profile.health_card.proof.into(),
            card_number: self.profile.card_number.rule(),
            pin_at_reader: self.profile.pin.at_reader,
            reviews: self.reviews(today),
            offline: self.profile.offline.into(),
            clock: self.profile.clock.into(),
            retention: self.profile.retention.into(),
            access: self.profile.access.into(),
        }
    }

    /// The profile's dates. In builds with the feature `workshop` the demonstration's are a week before `today`, so that
    /// neither it nor a test rots.
    fn reviews(&self, today: Date) -> Reviews {
        let reviewed = today.saturating_sub(DEMONSTRATION_REVIEWED_DAYS.days());
        if cfg!(feature = "workshop") && self.desk.profile == profile::DEMONSTRATION {
            Reviews { catalogue: reviewed, checklist: reviewed }
        } else {
            self.profile.reviews.into()
        }
    }

    /// The legal basis on which the zone of this type of document may be scanned; `None`: it may not.
    #[must_use]
    pub fn scan_admitted(&self, document_id: &str) -> Option<&str> {
        self.profile.scans.iter().find(|it| it.document == document_id).map(|it| it.legal_basis.as_str())
    }

    /// "Servicezentrum Hamburg-Altona"
    #[must_use]
    pub fn place(&self) -> String {
        format!("{} {}", self.profile.words.place, self.desk.place)
    }
}

fn parse<T: serde::de::DeserializeOwned>(text: &str, file: &str) -> Result<T, SettingsError> {
    toml::from_str(text)
        .map_err(|source| SettingsError::Parse { file: file.to_owned(), source: Box::new(source) })
}

#[cfg(test)]
mod tests;
