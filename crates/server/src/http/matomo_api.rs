//! Matomo's reading API: `index.php?module=API`, also posted to `/`.

use std::{net::SocketAddr, sync::atomic::Ordering::Relaxed};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use footfall_api::matomo::{self, MatomoRequest, Sent};

use super::{auth, opt_out, own_api, ui};
use crate::app::App;

/// The largest body of a reporting request, in bytes: a bulk of 200 requests of the longest URLs.
const MOST: usize = 4 << 20;

/// `/index.php`.
pub(crate) async fn index(state: State<App>, peer: ConnectInfo<SocketAddr>, request: Request) -> Response {
    answer(state, peer, request).await
}

/// `/`: the UI, or the API where it is asked for.
pub(crate) async fn root(state: State<App>, peer: ConnectInfo<SocketAddr>, request: Request) -> Response {
    let asks = request.method() == Method::POST || request.uri().query().is_some_and(|query| query.contains("module=API"));
    if asks {
        return answer(state, peer, request).await;
    }
    ui::page(state, peer, request).await
}

async fn answer(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    app.metrics.api_requests.fetch_add(1, Relaxed);
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST).await else {
        let text = format!("the request's body is larger than the {MOST} bytes that are accepted, or was cut short\n");
        return (StatusCode::PAYLOAD_TOO_LARGE, text).into_response();
    };
    let query = parts.uri.query().unwrap_or("");
    let asked = match MatomoRequest::decode(query, &body) {
        Ok(asked) => asked,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{}\n", error.message())).into_response(),
    };
    if asked.text("module") == Some("Login") && asked.text("action") == Some("acceptInvitation") {
        let token: String = asked.text("token").unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
        return Redirect::to(&format!("{}/invitation?token={token}", app.config.base_url())).into_response();
    }
    if asked.text("module") != Some("API") {
        let context = own_api::context(&app, &parts.headers, peer.ip());
        return opt_out::answer(&context, &parts.method, &parts.headers, &asked).unwrap_or_else(ui::index);
    }
    if let Err(error) = app.read_your_hits().await {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", error.message())).into_response();
    }
    let context = own_api::context(&app, &parts.headers, peer.ip());
    let bearer = auth::bearer(&parts.headers);
    let sent = if bearer.is_none() && query.contains("token_auth") { Sent::Openly } else { Sent::Securely };
    let caller = match matomo::caller(&context, bearer.or_else(|| asked.filled("token_auth")), sent).await {
        Ok(caller) => caller,
        Err(failure) => return own_api::encode(matomo::refuse(&context, &asked, failure)),
    };
    let work = matomo::answer(&context, &caller, &asked);
    match tokio::time::timeout(super::LONGEST_READ, app.with_changes(work)).await {
        Ok(reply) => own_api::encode(reply),
        Err(_) => (StatusCode::GATEWAY_TIMEOUT, "the report took too long and was given up\n").into_response(),
    }
}
