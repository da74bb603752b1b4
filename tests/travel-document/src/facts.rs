//! What is compared of two readings: everything they tell.

use mrtd::{
    Access, Authenticity, DocumentReading, IssuedBy, Warning,
    mrz::{DocumentKind, MrzDate, MrzName},
};

/// Everything that a reading tells, for comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// How the chip was opened.
    pub access: Access,
    /// What document it is, and whose.
    pub document: Option<(DocumentKind, IssuedBy)>,
    /// Whose it is, and how long it is valid.
    pub holder: Option<(MrzName, Option<MrzDate>, Option<MrzDate>)>,
    /// The face as the chip has it.
    pub face: Option<Vec<u8>>,
    /// How far it is genuine.
    pub authenticity: Authenticity,
    /// What else is to be known of it.
    pub warnings: Vec<Warning>,
}

impl Facts {
    /// What the reading tells.
    #[must_use]
    pub fn of(reading: &DocumentReading) -> Self {
        Self {
            access: reading.access,
            document: reading.kind.zip(reading.issued_by),
            holder: reading.holder.as_ref().map(|it| (it.name.clone(), it.birth_date, it.expiry)),
            face: reading.face.as_ref().map(|face| face.image().to_vec()),
            authenticity: reading.authenticity,
            warnings: reading.warnings.clone(),
        }
    }
}
