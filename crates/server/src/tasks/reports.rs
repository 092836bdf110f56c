//! Sends reports whose hour has come, where there is a relay for letters.

use std::{net::IpAddr, time::Duration};

use axum::http::HeaderMap;
use footfall_api::{matomo, own};

use crate::{app::App, http};

const EVERY: Duration = Duration::from_secs(300);

pub(super) async fn run(app: App) {
    if app.post.is_none() {
        return;
    }
    loop {
        let context = http::context(&app, &HeaderMap::new(), IpAddr::from([127, 0, 0, 1]));
        match matomo::send_due(&context).await {
            Ok(0) => {}
            Ok(reports) => tracing::info!(reports, "reports were sent"),
            Err(error) => tracing::warn!(error = %error, "reports that are due cannot be sent"),
        }
        match own::send_email_reports(&context).await {
            Ok(0) => {}
            Ok(letters) => tracing::info!(letters, "letters about sites were sent"),
            Err(error) => tracing::warn!(error = %error, "letters about sites that are due cannot be sent"),
        }
        tokio::time::sleep(EVERY).await;
    }
}
