import type { AboutScreen, RecoveryCause, RecoveryScreen, SettingSource, SettingView } from "./bindings";

const FOLDER = "/var/lib/identplatz";

/** Where messages go that a damaged desk hasn't delivered. */
/** As the letter has it. */
export const BLOCKING_NUMBER = "040 000 001";

export const EXPORT_FILE = `${FOLDER}/export/platz-3-2026-11-23.jwe`;
export const SEALED_FILE = `${FOLDER}/platz-3-2026-11-23.jwe`;

/** The records can't be used because of `cause`. */
export function recovery(cause: RecoveryCause, more: Partial<RecoveryScreen> = {}): RecoveryScreen {
  return { cause, undelivered: null, exportedTo: null, canBeginAnew: false, ...more };
}

/** Each cause, as the desk tells it. */
export const recoveries = {
  quarantined: recovery(
    { kind: "quarantined", folder: `${FOLDER}/quarantine/2026-11-23T08-15-02Z` },
    { undelivered: 3, canBeginAnew: true },
  ),
  missing: recovery({ kind: "missing" }, { canBeginAnew: true }),
  wrong_key: recovery({ kind: "wrong_key" }),
  key_lost: recovery({ kind: "key_lost" }),
  keyring_locked: recovery({ kind: "keyring_locked" }),
  newer_program: recovery({ kind: "newer_program", found: 9, known: 5 }),
  in_use: recovery({ kind: "in_use" }),
  read_only: recovery({ kind: "read_only" }),
  disk_full: recovery({ kind: "disk_full" }),
  not_upgraded: recovery({
    kind: "not_upgraded",
    backup: `${FOLDER}/backups/vor-0004-2026-11-23T08-15-02Z.backup`,
  }),
} satisfies Record<RecoveryCause["kind"], RecoveryScreen>;

const shipped: SettingSource = { kind: "shipped" };
const signed: SettingSource = { kind: "signed", serial: 12 };
const managed: SettingSource = { kind: "managed", file: "/etc/identplatz/desk.toml" };

const value = (key: string, value: string, source: SettingSource = signed): SettingView => ({
  key,
  value,
  source,
});

/** A desk with a signed bundle, two of whose values the administrator has tightened. */
export const fakeAbout: AboutScreen = {
  bundle: { serial: 12, issuedAt: "2026-11-16T13:05:00Z" },
  journalConfirmed: "2026-11-22T21:30:04Z",
  certificateUntil: "2026-12-21",
  values: [
    value("words.place", "Servicezentrum"),
    value("words.code", "Aktivierungscode"),
    value("code.valid_days", "14"),
    value("code.tray_minutes", "15"),
    value("letter.hotline", "040 000 000"),
    value("letter.hotline_hours", "werktags 8 bis 20 Uhr"),
    value("purposes.app_activation.level", "substantial"),
    value("purposes.app_activation.second_look", "true", managed),
    value("purposes.epa.level", "high"),
    value("representation.confirmation_months", "12"),
    value("visit.resume_minutes", "15", shipped),
    value("offline.codes", "5", managed),
    value("offline.lease_hours", "24", shipped),
    value("offline.delivery_hours", "72", shipped),
    value("clock.warn_minutes", "5", shipped),
    value("clock.block_minutes", "15", shipped),
    value("retention.record_days", "14"),
    value("retention.access_log_months", "12"),
    value("printing.uri", "ipps://drucker-3.servicezentrum.example:631/ipp/print", managed),
  ],
};

/** A desk that nobody has sent anything to yet. */
export const shippedAbout: AboutScreen = {
  bundle: null,
  journalConfirmed: null,
  certificateUntil: null,
  values: fakeAbout.values.map((each) => ({ ...each, source: shipped })),
};
