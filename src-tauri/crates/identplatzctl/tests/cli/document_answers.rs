//! Which travel document gives which answer.

use std::thread;

use anyhow::{Context as _, Result, ensure};
use card_sim::{catalogue, find};
use serde_json::Value;
use workshop::pcscd::READERS;

use crate::support::{Ran, card, insert_card, pull, run_with_input, text, today, trust_folder, with_pcscd};

/// A passport in order, whose chip shows that it is no copy.
const GENUINE: &str = "passport pace: valid (chip valid, active not_verifiable/not_asked)";
/// Genuine data in a chip that has nothing to show that it is no copy.
const CLONEABLE: &str =
    "passport pace: valid (chip not_supported/not_offered, active not_supported/not_offered)";
/// Genuine, by the older protocol.
const ACTIVE: &str = "passport pace: valid (chip not_supported/not_offered, active valid)";
/// A Personalausweis in order.
const ID_CARD: &str = "id_card pace: valid (chip valid, active not_verifiable/not_asked)";
/// A residence permit in order.
const PERMIT: &str = "residence_permit pace: valid (chip valid, active not_verifiable/not_asked)";

/// Documents whose proofs are the same in all builds. Warnings are a workshop's: in others nothing of DG1 leaves the reading.
#[rustfmt::skip]
const ANSWERS: &[(&str, &str)] = &[
    ("passport-amsel", GENUINE),
    ("passport-lachmoewe", GENUINE),
    ("refugee-document", GENUINE),
    ("passport-austria", GENUINE),
    ("passport-luxembourg", GENUINE),
    ("passport-switzerland", GENUINE),
    ("passport-without-mapping", GENUINE),
    ("passport-dh", GENUINE),
    ("passport-brainpool-512", GENUINE),
    ("passport-chip-key-only", GENUINE),
    ("passport-numbered-chip-key", GENUINE),
    // Nothing shows that it was signed while SHA-1 still counted.
    ("passport-sha-1", "passport pace: not_verifiable/unknown_algorithm (chip not_verifiable/passive_authentication, active not_verifiable/not_asked)"),
    ("passport-sha-512", GENUINE),
    ("passport-explicit", GENUINE),
    ("passport-former-authority", GENUINE),
    ("passport-signer-expired", GENUINE),
    ("passport-face-reported", GENUINE),
    ("passport-signing-time", GENUINE),
    ("passport-lds-v0", GENUINE),
    ("passport-names-key", GENUINE),
    ("passport-no-ef-com", GENUINE),
    ("passport-poor-ef-com", GENUINE),
    ("passport-jpeg", GENUINE),
    ("passport-codestream", GENUINE),
    ("passport-new-face-record", GENUINE),
    ("passport-large-face", GENUINE),
    ("passport-short-only", GENUINE),
    ("passport-6ce7", GENUINE),
    ("passport-6700", GENUINE),
    ("passport-6282", GENUINE),
    ("passport-less", GENUINE),
    ("passport-no-master-file", GENUINE),
    ("passport-endless-card-access", GENUINE),
    ("passport-france", CLONEABLE),
    ("passport-poland", CLONEABLE),
    ("passport-kosovo", CLONEABLE),
    ("passport-integrated", CLONEABLE),
    ("passport-dh-integrated", CLONEABLE),
    ("passport-pace-3des", CLONEABLE),
    ("passport-many-parameters", CLONEABLE),
    ("passport-belgium", ACTIVE),
    ("passport-new-zealand", ACTIVE),
    ("passport-active-2048", ACTIVE),
    ("passport-active-p384", ACTIVE),
    ("id-card-amsel", ID_CARD),
    ("id-card-dohle", ID_CARD),
    ("id-card-slow-can", ID_CARD),
    ("id-card-other-can", ID_CARD),
    ("residence-permit-pinguin", PERMIT),
    ("residence-permit-bac", PERMIT),
    ("passport-buntspecht", "passport pace: valid (chip valid, active not_verifiable/not_asked), name_truncated"),
    ("passport-junko", "passport pace: valid (chip valid, active not_verifiable/not_asked), birth_date_incomplete"),
    ("passport-kiebitz", "passport pace: valid (chip valid, active not_verifiable/not_asked), birth_date_incomplete"),
    ("passport-expired", "passport pace: valid (chip valid, active not_verifiable/not_asked), expired"),
    ("passport-bac-only", "passport bac: valid (chip valid, active not_verifiable/not_asked)"),
    ("id-card-buntspecht", "id_card pace: valid (chip valid, active not_verifiable/not_asked), name_truncated"),
    ("id-card-graugans", "id_card pace: valid (chip valid, active not_verifiable/not_asked), name_truncated"),
    ("id-card-zaunkoenig", "id_card pace: valid (chip valid, active not_verifiable/not_asked), name_truncated"),
    ("id-card-authorities-only", "error document_authorities_only, exit 6"),
    ("id-card-belgium", "id_card pace: valid (chip not_supported/not_offered, active not_supported/not_offered)"),
    ("id-card-ukraine", "id_card pace: valid (chip not_supported/not_offered, active not_supported/not_offered)"),
    ("union-card", "error not_a_zone number form, exit 10"),
    ("provisional-id-card", "error card_mute, exit 6"),
    ("provisional-passport", "error card_mute, exit 6"),
    ("passport-netherlands", "passport bac: valid (chip not_supported/not_offered, active valid)"),
    ("passport-united-states", "passport bac: valid (chip not_supported/not_offered, active not_supported/not_offered)"),
    ("passport-china", "passport bac: valid (chip not_supported/not_offered, active not_supported/not_offered)"),
    ("passport-iceland", "passport pace: not_verifiable/unknown_issuer (chip not_verifiable/passive_authentication, active not_verifiable/passive_authentication), birth_date_incomplete"),
    ("passport-forged", "passport pace: not_verifiable/unknown_issuer (chip not_verifiable/passive_authentication, active not_verifiable/not_asked)"),
    ("passport-without-signer", "passport pace: not_verifiable/not_offered (chip not_verifiable/passive_authentication, active not_verifiable/not_asked)"),
    ("passport-signer-revoked", "passport pace: invalid/revoked (chip not_verifiable/passive_authentication, active not_verifiable/passive_authentication), exit 40"),
    ("passport-signer-reported", "passport pace: invalid/revoked (chip not_verifiable/passive_authentication, active not_verifiable/passive_authentication), exit 40"),
    ("passport-signer-of-cards", "passport pace: invalid/wrong_document_type (chip not_verifiable/passive_authentication, active not_verifiable/passive_authentication), exit 40"),
    ("passport-signer-too-early", "passport pace: invalid/not_valid_then (chip not_verifiable/passive_authentication, active not_verifiable/passive_authentication), exit 40"),
    ("passport-signed-too-late", "passport pace: invalid/not_valid_then (chip not_verifiable/passive_authentication, active not_verifiable/passive_authentication), exit 40"),
    ("passport-other-country", "passport pace: invalid/wrong_country (chip not_verifiable/passive_authentication, active not_verifiable/passive_authentication), exit 40"),
    ("passport-forged-signature", "passport pace: invalid/signature (chip not_verifiable/passive_authentication, active not_verifiable/passive_authentication), exit 40"),
    ("passport-other-zone", "passport pace: invalid/hash_differs (chip not_verifiable/passive_authentication, active not_verifiable/passive_authentication), exit 40"),
    ("passport-keys-reported", "passport pace: valid (chip not_verifiable/defect, active not_verifiable/not_asked)"),
    ("passport-clone", "passport pace: valid (chip invalid/challenge_failed, active not_verifiable/not_asked), exit 40"),
    ("passport-clone-chip", "passport pace: valid (chip invalid/challenge_failed, active not_verifiable/not_asked), exit 40"),
    ("passport-clone-active-rsa", "passport pace: valid (chip not_supported/not_offered, active invalid/challenge_failed), exit 40"),
    ("passport-clone-active-ecdsa", "passport pace: valid (chip not_supported/not_offered, active invalid/challenge_failed), exit 40"),
    ("passport-huge-sod", "error document_unreadable EF.SOD, exit 6"),
];

