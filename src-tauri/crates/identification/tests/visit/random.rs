//! Random sequences of commands against what the journal itself says: no sequence gives a code that nothing stands behind.

use std::cell::RefCell;

use identification::{
    AbortReason, BlockingTarget, CheckAnswer, ChipCheck, ChipEvidence, Command, Event, FaceAnswer, Line,
    Proof, Purpose, Recorded, ReviewOutcome, Visit, VoidReason,
};
use jiff::ToSpan;
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};

use crate::{
    blocking::{accepted, blocks, known, refused},
    desk::{
        Desk, agrees, always_asks, answers, chooses_app, chooses_epa, code, compares_card_number, face,
        genuine, gives, hands_over, issues, looks, matches, names, offers_epa, passport, presents, reads,
        reviews, voids,
    },
    people::{
        AMSEL, BUNTSPECHT, Bird, CAROLINATAUBE, CLERK, COLLEAGUE, DOHLE, NAMESAKE, OTHER_SUPERVISOR,
        SUPERVISOR, amsel_comes, carolinataube_comes, clerk, concern, deed, names_themselves, names_ward,
        on_file, shows_deed, supervisor,
    },
    told::{chip_story, one_in_the_tray, stands_behind},
    wire::Wire,
};

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Do(Vec<Command>),
    Wait(i64),
    Line(Wire),
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

