use crate::{
    LetterError,
    limits::{MAX_LINE, check},
};

/// Who hands out a sheet: from the insurer's profile and the desk's settings.
#[derive(Debug, Clone, Copy)]
pub struct Issuer<'a> {
    /// Name of the insurer.
    pub insurer: &'a str,
    /// Name of the place: `Servicezentrum Hamburg-Altona`.
    pub place: &'a str,
    /// Name of the desk: `Platz 3`.
    pub desk: &'a str,
    /// What the insurer calls the code: `Aktivierungscode`, `Freischaltcode`.
    pub code_name: &'a str,
    /// Telephone number for help.
    pub service_phone: &'a str,
    /// When somebody answers it: `werktags 8 bis 20 Uhr`.
    pub service_hours: &'a str,
    /// Telephone number that blocks a code at any hour.
    pub blocking_phone: &'a str,
}

impl Issuer<'_> {
    pub(crate) fn check(&self) -> Result<(), LetterError> {
        check("insurer", self.insurer, MAX_LINE)?;
        check("place", self.place, MAX_LINE)?;
        check("desk", self.desk, MAX_LINE)?;
        check("code_name", self.code_name, MAX_LINE)?;
        check("service_phone", self.service_phone, MAX_LINE)?;
        check("service_hours", self.service_hours, MAX_LINE)?;
        check("blocking_phone", self.blocking_phone, MAX_LINE)
    }
}
