//! Imports. Bodies are kept in a file without a name while they come in, so that large ones need no memory.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    net::SocketAddr,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Path, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use footfall_admin::NewImport;
use footfall_api::{
    own,
    plausible::{Arriving, archive},
};
use footfall_model::{Error, Site, Sites};
use futures::StreamExt as _;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use super::own_api;
use crate::{app::App, cli::import};

/// `POST /api/v1/import/events`: JSON lines, for superusers.
pub(crate) async fn events(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let context = own_api::context(&app, &parts.headers, peer.ip());
    let caller = match own_api::caller(&context, &own_api::call(&app, &parts, Vec::new(), peer.ip())).await {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    if !caller.principal.superuser || !caller.by_token {
        let message = "importing needs a superuser's token in the header `authorization`";
        return own_api::problem(StatusCode::FORBIDDEN, "denied", message);
    }
    if parts.method != Method::POST {
        return own_api::problem(StatusCode::METHOD_NOT_ALLOWED, "invalid", "events are imported by POST");
    }
    let file = match kept(&app, body).await {
        Ok(file) => file,
        Err(refused) => return refused.into_response(),
    };
    let named = parts.uri.query().unwrap_or("").split('&').find_map(|pair| pair.strip_prefix("batch_id="));
    // An import that is not named is one of its own, however often the same lines are sent.
    let batch = named.map_or_else(|| hex::encode(rand::random::<[u8; 16]>()), str::to_owned);
    match import::lines(&app, &app.sites(), &batch, file, None).await {
        Ok(outcome) => {
            let status = if outcome.accepted == 0 && outcome.lines > 0 { StatusCode::BAD_REQUEST } else { StatusCode::OK };
            (status, axum::Json(told(&batch, &outcome))).into_response()
        }
        Err(error) => own_api::problem(StatusCode::SERVICE_UNAVAILABLE, "busy", error.message()),
    }
}

/// `POST /api/v1/sites/{site_id}/import/events`: JSON lines about this site. The same lines sent again change nothing.
pub(crate) async fn site_events(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(site): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let context = own_api::context(&app, &parts.headers, peer.ip());
    let site = match own::importable(&context, &own_api::call(&app, &parts, Vec::new(), peer.ip()), &site).await {
        Ok(site) => site,
        Err(failure) => return own_api::encode(failure.reply()),
    };
    let mut file = match kept(&app, body).await {
        Ok(file) => file,
        Err(refused) => return refused.into_response(),
    };
    let batch = match import::content_id(&mut file) {
        Ok(content) => format!("{}-{content}", site.id),
        Err(cause) => return own_api::problem(StatusCode::INTERNAL_SERVER_ERROR, "broken", &cause.to_string()),
    };
    let sites = Sites::new([Site::clone(&site)], [], app.sites().settings.clone());
    match import::lines(&app, &sites, &batch, file, None).await {
        Ok(outcome) => axum::Json(told(&batch, &outcome)).into_response(),
        Err(error) => own_api::problem(StatusCode::SERVICE_UNAVAILABLE, "busy", error.message()),
    }
}

/// `POST /api/v1/sites/{site_id}/imports`: a zip file, or files as JSON.
pub(crate) async fn site_figures(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(site): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let context = own_api::context(&app, &parts.headers, peer.ip());
    let call = own_api::call(&app, &parts, Vec::new(), peer.ip());
    let site = match own::importable(&context, &call, &site).await {
        Ok(site) => site,
        Err(failure) => return own_api::encode(failure.reply()),
    };
    let file = match kept(&app, body).await {
        Ok(file) => file,
        Err(refused) => return refused.into_response(),
    };
    let zipped = is_zip(&parts.headers);
    let named = call.param("source").filter(|source| !source.is_empty()).unwrap_or_else(|| "plausible".to_owned());
    let most = app.config.size("api.largest_import");
    let reading = tokio::task::spawn_blocking(move || {
        if !zipped {
            return own::read_import(file);
        }
        let tables = archive::read_zip(archive::Source::named(&named), file, most)?;
        Ok(NewImport { source: named, tables, ..NewImport::default() })
    });
    let read = reading.await.unwrap_or_else(|cause| Err(Error::broken("the import was cut short").because(cause).into()));
    own_api::encode(app.with_changes(own::keep_import(&context, &site, read)).await)
}

fn told(batch: &str, outcome: &import::Outcome) -> serde_json::Value {
    let bad: Vec<_> = outcome.bad.iter().map(|(line, reason)| json!({"line": line, "reason": reason})).collect();
    json!({"batch_id": batch, "lines": outcome.lines, "accepted": outcome.accepted, "bad": bad})
}

fn is_zip(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    kind.starts_with("application/zip") || kind.starts_with("application/x-zip-compressed")
}

/// Reads the tables of a zip file or of a single file, away from the threads that answer.
async fn read(
    source: archive::Source,
    mut file: File,
    name: String,
    most: u64,
    is_zip: bool,
) -> Result<Vec<archive::Table>, Error> {
    let reading = tokio::task::spawn_blocking(move || {
        if is_zip {
            return archive::read_zip(source, file, most);
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|cause| Error::invalid("the file is not UTF-8").because(cause))?;
        source.read(&name, &text)
    });
    reading.await.map_err(|cause| Error::broken("the import was cut short").because(cause))?
}

/// `PUT /api/v1/sites/imports` with a zip file or a single CSV file as its body; anything else goes to the Sites API.
pub(crate) async fn figures(state: State<App>, peer: ConnectInfo<SocketAddr>, request: Request) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let is_zip = is_zip(request.headers());
    if request.method() != Method::PUT || !(is_zip || kind.starts_with("text/csv")) {
        return own_api::answer(state, peer, request).await;
    }
    let (State(app), ConnectInfo(peer)) = (state, peer);
    let (parts, body) = request.into_parts();
    let context = own_api::context(&app, &parts.headers, peer.ip());
    let call = own_api::call(&app, &parts, Vec::new(), peer.ip());
    let arriving = match Arriving::begin(&context, &call).await {
        Ok(arriving) => arriving,
        Err(failure) => return own_api::encode(failure.reply()),
    };
    let file = match kept(&app, body).await {
        Ok(file) => file,
        Err(refused) => return (refused.status, axum::Json(json!({ "error": refused.message }))).into_response(),
    };
    let tables = read(arriving.source(), file, arriving.file().to_owned(), app.config.size("api.largest_import"), is_zip).await;
    own_api::encode(app.with_changes(arriving.end(&context, tables)).await)
}

