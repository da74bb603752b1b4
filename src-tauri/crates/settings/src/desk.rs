//! The desk file: where this desk stands and what it talks to; the administrator's.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::SettingsError;

/// Rates that scanners speak, in bits a second.
const BAUD_RATES: [u32; 8] = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];

/// The administrator's file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskFile {
    /// Which profile: the file's name in `assets/profiles`.
    pub profile: String,
    /// Town or quarter, without the profile's word for the place: "Hamburg-Altona".
    pub place: String,
    /// "Platz 3"
    pub desk: String,
    /// Folder of the database; belongs to the desk's account alone.
    pub data_dir: PathBuf,
    /// The account service.
    pub service: ServiceSettings,
    /// The printer.
    pub printer: PrinterSettings,
    /// Who may work here.
    pub staff: StaffSettings,
    /// Whom this desk trusts to vouch for health cards, beside the roots that come with the program.
    pub trust: Option<TrustSettings>,
    /// The scanner for machine-readable zones; what it may be used for is the profile's to say.
    pub scanner: Option<ScannerSettings>,
}

/// How the account service is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceSettings {
    /// `https://…`
    pub url: String,
    /// PEM file of the authority that the service's certificate must come from.
    pub ca_certificate: PathBuf,
    /// File with the one-time token; the first start enrols with it.
    pub enrolment_token: Option<PathBuf>,
}

/// How the printer is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrinterSettings {
    /// `ipps://…`, or `ipp://` on this machine.
    pub uri: String,
    /// What the clerk calls it.
    pub name: String,
    /// PEM file of the certificate or authority that an `ipps` printer must show.
    pub ca_certificate: Option<PathBuf>,
}

/// Who may work here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffSettings {
    /// File with the local accounts: ids, names, roles, PINs as Argon2id.
    pub accounts: PathBuf,
}

/// Whom this desk trusts to vouch for health cards.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustSettings {
    /// Folder with their certificates; see [`crate::trust_files`].
    pub folder: PathBuf,
}

/// A scanner for machine-readable zones, on a serial line or on USB as one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScannerSettings {
    /// `/dev/serial/by-id/…`, `COM3`
    pub device: String,
    /// Bits a second.
    #[serde(default = "usual_baud")]
    pub baud: u32,
}

const fn usual_baud() -> u32 {
    9600
}

impl DeskFile {
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        let rules = [
            ("place", !self.place.trim().is_empty()),
            ("desk", !self.desk.trim().is_empty()),
            ("data_dir", self.data_dir.is_absolute()),
            ("service.url", self.service.url.starts_with("https://")),
            ("printer.uri", ["ipp://", "ipps://"].iter().any(|scheme| self.printer.uri.starts_with(scheme))),
            ("staff.accounts", self.staff.accounts.is_absolute()),
            ("trust.folder", self.trust.as_ref().is_none_or(|trust| trust.folder.is_absolute())),
            ("scanner.device", self.scanner.as_ref().is_none_or(|it| is_device(&it.device))),
            ("scanner.baud", self.scanner.as_ref().is_none_or(|it| BAUD_RATES.contains(&it.baud))),
        ];
        match rules.into_iter().find(|(_, holds)| !holds) {
            Some((key, _)) => Err(SettingsError::Value { key: key.to_owned() }),
            None => Ok(()),
        }
    }
}

/// A file below `/dev`, or one of Windows' serial ports.
fn is_device(name: &str) -> bool {
    let port = name.strip_prefix("COM").and_then(|number| number.parse::<u8>().ok());
    port.is_some_and(|number| number > 0)
        || Path::new(name).starts_with("/dev") && !name.split('/').any(|part| part == "..")
}