/// Documents whose face makes a difference: the answer in a workshop, then in other builds, which don't read it.
#[rustfmt::skip]
const FACES: &[(&str, &str, &str)] = &[
    ("passport-other-face", "passport pace: invalid/hash_differs (chip not_verifiable/passive_authentication, active not_verifiable/not_asked), exit 40", GENUINE),
    ("passport-face-not-listed", "passport pace: valid (chip valid, active not_verifiable/not_asked), no_face", GENUINE),
    ("passport-endless-face", "passport pace: valid (chip valid, active not_verifiable/not_asked), face_malformed", GENUINE),
    ("passport-bomb", "passport pace: valid (chip valid, active not_verifiable/not_asked), face_malformed", GENUINE),
    ("passport-torn-face", "passport pace: valid (chip valid, active not_verifiable/not_asked), face_incomplete", GENUINE),
];

/// The answer in a line: kind, access, passive authentication, both proofs of the chip, warnings; the exit code unless it
/// is 0.
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
        let [passive, chip, active] =
            ["passive_authentication", "chip_authentication", "active_authentication"].map(proof);
        let head = format!("{} {}", text(&json["kind"]), text(&json["access"]));
        let warnings = json["warnings"].as_array().into_iter().flatten();
        let warnings: String = warnings.map(|warning| format!(", {}", text(warning))).collect();
        format!("{head}: {passive} (chip {chip}, active {active}){warnings}")
    };
    if ran.code != Some(0) {
        line += &format!(", exit {}", ran.code.context("ended by a signal")?);
    }
    Ok(line)
}

