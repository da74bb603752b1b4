//! Visit C: an insured person opens their electronic health record. It is the one purpose for which the desk may read the chip of
//! a document, if its owner agrees: read and genuine, declined, forged, and taken back. Then what all of it left behind.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use card_sim::{
    Inserted,
    travel::{Flaw, SignerKind},
};
use jiff::ToSpan;
use workshop::process::wait_until;

use crate::{
    App, CLERK, Report, SUPERVISOR, Sheet, Stage, Window, chip,
    clerk::{self, Guest, Tray},
    leaks::{Thing, searched},
    paper,
    passport::Passport,
    walk::{PATIENCE, Walk},
};

/// Actions that the visit should need: five more than without a chip.
const AIM: u32 = 25;
/// Checks of a chip.
const CHECKS: usize = 11;
/// Has an app that is active already, and a passport.
const GUEST: &str = "amsel";
const PASSPORT: &str = "passport-amsel";
/// Would rather not have the chip read.
const DECLINES: &str = "carolinataube";
/// Whose passport somebody made.
const FORGED: &str = "graugans";
/// Agrees, and takes it back.
const REVOKES: &str = "dohle";

/// Walks all of it; what was seen goes to `out`.
///
/// # Errors
/// At the first thing that isn't as it should be.
pub async fn epa(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    let report = searched(stage, app, out, async |window| visits(stage, window, out).await).await?;
    report.write(&out.join("report.json"))
}

async fn visits(stage: &Stage, window: &Window, out: &Path) -> Result<(Vec<Thing>, Report)> {
    let mut walk = Walk::new(stage, window, out, Some(AIM))?;
    walk.sign_in(CLERK).await?;
    window.until_count(".status--good", 3).await?;
    let mut things = with_chip(&mut walk).await.context("with the chip")?;
    things.extend(declined(&mut walk).await.context("declined")?);
    things.extend(forged(&mut walk).await.context("forged")?);
    unproven(&mut walk).await.context("unproven")?;
    things.extend(revoked(&mut walk).await.context("revoked")?);
    Ok((things, walk.end()?))
}

/// What no document of these visits may have left anywhere.
fn canaries(whose: &str, passport: &Passport) -> impl Iterator<Item = Thing> {
    let things = passport.canaries().into_iter();
    things.map(move |(what, spellings)| Thing::nowhere(&format!("{what}, {whose}"), spellings))
}

/// From the health card to the open record.
async fn with_chip(walk: &mut Walk<'_>) -> Result<Vec<Thing>> {
    let (stage, window) = (walk.stage, walk.window);
    let passport = Passport::of_catalogue(stage, PASSPORT)?.marked();
    let guest = Guest::with_active_app(stage, GUEST).await?;

    walk.begin();
    let card = stage.insert(GUEST)?;
    walk.acted();
    window.screen("concern").await?;
    walk.step("health card in, read and looked up");
    chip::choose_record(window).await?;
    walk.acted();
    walk.look("1-concern").await?;
    walk.enter(&guest.registration.visit_number).await?;
    window.screen("document").await?;
    walk.step("the electronic health record, and the visit number, which goes on by itself");
    walk.dates(&passport.birth_date(), &passport.expiry()).await?;

    chip::ask(window).await?;
    walk.look("2-consent").await?;
    chip::agree(window).await?;
    walk.acted();
    walk.step("the person agrees on the screen that is turned to them");
    walk.look("2-needs-number").await?;
    walk.enter(&passport.misread_number()?).await?;
    window.until(chip::PROBLEM).await?;
    walk.look("2-number-misread").await?;
    walk.seen(format!("the number misread: {}", window.text(chip::PROBLEM).await?.replace('\n', " ")));
    chip::again(window).await?;
    walk.begin();
    walk.enter(&passport.number()).await?;
    window.until(chip::NEEDS_DOCUMENT).await?;
    walk.step("the number of the document");
    walk.look("2-needs-document").await?;

    let laid = passport.lay(stage)?;
    walk.acted();
    window.until(chip::READING).await?;
    window.picture(walk.out.join("2-reading.png")).await?;
    window.until(chip::PROVES).await?;
    walk.step("the passport on the reader: opened, read, genuine");
    ensure!(window.count(chip::CHECKS).await? == CHECKS, "a check of the chip isn't shown");
    let wrong = window.count(chip::CHECKS_NOT_VALID).await?;
    ensure!(wrong == 0, "{wrong} checks of a genuine passport aren't valid");
    walk.look("2-read").await?;
    walk.begin();
    walk.checks().await?;

    let address = chip::picture_is_shown(window).await?;
    walk.seen(String::from("the chip's picture is shown, once"));
    walk.face().await?;
    window.screen("second_look").await?;
    chip::picture_is_gone(window, &address).await?;
    walk.seen(String::from("after the answer it is nowhere in the window, and its address is nothing's"));
    walk.step("the face matches");
    walk.second_look(SUPERVISOR).await?;
    reaches_high(window).await?;
    walk.seen(String::from("the summary says that the level high is reached"));
    let sheet = walk.sign(CLERK).await?;
    names_the_record(walk, &passport)?;
    walk.begin();
    drop(laid);
    walk.hand_over(&sheet, Some(card)).await?;
    opens_the_record(stage, window, &guest, &sheet).await?;
    walk.report.redeemed = true;
    walk.seen(String::from("the app redeems the code: the electronic health record is open"));
    clerk::finish(window).await?;
    Ok(canaries("insured person", &passport).chain([chip::address(&address)?]).collect())
}

