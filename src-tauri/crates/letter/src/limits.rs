//! How long the fields of a sheet may be.

use crate::LetterError;

/// Longest name: given names and family name of 45 characters, prefix and suffix of 20 (VSD schema 5.2), with
/// blanks and a title.
pub(crate) const MAX_NAME: usize = 160;
/// Longest text of one line.
pub(crate) const MAX_LINE: usize = 100;
/// Longest proof of an authority, two lines: kind of the deed, court with its branch, file number.
pub(crate) const MAX_AUTHORITY: usize = 160;

/// Refuses a field that is blank or too long.
pub(crate) fn check(field: &'static str, text: &str, max: usize) -> Result<(), LetterError> {
    if text.trim().is_empty() {
        return Err(LetterError::Empty { field });
    }
    if text.chars().count() > max {
        return Err(LetterError::TooLong { field, max });
    }
    Ok(())
}

/// The same for a field that may be missing, but not empty.
pub(crate) fn check_optional(field: &'static str, text: Option<&str>, max: usize) -> Result<(), LetterError> {
    text.map_or(Ok(()), |text| check(field, text, max))
}
