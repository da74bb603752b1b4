//! Visits without a line: what the health card carries, and no more.

use identification::{
    CardCheck, CardCheckReason, CodeState, Coming, Command, HealthCard, Level, NewConcern, OfflineObstacle,
    Purpose, Refusal, VoidReason, last_day,
};
use jiff::{SignedDuration, ToSpan, civil::date};

use crate::{
    desk::{
        Desk, TODAY, amsel_proven, carer_seconded, chooses_app, chooses_app_unasked, chooses_epa_unasked,
        colleague_looks, genuine, gives, issues, matches, offers_epa, passport, voids,
    },
    people::{
        AMSEL, BUNTSPECHT, amsel_comes, amsel_comes_unasked, amsel_comes_with, carolinataube_comes,
        health_card, names_ward, names_ward_with, proven, shows_deed,
    },
};

const fn not_possible(why: OfflineObstacle) -> Result<(), Refusal> {
    Err(Refusal::OfflineNotPossible(why))
}

/// Andrea Amsel is identified at a desk without a line.
fn amsel_without_line() -> Desk {
    Desk::new()
        .without_line()
        .after([amsel_comes_unasked(|_| {}), chooses_app_unasked(1)])
        .after(passport(AMSEL))
        .after([matches()])
}

/// A visit begins with this card at a desk without a line.
fn begins_with(card: Option<HealthCard>) -> Result<(), Refusal> {
    let unasked = amsel_comes_unasked(|it: &mut NewConcern| it.subject.health_card = card);
    Desk::new().without_line().attempt(unasked)
}

#[test]
fn an_insured_person_with_their_card_gets_a_code_without_a_line_for_seven_days() {
    let desk = amsel_without_line().after(gives(1, 1));
    let code = desk.code(1);
    assert_eq!((code.offline, code.level), (true, Level::Substantial));
    assert_eq!(code.valid_until, date(2026, 11, 29));
    assert_eq!(code.state, CodeState::HandedOver);
    assert_eq!(desk.concern(1).register, None);
}

#[test]
fn a_code_with_a_line_says_so_and_has_the_profiles_days() {
    let desk = amsel_proven().after([issues(1, 1)]);
    assert!(!desk.code(1).offline);
    assert_eq!(desk.code(1).valid_until, date(2026, 12, 6));
}

#[test]
fn the_day_on_the_letter_is_the_day_in_the_record_with_and_without_a_line() {
    for desk in [amsel_proven(), amsel_proven().without_line(), amsel_without_line()] {
        let letter = last_day(desk.concern(1), &desk.line, &desk.policy, TODAY);
        assert_eq!(letter, desk.after([issues(1, 1)]).code(1).valid_until);
    }
}

#[test]
fn a_profile_may_shorten_a_code_without_a_line_and_not_lengthen_it() {
    for (code_days, offline_days, last_day) in [
        (14, 3, date(2026, 11, 25)),
        (2, 7, date(2026, 11, 24)),
        // Whoever let such a profile through.
        (14, 30, date(2026, 11, 29)),
    ] {
        let desk = amsel_without_line().with(|policy| {
            policy.code_valid_days = code_days;
            policy.offline.valid_days = offline_days;
        });
        assert_eq!(desk.after([issues(1, 1)]).code(1).valid_until, last_day);
    }
}

/// The clerk was here with a line so many minutes ago; the line itself went just now.
fn unseen_for(minutes: i64, desk: Desk) -> Desk {
    let at = desk.now.timestamp() - minutes.minutes();
    desk.without_line().line(|line| line.staff_contact = Some(at))
}

#[test]
fn a_clerk_gives_out_codes_without_a_line_for_twelve_hours_after_they_were_here_with_one() {
    for (minutes, allowed) in [(11 * 60 + 59, true), (12 * 60, false)] {
        let expected = if allowed { Ok(()) } else { not_possible(OfflineObstacle::Staff) };
        assert_eq!(unseen_for(minutes, Desk::new()).attempt(amsel_comes_unasked(|_| {})), expected);
        assert_eq!(unseen_for(minutes, amsel_proven()).attempt(issues(1, 1)), expected);
        // With a line nobody asks.
        let back = unseen_for(minutes, amsel_proven()).line(|line| line.connected = true);
        assert_eq!({ back }.attempt(issues(1, 1)), Ok(()));
    }
    let never = amsel_proven().without_line().line(|line| line.staff_contact = None);
    assert_eq!({ never }.attempt(issues(1, 1)), not_possible(OfflineObstacle::Staff));
}

