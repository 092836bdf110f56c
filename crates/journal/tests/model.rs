//! Random use, restarts included, beside a plain vector.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use bytes::Bytes;
use footfall_journal::{EmbeddedJournal, Journal, MemoryJournal, Offset, Options};
use futures::executor::block_on;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Append(Vec<u8>),
    AppendAll(Vec<Vec<u8>>),
    Read(u64, usize),
    Forget(u64),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let record = || vec(any::<u8>(), 0..600);
    prop_oneof![
        4 => record().prop_map(Step::Append),
        3 => vec(record(), 0..30).prop_map(Step::AppendAll),
        4 => (0_u64..200, 0_usize..80).prop_map(|(after, limit)| Step::Read(after, limit)),
        2 => (0_u64..200).prop_map(Step::Forget),
        1 => Just(Step::Reopen),
    ]
}

/// Every record ever appended, and how many of them are forgotten.
#[derive(Default)]
struct Model {
    records: Vec<Bytes>,
    forgotten: u64,
}

impl Model {
    fn tail(&self) -> Offset {
        Offset(self.records.len() as u64)
    }

    fn read(&self, after: u64, limit: usize) -> Vec<(Offset, Bytes)> {
        let offsets = (1..).map(Offset);
        let after = Offset(after.max(self.forgotten));
        let kept = offsets.zip(self.records.iter().cloned()).filter(|(offset, _)| *offset > after);
        kept.take(limit).collect()
    }
}

fn follow(steps: Vec<Step>, mut journal: Box<dyn Journal>, reopen: impl Fn(Box<dyn Journal>) -> Box<dyn Journal>) {
    let mut model = Model::default();
    for step in steps {
        match step {
            Step::Append(record) => {
                let record = Bytes::from(record);
                model.records.push(record.clone());
                assert_eq!(block_on(journal.append(record)), Ok(model.tail()));
            }
            Step::AppendAll(records) => {
                let records: Vec<Bytes> = records.into_iter().map(Bytes::from).collect();
                model.records.extend(records.iter().cloned());
                assert_eq!(block_on(journal.append_all(records)), Ok(model.tail()));
            }
            Step::Read(after, limit) => {
                assert_eq!(journal.read(Offset(after), limit).unwrap(), model.read(after, limit));
            }
            Step::Forget(upto) => {
                journal.forget(Offset(upto)).unwrap();
                model.forgotten = model.forgotten.max(upto.min(model.tail().0));
            }
            Step::Reopen => journal = reopen(journal),
        }
        assert_eq!(journal.tail(), model.tail());
        assert_eq!(journal.stats().depth, model.tail().0 - model.forgotten);
    }
    let journal = reopen(journal);
    assert_eq!(journal.read(Offset::START, usize::MAX).unwrap(), model.read(0, usize::MAX));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_file_is_a_vector(steps in vec(step(), 0..40)) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal");
        let open = || Box::new(EmbeddedJournal::open(&path, &Options::default()).unwrap());
        follow(steps, open(), |journal| {
            drop(journal);
            open()
        });
    }

    #[test]
    fn memory_is_a_vector(steps in vec(step(), 0..40)) {
        follow(steps, Box::new(MemoryJournal::new()), |journal| journal);
    }
}
