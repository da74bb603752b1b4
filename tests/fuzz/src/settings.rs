//! Target of `settings`.

use settings::Profile;

/// An insurer's profile, as it comes signed from the account service: whatever it says stays within what the program allows,
/// and each of its values is named once.
pub fn profile(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let Ok(profile) = Profile::from_text(text, "profile") else { return false };
    let (offline, clock, retention) = (profile.offline, profile.clock, profile.retention);
    assert!(offline.lease_hours <= 24 && offline.lease_hours <= offline.delivery_hours);
    assert!(offline.delivery_hours <= 72 && offline.codes <= 20 && offline.valid_days <= 7);
    assert!(clock.warn_minutes <= clock.block_minutes && clock.block_minutes <= 15);
    assert!(retention.record_days <= 14 && retention.audit_days <= 14);
    assert!((6..=12).contains(&retention.access_log_months));
    assert!((1..=30).contains(&profile.code.valid_days));
    let values = profile.values();
    let mut keys: Vec<_> = values.iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), values.len());
    true
}
