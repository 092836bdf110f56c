//! Durable records a second, beside a plain file that is synchronised after every group.
//!
//! `cargo run -p footfall-journal --example throughput -- [TASKS] [IN_FLIGHT] [SECONDS]`, in the temporary directory: each task keeps `IN_FLIGHT`
//! records of 400 bytes on their way. The journal is drained and forgotten meanwhile, as the server does; the plain
//! file only grows.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use footfall_journal::{EmbeddedJournal, Journal, Offset, Options, Receipt};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::oneshot;

const RECORD: [u8; 400] = [b'x'; 400];

#[derive(Clone, Copy)]
struct Load {
    tasks: usize,
    in_flight: usize,
    time: Duration,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number =
        |default: u64| -> Result<u64, std::num::ParseIntError> { arguments.next().map_or(Ok(default), |text| text.parse()) };
    let load = Load { tasks: number(64)? as usize, in_flight: number(1)? as usize, time: Duration::from_secs(number(5)?) };
    let runtime = tokio::runtime::Runtime::new()?;
    for round in 1..=4 {
        let directory = tempfile::tempdir()?;
        let (plain, syncs) = runtime.block_on(plain_file(&directory.path().join("plain"), load))?;
        let (journal, commits) = runtime.block_on(journal(&directory.path().join("journal"), load))?;
        println!(
            "round {round}: journal {journal:.0}/s ({commits:.0} commits/s), plain file {plain:.0}/s ({syncs:.0} \
             syncs/s), ratio {:.2}",
            journal / plain
        );
    }
    Ok(())
}

async fn journal(path: &Path, load: Load) -> Result<(f64, f64), Box<dyn std::error::Error>> {
    let journal = Arc::new(EmbeddedJournal::open(path, &Options::default())?);
    let done = Arc::new(AtomicBool::new(false));
    let drain = {
        let (journal, done) = (journal.clone(), done.clone());
        std::thread::spawn(move || drain(journal.as_ref(), &done))
    };
    let appender = journal.clone();
    let rate = pushed(load, move |record| appender.append(record)).await;
    let commits = journal.stats().commits as f64 / load.time.as_secs_f64();
    done.store(true, Ordering::Release);
    let drained = drain.join().map_err(|_| "the drain panicked")??;
    println!("  drained {drained}, file {} kB", std::fs::metadata(path)?.len() / 1000);
    journal.close();
    Ok((rate, commits))
}

/// Reads and forgets until told to stop and nothing is left.
fn drain(journal: &dyn Journal, done: &AtomicBool) -> Result<u64, footfall_journal::Error> {
    let mut swallowed = Offset::START;
    loop {
        let finished = done.load(Ordering::Acquire);
        while let Some((last, _)) = journal.read(swallowed, 20_000)?.last() {
            swallowed = *last;
            journal.forget(swallowed)?;
        }
        if finished {
            return Ok(swallowed.0);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

async fn plain_file(path: &Path, load: Load) -> Result<(f64, f64), Box<dyn std::error::Error>> {
    type Entry = (Bytes, oneshot::Sender<Result<Offset, footfall_journal::Error>>);
    let mut file = File::create(path)?;
    let (sender, receiver) = mpsc::channel::<Entry>();
    let syncs = Arc::new(AtomicU64::new(0));
    let counted = syncs.clone();
    let writer = std::thread::spawn(move || -> std::io::Result<()> {
        let mut group = Vec::new();
        let mut bytes = Vec::new();
        let mut offset = 0;
        while let Ok(entry) = receiver.recv() {
            group.push(entry);
            group.extend(receiver.try_iter().take(1_999));
            bytes.clear();
            for (record, _) in &group {
                bytes.extend_from_slice(&(record.len() as u32).to_le_bytes());
                bytes.extend_from_slice(record);
            }
            file.write_all(&bytes)?;
            file.sync_data()?;
            counted.fetch_add(1, Ordering::Relaxed);
            for (_, answer) in group.drain(..) {
                offset += 1;
                let _gone = answer.send(Ok(Offset(offset)));
            }
        }
        Ok(())
    });
    let rate = pushed(load, move |record| {
        let (answer, receipt) = oneshot::channel();
        let _closed = sender.send((record, answer));
        Receipt::queued(receipt)
    })
    .await;
    writer.join().map_err(|_| "the plain writer panicked")??;
    Ok((rate, syncs.load(Ordering::Relaxed) as f64 / load.time.as_secs_f64()))
}

/// Keeps appending for the load's time; the records that were durable by then, a second.
async fn pushed(load: Load, append: impl Fn(Bytes) -> Receipt + Send + Sync + 'static) -> f64 {
    let append = Arc::new(append);
    let durable = Arc::new(AtomicU64::new(0));
    let end = Instant::now() + load.time;
    let mut tasks = Vec::new();
    for _ in 0..load.tasks {
        let (append, durable) = (append.clone(), durable.clone());
        tasks.push(tokio::spawn(async move {
            let mut flying = FuturesUnordered::new();
            while Instant::now() < end {
                while flying.len() < load.in_flight {
                    flying.push(append(Bytes::from_static(&RECORD)));
                }
                if let Some(Ok(_)) = flying.next().await {
                    durable.fetch_add(1, Ordering::Relaxed);
                }
            }
        }));
    }
    for task in tasks {
        if task.await.is_err() {
            eprintln!("a task panicked");
        }
    }
    durable.load(Ordering::Relaxed) as f64 / load.time.as_secs_f64()
}
