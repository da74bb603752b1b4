//! The chip of the insured person's document: who is asked, what counts, what is final.

use identification::{
    CheckAnswer, ChipCheck, ChipEvidence, Command, FaceAnswer, Level, Refusal, Stage, VoidReason,
};
use jiff::ToSpan;

use crate::{
    desk::{
        Desk, agrees, amsel, amsel_for_epa, amsel_with_chip, answers, came_for_epa, carer_proven, chip,
        chooses_app, chooses_epa, colleague_looks, face, genuine, gives, issues, matches, offers_epa,
        passport, passport_under_uv, presents, reads, voids,
    },
    people::{
        AMSEL, CAROLINATAUBE, CLERK, SUPERVISOR, amsel_comes, carolinataube_comes, clerk, names_themselves,
        supervisor,
    },
};

const CHECKS: [ChipCheck; 4] =
    [ChipCheck::Valid, ChipCheck::Invalid, ChipCheck::NotVerifiable, ChipCheck::NotSupported];

fn presented() -> Desk {
    amsel_for_epa().after([presents("reisepass", AMSEL)])
}

fn evidence(desk: &Desk) -> Option<ChipEvidence> {
    desk.visit.acting()?.document.as_ref()?.chip
}

fn another_print() -> ChipEvidence {
    ChipEvidence { print_agrees: false, ..genuine() }
}

fn resumes() -> Command {
    Command::Resume { by: clerk(CLERK) }
}

#[test]
fn a_genuine_chip_and_a_complete_checklist_reach_high_whatever_two_people_reach() {
    let desk = amsel_with_chip(genuine());
    assert!(!desk.policy.second_look_reaches_high);
    assert_eq!((desk.level(), desk.level_on_the_way()), (Level::High, Level::High));
    let desk = desk.after([colleague_looks()]).after(gives(1, 1));
    assert_eq!(desk.code(1).level, Level::High);
}

#[test]
fn a_chip_does_not_spare_a_check() {
    let mut commands = passport(AMSEL);
    commands.splice(1..2, [agrees(), reads(genuine())]);
    commands.pop();
    let mut desk = amsel_for_epa().after(commands);
    assert_eq!((desk.level(), desk.attempt(Command::ConfirmDocument)), (Level::None, Err(Refusal::NotYet)));
    let mut failed = amsel_with_chip(genuine()).after([answers("uv", CheckAnswer::Fail)]);
    assert_eq!(failed.level(), Level::None);
    assert_eq!(failed.attempt(colleague_looks()), Err(Refusal::IdentityNotEstablished));
}

#[test]
fn a_chip_never_lifts_a_document_above_what_it_can_reach() {
    let desk = amsel_with_chip(genuine()).with(|policy| policy.documents[0].cap = Level::Substantial);
    assert_eq!(desk.level(), Level::Substantial);
    let desk = amsel_for_epa().with(|policy| policy.documents[0].checks[2].settled = Level::Substantial);
    let own_word = passport_under_uv(AMSEL, CheckAnswer::Unclear);
    let desk = desk.after(own_word).after([agrees(), reads(genuine()), matches(), colleague_looks()]);
    assert_eq!(desk.level(), Level::Substantial, "a chip repeats the person's own word");
}

#[test]
fn what_a_chip_counts_for_follows_from_its_two_proofs_and_what_agrees() {
    for data in CHECKS {
        for copy in CHECKS {
            for (name_agrees, print_agrees) in [(true, true), (true, false), (false, true), (false, false)] {
                let it = ChipEvidence { data, copy, name_agrees, print_agrees };
                let is_genuine = (data, copy) == (ChipCheck::Valid, ChipCheck::Valid);
                let fails = data == ChipCheck::Invalid || copy == ChipCheck::Invalid;
                assert_eq!(it.proves(), is_genuine && name_agrees && print_agrees, "{it:?}");
                assert_eq!(it.contradicts(), fails || is_genuine && !print_agrees, "{it:?}");
                assert!(!(it.proves() && it.contradicts()), "{it:?}");
            }
        }
    }
}

