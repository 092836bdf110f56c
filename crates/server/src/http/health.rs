//! Health for probes, and counters for Prometheus.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    app::App,
    metrics::{Gauges, resident_bytes},
};

/// The process answers.
pub(crate) async fn live() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

/// Hits can be made durable and reports can be read.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let parts = check(&app).await;
    let well = parts.iter().all(|(_, problem)| problem.is_none());
    let parts: serde_json::Map<String, serde_json::Value> =
        parts.into_iter().map(|(name, problem)| (name.to_owned(), json!(problem.unwrap_or_else(|| "ok".to_owned())))).collect();
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({"status": if well { "ok" } else { "error" }, "parts": parts}))).into_response()
}

/// Plausible's shape of the same.
pub(crate) async fn plausible(State(app): State<App>) -> Response {
    let parts = check(&app).await;
    let well = |name: &str| parts.iter().all(|(part, problem)| *part != name || problem.is_none());
    let word = |name: &str| if well(name) { "ok" } else { "error" };
    let all_well = parts.iter().all(|(_, problem)| problem.is_none());
    let status = if all_well { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR };
    let body = json!({
        "postgres": word("sites"),
        "clickhouse": word("store"),
        "sites_cache": word("sites"),
        "sessions": word("journal"),
    });
    (status, Json(body)).into_response()
}

/// Plausible's liveness probe.
pub(crate) async fn plausible_live() -> Response {
    Json(json!({"ok": true})).into_response()
}

/// What Plausible tells of a build: which version this is, and which location database it asks.
pub(crate) async fn about(State(app): State<App>) -> Response {
    let places = app.enricher.get().and_then(|enricher| enricher.place_database().map(str::to_owned));
    let places = places
        .unwrap_or_else(|| if app.config.flag("geo.built_in") { "built-in countries" } else { "(not configured)" }.to_owned());
    let build = json!({"version": env!("CARGO_PKG_VERSION"), "commit": null, "created": null, "tags": null});
    Json(json!({"geo_database": places, "build": build})).into_response()
}

/// Where Plausible's oldest scripts say that they failed. That is noted nowhere.
pub(crate) async fn script_error() -> StatusCode {
    StatusCode::OK
}

/// Prometheus' text format.
pub(crate) async fn metrics(State(app): State<App>) -> Response {
    let journal = app.journal.stats();
    let gauges = Gauges {
        journal_depth: journal.depth,
        journal_bytes: journal.bytes,
        journal_commits: journal.commits,
        questions: app.store.asked(),
        sites: app.sites().all().len() as u64,
        resident_bytes: resident_bytes(),
    };
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.page(gauges)).into_response()
}

/// Each part with what is wrong with it.
async fn check(app: &App) -> Vec<(&'static str, Option<String>)> {
    let journal = app.journal.stats().failing.map(|error| error.to_string());
    let store = Arc::clone(&app.store);
    let store = store.swallowed().await.err().map(|error| error.to_string());
    let sites = app.admin.count_users().await.err().map(|error| error.to_string());
    vec![("journal", journal), ("store", store), ("sites", sites)]
}
