//! Keeps the snapshot of sites, tokens and rules fresh: after every change here, and after changes by another process (the
//! command line works on the same file).

use std::{path::PathBuf, time::Duration};

use crate::{app::App, clock};

/// How often other processes' changes are looked for.
const LOOK: Duration = Duration::from_secs(1);

pub(super) async fn run(app: App) {
    let mut changes = app.admin.changes();
    let file = app.config.data_dir().join(crate::wiring::ADMIN_FILE);
    let mut seen = stamp(&file);
    let mut stale_at = app.admin.stale_at(clock::now()).await.ok().flatten();
    loop {
        let changed = tokio::select! {
            changed = changes.changed() => match changed {
                Ok(()) => true,
                Err(_) => return,
            },
            () = app.sites_changed.notified() => true,
            () = tokio::time::sleep(LOOK) => false,
        };
        let now = stamp(&file);
        let expired = stale_at.is_some_and(|at| at <= clock::now());
        if !changed && now == seen && !expired {
            continue;
        }
        seen = now;
        match app.refresh_sites().await {
            Ok(()) => stale_at = app.admin.stale_at(clock::now()).await.ok().flatten(),
            Err(error) => tracing::error!(error = %error, "sites cannot be read again; the last ones stay in force"),
        }
    }
}

/// Size and time of the database's files.
fn stamp(file: &PathBuf) -> Vec<(u64, Option<std::time::SystemTime>)> {
    let log = PathBuf::from(format!("{}-wal", file.display()));
    [file, &log]
        .into_iter()
        .map(|path| std::fs::metadata(path).map_or((0, None), |data| (data.len(), data.modified().ok())))
        .collect()
}
