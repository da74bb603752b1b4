//! The paper of a visit: the activation letter and the receipt for it, the consent to the reading of a
//! document's chip, or the confirmation of a refusal. A model in, PDF bytes out; no files, no network, no clock.
//!
//! A sheet is laid out first (`page`: text shaped by HarfRust, lines, areas of ink; millimetres) and written
//! afterwards (`pdf`). What a font can't draw, or what doesn't fit its place, is an error before anything is
//! written.
//!
//! The wording comes from a template file per sheet ([`ActivationTemplate`], [`ReceiptTemplate`],
//! [`ChipConsentTemplate`], [`RefusalTemplate`]), the rest from the model ([`ActivationLetter`], [`Receipt`],
//! [`ChipConsentPage`], [`RefusalNotice`]).

// So that the samples can name the crate from inside as from outside.
#[cfg(test)]
extern crate self as letter;

mod activation;
mod chip_consent;
mod dates;
mod din5008;
mod effect;
mod error;
mod fonts;
mod issuer;
#[cfg(test)]
mod layout_tests;
mod limits;
mod page;
mod paragraph;
mod pdf;
mod receipt;
mod refusal;
#[cfg(test)]
#[path = "../tests/paper/samples.rs"]
mod samples;
mod secret;
mod shape;
mod symbols;
mod template;
mod wording;

pub use activation::{ActivationLetter, Subject};
pub use chip_consent::ChipConsentPage;
pub use effect::TakesEffect;
pub use error::LetterError;
pub use fonts::Fonts;
pub use issuer::Issuer;
pub use receipt::Receipt;
pub use refusal::RefusalNotice;
pub use secret::{CodeText, QrLink, qr_link};
pub use template::{
    ActivationTemplate, ChipConsentTemplate, ConsentValues, LocalText, Purpose, ReceiptTemplate,
    RefusalTemplate, TemplateError,
};
