//! `profile check`: whether a profile can be used; `profile show`: every value that is in force at this desk, and who says so.

use std::{fs, path::PathBuf};

use account::SignedPolicy;
use serde::Serialize;
use settings::{Profile, Settings, SignedProfile, Source};
use store::{KeptName, Reader};

use crate::{desk::DeskSource, failure::Failure, language::Language};

/// Which file.
#[derive(Debug, clap::Args)]
pub(crate) struct ProfileCheck {
    /// The profile, written as those that come with the program
    file: PathBuf,
}

/// The answer to `profile check`: it can be used.
#[derive(Debug, Serialize)]
pub(crate) struct CheckReport {
    name: String,
    version: String,
    values: usize,
}

/// The answer to `profile show`.
#[derive(Debug, Serialize)]
pub(crate) struct ShowReport {
    /// Whether the newest signed profile that the desk has kept is in force.
    bundle: Bundle,
    values: Vec<Value>,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Bundle {
    /// The desk has kept none.
    None,
    InForce,
    /// It doesn't verify, or isn't for this desk: the shipped profile is in force.
    Refused,
    /// The desk's store can't be read, so nobody knows whether there is one.
    Unknown,
}

#[derive(Debug, Serialize)]
struct Value {
    key: String,
    value: String,
    #[serde(flatten)]
    source: ValueSource,
}

/// Who says so.
#[derive(Debug, Serialize)]
#[serde(tag = "source", rename_all = "snake_case")]
enum ValueSource {
    Shipped,
    Signed { serial: u64, issued_at: String },
    Managed { file: String },
}

impl CheckReport {
    /// Reads the profile as a desk would.
    pub(crate) fn make(options: &ProfileCheck) -> Result<Self, Failure> {
        let file = options.file.display().to_string();
        let text = fs::read_to_string(&options.file)
            .map_err(|error| Failure::NotRead { what: file.clone(), reason: error.to_string() })?;
        let profile = Profile::from_text(&text, &file)?;
        Ok(Self { values: profile.values().len(), name: profile.name, version: profile.version })
    }

    /// A line for a person.
    pub(crate) fn to_text(&self, language: Language) -> String {
        let Self { name, version, values } = self;
        language.pick(
            format!("{name} {version}: verwendbar, {values} Werte\n"),
            format!("{name} {version}: can be used, {values} values\n"),
        )
    }
}

impl ShowReport {
    /// Reads the settings, and the signed profile that the desk has kept.
    pub(crate) fn make(desk: &DeskSource) -> Result<Self, Failure> {
        let shipped = desk.settings()?;
        let (settings, bundle) = match desk.reader().and_then(|it| Ok(it.kept(KeptName::Policy)?)) {
            Err(_) => (shipped, Bundle::Unknown),
            Ok(None) => (shipped, Bundle::None),
            Ok(Some(kept)) => match with_bundle(&shipped, &kept.value) {
                Some(signed) => (signed, Bundle::InForce),
                None => (shipped, Bundle::Refused),
            },
        };
        let values = settings.values().into_iter().map(|it| Value {
            key: it.key,
            value: it.value,
            source: it.source.into(),
        });
        Ok(Self { bundle, values: values.collect() })
    }

    /// A line a value, aligned.
    pub(crate) fn to_text(&self, language: Language) -> String {
        let note = match self.bundle {
            Bundle::None | Bundle::InForce => "",
            Bundle::Refused => language.pick(
                "Das signierte Profil, das der Platz hat, gilt nicht: Es ist nicht für ihn oder nicht echt.\n",
                "The signed profile that the desk has isn't in force: it isn't for it, or isn't genuine.\n",
            ),
            Bundle::Unknown => language.pick(
                "Ob der Platz ein signiertes Profil hat, lässt sich hier nicht lesen.\n",
                "Whether the desk has a signed profile can't be read here.\n",
            ),
        };
        let key = self.values.iter().map(|it| it.key.chars().count()).max().unwrap_or(0);
        let lines = self
            .values
            .iter()
            .map(|it| format!("{:key$}  {}  [{}]\n", it.key, it.value, it.source.to_text(language)));
        lines.chain([note.to_owned()]).collect()
    }
}

/// The settings as they are in force at this desk: a signed profile that doesn't count changes nothing.
pub(crate) fn in_force(shipped: &Settings, reader: &Reader) -> Settings {
    let kept = reader.kept(KeptName::Policy).ok().flatten();
    kept.and_then(|kept| with_bundle(shipped, &kept.value)).unwrap_or_else(|| shipped.clone())
}

fn with_bundle(settings: &Settings, kept: &[u8]) -> Option<Settings> {
    let authority = fs::read_to_string(&settings.desk.service.ca_certificate).ok()?;
    let bundle = SignedPolicy::verify(str::from_utf8(kept).ok()?, &authority, 0).ok()?;
    let signed = SignedProfile {
        serial: bundle.serial.try_into().ok()?,
        issued_at: bundle.issued_at,
        profile: bundle.profile,
        toml: bundle.toml,
    };
    settings.with_bundle(&signed).ok()
}

impl From<Source> for ValueSource {
    fn from(source: Source) -> Self {
        match source {
            Source::Shipped => Self::Shipped,
            Source::Signed { serial, issued_at } => {
                Self::Signed { serial: serial.into(), issued_at: issued_at.to_string() }
            }
            Source::Managed(file) => Self::Managed { file: file.display().to_string() },
        }
    }
}

impl ValueSource {
    fn to_text(&self, language: Language) -> String {
        match self {
            Self::Shipped => language.pick("mit dem Programm", "with the program").to_owned(),
            Self::Signed { serial, issued_at } => language.pick(
                format!("signiert, Nr. {serial} vom {issued_at}"),
                format!("signed, no. {serial} of {issued_at}"),
            ),
            Self::Managed { file } => file.clone(),
        }
    }
}
