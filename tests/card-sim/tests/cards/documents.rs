//! Every travel document of the catalogue as it was issued, read by OpenSSL.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use card_sim::{
    Interface,
    card::AnswerToReset,
    catalogue::Entry,
    travel::{ChipProfile, FileId, Flaw, SignerKind, TravelDocument, check_digit},
};
use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    hash::{MessageDigest, hash},
    pkey::PKey,
};

use crate::TODAY;

/// EF.SOD.
const SECURITY_OBJECT: FileId = FileId::lds1(0x011D);

fn documents() -> impl Iterator<Item = (&'static Entry, TravelDocument)> {
    card_sim::catalogue().iter().filter_map(|entry| Some((entry, entry.travel_document(TODAY)?)))
}

/// Documents with a chip.
fn chips() -> impl Iterator<Item = (&'static str, TravelDocument, ChipProfile)> {
    let silent = |entry: &Entry| *entry.card(TODAY).answer_to_reset() == AnswerToReset::Silence;
    documents().filter(move |(entry, _)| !silent(entry)).map(|(entry, document)| {
        let chip = document.chip();
        (entry.name, document, chip)
    })
}

/// What EF.SOD signs, if its signature is right and its signer's certificate comes along.
fn signed(chip: &ChipProfile) -> Result<Vec<u8>> {
    let file = chip.files.get(&SECURITY_OBJECT).context("no EF.SOD")?;
    // The object 77 with a length of three or four bytes around the signed data.
    let header = if file.get(1) == Some(&0x82) { 4 } else { 3 };
    let mut cms = CmsContentInfo::from_der(file.get(header..).context("too short")?)?;
    let mut content = Vec::new();
    let options = CMSOptions::BINARY | CMSOptions::NO_SIGNER_CERT_VERIFY;
    cms.verify(None, None, None, Some(&mut content), options)?;
    Ok(content)
}

/// Whether one of the hashes of the file is among what was signed.
fn is_listed(content: &[u8], file: &[u8]) -> bool {
    let digests =
        [MessageDigest::sha1(), MessageDigest::sha256(), MessageDigest::sha384(), MessageDigest::sha512()];
    digests.iter().filter_map(|digest| hash(*digest, file).ok()).any(|hash| {
        let windows = &mut content.windows(hash.len());
        windows.any(|window| *window == *hash)
    })
}

#[test]
fn every_card_has_a_name_of_its_own() {
    let names: BTreeSet<_> = card_sim::catalogue().iter().map(|entry| entry.name).collect();
    assert_eq!(names.len(), card_sim::catalogue().len());
    assert!(documents().count() >= 80);
}

#[test]
fn every_document_is_read_over_the_air_and_tells_what_opens_it() {
    for (entry, document) in documents() {
        assert_eq!(entry.card(TODAY).interface(), Interface::Contactless, "{}", entry.name);
        assert_eq!(entry.can(TODAY).is_some(), !document.pace.is_empty(), "{}", entry.name);
        assert!(entry.can(TODAY).is_none_or(|can| can.len() == 6), "{}", entry.name);
        let zone = entry.zone(TODAY).unwrap();
        let widths: BTreeSet<_> = zone.iter().map(String::len).collect();
        assert!([(3, 30), (2, 36), (2, 44)].contains(&(zone.len(), *widths.first().unwrap())), "{zone:?}");
        assert_eq!(widths.len(), 1, "{zone:?}");
        let Some(fields) = entry.key_fields(TODAY) else {
            assert_eq!(entry.name, "union-card");
            continue;
        };
        let dates = [&fields.birth_date, &fields.expiry].map(|date| format!("{date}{}", check_digit(date)));
        assert!(dates.iter().all(|date| zone[1].contains(date)), "{zone:?} {dates:?}");
        let number = fields.number.get(..9).unwrap_or(&fields.number);
        assert!(zone.iter().any(|line| line.contains(number)), "{zone:?} {number}");
    }
}

#[test]
fn a_document_and_the_health_card_of_that_name_are_of_the_same_person() {
    let mut people = 0;
    for (entry, document) in documents() {
        let bird = entry.name.split('-').next_back().and_then(card_sim::find);
        if let Some(persona) = bird.and_then(|health_card| health_card.persona(TODAY)) {
            assert_eq!(document.persona, persona, "{}", entry.name);
            people += 1;
        }
    }
    assert!(people >= 10, "{people}");
}

#[test]
fn every_security_object_is_signed_unless_that_is_what_is_wrong() {
    for (name, document, chip) in chips() {
        let wrong = matches!(document.flaw, Some(Flaw::ForgedSignature | Flaw::HugeSecurityObject));
        assert_eq!(signed(&chip).is_ok(), !wrong && document.form.has_signer, "{name}");
    }
}

/// Data groups that aren't among what was signed.
#[test]
fn what_a_chip_holds_was_signed_unless_that_is_what_is_wrong() {
    let mut others = BTreeMap::new();
    for (name, _, chip) in chips() {
        let Ok(content) = signed(&chip) else { continue };
        for number in [1, 2, 3, 14, 15] {
            let file = chip.files.get(&FileId::data_group(number));
            if file.is_some_and(|file| !is_listed(&content, file)) {
                others.insert(name, number);
            }
        }
    }
    let expected = [
        ("passport-endless-face", 2),
        ("passport-face-not-listed", 2),
        ("passport-other-face", 2),
        ("passport-other-zone", 1),
    ];
    assert_eq!(others.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_chip_holds_the_key_that_was_signed_unless_it_is_a_clone() {
    let mut clones = Vec::new();
    for (name, _, chip) in chips() {
        let signed_key = |number, key: &[u8]| {
            let file = &chip.files[&FileId::data_group(number)];
            file.windows(key.len()).any(|window| window == key)
        };
        let chip_key = chip.chip_authentication.as_ref();
        let own = chip_key.map(|own| signed_key(14, &own.key.subject_public_key_info(own.encoding)));
        let active = chip.active_authentication.as_ref().map(|active| match active {
            card_sim::travel::ActiveAuthentication::Rsa { key, .. } => {
                let key = PKey::private_key_from_der(key).unwrap().public_key_to_der().unwrap();
                signed_key(15, &key)
            }
            card_sim::travel::ActiveAuthentication::Ecdsa { key, .. } => signed_key(15, &key.public()),
        });
        if own.into_iter().chain(active).any(|signed| !signed) {
            clones.push(name);
        }
    }
    let expected =
        ["passport-clone", "passport-clone-chip", "passport-clone-active-rsa", "passport-clone-active-ecdsa"];
    assert_eq!(clones, expected);
}

#[test]
fn something_is_the_matter_with_a_signer_only_where_the_name_says_so() {
    let usual = [SignerKind::Passports, SignerKind::Cards, SignerKind::Former];
    let odd = documents().filter(|(_, document)| !usual.contains(&document.signer));
    let names: Vec<_> = odd.map(|(entry, _)| entry.name).collect();
    assert!(names.iter().all(|name| !name.ends_with("amsel")), "{names:?}");
    assert_eq!(names.len(), 11, "{names:?}");
}
