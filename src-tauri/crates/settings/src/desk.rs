//! The desk file: where this desk stands and what it talks to; the administrator's.

use std::{
    net::Ipv6Addr,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{SettingsError, TightenSettings};

/// Rates that scanners speak, in bits a second.
const BAUD_RATES: [u32; 8] = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];

/// The administrator's file.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// What is stricter here than the profile says.
    #[serde(default)]
    pub tighten: TightenSettings,
}

/// How the account service is reached.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceSettings {
    /// `https://…`
    pub url: String,
    /// PEM file of the authority that the service's certificate must come from.
    pub ca_certificate: PathBuf,
    /// File with the one-time token; the first start enrols with it.
    pub enrolment_token: Option<PathBuf>,
    /// The way out of the house.
    #[serde(default)]
    pub proxy: Proxy,
}

/// The way out of the house. The desk's certificate goes through to the service (CONNECT, RFC 9110 section 9.3.6): a proxy that
/// opens the connection is refused by both ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Proxy {
    /// `none`: straight to the service, whatever the environment says.
    #[default]
    None,
    /// `system`: as the operating system says.
    System,
    /// `http://proxy.example:3128`
    Http(String),
}

impl TryFrom<String> for Proxy {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "none" => Ok(Self::None),
            "system" => Ok(Self::System),
            _ if is_proxy(&text) => Ok(Self::Http(text)),
            _ => Err("a proxy is \"none\", \"system\" or http://HOST:PORT, without a name or a password"),
        }
    }
}

impl From<Proxy> for String {
    fn from(proxy: Proxy) -> Self {
        match proxy {
            Proxy::None => "none".to_owned(),
            Proxy::System => "system".to_owned(),
            Proxy::Http(url) => url,
        }
    }
}

/// `http://HOST:PORT`, the host a name, an IPv4 address or an IPv6 address in brackets. Nobody writes a password into a file that
/// everybody may read.
fn is_proxy(url: &str) -> bool {
    let address = url.strip_prefix("http://").map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    let Some((host, port)) = address.and_then(|it| it.rsplit_once(':')) else { return false };
    let bracketed = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let is_name = |it: &str| {
        !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
    };
    bracketed.map_or_else(|| is_name(host), |it| it.parse::<Ipv6Addr>().is_ok())
        && port.parse::<u16>().is_ok_and(|port| port > 0)
}

/// How the printer is reached.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffSettings {
    /// File with the local accounts: ids, names, roles, PINs as Argon2id.
    pub accounts: PathBuf,
}

/// Whom this desk trusts to vouch for health cards.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustSettings {
    /// Folder with their certificates; see [`crate::trust_files`].
    pub folder: PathBuf,
}

/// A scanner for machine-readable zones, on a serial line or on USB as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
