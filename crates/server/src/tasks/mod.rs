//! What runs beside the requests. The list is [`start`].

mod certificate;
mod devices;
mod drain;
mod drops;
mod memory;
mod orders;
mod places;
mod reports;
mod retention;
mod salts;
mod sites;
mod sweep;

use std::{sync::Arc, time::Duration};

use footfall_ingest::{Drain, enrich::Enricher};
use footfall_model::Error;
use tokio::task::JoinHandle;

use crate::{app::App, mail, wiring};

/// How long the end of the process waits for a letter that is being sent.
const LAST_LETTER: Duration = Duration::from_secs(5);

/// The running tasks.
pub(crate) struct Tasks {
    drain: JoinHandle<()>,
    mail: JoinHandle<()>,
    others: Vec<JoinHandle<()>>,
}

/// Starts every task.
///
/// # Errors
/// When the drain cannot find where it stopped.
pub(crate) async fn start(app: &App) -> Result<Tasks, Error> {
    let salts = salts::Ring::load(app).await?;
    let enricher: Arc<Enricher> = wiring::enricher(app)?;
    app.enricher.get_or_init(|| Arc::clone(&enricher));
    let drain = Drain::resume(Arc::clone(&app.journal), Arc::clone(&app.store), enricher, &app.catalogue).await?;
    app.drained.send_replace(drain.position());
    Ok(Tasks {
        drain: tokio::spawn(drain::run(Arc::clone(app), drain, salts)),
        mail: tokio::spawn(mail::run(Arc::clone(app))),
        others: vec![
            tokio::spawn(orders::run(Arc::clone(app))),
            tokio::spawn(sites::run(Arc::clone(app))),
            tokio::spawn(drops::run(Arc::clone(app))),
            tokio::spawn(retention::run(Arc::clone(app))),
            tokio::spawn(reports::run(Arc::clone(app))),
            tokio::spawn(sweep::run(Arc::clone(app))),
            tokio::spawn(places::run(Arc::clone(app))),
            tokio::spawn(devices::run(Arc::clone(app))),
            tokio::spawn(memory::run()),
        ],
    })
}

/// Starts what needs to be reached from outside: a certificate authority looks for its proof here.
pub(crate) fn reached(app: &App, tasks: &mut Tasks) {
    tasks.others.push(tokio::spawn(certificate::run(Arc::clone(app))));
}

/// Ends every task: what was answered is moved into the store first.
///
/// # Errors
/// When a task was cut short.
pub(crate) async fn stop(app: &App, tasks: Tasks) -> Result<(), Error> {
    app.stopping.send_replace(true);
    tasks.drain.await.map_err(|cause| Error::broken("the drain was cut short").because(cause))?;
    drops::write_down(app).await?;
    // A letter that is under way may take as long as its relay does; it is kept, and sent again after the next start.
    let _ = tokio::time::timeout(LAST_LETTER, tasks.mail).await;
    for task in tasks.others {
        task.abort();
    }
    let journal = Arc::clone(&app.journal);
    tokio::task::spawn_blocking(move || journal.close())
        .await
        .map_err(|cause| Error::broken("closing the journal was cut short").because(cause))
}
