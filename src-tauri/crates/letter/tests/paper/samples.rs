//! The sheets that the tests read back and the example shows, once for a person in their own matter and once
//! for a carer. Names are those of gematik's test cards.

use jiff::civil::date;
use letter::{
    ActivationLetter, ActivationTemplate, ChipConsentPage, ChipConsentTemplate, CodeText, Issuer,
    LetterError, Purpose, QrLink, Receipt, ReceiptTemplate, RefusalNotice, RefusalTemplate, Subject,
    TakesEffect, TemplateError, qr_link,
};

pub(crate) const ISSUER: Issuer<'_> = Issuer {
    insurer: "Beispielkasse",
    place: "Servicezentrum Hamburg-Altona",
    desk: "Platz 3",
    code_name: "Aktivierungscode",
    service_phone: "040 000 000",
    service_hours: "werktags 8 bis 20 Uhr",
    blocking_phone: "040 000 001",
};

pub(crate) const REFERENCE: &str = "A-M3PWC6YNKH";
pub(crate) const CODE: &str = "7KQ4XR9BTW2B";
pub(crate) const BUNTSPECHT: &str = "Dr. med. Dieter Graf von und zu Buntspecht";
/// Prefix (20), given names (45), family name (45) and suffix (20) as long as a health card can hold them.
const LONGEST_NAME: &str = "Freifrau von und auf Konstantina-Wilhelmina Maria-Magdalena Amélie \
    Buntspecht-Carolinataube von der Eistaucherau MdB Prof. Dr. Dr. hc";
const MASKED: &str = "Dieter B., Versichertennummer ••••••7895";

/// The longest given names as a sheet masks the insured person.
const LONGEST_MASKED: &str =
    "Konstantina-Wilhelmina Maria-Magdalena Amélie B., Versichertennummer ••••••7895";

pub(crate) const RECEIPT: Receipt<'_> = Receipt {
    issuer: ISSUER,
    date: date(2026, 11, 22),
    reference: REFERENCE,
    purpose: "App freischalten",
    recipient: BUNTSPECHT,
    document: "Personalausweis",
    role: None,
    subject: MASKED,
    authority: None,
    takes_effect: TakesEffect::AtOnce,
    valid_until: date(2026, 12, 6),
    staff: "K17",
};

/// Given out without a line to the account service.
pub(crate) const OFFLINE_RECEIPT: Receipt<'_> =
    Receipt { takes_effect: TakesEffect::AfterTransmission, valid_until: date(2026, 11, 29), ..RECEIPT };

pub(crate) const CARERS_RECEIPT: Receipt<'_> = Receipt {
    purpose: "Zugang als Vertretung",
    recipient: "Ida Amsel",
    role: Some("Rechtliche Betreuung"),
    authority: Some("Betreuerausweis im Original, Amtsgericht Altona, 12 XVII 345/23"),
    takes_effect: TakesEffect::AfterRelease,
    staff: "K17 und K22",
    ..RECEIPT
};

pub(crate) const LONGEST_RECEIPT: Receipt<'_> = Receipt {
    recipient: LONGEST_NAME,
    subject: LONGEST_MASKED,
    authority: Some(
        "Beglaubigte Abschrift des Betreuerausweises, Amtsgericht Frankfurt am Main – Außenstelle Höchst, \
         406 XVII 1234/2023",
    ),
    ..CARERS_RECEIPT
};

pub(crate) const EPA: &str = "Elektronische Patientenakte (ePA) freischalten";

pub(crate) const CONSENT: ChipConsentPage<'_> =
    ChipConsentPage { issuer: ISSUER, date: date(2026, 11, 22), purpose: EPA, signer: BUNTSPECHT };