#[test]
fn a_chip_that_can_not_be_verified_counts_for_nothing_and_two_people_still_reach_high() {
    let unproven = [ChipCheck::NotVerifiable, ChipCheck::NotSupported];
    for it in
        unproven.into_iter().flat_map(|check| [chip(check, ChipCheck::Valid), chip(ChipCheck::Valid, check)])
    {
        let mut desk = amsel_with_chip(it).after([colleague_looks()]);
        assert_eq!(
            (desk.level(), desk.attempt(issues(1, 1))),
            (Level::Substantial, Err(Refusal::LevelTooLow))
        );
        let mut desk = desk.with(|policy| policy.second_look_reaches_high = true);
        assert_eq!((desk.level(), desk.attempt(issues(1, 1))), (Level::High, Ok(())));
    }
}

#[test]
fn a_chip_with_another_name_counts_for_nothing() {
    let desk = amsel_with_chip(ChipEvidence { name_agrees: false, ..genuine() });
    assert_eq!(desk.level(), Level::Substantial);
}

#[test]
fn a_chip_that_contradicts_denies_and_nobody_overrides_it() {
    let (valid, invalid) = (ChipCheck::Valid, ChipCheck::Invalid);
    for it in [chip(invalid, valid), chip(valid, invalid), another_print()] {
        let mut desk = presented().after([agrees(), reads(it)]);
        assert_eq!((desk.level(), desk.level_on_the_way()), (Level::None, Level::None));
        let tries = [reads(genuine()), Command::RevokeChip, agrees(), chooses_app(1), chooses_epa(1)];
        let by_others = [matches(), colleague_looks(), issues(1, 1), Command::End];
        for command in tries.into_iter().chain(passport(AMSEL)).chain(by_others) {
            let said = format!("{command:?}");
            assert_eq!(desk.attempt(command), Err(Refusal::IdentityNotEstablished), "{said}");
        }
    }
}

#[test]
fn an_interruption_does_not_make_a_contradicting_chip_forgotten() {
    let mut desk = presented().after([agrees(), reads(another_print())]).later(1.minute());
    for command in [resumes(), Command::TakeOver { by: supervisor(SUPERVISOR) }] {
        assert_eq!(desk.attempt(command), Err(Refusal::IdentityNotEstablished));
    }
    let desk = desk.after([crate::desk::aborts()]);
    assert!(matches!(desk.visit.stage, Stage::Aborted(identification::AbortReason::Refused(_))));
}

#[test]
fn no_chip_is_read_without_the_persons_agreement() {
    let mut desk = presented();
    assert_eq!(desk.attempt(reads(genuine())), Err(Refusal::NotYet));
    assert_eq!(desk.after([agrees()]).attempt(reads(genuine())), Ok(()));
}

#[test]
fn an_agreement_that_was_taken_back_is_none() {
    let mut desk = presented().after([agrees(), Command::RevokeChip]);
    assert_eq!(desk.attempt(reads(genuine())), Err(Refusal::NotYet));
    assert_eq!(desk.attempt(Command::RevokeChip), Err(Refusal::NotNow), "there is nothing to take back");
    assert_eq!(desk.after([agrees()]).attempt(reads(genuine())), Ok(()), "they change their mind again");
}

#[test]
fn what_was_read_counts_no_more_once_the_person_takes_it_back_and_they_are_looked_at_anew() {
    let read = amsel_with_chip(genuine());
    let seconded = amsel_with_chip(genuine()).after([colleague_looks()]);
    let interrupted = amsel_with_chip(genuine()).after([colleague_looks(), resumes()]);
    for desk in [read, seconded, interrupted] {
        let desk = desk.after([Command::RevokeChip]);
        let acting = desk.visit.acting().unwrap();
        assert_eq!((evidence(&desk), acting.face, &acting.second_look), (None, None, &None));
        let desk = desk.after([Command::ConfirmDocument, matches(), colleague_looks()]);
        assert_eq!(desk.level(), Level::Substantial);
    }
}

