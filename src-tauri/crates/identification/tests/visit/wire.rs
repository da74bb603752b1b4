//! Random visits at a desk whose line comes and goes and whose clock is moved: no sequence gives a code without a line that the
//! rules for such codes don't allow.

use std::cell::RefCell;

use identification::{
    ActingRole, CardProofLevel, ConcernId, Event, HealthCard, Level, Line, Purpose, Recorded, Subject, Visit,
};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};

use crate::{
    desk::{Desk, TODAY, chooses_app, chooses_app_unasked, chooses_epa, compares_card_number},
    people::{
        AMSEL, BUNTSPECHT, CAROLINATAUBE, amsel_comes_with, carolinataube_comes, health_card, names_ward,
        shows_deed,
    },
    random::{Step, Walked, command, passage, walk},
    told::one_in_the_tray,
};

/// What becomes of line and clock.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wire {
    /// Connected again.
    Back,
    /// Gone; the service answered so many hours ago.
    Gone(i64),
    /// Whoever works here was here with a line so many hours ago, or never.
    Staff(Option<i64>),
    /// So many codes were given out since.
    Codes(u32),
    /// The clock is so many minutes off.
    Off(i64),
    /// The clock was set back, or confirmed.
    SetBack(bool),
}

impl Wire {
    pub(crate) fn becomes(self, desk: Desk) -> Desk {
        let now = desk.now.timestamp();
        desk.line(|line| match self {
            Self::Back => line.connected = true,
            Self::Gone(hours) => {
                line.connected = false;
                line.contact = Some(now - hours.hours());
                line.staff_contact = Some(now - hours.min(11).hours());
            }
            Self::Staff(hours) => line.staff_contact = hours.map(|hours| now - hours.hours()),
            Self::Codes(codes) => line.offline_codes = codes,
            Self::Off(minutes) => line.offset = Some(SignedDuration::from_mins(minutes)),
            Self::SetBack(back) => line.stepped_back = back,
        })
    }
}

fn wire() -> impl Strategy<Value = Wire> {
    prop_oneof![
        3 => Just(Wire::Back),
        8 => prop_oneof![6 => 0..24_i64, 1 => 20..80_i64].prop_map(Wire::Gone),
        1 => prop::option::weighted(0.9, 0..14_i64).prop_map(Wire::Staff),
        4 => prop_oneof![3 => 0..20_u32, 1 => 18..24_u32].prop_map(Wire::Codes),
        1 => prop_oneof![3 => -15..=15_i64, 1 => 14..=18_i64].prop_map(Wire::Off),
        1 => prop::bool::weighted(0.2).prop_map(Wire::SetBack),
    ]
}

/// How Andrea Amsel comes, asked or unasked, mostly with a card that is good enough; or a carer.
fn beginning() -> impl Strategy<Value = Vec<identification::Command>> {
    let yesterday = TODAY.yesterday().unwrap();
    let card = prop_oneof![
        8 => Just(Some(health_card())),
        1 => Just(None),
        1 => Just(Some(HealthCard { valid_until: Some(yesterday), ..health_card() })),
        1 => Just(Some(HealthCard { valid_from: None, ..health_card() })),
        1 => Just(Some(HealthCard { transaction_open: true, ..health_card() })),
    ];
    let own = (card, any::<bool>(), prop::bool::weighted(0.2)).prop_map(|(card, asked, for_a_record)| {
        let comes = amsel_comes_with(|it| {
            it.subject.health_card = card;
            it.register = it.register.filter(|_| asked);
        });
        let chooses = match (for_a_record, asked) {
            (true, _) => chooses_epa(1),
            (false, true) => chooses_app(1),
            (false, false) => chooses_app_unasked(1),
        };
        vec![comes, compares_card_number(1, true), chooses]
    });
    let other = Just(vec![carolinataube_comes(), names_ward(1, BUNTSPECHT), shows_deed(1)]);
    prop_oneof![6 => own, 1 => other]
}

