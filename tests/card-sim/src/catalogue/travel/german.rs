//! Documents of German authorities.

use jiff::ToSpan;

use super::{Entry, document, plain};
use crate::{
    birds,
    travel::{Cipher, Curve, Encoding, Face, Group, Kind, Quirks, SignerKind, State, TravelDocument},
};

/// A passport as it is issued today.
macro_rules! passport {
    ($name:literal, $description:literal, $bird:expr) => {
        document($name, $description, |today| TravelDocument::german_passport(($bird)(today), today))
    };
}

/// A Personalausweis of after August 2021.
macro_rules! id_card {
    ($name:literal, $description:literal, $bird:expr) => {
        document($name, $description, |today| TravelDocument::german_card(($bird)(today), today))
    };
}

/// Documents of this kind.
pub(super) static CARDS: &[Entry] = &[
    document("passport-amsel", "Andrea Amsel: German passport, PACE with chip authentication mapping", plain),
    passport!(
        "passport-buntspecht",
        "German passport whose zone has no room for all of the name",
        birds::buntspecht
    ),
    passport!("passport-junko", "German passport, day of birth unknown", |_| birds::junko()),
    passport!("passport-kiebitz", "German passport, only the year of birth known", |_| birds::kiebitz()),
    passport!("passport-lachmoewe", "German passport of a child, umlaut", |_| birds::lachmoewe()),
    id_card!("id-card-amsel", "Andrea Amsel: Personalausweis of after August 2021", |_| birds::amsel()),
    id_card!("id-card-buntspecht", "Personalausweis, zone without all of the name", birds::buntspecht),
    id_card!("id-card-dohle", "Personalausweis, doctor's title isn't in the zone", |_| birds::dohle()),
    id_card!("id-card-graugans", "Personalausweis, name with prefix and suffix", |_| birds::graugans()),
    id_card!("id-card-zaunkoenig", "Personalausweis, zone ends in the given name", birds::zaunkoenig),
    document(
        "id-card-authorities-only",
        "Personalausweis of before August 2021: authorities alone read DG1, DG2 and EF.SOD (6982)",
        |today| TravelDocument {
            authorities_only: true,
            signer: SignerKind::Former,
            expiry: today.saturating_add(3.years()),
            ..TravelDocument::german_card(birds::amsel(), today)
        },
    ),
    document("residence-permit-pinguin", "residence permit of after November 2019: PACE alone", |today| {
        TravelDocument::residence_permit(birds::pinguin(), "RKS", today)
    }),
    document("residence-permit-bac", "residence permit of before November 2019: BAC and PACE", |today| {
        TravelDocument {
            bac: true,
            signer: SignerKind::Former,
            expiry: today.saturating_add(3.years()),
            ..TravelDocument::residence_permit(birds::pinguin(), "RKS", today)
        }
    }),
    document(
        "union-card",
        "eID card for citizens of the Union: no identity document, its zone is empty",
        |today| {
            let mut card = TravelDocument::german_card(birds::elster(today), today);
            card.kind = Kind::UnionCard;
            card
        },
    ),
    document("refugee-document", "travel document for refugees, nationality XXB", |today| TravelDocument {
        kind: Kind::RefugeeDocument,
        nationality: "XXB",
        ..TravelDocument::german_passport(birds::ortolan(), today)
    }),
    document(
        "passport-bac-only",
        "German passport of the first years: BAC and 3DES, JPEG, no PACE",
        |today| {
            let passport = TravelDocument::new(birds::amsel(), Kind::Passport, State::Germany, today);
            TravelDocument {
                can: None,
                pace: Vec::new(),
                face: Face::Jpeg,
                fingerprints: true,
                signer: SignerKind::Former,
                expiry: today.saturating_add(3.years()),
                quirks: Quirks { extended_length: false, refuses_le_in_select: true, ..Quirks::default() },
                ..passport
            }
            .with_chip_authentication(
                Group::Ec(Curve::Brainpool256),
                Cipher::TripleDes,
                Encoding::Explicit,
            )
        },
    ),
    document("provisional-id-card", "vorläufiger Personalausweis: a zone to scan, no chip", |today| {
        TravelDocument::provisional(birds::ibis(today), Kind::ProvisionalIdCard, today)
    }),
    document("provisional-passport", "vorläufiger Reisepass: a zone to scan, no chip", |today| {
        TravelDocument::provisional(birds::habicht(today), Kind::ProvisionalPassport, today)
    }),
    document("passport-expired", "German passport, expired yesterday", |today| TravelDocument {
        expiry: today.saturating_sub(1.day()),
        ..plain(today)
    }),
];