/// What the document in this slot gives for its zone.
fn answer(slot: usize, name: &str, trust: &str) -> Result<String> {
    let zone = find(name).and_then(|entry| entry.zone(today())).context("no such document")?;
    let inserted = insert_card(slot, card(name)?)?;
    let arguments = ["card", "read", "--json", "--reader", READERS[slot], "--trust", trust, "--mrz", "-"];
    let ran = run_with_input(&arguments, zone.join("\n").as_bytes())?;
    let json = ran.json()?;
    if json["error"].is_null() {
        ensure!(json["apdus"] == inserted.apdus(), "{name}: {json}");
    }
    pull(slot, inserted)?;
    in_a_line(&ran)
}

/// What is expected in this build.
fn expected() -> Vec<(&'static str, String)> {
    // What is said of a person stays in the crate.
    let without_personal =
        |answer: &str| answer.replace(", name_truncated", "").replace(", birth_date_incomplete", "");
    let workshop = cfg!(feature = "workshop");
    let alike = ANSWERS.iter().map(|(name, answer)| {
        (*name, if workshop { (*answer).to_owned() } else { without_personal(answer) })
    });
    let faces =
        FACES.iter().map(|(name, with, without)| (*name, if workshop { *with } else { *without }.to_owned()));
    alike.chain(faces).collect()
}

#[test]
fn the_table_of_answers_has_every_travel_document_that_can_be_inserted() {
    let known = catalogue().iter().filter(|entry| entry.travel_document(today()).is_some());
    let mut known: Vec<_> = known.map(|entry| entry.name).collect();
    let mut listed: Vec<_> = expected().into_iter().map(|(name, _)| name).collect();
    known.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, known);
}

#[test]
fn every_travel_document_gives_its_answer() -> Result<()> {
    with_pcscd("document_answers::every_travel_document_gives_its_answer", |_| {
        let (folder, table) = (trust_folder()?, expected());
        let trust = text(folder.path())?;
        let half = |slot: usize| -> Result<Vec<String>> {
            let rows = table.iter().skip(slot).step_by(2);
            let answers = rows.map(|(name, expected)| Ok((name, expected, answer(slot, name, trust)?)));
            let wrong =
                answers.filter(|it| it.as_ref().map_or(true, |(_, expected, answer)| *expected != answer));
            wrong
                .map(|it| it.map(|(name, expected, answer)| format!("{name}: {answer}, not {expected}")))
                .collect()
        };
        let wrong = thread::scope(|scope| {
            let half = &half;
            let halves = [0, 1].map(|slot| scope.spawn(move || half(slot)));
            halves.map(|half| half.join().unwrap_or_else(|_| anyhow::bail!("a reader's thread panicked")))
        });
        let wrong = wrong.into_iter().collect::<Result<Vec<_>>>()?.concat();
        ensure!(wrong.is_empty(), "{wrong:#?}");
        Ok(())
    })
}
