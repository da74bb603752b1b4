//! Levels of assurance: the weakest of everything that was done (BSI TR-03147, A1.G-1).

use identification::{Aid, CheckAnswer, Command, FaceAnswer, Level, Policy, Refusal, Reviews};
use jiff::ToSpan;

use crate::{
    desk::{
        Desk, TODAY, amsel, amsel_for_epa, amsel_proven, answers, carer_seconded, chooses_app, chooses_epa,
        colleague_looks, face, issues, matches, names, offers_epa, passport, passport_under_uv, presents,
    },
    people::{AMSEL, BUNTSPECHT, CAROLINATAUBE, amsel_comes, carolinataube_comes, names_ward, shows_deed},
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
                policy.purposes[0].level = None;
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
fn a_document_that_never_reaches_the_level_that_a_code_needs_is_refused_at_once() {
    for document_type in ["fuehrerschein", "schwerbehindertenausweis"] {
        assert_eq!(amsel().attempt(presents(document_type, AMSEL)), Err(Refusal::LevelTooLow));
        let mut carer = Desk::new().after([carolinataube_comes(), names_ward(1, BUNTSPECHT), shows_deed(1)]);
        assert_eq!(carer.attempt(presents(document_type, CAROLINATAUBE)), Err(Refusal::LevelTooLow));
    }
    let provisional = || presents("vorlaeufiger-personalausweis", AMSEL);
    assert_eq!(amsel().attempt(provisional()), Ok(()));
    assert_eq!(amsel_for_epa().attempt(provisional()), Err(Refusal::LevelTooLow));
}

#[test]
fn a_driving_licence_is_enough_where_the_profile_asks_for_no_more_than_it_proves() {
    let normal = || Desk::new().with(|policy| policy.purposes[0].level = Level::Normal);
    let licence = [
        presents("fuehrerschein", AMSEL),
        answers("front", CheckAnswer::Pass),
        names(CheckAnswer::Pass),
        Command::ConfirmDocument,
        matches(),
        colleague_looks(),
    ];
    let reaches_high = |policy: &mut Policy| policy.second_look_reaches_high = true;
    let mut desk = normal().with(reaches_high).after([amsel_comes(), chooses_app(1)]).after(licence);
    assert_eq!((desk.level(), desk.attempt(issues(1, 1))), (Level::Normal, Ok(())));
}

#[test]
fn a_purpose_that_is_changed_for_a_higher_one_needs_another_document() {
    let desk = Desk::new().with(offers_epa).after([amsel_comes(), chooses_app(1)]);
    let looked_at = [
        presents("vorlaeufiger-personalausweis", AMSEL),
        answers("front", CheckAnswer::Pass),
        names(CheckAnswer::Pass),
        Command::ConfirmDocument,
    ];
    let mut desk = desk.after(looked_at).after([chooses_epa(1)]);
    assert_eq!(desk.attempt(Command::ConfirmDocument), Err(Refusal::LevelTooLow));
    assert_eq!(desk.attempt(presents("reisepass", AMSEL)), Ok(()));
}

#[test]
fn only_a_printed_document_that_may_have_no_end_has_none() {
    let without_end = |document_type: &str| Command::PresentDocument {
        document_type: document_type.into(),
        birth_date: AMSEL.born,
        register_agrees: true,
        expiry: None,
    };
    let desk = || amsel().with(|policy| policy.purposes[0].level = Level::Normal);
    for document_type in ["reisepass", "fuehrerschein"] {
        assert_eq!(desk().attempt(without_end(document_type)), Err(Refusal::NotYet), "{document_type}");
    }
    assert_eq!(desk().attempt(without_end("schwerbehindertenausweis")), Ok(()));
}

#[test]
fn the_age_of_the_last_reviews_limits_what_is_reached() {
    let reviewed = |catalogue: i32, checklist: i32| {
        let ago = |days: i32| TODAY.saturating_sub(days.days());
        amsel_proven().with(|policy| {
            policy.reviews = Reviews { catalogue: ago(catalogue), checklist: ago(checklist) };
        })
    };
    let too_low = Err(Refusal::LevelTooLow);
    for (catalogue, checklist, level, code) in [
        (92, 366, Level::Substantial, Ok(())),
        (93, 0, Level::Normal, too_low),
        (0, 367, Level::Normal, too_low),
        (367, 0, Level::None, too_low),
        (0, 1097, Level::None, too_low),
    ] {
        let mut desk = reviewed(catalogue, checklist);
        assert_eq!((desk.level(), desk.level_on_the_way()), (level, level), "{catalogue}, {checklist} days");
        assert_eq!(desk.attempt(issues(1, 1)), code, "{catalogue}, {checklist} days");
    }
}

#[test]
fn what_rests_on_a_persons_own_word_stays_substantial_whoever_has_looked() {
    let desk = amsel().with(|policy| {
        policy.second_look_reaches_high = true;
        policy.documents[0].checks[2].settled = Level::Substantial;
    });
    let unclear = passport_under_uv(AMSEL, CheckAnswer::Unclear);
    let desk = desk.after(unclear).after([matches(), colleague_looks()]);
    assert_eq!((desk.level(), desk.level_on_the_way()), (Level::Substantial, Level::Substantial));
    let clear = amsel_proven().with(|policy| {
        policy.second_look_reaches_high = true;
        policy.documents[0].checks[2].settled = Level::Substantial;
    });
    assert_eq!(clear.after([colleague_looks()]).level(), Level::High);
}

#[test]
fn the_desk_shows_the_level_that_a_visit_is_on_the_way_to_and_none_once_something_is_doubtful() {
    use Level::{None, Normal, Substantial};
    let mut desk = amsel();
    let mut seen = vec![desk.level_on_the_way()];
    for command in passport(AMSEL) {
        desk.attempt(command).unwrap();
        seen.push(desk.level_on_the_way());
    }
    assert_eq!(seen, [None, Normal, Normal, Normal, Substantial, Substantial, Substantial]);
    assert_eq!(desk.level(), None, "without the face nothing is reached");
    let desk = desk.after([face(FaceAnswer::Doubt)]);
    assert_eq!(desk.level_on_the_way(), None);
    let desk = desk.after([colleague_looks()]);
    assert_eq!(desk.level_on_the_way(), Substantial, "settled by a second person");
}

#[test]
fn the_highest_need_of_a_standing_concern_is_what_the_desk_works_towards() {
    let desk = carer_seconded().with(|policy| policy.purposes[1].level = Level::High);
    assert_eq!(desk.visit.level_needed(&desk.policy), Level::High);
    let withdraw = Command::WithdrawConcern { concern: crate::people::concern(1) };
    let desk = desk.after([withdraw]);
    assert_eq!(
        desk.visit.level_needed(&desk.policy),
        Level::Substantial,
        "that of the first purpose offered"
    );
}
