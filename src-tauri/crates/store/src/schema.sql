CREATE TABLE access_key (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    key BLOB    NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TRIGGER access_key_is_never_changed BEFORE UPDATE ON access_key
BEGIN SELECT RAISE(ABORT, 'the access log would no longer know anybody'); END;

CREATE TRIGGER access_key_is_never_removed BEFORE DELETE ON access_key
BEGIN SELECT RAISE(ABORT, 'the access log would no longer know anybody'); END;

CREATE TABLE access_log (
    seq       INTEGER PRIMARY KEY CHECK (seq > 0),
    at_us     INTEGER NOT NULL,
    staff     TEXT    CHECK (length(staff) BETWEEN 1 AND 64),
    role      TEXT    CHECK (role IN ('clerk', 'supervisor', 'auditor', 'administrator')),
    place     TEXT    CHECK (length(place) BETWEEN 1 AND 64),
    subject   BLOB    CHECK (length(subject) = 32),
    reason    TEXT    CHECK (reason IN ('card_inserted', 'number_given', 'review', 'inquiry', 'complaint', 'data_access',
                                        'correction')),
    kind      TEXT    CHECK (kind IN ('look_up', 'visit_opened', 'report')),
    result_of INTEGER UNIQUE CHECK (result_of < seq),
    result    TEXT    CHECK (result IN ('shown', 'not_found', 'withheld', 'failed')),
    prev      BLOB    NOT NULL CHECK (length(prev) = 32),
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    CHECK ((result_of IS NULL) = (result IS NULL)),
    CHECK ((result_of IS NULL) = (staff IS NOT NULL)),
    CHECK ((staff IS NULL) = (role IS NULL) AND (staff IS NULL) = (place IS NULL) AND (staff IS NULL) = (subject IS NULL)
           AND (staff IS NULL) = (reason IS NULL) AND (staff IS NULL) = (kind IS NULL))
) STRICT;

CREATE INDEX access_by_subject ON access_log (subject, seq) WHERE subject IS NOT NULL;

CREATE INDEX access_by_time ON access_log (at_us);

CREATE TRIGGER access_log_is_never_changed BEFORE UPDATE ON access_log
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

CREATE TRIGGER access_log_loses_its_oldest_only BEFORE DELETE ON access_log
WHEN OLD.seq > (SELECT coalesce(max(seq), 0) FROM access_log_start)
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

CREATE TABLE access_log_start (
    one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seq  INTEGER NOT NULL CHECK (seq >= 0),
    hash BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER access_log_start_is_never_removed BEFORE DELETE ON access_log_start
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

CREATE TRIGGER access_log_start_only_moves_on BEFORE UPDATE ON access_log_start WHEN NEW.seq <= OLD.seq
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

CREATE TABLE code_reference (
    reference TEXT NOT NULL PRIMARY KEY CHECK (length(reference) BETWEEN 1 AND 16),
    code      BLOB NOT NULL UNIQUE CHECK (length(code) = 16),
    visit     BLOB NOT NULL CHECK (length(visit) = 16),
    scope_id  BLOB NOT NULL CHECK (length(scope_id) = 16)
) STRICT;

CREATE INDEX code_reference_by_scope ON code_reference (scope_id);

CREATE INDEX code_reference_by_visit ON code_reference (visit);

CREATE TABLE erasure_list (
    one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    lines INTEGER NOT NULL CHECK (lines >= 0),
    hash  BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE erasure_run (
    id              BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at_us           INTEGER NOT NULL,
    record_us       INTEGER NOT NULL CHECK (record_us >= 0),
    audit_us        INTEGER NOT NULL CHECK (audit_us >= 0),
    scopes          INTEGER NOT NULL CHECK (scopes >= 0),
    events          INTEGER NOT NULL CHECK (events >= 0),
    outbox_rows     INTEGER NOT NULL CHECK (outbox_rows >= 0),
    visits          INTEGER NOT NULL CHECK (visits >= 0),
    accesses        INTEGER NOT NULL CHECK (accesses >= 0),
    tried_at_us     INTEGER,
    holds           INTEGER CHECK (holds IN (0, 1)),
    pages           INTEGER CHECK (pages >= 0),
    bodies          INTEGER CHECK (bodies >= 0),
    canaries        INTEGER CHECK (canaries >= 0),
    canaries_found  INTEGER CHECK (canaries_found >= 0),
    keys            INTEGER CHECK (keys >= 0),
    keys_found      INTEGER CHECK (keys_found >= 0),
    opened          INTEGER CHECK (opened >= 0),
    CHECK ((tried_at_us IS NULL) = (holds IS NULL))
) STRICT;

CREATE TRIGGER erasure_run_is_never_removed BEFORE DELETE ON erasure_run
BEGIN SELECT RAISE(ABORT, 'a run of erasures is never forgotten'); END;

CREATE TRIGGER erasure_run_stays_proven BEFORE UPDATE ON erasure_run
WHEN OLD.holds = 1 OR NEW.id <> OLD.id OR NEW.at_us <> OLD.at_us OR NEW.record_us <> OLD.record_us
  OR NEW.audit_us <> OLD.audit_us OR NEW.scopes <> OLD.scopes OR NEW.events <> OLD.events
  OR NEW.outbox_rows <> OLD.outbox_rows OR NEW.visits <> OLD.visits OR NEW.accesses <> OLD.accesses
BEGIN SELECT RAISE(ABORT, 'a run of erasures is never changed'); END;

CREATE TABLE "journal" (
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

CREATE INDEX journal_by_visit ON journal (visit, seq);

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_is_shortened_behind_a_checkpoint_only BEFORE DELETE ON journal
WHEN (SELECT pruned_at_us FROM segment WHERE until_seq >= OLD.seq ORDER BY until_seq LIMIT 1) IS NULL
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE kept (
    name       TEXT    NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    value      BLOB    NOT NULL CHECK (length(value) <= 262144),
    kept_at_us INTEGER NOT NULL
) STRICT;

CREATE TABLE legal_hold (
    number         INTEGER PRIMARY KEY,
    visit          BLOB    NOT NULL CHECK (length(visit) = 16),
    reason         TEXT    NOT NULL CHECK (reason IN ('complaint', 'proceedings', 'incident', 'authority', 'restriction')),
    placed_by      TEXT    NOT NULL CHECK (length(placed_by) BETWEEN 1 AND 64),
    placed_at_us   INTEGER NOT NULL,
    released_by    TEXT    CHECK (length(released_by) BETWEEN 1 AND 64),
    released_at_us INTEGER,
    CHECK ((released_by IS NULL) = (released_at_us IS NULL))
) STRICT;

CREATE INDEX legal_hold_by_visit ON legal_hold (visit);

CREATE UNIQUE INDEX legal_hold_in_force ON legal_hold (visit) WHERE released_at_us IS NULL;

CREATE VIEW listed_visit AS
SELECT v.*, h.reason, h.placed_by, h.placed_at_us,
       (SELECT iif(count(*) = count(delete_after_us), max(delete_after_us), NULL)
        FROM retention_end AS e WHERE e.visit = v.visit AND e.class <> 'audit') AS delete_after_us
FROM visit AS v LEFT JOIN legal_hold AS h ON h.visit = v.visit AND h.released_at_us IS NULL;

CREATE TABLE "outbox" (
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

CREATE INDEX outbox_by_scope ON outbox (scope_id);

CREATE INDEX outbox_erased ON outbox (settled_at_us) WHERE last_outcome = 'erased';

CREATE INDEX outbox_failed ON outbox (settled_at_us, state, last_outcome, closed_at_us)
WHERE state IN ('refused', 'parked');

CREATE INDEX outbox_waiting ON outbox (visit, seq) WHERE settled_at_us IS NULL;

CREATE VIEW outbox_done AS
SELECT scope_id, CASE WHEN state = 'refused' OR last_outcome = 'unreadable' THEN closed_at_us
                      ELSE settled_at_us END AS done_at_us
FROM outbox;

CREATE VIEW outbox_head AS
SELECT seq, attempts, coalesce(lease_until_us, next_attempt_us) AS due_us FROM outbox
WHERE seq IN (SELECT min(seq) FROM outbox WHERE settled_at_us IS NULL GROUP BY visit);

CREATE TABLE record_chain (
    one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seq  INTEGER NOT NULL CHECK (seq >= 0),
    hash BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER record_chain_goes_on_by_one BEFORE UPDATE ON record_chain WHEN NEW.seq <> OLD.seq + 1
BEGIN SELECT RAISE(ABORT, 'a record follows the one before it'); END;

CREATE TRIGGER record_chain_is_never_removed BEFORE DELETE ON record_chain
BEGIN SELECT RAISE(ABORT, 'the chain of records is never forgotten'); END;

CREATE TABLE retention (
    scope_id    BLOB    NOT NULL PRIMARY KEY CHECK (length(scope_id) = 16) REFERENCES scope_key (scope_id),
    visit       BLOB    NOT NULL CHECK (length(visit) = 16),
    class       TEXT    NOT NULL CHECK (class IN ('draft', 'record', 'audit')),
    wiped_at_us INTEGER,
    erased_in   BLOB    REFERENCES erasure_run (id) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((class = 'draft') = (wiped_at_us IS NOT NULL))
) STRICT;

CREATE INDEX retention_by_visit ON retention (visit);

CREATE INDEX retention_unproven ON retention (erased_in) WHERE erased_in IS NOT NULL;

CREATE TRIGGER retention_stays_with_its_visit BEFORE UPDATE ON retention
WHEN NEW.scope_id <> OLD.scope_id OR NEW.visit <> OLD.visit
BEGIN SELECT RAISE(ABORT, 'a scope belongs to one visit'); END;

CREATE VIEW retention_end AS
SELECT scope_id, visit, class, start_us + period_us AS delete_after_us,
       EXISTS (SELECT 1 FROM legal_hold AS h WHERE h.visit = s.visit AND released_at_us IS NULL) AS held
FROM retention_start AS s LEFT JOIN retention_period USING (class);

CREATE TABLE retention_period (
    class     TEXT    NOT NULL PRIMARY KEY CHECK (class IN ('draft', 'record', 'audit')),
    period_us INTEGER NOT NULL CHECK (period_us >= 0)
) STRICT;

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

CREATE TABLE scope_key (
    scope_id        BLOB    NOT NULL PRIMARY KEY CHECK (length(scope_id) = 16),
    key             BLOB    CHECK (length(key) = 32),
    destroyed_at_us INTEGER,
    CHECK ((key IS NULL) = (destroyed_at_us IS NOT NULL))
) STRICT;

CREATE TRIGGER legal_hold_keeps_the_keys BEFORE UPDATE OF key ON scope_key
WHEN NEW.key IS NULL AND EXISTS (SELECT 1 FROM retention JOIN legal_hold USING (visit)
                                 WHERE scope_id = OLD.scope_id AND released_at_us IS NULL)
BEGIN SELECT RAISE(ABORT, 'the visit is under a legal hold'); END;

CREATE TRIGGER scope_key_is_never_removed BEFORE DELETE ON scope_key
BEGIN SELECT RAISE(ABORT, 'a scope is never forgotten'); END;

CREATE TRIGGER scope_key_stays_destroyed BEFORE UPDATE ON scope_key WHEN OLD.key IS NULL
BEGIN SELECT RAISE(ABORT, 'a destroyed key stays destroyed'); END;

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

CREATE TRIGGER segment_is_never_removed BEFORE DELETE ON segment
BEGIN SELECT RAISE(ABORT, 'a segment is never forgotten'); END;

CREATE TRIGGER segment_is_pruned_in_order_and_erased BEFORE UPDATE OF pruned_at_us ON segment
WHEN NEW.pruned_at_us IS NOT NULL AND OLD.pruned_at_us IS NULL
 AND (EXISTS (SELECT 1 FROM segment WHERE until_seq < NEW.until_seq AND pruned_at_us IS NULL)
      OR EXISTS (SELECT 1 FROM journal JOIN scope_key USING (scope_id)
                 WHERE seq BETWEEN NEW.from_seq AND NEW.until_seq AND key IS NOT NULL)
      OR EXISTS (SELECT 1 FROM journal JOIN visit USING (visit)
                 WHERE seq BETWEEN NEW.from_seq AND NEW.until_seq AND state = 'open'))
BEGIN SELECT RAISE(ABORT, 'only what was erased is pruned, from the beginning'); END;

CREATE TABLE "visit" (
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

CREATE INDEX visit_by_opening ON visit (opened_at_us);

CREATE INDEX visit_open ON visit (opened_at_us) WHERE state = 'open';

CREATE INDEX visit_unreviewed ON visit (closed_at_us) WHERE state = 'ended' AND review IS NULL;
