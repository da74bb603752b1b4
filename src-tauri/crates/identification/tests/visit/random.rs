//! Random sequences of commands against what the journal itself says: no sequence gives a code that nothing stands behind.

use std::cell::RefCell;
use std::collections::BTreeSet;

use identification::{
    AbortReason, CheckAnswer, Command, ConcernId, Event, FaceAnswer, Level, Proof, Purpose, Recorded,
    ReviewOutcome, Visit, VoidReason, names_agree,
};
use jiff::ToSpan;
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};

use crate::{
    desk::{
        Desk, always_asks, answers, chooses_app, code, compares_card_number, face, gives, hands_over, issues,
        looks, matches, names, passport, presents, reviews, voids,
    },
    people::{
        AMSEL, BUNTSPECHT, Bird, CAROLINATAUBE, CLERK, COLLEAGUE, DOHLE, NAMESAKE, OTHER_SUPERVISOR,
        SUPERVISOR, amsel_comes, carolinataube_comes, clerk, concern, deed, names_themselves, names_ward,
        on_file, shows_deed, supervisor,
    },
};

#[derive(Debug, Clone)]
enum Step {
    Do(Vec<Command>),
    Wait(i64),
}

/// Mostly the document of the person who came.
fn document_of(person: Bird) -> impl Strategy<Value = Bird> {
    prop_oneof![9 => Just(person), 1 => Just(BUNTSPECHT)]
}

fn check_answer() -> impl Strategy<Value = CheckAnswer> {
    prop_oneof![16 => Just(CheckAnswer::Pass), 3 => Just(CheckAnswer::Unclear), 1 => Just(CheckAnswer::Fail)]
}

fn face_answer() -> impl Strategy<Value = FaceAnswer> {
    prop_oneof![16 => Just(FaceAnswer::Matches), 3 => Just(FaceAnswer::Doubt), 1 => Just(FaceAnswer::DoesNotMatch)]
}

/// Mostly the first concern.
fn number() -> impl Strategy<Value = u128> {
    prop_oneof![2 => Just(1), 1 => 2..=3_u128]
}

fn staff() -> impl Strategy<Value = &'static str> {
    select(vec![CLERK, COLLEAGUE, SUPERVISOR, OTHER_SUPERVISOR])
}

fn proof() -> impl Strategy<Value = Proof> {
    prop_oneof![
        4 => any::<bool>().prop_map(|unchanged| {
            let mut deed = deed();
            deed.declared_unchanged = unchanged;
            Proof::Deed(Box::new(deed))
        }),
        1 => select(vec![Proof::Errand, Proof::Spouse, Proof::Nothing]),
    ]
}

/// Single commands, sensible or not.
fn command(person: Bird) -> impl Strategy<Value = Command> {
    let drawn = || 1..=7_u128;
    let about_concerns = prop_oneof![
        select(vec![amsel_comes(), carolinataube_comes()]),
        (number(), select(vec![BUNTSPECHT, DOHLE, NAMESAKE]))
            .prop_map(|(number, ward)| names_ward(number, ward)),
        number().prop_map(names_themselves),
        number().prop_map(chooses_app),
        (number(), any::<bool>()).prop_map(|(number, agrees)| compares_card_number(number, agrees)),
        (number(), proof(), any::<bool>()).prop_map(|(number, proof, filed)| {
            let filed = if filed { on_file() } else { None };
            Command::PresentProof { concern: concern(number), proof, filed }
        }),
        number().prop_map(|number| Command::WithdrawConcern { concern: concern(number) }),
    ];
    let about_evidence = prop_oneof![
        (select(vec!["reisepass", "fuehrerschein"]), document_of(person))
            .prop_map(|(kind, bird)| presents(kind, bird)),
        (select(vec!["front", "tilt", "uv"]), check_answer())
            .prop_map(|(check, answer)| answers(check, answer)),
        check_answer().prop_map(names),
        Just(Command::ConfirmDocument),
        face_answer().prop_map(face),
        (staff(), face_answer()).prop_map(|(by, answer)| looks(by, answer)),
    ];
    let about_codes = prop_oneof![
        (number(), drawn()).prop_map(|(number, drawn)| issues(number, drawn)),
        Just(Command::Printed),
        drawn().prop_map(hands_over),
        select(vec![VoidReason::PrintFailed, VoidReason::Interrupted]).prop_map(voids),
        drawn().prop_map(|drawn| Command::ServiceAccepted { code: code(drawn) }),
        drawn().prop_map(|drawn| Command::ServiceRefused { code: code(drawn) }),
    ];
    let about_the_visit = prop_oneof![
        6 => staff().prop_map(|by| Command::Resume { by: clerk(by) }),
        6 => staff().prop_map(|by| Command::TakeOver { by: supervisor(by) }),
        1 => select(vec![AbortReason::Clerk, AbortReason::Interrupted])
            .prop_map(|reason| Command::Abort { reason }),
        1 => Just(Command::End),
        3 => (staff(), select(vec![ReviewOutcome::Agree, ReviewOutcome::SubstantialDefect]))
            .prop_map(|(by, outcome)| reviews(supervisor(by), outcome)),
    ];
    prop_oneof![3 => about_concerns, 5 => about_evidence, 4 => about_codes, 1 => about_the_visit]
}

