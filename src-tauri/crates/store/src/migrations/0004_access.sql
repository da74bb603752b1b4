-- The key under which the access log names people; it never leaves the database.
CREATE TABLE access_key (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    key BLOB    NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TRIGGER access_key_is_never_changed BEFORE UPDATE ON access_key
BEGIN SELECT RAISE(ABORT, 'the access log would no longer know anybody'); END;

CREATE TRIGGER access_key_is_never_removed BEFORE DELETE ON access_key
BEGIN SELECT RAISE(ABORT, 'the access log would no longer know anybody'); END;

-- Who looked up whom, and why; behind it, as an entry of its own, what was shown. Hash-chained.
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

-- The last entry that went because its time was over: the chain goes on behind it.
CREATE TABLE access_log_start (
    one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seq  INTEGER NOT NULL CHECK (seq >= 0),
    hash BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER access_log_start_only_moves_on BEFORE UPDATE ON access_log_start WHEN NEW.seq <= OLD.seq
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

CREATE TRIGGER access_log_start_is_never_removed BEFORE DELETE ON access_log_start
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

CREATE TRIGGER access_log_is_never_changed BEFORE UPDATE ON access_log
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

CREATE TRIGGER access_log_loses_its_oldest_only BEFORE DELETE ON access_log
WHEN OLD.seq > (SELECT coalesce(max(seq), 0) FROM access_log_start)
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
