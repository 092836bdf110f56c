//! Listeners, connections, and the way a request takes.

use std::{net::SocketAddr, panic::AssertUnwindSafe, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use footfall_model::Error;
use futures::FutureExt as _;
use http_body_util::Either;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};
use tower::ServiceExt as _;

use super::{
    line::{Line, Waits},
    track,
};
use crate::app::App;

/// How long a connection may take to send a request's head, and may stay open without one.
const HEAD: Duration = Duration::from_secs(60);
/// How long connections that stay open (event streams, keep-alive) may hold the end up.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long nothing is accepted after that failed, as it does when there are too many open files.
const REST: Duration = Duration::from_millis(200);

/// Listeners that are open and not yet served.
pub(crate) struct Serving {
    listeners: Vec<(TcpListener, Arc<Front>)>,
}

/// Where requests arrive. Hits take the shortest way: no routing, no layers, nothing between a request and the journal.
struct Front {
    app: App,
    routes: Router,
}

/// Opens the listeners the settings name.
///
/// # Errors
/// When an address is taken or may not be used.
pub(crate) async fn bind(app: &App) -> Result<Serving, Error> {
    let front = |routes| Arc::new(Front { app: app.clone(), routes });
    let everything = super::public(app).merge(super::private(app));
    let mut listeners = Vec::new();
    let public = open(app.config.listen()).await?;
    match app.config.private_listen() {
        Some(address) => {
            listeners.push((public, front(super::public(app))));
            listeners.push((open(address).await?, front(everything)));
        }
        None => listeners.push((public, front(everything))),
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
    pub(crate) async fn until(self, stop: impl Future<Output = ()>) {
        let stopping = watch::Sender::new(false);
        let mut serving = JoinSet::new();
        for (listener, front) in self.listeners {
            serving.spawn(accept(listener, front, stopping.subscribe()));
        }
        stop.await;
        stopping.send_replace(true);
        let finish = async { while serving.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(FAREWELL, finish).await;
    }
}

/// Accepts connections until the end, then waits for those that are open.
async fn accept(listener: TcpListener, front: Arc<Front>, mut stopping: watch::Receiver<bool>) {
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|stops| *stops) => break,
            Some(_) = open.join_next() => continue,
        };
        match accepted {
            Ok((stream, peer)) => {
                open.spawn(converse(stream, peer, Arc::clone(&front), stopping.clone()));
            }
            Err(error) => {
                tracing::warn!(error = %error, "a connection could not be accepted");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// Answers the requests of one connection.
async fn converse(stream: TcpStream, peer: SocketAddr, front: Arc<Front>, mut stopping: watch::Receiver<bool>) {
    let waits = Waits::default();
    let service = service_fn(|request| front.answer(peer, &waits, request));
    let mut protocol = http1::Builder::new();
    // Answers to hits are short: head and body go out as one piece.
    protocol.timer(TokioTimer::new()).header_read_timeout(HEAD).writev(false);
    let mut connection = pin!(protocol.serve_connection(Line::new(TokioIo::new(stream), waits.clone()), service));
    tokio::select! {
        biased;
        ended = connection.as_mut() => return told(ended),
        _ = stopping.wait_for(|stops| *stops) => {}
    }
    connection.as_mut().graceful_shutdown();
    told(connection.await);
}

/// Most connections that fail were left by whoever opened them.
fn told(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::trace!(error = %error, "a connection failed");
    }
}

impl Front {
    async fn answer(
        &self,
        peer: SocketAddr,
        waits: &Waits,
        request: hyper::Request<Incoming>,
    ) -> Result<hyper::Response<Either<track::Whole, Body>>, std::convert::Infallible> {
        let Some(dialect) = track::dialect(request.uri().path()) else {
            let response = Box::pin(self.route(peer, request.map(Body::new))).await;
            return Ok(response.map(Either::Right));
        };
        let tracked = AssertUnwindSafe(track::track(&self.app, peer, waits, request, dialect)).catch_unwind().await;
        Ok(match tracked {
            Ok(response) => response.map(Either::Left),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response().map(Either::Right),
        })
    }

    async fn route(&self, peer: SocketAddr, mut request: Request) -> Response {
        request.extensions_mut().insert(ConnectInfo(peer));
        match self.routes.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}