#[test]
fn taking_back_an_agreement_before_anything_was_read_changes_nothing_else() {
    let desk = amsel_for_epa().after(passport(AMSEL)).after([agrees(), matches(), colleague_looks()]);
    let mut desk = desk.with(|policy| policy.second_look_reaches_high = true).after([Command::RevokeChip]);
    assert_eq!(desk.attempt(issues(1, 1)), Ok(()));
}

#[test]
fn a_doubt_about_a_face_is_not_lost_when_a_chip_is_read_or_taken_back() {
    let doubted = || amsel_for_epa().after(passport(AMSEL)).after([agrees(), face(FaceAnswer::Doubt)]);
    for then in [vec![reads(genuine())], vec![reads(genuine()), Command::RevokeChip]] {
        let mut desk = doubted().with(|policy| policy.purposes[2].level = Level::Substantial).after(then);
        desk.attempt(matches()).unwrap();
        assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::SecondPersonNeeded));
        assert!(desk.visit.acting().unwrap().doubted);
    }
}

#[test]
fn an_agreement_holds_for_its_purpose_and_its_document() {
    let desk = || presented().after([agrees()]);
    // For another purpose …
    let mut app = desk().after([chooses_app(1)]);
    assert_eq!(app.attempt(reads(genuine())), Err(Refusal::NotNow));
    let mut back_again = app.after([chooses_epa(1)]);
    assert_eq!(back_again.attempt(reads(genuine())), Err(Refusal::NotYet));
    // … and for another document the person is asked again.
    let mut another = desk().after([presents("reisepass", AMSEL)]);
    assert_eq!(another.attempt(reads(genuine())), Err(Refusal::NotYet));
    // The same purpose with its number typed anew is the same.
    assert_eq!(desk().after([chooses_epa(1)]).attempt(reads(genuine())), Ok(()));
}

#[test]
fn what_was_read_for_one_purpose_does_not_serve_another() {
    let desk = amsel_with_chip(genuine()).after([colleague_looks(), chooses_app(1)]);
    assert_eq!((evidence(&desk), desk.visit.acting().unwrap().face), (None, None));
    let desk = desk.after([matches()]);
    assert_eq!(desk.level(), Level::Substantial);
}

