//! Levels of assurance (Vertrauensniveau): eIDAS, BSI TR-03107-1; computed as the minimum over everything that was done
//! (BSI TR-03147, requirement A1.G-1).

use crate::{
    CheckAnswer, ChipEvidence, Document, FaceAnswer, Policy,
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
pub(crate) fn reached(identification: &Identification, policy: &Policy) -> Level {
    let Some((document, rule)) = identification.presented(policy) else { return Level::None };
    let seconded = identification.second_look.as_ref().map(|look| look.answer);
    // A second person's word replaces the first one's doubt, and only that.
    let settled = |first: FaceAnswer| match (first, seconded) {
        (FaceAnswer::DoesNotMatch, _) | (_, Some(FaceAnswer::DoesNotMatch | FaceAnswer::Doubt)) => {
            Level::None
        }
        (FaceAnswer::Matches, _) | (FaceAnswer::Doubt, Some(FaceAnswer::Matches)) => Level::High,
        (FaceAnswer::Doubt, None) => Level::None,
    };
    let names = document.names.map_or(Level::None, |answer| settled(as_face(answer)));
    let doubts = answers(document, rule).map(|(answer, best)| settled(as_face(answer)).min(best));
    let doubts = doubts.min().unwrap_or(Level::None);
    let face = match (identification.face, document.chip) {
        (_, Some(chip)) if chip.contradicts() => Level::None,
        (face, _) => face.map_or(Level::None, settled),
    };
    let more =
        seconded == Some(FaceAnswer::Matches) && policy.second_look_reaches_high || chip_proves(document);
    rule.cap.min(checks(document, rule, more)).min(doubts).min(names).min(face)
}

/// The level that will be reached if what is still missing turns out well: what the desk shows on the way.
pub(crate) fn on_the_way(identification: &Identification, policy: &Policy) -> Level {
    let Some((document, rule)) = identification.presented(policy) else { return Level::None };
    let answers = document.checks.values().copied().chain(document.names).map(as_face);
    let seconded = identification.second_look.as_ref().map(|look| look.answer);
    let doubtful = answers.chain(identification.face).any(|answer| match answer {
        FaceAnswer::Matches => false,
        FaceAnswer::Doubt => seconded != Some(FaceAnswer::Matches),
        FaceAnswer::DoesNotMatch => true,
    });
    let contradicted = document.chip.is_some_and(ChipEvidence::contradicts);
    if doubtful || contradicted || seconded.is_some_and(|answer| answer != FaceAnswer::Matches) {
        return Level::None;
    }
    let more =
        seconded == Some(FaceAnswer::Matches) && policy.second_look_reaches_high || chip_proves(document);
    let settled = self::answers(document, rule).map(|(_, best)| best).min().unwrap_or(Level::High);
    // Until every check is answered, the document was merely looked at.
    rule.cap.min(checks(document, rule, more).max(Level::Normal)).min(settled)
}

/// Each check's answer, with the best level that it leaves.
fn answers(document: &Document, rule: &DocumentRule) -> impl Iterator<Item = (CheckAnswer, Level)> {
    document.checks.iter().map(|(id, answer)| {
        let check = rule.checks.iter().find(|check| check.id == *id);
        let unclear = check.filter(|_| *answer == CheckAnswer::Unclear);
        (*answer, unclear.map_or(Level::High, |check| check.settled))
    })
}

fn chip_proves(document: &Document) -> bool {
    document.chip.is_some_and(ChipEvidence::proves)
}

/// A check's answer, in the words in which doubts are settled.
const fn as_face(answer: CheckAnswer) -> FaceAnswer {
    match answer {
        CheckAnswer::Pass => FaceAnswer::Matches,
        CheckAnswer::Unclear => FaceAnswer::Doubt,
        CheckAnswer::Fail => FaceAnswer::DoesNotMatch,
    }
}

/// Looking alone reaches normal; a complete checklist with tilting, ultraviolet light and magnifier reaches substanziell
/// (BSI TR-03147, A3.3), and hoch with `more`: a chip that proves the same, or a second person's look where the profile says
/// so. Whether what was answered is in order is another question.
fn checks(document: &Document, rule: &DocumentRule, more: bool) -> Level {
    if !rule.checks.iter().all(|check| document.checks.contains_key(&check.id)) {
        return Level::None;
    }
    let has = |aid: Aid| rule.checks.iter().any(|check| check.aids.contains(&aid));
    match (has(Aid::Tilt) && has(Aid::Ultraviolet) && has(Aid::Magnifier), more) {
        (false, _) => Level::Normal,
        (true, false) => Level::Substantial,
        (true, true) => Level::High,
    }
}
