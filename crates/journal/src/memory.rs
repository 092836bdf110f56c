use std::collections::VecDeque;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::embedded::{all_fit, fits};
use crate::{Error, Journal, MAX_RECORD, Offset, Receipt, Stats};

/// A journal that keeps its promises until the process ends: for tests.
#[derive(Debug)]
pub struct MemoryJournal {
    held: Mutex<Held>,
    tail: watch::Sender<Offset>,
}

#[derive(Debug, Default)]
struct Held {
    records: VecDeque<Bytes>,
    forgotten: u64,
    commits: u64,
    closed: bool,
}

impl MemoryJournal {
    /// An empty journal.
    pub fn new() -> MemoryJournal {
        MemoryJournal::after(Offset::START)
    }

    /// An empty journal whose first record comes after this offset.
    pub fn after(offset: Offset) -> MemoryJournal {
        MemoryJournal { held: Mutex::new(Held { forgotten: offset.0, ..Held::default() }), tail: watch::Sender::new(offset) }
    }

    fn add(&self, records: impl IntoIterator<Item = Bytes>) -> Result<Offset, Error> {
        let mut held = self.held.lock();
        if held.closed {
            return Err(Error::Closed);
        }
        held.records.extend(records);
        held.commits += 1;
        let tail = Offset(held.forgotten + held.records.len() as u64);
        self.tail.send_replace(tail);
        Ok(tail)
    }
}

impl Default for MemoryJournal {
    fn default() -> MemoryJournal {
        MemoryJournal::new()
    }
}

impl Journal for MemoryJournal {
    fn append(&self, record: Bytes) -> Receipt {
        let answer = fits(record.len(), MAX_RECORD).and_then(|()| self.add([record]));
        Receipt::answered(answer)
    }

    fn append_all(&self, records: Vec<Bytes>) -> Receipt {
        Receipt::answered(all_fit(&records).and_then(|()| self.add(records)))
    }

    fn read(&self, after: Offset, limit: usize) -> Result<Vec<(Offset, Bytes)>, Error> {
        let held = self.held.lock();
        if held.closed {
            return Err(Error::Closed);
        }
        let skipped = usize::try_from(after.0.saturating_sub(held.forgotten)).unwrap_or(usize::MAX);
        let first = held.forgotten.max(after.0).saturating_add(1);
        let records = held.records.iter().skip(skipped).take(limit).cloned();
        Ok((first..).map(Offset).zip(records).collect())
    }

    fn forget(&self, upto: Offset) -> Result<(), Error> {
        let mut held = self.held.lock();
        if held.closed {
            return Err(Error::Closed);
        }
        while held.forgotten < upto.0 && held.records.pop_front().is_some() {
            held.forgotten += 1;
        }
        Ok(())
    }

    fn tail(&self) -> Offset {
        *self.tail.borrow()
    }

    fn watch(&self) -> watch::Receiver<Offset> {
        self.tail.subscribe()
    }

    fn stats(&self) -> Stats {
        let held = self.held.lock();
        Stats {
            depth: held.records.len() as u64,
            bytes: held.records.iter().map(|record| record.len() as u64).sum(),
            waiting: 0,
            commits: held.commits,
            failing: None,
        }
    }

    fn close(&self) {
        self.held.lock().closed = true;
    }
}