/// Whole passages that a real visit is made of, or else hardly any sequence would come as far as a code.
fn passage(person: Bird) -> impl Strategy<Value = Vec<Command>> {
    prop_oneof![
        4 => document_of(person).prop_map(|bird| passport(bird).into_iter().chain([matches()]).collect()),
        1 => document_of(person).prop_map(passport),
        3 => Just(vec![Command::ConfirmDocument, matches()]),
        5 => (number(), 1..=7_u128).prop_map(|(number, drawn)| gives(number, drawn).to_vec()),
        2 => Just(vec![names_ward(2, DOHLE), shows_deed(2)]),
        1 => Just(vec![names_themselves(3), compares_card_number(3, true), chooses_app(3)]),
        1 => number().prop_map(|number| vec![compares_card_number(number, true), chooses_app(number)]),
        4 => staff().prop_map(|by| vec![looks(by, FaceAnswer::Matches)]),
    ]
}

fn sequence() -> impl Strategy<Value = Vec<Step>> {
    let carer_with = |ward| vec![carolinataube_comes(), names_ward(1, ward), shows_deed(1)];
    let beginnings = vec![
        (AMSEL, vec![amsel_comes(), compares_card_number(1, true), chooses_app(1)]),
        (CAROLINATAUBE, carer_with(BUNTSPECHT)),
        (CAROLINATAUBE, carer_with(NAMESAKE)),
        (CAROLINATAUBE, vec![carolinataube_comes(), names_ward(1, NAMESAKE)]),
        // With the ward's own document.
        (BUNTSPECHT, vec![carolinataube_comes(), names_ward(1, BUNTSPECHT)]),
        (AMSEL, vec![]),
    ];
    select(beginnings).prop_flat_map(|(person, beginning)| {
        let step = prop_oneof![
            8 => command(person).prop_map(|command| Step::Do(vec![command])),
            16 => passage(person).prop_map(Step::Do),
            1 => (-1..=16_i64).prop_map(Step::Wait),
        ];
        prop::collection::vec(step, 5..30).prop_map(move |mut steps| {
            steps.insert(0, Step::Do(beginning.clone()));
            steps
        })
    })
}

/// What was accepted, and whose document lay on the desk at each event.
struct Walked {
    desk: Desk,
    on_the_desk: Vec<Option<Bird>>,
}

fn walk(steps: Vec<Step>) -> Walked {
    let mut walked = Walked { desk: Desk::new().with(always_asks), on_the_desk: Vec::new() };
    let mut lying = None;
    for step in steps {
        match step {
            Step::Wait(minutes) => walked.desk = walked.desk.later(minutes.minutes()),
            Step::Do(commands) => {
                for command in commands {
                    let shown = match &command {
                        Command::PresentDocument { birth_date, .. } => [AMSEL, BUNTSPECHT, CAROLINATAUBE]
                            .into_iter()
                            .find(|bird| bird.born == *birth_date),
                        _ => None,
                    };
                    if walked.desk.attempt(command).is_ok() {
                        lying = shown.or(lying);
                    }
                    walked.on_the_desk.resize(walked.desk.journal.len(), lying);
                }
            }
        }
    }
    walked
}

/// Where the last such event stands.
fn last(journal: &[Recorded], wanted: impl Fn(&Event) -> bool) -> Option<usize> {
    journal.iter().rposition(|it| wanted(&it.event))
}

