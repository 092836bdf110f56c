//! Our own described API.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, atomic::Ordering::Relaxed},
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use footfall_api::{
    Call,
    matomo::{Channels, Context, Locate, Location, Reply, Settings},
    own::{self, Caller, DropReason, Export, System},
};
use footfall_devices::names;
use footfall_ingest::Dropped;
use footfall_model::Error;
use futures::stream;
use serde_json::json;

use super::{auth, share};
use crate::{app::App, device_data};

/// The largest body of a request, in bytes.
const MOST: usize = 4 << 20;

/// Any operation.
pub(crate) async fn answer(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    app.metrics.api_requests.fetch_add(1, Relaxed);
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST).await else { return too_large(MOST) };
    if let Err(error) = app.read_your_hits().await {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "busy", error.message());
    }
    let context = context(&app, &parts.headers, peer.ip());
    let call = call(&app, &parts, body.to_vec(), peer.ip());
    let (system, call) = (system(&app), call);
    let work = own::answer(&context, &system, &call);
    match tokio::time::timeout(super::LONGEST_READ, app.with_changes(work)).await {
        Ok(reply) => {
            if app.config.flag("log.failed_sign_ins") && call.path == "/api/v1/login" && matches!(reply.status, 401 | 429) {
                let body: serde_json::Value = serde_json::from_slice(&call.body).unwrap_or_default();
                let login: String = body["login"].as_str().unwrap_or_default().chars().take(100).collect();
                tracing::warn!(login = ?login, status = reply.status, "a login was refused");
            }
            encode(reply)
        }
        Err(_) => problem(StatusCode::GATEWAY_TIMEOUT, "timeout", "the question took too long and was given up"),
    }
}

/// Who calls, or the answer where that cannot be told.
pub(super) async fn caller(context: &Context, call: &Call) -> Result<Caller, Response> {
    own::caller(context, call).await.map_err(|error| problem(StatusCode::INTERNAL_SERVER_ERROR, "broken", error.message()))
}

/// `GET /api/v1/sites/{site_id}/export/events`: JSON lines or a Parquet file, sent as it is made, however many events there are.
pub(crate) async fn export_events(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(site): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    if let Err(error) = app.read_your_hits().await {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "busy", error.message());
    }
    let context = context(&app, &parts.headers, peer.ip());
    let call = call(&app, &parts, Vec::new(), peer.ip());
    let caller = match caller(&context, &call).await {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    let export = match Export::begin(&context, &caller, &call, &site).await {
        Ok(export) => export,
        Err(failure) => return encode(failure.reply()),
    };
    let format = export.format();
    let name = format!("attachment; filename=\"footfall-site-{}-events.{}\"", export.site(), format.ending());
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.next().await.inspect_err(|error| tracing::error!(error = %error, "an export was cut short"))?;
        Ok::<_, Error>(piece.map(|piece| (piece, export)))
    });
    let headers = [(header::CONTENT_TYPE, format.content_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, Body::from_stream(pieces)).into_response()
}

/// What requests of every reading API are answered with.
pub(crate) fn context(app: &App, headers: &HeaderMap, peer: IpAddr) -> Context {
    let reports = footfall_report::Settings {
        row_limits: app.row_limits.clone(),
        text_sums: app.config.flag("matomo.compat.text_sums"),
        visitors_of_months: app.config.flag("matomo.compat.visitors_of_months"),
    };
    Context {
        store: Arc::clone(&app.store),
        sites: app.sites(),
        catalogue: Arc::clone(&app.catalogue),
        admin: Arc::new(app.admin.clone()),
        now: app.now_for(headers),
        peer: client(app, headers, peer),
        settings: Settings {
            base_url: format!("{}/", app.config.base_url()),
            reports,
            action_ids: app.config.flag("matomo.compat.action_ids"),
            texts: Arc::clone(&app.texts),
            requests: Arc::clone(&app.requests),
            post: app.post.clone(),
            invited_register: app.config.text("disable_registration") != "true",
            places: app.enricher.get().map(|enricher| Arc::new(Enriches(Arc::clone(enricher))) as Arc<dyn Locate>),
            channels: app.enricher.get().map(|enricher| Arc::new(Enriches(Arc::clone(enricher))) as Arc<dyn Channels>),
            browsers: || names::browsers().map(|browser| (browser.code, browser.name)).collect(),
            systems: || names::systems().map(|system| (system.code, system.name)).collect(),
            pivots_by_segment: app.config.flag("matomo.pivot_by_segment"),
            ..Settings::default()
        },
    }
}