/// By eye instead: the second look makes up for it.
async fn declined(walk: &mut Walk<'_>) -> Result<Vec<Thing>> {
    let (stage, window) = (walk.stage, walk.window);
    let guest = Guest::register(stage, DECLINES).await?;
    let passport = Passport::of(stage, &guest.persona).marked();
    let mut tray = Tray::new(&stage.printer, walk.out)?;
    let card = to_chip(walk, &guest, &passport).await?;
    chip::ask(window).await?;
    chip::decline(window).await?;
    window.look(walk.out, "declined").await?;
    let sheet = by_eye(walk, &mut tray).await?;
    drop(card);
    clerk::hand_over(window, &sheet).await?;
    opens_the_record(stage, window, &guest, &sheet).await?;
    walk.seen(String::from("declined: by eye and with a second look the level high is reached as well"));
    clerk::finish(window).await?;
    Ok(canaries("person who declined", &passport).collect())
}

/// A chip that speaks against its document ends the visit, in words that say nothing of it.
async fn forged(walk: &mut Walk<'_>) -> Result<Vec<Thing>> {
    let (stage, window) = (walk.stage, walk.window);
    let guest = Guest::register(stage, FORGED).await?;
    let passport =
        Passport::of(stage, &guest.persona).marked().with(|it| it.flaw = Some(Flaw::ForgedSignature));
    let card = to_chip(walk, &guest, &passport).await?;
    // It lies there before anybody has typed its number: a number that isn't its own doesn't open it.
    let laid = passport.lay(stage)?;
    chip::ask(window).await?;
    chip::agree(window).await?;
    window.press(&Passport::other_number()).await?;
    window.until(chip::PROBLEM).await?;
    walk.seen(format!("another's number: {}", window.text(chip::PROBLEM).await?.replace('\n', " ")));
    window.look(walk.out, "number-of-another").await?;
    chip::again(window).await?;
    window.press(&passport.number()).await?;
    window.until("[data-error=identity_not_established]").await?;
    window.look(walk.out, "forged").await?;
    let said = window.text("[data-error=identity_not_established]").await?.replace('\n', " ");
    for telling in ["Chip", "Signatur", "gefälscht", "Fälschung"] {
        ensure!(!said.contains(telling), "the refusal tells what was noticed: {said}");
    }
    walk.seen(format!("the chip's signature is broken: {said}"));
    clerk::refuse(window).await?;
    drop((card, laid));
    window.until("[data-reader=ready]").await?;
    Ok(canaries("person with a forged document", &passport).collect())
}

/// Nobody here knows who signed it: it counts for nothing, for better or worse, and the person can take it back.
async fn unproven(walk: &mut Walk<'_>) -> Result<()> {
    let (stage, window) = (walk.stage, walk.window);
    let guest = Guest::register(stage, REVOKES).await?;
    let passport = Passport::of(stage, &guest.persona).with(|it| it.signer = SignerKind::Forged);
    let card = to_chip(walk, &guest, &passport).await?;
    let laid = passport.lay(stage)?;
    chip::ask(window).await?;
    agree_on_paper(walk).await?;
    window.press(&passport.number()).await?;
    window.until(chip::COUNTS_FOR_NOTHING).await?;
    window.look(walk.out, "unproven").await?;
    walk.seen(String::from("nobody knows who signed the chip: it counts for nothing, and the visit goes on"));
    clerk::document_checks(window).await?;
    ensure!(!window.has(chip::PICTURE).await?, "a picture that nobody vouches for is shown");
    clerk::abort(window).await?;
    drop((card, laid));
    window.until("[data-reader=ready]").await
}

