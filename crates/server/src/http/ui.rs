//! The web UI, embedded in the binary.

use std::net::{IpAddr, SocketAddr};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use footfall_model::Access;
use rust_embed::RustEmbed;

use super::own_api;
use crate::app::App;

#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
struct Dist;

/// What pages of the UI may load: only what this server serves.
pub(super) const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     frame-ancestors 'self'; base-uri 'self'; form-action 'self'; object-src 'none'";

/// A file of the UI, or its page for every path that is a view of it.
pub(crate) async fn page(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return (StatusCode::NOT_FOUND, "there is nothing here\n").into_response();
    }
    let path = parts.uri.path().trim_start_matches('/');
    if let Some(file) = Dist::get(path).filter(|_| !path.is_empty()) {
        let kept = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
        return file_answer(path, file.data, kept);
    }
    // Pictures of a Matomo, which rows of its reports name, are not here either.
    if ["api/", "assets/", "plugins/"].iter().any(|folder| path.starts_with(folder)) {
        return (StatusCode::NOT_FOUND, "there is nothing here\n").into_response();
    }
    dashboard(&app, peer.ip(), &parts).await.unwrap_or_else(index)
}

/// The way from a dashboard's address at Plausible, `/{domain}` or that of a panel below it, to the one here, for whoever may see
/// the site. Others are told nothing about it.
async fn dashboard(app: &App, peer: IpAddr, parts: &Parts) -> Option<Response> {
    let call = own_api::call(app, parts, Vec::new(), peer);
    let names = call.below("/")?;
    let (name, panel) = names.split_first()?;
    // Below a dashboard are its panels; a name without a dot might be a page of ours that has others below it.
    if !panel.is_empty() && !name.contains('.') {
        return None;
    }
    let site = app.sites().by_domain(name).cloned()?;
    let caller = own_api::caller(&own_api::context(app, &parts.headers, peer), &call).await.ok()?;
    let question = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let way = format!("{}sites/{}{question}", "../".repeat(panel.len()), site.id);
    let seen = caller.principal.allows(site.id, Access::View) && !parts.uri.path().ends_with('/');
    seen.then(|| (StatusCode::FOUND, [(header::LOCATION, way)]).into_response())
}

/// The page of the UI.
pub(super) fn index() -> Response {
    match Dist::get("index.html") {
        Some(file) => {
            let mut response = file_answer("index.html", file.data, "no-cache");
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
            headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
            response
        }
        None => (StatusCode::NOT_FOUND, "this binary was built without its UI; `make build` builds both\n").into_response(),
    }
}

fn file_answer(path: &str, data: std::borrow::Cow<'static, [u8]>, kept: &'static str) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let body = match data {
        std::borrow::Cow::Borrowed(bytes) => Body::from(bytes),
        std::borrow::Cow::Owned(bytes) => Body::from(bytes),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response
}
