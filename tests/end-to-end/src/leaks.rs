//! After a visit with a code, a carer's visit, an aborted one and one whose messages still wait for the service: what may not be anywhere is nowhere, what may be somewhere is
//! there only. Every place is first shown to be searched: what was planted in it is found.

mod places;
mod table;

use std::{fs, path::Path};

use account_service::Fault;
use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{
    App, CARER, CLERK, SUPERVISOR, Sheet, Stage, WARD, Window,
    carer::carers_visit,
    clerk::{self, Guest, Tray},
    leaks::{places::Search, table::Table},
    walk::Walk,
};

/// Who gets a code, who leaves without one, and of whom the service hasn't heard yet.
const GUEST: &str = "buntspecht";
const LEAVER: &str = "carolinataube";
const UNHEARD: &str = "graugans";

/// All of it; the table goes to `out`.
///
/// # Errors
/// If a visit fails, something planted isn't found, or something is found where it may not be.
pub async fn leaks(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    searched(stage, app, out, async |window| visits(stage, window, out).await).await.map(drop)
}

/// Leads visits through a window and looks for the things that `lead` answers with, while the app runs and after it has ended;
/// what else it answers with is handed on. The table goes to `out`.
///
/// # Errors
/// If a visit fails, something planted isn't found, or something is found where it may not be.
pub(crate) async fn searched<T>(
    stage: &Stage,
    app: &App,
    out: &Path,
    lead: impl AsyncFnOnce(&Window) -> Result<(Vec<Thing>, T)>,
) -> Result<T> {
    let search = Search::new(stage, app)?;
    let app = search.app(app);
    let window = Window::open(&app).await?;
    let walked = lead(&window).await;
    if walked.is_err() {
        window.picture(out.join("failed.png")).await.ok();
    }
    let (things, led) = match walked {
        Ok(walked) => walked,
        Err(error) => {
            window.close().await.ok();
            return Err(error);
        }
    };
    search.planted_is_found(stage, &things)?;
    let running = Table::filled(&things, &search.places(stage)?);
    window.close().await?;
    let ended = Table::filled(&things, &search.places(stage)?);
    running.print("while the app runs");
    ended.print("after it has ended");
    let report = json!({ "while_the_app_runs": &running, "after_it_has_ended": &ended });
    fs::write(out.join("leaks.json"), serde_json::to_string_pretty(&report)? + "\n")?;
    running.verdict()?;
    ended.verdict()?;
    Ok(led)
}

/// Something that is looked for, and where it may be.
pub(crate) struct Thing {
    name: String,
    /// As it may be written, in UTF-8 if it is text.
    spellings: Vec<Vec<u8>>,
    allowed: &'static [&'static str],
    /// Where it must be, or the search would prove nothing.
    expected: &'static [&'static str],
}

impl Thing {
    /// Something that may be nowhere at all.
    pub(crate) fn nowhere(name: &str, spellings: Vec<Vec<u8>>) -> Self {
        Self { name: name.to_owned(), spellings, allowed: NOWHERE, expected: NOWHERE }
    }

    /// Something that the window is told, and nobody else.
    pub(crate) fn shown(name: &str, spelling: &str) -> Self {
        Self { name: name.to_owned(), spellings: vec![spelling.into()], allowed: SHOWN, expected: SHOWN }
    }
}

/// Nowhere at all.
const NOWHERE: &[&str] = &[];
/// People are shown while they are at the desk, and stand in the sealed bodies as long as these have a key.
const SHOWN_AND_SEALED: &[&str] = &[places::IPC, places::BODIES];
/// Letters and receipts name whom they are for.
const NAMED: &[&str] = &[places::IPC, places::BODIES, places::PAPER];
/// A code is on its sheet and nowhere else.
const PRINTED: &[&str] = &[places::PAPER];
/// A health insurance number is told to the service, and to nobody else.
const SEALED: &[&str] = &[places::BODIES, places::OUTBOX];
const SHOWN: &[&str] = &[places::IPC];

