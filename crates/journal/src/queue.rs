//! Where appends wait for the writer thread: bounded, first come, first served.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use crate::{Error, Offset, Receipt};

/// What one append hands over.
pub(crate) enum Records {
    One(Bytes),
    Many(Vec<Bytes>),
}

impl Records {
    pub(crate) fn as_slice(&self) -> &[Bytes] {
        match self {
            Records::One(record) => std::slice::from_ref(record),
            Records::Many(records) => records,
        }
    }

    fn bytes(&self) -> usize {
        self.as_slice().iter().map(Bytes::len).sum()
    }
}

/// One append and where its answer goes.
pub(crate) struct Entry {
    pub(crate) records: Records,
    pub(crate) answer: oneshot::Sender<Result<Offset, Error>>,
}

/// Why the writer was woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// There may be a group to write.
    Work,
    /// Nothing came for as long as it was ready to wait.
    Idle,
    /// The queue is closed and empty.
    Closed,
}

/// How many records, and how many bytes, something may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) records: usize,
    pub(crate) bytes: usize,
}

/// Appends that wait, within a bound; one append may exceed it, none may enter after that.
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    bound: Bound,
}

#[derive(Default)]
struct Waiting {
    entries: VecDeque<Entry>,
    records: usize,
    bytes: usize,
    /// Records of the group the writer is at work on.
    writing: usize,
    /// The writer sleeps until this many records wait; zero while it is awake.
    wanted: usize,
    /// Something other than records asks for the writer.
    called: bool,
    closed: bool,
    /// Appends that found no room. Whenever the queue runs empty all of them have been woken.
    turned_away: VecDeque<Waker>,
}

impl Queue {
    pub(crate) fn new(bound: Bound) -> Queue {
        Queue { waiting: Mutex::default(), filled: Condvar::new(), bound }
    }

    /// Hands records over, now if there is room, else as soon as the receipt is polled and there is.
    pub(crate) fn append(self: &Arc<Queue>, records: Records) -> Receipt {
        match self.push(records, None) {
            Pushed::In(answer) => Receipt::queued(answer),
            Pushed::Closed => Receipt::answered(Err(Error::Closed)),
            Pushed::Out(records) => Receipt::later(self.clone().wait_for_room(records)),
        }
    }

    /// Records handed over and not answered.
    pub(crate) fn len(&self) -> usize {
        let waiting = self.waiting.lock();
        waiting.records + waiting.writing
    }

    /// Says that the group last taken is written; returns how many records it and those behind it are.
    pub(crate) fn written(&self) -> usize {
        let mut waiting = self.waiting.lock();
        waiting.records + std::mem::take(&mut waiting.writing)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.waiting.lock().closed
    }

    /// Wakes the writer for something that is not an append.
    pub(crate) fn call(&self) {
        self.waiting.lock().called = true;
        self.filled.notify_one();
    }

    /// Refuses every append from here on; what waits is still written.
    pub(crate) fn close(&self) {
        let turned_away = {
            let mut waiting = self.waiting.lock();
            waiting.closed = true;
            std::mem::take(&mut waiting.turned_away)
        };
        self.filled.notify_one();
        turned_away.into_iter().for_each(Waker::wake);
    }

    /// Drops what waits without writing it: the answer is that the journal is closed.
    pub(crate) fn abandon(&self) {
        self.close();
        let entries = std::mem::take(&mut self.waiting.lock().entries);
        drop(entries);
    }

