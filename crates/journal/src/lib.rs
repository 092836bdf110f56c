//! A durable log of opaque byte records: append, read from an offset, forget up to an offset, recover after a crash.
//!
//! What is acknowledged is on disk: a [`Receipt`] resolves only after the transaction that holds its record was
//! synchronised. The journal knows nothing of what the bytes mean.

mod batch;
mod embedded;
mod error;
mod file;
mod memory;
mod queue;
mod receipt;
mod writer;

use bytes::Bytes;
use tokio::sync::watch;

pub use embedded::{EmbeddedJournal, Options};
pub use error::Error;
pub use memory::MemoryJournal;
pub use receipt::Receipt;

/// The longest record a journal takes, in bytes.
pub const MAX_RECORD: usize = 16 << 20;

/// The most bytes one [`Journal::append_all`] takes, all its records together.
pub const MAX_BULK: usize = 256 << 20;

/// A place in a journal; the first record has offset 1, so [`Offset::START`] lies before every record.
///
/// Offsets strictly increase and are never given to a second record, not even after forgetting and a restart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(pub u64);

impl Offset {
    /// The place before the first record.
    pub const START: Offset = Offset(0);
}

impl std::fmt::Display for Offset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a journal holds at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Durable records that are not forgotten.
    pub depth: u64,
    /// Bytes those records occupy, framing and what is about to be deleted included.
    pub bytes: u64,
    /// Records handed over and not yet durable.
    pub waiting: usize,
    /// Transactions that made records durable since the journal was opened.
    pub commits: u64,
    /// Why the newest transaction failed; `None` again as soon as one succeeds.
    pub failing: Option<Error>,
}

/// A durable, append-only log of byte records with one reader that forgets what it has swallowed.
pub trait Journal: Send + Sync {
    /// Hands over one record; the receipt resolves to its offset once it is durable.
    ///
    /// Call it anywhere, it never blocks; when the journal is full to its bound, the receipt waits for room, and only
    /// then does the record count as handed over. Records handed over one after the other keep their order.
    fn append(&self, record: Bytes) -> Receipt;

    /// Hands over many records that become durable together or not at all, with contiguous offsets.
    ///
    /// The receipt resolves to the offset of the last one; for no records, to the tail.
    fn append_all(&self, records: Vec<Bytes>) -> Receipt;

    /// Reads up to `limit` records with offsets greater than `after`, in order.
    ///
    /// May return fewer than exist (it stops at some megabytes), but never none while there are some. Blocks the thread
    /// for the time of the read; it does not hold up appends.
    ///
    /// # Errors
    /// When the journal is closed, or what it holds cannot be read or fails its checksum.
    fn read(&self, after: Offset, limit: usize) -> Result<Vec<(Offset, Bytes)>, Error>;

    /// Declares every record up to and including `upto` (or the tail, if that is less) as no longer needed.
    ///
    /// From here on they are not read again; their space is freed in the background. A crash may bring some of them
    /// back, so a reader must be able to see a record twice.
    ///
    /// # Errors
    /// When the journal is closed.
    fn forget(&self, upto: Offset) -> Result<(), Error>;

    /// The offset of the newest durable record, forgotten or not.
    fn tail(&self) -> Offset;

    /// Follows the tail: the receiver changes whenever records became durable.
    fn watch(&self) -> watch::Receiver<Offset>;

    /// What the journal holds now.
    fn stats(&self) -> Stats;

    /// Makes everything handed over durable, then refuses further use and lets go of files and threads.
    ///
    /// Blocks until that is done; closing again does nothing.
    fn close(&self);
}
