//! What becomes of the journal's file: restarts, second processes, damage, full disks.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use footfall_journal::{EmbeddedJournal, Error, Journal, Offset, Options};
use futures::executor::block_on;

fn open(path: &Path) -> Result<EmbeddedJournal, Error> {
    EmbeddedJournal::open(path, &Options::default())
}

fn append(journal: &EmbeddedJournal, record: &[u8]) -> Result<Offset, Error> {
    block_on(journal.append(Bytes::copy_from_slice(record)))
}

fn holds(path: &Path, needle: &[u8]) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
}

#[test]
fn a_restart_keeps_records_and_offsets() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    let journal = open(&path).unwrap();
    for record in [b"a", b"b", b"c"] {
        append(&journal, record).unwrap();
    }
    journal.forget(Offset(1)).unwrap();
    drop(journal);

    let journal = open(&path).unwrap();
    assert_eq!((journal.tail(), journal.stats().depth), (Offset(3), 2));
    let records = journal.read(Offset(0), 10).unwrap();
    assert_eq!(records, [(Offset(2), Bytes::from("b")), (Offset(3), Bytes::from("c"))]);
    journal.forget(Offset(3)).unwrap();
    drop(journal);

    let journal = open(&path).unwrap();
    assert_eq!((journal.tail(), journal.stats().bytes), (Offset(3), 0));
    assert_eq!(append(&journal, b"d"), Ok(Offset(4)));
}

#[test]
fn a_new_file_continues_after_the_position_its_reader_swallowed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    let after = |offset| Options { after: Offset(offset), ..Options::default() };
    let journal = EmbeddedJournal::open(&path, &after(1_000)).unwrap();
    assert_eq!(append(&journal, b"a"), Ok(Offset(1_001)));
    assert_eq!(append(&journal, b"b"), Ok(Offset(1_002)));
    drop(journal);
    let journal = EmbeddedJournal::open(&path, &after(1_001)).unwrap();
    assert_eq!(journal.stats().depth, 2);
    drop(journal);
    let journal = EmbeddedJournal::open(&path, &after(2_000)).unwrap();
    assert_eq!(journal.read(Offset(0), 9), Ok(vec![]), "swallowed already");
    assert_eq!(append(&journal, b"c"), Ok(Offset(2_001)));
}

#[test]
fn a_second_opening_is_refused_until_the_first_is_closed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    let first = open(&path).unwrap();
    let refused = open(&path).unwrap_err();
    assert_eq!(refused, Error::Locked { path: path.clone() });
    assert_eq!(
        refused.to_string(),
        format!("the journal `{}` is in use by another process: stop that one or choose another data directory", path.display())
    );
    assert_eq!(append(&first, b"a"), Ok(Offset(1)));
    first.close();
    assert_eq!(open(&path).unwrap().tail(), Offset(1));
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    let text = b"dear diary, ".repeat(1_000);
    std::fs::write(&path, &text).unwrap();
    let refused = open(&path).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "the journal `{}` is damaged (file is not a database): restore it, or move it and its `-wal` file aside \
             to start with an empty one",
            path.display()
        )
    );
    assert_eq!(std::fs::read(&path).unwrap(), text);

    std::fs::remove_file(&path).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE users (name TEXT)").unwrap();
    drop(other);
    let before = std::fs::read(&path).unwrap();
    let refused = open(&path).unwrap_err();
    assert!(refused.to_string().contains("(it is another program's file)"), "{refused}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_later_format_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    drop(open(&path).unwrap());
    let later = rusqlite::Connection::open(&path).unwrap();
    later.execute_batch("PRAGMA user_version = 2").unwrap();
    drop(later);
    assert_eq!(open(&path).unwrap_err(), Error::Newer { path, found: 2, known: 1 });
}

#[test]
fn a_missing_directory_is_an_error_that_names_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nowhere").join("journal");
    let refused = open(&path).unwrap_err();
    assert!(matches!(&refused, Error::Io { path: named, .. } if *named == path), "{refused}");
}

#[test]
fn damaged_records_are_found_out_and_the_ones_before_are_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    let journal = open(&path).unwrap();
    for record in [b"first record", b"second recrd", b"third record"] {
        append(&journal, record).unwrap();
    }
    drop(journal);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(12).position(|window| window == b"second recrd").unwrap();
    bytes[at] = b'S';
    std::fs::write(&path, bytes).unwrap();

    let journal = open(&path).unwrap();
    assert_eq!(journal.read(Offset(0), 9).unwrap(), [(Offset(1), Bytes::from("first record"))]);
    let refused = journal.read(Offset(1), 9).unwrap_err();
    assert!(
        matches!(&refused, Error::Corrupt { reason, .. } if **reason == *"a wrong checksum in the batch at offset 2"),
        "{refused}"
    );
    assert_eq!(journal.read(Offset(2), 9).unwrap(), [(Offset(3), Bytes::from("third record"))]);
    assert_eq!(append(&journal, b"fourth"), Ok(Offset(4)));
}