/// What is told before anything is begun is what the rules answer with in the end.
#[test]
fn what_stands_against_a_code_is_told_beforehand_as_it_is_refused_in_the_end() {
    let refused = |why| Some(Refusal::OfflineNotPossible(why));
    let desks = [
        (Desk::new(), [None; 3]),
        (
            Desk::new().without_line(),
            [None, refused(OfflineObstacle::HealthCard), refused(OfflineObstacle::Representation)],
        ),
        (unseen_for(12 * 60, Desk::new()), [refused(OfflineObstacle::Staff); 3]),
        (Desk::new().without_line().line(|it| it.offline_codes = 20), [refused(OfflineObstacle::Codes); 3]),
        (Desk::new().line(|it| it.connected = false), [Some(Refusal::LineLost); 3]),
        (Desk::new().without_line().line(|it| it.stepped_back = true), [Some(Refusal::ClockWrong); 3]),
    ];
    for (desk, expected) in desks {
        let comings = [Coming::WithCard, Coming::ByNumber, Coming::AsRepresentative];
        assert_eq!(comings.map(|it| desk.line.against_coming(it, &desk.policy, &desk.now)), expected);
        let [with_card, by_number, _] = expected;
        let unasked = |card: Option<HealthCard>| amsel_comes_unasked(|it| it.subject.health_card = card);
        if !desk.line.connected {
            let answer = |card| Desk { line: desk.line, ..Desk::new() }.attempt(unasked(card)).err();
            assert_eq!([answer(Some(health_card())), answer(None)], [with_card, by_number]);
        }
        let proven = Desk { line: desk.line, ..amsel_proven() };
        let told = proven.line.against_issue(&proven.visit, proven.concern(1), &proven.policy, &proven.now);
        assert_eq!(told, with_card);
        assert_eq!(proven.line.against_concern(proven.concern(1), &proven.policy, &proven.now), with_card);
        assert_eq!({ proven }.attempt(issues(1, 1)).err(), with_card);
    }
}

#[test]
fn a_purpose_that_needs_the_line_is_told_as_such() {
    let desk = Desk::new().with(offers_epa).without_line().after([amsel_comes_unasked(|_| {})]);
    let told = |purpose| {
        let rule = desk.policy.purpose(purpose).unwrap();
        desk.line.against_purpose(desk.concern(1), rule)
    };
    assert_eq!(told(Purpose::Epa), Some(Refusal::OfflineNotPossible(OfflineObstacle::Level)));
    assert_eq!(told(Purpose::AppActivation), None);
}

#[test]
fn whoever_typed_a_number_needs_the_line() {
    assert_eq!(begins_with(None), not_possible(OfflineObstacle::HealthCard));
}

#[test]
fn only_a_genuine_card_that_is_valid_today_speaks_for_itself() {
    let in_doubt = CardCheck::NotVerifiable(CardCheckReason::NoTrustStore);
    let cases: [(HealthCard, bool); 9] = [
        (health_card(), true),
        (HealthCard { valid_from: Some(TODAY), valid_until: Some(TODAY), ..health_card() }, true),
        (HealthCard { valid_from: None, ..health_card() }, false),
        (HealthCard { valid_from: Some(date(2026, 11, 23)), ..health_card() }, false),
        (HealthCard { valid_until: Some(date(2026, 11, 21)), ..health_card() }, false),
        (HealthCard { transaction_open: true, ..health_card() }, false),
        (proven(CardCheck::Valid, in_doubt), true),
        // Data with the issuer's signature, on a chip that nobody knows.
        (proven(in_doubt, CardCheck::Valid), false),
        (proven(in_doubt, in_doubt), false),
    ];
    for (card, enough) in cases {
        let said = format!("{card:?} {:?} {:?}", card.valid_from, card.valid_until);
        let lenient = Desk::new().without_line().with(|it| {
            it.health_card_proof = identification::CardProofLevel::Read;
        });
        let unasked = amsel_comes_unasked(|it| it.subject.health_card = Some(card.clone()));
        let expected = if enough { Ok(()) } else { not_possible(OfflineObstacle::HealthCard) };
        assert_eq!({ lenient }.attempt(unasked), expected, "{said}");
        // The line goes when everything else is done.
        let comes = amsel_comes_with(|it| it.subject.health_card = Some(card));
        let lenient = Desk::new().with(|it| {
            it.health_card_proof = identification::CardProofLevel::Read;
        });
        let asked = lenient.after([comes, chooses_app(1)]).after(passport(AMSEL)).after([matches()]);
        assert_eq!(asked.without_line().attempt(issues(1, 1)), expected, "{said}");
    }
}

