use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a journal could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no room on the disk, or the journal reached the size it may have.
    #[error("the journal `{path}` cannot grow: the disk is full or its size limit is reached")]
    Full {
        /// The journal's file.
        path: PathBuf,
    },
    /// The disk is so full that what is left is kept for storing what was acknowledged before.
    #[error(
        "the disk that holds the journal `{path}` has less than {reserve} bytes left, which are kept for storing its records"
    )]
    Reserved {
        /// The journal's file.
        path: PathBuf,
        /// How many bytes are kept free.
        reserve: u64,
    },
    /// The journal was closed.
    #[error("the journal is closed")]
    Closed,
    /// Another process holds the journal.
    #[error("the journal `{path}` is in use by another process: stop that one or choose another data directory")]
    Locked {
        /// The journal's file.
        path: PathBuf,
    },
    /// The file is not a journal, or was damaged.
    #[error(
        "the journal `{path}` is damaged ({reason}): restore it, or move it and its `-wal` file aside to start with an empty one"
    )]
    Corrupt {
        /// The journal's file.
        path: PathBuf,
        /// What is wrong with it.
        reason: Arc<str>,
    },
    /// The file was written by a later version of this program.
    #[error("the journal `{path}` has format {found} and this version reads up to {known}: use the newer version")]
    Newer {
        /// The journal's file.
        path: PathBuf,
        /// The format found.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
    /// The operating system refused to read or write.
    #[error("the journal `{path}` cannot be read or written: {reason}")]
    Io {
        /// The journal's file.
        path: PathBuf,
        /// What the system said.
        reason: Arc<str>,
    },
    /// A record is longer than [`MAX_RECORD`](crate::MAX_RECORD), or a bulk than [`MAX_BULK`](crate::MAX_BULK).
    #[error("{bytes} bytes in one append are more than the journal's {limit}")]
    TooLarge {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
}

impl Error {
    pub(crate) fn corrupt(path: &Path, reason: impl Into<Arc<str>>) -> Error {
        Error::Corrupt { path: path.to_owned(), reason: reason.into() }
    }

    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Error {
        if error.kind() == std::io::ErrorKind::StorageFull {
            return Error::Full { path: path.to_owned() };
        }
        Error::Io { path: path.to_owned(), reason: error.to_string().into() }
    }

    pub(crate) fn sqlite(path: &Path, error: &rusqlite::Error) -> Error {
        use rusqlite::ErrorCode;
        use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
        let path = path.to_owned();
        let failure = error.sqlite_error();
        let full = failure.is_some_and(|f| f.extended_code == SQLITE_IOERR_SHMSIZE);
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Error::Full { path },
            _ if full => Error::Full { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Locked { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Error::Corrupt { path, reason: error.to_string().into() }
            }
            // SQLite was content, but a value is not what was written.
            None => Error::Corrupt { path, reason: error.to_string().into() },
            _ => Error::Io { path, reason: error.to_string().into() },
        }
    }
}
