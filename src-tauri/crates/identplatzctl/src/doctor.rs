//! `doctor`: what a workstation needs, and what to do where it is missing.

mod records;
mod trust;

use jiff::Zoned;
use pcsc_reader::{CardState, ServiceState, look};
use serde::Serialize;

use crate::{
    VERSION, arguments,
    failure::{Failure, exit},
    language::Language,
    readers::{self, Reader},
};

/// The answer to `doctor`.
#[derive(Debug, Serialize)]
pub(crate) struct Diagnosis {
    program: Program,
    service: Service,
    readers: Vec<Reader>,
    /// `None` if the folder can't be used, which is an error.
    trust: Option<trust::Section>,
    /// `None` where there is no desk.
    records: Option<records::Section>,
    findings: Vec<Finding>,
    #[serde(skip)]
    exit_code: u8,
}

#[derive(Debug, Serialize)]
struct Program {
    version: &'static str,
    /// Whether this build has powers that no workstation may have.
    workshop: bool,
    system: &'static str,
    architecture: &'static str,
}

/// The smart card service.
#[derive(Debug, Serialize)]
struct Service {
    state: &'static str,
    /// Of pcsc-lite, whose library and daemon come from one source; `None` where it can't be had.
    version: Option<String>,
    /// Whether the daemon asks polkit who may use it.
    polkit: Option<bool>,
}

#[derive(Debug, Serialize)]
struct Finding {
    level: Level,
    code: &'static str,
    message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// Nothing works before this is mended.
    Error,
    /// Something to know or to mend.
    Warning,
    /// Something to know when a problem comes.
    Hint,
}

impl Diagnosis {
    /// Looks at everything. `now` decides which certificates have expired, and what is old.
    pub(crate) fn make(options: &arguments::Doctor, now: &Zoned, language: Language) -> Self {
        let today = now.date();
        let picture = look();
        let daemon = Daemon::installed();
        let mut findings = Vec::new();
        let mut exit_code = exit::OK;
        if let Err(failure) = readers::check(&picture) {
            exit_code = failure.exit_code();
            let code = match picture.service {
                ServiceState::Running => "no_reader",
                ServiceState::Down => "reader_service_down",
                ServiceState::Denied => "reader_service_denied",
            };
            findings.push(Finding { level: Level::Error, code, message: failure.message(language) });
        }
        for reader in &picture.readers {
            let (code, message) = match reader.card {
                CardState::Mute => ("card_mute", Failure::CardMute.message(language)),
                CardState::Present { in_use: true, .. } => ("card_busy", Failure::CardBusy.message(language)),
                CardState::Present { in_use: false, .. } | CardState::Empty => continue,
            };
            let message = format!("{}: {message}", reader.name);
            findings.push(Finding { level: Level::Warning, code, message });
        }
        if daemon.as_ref().is_some_and(|daemon| daemon.polkit) {
            let message = language.pick(
                "pcscd fragt polkit: Außerhalb einer aktiven Sitzung am Arbeitsplatz (Fernwartung, Dienste) wird der \
                 Zugriff verweigert, solange keine Regel ihn erlaubt.",
                "pcscd asks polkit: outside an active session at the workstation (remote support, services) access is \
                 denied unless a rule allows it.",
            );
            findings.push(Finding { level: Level::Hint, code: "polkit", message: message.to_owned() });
        }
        let trust = match options.trust.load(today) {
            Ok(trust) => {
                let section = trust::Section::new(trust, today);
                findings.extend(section.findings(language));
                Some(section)
            }
            Err(failure) => {
                if exit_code == exit::OK {
                    exit_code = failure.exit_code();
                }
                let message = failure.message(language);
                findings.push(Finding { level: Level::Error, code: "settings_unusable", message });
                None
            }
        };
        // What is wrong with the settings was said above.
        let records = options.trust.of_machine().ok().flatten().map(|desk| {
            let section = records::Section::look(&desk.data_dir);
            let (found, failure) = section.findings(now.timestamp(), language);
            findings.extend(found);
            if let (Some(failure), exit::OK) = (failure, exit_code) {
                exit_code = failure.exit_code();
            }
            section
        });
        if cfg!(feature = "workshop") {
            findings.push(Finding {
                level: Level::Warning,
                code: "workshop_build",
                message: workshop_notice(language).to_owned(),
            });
        }
        Self {
            program: Program {
                version: VERSION,
                workshop: cfg!(feature = "workshop"),
                system: std::env::consts::OS,
                architecture: std::env::consts::ARCH,
            },
            service: Service {
                state: match picture.service {
                    ServiceState::Running => "running",
                    ServiceState::Down => "down",
                    ServiceState::Denied => "denied",
                },
                version: daemon.as_ref().map(|daemon| daemon.version.clone()),
                polkit: daemon.map(|daemon| daemon.polkit),
            },
            readers: picture.readers.iter().map(Reader::from).collect(),
            trust,
            records,
            findings,
            exit_code,
        }
    }