/// Read and genuine; then the person takes their word back: by eye, as if it had never been read.
async fn revoked(walk: &mut Walk<'_>) -> Result<Vec<Thing>> {
    let (stage, window) = (walk.stage, walk.window);
    let guest = Guest::register(stage, REVOKES).await?;
    let passport = Passport::of(stage, &guest.persona).marked();
    let mut tray = Tray::new(&stage.printer, walk.out)?;
    let card = to_chip(walk, &guest, &passport).await?;
    let laid = passport.lay(stage)?;
    chip::ask(window).await?;
    chip::agree(window).await?;
    window.press(&passport.number()).await?;
    window.until(chip::PROVES).await?;

    // Another passport of the same kind and person: what the first one's chip proved isn't the second one's.
    let other = Passport::of(stage, &guest.persona).with(|it| it.expiry = it.expiry.saturating_sub(1.day()));
    chip::retype_expiry(window, &other.expiry()).await?;
    window.until(chip::OFFERED).await?;
    chip::retype_expiry(window, &passport.expiry()).await?;
    window.until(chip::OFFERED).await?;
    chip::ask(window).await?;
    chip::agree(window).await?;
    window.press(&passport.number()).await?;
    window.until(chip::PROVES).await?;
    walk.seen(String::from("another expiry is another document: asked and read anew"));
    chip::revoke(window).await?;
    window.until_count(chip::PROVES, 0).await?;
    window.look(walk.out, "revoked").await?;
    drop(laid);
    let sheet = by_eye(walk, &mut tray).await?;
    drop(card);
    clerk::hand_over(window, &sheet).await?;
    opens_the_record(stage, window, &guest, &sheet).await?;
    walk.seen(String::from(
        "taken back after the reading: by eye and with a second look, without its picture",
    ));
    clerk::finish(window).await?;
    Ok(canaries("person who took it back", &passport).collect())
}

/// From the health card to the question whether the chip may be read.
async fn to_chip(walk: &Walk<'_>, guest: &Guest, passport: &Passport) -> Result<Inserted> {
    let card = clerk::arrive(walk.stage, walk.window, guest).await?;
    chip::choose_record(walk.window).await?;
    walk.window.press(&guest.registration.visit_number).await?;
    clerk::type_dates(walk.window, &passport.birth_date(), &passport.expiry()).await?;
    Ok(card)
}

/// The person would rather read it on paper, and signs there.
async fn agree_on_paper(walk: &mut Walk<'_>) -> Result<()> {
    let (stage, window) = (walk.stage, walk.window);
    let before = stage.printer.documents()?.len();
    chip::print_consent(window).await?;
    wait_until("the consent is printed", PATIENCE, || {
        stage.printer.documents().is_ok_and(|printed| printed.len() > before)
    })?;
    let page = walk.out.join("consent.pdf");
    fs::copy(stage.printer.documents()?.last().context("no page")?, &page)?;
    paper::picture(&page)?;
    let said = paper::text(&page)?;
    for part in ["Ich stimme zu", "Patientenakte", "jederzeit zurücknehmen", "Nachteil", "Unterschrift"] {
        ensure!(said.contains(part), "the printed consent lacks `{part}`: {said}");
    }
    window.look(walk.out, "consent-on-paper").await?;
    chip::agree_signed(window).await?;
    walk.seen(String::from("the consent on paper says the same, and its signature counts as well"));
    Ok(())
}

/// Checks, face without a picture, second look; up to the printed sheet.
async fn by_eye(walk: &Walk<'_>, tray: &mut Tray) -> Result<Sheet> {
    let window = walk.window;
    clerk::document_checks(window).await?;
    ensure!(!window.has(chip::PICTURE).await?, "a picture is shown that nobody may show");
    window.press("1").await?;
    window.screen("second_look").await?;
    clerk::second_look(window, SUPERVISOR).await?;
    reaches_high(window).await?;
    clerk::sign(window).await?;
    window.screen("hand_over").await?;
    tray.letter(&walk.stage.printer)
}

/// The summary says that the highest level is reached.
async fn reaches_high(window: &Window) -> Result<()> {
    window.screen("summary").await?;
    let said = window.text("main .notice--good").await?;
    ensure!(said.contains("Hoch erreicht"), "the summary doesn't say that the level high is reached: {said}");
    Ok(())
}

/// The app redeems the code, and is told what is open now.
async fn opens_the_record(stage: &Stage, window: &Window, guest: &Guest, sheet: &Sheet) -> Result<()> {
    let kvnr = &guest.persona.kvnr;
    ensure!(!stage.service.has_epa(kvnr)?, "the record was open before the code was redeemed");
    let redeemed = guest.is_redeemed(window, sheet).await?;
    ensure!(redeemed.epa && stage.service.has_epa(kvnr)?, "the redeemed code didn't open the record");
    Ok(())
}

/// The letter says what the code opens, and nothing of the document.
fn names_the_record(walk: &mut Walk<'_>, passport: &Passport) -> Result<()> {
    let said = paper::text(&walk.out.join("letter.pdf"))?;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    ensure!(said.contains("elektronische Patientenakte (ePA)"), "the letter doesn't name the record: {said}");
    ensure!(!said.contains(passport.printed_number()), "the letter has the document's number");
    walk.seen(String::from("the letter names the electronic health record, and no document number"));
    Ok(())
}