    /// Moves the next group into `group`, waiting up to `patience` for its first record and then up to `linger` for
    /// `company` records in all.
    ///
    /// Lingering is worth it because those just answered are about to append again: joined with those already waiting
    /// they share one synchronisation instead of taking turns.
    pub(crate) fn take(
        &self,
        group: &mut Vec<Entry>,
        most: Bound,
        patience: Option<Duration>,
        company: usize,
        linger: Duration,
    ) -> Woken {
        let mut waiting = self.waiting.lock();
        waiting.writing = 0;
        let wanted = company.min(most.records).min(self.bound.records);
        if waiting.records < wanted && !linger.is_zero() && !waiting.closed {
            waiting.wanted = wanted;
            self.filled.wait_for(&mut waiting, linger);
        }
        while waiting.entries.is_empty() && !waiting.called && !waiting.closed {
            waiting.wanted = 1;
            let timed_out = match patience {
                None => {
                    self.filled.wait(&mut waiting);
                    false
                }
                Some(patience) => self.filled.wait_for(&mut waiting, patience).timed_out(),
            };
            if timed_out && waiting.entries.is_empty() {
                waiting.wanted = 0;
                return Woken::Idle;
            }
        }
        waiting.wanted = 0;
        waiting.called = false;
        if waiting.entries.is_empty() && waiting.closed {
            return Woken::Closed;
        }
        let mut bytes = 0;
        while waiting.writing < most.records && bytes < most.bytes {
            let Some(entry) = waiting.entries.pop_front() else {
                break;
            };
            let records = entry.records.as_slice().len();
            let length = entry.records.bytes();
            waiting.writing += records;
            waiting.records -= records;
            waiting.bytes -= length;
            bytes += length;
            group.push(entry);
        }
        let room = if waiting.entries.is_empty() { usize::MAX } else { self.bound.records.saturating_sub(waiting.records) };
        let woken = room.min(waiting.turned_away.len());
        let admitted: Vec<Waker> = waiting.turned_away.drain(..woken).collect();
        drop(waiting);
        admitted.into_iter().for_each(Waker::wake);
        Woken::Work
    }

    fn push(&self, records: Records, waker: Option<&Waker>) -> Pushed {
        let count = records.as_slice().len();
        let bytes = records.bytes();
        let mut waiting = self.waiting.lock();
        if waiting.closed {
            return Pushed::Closed;
        }
        if waiting.records >= self.bound.records || waiting.bytes >= self.bound.bytes {
            if let Some(waker) = waker {
                waiting.turned_away.push_back(waker.clone());
            }
            return Pushed::Out(records);
        }
        let (answer, receipt) = oneshot::channel();
        waiting.entries.push_back(Entry { records, answer });
        waiting.records += count;
        waiting.bytes += bytes;
        let wake = waiting.wanted > 0 && waiting.records >= waiting.wanted;
        if wake {
            waiting.wanted = 0;
        }
        drop(waiting);
        if wake {
            self.filled.notify_one();
        }
        Pushed::In(receipt)
    }

    async fn wait_for_room(self: Arc<Queue>, records: Records) -> Result<Offset, Error> {
        let admission = Admission { queue: &self, records: Some(records) };
        admission.await?.await.unwrap_or(Err(Error::Closed))
    }
}

enum Pushed {
    In(oneshot::Receiver<Result<Offset, Error>>),
    Out(Records),
    Closed,
}

/// Tries to enter the queue each time it is woken.
struct Admission<'q> {
    queue: &'q Queue,
    records: Option<Records>,
}

