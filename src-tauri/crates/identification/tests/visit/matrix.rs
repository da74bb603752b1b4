//! Every stage against every command: what is possible when. A reviewer reads the whole matrix in one snapshot.

use std::fmt::Write as _;

use identification::{
    BlockingTarget, CheckAnswer, ChipCheck, ChipEvidence, Command, FaceAnswer, Proof, Refusal, ReviewOutcome,
    VoidReason,
};
use jiff::{SignedDuration, ToSpan};

use crate::{
    blocking::{accepted, blocked, blocks, known, refused},
    desk::{
        Desk, aborts, agrees, always_asks, amsel, amsel_for_epa, amsel_proven, amsel_with_chip, answers,
        carer_proven, carer_seconded, chooses_app, chooses_app_unasked, chooses_epa, chooses_epa_unasked,
        code, colleague_looks, compares_card_number, face, genuine, gives, hands_over, issues, matches,
        names, offers_epa, passport, presents, reads, reviews, voids,
    },
    people::{
        AMSEL, BUNTSPECHT, Bird, CAROLINATAUBE, CLERK, DOHLE, SUPERVISOR, amsel_comes, amsel_comes_unasked,
        carolinataube_comes, clerk, concern, names_themselves, names_ward, on_file, shows_deed, supervisor,
    },
};

