//! A travel document: whose it is, who issued it and how, and what is wrong with it.

use jiff::{ToSpan, civil::Date};

use super::{
    lds::Face,
    numbers,
    security_object::Form,
    signers::SignerKind,
    state::State,
    zone::{Format, Zone},
};
use crate::{
    egk::CAN,
    persona::Persona,
    travel::{
        ActiveAuthentication, ChipAuthentication, ChipKey, Cipher, Curve, Encoding, Group, Mapping,
        PaceOffer, Quirks,
    },
};

/// What a travel document is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TravelDocument {
    /// Whose it is.
    pub persona: Persona,
    /// Which kind of document.
    pub kind: Kind,
    /// Who issued it, as its zone says.
    pub state: State,
    /// The holder's nationality by its code in zones.
    pub nationality: &'static str,
    /// The number printed on it.
    pub number: String,
    /// The day on which the document is as it is described here.
    pub today: Date,
    /// Last day of validity.
    pub expiry: Date,
    /// The six digits on the front; none on documents without PACE.
    pub can: Option<String>,
    /// PACE is offered with these.
    pub pace: Vec<PaceOffer>,
    /// Basic access control is spoken.
    pub bac: bool,
    /// The static key of chip authentication mapping.
    pub mapping_key: Option<ChipKey>,
    /// Chip authentication.
    pub chip_authentication: Option<ChipAuthentication>,
    /// EF.DG14 tells of chip authentication no more than its key, which then is for 3DES.
    pub tells_key_only: bool,
    /// Active authentication.
    pub active_authentication: Option<ActiveAuthentication>,
    /// The picture.
    pub face: Face,
    /// The chip holds fingerprints, for authorities only.
    pub fingerprints: bool,
    /// The chip has the eID application.
    pub eid: bool,
    /// Nothing of the eMRTD application can be read without a certificate of an authority.
    pub authorities_only: bool,
    /// The state whose signer signed; the issuing one unless something is wrong.
    pub signed_by: State,
    /// Which signer.
    pub signer: SignerKind,
    /// The form of EF.SOD.
    pub form: Form,
    /// What is wrong with the chip's contents.
    pub flaw: Option<Flaw>,
    /// How the chip deviates from one by the book.
    pub quirks: Quirks,
}

/// Which kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Passport.
    Passport,
    /// Travel document for refugees (Reiseausweis für Flüchtlinge).
    RefugeeDocument,
    /// Identity card.
    IdCard,
    /// Residence permit (Aufenthaltstitel).
    ResidencePermit,
    /// eID card for citizens of the European Union; no identity document.
    UnionCard,
    /// Vorläufiger Personalausweis; has no chip.
    ProvisionalIdCard,
    /// Vorläufiger Reisepass; has no chip.
    ProvisionalPassport,
}

/// What is wrong with a chip's contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// DG1 names somebody else than was signed.
    OtherZone,
    /// DG2 shows another picture than was signed.
    OtherFace,
    /// A byte of EF.SOD's signature is another.
    ForgedSignature,
    /// EF.SOD doesn't list DG2.
    FaceNotListed,
    /// The chip hasn't the private keys that belong to its signed public keys.
    Clone,
    /// EF.SOD says that it is 2 MiB long.
    HugeSecurityObject,
    /// DG2 says that it is 2 MiB long, and the chip never says that it ends.
    EndlessFace,
    /// EF.COM isn't there.
    NoCommonFile,
    /// EF.COM doesn't tell of all data groups that EF.SOD lists.
    PoorCommonFile,
}

/// What somebody at a desk types to open a chip without its number on the front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFields {
    /// Document number without check digit.
    pub number: String,
    /// Birth date as in the zone, `YYMMDD`.
    pub birth_date: String,
    /// Expiry as in the zone, `YYMMDD`.
    pub expiry: String,
}

/// PACE as nearly all documents offer it.
pub(crate) const GENERIC: PaceOffer =
    PaceOffer { mapping: Mapping::Generic, cipher: Cipher::Aes128, group: Group::Ec(Curve::Brainpool256) };

impl Kind {
    fn format(self) -> Format {
        match self {
            Self::Passport | Self::RefugeeDocument | Self::ProvisionalPassport => Format::Td3,
            Self::ProvisionalIdCard => Format::Td2,
            Self::IdCard | Self::ResidencePermit | Self::UnionCard => Format::Td1,
        }
    }

    fn code(self, state: State) -> &'static str {
        match self {
            Self::Passport => "P",
            Self::RefugeeDocument => "PT",
            Self::IdCard if state == State::Germany => "ID",
            Self::IdCard => "I",
            Self::ResidencePermit => "AR",
            Self::UnionCard => "UB",
            Self::ProvisionalIdCard => "IT",
            Self::ProvisionalPassport => "PP",
        }
    }

    /// Whether there is a chip in it.
    pub(crate) fn has_chip(self) -> bool {
        !matches!(self, Self::ProvisionalIdCard | Self::ProvisionalPassport)
    }
}

impl TravelDocument {
    /// A document of two years ago that opens by PACE or BAC and proves nothing but its signature.
    #[must_use]
    pub fn new(persona: Persona, kind: Kind, state: State, today: Date) -> Self {
        let number = numbers::number(kind, state, &persona.kvnr);
        Self {
            number,
            kind,
            state,
            nationality: state.code(),
            today,
            expiry: today.saturating_add(8.years()).saturating_sub(1.day()),
            can: Some(CAN.to_owned()),
            pace: vec![GENERIC],
            bac: kind == Kind::Passport,
            mapping_key: None,
            chip_authentication: None,
            tells_key_only: false,
            active_authentication: None,
            face: Face::Jpeg,
            fingerprints: false,
            eid: false,
            authorities_only: false,
            signed_by: state,
            signer: if kind.format() == Format::Td3 { SignerKind::Passports } else { SignerKind::Cards },
            form: Form::default(),
            flaw: None,
            quirks: Quirks::default(),
            persona,
        }
    }

