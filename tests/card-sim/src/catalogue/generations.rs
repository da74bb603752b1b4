//! Generations of cards, locked ones, and the ways in which card and reader get along.

use super::{Entry, health, plain};
use crate::{
    card::Options,
    egk::{HealthCard, ObjectSystem},
    vsd::Style,
};

/// Cards of this kind.
pub(super) static CARDS: &[Entry] =
    &[
        health("amsel-g2", "generation G2, product type version 4.3.2: no PACE, C.CH.AUT is RSA", |today| {
            HealthCard { object_system: ObjectSystem::G2, ..plain(today) }
        }),
        health("amsel-g3", "generation G3, product type version 5.0.0", |today| HealthCard {
            object_system: ObjectSystem::G3,
            ..plain(today)
        }),
        health("amsel-deactivated", "the insurer locked the health application (6283)", |today| HealthCard {
            deactivated: true,
            ..plain(today)
        }),
        health("amsel-short-only", "refuses extended length (6700)", |today| HealthCard {
            options: Options { short_only: true, ..Options::default() },
            ..plain(today)
        }),
        health("amsel-get-response", "response data waits for GET RESPONSE (61xx)", |today| HealthCard {
            options: Options { get_response: true, ..Options::default() },
            ..plain(today)
        }),
        health("amsel-lenient", "takes the commands of OpenSC's egk-tool", |today| HealthCard {
            options: Options { lenient: true, ..Options::default() },
            ..plain(today)
        }),
        health("amsel-mute", "answers to reset and to nothing else", |today| HealthCard {
            options: Options { mute: true, ..Options::default() },
            ..plain(today)
        }),
        health("amsel-g1", "generation G1: no EF.Version2, schema 5.1, withdrawn in 2019", |today| {
            HealthCard { object_system: ObjectSystem::G1, style: Style::old(), ..plain(today) }
        }),
        health(
            "amsel-deactivated-readable",
            "the insurer locked the health application (6283), its files can still be read",
            |today| HealthCard {
                deactivated: true,
                options: Options { reads_deactivated: true, ..Options::default() },
                ..plain(today)
            },
        ),
        health("amsel-leading-zero", "PACE: the shared secret starts with a zero byte", |today| HealthCard {
            options: Options { leading_zero_secret: true, ..Options::default() },
            ..plain(today)
        }),
    ];
