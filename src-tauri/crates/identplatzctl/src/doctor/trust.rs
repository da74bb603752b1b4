//! Trust: who vouches for cards at this desk, and for how long.

mod documents;

use egk::{TrustEntry, TrustKind};
use jiff::{ToSpan, civil::Date};
use serde::Serialize;

use super::{Finding, Level};
use crate::{
    language::Language,
    trust::{LeftOut, Trust},
};

/// So long before it ends, a certificate's end is told: time for a roll-out.
const SOON_DAYS: i64 = 90;

/// The section.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    folder: Option<String>,
    /// Whom to trust for health cards.
    certificates: Vec<Certificate>,
    /// Whom to trust for travel documents.
    documents: documents::Section,
    /// Files of the folder that don't count.
    left_out: Vec<LeftOut>,
    /// Why it can't be told whether there were newer lists, if so.
    #[serde(skip)]
    forgetful: Option<String>,
}

/// A root or an authority.
#[derive(Debug, Serialize)]
struct Certificate {
    name: String,
    kind: &'static str,
    valid_from: Date,
    valid_until: Date,
    /// Comes with the program.
    builtin: bool,
    state: State,
    #[serde(skip)]
    is_authority: bool,
}

/// A day against a validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    NotYetValid,
    Valid,
    /// Within [`SOON_DAYS`].
    ExpiresSoon,
    Expired,
}

impl Section {
    pub(super) fn new(trust: Trust, today: Date) -> Self {
        Self {
            folder: trust.folder.map(|folder| folder.display().to_string()),
            certificates: trust.store.describe().into_iter().map(|it| Certificate::new(it, today)).collect(),
            documents: documents::Section::new(&trust.documents, trust.list_roots, today),
            left_out: trust.left_out,
            forgetful: trust.forgetful,
        }
    }

    /// What to know and to mend.
    ///
    /// A root that has expired is no finding: it issues nothing more, and the cards below it stay what they are.
    pub(super) fn findings(&self, language: Language) -> Vec<Finding> {
        let warning = |code, message| Finding { level: Level::Warning, code, message };
        let mut findings = Vec::new();
        if !self.certificates.iter().any(|it| it.is_authority) {
            let message = language.pick(
                "Kein Aussteller von Zertifikaten der Versicherten ist hinterlegt: Diese Zertifikate können nicht \
                 geprüft werden. Legen Sie die Aussteller in den Ordner, den „trust.folder“ in den Einstellungen nennt.",
                "No authority for cardholders' certificates is there: these certificates can't be verified. Put the \
                 authorities into the folder that 'trust.folder' in the settings names.",
            );
            findings.push(warning("no_cardholder_authority", message.to_owned()));
        }
        let issuing = |it: &&Certificate| matches!(it.state, State::Valid | State::ExpiresSoon);
        if !self.certificates.iter().filter(|it| !it.is_authority).any(|it| issuing(&it)) {
            let message = language.pick(
                "Alle Wurzeln für die Chips sind abgelaufen: Neuere Karten können nicht geprüft werden. Aktualisieren \
                 Sie das Programm.",
                "All roots for chips have expired: newer cards can't be verified. Update the program.",
            );
            findings.push(warning("no_current_root", message.to_owned()));
        }
        for it in &self.certificates {
            let (name, until) = (&it.name, language.day(it.valid_until));
            let message = match (it.is_authority, it.state) {
                (true, State::Expired) => language.pick(
                    format!("Der Aussteller „{name}“ ist seit {until} abgelaufen."),
                    format!("The authority '{name}' expired on {until}."),
                ),
                (_, State::ExpiresSoon) => language
                    .pick(format!("„{name}“ läuft am {until} ab."), format!("'{name}' expires on {until}.")),
                _ => continue,
            };
            let code = if it.state == State::Expired { "trust_expired" } else { "trust_expires_soon" };
            findings.push(warning(code, message));
        }
        findings.extend(self.documents.findings(language));
        if let Some(problem) = &self.forgetful {
            let message = language.pick(
                format!(
                    "Welche Listen hier die neuesten waren, lässt sich nicht lesen oder vermerken ({problem}): Eine ältere \
                     fällt nicht auf. Rufen Sie das Programm mit dem Konto des Arbeitsplatzes auf."
                ),
                format!(
                    "Which lists were the newest here can't be read or noted ({problem}): an older one isn't noticed. Run \
                     the program under the workstation's account."
                ),
            );
            findings.push(warning("newest_lists_unknown", message));
        }
        for left_out in &self.left_out {
            let message = format!(
                "{}: {} ({})",
                language.pick("Datei zählt nicht", "File doesn't count"),
                left_out.file,
                left_out.reason.to_text(language)
            );
            findings.push(warning("trust_file_left_out", message));
        }
        findings
    }

