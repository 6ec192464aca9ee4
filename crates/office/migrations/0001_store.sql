-- Headquarters store, version 1. Never edited after release; the next change is 0002.
-- Rows that are written for every record hang on small integer keys, so that a million records with random ids
-- append to their trees instead of splitting pages all over them; the random id is indexed once.

-- Facts about the store itself.
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Every well-signed segment that was seen; both branches of a fork. `opened` is 0 while the whole of it is held.
CREATE TABLE segment (
    hash        BLOB    NOT NULL PRIMARY KEY,
    log         BLOB    NOT NULL,
    seq         INTEGER NOT NULL,
    previous    BLOB    NOT NULL,
    device      BLOB    NOT NULL,
    incarnation BLOB    NOT NULL,
    items       INTEGER NOT NULL,
    opened      INTEGER NOT NULL,
    received    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What could not be applied: an item of a segment, or (item = -1) the whole segment.
CREATE TABLE held (
    digest BLOB    NOT NULL,
    item   INTEGER NOT NULL,
    log    BLOB    NOT NULL,
    seq    INTEGER NOT NULL,
    device BLOB    NOT NULL,
    record BLOB    NOT NULL,
    part   BLOB    NOT NULL,
    state  TEXT    NOT NULL CHECK (state IN ('waiting', 'quarantined', 'review')),
    code   TEXT    NOT NULL,
    detail TEXT    NOT NULL,
    size   INTEGER NOT NULL,
    since  INTEGER NOT NULL,
    tries  INTEGER NOT NULL,
    PRIMARY KEY (digest, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_state ON held (state, code);
CREATE INDEX held_log ON held (log, code);
CREATE INDEX held_part ON held (part, code);

-- The bytes of segments with something held, so that a fix or a late arrival can replay them.
CREATE TABLE held_segment (
    digest BLOB NOT NULL PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;

-- Whom a record's parts were sealed to, each set of readers once.
CREATE TABLE compartment (
    cid     INTEGER NOT NULL PRIMARY KEY,
    readers BLOB    NOT NULL UNIQUE
) STRICT;

-- One row for each record; `rid` is its place in every other table. `authors` lists device (16 bytes),
-- incarnation (8) and whether its signature was seen (1).
CREATE TABLE record (
    rid       INTEGER NOT NULL PRIMARY KEY,
    id        BLOB    NOT NULL UNIQUE,
    form      BLOB    NOT NULL,
    form_id   TEXT    NOT NULL,
    version   TEXT    NOT NULL,
    status    TEXT    NOT NULL CHECK (status IN ('draft', 'complete', 'incomplete')),
    reason    TEXT    NOT NULL,
    changed   INTEGER NOT NULL,
    authors   BLOB    NOT NULL,
    cid       INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    reviews   INTEGER NOT NULL,
    received  INTEGER NOT NULL,
    as_of     INTEGER NOT NULL
) STRICT;
CREATE INDEX record_form ON record (form_id, status);

-- The documents: the shared part and any number of severe parts.
CREATE TABLE part (
    rid  INTEGER NOT NULL,
    id   BLOB    NOT NULL,
    kind TEXT    NOT NULL CHECK (kind IN ('shared', 'severe')),
    doc  BLOB    NOT NULL,
    PRIMARY KEY (rid, id)
) STRICT;

-- Changes that came in a snapshot: their authors are vouched for by its sender until their own segments come.
CREATE TABLE vouched (
    rid    INTEGER NOT NULL,
    change BLOB    NOT NULL,
    device BLOB    NOT NULL,
    PRIMARY KEY (rid, change)
) STRICT, WITHOUT ROWID;

-- Form versions seen, with the tables and columns of each in the order of the form.
CREATE TABLE form_version (
    form    BLOB NOT NULL PRIMARY KEY,
    form_id TEXT NOT NULL,
    version TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE form_column (
    form        BLOB    NOT NULL,
    table_place INTEGER NOT NULL,
    place       INTEGER NOT NULL,
    repeat      TEXT    NOT NULL,
    question    TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    severe      INTEGER NOT NULL,
    hxl         TEXT    NOT NULL,
    PRIMARY KEY (form, table_place, place)
) STRICT, WITHOUT ROWID;

-- Projected tables and columns, shared by all versions of a form. Severe answers have tables of their own. A
-- question whose type changed between versions has one column for each type.
CREATE TABLE projected_table (
    form_id TEXT    NOT NULL,
    repeat  TEXT    NOT NULL,
    severe  INTEGER NOT NULL,
    name    TEXT    NOT NULL UNIQUE,
    PRIMARY KEY (form_id, repeat, severe)
) STRICT, WITHOUT ROWID;
CREATE TABLE projected_column (
    form_id  TEXT    NOT NULL,
    repeat   TEXT    NOT NULL,
    severe   INTEGER NOT NULL,
    question TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    PRIMARY KEY (form_id, repeat, severe, question, kind)
) STRICT, WITHOUT ROWID;

-- Every claim of every unresolved conflict.
CREATE TABLE conflict (
    rid      INTEGER NOT NULL,
    question TEXT    NOT NULL,
    instance BLOB    NOT NULL,
    claim    INTEGER NOT NULL,
    part     BLOB    NOT NULL,
    severe   INTEGER NOT NULL,
    text     INTEGER NOT NULL,
    change   BLOB    NOT NULL,
    value    TEXT    NOT NULL,
    blank    INTEGER NOT NULL,
    device   BLOB    NOT NULL,
    at       INTEGER NOT NULL,
    shown    INTEGER NOT NULL,
    PRIMARY KEY (rid, question, instance, claim)
) STRICT, WITHOUT ROWID;

-- What a person must look at: a rule that no longer holds after a merge.
CREATE TABLE review (
    rid      INTEGER NOT NULL,
    question TEXT    NOT NULL,
    instance BLOB    NOT NULL,
    code     TEXT    NOT NULL,
    severe   INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (rid, question, instance, code)
) STRICT, WITHOUT ROWID;

-- Who did what with the protected data. Append-only; each row's hash covers the one before.
CREATE TABLE audit (
    seq      INTEGER NOT NULL PRIMARY KEY,
    at       INTEGER NOT NULL,
    action   TEXT    NOT NULL,
    detail   TEXT    NOT NULL,
    previous BLOB    NOT NULL,
    hash     BLOB    NOT NULL
) STRICT;
CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
