//! Moves hits from the journal into the store, as long as the process lives.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use footfall_ingest::Drain;
use tokio::time::Instant;

use super::salts::Ring;
use crate::{app::App, clock};

/// How long hits are gathered before a batch is written, when there are few: people who try it out wait for their page view.
const FEW: Duration = Duration::from_millis(200);
/// How long from the beginning of one batch to the next, when there are more. A batch costs as much as a thousand hits whatever it
/// holds, and while hits keep coming those who answer them want the cores.
const MORE: Duration = Duration::from_millis(500);
/// So many hits are written at once, however soon they came together.
const ENOUGH: u64 = Drain::MOST as u64 / 2;
/// How often it is looked whether they are enough.
const LOOK: Duration = Duration::from_millis(25);
/// How long a failed batch rests before it is tried again.
const REST: Duration = Duration::from_secs(1);
/// Failed tries at the same place while stopping, after which the rest is left in the journal for the next start.
const LAST_TRIES: u32 = 3;

/// Runs until the process stops and the journal is empty.
pub(super) async fn run(app: App, mut drain: Drain, mut salts: Ring) {
    let mut tail = app.journal.watch();
    let mut stopping = app.stopping.subscribe();
    let mut failures = 0;
    let mut due = Instant::now();
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
            due = due.max(Instant::now() + FEW);
            continue;
        }
        while !app.reads_wait && !*stopping.borrow() && app.journal.tail().0 - drain.position().0 < ENOUGH && Instant::now() < due
        {
            tokio::time::sleep_until(due.min(Instant::now() + LOOK)).await;
        }
        let began = Instant::now();
        match step(&app, &mut drain, &mut salts).await {
            Ok(records) => {
                failures = 0;
                due = began + rest(records);
            }
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

/// How long after a batch of so many hits began the next one does.
fn rest(hits: usize) -> Duration {
    if hits < 100 { FEW } else { MORE }
}

/// Writes one batch; returns how many hits it took.
async fn step(app: &App, drain: &mut Drain, salts: &mut Ring) -> Result<usize, footfall_model::Error> {
    let salts = salts.for_day(app, clock::now()).await?;
    let sites = app.sites();
    let drained = drain.step(&sites, salts).await?;
    if drained.records == 0 {
        return Ok(0);
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
    Ok(drained.records)
}
