//! Which card gives which answer, by its contacts and over the air: one test for each, named so.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use card_sim::{Interface, Persona, catalogue, find};
use egk::EgkReading;
use health_card::{
    answer::in_a_line,
    readers::Readers,
    reading::{TODAY, Wanted, reading},
};
use smartcard::ExtendedLength;

use crate::Test;

/// A card in order: both proofs hold.
const GENUINE: &str = "G2.1, chip valid, certificate valid, chip proven";

/// Cards whose answer is the same by contacts and over the air.
#[rustfmt::skip]
const EITHER_WAY: &[(&str, &str)] = &[
    ("amsel", GENUINE),
    ("buntspecht", GENUINE),
    ("carolinataube", GENUINE),
    ("dohle", GENUINE),
    ("elster", GENUINE),
    ("fasan", GENUINE),
    ("graugans", GENUINE),
    ("habicht", "G2.1, chip valid, certificate valid, chip proven, insurance ended"),
    ("ibis", GENUINE),
    ("junko", "G2.1, chip valid, certificate valid, chip proven, birth date incomplete"),
    ("kiebitz", "G2.1, chip valid, certificate valid, chip proven, birth date incomplete"),
    ("lachmoewe", GENUINE),
    ("mittelspecht", GENUINE),
    ("nachtigall", GENUINE),
    ("ortolan", GENUINE),
    ("pinguin", GENUINE),
    ("zaunkoenig", GENUINE),
    ("amsel-latin9", GENUINE),
    ("amsel-no-address", GENUINE),
    ("amsel-sparse-address", GENUINE),
    ("amsel-no-gvd", GENUINE),
    ("amsel-all-options", GENUINE),
    ("amsel-zero-filled", GENUINE),
    ("full-850", GENUINE),
    ("amsel-prefixed", GENUINE),
    ("amsel-pkv", GENUINE),
    ("amsel-pkv-old", GENUINE),
    ("amsel-transaction-open", "G2.1, chip valid, certificate valid, chip proven, update interrupted"),
    ("bad-length", "no reading: EF.PD is malformed: it is too large"),
    ("bad-gzip", "no reading: EF.PD is malformed: its compressed data is corrupt"),
    ("bad-bomb", "no reading: EF.PD is malformed: it is too large"),
    ("bad-shape", "no reading: EF.PD is malformed: its field Geburtsdatum is wrong"),
    ("bad-xml", "no reading: EF.PD is malformed: its XML is malformed"),
    ("bad-namespace", "no reading: EF.PD is malformed: its XML has another namespace"),
    ("bad-name", "no reading: EF.PD is malformed: its field Nachname is wrong"),
    ("bad-kvnr", "no reading: EF.PD is malformed: the insured person's number has a wrong check digit"),
    ("amsel-g1", "no reading: this is no health card but a health card of generation 1"),
    ("amsel-g3", "G3, chip valid, certificate valid, chip proven"),
    ("amsel-deactivated", "no reading: the card is locked: reading EF.StatusVD gave 6982 (security status not satisfied)"),
    ("amsel-deactivated-readable", "G2.1, chip valid, certificate valid, chip proven, locked by the insurer"),
    ("amsel-short-only", GENUINE),
    ("amsel-get-response", GENUINE),
    ("amsel-lenient", GENUINE),
    ("amsel-leading-zero", GENUINE),
    ("amsel-mute", "no reading: the card did not answer in time"),
    ("amsel-cvc-expired", "G2.1, chip invalid (expired), certificate valid, nothing proven"),
    ("amsel-cvc-not-yet-valid", "G2.1, chip invalid (not yet valid), certificate valid, nothing proven"),
    ("amsel-cvc-forged", "G2.1, chip invalid (signature), certificate valid, nothing proven"),
    ("amsel-cvc-other-card", "G2.1, chip invalid (other card), certificate valid, nothing proven"),
    ("amsel-cvc-unknown-root", "G2.1, chip not verifiable (unknown issuer), certificate valid, data proven"),
    ("amsel-cvc-production-root", "G2.1, chip invalid (signature), certificate valid, nothing proven"),
    ("amsel-clone", "G2.1, chip invalid (challenge failed), certificate valid, nothing proven"),
    ("amsel-x509-other-kvnr", "G2.1, chip valid, certificate invalid (other person), nothing proven"),
    ("amsel-x509-other-ik", "G2.1, chip valid, certificate invalid (other insurer), nothing proven"),
    ("amsel-x509-expired", "G2.1, chip valid, certificate invalid (expired), nothing proven"),
    ("amsel-x509-unknown-ca", "G2.1, chip valid, certificate not verifiable (unknown issuer), chip proven"),
    ("amsel-no-x509", "G2.1, chip valid, certificate not supported (no certificate), chip proven"),
    ("amsel-both-x509", GENUINE),
    ("amsel-pin-transport", GENUINE),
    ("amsel-pin-empty", GENUINE),
    ("amsel-pin-disabled", GENUINE),
    ("amsel-pin-last-try", GENUINE),
    ("amsel-pin-blocked", GENUINE),
];

