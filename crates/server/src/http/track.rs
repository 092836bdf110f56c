//! Tracking endpoints: decode, make durable, answer. Nothing else is awaited between a request and its answer.

use std::{net::SocketAddr, sync::atomic::Ordering::Relaxed};

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use footfall_ingest::{
    accept::{Accepted, Incoming, Reply, bounds},
    record,
};
use footfall_model::Sites;

use crate::app::App;

/// Which of the two gates a request goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    Matomo,
    Plausible,
}

/// `/matomo.php`, `/piwik.php`, `/js/tracker.php`.
pub(crate) async fn matomo(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    track(&app, peer, request, Dialect::Matomo).await
}

/// `/api/event`.
pub(crate) async fn plausible(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    track(&app, peer, request, Dialect::Plausible).await
}

async fn track(app: &App, peer: SocketAddr, request: Request, dialect: Dialect) -> Response {
    app.metrics.tracking_requests.fetch_add(1, Relaxed);
    let (parts, body) = request.into_parts();
    let most = match dialect {
        Dialect::Matomo => bounds::MATOMO_BODY,
        Dialect::Plausible => bounds::PLAUSIBLE_BODY,
    };
    let Ok(body) = axum::body::to_bytes(body, most).await else {
        app.metrics.count_dropped(footfall_ingest::Dropped::TooLarge, 1);
        let text = format!("the request's body is larger than the {most} bytes that are accepted, or was cut short\n");
        return (StatusCode::PAYLOAD_TOO_LARGE, [("x-footfall-dropped", "too-large")], text).into_response();
    };
    let sites = app.sites();
    let accepted = decode(app, &sites, peer, &parts, &body, dialect);
    finish(app, accepted).await
}

fn decode(
    app: &App,
    sites: &Sites,
    peer: SocketAddr,
    parts: &axum::http::request::Parts,
    body: &Bytes,
    dialect: Dialect,
) -> Accepted {
    let headers = &parts.headers;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let incoming = Incoming {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or(""),
        body,
        content_type: header("content-type").unwrap_or(""),
        header: &header,
        peer: peer.ip(),
        received_at: app.now_for(headers),
    };
    match dialect {
        Dialect::Matomo => app.gate.matomo(&incoming, sites),
        Dialect::Plausible => app.gate.plausible(&incoming, sites),
    }
}

/// Makes the hits durable, then answers.
async fn finish(app: &App, accepted: Accepted) -> Response {
    for (_, reason) in &accepted.dropped {
        app.metrics.count_dropped(*reason, 1);
    }
    app.note_drops(&accepted);
    app.note_failures(&accepted);
    let n_hits = accepted.hits.len() as u64;
    let durable = match accepted.hits.len() {
        0 => Ok(()),
        1 => app.journal.append(record::encode(&accepted.hits[0])).await.map(drop),
        _ => app.journal.append_all(accepted.hits.iter().map(record::encode).collect()).await.map(drop),
    };
    match durable {
        Ok(()) => {
            app.metrics.hits_journaled.fetch_add(n_hits, Relaxed);
            app.gate.learn(&accepted.hits);
            answer(accepted.reply)
        }
        Err(error) => {
            app.metrics.hits_refused.fetch_add(n_hits, Relaxed);
            tracing::error!(error = %error, "hits could not be made durable");
            let text = match error {
                footfall_journal::Error::Full { .. } | footfall_journal::Error::Reserved { .. } => {
                    "the hit was not counted because the server's disk is full; please send it again later\n"
                }
                _ => "the hit could not be made durable; please send it again\n",
            };
            (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "5"), ("access-control-allow-origin", "*")], text).into_response()
        }
    }
}

fn answer(reply: Reply) -> Response {
    let mut headers = HeaderMap::with_capacity(reply.headers.len() + 1);
    if !reply.content_type.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    }
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    let body = match reply.body {
        std::borrow::Cow::Borrowed(bytes) => Body::from(Bytes::from_static(bytes)),
        std::borrow::Cow::Owned(bytes) => Body::from(bytes),
    };
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, headers, body).into_response()
}
