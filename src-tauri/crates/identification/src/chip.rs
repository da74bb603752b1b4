//! The chip of a document as far as a record keeps it: that the person agreed, how genuine it is, what agrees.

/// How the person agreed to the reading of their document's chip (§ 291 (7) sentence 2, (8) sentence 2 SGB V).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentForm {
    /// They tapped on the screen that was turned to them.
    Tapped,
    /// They signed the printed page.
    Signed,
}

/// The person's agreement; theirs alone, and taken back whenever they want to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipConsent {
    /// How they agreed.
    pub form: ConsentForm,
    /// Which wording they agreed to: `chip-consent@1`.
    pub wording: String,
}

/// The outcome of a proof; reasons are shown, not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChipCheck {
    /// It holds.
    Valid,
    /// It fails.
    Invalid,
    /// It could not be tried to its end.
    NotVerifiable,
    /// The document has nothing to prove it with.
    NotSupported,
}

/// What the chip proved, and what of its data agrees; the data themselves are dropped at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChipEvidence {
    /// Passive authentication: the data are what the issuer has signed.
    pub data: ChipCheck,
    /// Chip or active authentication: the chip is no copy.
    pub copy: ChipCheck,
    /// The name is the one that the insurer knows.
    pub name_agrees: bool,
    /// Birth date and expiry are those on the document's print, type and group of issuers those that were chosen.
    pub print_agrees: bool,
}

impl ChipEvidence {
    /// Whether it counts: a chip whose authenticity isn't proven counts for nothing.
    #[must_use]
    pub const fn proves(self) -> bool {
        self.is_genuine() && self.name_agrees && self.print_agrees
    }

    /// Whether it speaks against the document: a proof fails, or a genuine chip belongs to another print.
    #[must_use]
    pub const fn contradicts(self) -> bool {
        matches!(self.data, ChipCheck::Invalid)
            || matches!(self.copy, ChipCheck::Invalid)
            || self.is_genuine() && !self.print_agrees
    }

    const fn is_genuine(self) -> bool {
        matches!(self.data, ChipCheck::Valid) && matches!(self.copy, ChipCheck::Valid)
    }
}
