import type { RecoveryCause, WipeCause } from "../backend/bindings";
import { m } from "../paraglide/messages";

type Cause<Kind extends RecoveryCause["kind"]> = Extract<RecoveryCause, { kind: Kind }>;

/** Why the records can't be used: what happened, and what helps. */
export interface RecoveryText {
  title: string;
  what: string;
  next: string;
  /** A folder or file that IT support will ask for, with what it is. */
  place: { label: string; path: string } | null;
}

const texts: { [Kind in RecoveryCause["kind"]]: (cause: Cause<Kind>) => RecoveryText } = {
  quarantined: ({ folder }) => ({
    title: m.recovery_quarantined_title(),
    what: m.recovery_quarantined_what(),
    next: m.recovery_quarantined_next(),
    place: { label: m.recovery_quarantined_place(), path: folder },
  }),
  missing: () => ({
    title: m.recovery_missing_title(),
    what: m.recovery_missing_what(),
    next: m.recovery_missing_next(),
    place: null,
  }),
  wrong_key: () => ({
    title: m.recovery_wrong_key_title(),
    what: m.recovery_wrong_key_what(),
    next: m.recovery_wrong_key_next(),
    place: null,
  }),
  key_lost: () => ({
    title: m.recovery_key_lost_title(),
    what: m.recovery_key_lost_what(),
    next: m.recovery_key_lost_next(),
    place: null,
  }),
  keyring_locked: () => ({
    title: m.recovery_keyring_locked_title(),
    what: m.recovery_keyring_locked_what(),
    next: m.recovery_keyring_locked_next(),
    place: null,
  }),
  newer_program: ({ found, known }) => ({
    title: m.recovery_newer_program_title(),
    what: m.recovery_newer_program_what({ found, known }),
    next: m.recovery_newer_program_next(),
    place: null,
  }),
  in_use: () => ({
    title: m.recovery_in_use_title(),
    what: m.recovery_in_use_what(),
    next: m.recovery_in_use_next(),
    place: null,
  }),
  read_only: () => ({
    title: m.recovery_read_only_title(),
    what: m.recovery_read_only_what(),
    next: m.recovery_read_only_next(),
    place: null,
  }),
  disk_full: () => ({
    title: m.recovery_disk_full_title(),
    what: m.recovery_disk_full_what(),
    next: m.recovery_disk_full_next(),
    place: null,
  }),
  not_upgraded: ({ backup }) => ({
    title: m.recovery_not_upgraded_title(),
    what: m.recovery_not_upgraded_what(),
    next: m.recovery_not_upgraded_next(),
    place: { label: m.recovery_not_upgraded_place(), path: backup },
  }),
};

export function recoveryText(cause: RecoveryCause): RecoveryText {
  const textFor = texts[cause.kind] as (cause: RecoveryCause) => RecoveryText;
  return textFor(cause);
}

/** How much of the records the account service lacks. */
export function undeliveredText(undelivered: number | null): string {
  if (undelivered === null) return m.recovery_undelivered_unknown();
  return undelivered === 0 ? m.recovery_undelivered_none() : m.recovery_undelivered({ count: undelivered });
}

export const wipeCauses: Record<WipeCause, () => string> = {
  revoked: m.wiped_revoked,
  ordered: m.wiped_ordered,
};
