//! Which card gives which answer.

use std::thread;

use anyhow::{Context as _, Result, ensure};
#[cfg(feature = "workshop")]
use card_sim::catalogue;
use card_sim::{Interface, find};
use serde_json::Value;
use workshop::pcscd::READERS;

use crate::support::{Ran, insert_card, pull, run_with_input, text, today, trust_folder, with_pcscd};

/// A card in order: both proofs hold.
#[cfg(feature = "workshop")]
const GENUINE: &str = "egk G2.1: valid (chip valid, certificate valid)";
/// A file that can't be read.
#[cfg(feature = "workshop")]
const UNREADABLE: &str = "error card_unreadable EF.PD, exit 6";

/// Cards whose answer is the same with contacts and over the air.
#[cfg(feature = "workshop")]
#[rustfmt::skip]
const EITHER_WAY: &[(&str, &str)] = &[
    ("amsel", GENUINE),
    ("buntspecht", GENUINE),
    ("carolinataube", GENUINE),
    ("dohle", GENUINE),
    ("elster", GENUINE),
    ("fasan", GENUINE),
    ("graugans", GENUINE),
    ("habicht", "egk G2.1: valid (chip valid, certificate valid), insurance_ended"),
    ("ibis", GENUINE),
    ("junko", "egk G2.1: valid (chip valid, certificate valid), birth_date_incomplete"),
    ("kiebitz", "egk G2.1: valid (chip valid, certificate valid), birth_date_incomplete"),
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
    ("amsel-transaction-open", "egk G2.1: valid (chip valid, certificate valid), transaction_open"),
    ("bad-length", UNREADABLE),
    ("bad-gzip", UNREADABLE),
    ("bad-bomb", UNREADABLE),
    ("bad-shape", UNREADABLE),
    ("bad-xml", UNREADABLE),
    ("bad-namespace", UNREADABLE),
    ("bad-name", UNREADABLE),
    ("bad-kvnr", "error card_number_wrong, exit 6"),
    ("amsel-g1", "error not_a_health_card egk_g1, exit 5"),
    ("amsel-g3", "egk G3: valid (chip valid, certificate valid)"),
    ("amsel-deactivated", "error card_locked, exit 6"),
    ("amsel-deactivated-readable", "egk G2.1: valid (chip valid, certificate valid), application_deactivated"),
    ("amsel-short-only", GENUINE),
    ("amsel-get-response", GENUINE),
    ("amsel-lenient", GENUINE),
    ("amsel-leading-zero", GENUINE),
    ("amsel-mute", "error card_timeout, exit 8"),
    ("amsel-cvc-expired", "egk G2.1: invalid/expired (chip invalid/expired, certificate valid), exit 40"),
    ("amsel-cvc-not-yet-valid", "egk G2.1: invalid/not_yet_valid (chip invalid/not_yet_valid, certificate valid), exit 40"),
    ("amsel-cvc-forged", "egk G2.1: invalid/signature (chip invalid/signature, certificate valid), exit 40"),
    ("amsel-cvc-other-card", "egk G2.1: invalid/other_card (chip invalid/other_card, certificate valid), exit 40"),
    ("amsel-cvc-unknown-root", "egk G2.1: not_verifiable/unknown_issuer (chip not_verifiable/unknown_issuer, certificate valid)"),
    ("amsel-cvc-production-root", "egk G2.1: invalid/signature (chip invalid/signature, certificate valid), exit 40"),
    ("amsel-clone", "egk G2.1: invalid/challenge_failed (chip invalid/challenge_failed, certificate valid), exit 40"),
    ("amsel-x509-other-kvnr", "egk G2.1: invalid/other_person (chip valid, certificate invalid/other_person), exit 40"),
    ("amsel-x509-other-ik", "egk G2.1: invalid/other_insurer (chip valid, certificate invalid/other_insurer), exit 40"),
    ("amsel-x509-expired", "egk G2.1: invalid/expired (chip valid, certificate invalid/expired), exit 40"),
    ("amsel-x509-unknown-ca", "egk G2.1: valid (chip valid, certificate not_verifiable/unknown_issuer)"),
    ("amsel-no-x509", "egk G2.1: valid (chip valid, certificate not_supported/no_certificate)"),
    ("amsel-both-x509", GENUINE),
    ("amsel-pin-transport", GENUINE),
    ("amsel-pin-empty", GENUINE),
    ("amsel-pin-disabled", GENUINE),
    ("amsel-pin-last-try", GENUINE),
    ("amsel-pin-blocked", GENUINE),
];

/// A card that isn't read alike: the answer with contacts, then over the air.
#[cfg(feature = "workshop")]
const EACH_ITS_OWN: (&str, &str, &str) =
    ("amsel-g2", "egk G2: valid (chip valid, certificate valid)", "error card_needs_contacts, exit 6");

