//! What is told of a person: everything in a workshop build, nothing in any other.

use anyhow::{Context, Result};
use card_sim::Persona;

use crate::support::{insert, pull, run, today, with_pcscd};

/// Names and numbers of a persona that no other word in the output holds.
fn traces_of(persona: &Persona) -> Vec<String> {
    let iso = |date: jiff::civil::Date| date.to_string();
    let parts =
        [Some(&persona.kvnr), Some(&persona.iccsn), Some(&persona.family_name), Some(&persona.given_names)];
    let mut traces: Vec<String> = parts.into_iter().flatten().cloned().collect();
    traces.extend([persona.insurer.ik.clone(), persona.insurer.name.clone()]);
    traces.push(birth_date(persona));
    traces.push(iso(persona.valid_from));
    traces
}

/// `YYYY-MM-DD`.
fn birth_date(persona: &Persona) -> String {
    let [year, month, day] = [0..4, 4..6, 6..8].map(|part| &persona.birth_date[part]);
    format!("{year}-{month}-{day}")
}

#[test]
fn a_build_for_workstations_tells_nothing_of_the_person_and_a_workshop_build_does() -> Result<()> {
    with_pcscd(
        "personal::a_build_for_workstations_tells_nothing_of_the_person_and_a_workshop_build_does",
        |_| {
            for name in ["amsel", "buntspecht", "kiebitz"] {
                let card = insert(0, name)?;
                let persona =
                    card_sim::find(name).and_then(|card| card.persona(today())).context("no persona")?;
                let json = run(&["card", "read", "--json"])?;
                let runs = [
                    &["card", "read"][..],
                    &["card", "read", "--lang", "en"],
                    &["readers"],
                    &["doctor", "--json"],
                ];
                let others = runs.into_iter().map(run).collect::<Result<Vec<_>>>()?;
                let said: String =
                    others.iter().chain([&json]).flat_map(|ran| [&*ran.out, &*ran.err]).collect();
                let street = persona.street.as_ref().and_then(|address| address.street.as_deref());
                if let Some(street) = street.filter(|_| !cfg!(feature = "workshop")) {
                    assert!(!json.out.contains(street) && !said.contains(street), "{street} in {said}");
                }
                for trace in traces_of(&persona) {
                    assert_eq!(
                        json.out.contains(&trace),
                        cfg!(feature = "workshop"),
                        "{trace} in {}",
                        json.out
                    );
                    assert_eq!(said.contains(&trace), cfg!(feature = "workshop"), "{trace} in {said}");
                }
                pull(0, card)?;
            }
            Ok(())
        },
    )
}

#[cfg(not(feature = "workshop"))]
#[test]
fn a_build_for_workstations_prints_just_these_fields_and_knows_no_trace() -> Result<()> {
    with_pcscd("personal::a_build_for_workstations_prints_just_these_fields_and_knows_no_trace", |_| {
        let _card = insert(0, "amsel")?;
        let read = run(&["card", "read", "--json"])?.json()?;
        let mut fields: Vec<_> = read.as_object().into_iter().flat_map(|object| object.keys()).collect();
        // Their order depends on how the JSON library was built for the rest of the workspace.
        fields.sort();
        let expected = [
            "access",
            "apdus",
            "authenticity",
            "certificate",
            "chip",
            "contactless",
            "elapsed_ms",
            "generation",
            "interface",
            "kind",
            "locked",
            "proof_level",
            "transaction_open",
            "validity",
            "warnings",
        ];
        assert_eq!(fields, expected);
        let trace = run(&["card", "read", "--json", "--trace", "/dev/null"])?;
        assert_eq!(trace.error()?, ("usage".to_owned(), Some(2)));
        Ok(())
    })
}

#[cfg(feature = "workshop")]
mod in_a_workshop {
    use std::{fs, os::unix::fs::PermissionsExt};

