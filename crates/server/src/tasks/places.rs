//! Downloads MaxMind's location database where there is a key for it, and looks every day whether there is a newer one.

use std::time::Duration;

use footfall_model::Error;

use crate::{app::App, clock, geo::Download, wiring};

/// How often it is looked whether a day has passed, and a failed download is tried again.
const EVERY: Duration = Duration::from_secs(3600);

pub(super) async fn run(app: App) {
    let Ok(Some(download)) = Download::of(&app.config) else { return };
    loop {
        if download.is_due(clock::now()) {
            match fetch(&app, &download).await {
                Ok(true) => tracing::info!(edition = download.edition(), "there is a new location database"),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(error = %error, "there is no new location database; it is asked for again in an hour")
                }
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Downloads it and asks it from now on; says whether it was a newer one.
async fn fetch(app: &App, download: &Download) -> Result<bool, Error> {
    if !download.fetch().await? {
        return Ok(false);
    }
    let config = app.config.clone();
    let places = tokio::task::spawn_blocking(move || wiring::places(&config)).await;
    let places = places.map_err(|cause| Error::broken("reading the location database was cut short").because(cause))??;
    if let Some(enricher) = app.enricher.get() {
        enricher.replace_places(places);
    }
    Ok(true)
}
