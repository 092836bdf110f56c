//! Looks every few seconds whether a device database was installed, and tells devices by it from then on.

use std::time::Duration;

use footfall_model::Error;

use crate::{app::App, device_data};

const EVERY: Duration = Duration::from_secs(5);

pub(super) async fn run(app: App) {
    let mut last = device_data::installed(&app.config);
    loop {
        tokio::time::sleep(EVERY).await;
        let now = device_data::installed(&app.config);
        if now == last || now.is_none() {
            continue;
        }
        last = now;
        match replace(&app).await {
            Ok(()) => tracing::info!("there is a new device database"),
            Err(error) => tracing::warn!(%error, "there is a new device database, which is not used"),
        }
    }
}

async fn replace(app: &App) -> Result<(), Error> {
    let config = app.config.clone();
    let read = tokio::task::spawn_blocking(move || device_data::read_installed(&config)).await;
    app.detector.replace(read.map_err(|cause| Error::broken("reading the device database was cut short").because(cause))??);
    Ok(())
}
