-- A desk's lives: each enrolment begins one, and its certificates, renewed ones included, belong to it.
CREATE TABLE lives (desk TEXT NOT NULL, life BIGINT NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (desk, life));
ALTER TABLE desks ADD COLUMN life BIGINT NOT NULL DEFAULT 1;
INSERT INTO lives (desk, life, since) SELECT DISTINCT desk, 1, 0 FROM desks;
-- Signed records of desks, numbered and linked within a life. The body goes when its time is over; number and hashes stay, so that the
-- chain can still be followed.
CREATE TABLE records (
  desk TEXT NOT NULL, life BIGINT NOT NULL, seq BIGINT NOT NULL, hash BYTEA NOT NULL, prev BYTEA NOT NULL,
  path TEXT NOT NULL UNIQUE, body TEXT, accepted_at BIGINT NOT NULL,
  PRIMARY KEY (desk, life, seq)
);
-- Whom an identification is about, for the person's right of access.
CREATE TABLE identified (identification TEXT NOT NULL PRIMARY KEY, kvnr TEXT NOT NULL);
CREATE INDEX identified_kvnr ON identified (kvnr);
-- A certificate that took another's place, by their fingerprints.
CREATE TABLE renewals (
  new BYTEA NOT NULL PRIMARY KEY, old BYTEA NOT NULL, at BIGINT NOT NULL,
  used BOOLEAN NOT NULL, withdrawn BOOLEAN NOT NULL
);
CREATE INDEX renewals_old ON renewals (old);
-- What a desk said last.
CREATE TABLE heartbeats (
  desk TEXT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, app_version TEXT NOT NULL, policy_serial BIGINT NOT NULL,
  waiting BIGINT NOT NULL, refused BIGINT NOT NULL, desk_time BIGINT NOT NULL
);
CREATE TABLE commands (desk TEXT NOT NULL, command TEXT NOT NULL, PRIMARY KEY (desk, command));
CREATE TABLE policies (serial BIGINT NOT NULL PRIMARY KEY, issued_at BIGINT NOT NULL, profile TEXT NOT NULL, bundle TEXT NOT NULL);
-- What happened to a person, and which codes of which desks it is about.
CREATE TABLE events (seq BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, kind TEXT NOT NULL, kvnr TEXT NOT NULL);
CREATE INDEX events_kvnr ON events (kvnr);
CREATE TABLE event_codes (
  seq BIGINT NOT NULL REFERENCES events (seq), code TEXT NOT NULL REFERENCES codes (id), desk TEXT NOT NULL,
  PRIMARY KEY (seq, code)
);
CREATE INDEX event_codes_desk ON event_codes (desk, seq);
CREATE TABLE refusals (
  id TEXT NOT NULL PRIMARY KEY, desk TEXT NOT NULL, kvnr TEXT NOT NULL, operator TEXT NOT NULL, reason TEXT NOT NULL,
  at BIGINT NOT NULL, accepted_at BIGINT NOT NULL
);
CREATE INDEX refusals_kvnr ON refusals (kvnr, accepted_at);
CREATE INDEX refusals_accepted_at ON refusals (accepted_at);
CREATE TABLE blockings (
  id TEXT NOT NULL PRIMARY KEY, desk TEXT NOT NULL, kvnr TEXT NOT NULL, operator TEXT NOT NULL, target TEXT NOT NULL,
  at BIGINT NOT NULL, accepted_at BIGINT NOT NULL
);
CREATE INDEX blockings_kvnr ON blockings (kvnr);
-- How far a desk's journal is anchored; the entries are in the record.
CREATE TABLE segments (
  id TEXT NOT NULL PRIMARY KEY, desk TEXT NOT NULL, life BIGINT NOT NULL, day TEXT NOT NULL,
  from_seq BIGINT NOT NULL, until_seq BIGINT NOT NULL, prev BYTEA NOT NULL, hash BYTEA NOT NULL,
  accepted_at BIGINT NOT NULL,
  UNIQUE (desk, life, from_seq)
);
CREATE INDEX segments_accepted_at ON segments (accepted_at);
-- Since when the service knows how to reach a person.
CREATE TABLE contacts (kvnr TEXT NOT NULL PRIMARY KEY, since BIGINT NOT NULL);
CREATE TABLE notices (
  id TEXT NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE REFERENCES codes (id), kvnr TEXT NOT NULL, purpose TEXT NOT NULL,
  desk TEXT NOT NULL, at BIGINT NOT NULL, objected BOOLEAN NOT NULL
);
CREATE INDEX notices_kvnr ON notices (kvnr, at);
CREATE INDEX lookups_desk ON lookups (desk, at);
CREATE INDEX lookups_kvnr ON lookups (kvnr, at);
