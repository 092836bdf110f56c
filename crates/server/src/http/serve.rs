//! Listeners.

use std::net::SocketAddr;

use axum::Router;
use footfall_model::Error;
use tokio::{net::TcpListener, sync::watch};

use crate::app::App;

/// Listeners that are open and not yet served.
pub(crate) struct Serving {
    listeners: Vec<(TcpListener, Router)>,
}

/// Opens the listeners the settings name.
///
/// # Errors
/// When an address is taken or may not be used.
pub(crate) async fn bind(app: &App) -> Result<Serving, Error> {
    let mut listeners = Vec::new();
    let public = open(app.config.listen()).await?;
    match app.config.private_listen() {
        Some(address) => {
            listeners.push((public, super::public(app)));
            listeners.push((open(address).await?, super::public(app).merge(super::private(app))));
        }
        None => listeners.push((public, super::public(app).merge(super::private(app)))),
    }
    Ok(Serving { listeners })
}

async fn open(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|cause| {
        Error::broken(format!("nothing can be served at `{address}`"))
            .hint("the address may be taken by another process; choose another with `--listen` or `--port`")
            .because(cause)
    })
}

impl Serving {
    /// Serves until the future resolves, then finishes the requests that have begun.
    ///
    /// # Errors
    /// When a listener fails.
    pub(crate) async fn until(self, stop: impl Future<Output = ()>) -> Result<(), Error> {
        let stopping = watch::Sender::new(false);
        let mut serving = tokio::task::JoinSet::new();
        for (listener, router) in self.listeners {
            let mut stopped = stopping.subscribe();
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            serving.spawn(async move {
                axum::serve(listener, service)
                    .with_graceful_shutdown(async move {
                        let _ = stopped.wait_for(|stop| *stop).await;
                    })
                    .await
            });
        }
        tokio::select! {
            () = stop => {}
            Some(ended) = serving.join_next() => {
                return match ended {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(cause)) => Err(Error::broken("a listener failed").because(cause)),
                    Err(cause) => Err(Error::broken("a listener was cut short").because(cause)),
                };
            }
        }
        stopping.send_replace(true);
        let finish = async { while serving.join_next().await.is_some() {} };
        // Connections that stay open (event streams, keep-alive) do not hold the end up for longer than this.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(5), finish).await;
        Ok(())
    }
}
