//! What `/metrics` shows: counters of the process, in Prometheus' text format.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use footfall_ingest::Dropped;
use parking_lot::Mutex;

/// Counters since the process started.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// Requests to tracking endpoints.
    pub(crate) tracking_requests: AtomicU64,
    /// Hits that are durable in the journal.
    pub(crate) hits_journaled: AtomicU64,
    /// Hits that could not be made durable (their request was answered with 503).
    pub(crate) hits_refused: AtomicU64,
    /// Hits counted in the store.
    pub(crate) hits_counted: AtomicU64,
    /// Batches written to the store.
    pub(crate) batches: AtomicU64,
    /// Batches that failed and were tried again.
    pub(crate) batches_failed: AtomicU64,
    /// Journal records that could not be read.
    pub(crate) records_unreadable: AtomicU64,
    /// Requests of the reporting APIs.
    pub(crate) api_requests: AtomicU64,
    dropped: Mutex<BTreeMap<Dropped, u64>>,
}

/// What is read off other parts when the page is made.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gauges {
    /// Records in the journal that the store has not swallowed.
    pub(crate) journal_depth: u64,
    /// Bytes of the journal.
    pub(crate) journal_bytes: u64,
    /// Transactions that made hits durable.
    pub(crate) journal_commits: u64,
    /// Questions put to the store.
    pub(crate) questions: u64,
    /// Sites.
    pub(crate) sites: u64,
    /// Resident memory in bytes.
    pub(crate) resident_bytes: u64,
}

impl Metrics {
    /// Counts hits that do not count.
    pub(crate) fn count_dropped(&self, reason: Dropped, n: u64) {
        *self.dropped.lock().entry(reason).or_default() += n;
    }

    /// The page.
    pub(crate) fn page(&self, gauges: Gauges) -> String {
        let mut page = String::new();
        let mut write = |name: &str, kind: &str, help: &str, value: u64| {
            let _ = write!(page, "# HELP footfall_{name} {help}\n# TYPE footfall_{name} {kind}\nfootfall_{name} {value}\n");
        };
        let counters = [
            ("tracking_requests_total", "Requests to tracking endpoints.", &self.tracking_requests),
            ("hits_journaled_total", "Hits that are durable in the journal.", &self.hits_journaled),
            ("hits_refused_total", "Hits that could not be made durable.", &self.hits_refused),
            ("hits_counted_total", "Hits counted in the store.", &self.hits_counted),
            ("batches_total", "Batches written to the store.", &self.batches),
            ("batches_failed_total", "Batches that failed and were tried again.", &self.batches_failed),
            ("records_unreadable_total", "Journal records that could not be read.", &self.records_unreadable),
            ("api_requests_total", "Requests of the reporting APIs.", &self.api_requests),
        ];
        for (name, help, counter) in counters {
            write(name, "counter", help, counter.load(Relaxed));
        }
        write("journal_depth", "gauge", "Records in the journal that the store has not swallowed.", gauges.journal_depth);
        write("journal_bytes", "gauge", "Bytes of the journal.", gauges.journal_bytes);
        write("journal_commits_total", "counter", "Transactions that made hits durable.", gauges.journal_commits);
        write("store_questions_total", "counter", "Questions put to the store.", gauges.questions);
        write("sites", "gauge", "Sites.", gauges.sites);
        write("resident_bytes", "gauge", "Resident memory of the process.", gauges.resident_bytes);
        let _ = write!(
            page,
            "# HELP footfall_hits_dropped_total Hits that do not count, by reason.\n# TYPE footfall_hits_dropped_total counter\n"
        );
        let dropped = self.dropped.lock();
        for reason in Dropped::ALL {
            let n = dropped.get(&reason).copied().unwrap_or(0);
            let _ = writeln!(page, "footfall_hits_dropped_total{{reason=\"{reason}\"}} {n}");
        }
        page
    }
}

/// Resident memory of this process in bytes; 0 where the system does not tell.
pub(crate) fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<u64>().ok()).unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_counter() {
        let metrics = Metrics::default();
        metrics.count_dropped(Dropped::Bot, 2);
        metrics.hits_counted.store(7, Relaxed);
        let page = metrics.page(Gauges { journal_depth: 3, journal_commits: 5, ..Gauges::default() });
        assert!(page.contains("footfall_hits_dropped_total{reason=\"bot\"} 2\n"));
        assert!(page.contains("footfall_hits_dropped_total{reason=\"no-visit\"} 0\n"));
        assert!(page.contains("\nfootfall_hits_counted_total 7\n"));
        assert!(page.contains("\nfootfall_journal_depth 3\n"));
        assert!(page.contains("\nfootfall_journal_commits_total 5\n"));
    }
}
