//! Opening the journal's file: the lock, the format, the settings of both connections.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::{Error, Offset};

/// Marks an SQLite file as a journal of ours ("FFjl").
const APPLICATION: u32 = 0x4646_6a6c;
/// The format of `schema.sql` and `batch.rs`.
const FORMAT: u32 = 1;
/// Whole batches of some dozen records fit a few pages, and a lone record does not cost much more than one.
const PAGE: u32 = 8192;
const SCHEMA: &str = include_str!("schema.sql");

/// An open journal file.
pub(crate) struct JournalFile {
    pub(crate) path: PathBuf,
    pub(crate) writing: Connection,
    pub(crate) reading: Connection,
    pub(crate) contents: Contents,
    /// Held for as long as the file is open; the system lets go of it when the process ends, however it ends.
    pub(crate) lock: File,
}

/// What the file held when it was opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contents {
    pub(crate) tail: Offset,
    pub(crate) forgotten: Offset,
    pub(crate) bytes: u64,
}

impl JournalFile {
    /// Opens or creates the file; a damaged one is an error, never replaced.
    pub(crate) fn open(path: &Path, after: Offset, most_bytes: Option<u64>) -> Result<JournalFile, Error> {
        let lock = lock(path)?;
        let failed = |error: rusqlite::Error| Error::sqlite(path, &error);
        let mut writing = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )
        .map_err(failed)?;
        writing.busy_timeout(Duration::from_secs(5)).map_err(failed)?;
        prepare(path, &mut writing)?;
        if let Some(bytes) = most_bytes {
            let pages = (bytes / u64::from(PAGE)).clamp(16, u64::from(u32::MAX - 1));
            writing.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).map_err(failed)?;
        }
        let contents = contents(path, &writing, after)?;
        let reading = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(failed)?;
        reading.busy_timeout(Duration::from_secs(5)).map_err(failed)?;
        Ok(JournalFile { path: path.to_owned(), writing, reading, contents, lock })
    }
}

fn lock(path: &Path) -> Result<File, Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let beside = PathBuf::from(name);
    let file = File::options().create(true).write(true).truncate(false).open(&beside).map_err(|error| Error::io(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(Error::io(path, &error)),
    }
}

/// Creates the tables in an empty file, checks the format of any other, and sets how transactions are made durable.
fn prepare(path: &Path, connection: &mut Connection) -> Result<(), Error> {
    let failed = |error: rusqlite::Error| Error::sqlite(path, &error);
    let number = |connection: &Connection, name: &str| {
        connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).map_err(failed)
    };
    let empty = number(connection, "page_count")? == 0;
    if !empty {
        if number(connection, "application_id")? != i64::from(APPLICATION) {
            return Err(Error::corrupt(path, "it is another program's file"));
        }
        let found = number(connection, "user_version")?;
        if found != i64::from(FORMAT) {
            return Err(Error::Newer { path: path.to_owned(), found: u32::try_from(found).unwrap_or(0), known: FORMAT });
        }
    }
    connection
        .execute_batch(&format!(
            "PRAGMA page_size = {PAGE};
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA wal_autocheckpoint = 0;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -4096;"
        ))
        .map_err(failed)?;
    if empty {
        let creation = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        creation.execute_batch(SCHEMA).map_err(failed)?;
        creation
            .execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT};"))
            .map_err(failed)?;
        creation.commit().map_err(failed)?;
    }
    Ok(())
}

/// What the file holds, its next offset raised above `after` if need be.
fn contents(path: &Path, connection: &Connection, after: Offset) -> Result<Contents, Error> {
    let failed = |error: rusqlite::Error| Error::sqlite(path, &error);
    let forgotten: i64 =
        connection.query_row("SELECT forgotten FROM place WHERE one = 1", [], |row| row.get(0)).map_err(failed)?;
    // Aggregates pass over what a damaged page turned into nothing, so the rows are counted against their values.
    let (whole, last, bytes): (bool, i64, i64) = connection
        .query_row(
            "SELECT count(*) = count(nullif(count > 0 AND body IS NOT NULL, 0)),
                    coalesce(max(first + count - 1), 0), coalesce(sum(length(body)), 0)
             FROM batches",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .map_err(failed)?;
    if !whole {
        return Err(Error::corrupt(path, "a batch without its records"));
    }
    let (Ok(mut forgotten), Ok(last), Ok(bytes)) = (u64::try_from(forgotten), u64::try_from(last), u64::try_from(bytes)) else {
        return Err(Error::corrupt(path, "an offset below zero"));
    };
    if last.max(forgotten) < after.0 {
        let raised = i64::try_from(after.0).map_err(|_| Error::corrupt(path, "an offset beyond 63 bits"))?;
        connection.execute("UPDATE place SET forgotten = ?1 WHERE one = 1", [raised]).map_err(failed)?;
        forgotten = after.0;
    }
    Ok(Contents { tail: Offset(last.max(forgotten)), forgotten: Offset(forgotten), bytes })
}
