//! Keeps the certificate of HTTPS fresh: asks for another in time, or reads its files again.

use std::{sync::Arc, time::Duration};

use crate::{
    app::App,
    clock,
    tls::{Files, Order, Shown, Source},
};

/// How often it is looked whether a certificate is due. An authority bears some failures an hour.
const EVERY: Duration = Duration::from_secs(15 * 60);
/// How often files are read again.
const LOOK: Duration = Duration::from_secs(60);

pub(super) async fn run(app: App) {
    match app.https.clone() {
        None => {}
        Some((Source::Files(files), shown)) => from_files(files, &shown).await,
        Some((Source::Authority(order), shown)) => from_authority(&order, &shown).await,
    }
}

async fn from_files(mut files: Files, shown: &Arc<Shown>) {
    loop {
        tokio::time::sleep(LOOK).await;
        match files.look(shown) {
            Ok(false) => {}
            Ok(true) => tracing::info!("the certificate's files have changed, and are shown from now on"),
            Err(error) => tracing::warn!(error = %error, "the certificate cannot be read again; the last one is shown on"),
        }
    }
}

async fn from_authority(order: &Order, shown: &Arc<Shown>) {
    loop {
        if order.is_due(clock::now()) {
            match order.place(shown).await {
                Ok(()) => tracing::info!(host = order.host(), "there is a new certificate"),
                Err(error) => tracing::error!(error = %error, "there is no new certificate; it is asked for again in a while"),
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}
