//! What may be read of whose document: a policy's answer, kept by types.

use crate::mrz::{DocumentKind, Issuer};

/// What may leave the reading of one document, beside the outcome of the checks that it is genuine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Disclosure {
    /// Names, date of birth and date of expiry, of DG1.
    pub zone: bool,
    /// The face, DG2.
    pub face: bool,
}

impl Disclosure {
    /// Nothing.
    pub const NOTHING: Self = Self { zone: false, face: false };
}

/// By whom a document was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuedBy {
    /// The Federal Republic of Germany.
    Germany,
    /// Another member state of the European Union.
    EuropeanUnion,
    /// Another state, or an organisation.
    Others,
}

/// The member states but Germany (ISO 3166-1).
const EUROPEAN_UNION: [&str; 26] = [
    "AT", "BE", "BG", "CY", "CZ", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
    "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

impl IssuedBy {
    /// Which state exactly it is stays inside.
    pub(crate) fn of(issuer: &Issuer) -> Self {
        match issuer.alpha2() {
            _ if issuer.is_germany() => Self::Germany,
            Some(state) if EUROPEAN_UNION.contains(&state) => Self::EuropeanUnion,
            _ => Self::Others,
        }
    }
}

/// What is admitted of documents of one kind, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    kind: DocumentKind,
    issued_by: IssuedBy,
    disclosure: Disclosure,
    legal_basis: String,
}

impl Admission {
    /// Admits the disclosure of such documents on this legal basis, in the words that the caller's policy has
    /// for it.
    pub fn new(
        kind: DocumentKind,
        issued_by: IssuedBy,
        disclosure: Disclosure,
        legal_basis: impl Into<String>,
    ) -> Self {
        Self { kind, issued_by, disclosure, legal_basis: legal_basis.into() }
    }

    /// What is admitted.
    pub fn disclosure(&self) -> Disclosure {
        self.disclosure
    }

    /// Why, in the words of the policy.
    pub fn legal_basis(&self) -> &str {
        &self.legal_basis
    }
}

/// What a policy admits for one purpose and one role, by the kind of a document and its issuer, which are
/// known once DG1 is read. Of documents that it doesn't name it admits nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Admitted {
    admissions: Vec<Admission>,
    /// DG1 is read, to know which admission decides, and to check it.
    zone_is_read: bool,
}

impl Admitted {
    /// These; the first that names a document decides.
    pub fn new(admissions: Vec<Admission>) -> Self {
        let zone_is_read = admissions.iter().any(|it| it.disclosure != Disclosure::NOTHING);
        Self { admissions, zone_is_read }
    }

    /// Nothing of any document but whether it is genuine: DG1 is read and checked, and what it says of a person
    /// stays here.
    pub fn to_check() -> Self {
        Self { admissions: Vec::new(), zone_is_read: true }
    }

    /// Nothing of any document: neither DG1 nor DG2 is read. Without DG1 nobody knows whose signature would
    /// have to be under it, so that it can't be told, either, whether the document is genuine: the chip isn't
    /// asked for any proof, and [`Authenticity::is_original`](crate::Authenticity::is_original) is `false`.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// What decides over a document.
    pub fn for_document(&self, kind: DocumentKind, issuer: &Issuer) -> Option<&Admission> {
        let issued_by = IssuedBy::of(issuer);
        self.admissions.iter().find(|admission| admission.kind == kind && admission.issued_by == issued_by)
    }

    /// What may leave the reading of a document.
    pub fn disclosure(&self, kind: DocumentKind, issuer: &Issuer) -> Disclosure {
        self.for_document(kind, issuer).map_or(Disclosure::NOTHING, Admission::disclosure)
    }

    /// Whether DG1 is read.
    pub(crate) fn zone_is_read(&self) -> bool {
        self.zone_is_read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_germany_another_member_state_or_one_of_the_others() {
        for (letters, expected) in [
            ("D", IssuedBy::Germany),
            ("AUT", IssuedBy::EuropeanUnion),
            ("HRV", IssuedBy::EuropeanUnion),
            ("GRC", IssuedBy::EuropeanUnion),
            ("ISL", IssuedBy::Others),
            ("CHE", IssuedBy::Others),
            ("GBR", IssuedBy::Others),
            ("EUE", IssuedBy::Others),
            ("UNO", IssuedBy::Others),
            ("UTO", IssuedBy::Others),
            ("XXA", IssuedBy::Others),
        ] {
            assert_eq!(IssuedBy::of(&Issuer::parse(letters).unwrap()), expected, "{letters}");
        }
    }
}
