-- The store of one device, version 1. Never edited after release: later versions are files of their own.
-- Everything is STRICT and NOT NULL; an empty blob stands for "none", and an absent row for "gone".

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE roster_statement (
    version INTEGER NOT NULL PRIMARY KEY,
    bytes   BLOB NOT NULL
) STRICT;

CREATE TABLE epoch_secret (
    reader_group BLOB NOT NULL,
    epoch        INTEGER NOT NULL,
    secret       BLOB NOT NULL,
    PRIMARY KEY (reader_group, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE form (
    hash           BLOB NOT NULL PRIMARY KEY,
    form_id        TEXT NOT NULL,
    version        TEXT NOT NULL,
    title          TEXT NOT NULL,
    sharing        TEXT NOT NULL,
    retention_days INTEGER NOT NULL,
    definition     BLOB NOT NULL,
    dictionary     BLOB NOT NULL
) STRICT;

CREATE TABLE form_attachment (
    form  BLOB NOT NULL REFERENCES form (hash) ON DELETE CASCADE,
    name  TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (form, name)
) STRICT;

-- `handed_over`, `offices` and `received_ms` repeat what batch_payload, item, segment and receipt_segment say,
-- so that a list of ten thousand records is one indexed query. `tables/delivery.rs` keeps them true.
CREATE TABLE record (
    row         INTEGER NOT NULL PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    form        BLOB NOT NULL,
    sharing     TEXT NOT NULL,
    team        BLOB NOT NULL,
    author      BLOB NOT NULL,
    created_ms  INTEGER NOT NULL,
    updated_ms  INTEGER NOT NULL,
    state       INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    reason      TEXT NOT NULL,
    summary     TEXT NOT NULL,
    handed_over INTEGER NOT NULL DEFAULT 0,
    offices     INTEGER NOT NULL DEFAULT 0,
    received_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX record_by_update ON record (updated_ms DESC, row DESC);
CREATE INDEX record_by_office ON record (offices) WHERE offices > 0;

-- A part whose key is gone keeps its row, so that the device still knows that it sealed one.
CREATE TABLE part (
    id           BLOB NOT NULL PRIMARY KEY,
    record       INTEGER NOT NULL REFERENCES record (row) ON DELETE CASCADE,
    kind         TEXT NOT NULL,
    form         BLOB NOT NULL,
    own          INTEGER NOT NULL,
    sealed       INTEGER NOT NULL DEFAULT 0,
    document     BLOB NOT NULL DEFAULT X'',
    heads        BLOB NOT NULL DEFAULT X'',
    opened_heads BLOB NOT NULL DEFAULT X''
) STRICT;

CREATE INDEX part_by_record ON part (record);

CREATE TABLE part_key (
    part BLOB NOT NULL PRIMARY KEY,
    key  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- One table and one leaf page for each saved answer: the key is the order of writing, drawn by the process that
-- holds the lock, so there is neither a sequence table nor an index to write.
CREATE TABLE journal (
    part BLOB NOT NULL,
    n    INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (part, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
    compartment BLOB NOT NULL PRIMARY KEY,
    state       BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batch_payload (
    compartment BLOB NOT NULL,
    idx         INTEGER NOT NULL,
    record      BLOB NOT NULL,
    sealed      BLOB NOT NULL,
    PRIMARY KEY (compartment, idx)
) STRICT;

CREATE INDEX batch_payload_by_record ON batch_payload (record) WHERE record <> X'';

CREATE TABLE segment (
    row         INTEGER NOT NULL PRIMARY KEY,
    hash        BLOB NOT NULL UNIQUE,
    log         BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    own         INTEGER NOT NULL,
    payloads    INTEGER NOT NULL,
    pruned      INTEGER NOT NULL DEFAULT 0,
    handed_over INTEGER NOT NULL,
    stored_ms   INTEGER NOT NULL,
    bytes       BLOB NOT NULL
) STRICT;

CREATE INDEX segment_by_log ON segment (log, seq);
CREATE INDEX segment_kept ON segment (own) WHERE handed_over = 0;

-- Which payload of which segment belongs to which record.
CREATE TABLE item (
    segment INTEGER NOT NULL REFERENCES segment (row) ON DELETE CASCADE,
    idx     INTEGER NOT NULL,
    record  BLOB NOT NULL,
    PRIMARY KEY (segment, idx)
) STRICT, WITHOUT ROWID;

CREATE INDEX item_by_record ON item (record);

CREATE TABLE handed_over (
    segment   INTEGER NOT NULL REFERENCES segment (row) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    PRIMARY KEY (segment, recipient)
) STRICT, WITHOUT ROWID;

CREATE TABLE chain (
    log   BLOB NOT NULL PRIMARY KEY,
    state BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE held (
    row         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,
    reason      TEXT NOT NULL,
    quarantined INTEGER NOT NULL,
    log         BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    hash        BLOB NOT NULL,
    idx         INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    bytes       BLOB NOT NULL,
    UNIQUE (kind, hash, idx)
) STRICT;

CREATE TABLE receipt (
    office BLOB NOT NULL PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What a receipt says about segments: applied whole, or all but the payloads in receipt_held.
CREATE TABLE receipt_segment (
    segment BLOB NOT NULL,
    office  BLOB NOT NULL,
    PRIMARY KEY (segment, office)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt_held (
    segment BLOB NOT NULL,
    idx     INTEGER NOT NULL,
    office  BLOB NOT NULL,
    PRIMARY KEY (segment, idx, office)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    id     BLOB NOT NULL PRIMARY KEY,
    record BLOB NOT NULL,
    kind   TEXT NOT NULL,
    body   BLOB NOT NULL,
    at_ms  INTEGER NOT NULL,
    seen   INTEGER NOT NULL
) STRICT;

CREATE INDEX message_by_record ON message (record, at_ms);

CREATE TABLE pruned (
    form  BLOB NOT NULL,
    day   TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (form, day)
) STRICT, WITHOUT ROWID;

-- The text of shared parts, never of severe ones. The row is the record's. Positions are left out of the index:
-- phrases are not searched for, and a word that stands in most records is found several times faster.
CREATE VIRTUAL TABLE search USING fts5 (
    body,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'",
    prefix = '2 3',
    detail = none
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
