//! Listeners.

use std::net::SocketAddr;

use axum::{Router, serve::ListenerExt as _};
use footfall_model::Error;
use tokio::{net::TcpListener, sync::watch};

use super::secure;
use crate::{app::App, tls::TlsListener};

/// Listeners that are open and not yet served.
pub(crate) struct Serving {
    listeners: Vec<(TcpListener, Router)>,
    secure: Option<(TlsListener, Router)>,
}

/// Opens the listeners the settings name.
///
/// # Errors
/// When an address is taken or may not be used.
pub(crate) async fn bind(app: &App) -> Result<Serving, Error> {
    let everything = || super::public(app).merge(super::private(app));
    let private = app.config.private_listen();
    let outside = || if private.is_some() { super::public(app) } else { everything() };
    let public = open(app.config.listen()).await?;
    let (plain, secure) = match (&app.https, app.config.https_port()) {
        (Some((_, shown)), Some(port)) => {
            let listener = open(SocketAddr::new(app.config.listen().ip(), port)).await?;
            let listener = TlsListener::start(listener, shown.server_config()?);
            let listener = listener.map_err(|cause| Error::broken("HTTPS cannot be served").because(cause))?;
            (secure::plain(app, shown, outside()), Some((listener, secure::secure(app, outside()))))
        }
        _ => (outside(), None),
    };
    let mut listeners = vec![(public, plain)];
    if let Some(address) = private {
        listeners.push((open(address).await?, everything()));
    }
    Ok(Serving { listeners, secure })
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
        let stopped = || {
            let mut stopped = stopping.subscribe();
            async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            }
        };
        for (listener, router) in self.listeners {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            serving.spawn(axum::serve(listener, service).with_graceful_shutdown(stopped()).into_future());
        }
        if let Some((listener, router)) = self.secure {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            serving.spawn(axum::serve(listener.tap_io(|_| {}), service).with_graceful_shutdown(stopped()).into_future());
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