/// What a build for workstations makes of cards whose roots are for tests: none passes. What a card's files contradict
/// comes first; cardholders' certificates have no authority here, for the one in the folder is for tests, too.
#[cfg(not(feature = "workshop"))]
#[rustfmt::skip]
const AT_A_WORKSTATION: &[(&str, &str)] = &[
    ("amsel", "egk G2.1: invalid/test_card (chip invalid/test_card, certificate not_verifiable/no_trust_store), exit 40"),
    ("amsel-clone", "egk G2.1: invalid/test_card (chip invalid/test_card, certificate not_verifiable/no_trust_store), exit 40"),
    ("amsel-cvc-expired", "egk G2.1: invalid/test_card (chip invalid/test_card, certificate not_verifiable/no_trust_store), exit 40"),
    ("amsel-cvc-unknown-root", "egk G2.1: invalid/test_card (chip invalid/test_card, certificate not_verifiable/no_trust_store), exit 40"),
    ("amsel-cvc-forged", "egk G2.1: invalid/signature (chip invalid/signature, certificate not_verifiable/no_trust_store), exit 40"),
    ("amsel-cvc-other-card", "egk G2.1: invalid/other_card (chip invalid/other_card, certificate not_verifiable/no_trust_store), exit 40"),
    ("amsel-cvc-production-root", "egk G2.1: invalid/signature (chip invalid/signature, certificate not_verifiable/no_trust_store), exit 40"),
    ("amsel-no-x509", "egk G2.1: invalid/test_card (chip invalid/test_card, certificate not_supported/no_certificate), exit 40"),
    ("bad-kvnr", "error card_number_wrong, exit 6"),
    ("amsel-x509-other-kvnr", "egk G2.1: invalid/test_card (chip invalid/test_card, certificate invalid/other_person), exit 40"),
];

/// The answer in a line: kind, generation, authenticity (its two parts), warnings; the exit code unless it is 0.
fn in_a_line(ran: &Ran) -> Result<String> {
    let json = ran.json()?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let error = &json["error"];
    let mut line = if error.is_object() {
        let params = error["params"].as_object().into_iter().flat_map(|params| params.values());
        let words = params.fold(text(&error["code"]), |words, param| format!("{words} {}", text(param)));
        format!("error {words}")
    } else {
        let proof = |name: &str| {
            let parts = ["result", "reason"].map(|part| text(&json[name][part]));
            parts.join("/").trim_end_matches('/').to_owned()
        };
        let [all, chip, certificate] = ["authenticity", "chip", "certificate"].map(proof);
        let head = format!("{} {}", text(&json["kind"]), text(&json["generation"]));
        let warnings = json["warnings"].as_array().into_iter().flatten();
        let warnings: String = warnings.map(|warning| format!(", {}", text(warning))).collect();
        format!("{head}: {all} (chip {chip}, certificate {certificate}){warnings}")
    };
    if ran.code != Some(0) {
        line += &format!(", exit {}", ran.code.context("ended by a signal")?);
    }
    Ok(line)
}

/// What the card in this slot gives, read as `interface` has it.
fn answer(slot: usize, name: &str, interface: Interface, trust: &str) -> Result<String> {
    let health_card = find(name).and_then(|entry| entry.health_card(today())).context("no such card")?;
    let inserted = insert_card(slot, health_card.card().over(interface))?;
    let arguments = ["card", "read", "--json", "--reader", READERS[slot], "--trust", trust, "--can", "-"];
    let ran = run_with_input(&arguments, health_card.can.as_bytes())?;
    let json = ran.json()?;
    if json["error"].is_null() {
        let access = if interface == Interface::Contact { "none" } else { "pace" };
        ensure!(json["access"] == access, "{name}: {json}");
        ensure!(json["apdus"] == inserted.apdus(), "{name}: {json}");
    }
    pull(slot, inserted)?;
    in_a_line(&ran)
}

/// Holds the answers against a table, with both readers at once.
fn check(interface: Interface, table: &[(&str, &str)]) -> Result<()> {
    let folder = trust_folder()?;
    let trust = text(folder.path())?;
    let half = |slot: usize| -> Result<Vec<String>> {
        let rows = table.iter().skip(slot).step_by(2);
        let answers =
            rows.map(|(name, expected)| Ok((name, expected, answer(slot, name, interface, trust)?)));
        let wrong =
            answers.filter(|it| it.as_ref().map_or(true, |(_, expected, answer)| *expected != answer));
        wrong
            .map(|it| it.map(|(name, expected, answer)| format!("{name}: {answer}, not {expected}")))
            .collect()
    };
    let wrong = thread::scope(|scope| {
        let halves = [0, 1].map(|slot| scope.spawn(move || half(slot)));
        halves.map(|half| half.join().unwrap_or_else(|_| anyhow::bail!("a reader's thread panicked")))
    });
    let wrong = wrong.into_iter().collect::<Result<Vec<_>>>()?.concat();
    ensure!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[cfg(feature = "workshop")]
#[test]
fn the_table_of_answers_has_every_health_card_that_can_be_inserted() {
    let known =
        catalogue().iter().filter(|entry| entry.health_card(today()).is_some()).map(|entry| entry.name);
    let mut known: Vec<_> = known.collect();
    let mut listed: Vec<_> = EITHER_WAY.iter().map(|(name, _)| *name).chain([EACH_ITS_OWN.0]).collect();
    known.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, known);
}

#[cfg(feature = "workshop")]
#[test]
fn every_health_card_gives_its_answer_with_contacts() -> Result<()> {
    with_pcscd("answers::every_health_card_gives_its_answer_with_contacts", |_| {
        let (name, contacts, _) = EACH_ITS_OWN;
        check(Interface::Contact, &[EITHER_WAY, &[(name, contacts)]].concat())
    })
}

#[cfg(feature = "workshop")]
#[test]
fn every_health_card_gives_its_answer_over_the_air() -> Result<()> {
    with_pcscd("answers::every_health_card_gives_its_answer_over_the_air", |_| {
        let (name, _, air) = EACH_ITS_OWN;
        check(Interface::Contactless, &[EITHER_WAY, &[(name, air)]].concat())
    })
}

#[cfg(not(feature = "workshop"))]
#[test]
fn no_simulated_card_passes_at_a_workstation() -> Result<()> {
    with_pcscd("answers::no_simulated_card_passes_at_a_workstation", |_| {
        check(Interface::Contact, AT_A_WORKSTATION)?;
        check(Interface::Contactless, AT_A_WORKSTATION)
    })
}
