//! Deletes visits that are older than they may be kept (`retention_days` of the site, or of the server), at the start and every
//! hour.

use std::time::Duration;

use footfall_api::own::retention;
use footfall_model::{Error, Millis};

use crate::{app::App, clock};

const EVERY: Duration = Duration::from_secs(3600);
const DAY: i64 = 86_400_000;

pub(super) async fn run(app: App) {
    loop {
        match enforce(&app, clock::now()).await {
            Ok(0) => {}
            Ok(visits) => tracing::info!(visits, "visits were deleted because they are older than `retention_days`"),
            Err(error) => tracing::warn!(error = %error, "visits that are older than `retention_days` cannot be deleted"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Deletes what is too old, and says how many visits that were. Without the settings everything is kept.
async fn enforce(app: &App, now: Millis) -> Result<u64, Error> {
    let mut gone = 0;
    for site in app.sites().all() {
        let Some(days) = retention(&app.admin, site.id).await? else {
            continue;
        };
        let before = now.plus(-i64::from(days) * DAY);
        gone += app.store.forget_before(site.id, before).await?;
    }
    Ok(gone)
}
