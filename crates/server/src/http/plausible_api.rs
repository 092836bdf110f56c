//! Plausible's reading APIs.

use std::{net::SocketAddr, sync::atomic::Ordering::Relaxed};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use footfall_api::{
    Call,
    matomo::{Context, Reply},
    plausible,
};

use super::own_api;
use crate::app::App;

/// The largest body of a query, in bytes.
const MOST: usize = 1 << 20;

/// Stats v1 and v2, the schema of v2, and what the dashboard reads.
pub(crate) async fn answer(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    answered(&app, peer, request, async |context, call| plausible::answer(context, call).await).await
}

/// `GET /{domain}/export`: the dashboard as a zip file.
pub(crate) async fn export(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    answered(&app, peer, request, async |context, call| plausible::export(context, call).await).await
}

async fn answered(app: &App, peer: SocketAddr, request: Request, answer: impl AsyncFnOnce(&Context, &Call) -> Reply) -> Response {
    app.metrics.api_requests.fetch_add(1, Relaxed);
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST).await else {
        return problem(StatusCode::PAYLOAD_TOO_LARGE, "the request's body is too large");
    };
    if let Err(error) = app.read_your_hits().await {
        return problem(StatusCode::SERVICE_UNAVAILABLE, error.message());
    }
    let context = own_api::context(app, &parts.headers, peer.ip());
    let call = own_api::call(app, &parts, body.to_vec(), peer.ip());
    let work = answer(&context, &call);
    match tokio::time::timeout(super::LONGEST_READ, app.with_changes(work)).await {
        Ok(reply) => own_api::encode(reply),
        Err(_) => problem(StatusCode::GATEWAY_TIMEOUT, "the query took too long and was given up"),
    }
}

fn problem(status: StatusCode, message: &str) -> Response {
    (status, axum::Json(serde_json::json!({ "error": message }))).into_response()
}
