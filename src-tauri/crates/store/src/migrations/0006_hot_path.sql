-- An event is written in the fewest steps. What was in the way, measured:
-- 1. A trigger on the journal makes SQLite keep every page that an event touches a second time, to be able to take the one
--    statement back, and build a table in memory for what the trigger selects. The program enters a scope into retention
--    when it writes to it.
-- 2. A CHECK with IN and more than two values builds a table in memory each time; two are compared. The rules
--    say the same with OR.
-- 3. A scope's events are among those of its visit, which has an index.
DROP TRIGGER journal_enters_retention;

DROP TRIGGER outbox_enters_retention;

CREATE TRIGGER retention_stays_with_its_visit BEFORE UPDATE ON retention
WHEN NEW.scope_id <> OLD.scope_id OR NEW.visit <> OLD.visit
BEGIN SELECT RAISE(ABORT, 'a scope belongs to one visit'); END;

-- SQLite can't change a CHECK: the tables anew, and all that hangs on them.

DROP VIEW listed_visit;

DROP VIEW retention_end;

DROP VIEW retention_start;

DROP VIEW outbox_done;

DROP VIEW outbox_head;

DROP TRIGGER segment_is_pruned_in_order_and_erased;

CREATE TABLE journal_anew (
    seq        INTEGER PRIMARY KEY CHECK (seq > 0),
    event_id   BLOB    NOT NULL UNIQUE CHECK (length(event_id) = 16),
    visit      BLOB    NOT NULL CHECK (length(visit) = 16),
    scope_kind TEXT    NOT NULL CHECK (scope_kind = 'visit' OR scope_kind = 'identification' OR scope_kind = 'concern'),
    scope_id   BLOB    NOT NULL REFERENCES scope_key (scope_id),
    kind       TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    version    INTEGER NOT NULL CHECK (version > 0),
    at_us      INTEGER NOT NULL,
    nonce      BLOB    NOT NULL CHECK (length(nonce) = 12),
    sealed     BLOB    NOT NULL CHECK (length(sealed) >= 16),
    prev       BLOB    NOT NULL CHECK (length(prev) = 32),
    hash       BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

INSERT INTO journal_anew (seq, event_id, visit, scope_kind, scope_id, kind, version, at_us, nonce, sealed, prev, hash)
SELECT seq, event_id, visit, scope_kind, scope_id, kind, version, at_us, nonce, sealed, prev, hash FROM journal;

DROP TABLE journal;

ALTER TABLE journal_anew RENAME TO journal;

CREATE TABLE outbox_anew (
    seq             INTEGER PRIMARY KEY CHECK (seq > 0),
    id              BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    visit           BLOB    CHECK (length(visit) = 16),
    scope_kind      TEXT    NOT NULL CHECK (scope_kind IN ('visit', 'identification')
                                    OR scope_kind IN ('concern', 'desk')),
    scope_id        BLOB    NOT NULL REFERENCES scope_key (scope_id),
    kind            TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    created_at_us   INTEGER NOT NULL,
    state           TEXT    NOT NULL
                    CHECK (state IN ('pending', 'in_flight') OR state IN ('unknown', 'delivered')
                           OR state IN ('refused', 'parked')),
    attempts        INTEGER NOT NULL CHECK (attempts >= 0),
    maybe_arrived   INTEGER NOT NULL DEFAULT 0 CHECK (maybe_arrived IN (0, 1)),
    next_attempt_us INTEGER NOT NULL,
    lease_until_us  INTEGER,
    last_outcome    TEXT    CHECK (last_outcome IN ('retry', 'not_sent') OR last_outcome IN ('unknown', 'delivered')
                               OR last_outcome IN ('refused', 'erased') OR last_outcome = 'unreadable'),
    problem         TEXT    CHECK (length(problem) BETWEEN 1 AND 64),
    settled_at_us   INTEGER,
    closed_at_us    INTEGER,
    closed_by       TEXT    CHECK (length(closed_by) BETWEEN 1 AND 64),
    nonce           BLOB    NOT NULL CHECK (length(nonce) = 12),
    payload         BLOB    CHECK (length(payload) >= 16),
    CHECK ((visit IS NULL) = (scope_kind = 'desk')),
    CHECK ((state = 'in_flight') = (lease_until_us IS NOT NULL)),
    CHECK ((state = 'delivered' OR state IN ('refused', 'parked')) = (settled_at_us IS NOT NULL)),
    CHECK (state = 'refused' OR problem IS NULL),
    CHECK ((closed_at_us IS NULL) = (closed_by IS NULL)),
    CHECK (closed_at_us IS NULL OR state IN ('refused', 'parked')),
    CHECK (payload IS NOT NULL OR last_outcome IN ('erased', 'unreadable'))
) STRICT;

INSERT INTO outbox_anew (seq, id, visit, scope_kind, scope_id, kind, created_at_us, state, attempts, maybe_arrived,
                         next_attempt_us, lease_until_us, last_outcome, problem, settled_at_us, closed_at_us,
                         closed_by, nonce, payload)
SELECT seq, id, visit, scope_kind, scope_id, kind, created_at_us, state, attempts, maybe_arrived, next_attempt_us,
       lease_until_us, last_outcome, problem, settled_at_us, closed_at_us, closed_by, nonce, payload FROM outbox;

DROP TABLE outbox;

ALTER TABLE outbox_anew RENAME TO outbox;

CREATE TABLE visit_anew (
    visit         BLOB    NOT NULL PRIMARY KEY CHECK (length(visit) = 16),
    state         TEXT    NOT NULL CHECK (state = 'open' OR state = 'ended' OR state = 'aborted'),
    operator      TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 64),
    opened_at_us  INTEGER NOT NULL,
    closed_at_us  INTEGER,
    changed_at_us INTEGER NOT NULL,
    review        TEXT    CHECK (review = 'agree' OR review = 'formal_defect' OR review = 'substantial_defect'),
    CHECK ((state = 'open') = (closed_at_us IS NULL)),
    CHECK (state <> 'open' OR review IS NULL)
) STRICT;

