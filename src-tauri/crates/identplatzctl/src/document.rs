//! What `card read` asks of a travel document and prints of it: of the person nothing, but in a workshop build.

mod authenticity;
#[cfg(feature = "workshop")]
mod personal;

use jiff::civil::Date;
use mrtd::{Access, Admitted, DocumentReading, Verdict, Warning, mrz::DocumentKind, trust::NewestList};
#[cfg(feature = "workshop")]
use mrtd::{Admission, Disclosure, IssuedBy};
use pcsc_reader::Interface;
use serde::Serialize;
use smartcard::StatusWord;

use crate::{
    language::Language, proof::Proof, readers::interface_code, report::Figures, trust::missing_list,
};
use authenticity::Passive;

/// The JSON object.
#[derive(Serialize)]
struct Output {
    kind: &'static str,
    interface: &'static str,
    /// What it took to get at the data.
    access: &'static str,
    passive_authentication: Passive,
    chip_authentication: Proof,
    active_authentication: Proof,
    warnings: Vec<&'static str>,
    apdus: u32,
    elapsed_ms: f64,
}

/// Of the person nothing, but whether the document is genuine.
#[cfg(not(feature = "workshop"))]
pub(crate) fn admitted() -> Admitted {
    Admitted::to_check()
}

/// Zone and face of every document.
#[cfg(feature = "workshop")]
pub(crate) fn admitted() -> Admitted {
    use DocumentKind::{IdCard, Other, Passport, ResidencePermit, Visa};
    let everything = Disclosure { zone: true, face: true };
    let kinds = [Passport, IdCard, ResidencePermit, Visa, Other].into_iter();
    let admissions = kinds.flat_map(|kind| {
        [IssuedBy::Germany, IssuedBy::EuropeanUnion, IssuedBy::Others]
            .map(|by| Admission::new(kind, by, everything, "documents for tests"))
    });
    Admitted::new(admissions.collect())
}

/// Whether a proof of its authenticity fails.
pub(crate) fn is_forged(reading: &DocumentReading) -> bool {
    let mrtd::Authenticity { passive, chip_authentication, active_authentication } = reading.authenticity;
    let proofs = [passive.verdict(), chip_authentication, active_authentication];
    proofs.iter().any(|verdict| matches!(verdict, Verdict::Invalid(_)))
}

/// The JSON object. `today` decides which century a date is of.
#[cfg_attr(not(feature = "workshop"), allow(unused_variables, reason = "there are no dates"))]
pub(crate) fn to_json(
    reading: &DocumentReading,
    missing_lists: &[NewestList],
    figures: &Figures,
    today: Date,
) -> impl Serialize {
    let mrtd::Authenticity { passive, chip_authentication, active_authentication } = reading.authenticity;
    let missing = missing_lists.first().map(|_| "list_rolled_back");
    let output = Output {
        kind: reading.kind.map_or("other", kind_code),
        interface: interface_code(figures.interface),
        access: match reading.access {
            Access::Pace => "pace",
            Access::Bac => "bac",
        },
        passive_authentication: passive.into(),
        chip_authentication: chip_authentication.into(),
        active_authentication: active_authentication.into(),
        warnings: reading.warnings.iter().map(warning_code).chain(missing).collect(),
        apdus: figures.apdus,
        elapsed_ms: figures.milliseconds(),
    };
    #[cfg(feature = "workshop")]
    let output = personal::WithPerson::new(output, reading, today);
    output
}

