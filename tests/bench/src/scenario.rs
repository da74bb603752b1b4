//! What is measured: cards and how slow they are, and the ways of reading them.

use std::time::Duration;

use card_sim::{card::Interface, fault::Latency};

/// A card with contacts takes this long for an APDU, whatever its length: the order of what real cards and readers show.
const CONTACT: Duration = Duration::from_millis(15);
/// A card over the air is slower for want of power.
const CONTACTLESS: Duration = Duration::from_millis(30);

/// A card over the air at the speed that all cards have, and at the highest that readers usually agree on (ISO 14443-3).
pub(crate) const SLOW_LINE: Latency = Latency { per_apdu: CONTACTLESS, bytes_per_second: 106_000 / 8 };
pub(crate) const FAST_LINE: Latency = Latency { per_apdu: CONTACTLESS, bytes_per_second: 848_000 / 8 };

/// A card, and how slow it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) interface: Interface,
    pub(crate) latency: Option<Latency>,
    pub(crate) ways: &'static [Way],
}

/// A way of reading the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) by: By,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Our reading within a program that runs, as at a desk.
    Desk { extended: bool, authenticity: bool },
    /// Our reading as a program of its own.
    Program,
    /// `egk-tool --pd --vd`.
    EgkTool,
}

/// The desk's reading, the one that the targets are about.
pub(crate) const EXTENDED: &str = "identplatz, extended length";
pub(crate) const SHORT: &str = "identplatz, short length";
pub(crate) const PROGRAM: &str = "identplatz, program of its own";
pub(crate) const EGK_TOOL: &str = "egk-tool --pd --vd";
pub(crate) const PLAIN: &str = "identplatz";
pub(crate) const PROVEN: &str = "identplatz, with authenticity";

const fn desk(name: &'static str, extended: bool, authenticity: bool) -> Way {
    Way { name, by: By::Desk { extended, authenticity } }
}

const WITH_CONTACTS: &[Way] = &[
    desk(EXTENDED, true, false),
    desk(SHORT, false, false),
    Way { name: PROGRAM, by: By::Program },
    Way { name: EGK_TOOL, by: By::EgkTool },
    desk(PROVEN, true, true),
];
const OVER_THE_AIR: &[Way] = &[desk(PLAIN, true, false), desk(PROVEN, true, true)];

pub(crate) const CONTACT_15_MS: &str = "contacts, 15 ms an APDU";
pub(crate) const AIR_106: &str = "contactless, 30 ms an APDU, 106 kbit/s";
pub(crate) const AIR_848: &str = "contactless, 30 ms an APDU, 848 kbit/s";

/// Everything that is measured.
pub(crate) const SCENARIOS: [Scenario; 4] = [
    Scenario {
        name: CONTACT_15_MS,
        interface: Interface::Contact,
        latency: Some(Latency { per_apdu: CONTACT, bytes_per_second: 0 }),
        ways: WITH_CONTACTS,
    },
    Scenario {
        name: "contacts, no latency",
        interface: Interface::Contact,
        latency: None,
        ways: WITH_CONTACTS,
    },
    Scenario {
        name: AIR_106,
        interface: Interface::Contactless,
        latency: Some(SLOW_LINE),
        ways: OVER_THE_AIR,
    },
    Scenario {
        name: AIR_848,
        interface: Interface::Contactless,
        latency: Some(FAST_LINE),
        ways: OVER_THE_AIR,
    },
];