/// What stands in the journal before a code must carry it.
fn stands_behind(before: &[Recorded], concern: ConcernId, level: Level, document: Option<Bird>) {
    let events = || before.iter().map(|it| &it.event);
    assert!(level >= Level::Substantial);

    let over = |it: &Event| match it {
        Event::ConcernRefused { concern: id, .. } | Event::ConcernWithdrawn { concern: id } => *id == concern,
        _ => false,
    };
    assert!(!events().any(over), "the concern was refused or withdrawn");
    let chosen = last(before, |it| matches!(it, Event::PurposeChosen { concern: id, .. } if *id == concern));
    let Event::PurposeChosen { purpose, .. } = before[chosen.expect("no purpose")].event else {
        unreachable!()
    };

    // Nobody ever said no.
    let no = |it: &Event| {
        matches!(
            it,
            Event::DocumentChecked { answer: CheckAnswer::Fail, .. }
                | Event::NamesCompared { answer: CheckAnswer::Fail, .. }
                | Event::FaceCompared { answer: FaceAnswer::DoesNotMatch, .. }
                | Event::SecondLookTaken { answer: FaceAnswer::Doubt | FaceAnswer::DoesNotMatch, .. }
        )
    };
    assert!(!events().any(no), "somebody said no");

    // Document, confirmation and face in this order; after an interruption the latter two once more.
    let presented = last(before, |it| matches!(it, Event::DocumentPresented { .. }));
    let going_on = last(before, |it| matches!(it, Event::VisitResumed { .. } | Event::VisitTakenOver { .. }));
    let changed =
        last(before, |it| matches!(it, Event::DocumentChecked { .. } | Event::NamesCompared { .. }));
    let confirmed = last(before, |it| matches!(it, Event::DocumentConfirmed { .. }));
    let seen = last(before, |it| matches!(it, Event::FaceCompared { .. }));
    assert!(presented.is_some() && confirmed > presented.max(going_on).max(changed), "no confirmed document");
    assert!(seen > presented.max(going_on), "no face");

    // A second look at the document on the desk, at every deed, and after every doubt; by somebody else.
    let doubt = last(before, |it| {
        matches!(
            it,
            Event::DocumentChecked { answer: CheckAnswer::Unclear, .. }
                | Event::NamesCompared { answer: CheckAnswer::Unclear, .. }
                | Event::FaceCompared { answer: FaceAnswer::Doubt, .. }
        )
    });
    let doubt_of_face =
        last(before, |it| matches!(it, Event::FaceCompared { answer: FaceAnswer::Doubt, .. }));
    let operators: BTreeSet<_> = events()
        .filter_map(|it| match it {
            Event::VisitOpened { operator: by, .. } | Event::VisitTakenOver { by } => Some(by),
            _ => None,
        })
        .collect();
    let look = last(before, |it| matches!(it, Event::SecondLookTaken { by, .. } if !operators.contains(by)));
    let accepted =
        |it: &Event| matches!(it, Event::RepresentationAccepted { concern: id, .. } if *id == concern);
    if purpose == Purpose::RepresentativeAccess {
        let own_deed = last(before, accepted);
        assert!(own_deed.is_some() && look > own_deed.max(presented), "nobody else looked at the deed");
    }
    if doubt.is_some() {
        assert!(look > presented.max(doubt_of_face), "nobody settled a doubt");
    }

    // One's own app: nobody's but the acting person's, whose document it is.
    let acting = events().find_map(|it| match it {
        Event::PersonIntroduced { person, .. } => Some(person),
        _ => None,
    });
    let subject = events().find_map(|it| match it {
        Event::ConcernOpened { concern: id, subject, .. } if *id == concern => Some(&subject.person),
        _ => None,
    });
    let (acting, subject, document) = (acting.unwrap(), subject.unwrap(), document.expect("no document"));
    if purpose == Purpose::AppActivation {
        assert!(names_agree(&acting.name, &subject.name), "another person's app");
        assert_eq!(subject.birth_date, Some(document.born), "a namesake's app");
        assert!(!events().any(accepted), "an app on the strength of a deed");
        let compared = |it: &Event| matches!(it, Event::CardNumberCompared { concern: id } if *id == concern);
        let compared = last(before, compared);
        assert!(compared.is_some() && compared < chosen, "a card's back that nobody saw");
    }
}

/// At most one sheet is on its way or in the tray at any time.
fn one_in_the_tray(journal: &[Recorded]) {
    let mut tray = BTreeSet::new();
    for Recorded { event, .. } in journal {
        match event {
            Event::CodeGenerated { code, .. } => {
                assert!(tray.insert(*code) && tray.len() == 1, "two in the tray")
            }
            Event::CodeHandedOver { code, .. }
            | Event::CodeVoided { code, .. }
            | Event::CodeRefused { code, .. } => {
                tray.remove(code);
            }
            _ => {}
        }
    }
}

#[test]
fn no_sequence_of_commands_gives_a_code_that_nothing_stands_behind() {
    let given = RefCell::new([0_u32; 4]);
    // `PROPTEST_CASES` asks for more.
    let cases = Config::default().cases.max(1_000);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&sequence(), |steps| {
            let Walked { desk, on_the_desk } = walk(steps);
            one_in_the_tray(&desk.journal);
            prop_assert_eq!(&Visit::replay(&desk.journal), &desk.visit);
            for (at, Recorded { event, .. }) in desk.journal.iter().enumerate() {
                let mut given = given.borrow_mut();
                match event {
                    Event::CodeGenerated { concern, level, .. } => {
                        stands_behind(&desk.journal[..at], *concern, *level, on_the_desk[at]);
                        let own = desk.visit.concern(*concern).unwrap().representation.is_none();
                        given[usize::from(own)] += 1;
                    }
                    Event::CodeHandedOver { .. } => given[2] += 1,
                    Event::VisitResumed { .. } | Event::VisitTakenOver { .. } => given[3] += 1,
                    _ => {}
                }
            }
            Ok(())
        })
        .unwrap();
    let [for_others, own, handed_over, gone_on] = given.into_inner();
    println!("{for_others} codes for others, {own} own, {handed_over} handed over, {gone_on} times gone on");
    // Sequences that never came as far would prove nothing.
    assert!(for_others.min(own).min(handed_over).min(gone_on) > 20);
}