/// Lines for a person.
#[cfg_attr(not(feature = "workshop"), allow(unused_variables, reason = "there are no dates"))]
pub(crate) fn to_text(
    reading: &DocumentReading,
    missing_lists: &[NewestList],
    figures: &Figures,
    today: Date,
    language: Language,
) -> String {
    let interface = match figures.interface {
        Interface::Contact => language.pick("mit Kontakten", "with contacts"),
        Interface::Contactless => language.pick("kontaktlos", "contactless"),
    };
    let access = match reading.access {
        Access::Pace => language.pick("geöffnet mit PACE", "opened with PACE"),
        Access::Bac => language.pick("geöffnet mit BAC", "opened with BAC"),
    };
    let mut text = format!("{}, {interface}, {access}\n", kind_text(reading.kind, language));
    text += &authenticity::to_text(&reading.authenticity, language);
    let missing = missing_lists.iter().map(|list| missing_list(list, language));
    for warning in reading.warnings.iter().map(|warning| warning_text(warning, language)).chain(missing) {
        text += &format!("{}: {warning}\n", language.pick("Hinweis", "Note"));
    }
    text += &figures.to_text(language);
    #[cfg(feature = "workshop")]
    let text = text + &personal::Personal::of(reading, today).to_text(language);
    text
}

fn kind_code(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Passport => "passport",
        DocumentKind::IdCard => "id_card",
        DocumentKind::ResidencePermit => "residence_permit",
        DocumentKind::Visa => "visa",
        DocumentKind::Other => "other",
    }
}

fn kind_text(kind: Option<DocumentKind>, language: Language) -> &'static str {
    match kind {
        Some(DocumentKind::Passport) => language.pick("Reisepass", "Passport"),
        Some(DocumentKind::IdCard) => language.pick("Personalausweis", "Identity card"),
        Some(DocumentKind::ResidencePermit) => language.pick("Aufenthaltstitel", "Residence permit"),
        Some(DocumentKind::Visa) => language.pick("Visum", "Visa"),
        Some(DocumentKind::Other) | None => language.pick("Dokument mit Chip", "Document with a chip"),
    }
}

fn warning_code(warning: &Warning) -> &'static str {
    match warning {
        Warning::Expired => "expired",
        Warning::NameTruncated => "name_truncated",
        Warning::BirthDateIncomplete => "birth_date_incomplete",
        Warning::CheckDigit => "check_digit",
        Warning::NoFace => "no_face",
        Warning::FaceCancelled => "face_cancelled",
        Warning::FaceRefused(_) => "face_refused",
        Warning::FaceMalformed => "face_malformed",
        Warning::FaceIncomplete => "face_incomplete",
        Warning::PaceFailed => "pace_failed",
    }
}

fn warning_text(warning: &Warning, language: Language) -> String {
    let text = match warning {
        Warning::Expired => language.pick("Das Dokument ist abgelaufen.", "The document has expired."),
        Warning::NameTruncated => language.pick(
            "Die maschinenlesbare Zone hat keinen Platz für den ganzen Namen.",
            "The machine-readable zone has no room for the whole name.",
        ),
        Warning::BirthDateIncomplete => {
            language.pick("Das Geburtsdatum ist unvollständig bekannt.", "The birth date is not fully known.")
        }
        Warning::CheckDigit => language.pick(
            "Im Chip passt eine Prüfziffer der maschinenlesbaren Zone nicht.",
            "A check digit of the machine-readable zone in the chip is wrong.",
        ),
        Warning::NoFace => language.pick("Der Chip enthält kein Foto.", "The chip holds no photo."),
        Warning::FaceCancelled => {
            language.pick("Das Foto wurde nicht zu Ende gelesen.", "The photo wasn't read to its end.")
        }
        Warning::FaceRefused(StatusWord(status)) => {
            return language.pick(
                format!("Der Chip gibt das Foto nicht heraus ({status:04X})."),
                format!("The chip doesn't give the photo ({status:04X})."),
            );
        }
        Warning::FaceMalformed => language.pick("Das Foto ist nicht lesbar.", "The photo can't be read."),
        Warning::FaceIncomplete => language.pick(
            "Das Foto endet im Chip vor seinem Ende: Es ist unscharf oder nur ein Teil.",
            "The photo in the chip ends before its end: it is blurred, or only a part.",
        ),
        Warning::PaceFailed => language.pick(
            "Der Chip bietet PACE an, ließ sich aber nur mit dem älteren BAC öffnen.",
            "The chip offers PACE, but opened with the older BAC only.",
        ),
    };
    text.to_owned()
}