/// Insurer and place as long as those of a real one, each with the widest of everything else.
pub(crate) const LONGEST_CONSENT: ChipConsentPage<'_> = ChipConsentPage {
    issuer: Issuer {
        insurer: "Beispielkasse – Die Gesundheitskasse für Niedersachsen und Sachsen-Anhalt",
        place: "Kundenservicezentrum Frankfurt am Main – Außenstelle Höchst",
        service_phone: "0800 000 000 0000",
        ..ISSUER
    },
    purpose: "Elektronische Patientenakte (ePA) freischalten und digitale Identität (GesundheitsID) einrichten",
    signer: LONGEST_NAME,
    ..CONSENT
};

pub(crate) const REFUSAL: RefusalNotice<'_> = RefusalNotice {
    issuer: ISSUER,
    date: date(2026, 11, 22),
    recipient: BUNTSPECHT,
    represented: None,
    purpose: "App freischalten",
    reason: "document_expired",
};

pub(crate) const CARERS_REFUSAL: RefusalNotice<'_> = RefusalNotice {
    recipient: "Ida Amsel",
    represented: Some(MASKED),
    purpose: "Zugang als Vertretung",
    reason: "area_missing",
    ..REFUSAL
};

pub(crate) const LONGEST_REFUSAL: RefusalNotice<'_> =
    RefusalNotice { recipient: LONGEST_NAME, represented: Some(LONGEST_MASKED), ..CARERS_REFUSAL };

pub(crate) fn link() -> Result<QrLink, LetterError> {
    qr_link("https://app.beispielkasse.de", REFERENCE, CodeText::new(CODE)?)
}

pub(crate) fn letter(link: &QrLink) -> Result<ActivationLetter<'_>, LetterError> {
    Ok(ActivationLetter {
        issuer: ISSUER,
        date: date(2026, 11, 22),
        purpose: Purpose::AppActivation,
        recipient: BUNTSPECHT,
        subject: Subject::Recipient(MASKED),
        reference: REFERENCE,
        code: CodeText::new(CODE)?,
        link,
        valid_until: date(2026, 12, 6),
        takes_effect: TakesEffect::AtOnce,
    })
}

pub(crate) fn epa_letter(link: &QrLink) -> Result<ActivationLetter<'_>, LetterError> {
    Ok(ActivationLetter { purpose: Purpose::Epa, ..letter(link)? })
}

/// Given out without a line to the account service.
pub(crate) fn offline_letter(link: &QrLink) -> Result<ActivationLetter<'_>, LetterError> {
    Ok(ActivationLetter {
        takes_effect: TakesEffect::AfterTransmission,
        valid_until: date(2026, 11, 29),
        ..letter(link)?
    })
}

pub(crate) fn carers_letter(link: &QrLink) -> Result<ActivationLetter<'_>, LetterError> {
    Ok(ActivationLetter {
        purpose: Purpose::RepresentativeAccess,
        recipient: "Ida Amsel",
        subject: Subject::Represented(MASKED),
        takes_effect: TakesEffect::AfterRelease,
        ..letter(link)?
    })
}

pub(crate) fn longest_letter(link: &QrLink) -> Result<ActivationLetter<'_>, LetterError> {
    Ok(ActivationLetter {
        recipient: LONGEST_NAME,
        subject: Subject::Represented(LONGEST_MASKED),
        ..carers_letter(link)?
    })
}

pub(crate) fn activation_template() -> Result<ActivationTemplate, TemplateError> {
    ActivationTemplate::parse(include_str!("../../../../../assets/letters/activation@1.toml"))
}

pub(crate) fn receipt_template() -> Result<ReceiptTemplate, TemplateError> {
    ReceiptTemplate::parse(include_str!("../../../../../assets/letters/receipt@1.toml"))
}

pub(crate) fn refusal_template() -> Result<RefusalTemplate, TemplateError> {
    RefusalTemplate::parse(include_str!("../../../../../assets/letters/refusal@1.toml"))
}

pub(crate) fn chip_consent_template() -> Result<ChipConsentTemplate, TemplateError> {
    ChipConsentTemplate::shipped()
}