/// Cards whose answer depends on how they are read, or that are made for one way only.
#[rustfmt::skip]
const ONE_WAY: &[(&str, Interface, &str)] = &[
    ("amsel-g2", Interface::Contact, "G2, chip valid, certificate valid, chip proven, not readable over the air"),
    ("amsel-g2", Interface::Contactless, "no reading: the card can't be read over the air"),
    ("hba", Interface::Contact, "no reading: this is no health card but a health professional's card"),
    ("smc-b", Interface::Contact, "no reading: this is no health card but an institution's card"),
    ("passport", Interface::Contactless, "no reading: this is no health card but a travel document or identity card"),
    ("upside-down", Interface::Contact, "no reading: the card does not answer"),
    ("garbage-atr", Interface::Contact, "no reading: the card does not answer"),
    ("kvk", Interface::Contact, "no reading: the card does not answer"),
];

/// Over the air without the card access number, or with another.
#[rustfmt::skip]
const NUMBERS: &[(&str, &str, &str)] = &[
    ("amsel", "", "no reading: the card access number is needed"),
    ("amsel", "000000", "no reading: the card access number is wrong"),
    ("zaunkoenig", "123123", "no reading: the card access number is wrong"),
    ("amsel-g2", "", "no reading: the card can't be read over the air"),
    ("hba", "", "no reading: this is no health card but a health professional's card"),
];

/// The card that never answers isn't waited for any longer than this.
const DEADLINE_OF_MUTE: Duration = Duration::from_secs(2);

pub(crate) fn tests() -> Vec<Test> {
    let every_card = Test::new("every card of the catalogue has its answer", |_| has_every_card());
    let both = [Interface::Contact, Interface::Contactless];
    let either_way =
        EITHER_WAY.iter().flat_map(|(card, line)| both.map(|interface| (*card, interface, *line)));
    let answers = either_way.chain(ONE_WAY.iter().copied()).map(|(card, interface, line)| {
        let how = if interface == Interface::Contact { "by contacts" } else { "over the air" };
        Test::new(format!("{card} {how}: {line}"), move |readers| answers(readers, card, interface, line))
    });
    let numbers = NUMBERS.iter().map(|(card, can, line)| {
        let number = if can.is_empty() { "without a number" } else { "with another number" };
        Test::new(format!("{card} over the air {number}: {line}"), |readers| {
            refuses(readers, card, can, line)
        })
    });
    [every_card].into_iter().chain(answers).chain(numbers).collect()
}

fn has_every_card() -> Result<()> {
    let others = catalogue().iter().filter(|entry| entry.travel_document(TODAY).is_none());
    let mut known: Vec<_> = others.map(|entry| entry.name).collect();
    let one_way = ONE_WAY.iter().map(|(card, ..)| *card);
    let mut listed: Vec<_> = EITHER_WAY.iter().map(|(card, _)| *card).chain(one_way).collect();
    known.sort_unstable();
    listed.sort_unstable();
    listed.dedup();
    ensure!(listed == known, "{listed:#?} isn't {known:#?}");
    Ok(())
}

/// Reads the card in either length form.
fn answers(readers: &Readers, name: &str, interface: Interface, line: &str) -> Result<()> {
    let entry = find(name).context("no such card")?;
    let health_card = entry.health_card(TODAY);
    let can = health_card.as_ref().map_or("", |card| card.can.as_str());
    let mut wanted = Wanted::of(interface, can);
    let reader = readers.take();
    let _card = reader.insert(entry.card(TODAY).over(interface))?;
    let mut forms = vec![ExtendedLength::No, ExtendedLength::Yes];
    if name == "amsel-mute" {
        wanted.deadline = DEADLINE_OF_MUTE;
        // It hangs for good.
        forms.truncate(1);
    }
    for form in forms {
        let answer = reading(&reader.session(form)?, &wanted);
        let heard = in_a_line(&answer);
        ensure!(heard == line, "{heard}");
        if let (Ok(reading), Some(health_card)) = (answer, &health_card) {
            ensure!(reading.secure_messaging == (interface == Interface::Contactless));
            is_of(&reading, &health_card.persona)?;
        }
    }
    Ok(())
}

fn refuses(readers: &Readers, name: &str, can: &str, line: &str) -> Result<()> {
    let interface = Interface::Contactless;
    let can = (!can.is_empty()).then(|| can.to_owned());
    let reader = readers.take();
    let _card = reader.insert(find(name).context("no such card")?.card(TODAY).over(interface))?;
    let wanted = Wanted { can, ..Wanted::of(interface, "") };
    let heard = in_a_line(&reading(&reader.session(ExtendedLength::Untried)?, &wanted));
    ensure!(heard == line, "{heard}");
    Ok(())
}

/// Whether the reading tells of this person.
fn is_of(reading: &EgkReading, persona: &Persona) -> Result<()> {
    let (person, insurance) = (&reading.person, &reading.insurance);
    let read = [
        reading.iccsn.as_str().to_owned(),
        person.kvnr.as_str().to_owned(),
        person.name.family_name.to_string(),
        person.name.given_names.to_string(),
        person.birth_date.to_iso().replace('-', ""),
        insurance.insurer.ik.to_string(),
        insurance.insurer.name.to_string(),
    ];
    let on_card = [
        &persona.iccsn,
        &persona.kvnr,
        &persona.family_name,
        &persona.given_names,
        &persona.birth_date,
        &persona.insurer.ik,
        &persona.insurer.name,
    ];
    ensure!(read.iter().eq(on_card), "{read:?}, not {on_card:?}");
    ensure!((insurance.valid_from, insurance.valid_until) == (persona.valid_from, persona.valid_until));
    Ok(())
}
