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
    let drops = std::mem::take(&mut *app.drops.lock());
    if drops.is_empty() {
        return Ok(());
    }
    let now = clock::now();
    let day = now.local(&TimeZone::UTC).date();
    let drops: Vec<Drops> = drops
        .into_iter()
        .map(|((site, reason), n)| Drops {
            site: (site > 0).then_some(SiteId(site)),
            day,
            reason: reason.code().to_owned(),
            n,
            last_at: now,
        })
        .collect();
    app.admin.add_drops(&drops).await
}
