//! The one thread that writes: it turns what waits into transactions, answers, and keeps the file small.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::watch;

use crate::file::Contents;
use crate::queue::{Bound, Entry, Queue, Woken};
use crate::{Error, Offset, Stats, batch};

/// What one transaction holds at most, the append that exceeds it included.
const GROUP: Bound = Bound { records: 2_000, bytes: 4 << 20 };
/// A row ends at the record that reaches this, so that reading a few records never means reading a whole bulk.
const ROW_BYTES: usize = 1 << 20;
/// What one transaction deletes at most, so that no append waits long for it.
const DELETED: Bound = Bound { records: 128, bytes: 4 << 20 };
/// The write-ahead log is copied into the file when about this much was written.
const CHECKPOINT_BYTES: u64 = 16 << 20;
/// Pages a transaction touches beside the records themselves, in bytes.
const OVERHEAD: u64 = 4 * 8192;
/// Beyond this many pages the log is started over even if readers must be waited for.
const LONGEST_LOG: i64 = 8_192;
/// Deletions ride along with appends; without appends they wait this long.
const QUIET: Duration = Duration::from_millis(50);
/// An emptied journal that is left alone this long is shrunk; nothing forgotten stays in its files.
const DESERTED: Duration = Duration::from_secs(1);
/// Waiting for company costs an append at most this.
const LONGEST_LINGER: Duration = Duration::from_millis(1);
/// A group of this many records is not held up for more: writing them outweighs the synchronisation they share.
const COMPANY: usize = 512;

/// So many records may wait to be forgotten before appends are held back: a reader that keeps up takes them in one go.
const KEEPING_UP: u64 = 40_000;
/// What holding back costs an append at most.
const LONGEST_PAUSE: Duration = Duration::from_millis(25);

/// What the writer and the users of a journal share.
pub(crate) struct Shared {
    pub(crate) queue: Arc<Queue>,
    pub(crate) tail: watch::Sender<Offset>,
    /// Asked to be forgotten up to here; never above the tail.
    pub(crate) forgotten: AtomicU64,
    pub(crate) bytes: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) failing: Mutex<Option<Error>>,
    pub(crate) path: std::path::PathBuf,
}

impl Shared {
    pub(crate) fn tail(&self) -> Offset {
        *self.tail.borrow()
    }

    pub(crate) fn stats(&self) -> Stats {
        let forgotten = self.forgotten.load(Ordering::Acquire);
        Stats {
            depth: self.tail().0.saturating_sub(forgotten),
            bytes: self.bytes.load(Ordering::Relaxed),
            waiting: self.queue.len(),
            commits: self.commits.load(Ordering::Relaxed),
            failing: self.failing.lock().clone(),
        }
    }
}

pub(crate) struct Writer {
    shared: Arc<Shared>,
    connection: Connection,
    tail: Offset,
    /// What the file says is forgotten.
    forgotten: u64,
    /// The last deletion left forgotten rows behind.
    deletes_more: bool,
    /// Nothing is deleted until the next checkpoint or quiet moment, because deleting failed.
    resting: bool,
    /// Bytes of rows in the file.
    bytes: u64,
    since_checkpoint: u64,
    /// The file holds free pages with bytes of deleted rows.
    untidy: bool,
    body: Vec<u8>,
    records: Vec<Bytes>,
    /// Bytes of the disk that are left free.
    reserve: u64,
}

/// What a transaction changed.
#[derive(Default)]
struct Written {
    tail: Offset,
    added: u64,
    deleted: Option<Deleted>,
}

