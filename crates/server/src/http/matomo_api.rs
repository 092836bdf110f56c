//! Matomo's reading API: `index.php?module=API`, also posted to `/`.

use std::{net::SocketAddr, sync::atomic::Ordering::Relaxed};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
};
use footfall_admin::Principal;
use footfall_api::matomo::{self, MatomoRequest};
use footfall_model::Error;

use super::{auth, own_api, ui};
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
    let (method, uri) = (request.method().clone(), request.uri().clone());
    ui::page(method, uri).await
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
    if asked.text("module") != Some("API") {
        return ui::page(Method::GET, axum::http::Uri::from_static("/")).await;
    }
    let caller = match caller(&app, &asked, &parts.headers).await {
        Ok(caller) => caller,
        Err(error) => {
            tracing::error!(error = %error, "a caller cannot be checked");
            return (StatusCode::INTERNAL_SERVER_ERROR, "the caller cannot be checked; try again\n").into_response();
        }
    };
    if let Err(error) = app.read_your_hits().await {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", error.message())).into_response();
    }
    let context = own_api::context(&app, &parts.headers, peer.ip());
    let work = matomo::answer(&context, &caller, &asked);
    match tokio::time::timeout(super::LONGEST_READ, app.with_changes(work)).await {
        Ok(reply) => own_api::encode(reply),
        Err(_) => (StatusCode::GATEWAY_TIMEOUT, "the report took too long and was given up\n").into_response(),
    }
}

/// Who asks: by `token_auth`, or by a bearer token. A token that is not known makes nobody of the caller, as at Matomo.
async fn caller(app: &App, asked: &MatomoRequest, headers: &HeaderMap) -> Result<Principal, Error> {
    let token = asked.filled("token_auth").map(str::to_owned).or_else(|| auth::bearer(headers).map(str::to_owned));
    let known = match token.as_deref() {
        None | Some("anonymous") => None,
        Some(secret) => app.admin.token(secret, app.now_for(headers)).await?,
    };
    match known {
        Some(known) => Ok(known),
        None => app.admin.anonymous().await,
    }
}
