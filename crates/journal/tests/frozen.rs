//! A file written by the first format stays readable; `frozen/v1.journal` is never written again.

use bytes::Bytes;
use footfall_journal::{EmbeddedJournal, Journal, Offset, Options};
use futures::executor::block_on;

/// Holds `one`, then the bulk `two`, ``, `four`, then 5 000 times the byte 5; the first was forgotten.
const V1: &[u8] = include_bytes!("frozen/v1.journal");

#[test]
fn format_1_is_read_and_continued() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    std::fs::write(&path, V1).unwrap();
    let journal = EmbeddedJournal::open(&path, &Options::default()).unwrap();
    assert_eq!((journal.tail(), journal.stats().depth), (Offset(5), 4));
    let records = journal.read(Offset::START, 10).unwrap();
    let expected = ["two", "", "four"].map(Bytes::from).into_iter().chain([vec![5; 5_000].into()]);
    assert_eq!(records, (2..).map(Offset).zip(expected).collect::<Vec<_>>());
    assert_eq!(block_on(journal.append(Bytes::from("six"))), Ok(Offset(6)));
}
