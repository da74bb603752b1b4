//! Targets of `mrtd::mrz`.

use mrtd::mrz::scan;
use mrtd::mrz::{AccessKey, MachineReadableZone, correct};

/// A zone that somebody typed or a chip holds: small letters change nothing, a key needs its three digits, nothing shows it by
/// accident.
pub fn mrz(data: &[u8]) -> bool {
    if let Ok(text) = std::str::from_utf8(data) {
        corrected_holds(text);
        drop(AccessKey::from_fields(text, text, text));
    }
    let Ok(zone) = MachineReadableZone::parse(data) else { return false };
    let checks = zone.checks();
    if zone.access_key().is_ok() {
        assert!(checks.number && checks.birth && checks.expiry);
    }
    let small = MachineReadableZone::parse(data.to_ascii_lowercase());
    assert!(small.is_ok_and(|small| small.checks() == checks && small.name() == zone.name()));
    let name = zone.name();
    for identifier in [&name.primary, &name.secondary] {
        assert!(identifier.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b' '));
        assert!(identifier.trim() == identifier && !identifier.contains("  "));
    }
    assert_eq!(format!("{zone:?}{name:?}"), "MachineReadableZone(…)MrzName(…)");
    true
}

/// What is corrected is told, and needs no second correction.
fn corrected_holds(text: &str) {
    let Ok(corrected) = correct(text) else { return };
    assert!(
        corrected
            .corrections
            .iter()
            .all(|correction| correction.read.is_none() || correction.read != correction.taken)
    );
    assert!(corrected.corrections.is_sorted_by_key(|correction| correction.position));
    if corrected.corrections.is_empty() {
        let zone = MachineReadableZone::parse(text);
        assert!(zone.is_ok_and(|zone| zone.checks() == corrected.zone.checks()));
    }
}

/// What a scanner sends.
pub fn mrz_scan(data: &[u8]) -> bool {
    let Ok(scanned) = scan::decode(data) else { return false };
    drop(scanned.corrected());
    scanned.access_key().is_ok()
}