    /// A German passport of today: PACE with generic and chip authentication mapping, chip authentication, no
    /// BAC.
    #[must_use]
    pub fn german_passport(persona: Persona, today: Date) -> Self {
        let mapping = PaceOffer { mapping: Mapping::ChipAuthentication, ..GENERIC };
        let mut passport = Self::new(persona, Kind::Passport, State::Germany, today).by_the_german_book();
        passport.pace.push(mapping);
        passport.mapping_key = Some(passport.key(GENERIC.group, "mapping"));
        passport
    }

    /// A Personalausweis that opens to everybody who knows its number or zone, as those since August 2021.
    #[must_use]
    pub fn german_card(persona: Persona, today: Date) -> Self {
        let card = Self::new(persona, Kind::IdCard, State::Germany, today).by_the_german_book();
        Self { eid: true, ..card }
    }

    /// A residence permit of somebody with this nationality, of after November 2019.
    #[must_use]
    pub fn residence_permit(persona: Persona, nationality: &'static str, today: Date) -> Self {
        let card = Self::new(persona, Kind::ResidencePermit, State::Germany, today).by_the_german_book();
        Self { nationality, eid: true, ..card }
    }

    /// A document that was issued at once and has no chip.
    #[must_use]
    pub fn provisional(persona: Persona, kind: Kind, today: Date) -> Self {
        let expiry = today.saturating_add(2.months());
        Self {
            expiry,
            can: None,
            pace: Vec::new(),
            bac: false,
            ..Self::new(persona, kind, State::Germany, today)
        }
    }

    fn by_the_german_book(self) -> Self {
        let group = Group::Ec(Curve::Brainpool256);
        let encoding = if self.kind == Kind::Passport { Encoding::Explicit } else { Encoding::Standardized };
        Self {
            bac: false,
            face: Face::Jpeg2000,
            fingerprints: true,
            form: Form { version: 1, ..Form::default() },
            quirks: Quirks { refuses_le_in_select: true, ..Quirks::default() },
            ..self
        }
        .with_chip_authentication(group, Cipher::Aes128, encoding)
    }

    /// The same document with chip authentication.
    #[must_use]
    pub fn with_chip_authentication(mut self, group: Group, cipher: Cipher, encoding: Encoding) -> Self {
        let key = self.key(group, "chip");
        self.chip_authentication = Some(ChipAuthentication { key_id: None, key, cipher, encoding });
        self
    }

    /// A key of this document.
    #[must_use]
    pub fn key(&self, group: Group, purpose: &str) -> ChipKey {
        ChipKey::named(group, &format!("{} {} {purpose}", self.state.code(), self.number))
    }

    /// The lines of its machine-readable zone.
    #[must_use]
    pub fn zone(&self) -> Vec<String> {
        if self.kind == Kind::UnionCard {
            // Nobody's (BSI TR-03127, table 1).
            return [format!("{:<<30}", "UBD"), "<".repeat(30), "<".repeat(30)].to_vec();
        }
        self.with_zone(|zone| zone.lines())
    }

    /// MRZ information, as BAC and PACE want it.
    #[must_use]
    pub fn zone_information(&self) -> Vec<u8> {
        match self.kind {
            Kind::UnionCard => Vec::new(),
            Kind::Passport
            | Kind::RefugeeDocument
            | Kind::IdCard
            | Kind::ResidencePermit
            | Kind::ProvisionalIdCard
            | Kind::ProvisionalPassport => self.with_zone(|zone| zone.information()).into_bytes(),
        }
    }

    /// What of the zone opens the chip, as it is typed.
    #[must_use]
    pub fn key_fields(&self) -> KeyFields {
        let [birth_date, expiry] = self.with_zone(|zone| [zone.birth(), zone.expiry()]);
        KeyFields { number: self.number.clone(), birth_date, expiry }
    }

    /// The lines as somebody changed them.
    pub(crate) fn other_zone(&self) -> Vec<String> {
        self.with_zone(|zone| Zone { primary: "Kuckuck", ..*zone }.lines())
    }

    fn with_zone<T>(&self, then: impl FnOnce(&Zone<'_>) -> T) -> T {
        let persona = &self.persona;
        // In Germany "Graf von" is part of the family name, and a title isn't part of the name.
        let parts = [&persona.name_suffix, &persona.name_prefix, &Some(persona.family_name.clone())];
        let family = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
        then(&Zone {
            format: self.kind.format(),
            code: self.zone_code(),
            issuer: self.state.code(),
            number: &self.number,
            nationality: self.nationality,
            birth_date: &persona.birth_date,
            sex: self.sex(),
            expiry: self.expiry,
            optional: self.optional(),
            primary: &family,
            secondary: &persona.given_names,
        })
    }

    fn zone_code(&self) -> &'static str {
        self.kind.code(self.state)
    }

    /// There is none on a Personalausweis.
    fn sex(&self) -> char {
        match self.persona.sex {
            _ if matches!(self.zone_code(), "ID" | "IT") => '<',
            'M' => 'M',
            'W' => 'F',
            _ => '<',
        }
    }

    /// The version of a Personalausweis' design (§ 5 (4) PAuswG, 7a).
    fn optional(&self) -> &'static str {
        match (self.kind, self.state, self.authorities_only) {
            (Kind::IdCard, State::Germany, false) => "2108",
            _ => "",
        }
    }
}
