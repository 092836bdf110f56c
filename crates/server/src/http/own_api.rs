//! Our own described API.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Any operation.
pub(crate) async fn answer() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

/// `POST /api/v1/import/events`.
pub(crate) async fn import_events() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
