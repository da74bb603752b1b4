//! The commands of a reading by name.

use card_sim::Exchange;

/// Commands of one name, one after the other, and how many.
pub(crate) type Step = (&'static str, usize);

/// A passport of the first years with BAC and 3DES, in short commands ("passport-bac-only").
pub(crate) const BAC: &[Step] = &[
    ("SELECT root", 1),
    (NO_CARD_ACCESS, 1),
    ("SELECT application", 1),
    ("GET CHALLENGE", 1),
    ("EXTERNAL AUTHENTICATE", 1),
    ("EF.SOD", 6),
    ("EF.DG1", 1),
    ("EF.DG14", 2),
    ("chip authentication by MSE:Set KAT", 1),
    (PROOF, 1),
    ("EF.DG2", 77),
];

/// A passport with PACE and chip authentication, in extended length ("passport-without-mapping").
pub(crate) const PACE: &[Step] = &[
    ("SELECT root", 1),
    ("EF.CardAccess", 1),
    ("MSE:Set AT for PACE", 1),
    ("GENERAL AUTHENTICATE 1", 1),
    ("GENERAL AUTHENTICATE 2", 1),
    ("GENERAL AUTHENTICATE 3", 1),
    ("GENERAL AUTHENTICATE 4", 1),
    ("SELECT application", 1),
    ("EF.SOD", 1),
    ("EF.DG1", 1),
    ("EF.DG14", 1),
    ("chip authentication by MSE:Set AT", 1),
    ("chip authentication by GENERAL AUTHENTICATE", 1),
    (PROOF, 1),
    ("EF.DG2", 5),
];

/// The steps of a reading as the chip saw it.
pub(crate) fn named(trace: &[Exchange]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut pace = PACE_STEPS.into_iter();
    for exchange in trace {
        let chip_authenticated = steps.iter().any(|(name, _)| name.starts_with("chip authentication"));
        let name = match *exchange.header() {
            [_, 0xA4, 0x00, _] => "SELECT root",
            [_, 0xA4, 0x04, _] => "SELECT application",
            [_, 0xA4, ..] => "SELECT file",
            [_, 0x84, ..] => "GET CHALLENGE",
            [_, 0x82, ..] => "EXTERNAL AUTHENTICATE",
            [_, 0x22, 0xC1, 0xA4] => "MSE:Set AT for PACE",
            [0x00 | 0x10, 0x86, ..] => pace.next().unwrap_or("one GENERAL AUTHENTICATE too many"),
            [_, 0x22, 0x41, 0xA6] => "chip authentication by MSE:Set KAT",
            [_, 0x22, 0x41, 0xA4] => "chip authentication by MSE:Set AT",
            [_, 0x86, ..] => "chip authentication by GENERAL AUTHENTICATE",
            [_, 0xB0, ..] => {
                exchange.file.map_or(NO_CARD_ACCESS, |file| self::file(file, chip_authenticated))
            }
            _ => "another command",
        };
        match steps.last_mut() {
            Some((last, count)) if *last == name => *count += 1,
            _ => steps.push((name, 1)),
        }
    }
    steps
}

const PACE_STEPS: [&str; 4] =
    ["GENERAL AUTHENTICATE 1", "GENERAL AUTHENTICATE 2", "GENERAL AUTHENTICATE 3", "GENERAL AUTHENTICATE 4"];

/// Asked for, and not there: the only file of these readings that isn't.
pub(crate) const NO_CARD_ACCESS: &str = "no EF.CardAccess";
/// The first command that only a chip with the right key understands and answers.
pub(crate) const PROOF: &str = "EF.DG14 over the chip's channel";

/// ICAO Doc 9303-10, 3.7 and 4. The first command over the new channel reads from DG14 once more.
fn file(identifier: u16, chip_authenticated: bool) -> &'static str {
    match identifier {
        0x011C => "EF.CardAccess",
        0x011D => "EF.SOD",
        0x0101 => "EF.DG1",
        0x0102 => FACE,
        0x010E if chip_authenticated => PROOF,
        0x010E => "EF.DG14",
        _ => "another file",
    }
}

/// The longest file, of whose pieces some are looked at.
pub(crate) const FACE: &str = "EF.DG2";

/// Every command by its number, from 0, and its name; of the face the first pieces, one in the middle and the
/// last.
pub(crate) fn places(steps: &[Step]) -> Vec<(usize, &'static str)> {
    let mut before = 0;
    let mut places = Vec::new();
    for (name, count) in steps {
        let looked_at = |piece: &usize| *name != FACE || [0, 1, count / 2, count - 1].contains(piece);
        places.extend((0..*count).filter(looked_at).map(|piece| (before + piece, *name)));
        before += count;
    }
    places
}
