//! Shared dashboards: `/share/{domain}?auth={slug}`, and the password of those that have one.

use std::{collections::HashMap, net::SocketAddr};

use axum::{
    body::to_bytes,
    extract::{ConnectInfo, Path, Query, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{own_api, ui};
use crate::{app::App, clock};

/// What the name of the cookie begins with that a link's password is answered with; the link's slug follows.
pub(crate) const COOKIE: &str = "shared-link-";
/// How long a password that was given holds, in seconds.
const OPEN: u32 = 86_400;

/// The largest body, in bytes.
const MOST: usize = 10_000;

/// The page of a shared dashboard, which other sites may embed. What it shows it asks for with the link's key.
pub(crate) async fn page(
    State(app): State<App>,
    Path(domain): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let slug = query.get("auth").map_or("", String::as_str);
    let link = match app.admin.shared_link(slug).await {
        Ok(link) => link,
        Err(error) => return own_api::problem(StatusCode::INTERNAL_SERVER_ERROR, "broken", error.message()),
    };
    let sites = app.sites();
    let site = link.and_then(|link| sites.get(link.site).cloned()).filter(|site| site.domain == domain);
    if site.is_none() {
        return (StatusCode::NOT_FOUND, "there is no such shared dashboard\n").into_response();
    }
    let mut response = ui::index();
    let headers = response.headers_mut();
    headers.remove(header::X_FRAME_OPTIONS);
    let policy = ui::CONTENT_SECURITY_POLICY.replace("frame-ancestors 'self'", "frame-ancestors *");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response
}

/// The path of a panel below a shared dashboard, as Plausible has them: leads to the dashboard.
pub(crate) async fn panel(request: Request) -> Response {
    let mut parts = request.uri().path().trim_start_matches('/').split('/').skip(1);
    let domain = parts.next().unwrap_or_default();
    let question = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let way = format!("{}{domain}{question}", "../".repeat(parts.count()));
    (StatusCode::FOUND, [(header::LOCATION, way)]).into_response()
}

/// `POST /share/{slug}/authenticate` with `{"password": …}`: tells the site and the key that opens it.
pub(crate) async fn authenticate(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(slug): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST).await else {
        return own_api::problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the request's body is too large");
    };
    let given: Value = serde_json::from_slice(&body).unwrap_or_default();
    let password = given.get("password").and_then(Value::as_str).unwrap_or("");
    let peer = own_api::context(&app, &parts.headers, peer.ip()).peer;
    let name = format!("share/{slug}");
    if let Err(error) = app.admin.throttle().check(&name, peer, clock::now()) {
        return own_api::problem(StatusCode::TOO_MANY_REQUESTS, "throttled", error.message());
    }
    let opened = match app.admin.opens_shared_link(&slug, password).await {
        Ok(true) => app.admin.shared_link_key(&slug).await,
        Ok(false) => Ok(None),
        Err(error) => Err(error),
    };
    match opened {
        Ok(Some((link, key))) => {
            app.admin.throttle().succeeded(&name, peer);
            let segment = match link.segment {
                Some(id) => app.admin.segment(id).await.ok().map(|saved| saved.segment.name),
                None => None,
            };
            let secure = if app.config.base_url().starts_with("https:") { "; Secure" } else { "" };
            let cookie = format!("{COOKIE}{}={key}; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age={OPEN}", link.slug);
            let told = json!({ "site_id": link.site.0, "name": link.name, "key": key, "segment": segment });
            ([(header::SET_COOKIE, cookie)], axum::Json(told)).into_response()
        }
        Ok(None) => {
            if !password.is_empty() {
                app.admin.throttle().failed(&name, peer, clock::now());
            }
            own_api::problem(StatusCode::UNAUTHORIZED, "password", "the password is needed, or is another one")
        }
        Err(error) => own_api::problem(StatusCode::INTERNAL_SERVER_ERROR, "broken", error.message()),
    }
}