fn sequence() -> impl Strategy<Value = Vec<Step>> {
    (select(vec![AMSEL, AMSEL, AMSEL, CAROLINATAUBE]), beginning(), prop::option::weighted(0.8, wire()))
        .prop_flat_map(|(person, beginning, first)| {
            let step = prop_oneof![
                3 => command(person).prop_map(|command| Step::Do(vec![command])),
                16 => passage(person).prop_map(Step::Do),
                6 => wire().prop_map(Step::Line),
                1 => (-1..=16_i64).prop_map(Step::Wait),
            ];
            prop::collection::vec(step, 5..25).prop_map(move |mut steps| {
                steps.insert(0, Step::Do(beginning.clone()));
                steps.splice(0..0, first.map(Step::Line));
                steps
            })
        })
}

/// Whom a concern is about, and whether the service was asked.
fn subject(before: &[Recorded], wanted: ConcernId) -> (&Subject, bool) {
    let opened = before.iter().find_map(|it| match &it.event {
        Event::ConcernOpened { concern, subject, register } if *concern == wanted => {
            Some((subject, register.is_some()))
        }
        _ => None,
    });
    opened.expect("a code for nobody")
}

/// Everything that must be so of a code without a line, from the journal before it and the line at that moment.
fn may_be_without_line(before: &[Recorded], concern: ConcernId, line: Line, at: Timestamp) {
    let own = |it: &Event| matches!(it, Event::PersonIntroduced { role: ActingRole::Insured, .. });
    assert!(before.iter().any(|it| own(&it.event)), "somebody who acts for others");
    let deed = |it: &Event| matches!(it, Event::RepresentationAccepted { .. });
    assert!(!before.iter().any(|it| deed(&it.event)), "on the strength of a deed");
    let chosen = before.iter().rev().find_map(|it| match &it.event {
        Event::PurposeChosen { purpose, .. } => Some(*purpose),
        _ => None,
    });
    assert_eq!(chosen, Some(Purpose::AppActivation));
    let (subject, _) = subject(before, concern);
    let card = subject.health_card.as_ref().expect("no card");
    assert_eq!(card.authenticity.level(), CardProofLevel::Chip);
    assert!(card.valid_from.is_some_and(|it| it <= TODAY) && card.valid_until.is_none_or(|it| it >= TODAY));
    assert!(!card.transaction_open && !card.deactivated);
    if !line.connected {
        assert!(line.offline_codes < 20, "too many codes");
        let silent = at.duration_since(line.contact.expect("never any contact"));
        assert!(silent < SignedDuration::from_hours(24), "silent for {silent}");
        let unseen = at.duration_since(line.staff_contact.expect("staff that was never here with a line"));
        assert!(unseen < SignedDuration::from_hours(12), "staff not here with a line for {unseen}");
    }
}

#[test]
fn no_sequence_gives_a_code_that_the_line_or_the_clock_forbids() {
    let given = RefCell::new([0_u32; 3]);
    let cases = Config::default().cases.max(2_000);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&(sequence(), prop::bool::weighted(0.7)), |(steps, two_reach_high)| {
            let Walked { desk, lines, .. } = walk(steps, two_reach_high);
            one_in_the_tray(&desk.journal);
            prop_assert_eq!(&Visit::replay(&desk.journal), &desk.visit);
            for (position, Recorded { event, at }) in desk.journal.iter().enumerate() {
                let Event::CodeGenerated { concern, level, valid_until, offline, .. } = event else {
                    continue;
                };
                let (before, line) = (&desk.journal[..position], lines[position]);
                let (_, asked) = subject(before, *concern);
                prop_assert_eq!(*offline, !asked || !line.connected);
                prop_assert!(!line.stepped_back, "by a clock that was set back");
                let off = line.offset.unwrap_or_default().as_mins().abs();
                prop_assert!(off <= 15, "by a clock that is {} minutes off", off);
                if *offline {
                    may_be_without_line(before, *concern, line, *at);
                    prop_assert!(*level <= Level::Substantial && *valid_until <= TODAY + 7.days());
                }
                let kind = if !*offline {
                    0
                } else if asked {
                    1
                } else {
                    2
                };
                given.borrow_mut()[kind] += 1;
            }
            Ok(())
        })
        .unwrap();
    let [with, gone, without] = given.into_inner();
    println!("{with} codes with a line, {gone} after it was gone, {without} unasked");
    // Sequences that never came as far would prove nothing.
    assert!(with.min(gone).min(without) > 20, "{with} {gone} {without}");
}