    /// That of the first error, or [`exit::OK`].
    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code
    }

    pub(crate) fn to_text(&self, language: Language) -> String {
        let Program { version, system, architecture, .. } = self.program;
        let service = match self.service.state {
            "running" => language.pick("läuft", "running"),
            "denied" => language.pick("verweigert den Zugriff", "denies access"),
            _ => language.pick("läuft nicht", "not running"),
        };
        let service_version = self
            .service
            .version
            .as_ref()
            .map(|version| format!(" (pcsc-lite {version})"))
            .unwrap_or_default();
        let name = language.pick("Smartcard-Dienst", "Smart card service");
        let mut text = format!(
            "identplatzctl {version} ({system}, {architecture})\n{name}: {service}{service_version}\n"
        );
        for reader in &self.readers {
            text += &reader.to_text(language);
        }
        if let Some(trust) = &self.trust {
            text += &trust.to_text(language);
        }
        if let Some(records) = &self.records {
            text += &records.to_text(language);
        }
        for Finding { level, message, .. } in &self.findings {
            let level = match level {
                Level::Error => language.pick("Fehler", "Error"),
                Level::Warning => language.pick("Warnung", "Warning"),
                Level::Hint => language.pick("Hinweis", "Hint"),
            };
            text += &format!("{level}: {message}\n");
        }
        text
    }
}

/// What a workshop build says of itself.
pub(crate) fn workshop_notice(language: Language) -> &'static str {
    language.pick(
        "Werkstatt-Fassung: zeigt personenbezogene Daten und darf auf keinem Arbeitsplatz laufen.",
        "Workshop build: shows personal data and must not run on any workstation.",
    )
}

/// pcscd as installed, which need not run.
#[derive(Debug, PartialEq, Eq)]
struct Daemon {
    version: String,
    polkit: bool,
}

impl Daemon {
    /// Where distributions put it. Never by PATH: this may be root asking.
    const PATHS: [&str; 2] = ["/usr/sbin/pcscd", "/usr/local/sbin/pcscd"];

    fn installed() -> Option<Self> {
        let said = Self::PATHS
            .iter()
            .find_map(|path| std::process::Command::new(path).arg("--version").output().ok())?;
        Self::parse(&String::from_utf8_lossy(&said.stdout))
    }

    /// `pcsc-lite version 1.9.9.` and a line of compiled-in features.
    fn parse(said: &str) -> Option<Self> {
        let version = said.strip_prefix("pcsc-lite version ")?.lines().next()?.trim_end_matches('.');
        let features =
            said.lines().find_map(|line| line.strip_prefix("Enabled features:")).unwrap_or_default();
        let polkit = features.split_whitespace().any(|feature| feature == "polkit");
        Some(Self { version: version.to_owned(), polkit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_daemon_tells_version_and_polkit() {
        let check = |said, expected: Option<(&str, bool)>| {
            let expected = expected.map(|(version, polkit)| Daemon { version: version.to_owned(), polkit });
            assert_eq!(Daemon::parse(said), expected);
        };
        // What Debian's 1.9.9-2 prints, shortened; and the same with the feature that pcsc-lite's build calls polkit.
        check(
            "pcsc-lite version 1.9.9.\nEnabled features: Linux x86_64-pc-linux-gnu libsystemd serial usb libudev filter\n",
            Some(("1.9.9", false)),
        );
        check(
            "pcsc-lite version 2.3.3.\nEnabled features: Linux x86_64-pc-linux-gnu libsystemd serial usb libudev polkit\n",
            Some(("2.3.3", true)),
        );
        check("pcscd: unrecognized option\n", None);
    }
}
