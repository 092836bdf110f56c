//! Tracking endpoints: decode, make durable, answer. Nothing else is awaited between a request and its answer.

use std::{borrow::Cow, net::SocketAddr, sync::atomic::Ordering::Relaxed};

use axum::{
    body::Bytes,
    http::{HeaderName, HeaderValue, Request, StatusCode, header, request::Parts},
};
use footfall_ingest::{
    Dropped,
    accept::{Accepted, Gate, Incoming, Reply, bounds},
    record,
};
use footfall_model::Sites;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Body;

use super::line::Waits;
use crate::app::App;

/// A body that is there as a whole.
pub(crate) type Whole = Full<Bytes>;
/// The answer to a tracking request.
pub(crate) type Answer = hyper::Response<Whole>;

/// Which of the two gates a request goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Matomo's.
    Matomo,
    /// Plausible's.
    Plausible,
}

/// The dialect that is spoken at a path, where hits arrive there.
pub(crate) fn dialect(path: &str) -> Option<Dialect> {
    match path {
        "/matomo.php" | "/piwik.php" | "/js/tracker.php" => Some(Dialect::Matomo),
        "/api/event" => Some(Dialect::Plausible),
        _ => None,
    }
}

/// Takes a hit, or many, and answers once they are durable.
pub(crate) async fn track<B>(app: &App, peer: SocketAddr, waits: &Waits, request: Request<B>, dialect: Dialect) -> Answer
where
    B: Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
{
    app.metrics.tracking_requests.fetch_add(1, Relaxed);
    let (parts, body) = request.into_parts();
    let most = match dialect {
        Dialect::Matomo => bounds::MATOMO_BODY,
        Dialect::Plausible => bounds::PLAUSIBLE_BODY,
    };
    let body = match body.is_end_stream() {
        true => Ok(Bytes::new()),
        false => Limited::new(body, most).collect().await.map(|whole| whole.to_bytes()),
    };
    let Ok(body) = body else {
        app.metrics.count_dropped(Dropped::TooLarge, 1);
        if dialect == Dialect::Plausible {
            return answer(Gate::too_large_event());
        }
        let text = format!("the request's body is larger than the {most} bytes that are accepted, or was cut short\n");
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, &[("x-footfall-dropped", Dropped::TooLarge.code())], text);
    };
    let accepted = {
        let sites = app.sites();
        decode(app, &sites, peer, &parts, &body, dialect)
    };
    drop((parts, body));
    waits.during(finish(app, accepted)).await
}

fn decode(app: &App, sites: &Sites, peer: SocketAddr, parts: &Parts, body: &Bytes, dialect: Dialect) -> Accepted {
    let headers = &parts.headers;
    // Gates ask for many headers that few requests have: a short list is looked through sooner than each name is hashed.
    let named: Vec<(&str, &HeaderValue)> = headers.iter().map(|(name, value)| (name.as_str(), value)).collect();
    let header = |name: &str| {
        let (_, value) = named.iter().find(|(known, _)| *known == name)?;
        value.to_str().ok()
    };
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
async fn finish(app: &App, accepted: Accepted) -> Answer {
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
            let headers = [("retry-after", "5"), ("access-control-allow-origin", "*")];
            refusal(StatusCode::SERVICE_UNAVAILABLE, &headers, text.to_owned())
        }
    }
}

fn answer(reply: Reply) -> Answer {
    let body = match reply.body {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = Answer::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if !reply.content_type.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    }
    for (name, value) in reply.headers {
        let value = match value {
            Cow::Borrowed(text) => Ok(HeaderValue::from_static(text)),
            Cow::Owned(text) => HeaderValue::try_from(text),
        };
        if let Ok(value) = value {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    response
}

/// An answer that says in words why nothing was kept.
fn refusal(status: StatusCode, headers: &[(&'static str, &'static str)], text: String) -> Answer {
    let mut response = Answer::new(Full::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    for (name, value) in headers {
        response.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    response
}