/// Mostly a chip that proves what it should.
fn chip_evidence() -> impl Strategy<Value = ChipEvidence> {
    let check = || {
        prop_oneof![
            9 => Just(ChipCheck::Valid),
            3 => Just(ChipCheck::NotVerifiable),
            3 => Just(ChipCheck::NotSupported),
            1 => Just(ChipCheck::Invalid),
        ]
    };
    (check(), check(), prop::bool::weighted(0.9), prop::bool::weighted(0.95)).prop_map(
        |(data, copy, name_agrees, print_agrees)| ChipEvidence { data, copy, name_agrees, print_agrees },
    )
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
pub(crate) fn command(person: Bird) -> impl Strategy<Value = Command> {
    let drawn = || 1..=7_u128;
    let about_concerns = prop_oneof![
        select(vec![amsel_comes(), carolinataube_comes(), blocks(BlockingTarget::App, known())]),
        (number(), select(vec![BUNTSPECHT, DOHLE, NAMESAKE]))
            .prop_map(|(number, ward)| names_ward(number, ward)),
        number().prop_map(names_themselves),
        number().prop_map(chooses_app),
        number().prop_map(chooses_epa),
        (number(), any::<bool>()).prop_map(|(number, agrees)| compares_card_number(number, agrees)),
        (number(), proof(), any::<bool>()).prop_map(|(number, proof, filed)| {
            let filed = if filed { on_file() } else { None };
            Command::PresentProof { concern: concern(number), proof, filed }
        }),
        number().prop_map(|number| Command::WithdrawConcern { concern: concern(number) }),
    ];
    let about_evidence = prop_oneof![
        (select(vec!["reisepass", "vorlaeufiger-personalausweis", "fuehrerschein"]), document_of(person))
            .prop_map(|(kind, bird)| presents(kind, bird)),
        select(vec![agrees(), agrees(), Command::RevokeChip]),
        chip_evidence().prop_map(reads),
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
        select(vec![accepted(), refused()]),
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
pub(crate) fn passage(person: Bird) -> impl Strategy<Value = Vec<Command>> {
    prop_oneof![
        4 => document_of(person).prop_map(|bird| passport(bird).into_iter().chain([matches()]).collect()),
        1 => document_of(person).prop_map(passport),
        2 => document_of(person).prop_map(passport_with_chip),
        3 => (document_of(person), prop::bool::weighted(0.4)).prop_map(|(bird, chip)| {
            let seen = if chip { passport_with_chip(bird) } else { [passport(bird), vec![matches()]].concat() };
            [seen, vec![looks(COLLEAGUE, FaceAnswer::Matches)]].concat()
        }),
        3 => Just(vec![Command::ConfirmDocument, matches()]),
        1 => Just(vec![reads(genuine()), Command::ConfirmDocument, matches()]),
        5 => (number(), 1..=7_u128).prop_map(|(number, drawn)| gives(number, drawn).to_vec()),
        2 => Just(vec![names_ward(2, DOHLE), shows_deed(2)]),
        1 => Just(vec![names_themselves(3), compares_card_number(3, true), chooses_app(3)]),
        1 => number().prop_map(|number| vec![compares_card_number(number, true), chooses_app(number)]),
        4 => staff().prop_map(|by| vec![looks(by, FaceAnswer::Matches)]),
    ]
}

/// The passport with everything in order, its chip as well, and the face.
fn passport_with_chip(person: Bird) -> Vec<Command> {
    let mut commands = passport(person);
    commands.splice(1..1, [agrees(), reads(genuine())]);
    commands.push(matches());
    commands
}

fn sequence() -> impl Strategy<Value = Vec<Step>> {
    let carer_with = |ward| vec![carolinataube_comes(), names_ward(1, ward), shows_deed(1)];
    let for_a_record = vec![amsel_comes(), compares_card_number(1, true), chooses_epa(1)];
    let beginnings = vec![
        (AMSEL, vec![amsel_comes(), compares_card_number(1, true), chooses_app(1)]),
        (AMSEL, for_a_record.clone()),
        (AMSEL, for_a_record),
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

/// What was accepted, whose document lay on the desk at each event, and how the line was.
pub(crate) struct Walked {
    pub(crate) desk: Desk,
    pub(crate) on_the_desk: Vec<Option<Bird>>,
    pub(crate) lines: Vec<Line>,
}

pub(crate) fn walk(steps: Vec<Step>, two_reach_high: bool) -> Walked {
    let desk = Desk::new().with(always_asks).with(offers_epa);
    let desk = desk.with(|policy| policy.second_look_reaches_high = two_reach_high);
    let mut walked = Walked { desk, on_the_desk: Vec::new(), lines: Vec::new() };
    let mut lying = None;
    for step in steps {
        match step {
            Step::Line(wire) => walked.desk = wire.becomes(walked.desk),
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
                    walked.lines.resize(walked.desk.journal.len(), walked.desk.line);
                }
            }
        }
    }
    walked
}

#[test]
fn no_sequence_of_commands_gives_a_code_that_nothing_stands_behind() {
    let given = RefCell::new([0_u32; 6]);
    // `PROPTEST_CASES` asks for more.
    let cases = Config::default().cases.max(2_000);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&(sequence(), prop::bool::weighted(0.7)), |(steps, two_reach_high)| {
            let Walked { desk, on_the_desk, .. } = walk(steps, two_reach_high);
            one_in_the_tray(&desk.journal);
            chip_story(&desk.journal);
            prop_assert_eq!(&Visit::replay(&desk.journal), &desk.visit);
            for (at, Recorded { event, .. }) in desk.journal.iter().enumerate() {
                let mut given = given.borrow_mut();
                match event {
                    Event::CodeGenerated { concern, level, .. } => {
                        let before = &desk.journal[..at];
                        let by_chip =
                            stands_behind(before, *concern, *level, on_the_desk[at], two_reach_high);
                        let concern = desk.visit.concern(*concern).unwrap();
                        match concern.purpose {
                            Some(Purpose::Epa) => given[4 + usize::from(by_chip)] += 1,
                            _ => given[usize::from(concern.representation.is_none())] += 1,
                        }
                    }
                    Event::CodeHandedOver { .. } => given[2] += 1,
                    Event::VisitResumed { .. } | Event::VisitTakenOver { .. } => given[3] += 1,
                    _ => {}
                }
            }
            Ok(())
        })
        .unwrap();
    let [for_others, own, handed_over, gone_on, by_eye, by_chip] = given.into_inner();
    println!("{for_others} codes for others, {own} own, {handed_over} handed over, {gone_on} times gone on");
    println!("{by_eye} records opened by eye, {by_chip} by a chip");
    // Sequences that never came as far would prove nothing.
    assert!(for_others.min(own).min(handed_over).min(gone_on).min(by_eye).min(by_chip) > 20);
}