    use card_sim::{
        catalogue,
        persona::{Insurer, PoBox, Street},
    };
    use egk::{Check, Request, TrustStore};
    use serde_json::{Value, json};
    use smartcard::{
        Entropy, NoEntropy,
        transcript::{Replay, Transcript},
    };

    use super::*;

    fn insurer(insurer: &Insurer) -> Value {
        json!({ "name": insurer.name, "ik": insurer.ik, "country": "D" })
    }

    fn post_box(address: &PoBox) -> Value {
        let PoBox { postal_code, place, number, country } = address;
        json!({ "postal_code": postal_code, "town": place, "country": country, "post_box": number })
    }

    fn street(address: &Street) -> Value {
        let Street { postal_code, place, country, street, house_number, supplement } = address;
        json!({
            "postal_code": postal_code,
            "town": place,
            "country": country,
            "street": street,
            "house_number": house_number,
            "supplement": supplement,
        })
    }

    /// How a statutory insurer's card tells of the insurance. Schema_VSD.xsd quotes the regions' names.
    fn statutory(persona: &Persona) -> Value {
        let insured_type = match persona.insured_kind {
            '1' => "member",
            '3' => "family",
            _ => "pensioner",
        };
        let reimbursement = persona.reimbursement.map(|it| {
            json!({
                "medical_care": it.medical,
                "dental_care": it.dental,
                "hospital_care": it.inpatient,
                "prescribed_services": it.prescribed,
            })
        });
        json!({
            "billing_insurer": persona.billing_insurer.as_ref().map(insurer),
            "branch": "statutory",
            "insured_type": insured_type,
            "region": { "code": persona.region, "name": egk::Region::parse(&persona.region).and_then(|it| it.name()) },
            "reimbursement": reimbursement,
        })
    }

    /// What `PrivateTariff::full` means (Schema_VSD_PKV.xsd 1.0.0).
    fn private() -> Value {
        json!({
            "billing_insurer": null,
            "branch": "private",
            "tariff": "individual",
            "entitled_to_aid": true,
            "fund": null,
            "hospital": {
                "clinic_card": true,
                "rooms": [
                    { "room": "single", "euros_per_day": 250, "percent": null },
                    { "room": "double", "euros_per_day": null, "percent": 100 },
                ],
                "treatment": { "treatment": "head_physician", "percent": 100 },
                "general_percent": 100,
            },
        })
    }

    /// All fields of the person as the output should have them.
    fn expected(persona: &Persona) -> Value {
        let sex = match persona.sex {
            'M' => "male",
            'W' => "female",
            'X' => "indeterminate",
            _ => "diverse",
        };
        json!({
            "kvnr": persona.kvnr,
            "iccsn": persona.iccsn,
            "insurer": insurer(&persona.insurer),
            "insurance": if persona.private_tariff.is_some() { private() } else { statutory(persona) },
            "person": {
                "family_name": persona.family_name,
                "given_names": persona.given_names,
                "title": persona.title,
                "name_prefix": persona.name_prefix,
                "name_suffix": persona.name_suffix,
                "birth_date": birth_date(persona),
                "sex": sex,
                "post_box_address": persona.po_box.as_ref().map(post_box),
                "street_address": persona.street.as_ref().map(street),
            },
            "valid_from": persona.valid_from.to_string(),
            "valid_until": persona.valid_until.map(|date| date.to_string()),
        })
    }

