//! A process is killed at random moments under load, twenty times; what it acknowledged is there, once.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use footfall_journal::{EmbeddedJournal, Journal, Offset, Options};
use rand::Rng;

/// Where the child finds its directory, and which of the runs it is.
const CHILD: &str = "JOURNAL_CRASH_CHILD";
const RUNS: u64 = 20;
const ACKNOWLEDGED: u64 = 1;
const FORGOTTEN: u64 = 2;

#[test]
fn what_was_acknowledged_survives_kill_9() {
    if let Ok(child) = std::env::var(CHILD) {
        let (run, directory) = child.split_once(' ').unwrap();
        load(Path::new(directory), run.parse().unwrap());
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let mut highest = 0;
    let mut acknowledged = 0;
    for run in 1..=RUNS {
        let notes = notes_path(directory.path(), run);
        let mut child = spawn(directory.path(), run);
        while std::fs::metadata(&notes).map_or(0, |file| file.len()) == 0 {
            assert!(child.try_wait().unwrap().is_none(), "run {run} ended by itself");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(rand::rng().random_range(0..250_000)));
        child.kill().unwrap();
        child.wait().unwrap();

        let path = directory.path().join("journal");
        let journal = EmbeddedJournal::open(&path, &Options::default()).unwrap();
        let found = everything(&journal);
        let notes = std::fs::read(&notes).unwrap();
        let mut forgotten = 0;
        for (kind, offset, id) in notes.chunks_exact(24).map(note) {
            if kind == FORGOTTEN {
                forgotten = forgotten.max(offset);
                continue;
            }
            acknowledged += 1;
            assert!(offset > highest, "run {run} used offset {offset} again");
            assert_eq!(*seen.entry(offset).or_insert(id), id, "offset {offset} was acknowledged twice");
        }
        for (&offset, &id) in &found {
            assert_eq!(*seen.entry(offset).or_insert(id), id, "offset {offset} holds another record");
        }
        for (&offset, &id) in seen.iter().filter(|(offset, _)| **offset > forgotten.max(highest)) {
            assert_eq!(found.get(&offset), Some(&id), "run {run} lost offset {offset}");
        }
        let mut ids: Vec<u64> = found.values().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), found.len(), "run {run} left a record twice");
        highest = journal.tail().0;
        assert_eq!(seen.keys().max(), Some(&highest));
    }
    assert!(acknowledged > RUNS * 10, "only {acknowledged} were acknowledged");
}

/// Every record by offset, as the id it starts with; the order is checked on the way.
fn everything(journal: &EmbeddedJournal) -> HashMap<u64, u64> {
    let mut found = HashMap::new();
    let mut after = Offset::START;
    loop {
        let records = journal.read(after, 10_000).unwrap();
        if records.is_empty() {
            return found;
        }
        for (offset, record) in records {
            assert!(offset > after);
            after = offset;
            let id = u64::from_le_bytes(record[..8].try_into().unwrap());
            assert_eq!(record, self::record(id));
            found.insert(offset.0, id);
        }
    }
}

fn note(bytes: &[u8]) -> (u64, u64, u64) {
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    (number(0), number(8), number(16))
}

fn notes_path(directory: &Path, run: u64) -> PathBuf {
    directory.join(format!("notes-{run}"))
}

fn spawn(directory: &Path, run: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "what_was_acknowledged_survives_kill_9"])
        .env(CHILD, format!("{run} {}", directory.display()))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn record(id: u64) -> Bytes {
    let mut bytes = id.to_le_bytes().to_vec();
    bytes.resize(8 + (id as usize * 31) % 900, id as u8);
    bytes.into()
}

/// The child: appends from many tasks, notes down what was acknowledged and what it is about to forget; never ends.
fn load(directory: &Path, run: u64) {
    let journal = EmbeddedJournal::open(&directory.join("journal"), &Options::default()).unwrap();
    let journal = Arc::new(journal);
    let notes = File::options().append(true).create(true).open(notes_path(directory, run)).unwrap();
    let notes = Arc::new(notes);
    let next = Arc::new(AtomicU64::new(run << 32));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut tasks = Vec::new();
    for task in 0..16_u64 {
        let (journal, notes, next) = (journal.clone(), notes.clone(), next.clone());
        tasks.push(runtime.spawn(async move {
            loop {
                let count = if task % 4 == 0 { rand::rng().random_range(2..20) } else { 1 };
                let ids: Vec<u64> = (0..count).map(|_| next.fetch_add(1, Ordering::Relaxed)).collect();
                let receipt = match ids[..] {
                    [id] => journal.append(record(id)),
                    _ => journal.append_all(ids.iter().copied().map(record).collect()),
                };
                let last = receipt.await.unwrap().0;
                let mut lines = Vec::new();
                for (offset, id) in (last + 1 - count..).zip(ids) {
                    lines.extend([ACKNOWLEDGED, offset, id].map(u64::to_le_bytes).concat());
                }
                (&*notes).write_all(&lines).unwrap();
                if task == 0 {
                    let upto = last.saturating_sub(rand::rng().random_range(0..2_000));
                    let line = [FORGOTTEN, upto, 0].map(u64::to_le_bytes).concat();
                    (&*notes).write_all(&line).unwrap();
                    journal.forget(Offset(upto)).unwrap();
                }
            }
        }));
    }
    runtime.block_on(futures::future::join_all(tasks));
}
