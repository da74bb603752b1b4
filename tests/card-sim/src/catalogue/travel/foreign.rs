//! Documents of other states, with what is special about each.

use super::{Entry, document, simple};
use crate::{
    birds,
    travel::{
        ActiveAuthentication, BeyondMaximum, Cipher, Curve, Encoding, Form, GENERIC, Group, Hash, Kind,
        Mapping, OLD_LDS_SECURITY_OBJECT, PLAIN_DATA, PaceOffer, Quirks, State, TravelDocument, rsa_key,
    },
};

const P256: Group = Group::Ec(Curve::P256);
const P384: Group = Group::Ec(Curve::P384);

/// Documents of this kind.
pub(super) static CARDS: &[Entry] = &[
    document("passport-austria", "P-256 throughout: PACE, chip authentication, signer", |today| {
        let mut passport = simple(birds::elster(today), State::Austria, today);
        passport.pace = vec![PaceOffer { group: P256, ..GENERIC }];
        passport.with_chip_authentication(P256, Cipher::Aes128, Encoding::Explicit)
    }),
    document("passport-luxembourg", "P-384 throughout, AES-256", |today| {
        let mut passport = simple(birds::ibis(today), State::Luxembourg, today);
        passport.pace = vec![PaceOffer { mapping: Mapping::Generic, cipher: Cipher::Aes256, group: P384 }];
        passport.with_chip_authentication(P384, Cipher::Aes256, Encoding::Named)
    }),
    document("passport-switzerland", "RSA-PSS, AES-192 on brainpoolP384r1", |today| {
        let group = Group::Ec(Curve::Brainpool384);
        let mut passport = simple(birds::fasan(today), State::Switzerland, today);
        passport.pace = vec![PaceOffer { cipher: Cipher::Aes192, group, ..GENERIC }];
        passport.with_chip_authentication(group, Cipher::Aes192, Encoding::Explicit)
    }),
    document("passport-france", "integrated mapping besides the generic one, old type of EF.SOD", |today| {
        let mut passport = simple(birds::ortolan(), State::France, today);
        passport.pace.insert(0, PaceOffer { mapping: Mapping::Integrated, ..GENERIC });
        passport.form.content_type = OLD_LDS_SECURITY_OBJECT;
        passport
    }),
    document(
        "passport-netherlands",
        "BAC (wrong: 6985) and active authentication with RSA, SHA-1",
        |today| {
            let mut passport = simple(birds::dohle(), State::Netherlands, today);
            passport.pace.clear();
            passport.can = None;
            passport.quirks.bac_refusal = 0x6985;
            let key = rsa_key("the Netherlands", 1024);
            passport.active_authentication = Some(ActiveAuthentication::Rsa { key, hash: Hash::Sha1 });
            passport
        },
    ),
    document("passport-belgium", "active authentication with ECDSA, P-521 above the signer", |today| {
        let mut passport = simple(birds::mittelspecht(), State::Belgium, today);
        let key = passport.key(P256, "active");
        passport.active_authentication =
            Some(ActiveAuthentication::Ecdsa { key, hash: Hash::Sha256, der: false });
        passport
    }),
    document("id-card-belgium", "identity card whose number is longer than its field", |today| {
        TravelDocument::new(birds::mittelspecht(), Kind::IdCard, State::Belgium, today)
    }),
    document(
        "passport-new-zealand",
        "EF.SOD of indefinite length, active authentication with DER, no selecting of the master file",
        |today| {
            let mut passport = simple(birds::dohle(), State::NewZealand, today);
            let key = passport.key(P256, "active");
            passport.active_authentication =
                Some(ActiveAuthentication::Ecdsa { key, hash: Hash::Sha256, der: true });
            passport.form.indefinite = true;
            passport.quirks.master_file_status = Some(0x6A86);
            passport
        },
    ),
    document("passport-poland", "the authority's key is known by its link certificate alone", |today| {
        simple(birds::habicht(today), State::Poland, today)
    }),
    document("passport-kosovo", "RKS in the zone, KS in certificates", |today| {
        simple(birds::pinguin(), State::Kosovo, today)
    }),
    document(
        "passport-united-states",
        "cloneable: BAC (wrong: 6982), neither chip nor active authentication",
        |today| TravelDocument {
            can: None,
            pace: Vec::new(),
            quirks: Quirks { bac_refusal: 0x6982, ..Quirks::default() },
            ..simple(birds::carolinataube(), State::UnitedStates, today)
        },
    ),
    document(
        "passport-china",
        "EF.SOD signs plain data; understands extended length, gives at most 231 bytes all the same (6700)",
        |today| TravelDocument {
            can: None,
            pace: Vec::new(),
            form: Form { content_type: PLAIN_DATA, ..Form::default() },
            quirks: Quirks { maximum_read: Some((231, BeyondMaximum::WrongLength)), ..Quirks::default() },
            ..simple(birds::graugans(), State::China, today)
        },
    ),
    document("passport-iceland", "nobody knows the authority", |today| {
        simple(birds::kiebitz(), State::Iceland, today)
    }),
    document("id-card-ukraine", "the CAN is the end of the document number", |today| {
        let mut card = TravelDocument::new(birds::nachtigall(), Kind::IdCard, State::Ukraine, today);
        card.can = card.number.get(3..).map(str::to_owned);
        card
    }),
];
