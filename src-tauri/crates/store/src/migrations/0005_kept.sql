-- What the desk keeps beside its records and must find again at the next start: the newest signed policy, the service's
-- keys, the last contact. Nothing personal.
CREATE TABLE kept (
    name       TEXT    NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    value      BLOB    NOT NULL CHECK (length(value) <= 262144),
    kept_at_us INTEGER NOT NULL
) STRICT;
