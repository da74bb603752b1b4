CREATE TABLE tokens (
  hash BYTEA NOT NULL PRIMARY KEY, desk TEXT NOT NULL, spent BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE TABLE desks (
  fingerprint BYTEA NOT NULL PRIMARY KEY, desk TEXT NOT NULL, revoked BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX desks_desk ON desks (desk);
CREATE TABLE locked_accounts (kvnr TEXT NOT NULL PRIMARY KEY);
CREATE TABLE flags (
  kvnr TEXT NOT NULL, flag TEXT NOT NULL, PRIMARY KEY (kvnr, flag)
);
-- An app. It shows its visit number while it waits to be activated, and when its owner wants the electronic health
-- record (ePA) opened in it.
CREATE TABLE registrations (
  id TEXT NOT NULL PRIMARY KEY, kvnr TEXT NOT NULL, visit_number TEXT UNIQUE, epa BOOLEAN NOT NULL DEFAULT FALSE,
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'ACTIVE', 'SUPERSEDED', 'CLOSED')),
  CHECK (state <> 'OPEN' OR visit_number IS NOT NULL)
);
CREATE INDEX registrations_kvnr ON registrations (kvnr);
CREATE TABLE representatives (
  number TEXT NOT NULL PRIMARY KEY, registration TEXT NOT NULL UNIQUE,
  family_name TEXT NOT NULL, given_names TEXT NOT NULL, birth_date TEXT NOT NULL, kind TEXT NOT NULL,
  locked BOOLEAN NOT NULL DEFAULT FALSE
);
-- The register of representations; an entry is JSON as the contract tells it.
CREATE TABLE representations (
  representative TEXT NOT NULL REFERENCES representatives (number), kvnr TEXT NOT NULL, entry TEXT NOT NULL,
  status TEXT NOT NULL, PRIMARY KEY (representative, kvnr)
);
CREATE INDEX representations_kvnr ON representations (kvnr);
CREATE TABLE lookups (
  at BIGINT NOT NULL, desk TEXT NOT NULL, operation TEXT NOT NULL, kvnr TEXT, representative TEXT, reason TEXT
);
CREATE TABLE deliveries (
  path TEXT NOT NULL PRIMARY KEY, desk TEXT NOT NULL, body_hash BYTEA NOT NULL, answer TEXT NOT NULL
);
CREATE TABLE identifications (
  id TEXT NOT NULL PRIMARY KEY, desk TEXT NOT NULL, record TEXT NOT NULL, accepted_at BIGINT NOT NULL,
  defective BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE TABLE reviews (
  id TEXT NOT NULL PRIMARY KEY, identification TEXT NOT NULL REFERENCES identifications (id), record TEXT NOT NULL
);
CREATE INDEX reviews_identification ON reviews (identification);
-- A code is redeemed by the app's registration or by the representative's account that it is bound to.
CREATE TABLE codes (
  id TEXT NOT NULL PRIMARY KEY, desk TEXT NOT NULL,
  identification TEXT NOT NULL REFERENCES identifications (id),
  registration TEXT REFERENCES registrations (id),
  representative TEXT REFERENCES representatives (number), authority TEXT,
  kvnr TEXT NOT NULL, purpose TEXT NOT NULL, reference TEXT NOT NULL UNIQUE, valid_until TEXT NOT NULL,
  verifier BYTEA NOT NULL, tries_left BIGINT NOT NULL CHECK (tries_left BETWEEN 0 AND 5),
  awaiting_release BOOLEAN NOT NULL, handed_over BOOLEAN NOT NULL DEFAULT FALSE, accepted_at BIGINT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('ACCEPTED', 'ACTIVE', 'REDEEMED', 'EXPIRED', 'LOCKED', 'REVOKED', 'VOIDED')),
  CHECK ((registration IS NULL) <> (representative IS NULL)),
  CHECK ((authority IS NULL) = (representative IS NULL))
);
CREATE INDEX codes_kvnr ON codes (kvnr);
CREATE INDEX codes_identification ON codes (identification);
CREATE INDEX codes_registration ON codes (registration);
CREATE INDEX codes_representative ON codes (representative);
-- What a representative may see: opened by a redeemed code, beside the cared-for person's own account.
CREATE TABLE accesses (
  code TEXT NOT NULL PRIMARY KEY REFERENCES codes (id),
  representative TEXT NOT NULL REFERENCES representatives (number), kvnr TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'CLOSED'))
);
CREATE INDEX accesses_representative ON accesses (representative, kvnr);
