//! Routes: the public ones (tracking, scripts, shared pages, health) and the private ones (reports, administration, UI) are two
//! routers, so that a gateway can expose one and put a sign-on in front of the other.

mod auth;
mod blocks;
mod health;
mod imports;
mod line;
mod live;
mod matomo_api;
mod opt_out;
mod own_api;
mod pages;
mod plausible_api;
mod scripts;
mod secure;
pub(crate) mod serve;
mod share;
mod track;
mod ui;

use std::time::Duration;

use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::Response,
    routing::{any, get, post},
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

pub(crate) use self::{own_api::context, scripts::Packed};
use crate::app::App;

/// What may be reached from anywhere, beside the places where hits arrive.
pub(crate) fn public(app: &App) -> Router {
    served(app).layer(CatchPanicLayer::new())
}

/// What is for people and programs with a right to it.
pub(crate) fn private(app: &App) -> Router {
    let reports = Router::new()
        .route("/index.php", any(matomo_api::index))
        .route("/api/v1/stats/{*rest}", any(plausible_api::answer))
        .route("/api/v2/query", any(plausible_api::answer))
        .route("/api/stats/{*rest}", any(plausible_api::answer))
        .route("/api/{domain}/segments", any(plausible_api::answer))
        .route("/api/{domain}/segments/{id}", any(plausible_api::answer))
        .route("/{domain}/export", get(plausible_api::export))
        .route("/api/v1/sites/{site_id}/live/stream", get(live::stream))
        .route("/api/v1/sites/{site_id}/export/events", get(own_api::export_events))
        .route("/api/v1/sites/{site_id}/import/events", post(imports::site_events))
        .route("/api/v1/sites/{site_id}/imports", get(own_api::answer).post(imports::site_figures))
        .route("/api/v1/import/events", any(imports::events))
        .route("/api/v1/sites/imports", any(imports::figures))
        .route("/api/v1/{*rest}", any(own_api::answer))
        .route("/share/{link}", get(share::page))
        .route("/share/{link}/authenticate", post(share::authenticate))
        .route("/share/{link}/{*panel}", get(share::panel))
        .route("/api/plugins/v1/{*rest}", any(plausible_api::answer))
        .route("/api/docs/query/schema.json", get(plausible_api::answer))
        .route("/api/plugins/spec/openapi", get(plausible_api::answer))
        .route("/metrics", get(health::metrics))
        .route("/", any(matomo_api::root))
        .fallback(ui::page)
        .with_state(app.clone());
    reports.layer(CompressionLayer::new()).layer(middleware::from_fn(no_referrer_leaks)).layer(CatchPanicLayer::new())
}

/// Scripts, health, pages without reports.
fn served(app: &App) -> Router {
    Router::new()
        .route("/matomo.js", get(scripts::matomo))
        .route("/piwik.js", get(scripts::matomo))
        .route("/js/", any(scripts::directory))
        .route("/js/index.php", any(scripts::directory))
        .route("/js/{file}", get(scripts::plausible))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/api/health", get(health::plausible))
        .route("/api/error", get(health::script_error))
        .route("/api/system", get(health::about))
        .route("/api/system/", get(health::about))
        .route("/api/system/health/live", get(health::plausible_live))
        .route("/api/system/health/ready", get(health::plausible))
        .route("/demo-pages/{file}", get(pages::demo))
        .with_state(app.clone())
        .layer(CompressionLayer::new())
}

/// Headers every page of ours has.
async fn no_referrer_leaks(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("permissions-policy"), "interest-cohort=(), browsing-topics=()"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Limits on the time of a private request.
pub(crate) const LONGEST_READ: Duration = Duration::from_secs(60);
