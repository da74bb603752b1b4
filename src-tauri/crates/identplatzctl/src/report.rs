//! What `card read` prints of a health card: of the person nothing, but in a workshop build.

use std::{fmt::Write as _, time::Duration};

use egk::EgkReading;
use jiff::civil::Date;
use pcsc_reader::Interface;
use serde::Serialize;

use crate::{language::Language, readers::interface_code};

/// A health card that was read.
pub(crate) struct Report {
    pub(crate) reading: EgkReading,
    pub(crate) interface: Interface,
    /// Commands that reached the card.
    pub(crate) apdus: u32,
    /// From connecting to the last byte parsed.
    pub(crate) elapsed: Duration,
    /// The day on which warnings about the time of insurance hold.
    pub(crate) today: Date,
}

/// Something to know about a card that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Warning {
    /// An update was interrupted: the data may contradict itself.
    TransactionOpen,
    /// The insurer has locked the health application.
    ApplicationDeactivated,
    InsuranceEnded,
    InsuranceNotBegun,
    /// Day, or day and month, of birth are unknown.
    BirthDateIncomplete,
}

/// Whether the card's chip was proven genuine.
#[derive(Debug, Serialize)]
struct Authenticity {
    result: &'static str,
    reason: &'static str,
}

/// The JSON object.
#[derive(Serialize)]
struct Output {
    kind: &'static str,
    interface: &'static str,
    /// What it took to get at the data: over contacts, nothing.
    access: &'static str,
    generation: String,
    authenticity: Authenticity,
    warnings: Vec<Warning>,
    apdus: u32,
    elapsed_ms: f64,
}

impl Report {
    /// The JSON object.
    pub(crate) fn to_json(&self) -> impl Serialize {
        let output = Output {
            kind: "egk",
            interface: interface_code(self.interface),
            access: "none",
            generation: self.reading.object_system.generation().to_string(),
            // Proving the chip (card-verifiable certificates) isn't built yet.
            authenticity: Authenticity { result: "not_verifiable", reason: "not_checked" },
            warnings: self.warnings(),
            apdus: self.apdus,
            elapsed_ms: self.milliseconds(),
        };
        #[cfg(feature = "workshop")]
        let output = crate::personal::WithPerson::new(output, &self.reading);
        output
    }

    /// Lines for a person.
    pub(crate) fn to_text(&self, language: Language) -> String {
        let generation = self.reading.object_system.generation();
        let interface = match self.interface {
            Interface::Contact => language.pick("mit Kontakten", "with contacts"),
            Interface::Contactless => language.pick("kontaktlos", "contactless"),
        };
        let card = language.pick("Elektronische Gesundheitskarte", "Electronic health card");
        let mut text = format!("{card} {generation}, {interface}\n");
        text += language.pick("Echtheit: nicht geprüft\n", "Authenticity: not checked\n");
        for warning in self.warnings() {
            text += language.pick("Hinweis: ", "Note: ");
            text += warning.to_text(language);
            text.push('\n');
        }
        let (milliseconds, apdus) = (self.milliseconds(), self.apdus);
        // Writing to a string can't fail.
        match language {
            Language::De => {
                writeln!(
                    text,
                    "Gelesen in {} ms mit {apdus} APDUs",
                    format!("{milliseconds:.1}").replace('.', ",")
                )
            }
            Language::En => writeln!(text, "Read in {milliseconds:.1} ms with {apdus} APDUs"),
        }
        .ok();
        #[cfg(feature = "workshop")]
        let text = text + &crate::personal::Personal::of(&self.reading).to_text(language);
        text
    }

    /// To the microsecond.
    fn milliseconds(&self) -> f64 {
        (self.elapsed.as_secs_f64() * 1e6).round() / 1e3
    }

    fn warnings(&self) -> Vec<Warning> {
        let EgkReading { status, person, insurance, application_deactivated, .. } = &self.reading;
        let cases = [
            (status.transaction_open, Warning::TransactionOpen),
            (*application_deactivated, Warning::ApplicationDeactivated),
            (insurance.valid_until.is_some_and(|last| last < self.today), Warning::InsuranceEnded),
            (insurance.valid_from > self.today, Warning::InsuranceNotBegun),
            (person.birth_date.day().is_none(), Warning::BirthDateIncomplete),
        ];
        cases.into_iter().filter_map(|(holds, warning)| holds.then_some(warning)).collect()
    }
}