#[test]
fn a_file_cut_short_is_an_error_and_never_a_panic() {
    let directory = tempfile::tempdir().unwrap();
    let whole = directory.path().join("whole");
    let journal = open(&whole).unwrap();
    for n in 0..40_u8 {
        append(&journal, &[n; 3_000]).unwrap();
    }
    drop(journal);
    let bytes = std::fs::read(&whole).unwrap();
    let mut refused = 0;
    for cut in (1..bytes.len()).step_by(2_500) {
        let path = directory.path().join(format!("cut-{cut}"));
        std::fs::write(&path, &bytes[..cut]).unwrap();
        let read = open(&path).and_then(|journal| journal.read(Offset(0), 100));
        match read {
            Ok(records) => {
                assert!(records.iter().all(|(offset, r)| r[..] == [offset.0 as u8 - 1; 3_000]));
            }
            Err(error) => {
                assert!(matches!(error, Error::Corrupt { .. }), "{error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 10, "{refused}");
}

#[test]
fn a_full_journal_refuses_appends_and_takes_them_again_once_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    let options = Options { most_bytes: Some(512 << 10), ..Options::default() };
    let journal = EmbeddedJournal::open(&path, &options).unwrap();
    let mut acknowledged = 0;
    let refused = loop {
        match append(&journal, &[7; 10_000]) {
            Ok(offset) => {
                acknowledged += 1;
                assert_eq!(offset, Offset(acknowledged));
            }
            Err(error) => break error,
        }
        assert!(acknowledged < 60, "the limit does not hold");
    };
    assert!(acknowledged > 20, "{acknowledged}");
    assert_eq!(refused, Error::Full { path: path.clone() });
    assert_eq!(
        refused.to_string(),
        format!("the journal `{}` cannot grow: the disk is full or its size limit is reached", path.display())
    );
    assert_eq!(journal.stats().failing, Some(refused.clone()));
    let bulk = vec![Bytes::from(vec![1; 9_000]), Bytes::from(vec![2; 9_000])];
    assert_eq!(block_on(journal.append_all(bulk.clone())), Err(refused));
    assert_eq!(journal.read(Offset(0), 100).unwrap().len(), acknowledged as usize);

    journal.forget(Offset(acknowledged / 2)).unwrap();
    assert_eq!(block_on(journal.append_all(bulk)), Ok(Offset(acknowledged + 2)));
    assert_eq!(journal.stats().failing, None);
    drop(journal);
    let journal = EmbeddedJournal::open(&path, &options).unwrap();
    let offsets: Vec<u64> = journal.read(Offset(0), 100).unwrap().iter().map(|(o, _)| o.0).collect();
    assert_eq!(offsets, (acknowledged / 2 + 1..=acknowledged + 2).collect::<Vec<_>>());
}

#[test]
fn nothing_forgotten_stays_in_the_files_of_a_journal_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    let log = directory.path().join("journal-wal");
    let journal = open(&path).unwrap();
    let secret = b"203.0.113.77";
    for _ in 0..50 {
        append(&journal, &secret.repeat(400)).unwrap();
    }
    assert!(holds(&log, secret));
    journal.forget(journal.tail()).unwrap();
    for _ in 0..600 {
        if !holds(&path, secret) && !holds(&log, secret) && journal.stats().bytes == 0 {
            assert_eq!(append(&journal, b"next"), Ok(Offset(51)));
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("forgotten records are still in the files: {:?}", journal.stats());
}

#[test]
fn space_is_used_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    let options = Options { most_bytes: Some(2 << 20), ..Options::default() };
    let journal = EmbeddedJournal::open(&path, &options).unwrap();
    for round in 1..=100_u64 {
        let bulk: Vec<Bytes> = (0..100).map(|n| vec![n; 4_000].into()).collect();
        assert_eq!(block_on(journal.append_all(bulk)), Ok(Offset(round * 100)));
        assert_eq!(journal.read(Offset(round * 100 - 1), 9).unwrap().len(), 1);
        journal.forget(Offset(round * 100)).unwrap();
    }
    drop(journal);
    let left: u64 = std::fs::read_dir(directory.path()).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(left < 100_000, "{left} bytes are left of an emptied journal");
}

#[test]
fn a_reserve_is_left_for_the_reader() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    append(&open(&path).unwrap(), b"acknowledged").unwrap();

    let options = Options { reserve: u64::MAX, ..Options::default() };
    let journal = EmbeddedJournal::open(&path, &options).unwrap();
    let refused = Error::Reserved { path: path.clone(), reserve: u64::MAX };
    assert_eq!(append(&journal, b"refused"), Err(refused.clone()));
    assert_eq!(journal.stats().failing, Some(refused));
    assert_eq!(journal.read(Offset(0), 9), Ok(vec![(Offset(1), Bytes::from("acknowledged"))]));
    journal.forget(Offset(1)).unwrap();
    assert_eq!(journal.stats().depth, 0);
    drop(journal);

    let options = Options { reserve: 1, ..Options::default() };
    let journal = EmbeddedJournal::open(&path, &options).unwrap();
    assert_eq!((append(&journal, b"again"), journal.stats().failing), (Ok(Offset(2)), None));
}
