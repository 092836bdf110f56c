//! Removes what has run out: sessions and tokens.

use std::time::Duration;

use crate::{app::App, clock};

const EVERY: Duration = Duration::from_secs(600);

pub(super) async fn run(app: App) {
    loop {
        tokio::time::sleep(EVERY).await;
        let now = clock::now();
        let swept = async {
            app.admin.clean_sessions(now).await?;
            app.admin.clean_tokens(now).await
        };
        if let Err(error) = swept.await {
            tracing::warn!(error = %error, "sessions and tokens that have run out cannot be removed");
        }
    }
}
