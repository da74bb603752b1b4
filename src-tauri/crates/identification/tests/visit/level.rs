//! Levels of assurance: the weakest of everything that was done (BSI TR-03147, A1.G-1).

use identification::{Aid, CheckAnswer, FaceAnswer, Level, Refusal};

use crate::{
    desk::{
        Desk, amsel, amsel_proven, answers, carer_seconded, colleague_looks, face, issues, matches, names,
        passport, passport_under_uv, presents,
    },
    people::AMSEL,
};

const AIDS: [Aid; 3] = [Aid::Tilt, Aid::Ultraviolet, Aid::Magnifier];

fn without(mut desk: Desk, missing: Aid) -> Desk {
    for document in &mut desk.policy.documents {
        document.checks.iter_mut().for_each(|check| check.aids.retain(|aid| *aid != missing));
    }
    desk
}

#[test]
fn the_weakest_of_document_checks_face_and_second_person_decides() {
    use Level::{High, None, Normal, Substantial};
    let clear = (CheckAnswer::Pass, FaceAnswer::Matches);
    let unclear = (CheckAnswer::Unclear, FaceAnswer::Matches);
    let doubt = (CheckAnswer::Pass, FaceAnswer::Doubt);
    // Document's cap, (a check, the face), a second person looked, that reaches high; the level.
    let table = [
        (High, clear, false, true, Substantial),
        (High, clear, true, false, Substantial),
        (High, clear, true, true, High),
        (Substantial, clear, true, true, Substantial),
        (Normal, clear, true, true, Normal),
        (None, clear, true, true, None),
        (High, unclear, false, true, None),
        (High, unclear, true, false, Substantial),
        (High, unclear, true, true, High),
        (High, doubt, false, true, None),
        (High, doubt, true, false, Substantial),
        (High, doubt, true, true, High),
    ];
    for (cap, (check, seen), looked, reaches_high, level) in table {
        let desk = amsel()
            .with(|policy| {
                policy.documents[0].cap = cap;
                policy.second_look_reaches_high = reaches_high;
            })
            .after(passport_under_uv(AMSEL, check))
            .after([face(seen)])
            .after(looked.then(colleague_looks));
        assert_eq!(
            desk.level(),
            level,
            "{cap:?} {check:?} {seen:?} looked {looked} reaches high {reaches_high}"
        );
    }
}

#[test]
fn without_one_of_the_aids_the_level_stays_normal_and_gets_no_code() {
    for missing in AIDS {
        let mut desk = without(amsel_proven(), missing);
        assert_eq!((desk.level(), desk.attempt(issues(1, 1))), (Level::Normal, Err(Refusal::LevelTooLow)));
    }
}

#[test]
fn a_second_person_never_reaches_high_without_one_of_the_aids() {
    let seconded = || carer_seconded().with(|policy| policy.second_look_reaches_high = true);
    assert_eq!(seconded().level(), Level::High);
    for missing in AIDS {
        assert_eq!(without(seconded(), missing).level(), Level::Normal);
    }
}

#[test]
fn a_purpose_that_needs_high_is_served_only_after_a_second_look() {
    let high = || {
        amsel_proven().with(|policy| {
            policy.purposes[0].level = Level::High;
            policy.second_look_reaches_high = true;
        })
    };
    assert_eq!(high().attempt(issues(1, 1)), Err(Refusal::LevelTooLow));
    let mut desk = high().after([colleague_looks()]);
    assert_eq!(desk.attempt(issues(1, 1)), Ok(()));
    assert_eq!(desk.code(1).level, Level::High);
}

#[test]
fn a_driving_licence_never_reaches_the_level_that_a_code_needs() {
    let licence = [
        presents("fuehrerschein", AMSEL),
        answers("front", CheckAnswer::Pass),
        names(CheckAnswer::Pass),
        identification::Command::ConfirmDocument,
        matches(),
        colleague_looks(),
    ];
    let mut desk = amsel().with(|policy| policy.second_look_reaches_high = true).after(licence);
    assert_eq!((desk.level(), desk.attempt(issues(1, 1))), (Level::Normal, Err(Refusal::LevelTooLow)));
}

#[test]
fn the_desk_shows_the_level_that_a_visit_is_on_the_way_to_and_none_once_something_is_doubtful() {
    use Level::{None, Normal, Substantial};
    let mut desk = amsel();
    let mut seen = vec![desk.visit.level_on_the_way(&desk.policy)];
    for command in passport(AMSEL) {
        desk.attempt(command).unwrap();
        seen.push(desk.visit.level_on_the_way(&desk.policy));
    }
    assert_eq!(seen, [None, Normal, Normal, Normal, Substantial, Substantial, Substantial]);
    assert_eq!(desk.level(), None, "without the face nothing is reached");
    let desk = desk.after([face(FaceAnswer::Doubt)]);
    assert_eq!(desk.visit.level_on_the_way(&desk.policy), None);
    let desk = desk.after([colleague_looks()]);
    assert_eq!(desk.visit.level_on_the_way(&desk.policy), Substantial, "settled by a second person");
}

#[test]
fn the_highest_need_of_a_standing_concern_is_what_the_desk_works_towards() {
    let desk = carer_seconded().with(|policy| policy.purposes[1].level = Level::High);
    assert_eq!(desk.visit.level_needed(&desk.policy), Level::High);
    let withdraw = identification::Command::WithdrawConcern { concern: crate::people::concern(1) };
    let desk = desk.after([withdraw]);
    assert_eq!(
        desk.visit.level_needed(&desk.policy),
        Level::Substantial,
        "that of the first purpose offered"
    );
}
