//! Which document gives which answer, with its number and with its zone: one test for each, named so.

use std::slice;

use anyhow::{Context, Result, ensure};
use card_sim::{
    Interface, catalogue,
    catalogue::Entry,
    find,
    persona::Persona,
    travel::{Face, Flaw, Kind, TravelDocument},
};
use health_card::readers::Readers;
use identification::{Name, ZoneName};
use mrtd::{
    DocumentReading, Warning,
    mrz::{MrzDate, MrzName},
};
use smartcard::ExtendedLength;
use travel_document::{
    answer::in_a_line,
    reading::{Answer, Key, TODAY, Wanted, reading, trust_problems},
    trace::trespass,
};

use crate::Test;

/// Documents whose answer is the same by their number and by their zone.
#[rustfmt::skip]
const EITHER_KEY: &[(&str, &str)] = &[
    ("passport-amsel", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-buntspecht", "German passport by PACE, genuine, chip valid, active not asked, face JP2, name truncated"),
    ("passport-junko", "German passport by PACE, genuine, chip valid, active not asked, face JP2, birth date incomplete"),
    ("passport-kiebitz", "German passport by PACE, genuine, chip valid, active not asked, face JP2, birth date incomplete"),
    ("passport-lachmoewe", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("id-card-amsel", "German identity card by PACE, genuine, chip valid, active not asked, face JP2"),
    ("id-card-buntspecht", "German identity card by PACE, genuine, chip valid, active not asked, face JP2, name truncated"),
    ("id-card-dohle", "German identity card by PACE, genuine, chip valid, active not asked, face JP2"),
    ("id-card-graugans", "German identity card by PACE, genuine, chip valid, active not asked, face JP2, name truncated"),
    ("id-card-zaunkoenig", "German identity card by PACE, genuine, chip valid, active not asked, face JP2, name truncated"),
    ("id-card-authorities-only", "no reading: the chip shows its data to authorities only"),
    ("residence-permit-pinguin", "German residence permit by PACE, genuine, chip valid, active not asked, face JP2"),
    ("residence-permit-bac", "German residence permit by PACE, genuine, chip valid, active not asked, face JP2"),
    ("refugee-document", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("provisional-id-card", "no reading: the card does not answer"),
    ("provisional-passport", "no reading: the card does not answer"),
    ("passport-expired", "German passport by PACE, genuine, chip valid, active not asked, face JP2, expired"),
    ("passport-austria", "EU passport by PACE, genuine, chip valid, active not asked, face JPEG"),
    ("passport-luxembourg", "EU passport by PACE, genuine, chip valid, active not asked, face JPEG"),
    ("passport-switzerland", "foreign passport by PACE, genuine, chip valid, active not asked, face JPEG"),
    ("passport-france", "EU passport by PACE, genuine, chip not offered, active not offered, face JPEG"),
    ("passport-belgium", "EU passport by PACE, genuine, chip not offered, active valid, face JPEG"),
    ("id-card-belgium", "EU identity card by PACE, genuine, chip not offered, active not offered, face JPEG"),
    ("passport-new-zealand", "foreign passport by PACE, genuine, chip not offered, active valid, face JPEG"),
    ("passport-poland", "EU passport by PACE, genuine, chip not offered, active not offered, face JPEG"),
    ("passport-kosovo", "foreign passport by PACE, genuine, chip not offered, active not offered, face JPEG"),
    ("passport-iceland", "foreign passport by PACE, unproven (issuer not verifiable: unknown issuer; revocation not verifiable: unknown issuer; country not verifiable: unknown issuer), chip not verifiable: data unproven, active not verifiable: data unproven, face JPEG, birth date incomplete"),
    ("id-card-ukraine", "foreign identity card by PACE, genuine, chip not offered, active not offered, face JPEG"),
    ("passport-without-mapping", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-integrated", "EU passport by PACE, genuine, chip not offered, active not offered, face JPEG"),
    ("passport-dh-integrated", "EU passport by PACE, genuine, chip not offered, active not offered, face JPEG"),
    ("passport-pace-3des", "EU passport by PACE, genuine, chip not offered, active not offered, face JPEG"),
    ("passport-brainpool-512", "EU passport by PACE, genuine, chip valid, active not asked, face JPEG"),
    ("passport-many-parameters", "EU passport by PACE, genuine, chip not offered, active not offered, face JPEG"),
    ("passport-chip-key-only", "EU passport by PACE, genuine, chip valid, active not asked, face JPEG"),
    ("passport-numbered-chip-key", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-active-p384", "EU passport by PACE, genuine, chip not offered, active valid, face JPEG"),
    // Nothing shows that it was signed before 2020.
    ("passport-sha-1", "German passport by PACE, unproven (signature not verifiable: unknown algorithm), chip not verifiable: data unproven, active not asked, face JP2"),
    ("passport-sha-512", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-explicit", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-former-authority", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-signer-expired", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-signer-revoked", "German passport by PACE, NOT GENUINE (revocation invalid: revoked), chip not verifiable: data unproven, active not verifiable: data unproven, face JP2"),
    ("passport-signer-reported", "German passport by PACE, NOT GENUINE (revocation invalid: revoked), chip not verifiable: data unproven, active not verifiable: data unproven, face JP2"),
    ("passport-keys-reported", "German passport by PACE, genuine, chip not verifiable: known defect, active not asked, face JP2"),
    ("passport-face-reported", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-signer-of-cards", "German passport by PACE, NOT GENUINE (type invalid: wrong type), chip not verifiable: data unproven, active not verifiable: data unproven, face JP2"),
    ("passport-signer-too-early", "German passport by PACE, NOT GENUINE (issuer invalid: not valid then), chip not verifiable: data unproven, active not verifiable: data unproven, face JP2"),
    ("passport-forged", "German passport by PACE, unproven (issuer not verifiable: unknown issuer; revocation not verifiable: unknown issuer; country not verifiable: unknown issuer), chip not verifiable: data unproven, active not asked, face JP2"),
    ("passport-signed-too-late", "German passport by PACE, NOT GENUINE (issuer invalid: not valid then; revocation not verifiable: unknown issuer; country not verifiable: unknown issuer), chip not verifiable: data unproven, active not verifiable: data unproven, face JP2"),
    ("passport-signing-time", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-lds-v0", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-names-key", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-without-signer", "German passport by PACE, unproven (signature not verifiable: not offered; issuer not verifiable: not offered; revocation not verifiable: not offered; type not verifiable: not offered; country not verifiable: not offered), chip not verifiable: data unproven, active not asked, face JP2"),
    ("passport-other-country", "German passport by PACE, NOT GENUINE (country invalid: wrong country), chip not verifiable: data unproven, active not verifiable: data unproven, face JP2"),
    ("passport-forged-signature", "German passport by PACE, NOT GENUINE (signature invalid: signature), chip not verifiable: data unproven, active not verifiable: data unproven, face JP2"),
    ("passport-other-zone", "German passport by PACE, NOT GENUINE (data invalid: hash differs), chip not verifiable: data unproven, active not verifiable: data unproven, face JP2"),
    ("passport-other-face", "German passport by PACE, NOT GENUINE (data invalid: hash differs), chip not verifiable: data unproven, active not asked, face J2K"),
    ("passport-face-not-listed", "German passport by PACE, genuine, chip valid, active not asked, no face, the chip has no face"),
    ("passport-no-ef-com", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-poor-ef-com", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-huge-sod", "no reading: EF.SOD is malformed: it is too large"),
    ("passport-endless-face", "German passport by PACE, genuine, chip valid, active not asked, no face, face malformed"),
    ("passport-clone", "German passport by PACE, genuine, chip invalid: challenge failed, active not asked, face JP2"),
    ("passport-clone-chip", "German passport by PACE, genuine, chip invalid: challenge failed, active not asked, face JP2"),
    ("passport-clone-active-rsa", "EU passport by PACE, genuine, chip not offered, active invalid: challenge failed, face JPEG"),
    ("passport-clone-active-ecdsa", "EU passport by PACE, genuine, chip not offered, active invalid: challenge failed, face JPEG"),
    ("passport-jpeg", "German passport by PACE, genuine, chip valid, active not asked, face JPEG"),
    ("passport-codestream", "German passport by PACE, genuine, chip valid, active not asked, face J2K"),
    ("passport-new-face-record", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-bomb", "German passport by PACE, genuine, chip valid, active not asked, no face, face malformed"),
    ("passport-large-face", "German passport by PACE, genuine, chip valid, active not asked, face JPEG"),
    ("passport-torn-face", "German passport by PACE, genuine, chip valid, active not asked, face JP2, face incomplete"),
    ("passport-short-only", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-6ce7", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-6700", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-6282", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-less", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-no-master-file", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("passport-endless-card-access", "German passport by PACE, genuine, chip valid, active not asked, face JP2"),
    ("id-card-slow-can", "German identity card by PACE, genuine, chip valid, active not asked, face JP2"),
    ("id-card-other-can", "German identity card by PACE, genuine, chip valid, active not asked, face JP2"),
];

/// Documents whose answer depends on the key.
#[rustfmt::skip]
const ONE_KEY: &[(&str, Printed, &str)] = &[
    ("union-card", Printed::Can, "German other document by PACE, genuine, chip valid, active not asked, face JP2, birth date incomplete, wrong check digit"),
    ("union-card", Printed::Zone, "no reading: this opens no document"),
    ("passport-bac-only", Printed::Can, "no reading: the machine-readable zone is needed"),
    ("passport-bac-only", Printed::Zone, "German passport by BAC, genuine, chip valid, active not asked, face JPEG"),
    ("passport-netherlands", Printed::Can, "no reading: the machine-readable zone is needed"),
    ("passport-netherlands", Printed::Zone, "EU passport by BAC, genuine, chip not offered, active valid, face JPEG"),
    ("passport-united-states", Printed::Can, "no reading: the machine-readable zone is needed"),
    ("passport-united-states", Printed::Zone, "foreign passport by BAC, genuine, chip not offered, active not offered, face JPEG"),
    ("passport-china", Printed::Can, "no reading: the machine-readable zone is needed"),
    ("passport-china", Printed::Zone, "foreign passport by BAC, genuine, chip not offered, active not offered, face JPEG"),
];

/// Documents whose answer depends on whether extended length works between reader and chip: keys or
/// signatures of 2,048 bits are longer than a short command or answer.
#[rustfmt::skip]
const ONE_LENGTH: &[(&str, ExtendedLength, &str)] = &[
    ("passport-dh", ExtendedLength::No, "no reading: the card offers no known protocol"),
    ("passport-dh", ExtendedLength::Untried, "EU passport by PACE, genuine, chip valid, active not asked, face JPEG"),
    ("passport-dh", ExtendedLength::Yes, "EU passport by PACE, genuine, chip valid, active not asked, face JPEG"),
    ("passport-active-2048", ExtendedLength::No, "EU passport by PACE, genuine, chip not offered, active not verifiable: refused with 6700 (wrong length), face JPEG"),
    ("passport-active-2048", ExtendedLength::Untried, "EU passport by PACE, genuine, chip not offered, active valid, face JPEG"),
    ("passport-active-2048", ExtendedLength::Yes, "EU passport by PACE, genuine, chip not offered, active valid, face JPEG"),
];

/// Documents that somebody puts into a reader with contacts. Chips of travel documents answer there as over
/// the air.
const BY_CONTACTS: &[&str] = &["passport-amsel", "id-card-amsel", "passport-bac-only", "passport-china"];

/// What is printed on the document to open it with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Printed {
    Can,
    Zone,
}

impl Printed {
    const BOTH: [Self; 2] = [Self::Can, Self::Zone];

    /// The key; of the zone as it is typed, and where nobody has tried extended length as a scanner gives it.
    fn key(self, document: &TravelDocument, length: ExtendedLength) -> Key {
        match (self, document.kind, length) {
            (Self::Can, ..) => Key::can_of(document),
            (Self::Zone, Kind::UnionCard, _) | (Self::Zone, _, ExtendedLength::Untried) => {
                Key::zone_of(document)
            }
            (Self::Zone, ..) => Key::fields_of(document),
        }
    }
}

/// What is known of extended length when the reading begins.
const LENGTHS: [ExtendedLength; 3] = [ExtendedLength::No, ExtendedLength::Untried, ExtendedLength::Yes];

/// One line of the table: a document, how it is read, and the answer.
#[derive(Debug, Clone, Copy)]
struct Row {
    document: &'static str,
    keys: &'static [Printed],
    lengths: &'static [ExtendedLength],
    line: &'static str,
}

pub(crate) fn tests() -> Vec<Test> {
    let every_document =
        Test::new("every travel document of the catalogue has its answer to either key", |_| {
            has_every_document()
        });
    let trust = Test::new("every list of authorities, revoked signers and defects is taken", |_| {
        ensure!(trust_problems().is_empty(), "{:?}", trust_problems());
        Ok(())
    });
    let over_the_air = rows().map(|row| row.test(Interface::Contactless));
    let by_contacts = rows().filter(|row| BY_CONTACTS.contains(&row.document));
    let by_contacts = by_contacts.map(|row| row.test(Interface::Contact));
    [every_document, trust].into_iter().chain(over_the_air).chain(by_contacts).collect()
}

/// The whole table.
fn rows() -> impl Iterator<Item = Row> {
    let row = |document, keys, lengths, line| Row { document, keys, lengths, line };
    let either_key = EITHER_KEY.iter().map(move |(name, line)| row(name, &Printed::BOTH, &LENGTHS, line));
    let one_key =
        ONE_KEY.iter().map(move |(name, key, line)| row(name, slice::from_ref(key), &LENGTHS, line));
    let one_length = ONE_LENGTH
        .iter()
        .map(move |(name, length, line)| row(name, &Printed::BOTH, slice::from_ref(length), line));
    either_key.chain(one_key).chain(one_length)
}

fn has_every_document() -> Result<()> {
    let is_document = |entry: &&Entry| entry.travel_document(TODAY).is_some();
    let documents = catalogue().iter().filter(is_document).map(|entry| entry.name);
    let ways = || Printed::BOTH.into_iter().flat_map(|key| LENGTHS.map(|length| (key, length)));
    let known: Vec<_> = documents.flat_map(|name| ways().map(move |way| (name, way))).collect();
    let answered = |row: Row| row.keys.iter().flat_map(move |key| row.lengths.iter().map(|it| (*key, *it)));
    let listed: Vec<_> = rows().flat_map(|row| answered(row).map(move |way| (row.document, way))).collect();
    let missing: Vec<_> = known.iter().filter(|it| !listed.contains(it)).collect();
    ensure!(missing.is_empty(), "no answer to {missing:?}");
    let surplus: Vec<_> = listed.iter().filter(|it| !known.contains(it)).collect();
    ensure!(surplus.is_empty(), "no document for {surplus:?}");
    ensure!(listed.len() == known.len(), "a document has two answers to one key");
    Ok(())
}

impl Row {
    fn test(self, interface: Interface) -> Test {
        let key = match self.keys {
            [Printed::Can] => "by its CAN",
            [Printed::Zone] => "by its zone",
            _ => "by its CAN or its zone",
        };
        let length = match self.lengths {
            [ExtendedLength::No] => ", short commands alone",
            [ExtendedLength::Untried] => ", extended length untried",
            [ExtendedLength::Yes] => ", extended length",
            _ => "",
        };
        let how = if interface == Interface::Contact { ", in a reader with contacts" } else { "" };
        let name = format!("{} {key}{length}{how}: {}", self.document, self.line);
        Test::new(name, move |readers| self.holds(readers, interface))
    }

    /// Reads the document with each key and with all that may be known of extended length.
    fn holds(self, readers: &Readers, interface: Interface) -> Result<()> {
        let document = find(self.document).and_then(|entry| entry.travel_document(TODAY));
        let document = document.context("no such document")?;
        let reader = readers.take();
        let inserted = reader.insert(document.card().over(interface))?;
        let mut last = None;
        for key in self.keys {
            for length in self.lengths {
                let wanted = Wanted::with(key.key(&document, *length));
                let answer = reading(&reader.session(*length)?, &wanted);
                let heard = in_a_line(&answer);
                ensure!(heard == self.line, "by {key:?}, extended length {length:?}: {heard}");
                is_of(&answer, &document)?;
                last = answer.ok();
            }
        }
        if let Some(face) = last.and_then(|reading| reading.face) {
            let pixels = face.decode()?;
            ensure!((pixels.width(), pixels.height()) == (413, 531), "another size");
        }
        let trace = inserted.trace();
        ensure!(trespass(&trace).is_none(), "a file for nobody was asked for: {:?}", trespass(&trace));
        Ok(())
    }
}

/// Whether the reading tells of this document.
fn is_of(answer: &Answer, document: &TravelDocument) -> Result<()> {
    let Ok(reading) = answer else { return Ok(()) };
    let DocumentReading { holder, face, warnings, .. } = reading;
    let holder = holder.as_ref().context("whose it is wasn't told")?;
    if document.kind != Kind::UnionCard && document.flaw != Some(Flaw::OtherZone) {
        let persona = &document.persona;
        ensure!(of_the_zone(&holder.name).agrees_with(&name(persona)), "another name");
        let birth_date = holder.birth_date.context("no birth date")?;
        ensure!(
            of_the_card(birth_date) == persona.birth_date.get(2..).unwrap_or_default(),
            "another birth date"
        );
        ensure!(
            holder.expiry.and_then(|expiry| expiry.expiry(TODAY)) == Some(document.expiry),
            "another expiry"
        );
        ensure!(warnings.contains(&Warning::Expired) == (document.expiry < TODAY));
    }
    if let Some(face) = face {
        let shown = if document.flaw == Some(Flaw::OtherFace) { Face::Codestream } else { document.face };
        ensure!(face.image() == shown.picture(), "another face");
    }
    Ok(())
}

fn of_the_zone(MrzName { primary, secondary, truncated }: &MrzName) -> ZoneName {
    ZoneName { primary: primary.clone(), secondary: secondary.clone(), truncated: *truncated }
}

/// The name that a register has.
fn name(persona: &Persona) -> Name {
    Name {
        title: persona.title.clone(),
        given_names: persona.given_names.clone(),
        suffix: persona.name_suffix.clone(),
        prefix: persona.name_prefix.clone(),
        family_name: persona.family_name.clone(),
    }
}

/// A birth date as on health cards, without the century: `00` for what is unknown.
fn of_the_card(date: MrzDate) -> String {
    format!("{:02}{:02}{:02}", date.year, date.month.unwrap_or(0), date.day.unwrap_or(0))
}
