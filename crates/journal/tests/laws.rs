//! What every journal promises, put to each of them.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use bytes::Bytes;
use footfall_journal::{EmbeddedJournal, Error, Journal, MAX_BULK, MAX_RECORD, MemoryJournal, Offset, Options};
use futures::executor::block_on;
use futures::future::join_all;

fn each(law: impl Fn(&dyn Journal)) {
    law(&MemoryJournal::new());
    let directory = tempfile::tempdir().unwrap();
    law(&EmbeddedJournal::open(&directory.path().join("journal"), &Options::default()).unwrap());
}

fn texts(journal: &dyn Journal, after: u64, limit: usize) -> Vec<(u64, String)> {
    let records = journal.read(Offset(after), limit).unwrap();
    let text = |record: Bytes| String::from_utf8(record.to_vec()).unwrap();
    records.into_iter().map(|(offset, record)| (offset.0, text(record))).collect()
}

fn append(journal: &dyn Journal, text: &'static str) -> u64 {
    block_on(journal.append(Bytes::from_static(text.as_bytes()))).unwrap().0
}

fn append_all(journal: &dyn Journal, texts: &[&'static str]) -> u64 {
    let records = texts.iter().map(|text| Bytes::from_static(text.as_bytes())).collect();
    block_on(journal.append_all(records)).unwrap().0
}

fn owned(records: &[(u64, &str)]) -> Vec<(u64, String)> {
    records.iter().map(|&(offset, text)| (offset, text.to_owned())).collect()
}

#[test]
fn records_are_read_in_the_order_they_were_appended() {
    each(|journal| {
        assert_eq!(journal.tail(), Offset::START);
        assert_eq!(texts(journal, 0, 10), []);
        assert_eq!(append(journal, "a"), 1);
        assert_eq!(append_all(journal, &["b", "", "d"]), 4);
        assert_eq!(append(journal, "e"), 5);
        let all = owned(&[(1, "a"), (2, "b"), (3, ""), (4, "d"), (5, "e")]);
        assert_eq!(texts(journal, 0, 10), all);
        assert_eq!(texts(journal, 0, 3), all[..3]);
        assert_eq!(texts(journal, 2, 2), all[2..4]);
        assert_eq!(texts(journal, 4, 10), all[4..]);
        assert_eq!(texts(journal, 5, 10), []);
        assert_eq!(texts(journal, u64::MAX, 10), []);
        assert_eq!(texts(journal, 0, 0), []);
        assert_eq!(journal.tail(), Offset(5));
    });
}

#[test]
fn receipts_not_yet_awaited_keep_their_order() {
    each(|journal| {
        let receipts: Vec<_> = (0..5_000_u32).map(|n| journal.append(Bytes::copy_from_slice(&n.to_le_bytes()))).collect();
        let offsets = block_on(join_all(receipts));
        let expected: Vec<_> = (1..=5_000).map(|n| Ok(Offset(n))).collect();
        assert_eq!(offsets, expected);
        let mut after = Offset::START;
        let mut numbers = Vec::new();
        loop {
            let records = journal.read(after, 700).unwrap();
            let Some((last, _)) = records.last() else {
                break;
            };
            after = *last;
            numbers.extend(records.iter().map(|(_, r)| u32::from_le_bytes(r[..].try_into().unwrap())));
        }
        assert_eq!(numbers, (0..5_000).collect::<Vec<u32>>());
    });
}

#[test]
fn an_empty_bulk_answers_the_tail() {
    each(|journal| {
        assert_eq!(append_all(journal, &[]), 0);
        append(journal, "a");
        assert_eq!(append_all(journal, &[]), 1);
        assert_eq!(journal.tail(), Offset(1));
    });
}

#[test]
fn a_large_bulk_is_contiguous_and_read_in_parts() {
    each(|journal| {
        let records: Vec<Bytes> = (0..300_u32).map(|n| vec![n as u8; 100_000].into()).collect();
        let (before, bulk) = (journal.append(Bytes::from_static(b"a")), journal.append_all(records));
        assert_eq!(block_on(before), Ok(Offset(1)));
        assert_eq!(block_on(bulk), Ok(Offset(301)));
        let mut after = 1;
        while after < 301 {
            let records = journal.read(Offset(after), 1_000).unwrap();
            assert!(!records.is_empty(), "nothing after {after}");
            for (offset, record) in records {
                after += 1;
                assert_eq!((offset.0, record.len()), (after, 100_000));
                assert!(record.iter().all(|&byte| byte == (after - 2) as u8));
            }
        }
    });
}

#[test]
fn what_is_forgotten_is_not_read_again_and_its_offset_not_reused() {
    each(|journal| {
        append_all(journal, &["a", "b", "c", "d"]);
        journal.forget(Offset(2)).unwrap();
        assert_eq!(texts(journal, 0, 10), owned(&[(3, "c"), (4, "d")]));
        assert_eq!(journal.stats().depth, 2);
        journal.forget(Offset(1)).unwrap();
        assert_eq!(texts(journal, 0, 10), owned(&[(3, "c"), (4, "d")]));
        journal.forget(Offset(u64::MAX)).unwrap();
        assert_eq!(texts(journal, 0, 10), []);
        assert_eq!((journal.stats().depth, journal.tail()), (0, Offset(4)));
        assert_eq!(append(journal, "e"), 5);
        assert_eq!(texts(journal, 0, 10), owned(&[(5, "e")]));
    });
}

#[test]
fn the_tail_is_followed() {
    each(|journal| {
        let mut tail = journal.watch();
        assert!(!tail.has_changed().unwrap());
        append(journal, "a");
        block_on(tail.changed()).unwrap();
        assert_eq!(*tail.borrow_and_update(), Offset(1));
        append_all(journal, &["b", "c"]);
        assert_eq!(*tail.borrow_and_update(), Offset(3));
    });
}

#[test]
fn an_append_without_a_waiting_receipt_is_kept() {
    each(|journal| {
        drop(journal.append(Bytes::from_static(b"a")));
        assert_eq!(append(journal, "b"), 2);
        assert_eq!(texts(journal, 0, 10), owned(&[(1, "a"), (2, "b")]));
    });
}

#[test]
fn too_long_an_append_is_refused_and_harms_nobody() {
    each(|journal| {
        let long = Bytes::from(vec![0; MAX_RECORD + 1]);
        let refused = Err(Error::TooLarge { bytes: MAX_RECORD + 1, limit: MAX_RECORD });
        assert_eq!(block_on(journal.append(long.clone())), refused);
        assert_eq!(block_on(journal.append_all(vec![Bytes::new(), long.clone()])), refused);
        let longest = long.slice(1..);
        assert_eq!(
            block_on(journal.append_all(vec![longest.clone(); 17])),
            Err(Error::TooLarge { bytes: 17 * MAX_RECORD, limit: MAX_BULK })
        );
        assert_eq!(block_on(journal.append(longest)), Ok(Offset(1)));
        assert_eq!(journal.read(Offset(0), 9).unwrap()[0].1.len(), MAX_RECORD);
    });
}

#[test]
fn a_closed_journal_says_so() {
    each(|journal| {
        append(journal, "a");
        journal.close();
        journal.close();
        assert_eq!(block_on(journal.append(Bytes::new())), Err(Error::Closed));
        assert_eq!(block_on(journal.append_all(vec![])), Err(Error::Closed));
        assert_eq!(block_on(journal.append_all(vec![Bytes::new()])), Err(Error::Closed));
        assert_eq!(journal.read(Offset(0), 1), Err(Error::Closed));
        assert_eq!(journal.forget(Offset(1)), Err(Error::Closed));
        assert_eq!(journal.tail(), Offset(1));
    });
}

#[test]
fn closing_makes_durable_what_was_handed_over() {
    each(|journal| {
        let receipts: Vec<_> = (0..3_000).map(|_| journal.append(Bytes::from_static(b"a"))).collect();
        journal.close();
        let offsets = block_on(join_all(receipts));
        assert_eq!(offsets, (1..=3_000).map(|n| Ok(Offset(n))).collect::<Vec<_>>());
    });
}

#[test]
fn statistics_count() {
    each(|journal| {
        assert_eq!(journal.stats(), Default::default());
        append_all(journal, &["abc", "de"]);
        let stats = journal.stats();
        assert_eq!((stats.depth, stats.waiting, stats.commits, stats.failing), (2, 0, 1, None));
        assert!((5..100).contains(&stats.bytes), "{}", stats.bytes);
    });
}
