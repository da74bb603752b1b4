//! A document's answer in a line that can stand in a test's name.

use mrtd::{
    Access, Authenticity, DocumentReading, IssuedBy, Reason, Verdict, Warning,
    lds::{FaceFormat, FaceRecord},
    mrz::DocumentKind,
    passive::PassiveAuthentication,
};

use crate::reading::Answer;

/// "German passport by PACE, issuer's data, chip valid, active not verifiable (not asked), face JP2", what
/// warns of the document, or "no reading: …".
#[must_use]
pub fn in_a_line(answer: &Answer) -> String {
    match answer {
        Ok(reading) => of_reading(reading),
        Err(failure) => format!("no reading: {failure}"),
    }
}

fn of_reading(reading: &DocumentReading) -> String {
    let kind = reading.kind.map_or("document", kind);
    let issuer = match reading.issued_by {
        Some(IssuedBy::Germany) => "German ",
        Some(IssuedBy::EuropeanUnion) => "EU ",
        Some(IssuedBy::Others) => "foreign ",
        None => "",
    };
    let access = match reading.access {
        Access::Pace => "PACE",
        Access::Bac => "BAC",
    };
    let Authenticity { passive, chip_authentication: chip, active_authentication: active } =
        reading.authenticity;
    let parts = [
        format!("{issuer}{kind} by {access}"),
        self::passive(passive),
        format!("chip {}", verdict(chip)),
        format!("active {}", verdict(active)),
        reading.face.as_ref().map_or_else(|| "no face".to_owned(), face),
    ];
    parts.into_iter().chain(reading.warnings.iter().copied().map(warning)).collect::<Vec<_>>().join(", ")
}

fn kind(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Passport => "passport",
        DocumentKind::IdCard => "identity card",
        DocumentKind::ResidencePermit => "residence permit",
        DocumentKind::Visa => "visa",
        DocumentKind::Other => "other document",
    }
}

/// "genuine" where all six lines are valid, or the verdict and the lines that aren't.
#[must_use]
pub fn passive(passive: PassiveAuthentication) -> String {
    let PassiveAuthentication { data, signature, issuer, revocation, document_type, country } = passive;
    let lines = [
        ("data", data),
        ("signature", signature),
        ("issuer", issuer),
        ("revocation", revocation),
        ("type", document_type),
        ("country", country),
    ];
    let open: Vec<_> = lines
        .into_iter()
        .filter(|(_, line)| *line != Verdict::Valid)
        .map(|(name, line)| format!("{name} {}", verdict(line)))
        .collect();
    if open.is_empty() {
        return "genuine".to_owned();
    }
    let total = match passive.verdict() {
        Verdict::Valid => "genuine",
        Verdict::Invalid(_) => "NOT GENUINE",
        Verdict::NotVerifiable(_) | Verdict::NotSupported(_) => "unproven",
    };
    format!("{total} ({})", open.join("; "))
}

/// "valid", or why not.
#[must_use]
pub fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Valid => "valid".to_owned(),
        Verdict::Invalid(reason) => format!("invalid: {}", self::reason(reason)),
        Verdict::NotVerifiable(Reason::NotAsked) => "not asked".to_owned(),
        Verdict::NotVerifiable(reason) => format!("not verifiable: {}", self::reason(reason)),
        Verdict::NotSupported(Reason::NotOffered) => "not offered".to_owned(),
        Verdict::NotSupported(reason) => format!("not supported: {}", self::reason(reason)),
    }
}

fn reason(reason: Reason) -> String {
    let words = match reason {
        Reason::NotAsked => "not asked",
        Reason::NotOffered => "not offered",
        Reason::Malformed => "malformed",
        Reason::HashDiffers => "hash differs",
        Reason::NotInList => "not in the list",
        Reason::Signature => "signature",
        Reason::UnknownAlgorithm => "unknown algorithm",
        Reason::NoTrustStore => "nobody is trusted",
        Reason::UnknownIssuer => "unknown issuer",
        Reason::NotValidThen => "not valid then",
        Reason::WrongUse => "wrong use",
        Reason::WrongDocumentType => "wrong type",
        Reason::WrongCountry => "wrong country",
        Reason::Revoked => "revoked",
        Reason::NoRevocationList => "no revocation list",
        Reason::Defect => "known defect",
        Reason::ChallengeFailed => "challenge failed",
        Reason::PassiveAuthentication => "data unproven",
        Reason::Withheld => "withheld",
        Reason::Downgraded => "downgraded",
        Reason::OtherDocument => "other document",
        Reason::Refused(status) => return format!("refused with {status}"),
    };
    words.to_owned()
}

fn face(face: &FaceRecord) -> String {
    let format = match face.format() {
        FaceFormat::Jpeg => "JPEG",
        FaceFormat::Jp2 => "JP2",
        FaceFormat::Jpeg2000Codestream => "J2K",
    };
    format!("face {format}")
}

fn warning(warning: Warning) -> String {
    let words = match warning {
        Warning::Expired => "expired",
        Warning::NameTruncated => "name truncated",
        Warning::BirthDateIncomplete => "birth date incomplete",
        Warning::CheckDigit => "wrong check digit",
        Warning::NoFace => "the chip has no face",
        Warning::FaceCancelled => "face cancelled",
        Warning::FaceRefused(status) => return format!("face refused with {status}"),
        Warning::FaceMalformed => "face malformed",
        Warning::FaceIncomplete => "face incomplete",
        Warning::PaceFailed => "PACE failed",
    };
    words.to_owned()
}