#[test]
fn a_locked_card_or_one_of_another_insurer_is_told_as_what_it_is() {
    let locked = HealthCard { deactivated: true, ..health_card() };
    assert_eq!(begins_with(Some(locked)), Err(Refusal::CardDeactivated));
    let other = amsel_comes_unasked(|it| it.iks = vec!["108213958".into()]);
    assert_eq!(Desk::new().without_line().attempt(other), Err(Refusal::NotInsuredHere));
}

#[test]
fn nobody_acts_for_others_without_a_line() {
    let refused = not_possible(OfflineObstacle::Representation);
    assert_eq!(Desk::new().without_line().attempt(carolinataube_comes()), refused);
    let unasked = names_ward_with(1, BUNTSPECHT, |it| it.register = None);
    assert_eq!(Desk::new().after([carolinataube_comes()]).attempt(unasked), refused);
    assert_eq!(carer_seconded().without_line().attempt(issues(1, 1)), refused);
    // Not even a code of their own, once they came for others.
    let own = Desk::new()
        .after([carolinataube_comes(), crate::people::names_themselves(1), chooses_app(1)])
        .after(passport(crate::people::CAROLINATAUBE))
        .after([matches()]);
    assert_eq!(own.without_line().attempt(issues(1, 1)), refused);
}

#[test]
fn a_carer_whose_line_comes_back_gets_the_code() {
    let mut desk = carer_seconded().without_line().line(|it| it.connected = true);
    assert_eq!(desk.attempt(issues(1, 1)), Ok(()));
    assert!(!desk.code(1).offline);
}

#[test]
fn a_purpose_that_needs_the_highest_level_needs_the_line() {
    let refused = not_possible(OfflineObstacle::Level);
    let unasked = || Desk::new().with(offers_epa).without_line().after([amsel_comes_unasked(|_| {})]);
    assert_eq!(unasked().attempt(chooses_epa_unasked(1)), refused);
    let seconded = crate::desk::amsel_with_chip(genuine()).after([colleague_looks()]);
    assert_eq!(seconded.without_line().attempt(issues(1, 1)), refused);
    // A desk that offers nothing else has nothing to do.
    let mut only_high = Desk::new().without_line().with(|policy| {
        offers_epa(policy);
        policy.purposes.retain(|rule| rule.level == Level::High);
    });
    assert_eq!(only_high.attempt(amsel_comes_unasked(|_| {})), refused);
}

#[test]
fn whatever_was_done_a_code_without_a_line_carries_no_more_than_substantial() {
    let desk =
        || amsel_proven().with(|policy| policy.second_look_reaches_high = true).after([colleague_looks()]);
    assert_eq!(desk().after([issues(1, 1)]).code(1).level, Level::High);
    assert_eq!(desk().without_line().after([issues(1, 1)]).code(1).level, Level::Substantial);
}

#[test]
fn the_twentieth_code_is_given_and_the_twenty_first_is_not() {
    let given = |codes| amsel_proven().without_line().line(|it| it.offline_codes = codes);
    assert_eq!(given(19).attempt(issues(1, 1)), Ok(()));
    assert_eq!(given(20).attempt(issues(1, 1)), not_possible(OfflineObstacle::Codes));
    let mut begins = Desk::new().without_line().line(|it| it.offline_codes = 20);
    assert_eq!(begins.attempt(amsel_comes_unasked(|_| {})), not_possible(OfflineObstacle::Codes));
}

#[test]
fn a_profile_may_forbid_codes_without_a_line() {
    let mut desk = amsel_proven().without_line().with(|policy| policy.offline.codes = 0);
    assert_eq!(desk.attempt(issues(1, 1)), not_possible(OfflineObstacle::Codes));
}

#[test]
fn a_replaced_code_without_a_line_is_one_without_a_line_again() {
    let desk = amsel_without_line().after([issues(1, 1), voids(VoidReason::PrintFailed), issues(1, 2)]);
    assert!(desk.concern(1).codes.iter().all(|code| code.offline));
}

