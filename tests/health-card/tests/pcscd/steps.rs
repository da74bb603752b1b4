//! The commands of a reading by name.

use card_sim::Exchange;

/// By contacts in the short form, with both proofs; of the card "amsel".
pub(crate) const SHORT: &[&str] = &[
    "SELECT root",
    "EF.Version2",
    "EF.GDO",
    "EF.CardAccess",
    "EF.C.CA_eGK.CS",
    "EF.C.eGK.AUT_CVC",
    "MSE chip",
    "INTERNAL AUTHENTICATE",
    "SELECT health care application",
    "EF.StatusVD",
    "EF.PD",
    "EF.PD",
    "EF.VD",
    "EF.VD",
    "SELECT signature application",
    "EF.C.CH.AUT",
    "EF.C.CH.AUT",
    "EF.C.CH.AUT",
];

/// The same in the extended form.
pub(crate) const EXTENDED: &[&str] = &[
    "SELECT root",
    "EF.Version2",
    "EF.GDO",
    "EF.CardAccess",
    "EF.C.CA_eGK.CS",
    "EF.C.eGK.AUT_CVC",
    "MSE chip",
    "INTERNAL AUTHENTICATE",
    "SELECT health care application",
    "EF.StatusVD",
    "EF.PD",
    "EF.VD",
    "SELECT signature application",
    "EF.C.CH.AUT",
];

/// Over the air: in the clear to the end of PACE, then under secure messaging.
pub(crate) const AIR: &[&str] = &[
    "SELECT root",
    "EF.Version2",
    "EF.CardAccess",
    "MSE PACE",
    "GENERAL AUTHENTICATE 1",
    "GENERAL AUTHENTICATE 2",
    "GENERAL AUTHENTICATE 3",
    "GENERAL AUTHENTICATE 4",
    "EF.GDO",
    "EF.C.CA_eGK.CS",
    "EF.C.eGK.AUT_CVC",
    "MSE chip",
    "INTERNAL AUTHENTICATE",
    "SELECT health care application",
    "EF.StatusVD",
    "EF.PD",
    "EF.PD",
    "EF.VD",
    "EF.VD",
    "SELECT signature application",
    "EF.C.CH.AUT",
    "EF.C.CH.AUT",
    "EF.C.CH.AUT",
    "EF.C.CH.AUT",
];

/// The steps of a reading without faults, as the card saw it.
pub(crate) fn named(trace: &[Exchange]) -> Vec<&'static str> {
    let mut selections =
        ["SELECT root", "SELECT health care application", "SELECT signature application"].into_iter();
    let mut authentications = [
        "GENERAL AUTHENTICATE 1",
        "GENERAL AUTHENTICATE 2",
        "GENERAL AUTHENTICATE 3",
        "GENERAL AUTHENTICATE 4",
    ]
    .into_iter();
    let name = |exchange: &Exchange| match exchange.header() {
        [_, 0xA4, ..] => selections.next().unwrap_or("one SELECT too many"),
        [_, 0x86, ..] => authentications.next().unwrap_or("one GENERAL AUTHENTICATE too many"),
        [_, 0x22, 0xC1, _] => "MSE PACE",
        [_, 0x22, 0x41, _] => "MSE chip",
        [_, 0x88, ..] => "INTERNAL AUTHENTICATE",
        [_, 0xB0, ..] => exchange.file.map_or("no file", file),
        _ => "another command",
    };
    trace.iter().map(name).collect()
}

/// gemSpec_eGK_ObjSys.
fn file(identifier: u16) -> &'static str {
    match identifier {
        0x2F11 => "EF.Version2",
        0x2F02 => "EF.GDO",
        0x011C => "EF.CardAccess",
        0x2F07 => "EF.C.CA_eGK.CS",
        0x2F06 => "EF.C.eGK.AUT_CVC",
        0xD00C => "EF.StatusVD",
        0xD001 => "EF.PD",
        0xD002 => "EF.VD",
        0xC504 => "EF.C.CH.AUT",
        _ => "another file",
    }
}
