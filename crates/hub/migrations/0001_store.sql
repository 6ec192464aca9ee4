-- What the relay holds: ciphertext, and the clear part of segment headers that routing needs.
-- Never edited after release; the next change is 0002.

CREATE TABLE store (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    store_id  BLOB NOT NULL CHECK (length(store_id) = 8),
    workspace BLOB NOT NULL CHECK (length(workspace) = 16)
) STRICT;

CREATE TABLE statement (
    version INTEGER PRIMARY KEY,
    bytes   BLOB NOT NULL
) STRICT;

-- A reader group, one device, or the author of a log (who may ask for the own segments back).
CREATE TABLE reader (
    id  INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE
) STRICT;

-- One row per segment, kept when its bytes are deleted. `previous` is empty for the first of a log.
-- `class` is 0 for alerts. `quota_of` is empty unless the segment is held apart.
CREATE TABLE segment (
    arrival  INTEGER PRIMARY KEY AUTOINCREMENT,
    hash     BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    log      BLOB NOT NULL CHECK (length(log) = 16),
    seq      INTEGER NOT NULL,
    previous BLOB NOT NULL,
    author   BLOB NOT NULL CHECK (length(author) = 16),
    class    INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    erased   INTEGER NOT NULL,
    arrived  INTEGER NOT NULL,
    quota_of BLOB NOT NULL
) STRICT;

CREATE INDEX segment_by_log ON segment (log, seq);
CREATE INDEX segment_by_quota ON segment (quota_of) WHERE quota_of <> x'';

CREATE TABLE segment_body (
    arrival INTEGER PRIMARY KEY,
    bytes   BLOB NOT NULL
) STRICT;

CREATE TABLE segment_reader (
    reader  INTEGER NOT NULL,
    class   INTEGER NOT NULL,
    arrival INTEGER NOT NULL,
    PRIMARY KEY (reader, class, arrival)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt (
    arrival INTEGER PRIMARY KEY AUTOINCREMENT,
    office  BLOB NOT NULL UNIQUE CHECK (length(office) = 16),
    bytes   BLOB NOT NULL
) STRICT;
