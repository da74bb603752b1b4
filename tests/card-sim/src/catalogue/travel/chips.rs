//! Documents whose chips are copies, hold something else than was signed, or are hard to read.

use std::time::Duration;

use super::{Entry, document, plain, simple};
use crate::{
    birds,
    travel::{
        ActiveAuthentication, BeyondMaximum, Curve, Face, FileId, Flaw, GENERIC, Group, Hash, Quirks, State,
        TravelDocument, rsa_key,
    },
};

/// A passport with a flaw.
macro_rules! flawed {
    ($name:literal, $description:literal, $flaw:ident) => {
        document($name, $description, |today| TravelDocument { flaw: Some(Flaw::$flaw), ..plain(today) })
    };
}

/// A passport whose chip is hard to read.
macro_rules! odd {
    ($name:literal, $description:literal, $($field:ident: $value:expr),+) => {
        document($name, $description, |today| {
            let passport = plain(today);
            let quirks = Quirks { $($field: $value),+, ..passport.quirks };
            TravelDocument { quirks, ..passport }
        })
    };
}

/// A passport with another picture.
macro_rules! picture {
    ($name:literal, $description:literal, $face:ident) => {
        document($name, $description, |today| TravelDocument { face: Face::$face, ..plain(today) })
    };
}

/// Documents of this kind.
pub(super) static CARDS: &[Entry] = &[
    flawed!("passport-other-zone", "DG1 names somebody else than was signed", OtherZone),
    flawed!("passport-other-face", "DG2 shows another picture than was signed", OtherFace),
    flawed!("passport-face-not-listed", "EF.SOD doesn't list DG2", FaceNotListed),
    flawed!("passport-no-ef-com", "EF.COM isn't there", NoCommonFile),
    flawed!("passport-poor-ef-com", "EF.COM tells of DG1 alone", PoorCommonFile),
    flawed!("passport-huge-sod", "EF.SOD says that it is 2 MiB long", HugeSecurityObject),
    flawed!("passport-endless-face", "DG2 says that it is 2 MiB long, and can be read for ever", EndlessFace),
    flawed!("passport-clone", "a copy: PACE with chip authentication mapping fails", Clone),
    document("passport-clone-chip", "a copy: chip authentication fails", |today| TravelDocument {
        flaw: Some(Flaw::Clone),
        pace: vec![GENERIC],
        mapping_key: None,
        ..plain(today)
    }),
    document("passport-clone-active-rsa", "a copy: active authentication with RSA fails", |today| {
        let mut passport = simple(birds::elster(today), State::Austria, today);
        let key = rsa_key("the Netherlands", 1024);
        passport.active_authentication = Some(ActiveAuthentication::Rsa { key, hash: Hash::Sha1 });
        TravelDocument { flaw: Some(Flaw::Clone), ..passport }
    }),
    document("passport-clone-active-ecdsa", "a copy: active authentication with ECDSA fails", |today| {
        let mut passport = simple(birds::elster(today), State::Austria, today);
        let key = passport.key(Group::Ec(Curve::P256), "active");
        passport.active_authentication =
            Some(ActiveAuthentication::Ecdsa { key, hash: Hash::Sha256, der: false });
        TravelDocument { flaw: Some(Flaw::Clone), ..passport }
    }),
    picture!("passport-jpeg", "the picture is a JPEG", Jpeg),
    picture!(
        "passport-codestream",
        "the picture is a codestream of JPEG 2000 without file around it",
        Codestream
    ),
    picture!("passport-new-face-record", "the picture is in a record of ISO/IEC 39794-5", NewRecord),
    picture!("passport-bomb", "the picture claims 60,000 by 60,000 pixels", Bomb),
    picture!("passport-large-face", "DG2 is longer than offsets of 15 bits reach", Large),
    picture!("passport-torn-face", "the picture ends in the middle", Torn),
    odd!("passport-short-only", "refuses extended length (6700)", extended_length: false),
    odd!(
        "passport-6ce7",
        "understands extended length, gives at most 231 bytes all the same, and says so (6CE7)",
        maximum_read: Some((231, BeyondMaximum::ExactLength))
    ),
    odd!(
        "passport-6700",
        "gives at most 223 bytes (6700) and loses the channel",
        maximum_read: Some((223, BeyondMaximum::WrongLength)),
        extended_length: false,
        loses_channel_on_error: true
    ),
    odd!(
        "passport-6282",
        "gives at most 160 bytes as if the file ended (6282)",
        maximum_read: Some((160, BeyondMaximum::EndOfFile)),
        extended_length: false
    ),
    odd!(
        "passport-less",
        "gives at most 112 bytes, whatever is asked for",
        maximum_read: Some((112, BeyondMaximum::Less)),
        extended_length: false
    ),
    odd!(
        "passport-no-master-file",
        "refuses to select the master file (6A82)",
        master_file_status: Some(0x6A82)
    ),
    odd!(
        "passport-endless-card-access",
        "EF.CardAccess can be read for ever beyond its end",
        endless_file: Some(FileId::master_file(0x011C))
    ),
    document("id-card-slow-can", "waits two seconds more after every wrong CAN", |today| {
        let card = TravelDocument::german_card(birds::amsel(), today);
        let quirks = Quirks { delay_after_wrong_password: Duration::from_secs(2), ..card.quirks };
        TravelDocument { quirks, ..card }
    }),
    document("id-card-other-can", "CAN 000000", |today| TravelDocument {
        can: Some("000000".to_owned()),
        ..TravelDocument::german_card(birds::dohle(), today)
    }),
];
