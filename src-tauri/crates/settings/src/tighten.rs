//! What the administrator may make stricter at one desk. Nobody signs the desk file, so it can't loosen anything: of profile and
//! desk file the stricter value counts, by construction.

use serde::{Deserialize, Serialize};

use crate::{Profile, SettingsError};

/// `[tighten]` in the desk file; what is left out stays as the profile says.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TightenSettings {
    /// A second person always looks, whatever the purpose.
    #[serde(skip_serializing_if = "is_off")]
    pub second_look: bool,
    /// The clerk's PIN before every print.
    #[serde(skip_serializing_if = "is_off")]
    pub step_up: bool,
    /// No chip of a document is read.
    #[serde(skip_serializing_if = "is_off")]
    pub no_chips: bool,
    /// No zone of a document is scanned.
    #[serde(skip_serializing_if = "is_off")]
    pub no_scans: bool,
    /// The health card's PIN isn't offered.
    #[serde(skip_serializing_if = "is_off")]
    pub no_pin: bool,
    /// At most so many days that a code is valid.
    pub code_valid_days: Option<u8>,
    /// At most so many minutes in the tray.
    pub tray_minutes: Option<u8>,
    /// At most so many minutes in which an interrupted visit goes on.
    pub resume_minutes: Option<u8>,
    /// At most so many hours of codes without a line.
    pub offline_lease_hours: Option<u8>,
    /// At most so many hours until a desk without a line is locked.
    pub offline_delivery_hours: Option<u8>,
    /// At most so many codes without a line; 0: none.
    pub offline_codes: Option<u8>,
    /// At most so many days that such a code is valid.
    pub offline_valid_days: Option<u8>,
    /// At most so many hours for which a member of staff gives them out after they were here with a line.
    pub offline_staff_hours: Option<u8>,
    /// At most so many minutes that the clock is off before somebody is told.
    pub clock_warn_minutes: Option<u8>,
    /// At most so many before no code is given out.
    pub clock_block_minutes: Option<u8>,
    /// At most so many days that what is personal is kept.
    pub record_days: Option<u8>,
    /// At most so many look-ups without a visit in an hour before a supervisor is told.
    pub lookups_without_visit_per_hour: Option<u8>,
}

/// serde asks with a reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
const fn is_off(switch: &bool) -> bool {
    !*switch
}

/// One number: the desk file's key and value, the least that makes sense, the profile's key and value.
type Number<'a> = (&'static str, Option<u8>, u8, &'static str, &'a mut u8);

impl TightenSettings {
    /// Makes `profile` stricter; returns the keys of the profile whose values are the desk file's now.
    pub(crate) fn apply(self, profile: &mut Profile) -> Result<Vec<String>, SettingsError> {
        let mut keys = self.switches(profile);
        for (name, wanted, least, key, value) in self.numbers(profile) {
            let Some(wanted) = wanted else { continue };
            if wanted < least {
                return Err(SettingsError::Value { key: format!("tighten.{name}") });
            }
            if wanted < *value {
                *value = wanted;
                keys.push(key.to_owned());
            }
        }
        keys.extend(follow(profile));
        Ok(keys)
    }

    fn switches(self, profile: &mut Profile) -> Vec<String> {
        let mut keys = Vec::new();
        for purpose in &mut profile.purposes {
            keys.extend(purpose.tighten(self.second_look, self.step_up));
        }
        for (off, lines, key) in [
            (self.no_chips, profile.chips.len(), "chips"),
            (self.no_scans, profile.scans.len(), "scans"),
            (self.no_pin, usize::from(profile.pin.at_reader), "pin.at_reader"),
        ] {
            if off && lines > 0 {
                keys.push(key.to_owned());
            }
        }
        if self.no_chips {
            profile.chips.clear();
        }
        if self.no_scans {
            profile.scans.clear();
        }
        profile.pin.at_reader &= !self.no_pin;
        keys
    }

    const fn numbers(self, profile: &mut Profile) -> [Number<'_>; 12] {
        let Profile { code, visit, offline, clock, retention, access, .. } = profile;
        [
            ("code_valid_days", self.code_valid_days, 1, "code.valid_days", &mut code.valid_days),
            ("tray_minutes", self.tray_minutes, 5, "code.tray_minutes", &mut code.tray_minutes),
            ("resume_minutes", self.resume_minutes, 1, "visit.resume_minutes", &mut visit.resume_minutes),
            (
                "offline_lease_hours",
                self.offline_lease_hours,
                1,
                "offline.lease_hours",
                &mut offline.lease_hours,
            ),
            (
                "offline_delivery_hours",
                self.offline_delivery_hours,
                1,
                "offline.delivery_hours",
                &mut offline.delivery_hours,
            ),
            ("offline_codes", self.offline_codes, 0, "offline.codes", &mut offline.codes),
            ("offline_valid_days", self.offline_valid_days, 1, "offline.valid_days", &mut offline.valid_days),
            (
                "offline_staff_hours",
                self.offline_staff_hours,
                1,
                "offline.staff_hours",
                &mut offline.staff_hours,
            ),
            ("clock_warn_minutes", self.clock_warn_minutes, 1, "clock.warn_minutes", &mut clock.warn_minutes),
            (
                "clock_block_minutes",
                self.clock_block_minutes,
                1,
                "clock.block_minutes",
                &mut clock.block_minutes,
            ),
            ("record_days", self.record_days, 1, "retention.record_days", &mut retention.record_days),
            (
                "lookups_without_visit_per_hour",
                self.lookups_without_visit_per_hour,
                1,
                "access.lookups_without_visit_per_hour",
                &mut access.lookups_without_visit_per_hour,
            ),
        ]
    }
}

/// The earlier one of two limits is never later than the later one.
fn follow(profile: &mut Profile) -> impl Iterator<Item = String> {
    let Profile { offline, clock, .. } = profile;
    let pairs = [
        ("offline.lease_hours", &mut offline.lease_hours, offline.delivery_hours),
        ("clock.warn_minutes", &mut clock.warn_minutes, clock.block_minutes),
    ];
    pairs
        .map(|(key, earlier, later)| {
            let follows = *earlier > later;
            *earlier = later.min(*earlier);
            follows.then(|| key.to_owned())
        })
        .into_iter()
        .flatten()
}
