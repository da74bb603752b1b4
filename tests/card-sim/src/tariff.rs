//! What the schemas of the Versichertenstammdaten allow besides person and insurer: rarely used, and all of it
//! optional.

use jiff::civil::Date;

/// Zusatzinfos_Abrechnung_GKV/Kostenerstattung (Schema_VSD 5.2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reimbursement {
    /// AerztlicheVersorgung.
    pub medical: bool,
    /// ZahnaerztlicheVersorgung.
    pub dental: bool,
    /// StationaererBereich.
    pub inpatient: bool,
    /// VeranlassteLeistungen.
    pub prescribed: bool,
}

/// ZusatzinfosPKV (Schema_VSD_PKV 1.0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateTariff {
    /// Tarifart: 01 individual, 02 standard, 03 basic, 04 emergency.
    pub kind: String,
    /// Beihilfeberechtigung: 00 or 01.
    pub aid: Option<String>,
    /// KVB_PBeaK: 00, 01 or 02.
    pub civil_service: Option<String>,
    /// StationaereLeistungen.
    pub inpatient: Option<Inpatient>,
}

/// StationaereLeistungen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inpatient {
    /// TeilnahmeClinicCardVerfahren.
    pub clinic_card: Option<bool>,
    /// WahlleistungUnterkunft, three at most.
    pub rooms: Vec<Room>,
    /// WahlleistungAerztlicheBehandlung: kind and, maybe, percent.
    pub physicians: Option<(String, Option<String>)>,
    /// AllgemeineKrankenhausleistungen: percent.
    pub general: Option<String>,
}

/// WahlleistungUnterkunft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// ArtWahlleistungUnterkunft: 00 to 04.
    pub kind: String,
    /// How much is paid.
    pub share: Share,
}

/// How much is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    /// HoechstbetragWahlleistungUnterkunft: whole euros a day.
    UpTo(String),
    /// ProzentwertWahlleistungUnterkunft: 000 to 100.
    Percent(String),
}

/// UC_GeschuetzteVersichertendatenXML (Schema_VSD 5.2), all of it optional here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Protected {
    /// Zuzahlungsstatus: exempt until this day.
    pub exempt_until: Option<Date>,
    /// Besondere_Personengruppe: 4, 6, 7, 8 or 9.
    pub special_group: Option<char>,
    /// DMP_Kennzeichnung.
    pub disease_management: Option<char>,
    /// Selektivvertraege/Art: four digits.
    pub contracts: Option<String>,
    /// RuhenderLeistungsanspruch.
    pub suspension: Option<Suspension>,
}

/// RuhenderLeistungsanspruch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspension {
    /// Beginn.
    pub from: Date,
    /// Ende.
    pub to: Option<Date>,
    /// ArtDesRuhens: 1 wholly, 2 in part.
    pub kind: char,
}

impl PrivateTariff {
    /// A tariff with every element that there is.
    #[must_use]
    pub fn full() -> Self {
        let text = |text: &str| Some(text.to_owned());
        let room = |kind: &str, share| Room { kind: kind.to_owned(), share };
        Self {
            kind: "01".to_owned(),
            aid: text("01"),
            civil_service: text("00"),
            inpatient: Some(Inpatient {
                clinic_card: Some(true),
                rooms: vec![
                    room("01", Share::UpTo("250".to_owned())),
                    room("02", Share::Percent("100".to_owned())),
                ],
                physicians: Some(("01".to_owned(), text("100"))),
                general: text("100"),
            }),
        }
    }
}
