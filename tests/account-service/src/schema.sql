CREATE TABLE IF NOT EXISTS tokens (
  hash BLOB PRIMARY KEY, desk TEXT NOT NULL, spent INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS desks (
  fingerprint BLOB PRIMARY KEY, desk TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS locked_accounts (kvnr TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS flags (
  kvnr TEXT NOT NULL, flag TEXT NOT NULL, PRIMARY KEY (kvnr, flag)
) STRICT;
-- An app. It shows its visit number while it waits to be activated, and when its owner wants the electronic health
-- record (ePA) opened in it.
CREATE TABLE IF NOT EXISTS registrations (
  id TEXT PRIMARY KEY, kvnr TEXT NOT NULL, visit_number TEXT UNIQUE, epa INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'ACTIVE', 'SUPERSEDED', 'CLOSED')),
  CHECK (state <> 'OPEN' OR visit_number IS NOT NULL)
) STRICT;
CREATE INDEX IF NOT EXISTS registrations_kvnr ON registrations (kvnr);
CREATE TABLE IF NOT EXISTS representatives (
  number TEXT PRIMARY KEY, registration TEXT NOT NULL UNIQUE,
  family_name TEXT NOT NULL, given_names TEXT NOT NULL, birth_date TEXT NOT NULL, kind TEXT NOT NULL,
  locked INTEGER NOT NULL DEFAULT 0
) STRICT;
-- The register of representations; an entry is JSON as the contract tells it.
CREATE TABLE IF NOT EXISTS representations (
  representative TEXT NOT NULL REFERENCES representatives (number), kvnr TEXT NOT NULL, entry TEXT NOT NULL,
  PRIMARY KEY (representative, kvnr)
) STRICT;
CREATE TABLE IF NOT EXISTS lookups (
  at TEXT NOT NULL, desk TEXT NOT NULL, operation TEXT NOT NULL, kvnr TEXT, representative TEXT, reason TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
  path TEXT PRIMARY KEY, desk TEXT NOT NULL, body_hash BLOB NOT NULL, answer TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS identifications (
  id TEXT PRIMARY KEY, desk TEXT NOT NULL, record TEXT NOT NULL, accepted_at TEXT NOT NULL,
  defective INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS reviews (
  id TEXT PRIMARY KEY, identification TEXT NOT NULL REFERENCES identifications (id), record TEXT NOT NULL
) STRICT;
-- A code is redeemed by the app's registration or by the representative's account that it is bound to.
CREATE TABLE IF NOT EXISTS codes (
  id TEXT PRIMARY KEY, desk TEXT NOT NULL,
  identification TEXT NOT NULL REFERENCES identifications (id),
  registration TEXT REFERENCES registrations (id),
  representative TEXT REFERENCES representatives (number), authority TEXT,
  kvnr TEXT NOT NULL, purpose TEXT NOT NULL, reference TEXT NOT NULL UNIQUE, valid_until TEXT NOT NULL,
  verifier BLOB NOT NULL, tries_left INTEGER NOT NULL CHECK (tries_left BETWEEN 0 AND 5),
  awaiting_release INTEGER NOT NULL, handed_over INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL
    CHECK (state IN ('ACCEPTED', 'ACTIVE', 'REDEEMED', 'EXPIRED', 'LOCKED', 'REVOKED', 'VOIDED')),
  CHECK ((registration IS NULL) <> (representative IS NULL)),
  CHECK ((authority IS NULL) = (representative IS NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS codes_kvnr ON codes (kvnr);
CREATE INDEX IF NOT EXISTS codes_identification ON codes (identification);
-- What a representative may see: opened by a redeemed code, beside the cared-for person's own account.
CREATE TABLE IF NOT EXISTS accesses (
  code TEXT PRIMARY KEY REFERENCES codes (id),
  representative TEXT NOT NULL REFERENCES representatives (number), kvnr TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'CLOSED'))
) STRICT;
CREATE INDEX IF NOT EXISTS accesses_representative ON accesses (representative, kvnr);