type Stages = [(&'static str, fn() -> Desk); 42];

const FORGED: ChipEvidence = ChipEvidence {
    data: ChipCheck::Invalid,
    copy: ChipCheck::NotVerifiable,
    name_agrees: true,
    print_agrees: true,
};

const STAGES: Stages = [
    ("unopened", Desk::new),
    ("insured: opened", || Desk::new().after([amsel_comes()])),
    ("insured: card number asked for", || Desk::new().with(always_asks).after([amsel_comes()])),
    ("insured: card number agrees", || {
        Desk::new().with(always_asks).after([amsel_comes(), compares_card_number(1, true)])
    }),
    ("insured: purpose chosen", amsel),
    ("insured: document presented", || amsel().after([presents("reisepass", AMSEL)])),
    ("insured: document confirmed", || amsel().after(passport(AMSEL))),
    ("insured: face matches", amsel_proven),
    ("insured: face in doubt", || amsel().after(passport(AMSEL)).after([face(FaceAnswer::Doubt)])),
    ("insured: another face", || amsel().after(passport(AMSEL)).after([face(FaceAnswer::DoesNotMatch)])),
    ("insured: code generated", || amsel_proven().after([issues(1, 1)])),
    ("insured: code printed", || amsel_proven().after([issues(1, 1), Command::Printed])),
    ("insured: code void", || amsel_proven().after([issues(1, 1), voids(VoidReason::PrintFailed)])),
    ("insured: code handed over", || amsel_proven().after(gives(1, 1))),
    ("insured: ended", || amsel_proven().after(gives(1, 1)).after([Command::End])),
    ("insured: aborted", || amsel_proven().after([aborts()])),
    ("record: purpose chosen", amsel_for_epa),
    ("record: document presented", || amsel_for_epa().after([presents("reisepass", AMSEL)])),
    ("record: agreed to the chip", || amsel_for_epa().after([presents("reisepass", AMSEL), agrees()])),
    ("record: chip proves", || amsel_with_chip(genuine())),
    ("record: chip contradicts", || {
        amsel_for_epa().after([presents("reisepass", AMSEL), agrees(), reads(FORGED)])
    }),
    ("record: seconded", || amsel_with_chip(genuine()).after([colleague_looks()])),
    ("record: resumed", || {
        amsel_with_chip(genuine()).after([colleague_looks(), Command::Resume { by: clerk(CLERK) }])
    }),
    ("record: code handed over", || amsel_with_chip(genuine()).after([colleague_looks()]).after(gives(1, 1))),
    ("carer: opened", || Desk::new().after([carolinataube_comes()])),
    ("carer: ward named", || Desk::new().after([carolinataube_comes(), names_ward(1, BUNTSPECHT)])),
    ("carer: proven with a deed", carer_proven),
    ("carer: seconded", carer_seconded),
    ("carer: resumed", || carer_seconded().after([Command::Resume { by: clerk(CLERK) }])),
    ("no line: unopened", || Desk::new().without_line()),
    ("no line for a day: unopened", || Desk::new().without_line().later(24.hours())),
    ("no line for three days: unopened", || Desk::new().without_line().later(72.hours())),
    ("no line, clock set back: unopened", || Desk::new().without_line().line(|it| it.stepped_back = true)),
    ("no line: opened", amsel_unasked),
    ("no line: face matches", || {
        amsel_unasked().after([chooses_app_unasked(1)]).after(passport(AMSEL)).after([matches()])
    }),
    ("line gone: face matches", || amsel_proven().without_line()),
    ("line gone: code printed", || amsel_proven().after([issues(1, 1), Command::Printed]).without_line()),
    ("line gone: record seconded", || amsel_with_chip(genuine()).after([colleague_looks()]).without_line()),
    ("line gone: carer seconded", || carer_seconded().without_line()),
    ("clock wrong: face matches", || {
        amsel_proven().line(|it| it.offset = Some(SignedDuration::from_mins(-16)))
    }),
    ("blocking: ordered", blocked),
    ("blocking: in force", || blocked().after([accepted()])),
];

fn amsel_unasked() -> Desk {
    Desk::new().with(offers_epa).without_line().after([amsel_comes_unasked(|_| {})])
}

fn commands(person: Bird) -> Vec<(&'static str, Command)> {
    vec![
        ("open", amsel_comes()),
        ("open unasked", amsel_comes_unasked(|_| {})),
        ("open for others", carolinataube_comes()),
        ("block codes", blocks(BlockingTarget::Codes, known())),
        ("block the app unasked", blocks(BlockingTarget::App, None)),
        ("service blocks", accepted()),
        ("service blocks nothing", refused()),
        ("add a ward", names_ward(7, DOHLE)),
        ("add themselves", names_themselves(8)),
        ("card number agrees", compares_card_number(1, true)),
        ("card number differs", compares_card_number(1, false)),
        ("choose the app", chooses_app(1)),
        ("choose the record", chooses_epa(1)),
        ("choose the app unasked", chooses_app_unasked(1)),
        ("choose the record unasked", chooses_epa_unasked(1)),
        ("show a deed", shows_deed(1)),
        (
            "show nothing",
            Command::PresentProof { concern: concern(1), proof: Proof::Nothing, filed: on_file() },
        ),
        ("withdraw", Command::WithdrawConcern { concern: concern(1) }),
        ("present document", presents("reisepass", person)),
        ("present unknown document", presents("bibliotheksausweis", person)),
        ("present driving licence", presents("fuehrerschein", person)),
        ("agree to the chip", agrees()),
        ("take that back", Command::RevokeChip),
        ("chip proves", reads(genuine())),
        ("chip contradicts", reads(FORGED)),
        ("check passes", answers("uv", CheckAnswer::Pass)),
        ("check fails", answers("uv", CheckAnswer::Fail)),
        ("answer unknown check", answers("smell", CheckAnswer::Pass)),
        ("compare names", names(CheckAnswer::Pass)),
        ("confirm document", Command::ConfirmDocument),
        ("face matches", matches()),
        ("second look", colleague_looks()),
        ("issue", issues(1, 2)),
        ("printed", Command::Printed),
        ("hand over", hands_over(1)),
        ("void", voids(VoidReason::Discarded)),
        ("service accepts", Command::ServiceAccepted { code: code(1) }),
        ("service refuses", Command::ServiceRefused { code: code(1) }),
        ("resume", Command::Resume { by: clerk(CLERK) }),
        ("take over", Command::TakeOver { by: supervisor(SUPERVISOR) }),
        ("abort", aborts()),
        ("end", Command::End),
        ("review", reviews(supervisor(SUPERVISOR), ReviewOutcome::Agree)),
    ]
}

/// One line a command, one column a stage: `+` yes, `.` not at this stage, `-` something is still missing, a letter for any
/// other refusal.
#[test]
fn the_whole_matrix_of_stages_and_commands() {
    let mut matrix = String::new();
    for (column, (stage, _)) in STAGES.iter().enumerate() {
        writeln!(matrix, "{:3}{:>3} {stage}", "", column + 1).unwrap();
    }
    let columns: String = (1..=STAGES.len()).map(|column| format!("{column:3}")).collect();
    writeln!(matrix, "\n{:26}{columns}", "").unwrap();
    let mut others: Vec<Refusal> = Vec::new();
    for (row, (name, _)) in commands(AMSEL).into_iter().enumerate() {
        let cells: String = STAGES
            .iter()
            .map(|(stage, desk)| {
                let person = if stage.starts_with("carer") { CAROLINATAUBE } else { AMSEL };
                let (_, command) = commands(person).swap_remove(row);
                format!("{:>3}", symbol(desk().attempt(command), &mut others))
            })
            .collect();
        writeln!(matrix, "{name:26}{cells}").unwrap();
    }
    writeln!(matrix, "\n+ yes\n. {}\n- {}", Refusal::NotNow, Refusal::NotYet).unwrap();
    for (letter, refusal) in ('a'..).zip(others) {
        writeln!(matrix, "{letter} {refusal}").unwrap();
    }
    insta::assert_snapshot!(matrix);
}

fn symbol(answer: Result<(), Refusal>, others: &mut Vec<Refusal>) -> char {
    match answer {
        Ok(()) => '+',
        Err(Refusal::NotNow) => '.',
        Err(Refusal::NotYet) => '-',
        Err(other) => {
            let known = others.iter().position(|it| *it == other);
            let place = known.unwrap_or_else(|| {
                others.push(other);
                others.len() - 1
            });
            ('a'..).nth(place).unwrap()
        }
    }
}