impl Warning {
    fn to_text(self, language: Language) -> &'static str {
        match self {
            Self::TransactionOpen => language.pick(
                "Eine Aktualisierung der Karte wurde unterbrochen; die Daten können widersprüchlich sein.",
                "An update of the card was interrupted; its data may contradict itself.",
            ),
            Self::ApplicationDeactivated => language.pick(
                "Die Krankenkasse hat die Gesundheitsanwendung gesperrt.",
                "The insurer has locked the health application.",
            ),
            Self::InsuranceEnded => language.pick(
                "Nach der Karte ist die Versicherung beendet oder die Karte abgelaufen.",
                "By the card, the insurance has ended or the card has expired.",
            ),
            Self::InsuranceNotBegun => language.pick(
                "Nach der Karte hat die Versicherung noch nicht begonnen.",
                "By the card, the insurance has not begun yet.",
            ),
            Self::BirthDateIncomplete => language
                .pick("Das Geburtsdatum ist unvollständig bekannt.", "The birth date is not fully known."),
        }
    }
}

#[cfg(test)]
mod tests {
    use egk::{Iccsn, InsuranceData, ObjectSystem, PersonalData, StatusVd};
    use jiff::civil::date;

    use super::*;

    /// Amsel of gematik's "birds" on a card like gematik's published card image.
    fn amsel(status: &str, birth_date: &str, time: &str) -> EgkReading {
        let version2 = [
            &[0xEF, 0x1C, 0xC0, 0x03, 2, 0, 0, 0xC1, 0x03, 4, 5, 2, 0xC2, 0x10][..],
            b"DESYSTIC ESR#\x02\x04\x00",
        ];
        let gdo = [0x5A, 0x0A, 0x80, 0x27, 0x68, 0x83, 0x11, 0x00, 0x00, 0x15, 0x27, 0x15];
        let versions = [0x00, 0x50, 0x02, 0x00, 0x00, 0x00, 0x30, 0x00, 0x00, 0x04];
        let person = format!(
            "<UC_PersoenlicheVersichertendatenXML CDM_VERSION=\"5.2.0\" \
             xmlns=\"http://ws.gematik.de/fa/vsdm/vsd/v5.2\"><Versicherter><Versicherten_ID>A123456780</Versicherten_ID>\
             <Person><Geburtsdatum>{birth_date}</Geburtsdatum><Vorname>Andrea</Vorname><Nachname>Amsel</Nachname>\
             <Geschlecht>W</Geschlecht></Person></Versicherter></UC_PersoenlicheVersichertendatenXML>"
        );
        let insurance = format!(
            "<UC_AllgemeineVersicherungsdatenXML CDM_VERSION=\"5.2.0\" \
             xmlns=\"http://ws.gematik.de/fa/vsdm/vsd/v5.2\"><Versicherter><Versicherungsschutz>{time}<Kostentraeger>\
             <Kostentraegerkennung>109500969</Kostentraegerkennung><Kostentraegerlaendercode>D\
             </Kostentraegerlaendercode><Name>Test GKV-SV</Name></Kostentraeger></Versicherungsschutz><Zusatzinfos>\
             <ZusatzinfosGKV><Versichertenart>1</Versichertenart></ZusatzinfosGKV></Zusatzinfos></Versicherter>\
             </UC_AllgemeineVersicherungsdatenXML>"
        );
        EgkReading {
            object_system: ObjectSystem::parse(&version2.concat()).unwrap().unwrap(),
            iccsn: Iccsn::parse_gdo(&gdo).unwrap(),
            status: StatusVd::parse(&[status.as_bytes(), &versions].concat()).unwrap(),
            person: PersonalData::parse_xml(person.as_bytes()).unwrap(),
            insurance: InsuranceData::parse_xml(insurance.as_bytes()).unwrap(),
            application_deactivated: false,
        }
    }

    fn check(reading: EgkReading, expected: &[Warning]) {
        let today = date(2026, 3, 31);
        let report = Report {
            reading,
            interface: Interface::Contact,
            apdus: 9,
            elapsed: Duration::from_millis(3),
            today,
        };
        assert_eq!(report.warnings(), expected);
    }

    #[test]
    fn each_warning_comes_on_its_day_and_no_other() {
        let quiet = "020260301091454";
        let insured =
            |from: &str, until: &str| amsel(quiet, "19971228", &format!("<Beginn>{from}</Beginn>{until}"));
        check(insured("20200123", ""), &[]);
        check(insured("20260331", "<Ende>20260331</Ende>"), &[]);
        check(insured("20200123", "<Ende>20260330</Ende>"), &[Warning::InsuranceEnded]);
        check(insured("20260401", ""), &[Warning::InsuranceNotBegun]);
        let since = "<Beginn>20200123</Beginn>";
        check(amsel("120260301091454", "19971228", since), &[Warning::TransactionOpen]);
        check(amsel(quiet, "19970000", since), &[Warning::BirthDateIncomplete]);
        check(amsel(quiet, "19971200", since), &[Warning::BirthDateIncomplete]);
        let locked = EgkReading { application_deactivated: true, ..amsel(quiet, "19971228", since) };
        check(locked, &[Warning::ApplicationDeactivated]);
    }
}
