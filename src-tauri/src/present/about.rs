//! "Über diesen Platz": what is set, and who says so.

use bridge::{AboutScreen, BundleView, SettingSource, SettingView};
use jiff::{Timestamp, tz::TimeZone};
use settings::Source;

use crate::controller::Desk;

pub(super) fn about(desk: &Desk, confirmed: Option<Timestamp>) -> AboutScreen {
    let bundle = match &desk.settings.profile_source {
        Source::Signed { serial, issued_at } => {
            Some(BundleView { serial: *serial, issued_at: issued_at.to_string() })
        }
        Source::Shipped | Source::Managed(_) => None,
    };
    let values = desk.settings.values().into_iter().map(|it| SettingView {
        key: it.key,
        value: it.value,
        source: match it.source {
            Source::Shipped => SettingSource::Shipped,
            Source::Signed { serial, .. } => SettingSource::Signed { serial },
            Source::Managed(file) => SettingSource::Managed { file: file.display().to_string() },
        },
    });
    // The last whole day: the certificate may end in the middle of the next one.
    let last_day = desk.identity.not_after().to_zoned(TimeZone::UTC).date().yesterday();
    AboutScreen {
        bundle,
        values: values.collect(),
        journal_confirmed: confirmed.map(|at| at.to_string()),
        certificate_until: last_day.ok().map(|day| day.to_string()),
    }
}
