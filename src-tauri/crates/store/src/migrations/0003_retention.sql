-- How long each class of data is kept, as the last run of erasures was told; drafts go at once.
CREATE TABLE retention_period (
    class     TEXT    NOT NULL PRIMARY KEY CHECK (class IN ('draft', 'record', 'audit')),
    period_us INTEGER NOT NULL CHECK (period_us >= 0)
) STRICT;

INSERT INTO retention_period (class, period_us) VALUES ('draft', 0);

-- What each run of erasures did, and its proof: counts and times only, so it stays.
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

-- The last line of the list of erasures (a file beside the store) that this database has carried out.
CREATE TABLE erasure_list (
    one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    lines INTEGER NOT NULL CHECK (lines >= 0),
    hash  BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- What class each scope is of that was not erased, and whose visit it belongs to. `draft`: was to be wiped, and a legal hold
-- has put that off. `erased_in`: erased by a run that is not proven yet.
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

INSERT INTO retention (scope_id, visit, class)
SELECT scope_id, visit, iif(scope_kind = 'visit', 'audit', 'record') FROM (
    SELECT scope_id, visit, scope_kind FROM journal
    UNION SELECT scope_id, visit, scope_kind FROM outbox WHERE visit IS NOT NULL
) JOIN scope_key USING (scope_id) WHERE key IS NOT NULL
GROUP BY scope_id;

CREATE TRIGGER journal_enters_retention AFTER INSERT ON journal
BEGIN
    SELECT RAISE(ABORT, 'a scope belongs to one visit')
    WHERE EXISTS (SELECT 1 FROM retention WHERE scope_id = NEW.scope_id AND visit <> NEW.visit);
    INSERT INTO retention (scope_id, visit, class)
    SELECT NEW.scope_id, NEW.visit, iif(NEW.scope_kind = 'visit', 'audit', 'record')
    WHERE NOT EXISTS (SELECT 1 FROM retention WHERE scope_id = NEW.scope_id);
END;

CREATE TRIGGER outbox_enters_retention AFTER INSERT ON outbox WHEN NEW.visit IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a scope belongs to one visit')
    WHERE EXISTS (SELECT 1 FROM retention WHERE scope_id = NEW.scope_id AND visit <> NEW.visit);
    INSERT INTO retention (scope_id, visit, class)
    SELECT NEW.scope_id, NEW.visit, iif(NEW.scope_kind = 'visit', 'audit', 'record')
    WHERE NOT EXISTS (SELECT 1 FROM retention WHERE scope_id = NEW.scope_id);
END;

-- While it is in force nothing of the visit is erased. Ended ones are kept as long as the visit is.
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

CREATE UNIQUE INDEX legal_hold_in_force ON legal_hold (visit) WHERE released_at_us IS NULL;

CREATE INDEX legal_hold_by_visit ON legal_hold (visit);

CREATE TRIGGER legal_hold_keeps_the_keys BEFORE UPDATE OF key ON scope_key
WHEN NEW.key IS NULL AND EXISTS (SELECT 1 FROM retention JOIN legal_hold USING (visit)
                                 WHERE scope_id = OLD.scope_id AND released_at_us IS NULL)
BEGIN SELECT RAISE(ABORT, 'the visit is under a legal hold'); END;

-- Since when nobody has to do anything about an outbox row: it was delivered or erased, or a supervisor has closed it.
CREATE VIEW outbox_done AS
SELECT scope_id, CASE WHEN state = 'refused' OR last_outcome = 'unreadable' THEN closed_at_us
                      ELSE settled_at_us END AS done_at_us
FROM outbox;

-- From when on a scope's time runs: for the evidence since it was delivered and the visit was over; for the desk's own
-- record of the visit since all of that was, and the service had countersigned its events. NULL: not yet.
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

-- When a scope goes, unless it is held.
CREATE VIEW retention_end AS
SELECT scope_id, visit, class, start_us + period_us AS delete_after_us,
       EXISTS (SELECT 1 FROM legal_hold AS h WHERE h.visit = s.visit AND released_at_us IS NULL) AS held
FROM retention_start AS s LEFT JOIN retention_period USING (class);

-- The list of visits with what a person wants to know of their data: when the evidence goes, and what keeps it.
CREATE VIEW listed_visit AS
SELECT v.*, h.reason, h.placed_by, h.placed_at_us,
       (SELECT iif(count(*) = count(delete_after_us), max(delete_after_us), NULL)
        FROM retention_end AS e WHERE e.visit = v.visit AND e.class <> 'audit') AS delete_after_us
FROM visit AS v LEFT JOIN legal_hold AS h ON h.visit = v.visit AND h.released_at_us IS NULL;
