//! The embedded store: DuckDB in the same process, one file.
//!
//! One connection writes, a few read; all of them on threads where blocking is allowed.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

mod append;
mod columns;
mod database;
mod details;
mod fault;
mod forget;
mod list;
mod migrate;
mod pool;
mod read;
mod recall;
mod rewrite;
mod seldom;
mod store;

use std::time::Duration;

pub use store::DuckStore;

/// How a store may use the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many bytes DuckDB may hold in memory before it spills to disk.
    pub memory_limit: u64,
    /// How many threads work on a question; 0 for as many as there are cores.
    pub threads: usize,
    /// How many questions are worked on at a time; more of them wait.
    pub readers: usize,
    /// How long a question may take before it is given up.
    pub timeout: Duration,
    /// How many bytes the write-ahead log may hold before it is worked into the file.
    pub log_limit: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { memory_limit: 160 << 20, threads: 0, readers: 4, timeout: Duration::from_secs(60), log_limit: 64 << 20 }
    }
}
