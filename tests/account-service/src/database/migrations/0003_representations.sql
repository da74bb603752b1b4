-- Representations as desks delivered them: the deed (JSON) that was accepted. Until now deeds were told with their codes
-- and kept there; each of those becomes one under its code's id.
CREATE TABLE deeds (
  id TEXT NOT NULL PRIMARY KEY, desk TEXT NOT NULL,
  identification TEXT NOT NULL REFERENCES identifications (id),
  representative TEXT NOT NULL REFERENCES representatives (number), kvnr TEXT NOT NULL,
  operator TEXT, deed TEXT NOT NULL, accepted_at BIGINT NOT NULL, ended BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX deeds_representative ON deeds (representative, kvnr);
CREATE INDEX deeds_kvnr ON deeds (kvnr);
CREATE INDEX deeds_identification ON deeds (identification);
INSERT INTO deeds (id, desk, identification, representative, kvnr, deed, accepted_at)
  SELECT id, desk, identification, representative, kvnr, authority, accepted_at FROM codes
  WHERE representative IS NOT NULL;
-- SQLite drops no column that a constraint names: the table is made anew, and with it those that refer to it.
CREATE TABLE codes_anew (
  id TEXT NOT NULL PRIMARY KEY, desk TEXT NOT NULL,
  identification TEXT NOT NULL REFERENCES identifications (id),
  registration TEXT REFERENCES registrations (id),
  representative TEXT REFERENCES representatives (number), representation TEXT REFERENCES deeds (id),
  kvnr TEXT NOT NULL, purpose TEXT NOT NULL, reference TEXT NOT NULL UNIQUE, valid_until TEXT NOT NULL,
  verifier BYTEA NOT NULL, tries_left BIGINT NOT NULL CHECK (tries_left BETWEEN 0 AND 5),
  awaiting_release BOOLEAN NOT NULL, handed_over BOOLEAN NOT NULL DEFAULT FALSE, accepted_at BIGINT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('ACCEPTED', 'ACTIVE', 'REDEEMED', 'EXPIRED', 'LOCKED', 'REVOKED', 'VOIDED')),
  CHECK ((registration IS NULL) <> (representative IS NULL)),
  CHECK ((representation IS NULL) = (representative IS NULL))
);
INSERT INTO codes_anew (id, desk, identification, registration, representative, representation, kvnr, purpose, reference,
                        valid_until, verifier, tries_left, awaiting_release, handed_over, accepted_at, state)
  SELECT id, desk, identification, registration, representative, CASE WHEN representative IS NULL THEN NULL ELSE id END,
         kvnr, purpose, reference, valid_until, verifier, tries_left, awaiting_release, handed_over, accepted_at, state
  FROM codes;
CREATE TABLE accesses_anew (
  code TEXT NOT NULL PRIMARY KEY REFERENCES codes_anew (id),
  representative TEXT NOT NULL REFERENCES representatives (number), kvnr TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'CLOSED'))
);
INSERT INTO accesses_anew (code, representative, kvnr, state) SELECT code, representative, kvnr, state FROM accesses;
CREATE TABLE event_codes_anew (
  seq BIGINT NOT NULL REFERENCES events (seq), code TEXT NOT NULL REFERENCES codes_anew (id), desk TEXT NOT NULL,
  PRIMARY KEY (seq, code)
);
INSERT INTO event_codes_anew (seq, code, desk) SELECT seq, code, desk FROM event_codes;
CREATE TABLE notices_anew (
  id TEXT NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE REFERENCES codes_anew (id), kvnr TEXT NOT NULL,
  purpose TEXT NOT NULL, desk TEXT NOT NULL, at BIGINT NOT NULL, objected BOOLEAN NOT NULL
);
INSERT INTO notices_anew (id, code, kvnr, purpose, desk, at, objected)
  SELECT id, code, kvnr, purpose, desk, at, objected FROM notices;
DROP TABLE accesses;
DROP TABLE event_codes;
DROP TABLE notices;
DROP TABLE codes;
ALTER TABLE codes_anew RENAME TO codes;
ALTER TABLE accesses_anew RENAME TO accesses;
ALTER TABLE event_codes_anew RENAME TO event_codes;
ALTER TABLE notices_anew RENAME TO notices;
CREATE INDEX codes_kvnr ON codes (kvnr);
CREATE INDEX codes_identification ON codes (identification);
CREATE INDEX codes_registration ON codes (registration);
CREATE INDEX codes_representative ON codes (representative);
CREATE INDEX accesses_representative ON accesses (representative, kvnr);
CREATE INDEX event_codes_desk ON event_codes (desk, seq);
CREATE INDEX notices_kvnr ON notices (kvnr, at);