#[derive(Clone, Copy)]
struct Deleted {
    forgotten: u64,
    bytes: u64,
    more: bool,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>, connection: Connection, contents: Contents, reserve: u64) -> Writer {
        Writer {
            shared,
            connection,
            tail: contents.tail,
            forgotten: contents.forgotten.0,
            deletes_more: contents.bytes > 0,
            resting: false,
            bytes: contents.bytes,
            since_checkpoint: CHECKPOINT_BYTES / 2,
            untidy: true,
            body: Vec::new(),
            records: Vec::new(),
            reserve,
        }
    }

    /// Writes until the queue is closed and empty.
    pub(crate) fn run(mut self) {
        let queue = self.shared.queue.clone();
        let _abandoned = Abandon(queue.clone());
        let mut group = Vec::new();
        let mut company = 0;
        let mut linger = Duration::ZERO;
        loop {
            match queue.take(&mut group, GROUP, self.patience(), company, linger) {
                Woken::Closed => break,
                Woken::Idle => {
                    company = 0;
                    self.housekeep();
                }
                Woken::Work if group.is_empty() => company = 0,
                Woken::Work => {
                    let started = Instant::now();
                    let outcome = self.write(&group);
                    linger = (started.elapsed() / 4).min(LONGEST_LINGER);
                    company = queue.written().min(COMPANY);
                    let records = group.iter().map(|entry| entry.records.as_slice().len()).sum();
                    self.answer(&mut group, outcome);
                    self.checkpoint_if_due();
                    std::thread::sleep(pause(self.shared.stats().depth, records));
                }
            }
        }
        if self.deletion_due() {
            self.delete();
        }
        if self.bytes == 0 {
            self.tidy();
        }
    }

    fn deletion_due(&self) -> bool {
        self.deletes_more || self.shared.forgotten.load(Ordering::Acquire) > self.forgotten
    }

    fn patience(&self) -> Option<Duration> {
        if self.resting {
            Some(DESERTED)
        } else if self.deletion_due() {
            Some(QUIET)
        } else if self.untidy && self.bytes == 0 {
            Some(DESERTED)
        } else {
            None
        }
    }

    /// Nobody appends: time to delete, and to tidy up.
    fn housekeep(&mut self) {
        self.resting = false;
        if self.deletion_due() {
            self.delete();
        } else if self.untidy && self.bytes == 0 {
            self.tidy();
        }
    }

    /// One transaction for the whole group; what was forgotten is deleted on the way, unless that is what fails.
    fn write(&mut self, group: &[Entry]) -> Result<Written, Error> {
        if let Some(error) = self.lacks_room() {
            *self.shared.failing.lock() = Some(error.clone());
            return Err(error);
        }
        let deleting = self.deletion_due() && !self.resting;
        let mut written = self.transaction(group, deleting);
        if deleting && written.is_err() {
            self.resting = true;
            written = self.transaction(group, false);
        }
        self.settle(written)
    }

    /// Why nothing more may be written, where the disk is nearly full. A disk that does not tell has room.
    fn lacks_room(&self) -> Option<Error> {
        let path = &self.shared.path;
        let disk = if self.reserve > 0 { rustix::fs::statvfs(path).ok()? } else { return None };
        let left = disk.f_bavail.saturating_mul(disk.f_frsize);
        (left < self.reserve).then(|| Error::Reserved { path: path.clone(), reserve: self.reserve })
    }

    fn delete(&mut self) {
        let written = self.transaction(&[], true);
        let failed = written.is_err();
        // A failure is in the statistics, and is tried again after a rest.
        let _kept = self.settle(written);
        self.checkpoint_if_due();
        self.resting = failed;
    }

    /// Takes over what a transaction changed, or notes why it failed.
    fn settle(&mut self, written: rusqlite::Result<Written>) -> Result<Written, Error> {
        let written = match written {
            Ok(written) => written,
            Err(error) => {
                let error = Error::sqlite(&self.shared.path, &error);
                *self.shared.failing.lock() = Some(error.clone());
                // Starting the log over may be all the room that is needed.
                self.since_checkpoint = CHECKPOINT_BYTES;
                return Err(error);
            }
        };
        if let Some(deleted) = written.deleted {
            self.forgotten = deleted.forgotten;
            self.deletes_more = deleted.more;
            self.bytes -= deleted.bytes;
            self.untidy = true;
        }
        self.tail = written.tail;
        self.bytes += written.added;
        self.shared.bytes.store(self.bytes, Ordering::Relaxed);
        *self.shared.failing.lock() = None;
        Ok(written)
    }

    fn answer(&mut self, group: &mut Vec<Entry>, outcome: Result<Written, Error>) {
        match outcome {
            Ok(written) => {
                let records: usize = group.iter().map(|e| e.records.as_slice().len()).sum();
                let mut last = written.tail.0 - records as u64;
                self.shared.commits.fetch_add(1, Ordering::Relaxed);
                self.shared.tail.send_replace(written.tail);
                for entry in group.drain(..) {
                    last += entry.records.as_slice().len() as u64;
                    // Nobody may be waiting any more; the record is durable all the same.
                    let _gone = entry.answer.send(Ok(Offset(last)));
                }
            }
            Err(error) => {
                for entry in group.drain(..) {
                    let _gone = entry.answer.send(Err(error.clone()));
                }
            }
        }
    }

    fn transaction(&mut self, group: &[Entry], deleting: bool) -> rusqlite::Result<Written> {
        let mut written = Written { tail: self.tail, ..Written::default() };
        let upto = self.shared.forgotten.load(Ordering::Acquire);
        let transaction = self.connection.unchecked_transaction()?;
        if deleting {
            written.deleted = Some(delete(&transaction, upto)?);
        }
        self.records.clear();
        for entry in group {
            self.records.extend_from_slice(entry.records.as_slice());
        }
        let mut rest = self.records.as_slice();
        let mut insert = transaction.prepare_cached("INSERT INTO batches (first, count, body) VALUES (?1, ?2, ?3)")?;
        while !rest.is_empty() {
            let (row, others) = rest.split_at(row_length(rest));
            let first = Offset(written.tail.0 + 1);
            batch::encode(first, row, &mut self.body);
            insert.execute((first.0 as i64, row.len() as i64, &self.body))?;
            written.tail.0 += row.len() as u64;
            written.added += self.body.len() as u64;
            rest = others;
        }
        drop(insert);
        transaction.commit()?;
        self.records.clear();
        self.since_checkpoint += written.added + OVERHEAD;
        Ok(written)
    }

    fn checkpoint_if_due(&mut self) {
        if self.since_checkpoint < CHECKPOINT_BYTES {
            return;
        }
        // A reader in the way leaves part of the log; a quarter of the usual distance on it is tried again.
        self.since_checkpoint = CHECKPOINT_BYTES / 4 * 3;
        self.resting = false;
        let Ok((log, copied)) = self.checkpoint("PASSIVE") else {
            return;
        };
        if log == copied || (log > LONGEST_LOG && self.checkpoint("RESTART").is_ok()) {
            self.since_checkpoint = 0;
        }
    }

    fn checkpoint(&self, how: &str) -> rusqlite::Result<(i64, i64)> {
        self.connection.query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |row| Ok((row.get(1)?, row.get(2)?)))
    }

    /// Shrinks the emptied file and its log. Should it fail, the next emptying tries again.
    fn tidy(&mut self) {
        self.untidy = false;
        if self.connection.execute_batch("VACUUM").is_ok() && self.checkpoint("TRUNCATE").is_ok() {
            self.since_checkpoint = 0;
        }
    }
}