impl Future for Admission<'_> {
    type Output = Result<oneshot::Receiver<Result<Offset, Error>>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(records) = self.records.take() else {
            return Poll::Ready(Err(Error::Closed));
        };
        match self.queue.push(records, Some(context.waker())) {
            Pushed::In(answer) => Poll::Ready(Ok(answer)),
            Pushed::Closed => Poll::Ready(Err(Error::Closed)),
            Pushed::Out(records) => {
                self.records = Some(records);
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const MANY: Bound = Bound { records: 100, bytes: 100 };

    #[derive(Default)]
    struct Woke(AtomicUsize);

    impl std::task::Wake for Woke {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn queue(records: usize, bytes: usize) -> Arc<Queue> {
        Arc::new(Queue::new(Bound { records, bytes }))
    }

    fn one(text: &'static str) -> Records {
        Records::One(Bytes::from_static(text.as_bytes()))
    }

    fn take(queue: &Queue, most: Bound) -> Vec<Entry> {
        let mut group = Vec::new();
        queue.take(&mut group, most, Some(Duration::ZERO), 0, Duration::ZERO);
        group
    }

    fn texts(group: &[Entry]) -> Vec<&[u8]> {
        group.iter().flat_map(|e| e.records.as_slice()).map(|record| &record[..]).collect()
    }

    #[test]
    fn an_append_that_finds_no_room_enters_when_there_is_some() {
        let queue = queue(2, 100);
        let woke = Arc::new(Woke::default());
        let waker = Waker::from(woke.clone());
        let mut context = Context::from_waker(&waker);
        let mut receipts: Vec<Receipt> = ["a", "b", "c"].map(|text| queue.append(one(text))).into();
        for receipt in &mut receipts {
            assert!(Pin::new(receipt).poll(&mut context).is_pending());
        }
        assert_eq!(queue.len(), 2);

        let group = take(&queue, MANY);
        assert_eq!(texts(&group), [b"a", b"b"]);
        assert_eq!(woke.0.load(Ordering::Relaxed), 1);
        assert!(Pin::new(&mut receipts[2]).poll(&mut context).is_pending());
        assert_eq!(queue.len(), 3, "two being written, one waiting");
        assert_eq!(texts(&take(&queue, MANY)), [b"c"]);
    }

    #[test]
    fn one_append_may_exceed_the_bound_and_none_enters_after_it() {
        let queue = queue(100, 4);
        let waker = Waker::noop();
        let mut context = Context::from_waker(waker);
        let _first = queue.append(one("far too long"));
        let mut second = queue.append(one("b"));
        assert!(Pin::new(&mut second).poll(&mut context).is_pending());
        assert_eq!(texts(&take(&queue, MANY)), [b"far too long"]);
    }

    #[test]
    fn a_group_ends_at_its_bound() {
        let queue = queue(100, 100);
        let _receipts = ["aaa", "bbb", "ccc", "ddd"].map(|text| queue.append(one(text)));
        let two = Bound { records: 2, bytes: 100 };
        assert_eq!(texts(&take(&queue, two)), [b"aaa", b"bbb"]);
        let four_bytes = Bound { records: 100, bytes: 3 };
        assert_eq!(texts(&take(&queue, four_bytes)), [b"ccc"]);
        assert_eq!(texts(&take(&queue, MANY)), [b"ddd"]);
        assert_eq!(texts(&take(&queue, MANY)), [b""; 0]);
    }

    #[test]
    fn closing_lets_the_waiting_through_and_refuses_the_rest() {
        let queue = queue(1, 100);
        let waker = Waker::noop();
        let mut context = Context::from_waker(waker);
        let _in = queue.append(one("in"));
        let mut turned_away = queue.append(one("out"));
        assert!(Pin::new(&mut turned_away).poll(&mut context).is_pending());
        queue.close();
        assert_eq!(Pin::new(&mut turned_away).poll(&mut context), Poll::Ready(Err(Error::Closed)));
        let mut late = queue.append(one("late"));
        assert_eq!(Pin::new(&mut late).poll(&mut context), Poll::Ready(Err(Error::Closed)));
        let mut group = Vec::new();
        let mut woken = || queue.take(&mut group, MANY, None, 0, Duration::ZERO);
        assert_eq!(woken(), Woken::Work);
        assert_eq!(woken(), Woken::Closed);
        assert_eq!(texts(&group), [b"in"]);
    }

    #[test]
    fn a_writer_that_is_gone_answers_everybody() {
        let queue = queue(10, 100);
        let mut receipt = queue.append(one("a"));
        queue.abandon();
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(Pin::new(&mut receipt).poll(&mut context), Poll::Ready(Err(Error::Closed)));
    }
}
