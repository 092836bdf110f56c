//! Writes down why hits did not count, by site and day, so that people can ask "why is my data missing".

use std::time::Duration;

use footfall_admin::Drops;
use footfall_model::{Error, SiteId};
use jiff::tz::TimeZone;

use crate::{app::App, clock};

const EVERY: Duration = Duration::from_secs(5);

pub(super) async fn run(app: App) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = write_down(&app).await {
            tracing::warn!(error = %error, "reasons why hits did not count cannot be written down");
        }
    }
}

/// Writes down what has gathered.
pub(super) async fn write_down(app: &App) -> Result<(), Error> {
    let failures = std::mem::take(&mut *app.failures.lock());
    for failure in failures.values() {
        app.admin.record_failure(failure).await?;
    }
    let taken = std::mem::take(&mut *app.drops.lock());
    if taken.is_empty() {
        return Ok(());
    }
    let now = clock::now();
    let day = now.local(&TimeZone::UTC).date();
    let drops: Vec<Drops> = taken
        .iter()
        .map(|(&(site, reason), &n)| Drops {
            site: (site > 0).then_some(SiteId(site)),
            day,
            reason: reason.code().to_owned(),
            n,
            last_at: now,
        })
        .collect();
    let written = app.admin.add_drops(&drops).await;
    if written.is_err() {
        // They are written down with the next ones.
        let mut held = app.drops.lock();
        for (key, n) in taken {
            *held.entry(key).or_default() += n;
        }
    }
    written
}
