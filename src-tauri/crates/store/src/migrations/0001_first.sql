-- One key per scope: destroying it is what erasing means. A rowid table on purpose: rows are only ever added at the end,
-- so a key is never copied to another page, and overwriting its row leaves none behind.
CREATE TABLE scope_key (
    scope_id        BLOB    NOT NULL PRIMARY KEY CHECK (length(scope_id) = 16),
    key             BLOB    CHECK (length(key) = 32),
    destroyed_at_us INTEGER,
    CHECK ((key IS NULL) = (destroyed_at_us IS NOT NULL))
) STRICT;

CREATE TRIGGER scope_key_stays_destroyed BEFORE UPDATE ON scope_key WHEN OLD.key IS NULL
BEGIN SELECT RAISE(ABORT, 'a destroyed key stays destroyed'); END;

CREATE TRIGGER scope_key_is_never_removed BEFORE DELETE ON scope_key
BEGIN SELECT RAISE(ABORT, 'a scope is never forgotten'); END;

-- What happened: a clear header without personal data, a sealed body, and the hash chain over both.
CREATE TABLE journal (
    seq        INTEGER PRIMARY KEY CHECK (seq > 0),
    event_id   BLOB    NOT NULL UNIQUE CHECK (length(event_id) = 16),
    visit      BLOB    NOT NULL CHECK (length(visit) = 16),
    scope_kind TEXT    NOT NULL CHECK (scope_kind IN ('visit', 'identification', 'concern')),
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

CREATE INDEX journal_by_scope ON journal (scope_id);

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_is_never_shortened BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- What the account service has yet to be told, in the order in which it was written. `id` is the client's idempotency id.
-- The payload stands last, so that looking for the next row doesn't read through any.
CREATE TABLE outbox (
    seq             INTEGER PRIMARY KEY CHECK (seq > 0),
    id              BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    visit           BLOB    NOT NULL CHECK (length(visit) = 16),
    scope_kind      TEXT    NOT NULL CHECK (scope_kind IN ('visit', 'identification', 'concern')),
    scope_id        BLOB    NOT NULL REFERENCES scope_key (scope_id),
    kind            TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    created_at_us   INTEGER NOT NULL,
    state           TEXT    NOT NULL
                    CHECK (state IN ('pending', 'in_flight', 'unknown', 'delivered', 'refused', 'parked')),
    attempts        INTEGER NOT NULL CHECK (attempts >= 0),
    next_attempt_us INTEGER NOT NULL,
    lease_until_us  INTEGER,
    last_outcome    TEXT    CHECK (last_outcome IN
                                   ('retry', 'unknown', 'delivered', 'refused', 'erased', 'unreadable')),
    settled_at_us   INTEGER,
    nonce           BLOB    NOT NULL CHECK (length(nonce) = 12),
    payload         BLOB    CHECK (length(payload) >= 16),
    CHECK ((state = 'in_flight') = (lease_until_us IS NOT NULL)),
    CHECK ((state IN ('delivered', 'refused', 'parked')) = (settled_at_us IS NOT NULL)),
    CHECK (payload IS NOT NULL OR last_outcome IN ('erased', 'unreadable'))
) STRICT;

CREATE INDEX outbox_waiting ON outbox (visit, seq) WHERE settled_at_us IS NULL;

CREATE INDEX outbox_by_scope ON outbox (scope_id);

-- The first undelivered row of every visit: nothing behind it has its turn.
CREATE VIEW outbox_head AS
SELECT seq, attempts, coalesce(lease_until_us, next_attempt_us) AS due_us FROM outbox
WHERE seq IN (SELECT min(seq) FROM outbox WHERE settled_at_us IS NULL GROUP BY visit);

-- Which visits there are: enough to find open ones at start, to list a day and to queue reviews without opening any body.
-- Derived from the journal.
CREATE TABLE visit (
    visit         BLOB    NOT NULL PRIMARY KEY CHECK (length(visit) = 16),
    state         TEXT    NOT NULL CHECK (state IN ('open', 'ended', 'aborted')),
    operator      TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 64),
    opened_at_us  INTEGER NOT NULL,
    closed_at_us  INTEGER,
    changed_at_us INTEGER NOT NULL,
    review        TEXT    CHECK (review IN ('agree', 'formal_defect', 'substantial_defect')),
    CHECK ((state = 'open') = (closed_at_us IS NULL)),
    CHECK (state <> 'open' OR review IS NULL)
) STRICT;

CREATE INDEX visit_by_opening ON visit (opened_at_us);

CREATE INDEX visit_open ON visit (opened_at_us) WHERE state = 'open';

CREATE INDEX visit_unreviewed ON visit (closed_at_us) WHERE state = 'ended' AND review IS NULL;