/// What hits are enriched with.
struct Enriches(Arc<footfall_ingest::enrich::Enricher>);

impl std::fmt::Debug for Enriches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enriches")
    }
}

impl Channels for Enriches {
    fn channel(&self, source: &str, medium: &str, campaign: &str, tagged: &str) -> &'static str {
        self.0.channel(source, medium, campaign, tagged)
    }
}

impl Locate for Enriches {
    fn locate(&self, address: IpAddr) -> Location {
        let found = self.0.locate(address);
        let text = |text: Option<footfall_model::Text>| text.map_or_else(String::new, |text| text.to_string());
        let country = text(found.country);
        Location {
            continent: if country.is_empty() { String::new() } else { footfall_ingest::enrich::continent(&country).to_owned() },
            country,
            region: text(found.region),
            city: text(found.city),
            degrees: found.latitude.zip(found.longitude),
        }
    }
}

/// A request without its framework.
pub(crate) fn call(app: &App, parts: &Parts, body: Vec<u8>, peer: IpAddr) -> Call {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut call = Call {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or("").to_owned(),
        authorization: header("authorization"),
        cookie: auth::cookie(&parts.headers, Call::COOKIE).map(str::to_owned),
        csrf: header("x-csrf-token"),
        shared: header("x-shared-link"),
        accept: header("accept"),
        content_type: header(header::CONTENT_TYPE.as_str()),
        body,
        peer: client(app, &parts.headers, peer),
        origin: origin(app, &parts.headers),
        random: hex::encode(rand::random::<[u8; 32]>()),
    };
    // An address names a shared link with `auth`; that its password was given, a cookie shows.
    if let (None, Some(slug)) = (&call.shared, call.param("auth")) {
        let key = auth::cookie(&parts.headers, &format!("{}{slug}", share::COOKIE));
        call.shared = key.map(|key| format!("{slug}.{key}"));
    }
    call
}

/// The address of whoever asks, also from behind a proxy.
fn client(app: &App, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    footfall_ingest::behind_proxies(&header, peer, &app.sites())
}

/// The address people reach this server at: the setting, or what the request shows.
fn origin(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    match host {
        Some(host) if app.config.text("base_url").is_empty() => {
            format!("{}://{host}", if app.config.https_port().is_some() { "https" } else { "http" })
        }
        _ => app.config.base_url(),
    }
}

pub(super) fn system(app: &App) -> System {
    let or = |name: &str, built_in: &str| match app.config.text(name) {
        "" => built_in.to_owned(),
        path => path.to_owned(),
    };
    System {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        engine: "DuckDB".to_owned(),
        journal_waiting: app.journal.stats().depth,
        place_data: or("geo.database", "built-in countries"),
        device_data: match device_data::installed(&app.config) {
            Some(_) => device_data::kept(&app.config).display().to_string(),
            None => or("devices.database", "built-in rules"),
        },
        drop_reasons: Dropped::ALL
            .iter()
            .map(|reason| DropReason { code: reason.code(), title: reason.code(), hint: reason.explain() })
            .collect(),
    }
}

fn too_large(most: usize) -> Response {
    let message = format!("the request's body is larger than the {most} bytes that are accepted, or was cut short");
    problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large", &message)
}

/// An error in the shape `openapi.json` describes.
pub(crate) fn problem(status: StatusCode, code: &str, message: &str) -> Response {
    (status, axum::Json(json!({"error": {"code": code, "message": message}}))).into_response()
}

/// An answer of a reading API as the framework wants it.
pub(crate) fn encode(reply: Reply) -> Response {
    let mut headers = HeaderMap::new();
    if !reply.content_type.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(&value)) {
            if name == header::CACHE_CONTROL {
                headers.insert(name, value);
            } else {
                headers.append(name, value);
            }
        }
    }
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_server_error() {
        tracing::error!(status = reply.status, answer = %String::from_utf8_lossy(&reply.body), "a request could not be answered");
    }
    (status, headers, Body::from(reply.body)).into_response()
}
