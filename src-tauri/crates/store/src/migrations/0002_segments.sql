-- Records, that is what this desk signs, follow each other without gaps: here is the last one, to which the next one links.
CREATE TABLE record_chain (
    one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seq  INTEGER NOT NULL CHECK (seq >= 0),
    hash BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

INSERT INTO record_chain (one, seq, hash) VALUES (1, 0, zeroblob(32));

CREATE TRIGGER record_chain_goes_on_by_one BEFORE UPDATE ON record_chain WHEN NEW.seq <> OLD.seq + 1
BEGIN SELECT RAISE(ABORT, 'a record follows the one before it'); END;

CREATE TRIGGER record_chain_is_never_removed BEFORE DELETE ON record_chain
BEGIN SELECT RAISE(ABORT, 'the chain of records is never forgotten'); END;

-- Pieces of the journal that the account service was told of, one behind the other. `hash` is that of the last event, which
-- the service's checkpoint (a JWS) countersigns. A pruned segment's events are gone; its row stays.
CREATE TABLE segment (
    until_seq       INTEGER PRIMARY KEY,
    from_seq        INTEGER NOT NULL UNIQUE CHECK (from_seq BETWEEN 1 AND until_seq),
    id              BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    day             TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
    prev            BLOB    NOT NULL CHECK (length(prev) = 32),
    hash            BLOB    NOT NULL CHECK (length(hash) = 32),
    cut_at_us       INTEGER NOT NULL,
    confirmed_at_us INTEGER,
    pruned_at_us    INTEGER,
    checkpoint      TEXT    CHECK (length(checkpoint) BETWEEN 1 AND 16384),
    CHECK ((checkpoint IS NULL) = (confirmed_at_us IS NULL)),
    CHECK (pruned_at_us IS NULL OR checkpoint IS NOT NULL)
) STRICT;

CREATE INDEX segment_pruned ON segment (until_seq) WHERE pruned_at_us IS NOT NULL;

CREATE TRIGGER segment_continues_the_last BEFORE INSERT ON segment
WHEN NEW.from_seq <> (SELECT coalesce(max(until_seq), 0) + 1 FROM segment)
BEGIN SELECT RAISE(ABORT, 'a segment continues the one before it'); END;

CREATE TRIGGER segment_is_confirmed_and_pruned_once BEFORE UPDATE ON segment
WHEN NEW.until_seq <> OLD.until_seq OR NEW.from_seq <> OLD.from_seq OR NEW.id <> OLD.id OR NEW.day <> OLD.day
  OR NEW.prev <> OLD.prev OR NEW.hash <> OLD.hash OR NEW.cut_at_us <> OLD.cut_at_us
  OR (OLD.checkpoint IS NOT NULL
      AND (NEW.checkpoint IS NOT OLD.checkpoint OR NEW.confirmed_at_us IS NOT OLD.confirmed_at_us))
  OR (OLD.pruned_at_us IS NOT NULL AND NEW.pruned_at_us IS NOT OLD.pruned_at_us)
BEGIN SELECT RAISE(ABORT, 'a segment is never changed'); END;

CREATE TRIGGER segment_is_pruned_in_order_and_erased BEFORE UPDATE OF pruned_at_us ON segment
WHEN NEW.pruned_at_us IS NOT NULL AND OLD.pruned_at_us IS NULL
 AND (EXISTS (SELECT 1 FROM segment WHERE until_seq < NEW.until_seq AND pruned_at_us IS NULL)
      OR EXISTS (SELECT 1 FROM journal JOIN scope_key USING (scope_id)
                 WHERE seq BETWEEN NEW.from_seq AND NEW.until_seq AND key IS NOT NULL)
      OR EXISTS (SELECT 1 FROM journal JOIN visit USING (visit)
                 WHERE seq BETWEEN NEW.from_seq AND NEW.until_seq AND state = 'open'))
BEGIN SELECT RAISE(ABORT, 'only what was erased is pruned, from the beginning'); END;

CREATE TRIGGER segment_is_never_removed BEFORE DELETE ON segment
BEGIN SELECT RAISE(ABORT, 'a segment is never forgotten'); END;

-- A row goes only with its segment, and that only behind a checkpoint.
DROP TRIGGER journal_is_never_shortened;

CREATE TRIGGER journal_is_shortened_behind_a_checkpoint_only BEFORE DELETE ON journal
WHEN (SELECT pruned_at_us FROM segment WHERE until_seq >= OLD.seq ORDER BY until_seq LIMIT 1) IS NULL
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- The outbox anew, because SQLite can't change a CHECK: rows of the desk itself belong to no visit, a refusal says why, and
-- a supervisor closes what was refused for good or can't be read.
DROP VIEW outbox_head;

CREATE TABLE outbox_anew (
    seq             INTEGER PRIMARY KEY CHECK (seq > 0),
    id              BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    visit           BLOB    CHECK (length(visit) = 16),
    scope_kind      TEXT    NOT NULL CHECK (scope_kind IN ('visit', 'identification', 'concern', 'desk')),
    scope_id        BLOB    NOT NULL REFERENCES scope_key (scope_id),
    kind            TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    created_at_us   INTEGER NOT NULL,
    state           TEXT    NOT NULL
                    CHECK (state IN ('pending', 'in_flight', 'unknown', 'delivered', 'refused', 'parked')),
    attempts        INTEGER NOT NULL CHECK (attempts >= 0),
    maybe_arrived   INTEGER NOT NULL DEFAULT 0 CHECK (maybe_arrived IN (0, 1)),
    next_attempt_us INTEGER NOT NULL,
    lease_until_us  INTEGER,
    last_outcome    TEXT    CHECK (last_outcome IN ('retry', 'not_sent', 'unknown', 'delivered', 'refused', 'erased',
                                                    'unreadable')),
    problem         TEXT    CHECK (length(problem) BETWEEN 1 AND 64),
    settled_at_us   INTEGER,
    closed_at_us    INTEGER,
    closed_by       TEXT    CHECK (length(closed_by) BETWEEN 1 AND 64),
    nonce           BLOB    NOT NULL CHECK (length(nonce) = 12),
    payload         BLOB    CHECK (length(payload) >= 16),
    CHECK ((visit IS NULL) = (scope_kind = 'desk')),
    CHECK ((state = 'in_flight') = (lease_until_us IS NOT NULL)),
    CHECK ((state IN ('delivered', 'refused', 'parked')) = (settled_at_us IS NOT NULL)),
    CHECK (state = 'refused' OR problem IS NULL),
    CHECK ((closed_at_us IS NULL) = (closed_by IS NULL)),
    CHECK (closed_at_us IS NULL OR state IN ('refused', 'parked')),
    CHECK (payload IS NOT NULL OR last_outcome IN ('erased', 'unreadable'))
) STRICT;

INSERT INTO outbox_anew (seq, id, visit, scope_kind, scope_id, kind, created_at_us, state, attempts, maybe_arrived,
                         next_attempt_us, lease_until_us, last_outcome, settled_at_us, nonce, payload)
SELECT seq, id, visit, scope_kind, scope_id, kind, created_at_us, state, attempts, state IN ('in_flight', 'unknown'),
       next_attempt_us, lease_until_us, last_outcome, settled_at_us, nonce, payload FROM outbox;

DROP TABLE outbox;

ALTER TABLE outbox_anew RENAME TO outbox;

CREATE INDEX outbox_waiting ON outbox (visit, seq) WHERE settled_at_us IS NULL;

CREATE INDEX outbox_by_scope ON outbox (scope_id);

CREATE INDEX outbox_failed ON outbox (settled_at_us, state, last_outcome, closed_at_us)
WHERE state IN ('refused', 'parked');

CREATE INDEX outbox_erased ON outbox (settled_at_us) WHERE last_outcome = 'erased';

-- The first undelivered row of every visit, and of the desk itself: nothing behind it has its turn.
CREATE VIEW outbox_head AS
SELECT seq, attempts, coalesce(lease_until_us, next_attempt_us) AS due_us FROM outbox
WHERE seq IN (SELECT min(seq) FROM outbox WHERE settled_at_us IS NULL GROUP BY visit);

-- Which visit a sheet's public reference and a code belong to; goes with its concern. Derived from the journal.
CREATE TABLE code_reference (
    reference TEXT NOT NULL PRIMARY KEY CHECK (length(reference) BETWEEN 1 AND 16),
    code      BLOB NOT NULL UNIQUE CHECK (length(code) = 16),
    visit     BLOB NOT NULL CHECK (length(visit) = 16),
    scope_id  BLOB NOT NULL CHECK (length(scope_id) = 16)
) STRICT;

CREATE INDEX code_reference_by_visit ON code_reference (visit);

CREATE INDEX code_reference_by_scope ON code_reference (scope_id);