INSERT INTO visit_anew (visit, state, operator, opened_at_us, closed_at_us, changed_at_us, review)
SELECT visit, state, operator, opened_at_us, closed_at_us, changed_at_us, review FROM visit;

DROP TABLE visit;

ALTER TABLE visit_anew RENAME TO visit;

CREATE INDEX journal_by_visit ON journal (visit, seq);

CREATE INDEX outbox_waiting ON outbox (visit, seq) WHERE settled_at_us IS NULL;

CREATE INDEX outbox_by_scope ON outbox (scope_id);

CREATE INDEX outbox_failed ON outbox (settled_at_us, state, last_outcome, closed_at_us)
WHERE state IN ('refused', 'parked');

CREATE INDEX outbox_erased ON outbox (settled_at_us) WHERE last_outcome = 'erased';

CREATE INDEX visit_by_opening ON visit (opened_at_us);

CREATE INDEX visit_open ON visit (opened_at_us) WHERE state = 'open';

CREATE INDEX visit_unreviewed ON visit (closed_at_us) WHERE state = 'ended' AND review IS NULL;

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_is_shortened_behind_a_checkpoint_only BEFORE DELETE ON journal
WHEN (SELECT pruned_at_us FROM segment WHERE until_seq >= OLD.seq ORDER BY until_seq LIMIT 1) IS NULL
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER segment_is_pruned_in_order_and_erased BEFORE UPDATE OF pruned_at_us ON segment
WHEN NEW.pruned_at_us IS NOT NULL AND OLD.pruned_at_us IS NULL
 AND (EXISTS (SELECT 1 FROM segment WHERE until_seq < NEW.until_seq AND pruned_at_us IS NULL)
      OR EXISTS (SELECT 1 FROM journal JOIN scope_key USING (scope_id)
                 WHERE seq BETWEEN NEW.from_seq AND NEW.until_seq AND key IS NOT NULL)
      OR EXISTS (SELECT 1 FROM journal JOIN visit USING (visit)
                 WHERE seq BETWEEN NEW.from_seq AND NEW.until_seq AND state = 'open'))
BEGIN SELECT RAISE(ABORT, 'only what was erased is pruned, from the beginning'); END;

CREATE VIEW outbox_head AS
SELECT seq, attempts, coalesce(lease_until_us, next_attempt_us) AS due_us FROM outbox
WHERE seq IN (SELECT min(seq) FROM outbox WHERE settled_at_us IS NULL GROUP BY visit);

CREATE VIEW outbox_done AS
SELECT scope_id, CASE WHEN state = 'refused' OR last_outcome = 'unreadable' THEN closed_at_us
                      ELSE settled_at_us END AS done_at_us
FROM outbox;

CREATE VIEW retention_start AS
SELECT r.scope_id, r.visit, r.class, CASE r.class
    WHEN 'draft' THEN r.wiped_at_us
    WHEN 'record' THEN max(
        v.closed_at_us,
        (SELECT iif(count(*) = count(done_at_us), coalesce(max(done_at_us), 0), NULL)
         FROM outbox_done WHERE scope_id = r.scope_id))
    ELSE max(
        v.closed_at_us,
        (SELECT iif(count(*) = count(done_at_us), coalesce(max(done_at_us), 0), NULL)
         FROM retention AS own CROSS JOIN outbox_done USING (scope_id) WHERE own.visit = r.visit),
        (SELECT confirmed_at_us FROM segment
         WHERE until_seq >= (SELECT max(seq) FROM journal WHERE visit = r.visit) ORDER BY until_seq LIMIT 1))
    END AS start_us
FROM retention AS r LEFT JOIN visit AS v USING (visit)
WHERE r.erased_in IS NULL;

CREATE VIEW retention_end AS
SELECT scope_id, visit, class, start_us + period_us AS delete_after_us,
       EXISTS (SELECT 1 FROM legal_hold AS h WHERE h.visit = s.visit AND released_at_us IS NULL) AS held
FROM retention_start AS s LEFT JOIN retention_period USING (class);

CREATE VIEW listed_visit AS
SELECT v.*, h.reason, h.placed_by, h.placed_at_us,
       (SELECT iif(count(*) = count(delete_after_us), max(delete_after_us), NULL)
        FROM retention_end AS e WHERE e.visit = v.visit AND e.class <> 'audit') AS delete_after_us
FROM visit AS v LEFT JOIN legal_hold AS h ON h.visit = v.visit AND h.released_at_us IS NULL;
