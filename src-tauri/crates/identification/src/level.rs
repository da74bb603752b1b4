//! Levels of assurance (Vertrauensniveau): eIDAS, BSI TR-03107-1; computed as the minimum over everything that was done
//! (BSI TR-03147, requirement A1.G-1).

use crate::{
    CheckAnswer, FaceAnswer,
    policy::{Aid, DocumentRule},
    visit::Identification,
};

/// How sure we are who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing proven.
    None,
    /// normal (eIDAS low)
    Normal,
    /// substanziell
    Substantial,
    /// hoch
    High,
}

/// The level that an identification has reached so far.
pub(crate) fn reached(identification: &Identification, rule: Option<&DocumentRule>) -> Level {
    let (Some(document), Some(rule)) = (&identification.document, rule) else {
        return Level::None;
    };
    let face = match identification.face {
        Some(FaceAnswer::Matches) => Level::High,
        Some(FaceAnswer::Doubt | FaceAnswer::DoesNotMatch) | None => Level::None,
    };
    let names = match document.names {
        Some(CheckAnswer::Pass) => Level::High,
        Some(CheckAnswer::Unclear | CheckAnswer::Fail) | None => Level::None,
    };
    rule.cap.min(checks(document, rule)).min(face).min(names)
}

/// The level that will be reached if what is still missing turns out well: what the desk shows on the way.
pub(crate) fn on_the_way(identification: &Identification, rule: Option<&DocumentRule>) -> Level {
    let (Some(document), Some(rule)) = (&identification.document, rule) else {
        return Level::None;
    };
    let answers = document.checks.values().copied().chain(document.names);
    let doubtful = answers.into_iter().any(|answer| answer != CheckAnswer::Pass)
        || identification.face.is_some_and(|face| face != FaceAnswer::Matches);
    if doubtful {
        return Level::None;
    }
    // Until every check is answered, the document was merely looked at.
    rule.cap.min(checks(document, rule).max(Level::Normal))
}

/// Looking alone reaches normal; a complete checklist with tilting, ultraviolet light and magnifier reaches substanziell
/// (BSI TR-03147, A3.3); anything not in order reaches nothing.
fn checks(document: &crate::Document, rule: &DocumentRule) -> Level {
    let passed = |id: &str| document.checks.get(id) == Some(&CheckAnswer::Pass);
    if !rule.checks.iter().all(|check| passed(&check.id)) {
        return Level::None;
    }
    let has = |aid: Aid| rule.checks.iter().any(|check| check.aids.contains(&aid));
    if has(Aid::Tilt) && has(Aid::Ultraviolet) && has(Aid::Magnifier) {
        Level::Substantial
    } else {
        Level::Normal
    }
}
