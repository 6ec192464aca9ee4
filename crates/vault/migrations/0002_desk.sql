-- Version 2: what the windows of the app need. Never edited after release.
-- `place` is where a person was in a draft; `discarded_ms` is when they threw it away, 0 for every other record.
-- `conflicts` and `reviews` count what a person must decide, so that no document is opened for a list.

ALTER TABLE record ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN discarded_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN conflicts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN reviews INTEGER NOT NULL DEFAULT 0;

CREATE INDEX record_to_decide ON record (updated_ms DESC, row DESC) WHERE conflicts > 0 OR reviews > 0;
CREATE INDEX record_discarded ON record (discarded_ms) WHERE discarded_ms > 0;

-- The newest meetings with hubs and cards. The app decides what is in a body and how many are kept.
CREATE TABLE exchange (
    n    INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    body BLOB NOT NULL
) STRICT;