    #[test]
    fn every_field_of_every_readable_card_is_right() -> Result<()> {
        with_pcscd("personal::in_a_workshop::every_field_of_every_readable_card_is_right", |_| {
            let unreadable = ["amsel-mute", "amsel-deactivated", "amsel-g1"];
            let readable = catalogue()
                .iter()
                .filter(|entry| !entry.name.starts_with("bad-") && !unreadable.contains(&entry.name));
            let mut count = 0;
            for (entry, slot) in readable.zip([0, 1].into_iter().cycle()) {
                let Some(persona) = entry.persona(today()) else { continue };
                let card = insert(slot, entry.name)?;
                let reader = workshop::pcscd::READERS[slot];
                let ran = run(&["card", "read", "--json", "--reader", reader])?;
                let read = ran.json()?;
                let name = entry.name;
                let mut expected = expected(&persona);
                let health_card = entry.health_card(today()).context("no health card")?;
                expected["data_status"] = json!({
                    "transaction_open": health_card.transaction_open,
                    "updated": health_card.updated.to_string(),
                    "schema_version": "5.2.0",
                });
                for (field, value) in expected.as_object().into_iter().flatten() {
                    assert_eq!(&read[field], value, "{name}: {field}");
                }
                assert_eq!(read["apdus"], card.apdus(), "{name}");
                println!("{name}: {} ms, {} APDUs", read["elapsed_ms"], read["apdus"]);
                count += 1;
                pull(slot, card)?;
            }
            assert!(count >= 25, "only {count} cards were read");
            Ok(())
        })
    }

    /// The challenge that was put to the chip.
    struct Recorded(Vec<u8>);

    impl Entropy for Recorded {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
            if self.0.len() != bytes.len() {
                return Err(NoEntropy);
            }
            bytes.copy_from_slice(&std::mem::take(&mut self.0));
            Ok(())
        }
    }

    /// The INTERNAL AUTHENTICATE of a transcript.
    fn challenge(transcript: &str) -> Result<Vec<u8>> {
        let exchanges = transcript.lines().map(serde_json::from_str::<Value>);
        let exchange = exchanges.filter_map(Result::ok).find(|it| it["command"]["header"] == "00880000");
        let exchange = exchange.context("no challenge")?;
        Ok(hex::decode(exchange["command"]["data"].as_str().context("no data")?)?)
    }

    #[test]
    fn a_trace_replays_to_the_same_reading_and_is_for_its_owner_alone() -> Result<()> {
        with_pcscd(
            "personal::in_a_workshop::a_trace_replays_to_the_same_reading_and_is_for_its_owner_alone",
            |_| {
                let card = insert(0, "buntspecht")?;
                let folder = tempfile::tempdir()?;
                let path = folder.path().join("buntspecht.jsonl");
                let read =
                    run(&["card", "read", "--json", "--trace", path.to_str().context("no path")?])?.json()?;
                let recorded = fs::read_to_string(&path)?;
                let transcript = Transcript::parse(&recorded)?;
                assert_eq!(transcript.len(), card.apdus());
                let trust = TrustStore::production();
                let request =
                    Request { check: Some(Check { trust: &trust, today: today() }), ..Request::default() };
                let mut replay = Replay::new(transcript)?;
                let mut entropy = Recorded(challenge(&recorded)?);
                let reading = egk::read(&mut replay, &request, &mut entropy, &mut |_| {})?;
                replay.finish()?;
                assert_eq!(read["kvnr"], reading.person.kvnr.as_str());
                assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
                Ok(())
            },
        )
    }

    #[test]
    fn a_trace_that_cannot_be_written_is_an_error_before_the_card_is_read() -> Result<()> {
        with_pcscd(
            "personal::in_a_workshop::a_trace_that_cannot_be_written_is_an_error_before_the_card_is_read",
            |_| {
                let card = insert(0, "amsel")?;
                let ran = run(&["card", "read", "--json", "--trace", "/nowhere/at/all"])?;
                assert_eq!(ran.error()?, ("not_written".to_owned(), Some(1)));
                assert_eq!(card.apdus(), 0);
                Ok(())
            },
        )
    }

    #[test]
    fn a_workshop_build_says_so_whenever_it_speaks_to_a_person() -> Result<()> {
        with_pcscd("personal::in_a_workshop::a_workshop_build_says_so_whenever_it_speaks_to_a_person", |_| {
            assert!(run(&["readers"])?.err.contains("Werkstatt-Fassung"));
            assert!(run(&["readers", "--json"])?.err.is_empty());
            Ok(())
        })
    }
}
