//! Targets of passive authentication and its trust store in `mrtd`. The authority of Utopia and its signers are made for
//! these seeds; their keys are gone, so nobody can sign anything else.

use jiff::civil::{Date, date};
use mrtd::mrz::MachineReadableZone;
use mrtd::passive::{self, CardSecurity, Check, SecurityObject};
use mrtd::trust::{Root, TrustError, TrustStore};
use mrtd::{DataGroup, Verdict};
use std::sync::LazyLock;

/// The day on which the seeds are valid.
const TODAY: Date = date(2026, 11, 22);
const ROOT: &[u8] = include_bytes!("../corpus/master_list/root.der");
/// DG1 with the zone of ICAO's specimen (Doc 9303-4, appendix B).
const DG1: &[u8] = b"\x61\x5B\x5F\x1F\x58P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\
    L898902C36UTO7408122F1204159ZE184226B<<<<<10";
/// Bytes of the header before the zone.
const HEADER: usize = 5;
/// What the seeds of EF.CardSecurity say: PACE over brainpoolP256r1 with AES-128.
const SECURITY_INFOS: &[u8] = &[
    0x31, 0x14, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02, 0x02,
    0x01, 0x02, 0x02, 0x01, 0x0D,
];
/// Authorities in the master lists among the seeds.
const LISTED: usize = 3;

static TRUST: LazyLock<TrustStore> = LazyLock::new(|| {
    let mut trust = TrustStore::default();
    trust.add_certificates(ROOT).ok();
    trust
});
static PINNED: LazyLock<Vec<Root>> = LazyLock::new(|| Root::parse(ROOT).into_iter().collect());

/// EF.SOD, and what it says of a DG1: nobody but the seeds' signers is believed, and only in what they have signed.
pub fn security_object(data: &[u8]) -> bool {
    let Ok(object) = SecurityObject::parse(data) else { return false };
    let groups: Vec<_> = object.data_groups().collect();
    assert!(groups.len() <= 16 && groups.iter().all(|number| (1..=16).contains(number)));
    let Ok(zone) = MachineReadableZone::parse(DG1.get(HEADER..).unwrap_or_default()) else { return false };
    let check = Check { trust: &TRUST, today: TODAY };
    let judged = passive::authenticate(&object, &[(DataGroup::Mrz, DG1)], &zone, check);
    let believed = judged.verdict() == Verdict::Valid;
    assert!(!believed || groups == [1, 2], "another list was believed");
    let changed = passive::authenticate(&object, &[(DataGroup::Mrz, &[])], &zone, check);
    assert!(changed.verdict() != Verdict::Valid, "another zone was believed");
    true
}

/// EF.CardSecurity: as [`security_object`].
pub fn card_security(data: &[u8]) -> bool {
    let Ok(file) = CardSecurity::parse(data) else { return false };
    let believed = file.authenticate(Check { trust: &TRUST, today: TODAY }) == Verdict::Valid;
    assert!(!believed || file.security_infos() == SECURITY_INFOS, "other security infos were believed");
    true
}

/// A file for the trust store of travel documents, master lists above all: what isn't taken leaves the store as it was, and a list
/// is taken only if the seeds' signer has signed it.
pub fn master_list(data: &[u8]) -> bool {
    let mut store = TrustStore::default();
    let empty = store.state();
    match store.import_master_list(data, &PINNED, TODAY) {
        Ok(imported) => assert!(imported.certificates == LISTED && imported.left_out == 0),
        Err(error) => assert!(store.state() == empty && error != TrustError::NoRoot),
    }
    let (store, problems) = TrustStore::from_files([("seed", data), ("root", ROOT)], &PINNED, &[], TODAY);
    assert!(problems.len() <= 1 && store.state().countries.iter().any(|country| country == "UT"));
    problems.is_empty()
}