#[test]
fn for_an_app_no_chip_is_read() {
    let mut desk = amsel().with(offers_epa).after([presents("reisepass", AMSEL)]);
    for command in [agrees(), reads(genuine())] {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
}

#[test]
fn a_document_whose_chip_the_profile_does_not_admit_is_looked_at_only() {
    let mut desk = amsel_for_epa().after([presents("personalausweis-2010", AMSEL)]);
    assert_eq!(desk.visit.readable_chip(&desk.policy), None);
    for command in [agrees(), reads(genuine())] {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
    let mut switched_off = presented().after([agrees()]).with(|policy| policy.documents[0].chip = None);
    assert_eq!(switched_off.attempt(reads(genuine())), Err(Refusal::NotNow));
}

#[test]
fn a_carers_document_is_never_chip_read() {
    let for_others = carer_proven().with(offers_epa);
    let own =
        Desk::new().with(offers_epa).after([carolinataube_comes(), names_themselves(1), chooses_app(1)]);
    // Not even if a journal said that a carer came for a record.
    let mistold = carer_proven().with(offers_epa).told(came_for_epa(1));
    for mut desk in [for_others, own.after([presents("reisepass", CAROLINATAUBE)]), mistold] {
        assert_eq!(desk.visit.readable_chip(&desk.policy), None);
        for command in [agrees(), reads(genuine()), Command::RevokeChip] {
            assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
        }
    }
}

#[test]
fn nothing_is_read_before_a_document_is_presented() {
    let mut desk = amsel_for_epa();
    for command in [agrees(), reads(genuine())] {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
    let mut unopened = Desk::new().with(offers_epa).after([amsel_comes()]);
    assert_eq!(unopened.attempt(agrees()), Err(Refusal::NotNow));
}

#[test]
fn a_chip_that_proves_is_read_once_and_one_that_does_not_may_be_tried_again() {
    let unverifiable = chip(ChipCheck::NotVerifiable, ChipCheck::NotSupported);
    let desk = presented().after([agrees(), reads(unverifiable), reads(unverifiable), reads(genuine())]);
    assert_eq!(evidence(&desk), Some(genuine()));
    for it in [unverifiable, genuine()] {
        assert_eq!(presented().after([agrees(), reads(genuine())]).attempt(reads(it)), Err(Refusal::NotNow));
    }
}

#[test]
fn the_face_is_compared_again_beside_the_chips_picture() {
    let mut desk = amsel_for_epa().after(passport(AMSEL)).after([matches(), agrees(), reads(genuine())]);
    assert_eq!(desk.visit.acting().unwrap().face, None);
    assert_eq!(desk.attempt(colleague_looks()), Err(Refusal::NotYet));
    assert_eq!(desk.after([matches()]).attempt(colleague_looks()), Ok(()));
}

#[test]
fn behind_the_second_persons_back_no_chip_is_read_for_the_first_time() {
    let desk = amsel_for_epa().after(passport(AMSEL)).after([agrees(), matches(), colleague_looks()]);
    let after_a_break = desk.after([resumes()]);
    for mut desk in [
        amsel_for_epa().after(passport(AMSEL)).after([agrees(), matches(), colleague_looks()]),
        after_a_break,
    ] {
        assert_eq!(desk.attempt(reads(genuine())), Err(Refusal::NotNow));
        assert_eq!(desk.attempt(agrees()), Err(Refusal::NotNow));
    }
}

#[test]
fn after_an_interruption_the_chip_is_read_again() {
    let read = amsel_with_chip(genuine());
    let seconded = amsel_with_chip(genuine()).after([colleague_looks()]);
    let printed =
        amsel_with_chip(genuine()).after([colleague_looks(), issues(1, 1), voids(VoidReason::PrintFailed)]);
    for (desk, looked) in [(read, false), (seconded, true), (printed, true)] {
        let mut desk = desk.after([resumes(), Command::ConfirmDocument]);
        assert_eq!(evidence(&desk), None);
        assert!(desk.level_on_the_way() < Level::High);
        // What could not be verified this time may be tried again.
        let unverifiable = chip(ChipCheck::NotVerifiable, ChipCheck::Valid);
        for it in [unverifiable, genuine()] {
            assert_eq!(desk.attempt(reads(it)), Ok(()), "the agreement still holds");
        }
        assert_eq!(desk.attempt(issues(1, 2)), Err(Refusal::NotYet), "the face, too");
        let look = (!looked).then(colleague_looks);
        assert_eq!(desk.after([matches()]).after(look).attempt(issues(1, 2)), Ok(()));
    }
}

#[test]
fn without_the_chip_that_was_read_before_an_interruption_the_level_is_what_the_eye_reaches() {
    let desk = amsel_with_chip(genuine()).after([colleague_looks(), resumes()]);
    let mut desk = desk.after([Command::ConfirmDocument, matches()]);
    assert_eq!((desk.level(), desk.attempt(issues(1, 1))), (Level::Substantial, Err(Refusal::LevelTooLow)));
}

#[test]
fn a_chip_that_contradicts_after_an_interruption_denies_as_well() {
    let mut desk = amsel_with_chip(genuine()).after([colleague_looks(), resumes(), reads(another_print())]);
    for command in [Command::ConfirmDocument, reads(genuine()), issues(1, 1)] {
        assert_eq!(desk.attempt(command), Err(Refusal::IdentityNotEstablished));
    }
}

#[test]
fn once_the_code_is_given_nothing_is_read_and_nothing_taken_back() {
    let given = || amsel_with_chip(genuine()).after([colleague_looks()]).after(gives(1, 1));
    for mut desk in [given(), given().after([resumes()])] {
        assert_eq!(desk.visit.readable_chip(&desk.policy), None);
        for command in [agrees(), reads(genuine()), Command::RevokeChip] {
            assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
        }
    }
}
