//! What every request handler can reach: the parts that `wiring` has put together.

use std::{collections::HashMap, sync::Arc};

use axum::http::HeaderMap;
use footfall_admin::{Admin, FailureKind, TrackingFailure};
use footfall_devices::Detector;
use footfall_ingest::{
    Dropped,
    accept::{Accepted, Gate},
};
use footfall_journal::{Journal, Offset};
use footfall_model::{Catalogue, Error, Millis, SiteId, Sites};
use footfall_store::Store;
use parking_lot::{Mutex, RwLock};
use tokio::sync::watch;

use crate::{clock, config::Config, http::Packed, mail::Mailer, metrics::Metrics, tls};

/// How many tracking failures are noted between two times of writing them down: anybody can make some up.
const MOST_FAILURES: usize = 50;

/// The running server, cheap to clone.
pub(crate) type App = Arc<Parts>;

/// The parts of the running server.
pub(crate) struct Parts {
    pub(crate) config: Config,
    pub(crate) admin: Admin,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) gate: Gate,
    pub(crate) detector: Arc<Detector>,
    pub(crate) metrics: Metrics,
    pub(crate) sites: RwLock<Arc<Sites>>,
    /// How far the store has come.
    pub(crate) drained: watch::Sender<Offset>,
    /// Wakes what waits for the process to end.
    pub(crate) stopping: watch::Sender<bool>,
    /// Held while a new snapshot of the sites is taken, so that an older one never replaces a newer one.
    pub(crate) refreshing: tokio::sync::Mutex<()>,
    /// Hits that do not count, by site and reason, since they were last written down.
    pub(crate) drops: Mutex<HashMap<(u32, Dropped), u64>>,
    /// Tracking failures that are not written down yet, one for each site and kind.
    pub(crate) failures: Mutex<HashMap<(u32, FailureKind), TrackingFailure>>,
    /// How often keys have asked Plausible's Stats API.
    pub(crate) requests: Arc<footfall_api::plausible::Requests>,
    /// Texts that explain reports in place of our own.
    pub(crate) texts: Arc<footfall_api::matomo::Texts>,
    /// What hits are enriched with, once the tasks have started.
    pub(crate) enricher: std::sync::OnceLock<Arc<footfall_ingest::enrich::Enricher>>,
    /// Tracker scripts, packed.
    pub(crate) scripts: Packed,
    /// Where certificates come from and which is shown, where HTTPS is spoken.
    pub(crate) https: Option<(tls::Source, Arc<tls::Shown>)>,
    /// Who sends letters, where a relay is named.
    pub(crate) post: Option<Arc<dyn footfall_api::Post>>,
    /// The letters that are handed over.
    pub(crate) mailer: Option<Arc<Mailer>>,
    /// The longest a read waits for earlier hits.
    pub(crate) reads_wait: bool,
    /// How many rows Matomo's reports keep, where they are cut.
    pub(crate) row_limits: Option<footfall_report::RowLimits>,
}

impl Parts {
    /// Sites, tokens and rules at this moment.
    pub(crate) fn sites(&self) -> Arc<Sites> {
        Arc::clone(&self.sites.read())
    }

    /// The moment of a request: the clock's, or the one a test sends.
    pub(crate) fn now_for(&self, headers: &HeaderMap) -> Millis {
        let name = self.config.text("testing.now_header");
        if name.is_empty() {
            return clock::now();
        }
        let given = headers.get(name).and_then(|value| value.to_str().ok());
        let given = given.and_then(|text| text.parse::<jiff::Timestamp>().ok());
        given.map_or_else(clock::now, Millis::from)
    }

    /// Notes what did not count, to be written down in the background.
    pub(crate) fn note_drops(&self, accepted: &Accepted) {
        if accepted.dropped.is_empty() {
            return;
        }
        let mut drops = self.drops.lock();
        for dropped in &accepted.dropped {
            *drops.entry(*dropped).or_default() += 1;
        }
    }

    /// Notes refusals that whoever runs the site should see, the first of each site and kind.
    pub(crate) fn note_failures(&self, accepted: &Accepted) {
        if accepted.failures.is_empty() {
            return;
        }
        let mut failures = self.failures.lock();
        for failure in &accepted.failures {
            let kind = match failure.reason {
                Dropped::UnknownSite => FailureKind::UnknownSite,
                _ => FailureKind::NotAuthenticated,
            };
            let Ok(site) = u32::try_from(failure.site) else { continue };
            if failures.len() < MOST_FAILURES {
                failures.entry((site, kind)).or_insert_with(|| TrackingFailure {
                    site: SiteId(site),
                    kind,
                    first_at: failure.at,
                    request: failure.request.clone(),
                });
            }
        }
    }

    /// Waits until every hit that was answered before now is in the store, where the settings ask for that.
    ///
    /// # Errors
    /// When the store has not caught up within half a minute.
    pub(crate) async fn read_your_hits(&self) -> Result<(), Error> {
        if !self.reads_wait {
            return Ok(());
        }
        self.caught_up(self.journal.tail()).await
    }

    /// Waits until the store has swallowed the journal up to an offset.
    ///
    /// # Errors
    /// When it has not within half a minute.
    pub(crate) async fn caught_up(&self, tail: Offset) -> Result<(), Error> {
        let mut drained = self.drained.subscribe();
        let waiting = drained.wait_for(|at| *at >= tail);
        match tokio::time::timeout(std::time::Duration::from_secs(30), waiting).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Error::busy("the store has not caught up with the hits that were sent; try again")),
        }
    }

    /// Does some work that may change sites, tokens or rules; when it did, tracking knows before its outcome is given back.
    pub(crate) async fn with_changes<T>(&self, work: impl Future<Output = T>) -> T {
        let changes = self.admin.changes();
        let before = *changes.borrow();
        let outcome = work.await;
        if *changes.borrow() != before
            && let Err(error) = self.refresh_sites().await
        {
            tracing::error!(error = %error, "sites cannot be read again; the last ones stay in force");
        }
        outcome
    }

    /// Takes a new snapshot of sites, tokens and rules.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) async fn refresh_sites(&self) -> Result<(), Error> {
        let _one_at_a_time = self.refreshing.lock().await;
        let mut sites = self.admin.snapshot(clock::now()).await?;
        crate::wiring::apply_tracking(&mut sites, &self.config)?;
        *self.sites.write() = Arc::new(sites);
        Ok(())
    }
}
