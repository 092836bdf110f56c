use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use bytes::Bytes;
use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::watch;

use crate::file::JournalFile;
use crate::queue::{Bound, Queue, Records};
use crate::writer::{Shared, Writer};
use crate::{Error, Journal, MAX_BULK, MAX_RECORD, Offset, Receipt, Stats, batch};

/// A read stops after the row that reaches this many bytes.
const READ_BYTES: usize = 8 << 20;

/// How an [`EmbeddedJournal`] is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Offsets given out are greater than this.
    ///
    /// Give the position the reader has swallowed: a journal that was moved aside must not start over below it, or its
    /// new records would be taken for old ones.
    pub after: Offset,
    /// How many records may wait to become durable before appends wait for room.
    pub waiting_records: usize,
    /// How many bytes may wait to become durable before appends wait for room.
    pub waiting_bytes: usize,
    /// The size the file may have; appends beyond it fail with [`Error::Full`] until some are forgotten.
    pub most_bytes: Option<u64>,
    /// How many bytes of the disk appends leave free; with less left they fail with [`Error::Reserved`].
    ///
    /// The reader of a journal that fills its disk needs room to store what it reads, or it never comes to forget anything.
    pub reserve: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { after: Offset::START, waiting_records: 16_384, waiting_bytes: 64 << 20, most_bytes: None, reserve: 0 }
    }
}

/// A journal in one SQLite file, written by one thread in group commits.
///
/// Appends that wait at the same moment share one transaction and one synchronisation of the disk. Reads have their own
/// connection. Two processes cannot open the same file. Dropping it closes it.
pub struct EmbeddedJournal {
    shared: Arc<Shared>,
    reading: Mutex<Option<Connection>>,
    running: Mutex<Option<Running>>,
}

struct Running {
    writer: JoinHandle<()>,
    lock: File,
}

impl EmbeddedJournal {
    /// Opens the journal file, or creates it; its directory must exist.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process has it open, [`Error::Corrupt`] when it is not a journal or was damaged
    /// (it is left as it is), [`Error::Newer`], [`Error::Full`] or [`Error::Io`].
    pub fn open(path: &Path, options: &Options) -> Result<EmbeddedJournal, Error> {
        let file = JournalFile::open(path, options.after, options.most_bytes)?;
        let queue = Queue::new(Bound { records: options.waiting_records.max(1), bytes: options.waiting_bytes.max(1) });
        let shared = Arc::new(Shared {
            queue: Arc::new(queue),
            tail: watch::Sender::new(file.contents.tail),
            forgotten: AtomicU64::new(file.contents.forgotten.0),
            bytes: AtomicU64::new(file.contents.bytes),
            commits: AtomicU64::new(0),
            failing: Mutex::new(None),
            path: file.path,
        });
        let writer = Writer::new(shared.clone(), file.writing, file.contents, options.reserve);
        let writer = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || writer.run())
            .map_err(|error| Error::io(path, &error))?;
        Ok(EmbeddedJournal {
            shared,
            reading: Mutex::new(Some(file.reading)),
            running: Mutex::new(Some(Running { writer, lock: file.lock })),
        })
    }
}

impl Journal for EmbeddedJournal {
    fn append(&self, record: Bytes) -> Receipt {
        if let Err(error) = fits(record.len(), MAX_RECORD) {
            return Receipt::answered(Err(error));
        }
        self.shared.queue.append(Records::One(record))
    }

    fn append_all(&self, records: Vec<Bytes>) -> Receipt {
        if let Err(error) = all_fit(&records) {
            return Receipt::answered(Err(error));
        }
        if records.is_empty() && !self.shared.queue.is_closed() {
            return Receipt::answered(Ok(self.tail()));
        }
        self.shared.queue.append(Records::Many(records))
    }

    fn read(&self, after: Offset, limit: usize) -> Result<Vec<(Offset, Bytes)>, Error> {
        let reading = self.reading.lock();
        let connection = reading.as_ref().ok_or(Error::Closed)?;
        let after = after.0.max(self.shared.forgotten.load(Ordering::Acquire));
        let tail = self.tail().0;
        if limit == 0 || after >= tail {
            return Ok(Vec::new());
        }
        let path = &self.shared.path;
        read(connection, after, tail, limit)
            .map_err(|error| Error::sqlite(path, &error))?
            .map_err(|reason| Error::corrupt(path, reason))
    }

    fn forget(&self, upto: Offset) -> Result<(), Error> {
        if self.shared.queue.is_closed() {
            return Err(Error::Closed);
        }
        let upto = upto.min(self.tail()).0;
        if self.shared.forgotten.fetch_max(upto, Ordering::AcqRel) < upto {
            self.shared.queue.call();
        }
        Ok(())
    }

    fn tail(&self) -> Offset {
        self.shared.tail()
    }

    fn watch(&self) -> watch::Receiver<Offset> {
        self.shared.tail.subscribe()
    }

    fn stats(&self) -> Stats {
        self.shared.stats()
    }

    fn close(&self) {
        self.shared.queue.close();
        // The last connection to close removes the log, and that must be the writer's: it has the right to write.
        drop(self.reading.lock().take());
        let Some(running) = self.running.lock().take() else {
            return;
        };
        // A writer that panicked has told so on standard error, and has answered everybody.
        let _panicked = running.writer.join();
        drop(running.lock);
    }
}

impl Drop for EmbeddedJournal {
    fn drop(&mut self) {
        self.close();
    }
}

impl std::fmt::Debug for EmbeddedJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedJournal").field("path", &self.shared.path).field("tail", &self.tail()).finish_non_exhaustive()
    }
}

/// Refuses an append of more than `limit` bytes.
pub(crate) fn fits(bytes: usize, limit: usize) -> Result<(), Error> {
    if bytes > limit {
        return Err(Error::TooLarge { bytes, limit });
    }
    Ok(())
}

/// Refuses a bulk that is too long, or of which one record is.
pub(crate) fn all_fit(records: &[Bytes]) -> Result<(), Error> {
    for record in records {
        fits(record.len(), MAX_RECORD)?;
    }
    fits(records.iter().map(Bytes::len).sum(), MAX_BULK)
}

type Read = Vec<(Offset, Bytes)>;

/// Records in `after + 1 ..= tail`; the inner error says what is wrong with the bytes.
fn read(connection: &Connection, after: u64, tail: u64, limit: usize) -> rusqlite::Result<Result<Read, String>> {
    let wanted = after.saturating_add(1) as i64;
    let mut rows = connection.prepare_cached(
        "SELECT first, count, body FROM batches
         WHERE first >= coalesce((SELECT max(first) FROM batches WHERE first <= ?1), ?1) ORDER BY first",
    )?;
    let mut rows = rows.query([wanted])?;
    let mut records = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let first = Offset(row.get::<_, i64>(0)? as u64);
        let count = row.get::<_, i64>(1)? as usize;
        let body = Bytes::copy_from_slice(row.get_ref(2)?.as_blob()?);
        bytes += body.len();
        let found = match batch::decode(first, count, &body) {
            Ok(found) => found,
            // What lies before the damage is still good.
            Err(_) if !records.is_empty() => return Ok(Ok(records)),
            Err(reason) => return Ok(Err(reason)),
        };
        for (offset, record) in (first.0..).zip(found) {
            if offset > tail || records.len() == limit {
                return Ok(Ok(records));
            }
            if offset > after {
                records.push((Offset(offset), record));
            }
        }
        if records.len() == limit || bytes >= READ_BYTES && !records.is_empty() {
            break;
        }
    }
    Ok(Ok(records))
}
