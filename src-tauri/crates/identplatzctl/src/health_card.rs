//! What `card read` prints of a health card: of the person nothing, but in a workshop build.

use egk::{CardState, EgkReading, Validity, Verdict, Warning};
use jiff::civil::Date;
use pcsc_reader::Interface;
use serde::Serialize;

use crate::{authenticity, language::Language, proof::Proof, readers::interface_code, report::Figures};

/// The JSON object. Dates aren't in it: with the insurer they would narrow down whose card it is.
#[derive(Serialize)]
struct Output {
    kind: &'static str,
    interface: &'static str,
    /// What it took to get at the data: `none` with contacts, `pace` over the air.
    access: &'static str,
    generation: String,
    /// Both proofs as one.
    authenticity: Proof,
    chip: Proof,
    certificate: Proof,
    proof_level: &'static str,
    /// Whether it can be read over the air.
    contactless: Option<bool>,
    /// The insurer has locked it.
    locked: bool,
    /// An update was interrupted.
    transaction_open: bool,
    /// How today lies to the time of insurance.
    validity: &'static str,
    warnings: Vec<&'static str>,
    apdus: u32,
    elapsed_ms: f64,
}

/// Whether a proof of its authenticity fails.
pub(crate) fn is_forged(reading: &EgkReading) -> bool {
    matches!(reading.authenticity.verdict(), Verdict::Invalid(_))
}

/// The JSON object. `today` is the day on which warnings about the time of insurance hold.
pub(crate) fn to_json(reading: &EgkReading, figures: &Figures, today: Date) -> impl Serialize {
    let authenticity = reading.authenticity;
    let state: CardState = reading.state(today);
    let output = Output {
        kind: "egk",
        interface: interface_code(figures.interface),
        access: if reading.secure_messaging { "pace" } else { "none" },
        generation: state.generation.to_string(),
        authenticity: authenticity.verdict().into(),
        chip: authenticity.chip.into(),
        certificate: authenticity.certificate.into(),
        proof_level: authenticity::level_code(authenticity.level()),
        contactless: state.contactless,
        locked: state.locked,
        transaction_open: state.transaction_open,
        validity: match state.validity {
            Validity::NotBegun => "not_begun",
            Validity::Current => "current",
            Validity::Ended => "ended",
        },
        warnings: reading.warnings(today).into_iter().map(warning_code).collect(),
        apdus: figures.apdus,
        elapsed_ms: figures.milliseconds(),
    };
    #[cfg(feature = "workshop")]
    let output = crate::personal::WithPerson::new(output, reading);
    output
}

/// Lines for a person.
pub(crate) fn to_text(reading: &EgkReading, figures: &Figures, today: Date, language: Language) -> String {
    let generation = reading.object_system.generation();
    let interface = match figures.interface {
        Interface::Contact => language.pick("mit Kontakten", "with contacts"),
        Interface::Contactless => language.pick("kontaktlos", "contactless"),
    };
    let card = language.pick("Elektronische Gesundheitskarte", "Electronic health card");
    let mut text = format!("{card} {generation}, {interface}\n");
    text += &authenticity::to_text(&reading.authenticity, language);
    for warning in reading.warnings(today) {
        text += language.pick("Hinweis: ", "Note: ");
        text += warning_text(warning, language);
        text.push('\n');
    }
    text += &figures.to_text(language);
    #[cfg(feature = "workshop")]
    let text = text + &crate::personal::Personal::of(reading).to_text(language);
    text
}

fn warning_code(warning: Warning) -> &'static str {
    match warning {
        Warning::TransactionOpen => "transaction_open",
        Warning::ApplicationDeactivated => "application_deactivated",
        Warning::InsuranceEnded { .. } => "insurance_ended",
        Warning::InsuranceNotBegun { .. } => "insurance_not_begun",
        Warning::BirthDateIncomplete => "birth_date_incomplete",
    }
}

fn warning_text(warning: Warning, language: Language) -> &'static str {
    match warning {
        Warning::TransactionOpen => language.pick(
            "Eine Aktualisierung der Karte wurde unterbrochen; die Daten können widersprüchlich sein.",
            "An update of the card was interrupted; its data may contradict itself.",
        ),
        Warning::ApplicationDeactivated => language.pick(
            "Die Krankenkasse hat die Gesundheitsanwendung gesperrt.",
            "The insurer has locked the health application.",
        ),
        Warning::InsuranceEnded { .. } => language.pick(
            "Nach der Karte ist die Versicherung beendet oder die Karte abgelaufen.",
            "By the card, the insurance has ended or the card has expired.",
        ),
        Warning::InsuranceNotBegun { .. } => language.pick(
            "Nach der Karte hat die Versicherung noch nicht begonnen.",
            "By the card, the insurance has not begun yet.",
        ),
        Warning::BirthDateIncomplete => {
            language.pick("Das Geburtsdatum ist unvollständig bekannt.", "The birth date is not fully known.")
        }
    }
}
