//! What kind of document a zone is of.

use super::Issuer;

/// The kind of a document, by the letters of its code and who issued it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// A passport of any kind, or a travel document in its place: `P` and whatever follows.
    Passport,
    /// An identity card.
    IdCard,
    /// A residence permit.
    ResidencePermit,
    /// A visa.
    Visa,
    /// Anything else, such as the eID card for citizens of the Union, which identifies nobody by sight.
    Other,
}

impl DocumentKind {
    /// By the code (one or two characters, fillers don't matter) and the issuer.
    ///
    /// Germany (section 5 of the identity card act, section 78 of the residence act): `ID` the identity card, `IT` the
    /// provisional one, `IX` its replacement; `AR`, `AS` and `AF` residence permits and cards. Elsewhere `A`, `C` or `I` is a
    /// card (Doc 9303-5, 4.2.2), a residence permit with `R` behind it; what `A` and `C` mean with other letters (crew members'
    /// certificates, `AC`) is the issuer's to say.
    #[must_use]
    pub fn of(code: &str, issuer: Issuer) -> Self {
        let mut letters = code.trim_end_matches('<').chars();
        match (letters.next(), letters.next()) {
            (Some('P'), _) => Self::Passport,
            (Some('V'), _) => Self::Visa,
            (Some('I'), Some('D' | 'T' | 'X')) if issuer.is_germany() => Self::IdCard,
            (Some('A'), Some('R' | 'S' | 'F')) if issuer.is_germany() => Self::ResidencePermit,
            _ if issuer.is_germany() => Self::Other,
            (Some('A' | 'C' | 'I'), Some('R')) => Self::ResidencePermit,
            (Some('I'), _) => Self::IdCard,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_issuer_tell_the_kind() {
        use DocumentKind::{IdCard, Other, Passport, ResidencePermit, Visa};
        for (code, issuer, kind) in [
            ("P", "D", Passport),
            ("P<", "UTO", Passport),
            ("PP", "D", Passport),
            ("PC", "D", Passport),
            ("PD", "AUT", Passport),
            ("ID", "D", IdCard),
            ("IT", "D", IdCard),
            ("IX", "D", IdCard),
            ("I", "UTO", IdCard),
            ("ID", "BEL", IdCard),
            ("IP", "USA", IdCard),
            ("AR", "D", ResidencePermit),
            ("AS", "D", ResidencePermit),
            ("AF", "D", ResidencePermit),
            ("AR", "AUT", ResidencePermit),
            ("IR", "FRA", ResidencePermit),
            ("CR", "POL", ResidencePermit),
            ("V", "D", Visa),
            ("VC", "FRA", Visa),
            ("UB", "D", Other),
            ("AC", "UTO", Other),
            ("AS", "AUT", Other),
            ("AX", "D", Other),
            ("CR", "D", Other),
            ("IR", "D", Other),
            ("", "D", Other),
        ] {
            assert_eq!(DocumentKind::of(code, Issuer::parse(issuer).unwrap()), kind, "{code} {issuer}");
        }
    }
}
