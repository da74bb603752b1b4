//! People who aren't whom their papers name, and papers that don't do.

use anyhow::{Context, Result, ensure};
use card_sim::{Inserted, Persona, Slot, egk::HealthCard};
use jiff::civil::Date;
use thirtyfour::Key;
use workshop::pcscd::PORTS;

use super::Troubles;
use crate::{
    Stage, Window,
    clerk::{self, Guest},
    steps::{BIRTH_DATE, EXPIRY, with_check_digit},
};

/// Whose papers they are.
const GUEST: &str = "carolinataube";
/// Somebody else, with another visit number.
const OTHER: &str = "graugans";

pub(super) async fn walk(stage: &Stage, window: &Window, seen: &mut Troubles) -> Result<()> {
    let guest = Guest::register(stage, GUEST).await?;
    card_of_another_person(stage, window, &guest, seen).await?;

    let card = clerk::arrive(stage, window, &guest).await?;
    visit_number(stage, window, &guest, seen).await?;
    birth_date(window, &guest, seen).await?;
    expiry(window, stage.today, seen).await?;
    name(window, seen).await?;
    drop(card);
    window.until("[data-reader=ready]").await?;

    let card = clerk::arrive(stage, window, &guest).await?;
    clerk::visit_number(window, &guest).await?;
    clerk::document(stage, window, &guest).await?;
    face(window, seen).await?;
    drop(card);
    window.until("[data-reader=ready]").await?;

    let card = clerk::arrive(stage, window, &guest).await?;
    clerk::visit_number(window, &guest).await?;
    window.focus_within("input").await?;
    window.press(&with_check_digit("790612")).await?;
    clerk::refuse(window).await?;
    drop(card);
    window.until("[data-reader=ready]").await
}

/// The insurer knows the number under another name, or another birth date.
async fn card_of_another_person(
    stage: &Stage,
    window: &Window,
    guest: &Guest,
    seen: &mut Troubles,
) -> Result<()> {
    let named = Persona { family_name: String::from("Kormoran"), ..guest.persona.clone() };
    let born = Persona { birth_date: String::from("19790612"), ..guest.persona.clone() };
    for (persona, what) in [(named, "another name on the card"), (born, "another birth date on the card")] {
        let card = insert(stage, persona)?;
        seen.error(window, what, "data_mismatch").await?;
        drop(card);
        window.until("[data-reader=ready]").await?;
    }
    Ok(())
}

fn insert(stage: &Stage, persona: Persona) -> Result<Inserted> {
    let [port, _] = PORTS;
    Ok(Slot::insert(port, HealthCard::new(persona, stage.today).card())?)
}

async fn visit_number(stage: &Stage, window: &Window, guest: &Guest, seen: &mut Troubles) -> Result<()> {
    let other = Guest::register(stage, OTHER).await?;
    window.focus_within("input").await?;
    window.press(&other.registration.visit_number).await?;
    seen.told(window, "visit number of another person", "visit_number", ".field__problem").await?;
    select(window).await?;
    clerk::visit_number(window, guest).await
}

async fn birth_date(window: &Window, guest: &Guest, seen: &mut Troubles) -> Result<()> {
    window.focus_within("input").await?;
    window.press(&misread(&guest.birth_date()?)?).await?;
    at(window, BIRTH_DATE, EXPIRY, "wrong check digit of the birth date", seen).await?;
    select(window).await?;
    window.press(&with_check_digit("790612")).await?;
    at(window, BIRTH_DATE, EXPIRY, "another birth date in the document", seen).await?;
    window.until(".foot .action--danger").await?;
    select(window).await?;
    window.press(&guest.birth_date()?).await?;
    window.until(&format!("{BIRTH_DATE} .field__praise")).await
}

async fn expiry(window: &Window, today: Date, seen: &mut Troubles) -> Result<()> {
    window.focus_within(&format!("{EXPIRY} input")).await?;
    window.press(&misread(&clerk::valid(today))?).await?;
    at(window, EXPIRY, BIRTH_DATE, "wrong check digit of the expiry", seen).await?;
    select(window).await?;
    window.press(&clerk::mrz_date(today.yesterday()?)).await?;
    at(window, EXPIRY, BIRTH_DATE, "document expired yesterday", seen).await?;
    // This is a reason to end the visit; the dates may have been misread as well.
    window.until(".foot .action--danger").await?;
    select(window).await?;
    window.press(&clerk::mrz_date(today)).await?;
    window.until(&format!("{EXPIRY} .field__praise")).await?;
    println!("document valid until today → {}", window.text(&format!("{EXPIRY} .field__praise")).await?);
    Ok(())
}

/// Another name in the document ends the visit with a refusal.
async fn name(window: &Window, seen: &mut Troubles) -> Result<()> {
    let rows = window.count("[data-answer]").await?;
    clerk::checks(window, rows - 1).await?;
    window.chord(Key::Shift, Key::F9).await?;
    window.until("dialog[open]").await?;
    window.click("dialog .action--danger").await?;
    seen.error(window, "another name in the document", "identity_not_established").await?;
    clerk::refuse(window).await
}

async fn face(window: &Window, seen: &mut Troubles) -> Result<()> {
    window.press("3").await?;
    window.press_key(Key::Enter).await?;
    seen.error(window, "another face", "identity_not_established").await?;
    clerk::refuse(window).await
}

/// The problem stands at the one field and not at the other.
async fn at(window: &Window, field: &str, other: &str, what: &str, seen: &mut Troubles) -> Result<()> {
    let name = if field == EXPIRY { "expiry_date" } else { "birth_date" };
    seen.told(window, what, name, &format!("{field} .field__problem")).await?;
    let elsewhere = window.count(&format!("{other} .field__problem")).await?;
    ensure!(elsewhere == 0, "{what} is told at the other field as well");
    Ok(())
}

/// What is typed next takes the place of what stands there.
async fn select(window: &Window) -> Result<()> {
    window.chord(Key::Control, "a").await
}

/// With the next digit in place of the check digit.
fn misread(digits: &str) -> Result<String> {
    let (date, check) = digits.split_at_checked(6).context("no date")?;
    let check: u32 = check.parse()?;
    Ok(format!("{date}{}", (check + 1) % 10))
}
