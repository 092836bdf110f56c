//! The live visitor count as a stream of server-sent events.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{
    extract::{ConnectInfo, Path, State},
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{StreamExt as _, stream};
use serde_json::json;

use super::{auth, own_api, reply};
use crate::app::App;

/// How often the count is sent.
const EVERY: Duration = Duration::from_secs(3);

/// `/api/v1/sites/{site_id}/live/stream`.
pub(crate) async fn stream(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(site): Path<u32>,
    headers: HeaderMap,
) -> Response {
    let caller = match auth::caller(&app, &headers, peer.ip()).await {
        Ok(caller) => caller,
        Err(error) => return reply::own_error(&error),
    };
    let context = own_api::context(&app, &headers, peer.ip());
    if let Err(error) = footfall_api::own::live_visitors(&context, &caller, site).await {
        return reply::own_error(&error);
    }
    let mut stopping = app.stopping.subscribe();
    let counts = stream::unfold((app, caller, headers, true), move |(app, caller, headers, first)| async move {
        if !first {
            tokio::time::sleep(EVERY).await;
        }
        let context = own_api::context(&app, &headers, peer.ip());
        let visitors = footfall_api::own::live_visitors(&context, &caller, site).await.ok()?;
        let event = Event::default().event("visitors").data(json!({ "visitors": visitors }).to_string());
        Some((Ok::<Event, Infallible>(event), (app, caller, headers, false)))
    });
    let ends = async move {
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    Sse::new(counts.take_until(ends)).keep_alive(KeepAlive::default()).into_response()
}
