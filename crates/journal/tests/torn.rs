//! A power cut leaves a write-ahead log cut short or garbled anywhere: what was there before stays, nothing comes twice.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::Path;

use bytes::Bytes;
use footfall_journal::{EmbeddedJournal, Journal, Offset, Options};
use futures::executor::block_on;

/// Records that are in the file itself, and those that are in its log.
const IN_FILE: u64 = 30;
const IN_LOG: u64 = 12;

fn open(path: &Path) -> EmbeddedJournal {
    EmbeddedJournal::open(path, &Options::default()).unwrap()
}

fn record(offset: u64) -> Bytes {
    vec![offset as u8; 100 + (offset as usize * 997) % 9_000].into()
}

/// The file and its log as they lie on the disk while the journal is open.
fn interrupted(directory: &Path) -> (Vec<u8>, Vec<u8>) {
    let path = directory.join("whole");
    let append = |journal: &EmbeddedJournal, offset| {
        assert_eq!(block_on(journal.append(record(offset))), Ok(Offset(offset)));
    };
    let journal = open(&path);
    (1..=IN_FILE).for_each(|offset| append(&journal, offset));
    drop(journal);
    let journal = open(&path);
    (IN_FILE + 1..=IN_FILE + IN_LOG).for_each(|offset| append(&journal, offset));
    (std::fs::read(&path).unwrap(), std::fs::read(directory.join("whole-wal")).unwrap())
}

/// How many records are found; they are the first ones, and the next append follows them.
fn found(directory: &Path, file: &[u8], log: &[u8]) -> u64 {
    let path = directory.join("torn");
    std::fs::write(&path, file).unwrap();
    std::fs::write(directory.join("torn-wal"), log).unwrap();
    let journal = open(&path);
    let records = journal.read(Offset::START, usize::MAX).unwrap();
    let expected: Vec<_> = (1..=records.len() as u64).map(|n| (Offset(n), record(n))).collect();
    assert!(records == expected, "not the first {} records", records.len());
    assert_eq!(journal.tail(), Offset(records.len() as u64));
    assert_eq!(block_on(journal.append(Bytes::new())), Ok(Offset(records.len() as u64 + 1)));
    records.len() as u64
}

#[test]
fn a_log_cut_anywhere_keeps_a_prefix() {
    let directory = tempfile::tempdir().unwrap();
    let (file, log) = interrupted(directory.path());
    let mut kept = Vec::new();
    let frame = 24 + 8192;
    let cuts = (0..log.len()).step_by(1_777);
    let borders = (32..log.len()).step_by(frame).flat_map(|at| [at - 1, at, at + 1]);
    let mut cuts: Vec<usize> = cuts.chain(borders).chain([log.len()]).collect();
    cuts.sort_unstable();
    for cut in cuts {
        let count = found(directory.path(), &file, &log[..cut.min(log.len())]);
        assert!(kept.last().is_none_or(|&before| before <= count), "a longer log holds less");
        kept.push(count);
    }
    kept.dedup();
    assert_eq!(kept, (IN_FILE..=IN_FILE + IN_LOG).collect::<Vec<_>>());
}

#[test]
fn a_log_garbled_anywhere_keeps_a_prefix() {
    let directory = tempfile::tempdir().unwrap();
    let (file, log) = interrupted(directory.path());
    for at in (0..log.len()).step_by(3_331) {
        let mut garbled = log.clone();
        garbled[at] ^= 0xa5;
        let count = found(directory.path(), &file, &garbled);
        assert!((IN_FILE..=IN_FILE + IN_LOG).contains(&count), "{count} at {at}");
        assert!(at > log.len() / 2 || count < IN_FILE + IN_LOG, "the damage at {at} went unnoticed");
    }
}