/// Why a body was not taken.
struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        own_api::problem(self.status, self.code, &self.message)
    }
}

/// A body as a file, read from its beginning. It has no name and is gone when it is closed.
async fn kept(app: &App, body: Body) -> Result<File, Refused> {
    let most = app.config.size("api.largest_import");
    let unkept = |cause: std::io::Error| {
        tracing::warn!(error = %cause, "an import cannot be kept below `data_dir`");
        Refused {
            status: StatusCode::INSUFFICIENT_STORAGE,
            code: "full",
            message: "the import cannot be kept on the server's disk".to_owned(),
        }
    };
    let mut file = tokio::fs::File::from_std(tempfile::tempfile_in(app.config.data_dir()).map_err(unkept)?);
    let mut size = 0;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let Ok(piece) = piece else {
            let message = "the request's body was cut short".to_owned();
            return Err(Refused { status: StatusCode::BAD_REQUEST, code: "invalid", message });
        };
        size += piece.len() as u64;
        if size > most {
            let message = format!("the import is larger than the {most} bytes that `api.largest_import` allows");
            return Err(Refused { status: StatusCode::PAYLOAD_TOO_LARGE, code: "too_large", message });
        }
        file.write_all(&piece).await.map_err(unkept)?;
    }
    file.flush().await.map_err(unkept)?;
    let mut file = file.into_std().await;
    file.seek(SeekFrom::Start(0)).map_err(unkept)?;
    Ok(file)
}