/// How long the next group gathers after this many records, while so many wait for their reader: the time the reader needs for them,
/// the more it is behind. A reader on the same machine is given the cores this way, so that what was answered is in the reports soon,
/// and the file stays small.
fn pause(depth: u64, written: usize) -> Duration {
    let each = depth.saturating_sub(KEEPING_UP).saturating_mul(4);
    Duration::from_nanos(each.saturating_mul(written as u64)).min(LONGEST_PAUSE)
}

/// How many of the records the next row takes: at least one.
fn row_length(records: &[Bytes]) -> usize {
    let mut bytes = 0;
    for (index, record) in records.iter().enumerate().take(GROUP.records) {
        bytes += record.len();
        if bytes >= ROW_BYTES {
            return index + 1;
        }
    }
    records.len().min(GROUP.records)
}

/// Deletes some of the rows that lie wholly at or below `upto`, the oldest first.
fn delete(connection: &Connection, upto: u64) -> rusqlite::Result<Deleted> {
    let mut bytes = 0;
    let mut rows = 0;
    let mut newest = None;
    let mut more = false;
    let mut oldest = connection.prepare_cached("SELECT first, first + count - 1, length(body) FROM batches ORDER BY first")?;
    let mut found = oldest.query([])?;
    while let Some(row) = found.next()? {
        let (first, last, length): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if last as u64 > upto {
            break;
        }
        if rows == DELETED.records || bytes >= DELETED.bytes as u64 {
            more = true;
            break;
        }
        rows += 1;
        bytes += length as u64;
        newest = Some(first);
    }
    drop(found);
    if let Some(newest) = newest {
        connection.prepare_cached("DELETE FROM batches WHERE first <= ?1")?.execute([newest])?;
    }
    connection.prepare_cached("UPDATE place SET forgotten = ?1 WHERE one = 1")?.execute([upto as i64])?;
    Ok(Deleted { forgotten: upto, bytes, more })
}

/// Answers everybody should the writer ever end before its queue did.
struct Abandon(Arc<Queue>);

impl Drop for Abandon {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appends_are_held_back_by_the_record_the_more_the_further_the_reader_is_behind() {
        let cases = [
            (0, 100, 0),
            (40_000, 100, 0),
            (42_000, 100, 800),
            (50_000, 1, 40),
            (50_000, 64, 2_560),
            (50_000, 256, 10_240),
            (100_000, 256, 25_000),
            (u64::MAX, usize::MAX, 25_000),
        ];
        for (depth, written, micros) in cases {
            assert_eq!(pause(depth, written), Duration::from_micros(micros), "{written} while {depth} wait");
        }
    }
}
