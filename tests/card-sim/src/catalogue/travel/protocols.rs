//! Passports that differ in how they open and how the chip proves itself.

use super::{Entry, document, plain, simple};
use crate::{
    birds,
    travel::{
        ActiveAuthentication, Cipher, Curve, DhGroup, Encoding, GENERIC, Group, Hash, Mapping, PaceOffer,
        Quirks, State, TravelDocument, rsa_key,
    },
};

/// Elster's Austrian passport with other PACE.
fn offering(pace: Vec<PaceOffer>, today: jiff::civil::Date) -> TravelDocument {
    TravelDocument { pace, bac: false, ..simple(birds::elster(today), State::Austria, today) }
}

/// Documents of this kind.
pub(super) static CARDS: &[Entry] = &[
    document("passport-without-mapping", "PACE with generic mapping, chip authentication apart", |today| {
        TravelDocument { pace: vec![GENERIC], mapping_key: None, ..plain(today) }
    }),
    document("passport-integrated", "PACE with integrated mapping only", |today| {
        offering(vec![PaceOffer { mapping: Mapping::Integrated, ..GENERIC }], today)
    }),
    document("passport-dh", "PACE and chip authentication modulo a prime", |today| {
        let group = Group::Dh(DhGroup::Modp2048With256);
        offering(vec![PaceOffer { group, ..GENERIC }], today).with_chip_authentication(
            group,
            Cipher::Aes128,
            Encoding::Explicit,
        )
    }),
    document("passport-dh-integrated", "PACE modulo a prime with integrated mapping", |today| {
        let group = Group::Dh(DhGroup::Modp1024);
        offering(vec![PaceOffer { mapping: Mapping::Integrated, group, ..GENERIC }], today)
    }),
    document("passport-pace-3des", "PACE and its channel with 3DES", |today| {
        offering(vec![PaceOffer { cipher: Cipher::TripleDes, ..GENERIC }], today)
    }),
    document("passport-brainpool-512", "PACE and chip authentication on brainpoolP512r1, AES-256", |today| {
        let group = Group::Ec(Curve::Brainpool512);
        offering(vec![PaceOffer { cipher: Cipher::Aes256, group, ..GENERIC }], today)
            .with_chip_authentication(group, Cipher::Aes256, Encoding::Explicit)
    }),
    document(
        "passport-many-parameters",
        "four kinds of PACE; the reader must name the parameters (6A80)",
        |today| {
            let groups = [
                Group::Ec(Curve::P256),
                Group::Ec(Curve::Brainpool256),
                Group::Ec(Curve::Brainpool384),
                Group::Dh(DhGroup::Modp2048With224),
            ];
            TravelDocument {
                quirks: Quirks { requires_parameter_reference: true, ..Quirks::default() },
                ..offering(groups.map(|group| PaceOffer { group, ..GENERIC }).to_vec(), today)
            }
        },
    ),
    document("passport-chip-key-only", "DG14 tells the key of chip authentication alone: 3DES", |today| {
        let passport = simple(birds::elster(today), State::Austria, today);
        TravelDocument { tells_key_only: true, ..passport }.with_chip_authentication(
            Group::Ec(Curve::P256),
            Cipher::TripleDes,
            Encoding::Explicit,
        )
    }),
    document("passport-numbered-chip-key", "the key of chip authentication has a number", |today| {
        let mut passport = plain(today);
        passport.chip_authentication.iter_mut().for_each(|chip| chip.key_id = Some(41));
        passport
    }),
    document("passport-active-2048", "active authentication with RSA of 2,048 bits and SHA-256", |today| {
        let mut passport = simple(birds::elster(today), State::Austria, today);
        let key = rsa_key("Austria", 2048);
        passport.active_authentication = Some(ActiveAuthentication::Rsa { key, hash: Hash::Sha256 });
        passport
    }),
    document("passport-active-p384", "active authentication with ECDSA on P-384 and SHA-384", |today| {
        let mut passport = simple(birds::elster(today), State::Austria, today);
        let key = passport.key(Group::Ec(Curve::P384), "active");
        passport.active_authentication =
            Some(ActiveAuthentication::Ecdsa { key, hash: Hash::Sha384, der: false });
        passport
    }),
];