#[test]
fn after_a_day_nothing_is_given_out_and_after_three_nothing_begins() {
    let contact = |hours: i64| {
        amsel_proven().without_line().line(|it| it.contact = it.contact.map(|at| at - hours.hours()))
    };
    assert_eq!(contact(23).attempt(issues(1, 1)), Ok(()));
    assert_eq!(contact(24).attempt(issues(1, 1)), not_possible(OfflineObstacle::Lease));
    assert_eq!(contact(72).attempt(issues(1, 1)), Err(Refusal::LineLost));
    // The clerk was here a moment ago: that is another rule.
    let opens = |hours: i64| {
        let desk = Desk::new().without_line().later(hours.hours());
        let now = desk.now.timestamp();
        desk.line(|it| it.staff_contact = Some(now)).attempt(amsel_comes_unasked(|_| {}))
    };
    assert_eq!(opens(23), Ok(()));
    assert_eq!(opens(24), not_possible(OfflineObstacle::Lease));
    assert_eq!(opens(72), Err(Refusal::LineLost));
    for comes in [amsel_comes(), carolinataube_comes()] {
        assert_eq!(Desk::new().without_line().later(72.hours()).attempt(comes), Err(Refusal::LineLost));
    }
}

#[test]
fn what_lies_in_the_tray_when_the_line_goes_is_still_handed_over() {
    let desk = amsel_proven().after([issues(1, 1), Command::Printed]).without_line();
    let desk = desk.line(|it| it.contact = it.contact.map(|at| at - 100.hours()));
    assert_eq!(desk.after([crate::desk::hands_over(1), Command::End]).code_state(1), CodeState::HandedOver);
}

#[test]
fn a_clock_that_is_wrong_or_was_set_back_gives_no_code_with_or_without_a_line() {
    let off = |minutes| Some(SignedDuration::from_mins(minutes));
    for desk in [amsel_proven, amsel_without_line, || carer_seconded()] {
        for minutes in [-16, 16] {
            let mut desk = desk().line(|it| it.offset = off(minutes));
            assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::ClockWrong), "{minutes}");
        }
        assert_eq!(desk().line(|it| it.stepped_back = true).attempt(issues(1, 1)), Err(Refusal::ClockWrong));
    }
    for minutes in [-15, 15] {
        assert_eq!(amsel_proven().line(|it| it.offset = off(minutes)).attempt(issues(1, 1)), Ok(()));
    }
}

#[test]
fn a_clock_that_is_set_back_in_the_middle_of_a_visit_gives_no_code() {
    let desk = amsel_proven().line(|it| it.connected = true);
    let at = desk.now.timestamp();
    let mut desk = desk.line(|it| it.contact = Some(at)).later(-1.hour());
    assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::ClockWrong));
}

#[test]
fn nobody_begins_without_a_line_by_a_clock_that_is_wrong() {
    let mut desk = Desk::new().without_line().line(|it| it.stepped_back = true);
    assert_eq!(desk.attempt(amsel_comes_unasked(|_| {})), Err(Refusal::ClockWrong));
}

#[test]
fn what_was_never_asked_stays_a_code_without_a_line_when_it_comes_back() {
    let desk = amsel_without_line().line(|it| it.connected = true).after([issues(1, 1)]);
    assert!(desk.code(1).offline);
    assert_eq!(desk.code(1).valid_until, date(2026, 11, 29));
}

#[test]
fn of_somebody_whom_the_service_knows_the_number_from_the_app_is_asked_as_well() {
    let mut asked = Desk::new().after([amsel_comes()]);
    assert_eq!(asked.attempt(chooses_app_unasked(1)), Err(Refusal::NotYet));
    let mut unasked = Desk::new().without_line().after([amsel_comes_unasked(|_| {})]);
    assert_eq!(unasked.attempt(chooses_app_unasked(1)), Ok(()));
}

#[test]
fn a_deed_is_not_shown_for_somebody_of_whom_nothing_was_asked() {
    let desk = Desk::new().after([carolinataube_comes(), names_ward(1, BUNTSPECHT)]);
    let mut desk = desk.told(identification::Event::ConcernOpened {
        concern: crate::people::concern(2),
        subject: crate::people::about(2, AMSEL).subject,
        register: None,
    });
    assert_eq!(desk.attempt(shows_deed(2)), not_possible(OfflineObstacle::Representation));
}