async fn visits(stage: &Stage, window: &Window, out: &Path) -> Result<(Vec<Thing>, ())> {
    window.sign_in(CLERK).await?;
    window.until_count(".status--good", 3).await?;
    let mut things = vec![
        nowhere("PIN of the clerk", [CLERK.pin]),
        nowhere("PIN of the supervisor", [SUPERVISOR.pin]),
        nowhere("card access number", [clerk::CAN]),
        Thing {
            name: String::from("name of the clerk"),
            spellings: vec![CLERK.name.into()],
            allowed: &[places::IPC, places::PAPER],
            expected: SHOWN,
        },
        Thing {
            name: String::from("id of the clerk"),
            spellings: vec![CLERK.id.into()],
            allowed: &[places::IPC, places::BODIES, places::PAGES, places::OUTBOX, places::PAPER],
            expected: &[places::IPC, places::BODIES, places::PAGES, places::OUTBOX],
        },
    ];

    let guest = Guest::register(stage, GUEST).await?;
    let sheet = handed_over(stage, window, &guest, out).await?;
    guest.is_redeemed(window, &sheet).await?;
    clerk::finish(window).await?;
    things.push(code("the insured person's code", &sheet)?);
    things.extend(person(stage, &guest, "insured person", RECORDED)?);

    let mut walk = Walk::new(stage, window, out, None)?;
    let sheet = carers_visit(&mut walk).await.context("the carer's visit")?;
    things.push(code("the carer's code", &sheet)?);
    for (name, card) in [("carer", CARER), ("ward", WARD)] {
        let persona = stage.persona(card)?;
        things.push(Thing {
            name: format!("family name of the {name}"),
            spellings: vec![persona.family_name.into()],
            allowed: NAMED,
            expected: SHOWN_AND_SEALED,
        });
        let number = format!("full number of the {name}");
        things.push(Thing {
            name: number,
            spellings: vec![persona.kvnr.into()],
            allowed: SEALED,
            expected: NOWHERE,
        });
    }

    let leaver = Guest::register(stage, LEAVER).await?;
    let card = clerk::arrive(stage, window, &leaver).await?;
    clerk::visit_number(window, &leaver).await?;
    clerk::dates(stage, window, &leaver).await?;
    clerk::abort(window).await?;
    drop(card);
    window.until("[data-reader=ready]").await?;
    things.extend(person(stage, &leaver, "person who left", FORGOTTEN)?);

    let unheard = Guest::register(stage, UNHEARD).await?;
    let sheet = handed_over(stage, window, &unheard, out).await?;
    clerk::finish(window).await?;
    things.push(code("a code that isn't delivered yet", &sheet)?);
    things.extend(person(stage, &unheard, "person not told of yet", WAITING)?);
    Ok((things, ()))
}

/// From the card to the hand-over.
async fn handed_over(stage: &Stage, window: &Window, guest: &Guest, out: &Path) -> Result<Sheet> {
    let mut tray = Tray::new(&stage.printer, out)?;
    let card = if guest.card == GUEST {
        let card = clerk::arrive_over_the_air(stage, window, guest).await?;
        clerk::prove_arrived(stage, window, guest).await?;
        card
    } else {
        clerk::prove(stage, window, guest).await?
    };
    if guest.card == UNHEARD {
        stage.service.fault(Fault::Down);
    }
    clerk::sign(window).await?;
    window.screen("hand_over").await?;
    let sheet = tray.letter(&stage.printer)?;
    drop(card);
    clerk::hand_over(window, &sheet).await?;
    Ok(sheet)
}

fn nowhere<const N: usize>(name: &str, spellings: [&str; N]) -> Thing {
    Thing::nowhere(name, spellings.into_iter().map(Into::into).collect())
}

/// In one piece, and in groups as people write it.
fn code(name: &str, sheet: &Sheet) -> Result<Thing> {
    let code = sheet.code()?;
    let symbols: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let grouped = |by: &str| {
        symbols.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(by)
    };
    ensure!(symbols.len() > 8, "the sheet's code is too short to be looked for");
    let spellings = [code, &grouped(""), &grouped(" "), &grouped("-")].map(|it| it.as_bytes().to_vec());
    Ok(Thing { name: name.to_owned(), spellings: spellings.into(), allowed: PRINTED, expected: PRINTED })
}

/// What a visit leaves of a person: where names are, where the number, and where it must be found.
#[derive(Clone, Copy)]
struct Trace {
    names: &'static [&'static str],
    names_expected: &'static [&'static str],
    number: &'static [&'static str],
    number_expected: &'static [&'static str],
}

/// A visit with a code, of which the service knows.
const RECORDED: Trace = Trace {
    names: NAMED,
    names_expected: SHOWN_AND_SEALED,
    number: SEALED,
    number_expected: &[places::BODIES],
};
/// A visit with a code, of which the service doesn't know yet.
const WAITING: Trace =
    Trace { names: NAMED, names_expected: SHOWN_AND_SEALED, number: SEALED, number_expected: SEALED };
/// An aborted visit.
const FORGOTTEN: Trace =
    Trace { names: SHOWN, names_expected: SHOWN, number: NOWHERE, number_expected: NOWHERE };

/// What card, app and document say about somebody.
fn person(stage: &Stage, guest: &Guest, who: &str, trace: Trace) -> Result<Vec<Thing>> {
    let persona = &guest.persona;
    let masked = persona.kvnr.get(7..).context("the number is too short")?;
    let thing = |name: &str, spelling: String, allowed, expected| Thing {
        name: format!("{name}, {who}"),
        spellings: vec![spelling.into()],
        allowed,
        expected,
    };
    Ok(vec![
        thing("family name", persona.family_name.clone(), trace.names, trace.names_expected),
        thing("given names", persona.given_names.clone(), trace.names, trace.names_expected),
        thing("masked number", format!("••{masked}"), SHOWN, SHOWN),
        thing("full number", persona.kvnr.clone(), trace.number, trace.number_expected),
        thing("typed birth date", guest.birth_date()?, NOWHERE, NOWHERE),
        thing("typed expiry", clerk::valid(stage.today), NOWHERE, NOWHERE),
        thing("card number", persona.iccsn.clone(), NOWHERE, NOWHERE),
        thing("visit number", guest.registration.visit_number.clone(), trace.number, NOWHERE),
    ])
}
