//! Moves hits from the journal into the store, as long as the process lives.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use footfall_ingest::Drain;

use super::salts::Ring;
use crate::{app::App, clock};

/// How long hits are gathered before a batch is written, when there are few.
const GATHER: Duration = Duration::from_millis(200);
/// How long a failed batch rests before it is tried again.
const REST: Duration = Duration::from_secs(1);
/// Failed tries at the same place while stopping, after which the rest is left in the journal for the next start.
const LAST_TRIES: u32 = 3;

/// Runs until the process stops and the journal is empty.
pub(super) async fn run(app: App, mut drain: Drain, mut salts: Ring) {
    let mut tail = app.journal.watch();
    let mut stopping = app.stopping.subscribe();
    let mut failures = 0;
    loop {
        let waits = drain.position() < app.journal.tail();
        let stops = *stopping.borrow();
        if !waits {
            if stops {
                return;
            }
            tokio::select! {
                changed = tail.changed() => if changed.is_err() { return },
                _ = stopping.changed() => {}
            }
            if !app.reads_wait {
                tokio::time::sleep(GATHER).await;
            }
            continue;
        }
        match step(&app, &mut drain, &mut salts).await {
            Ok(()) => failures = 0,
            Err(error) => {
                failures += 1;
                app.metrics.batches_failed.fetch_add(1, Relaxed);
                let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                tracing::error!(error = %error, cause, "a batch could not be written; it stays in the journal and is tried again");
                if stops && failures >= LAST_TRIES {
                    return;
                }
                tokio::time::sleep(REST).await;
            }
        }
    }
}

async fn step(app: &App, drain: &mut Drain, salts: &mut Ring) -> Result<(), footfall_model::Error> {
    let salts = salts.for_day(app, clock::now()).await?;
    let sites = app.sites();
    let drained = drain.step(&sites, salts).await?;
    if drained.records == 0 {
        return Ok(());
    }
    app.metrics.batches.fetch_add(1, Relaxed);
    app.metrics.hits_counted.fetch_add(drained.counted as u64, Relaxed);
    for (offset, problem) in &drained.unreadable {
        app.metrics.records_unreadable.fetch_add(1, Relaxed);
        tracing::error!(offset, problem, "a journal record cannot be read and is passed over");
    }
    let mut drops = app.drops.lock();
    for ((site, reason), n) in drained.dropped {
        app.metrics.count_dropped(reason, n);
        *drops.entry((site, reason)).or_default() += n;
    }
    drop(drops);
    app.drained.send_replace(drain.position());
    Ok(())
}