    pub(super) fn to_text(&self, language: Language) -> String {
        let title = language.pick("Vertrauen für Gesundheitskarten", "Trust for health cards");
        let folder = self.folder.as_deref().unwrap_or(language.pick("kein Ordner", "no folder"));
        let lines = self.certificates.iter().map(|certificate| certificate.to_text(language));
        format!("{title} ({folder}):\n{}{}", lines.collect::<String>(), self.documents.to_text(language))
    }
}

impl Certificate {
    fn new(entry: TrustEntry, today: Date) -> Self {
        let TrustEntry { name, kind, valid_from, valid_until, builtin } = entry;
        Self {
            name,
            kind: match kind {
                TrustKind::CvcRoot => "cvc_root",
                TrustKind::X509Authority => "x509_authority",
            },
            valid_from,
            valid_until,
            builtin,
            state: state(valid_from, valid_until, today),
            is_authority: kind == TrustKind::X509Authority,
        }
    }

    fn to_text(&self, language: Language) -> String {
        let kind = match (self.is_authority, self.builtin) {
            (true, _) => language.pick("Aussteller", "authority"),
            (false, true) => language.pick("Wurzel, mitgeliefert", "root, built in"),
            (false, false) => language.pick("Wurzel", "root"),
        };
        let state = match self.state {
            State::NotYetValid => language.pick(", gilt noch nicht", ", not valid yet"),
            State::Valid => "",
            State::ExpiresSoon => language.pick(", läuft bald ab", ", expires soon"),
            State::Expired if self.is_authority => language.pick(", abgelaufen", ", expired"),
            State::Expired => language.pick(
                ", abgelaufen: stellt nichts mehr aus, ihre Karten bleiben prüfbar",
                ", expired: issues no more, its cards can still be verified",
            ),
        };
        let (from, until) = (language.day(self.valid_from), language.day(self.valid_until));
        let to = language.pick("bis", "to");
        format!("  {} ({kind}): {from} {to} {until}{state}\n", self.name)
    }
}

fn state(valid_from: Date, valid_until: Date, today: Date) -> State {
    if today > valid_until {
        State::Expired
    } else if today < valid_from {
        State::NotYetValid
    } else if today.saturating_add(SOON_DAYS.days()) >= valid_until {
        State::ExpiresSoon
    } else {
        State::Valid
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn section(today: Date) -> Section {
        Section::new(Trust::new(&[], &[], today), today)
    }

    /// Of health cards alone.
    fn codes(section: &Section) -> Vec<&'static str> {
        let codes = section.findings(Language::De).into_iter().map(|finding| finding.code);
        codes.filter(|code| *code != "no_csca").collect()
    }

    #[test]
    fn a_certificate_expires_after_its_last_day_and_soon_from_90_days_before() {
        let check = |today, expected| {
            assert_eq!(state(date(2024, 1, 1), date(2026, 6, 30), today), expected, "{today}");
        };
        check(date(2023, 12, 31), State::NotYetValid);
        check(date(2024, 1, 1), State::Valid);
        check(date(2026, 3, 31), State::Valid);
        check(date(2026, 4, 1), State::ExpiresSoon);
        check(date(2026, 6, 30), State::ExpiresSoon);
        check(date(2026, 7, 1), State::Expired);
    }

    // The validity of the roots: pki.atos.net/egk, as in egk's table of them.
    #[test]
    fn an_expired_root_is_listed_and_no_finding_as_long_as_another_one_issues() {
        let section = section(date(2026, 11, 22));
        let expired = section.certificates.iter().filter(|it| it.state == State::Expired);
        assert_eq!(expired.map(|it| &*it.name).collect::<Vec<_>>(), ["DEZGW810214", "DEZGW820216"]);
        assert_eq!(codes(&section), ["no_cardholder_authority"]);
    }

    #[test]
    fn roots_that_expire_soon_and_a_desk_without_any_current_root_are_findings() {
        assert_eq!(codes(&section(date(2028, 3, 1))), ["no_cardholder_authority", "trust_expires_soon"]);
        assert_eq!(codes(&section(date(2040, 1, 1))), ["no_cardholder_authority", "no_current_root"]);
    }
}
