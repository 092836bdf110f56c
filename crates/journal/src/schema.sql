-- The journal's file, format 1. A row of `batches` holds the records with offsets `first` up to `first + count - 1`;
-- src/batch.rs says what `body` is made of. `forgotten` is the offset up to which nothing is needed any more: the
-- next offset is above it even when `batches` is empty.
CREATE TABLE batches (
    first INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    body  BLOB NOT NULL
);
CREATE TABLE place (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    forgotten INTEGER NOT NULL
);
INSERT INTO place VALUES (1, 0);
