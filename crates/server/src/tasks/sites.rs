//! Keeps the snapshot of sites, tokens and rules fresh: after every change here, and after changes by another process (the
//! command line works on the same file).

use std::time::Duration;

use crate::{app::App, clock};

/// How often other processes' changes are looked for.
const LOOK: Duration = Duration::from_secs(1);

pub(super) async fn run(app: App) {
    let mut changes = app.admin.changes();
    let mut stale_at = app.admin.stale_at(clock::now()).await.ok().flatten();
    loop {
        let changed = tokio::select! {
            changed = changes.changed() => match changed {
                Ok(()) => true,
                Err(_) => return,
            },
            () = tokio::time::sleep(LOOK) => false,
        };
        if !changed && let Err(error) = app.admin.look_for_changes().await {
            tracing::warn!(error = %error, "changes by other processes cannot be looked for");
        }
        let expired = stale_at.is_some_and(|at| at <= clock::now());
        if !changed && !expired {
            continue;
        }
        match app.refresh_sites().await {
            Ok(()) => stale_at = app.admin.stale_at(clock::now()).await.ok().flatten(),
            Err(error) => tracing::error!(error = %error, "sites cannot be read again; the last ones stay in force"),
        }
    }
}
