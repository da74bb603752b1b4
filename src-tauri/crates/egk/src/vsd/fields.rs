//! Fields that are no text.

use super::xml::{Document, wrong_field};
use crate::error::Problem;

/// A field that must be there and say `0` or `1`.
pub(crate) fn flag(document: &mut Document, path: &'static str) -> Result<bool, Problem> {
    match &*document.required(path)? {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(wrong_field(path)),
    }
}

/// A number up to `max` in decimal digits, if the field is there.
pub(crate) fn integer(document: &mut Document, path: &'static str, max: u32) -> Result<Option<u32>, Problem> {
    let Some(text) = document.optional(path) else { return Ok(None) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if digits { text.parse().ok() } else { None };
    number.filter(|number| *number <= max).map(Some).ok_or_else(|| wrong_field(path))
}
