//! The live visitor count as a stream of server-sent events.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{
    extract::{ConnectInfo, Path, Request, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use footfall_api::own;
use futures::{StreamExt as _, stream};

use super::own_api;
use crate::app::App;

/// How often the count is sent.
const EVERY: Duration = Duration::from_secs(3);

/// `/api/v1/sites/{site_id}/live/stream`.
pub(crate) async fn stream(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(site): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let context = own_api::context(&app, &parts.headers, peer.ip());
    let caller = match own_api::caller(&context, &own_api::call(&app, &parts, Vec::new(), peer.ip())).await {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    if let Err(failure) = own::pulse(&context, &caller, &site).await {
        return own_api::encode(failure.reply());
    }
    let mut stopping = app.stopping.subscribe();
    let pulses =
        stream::unfold((app, caller, parts.headers, site, true), move |(app, caller, headers, site, first)| async move {
            if !first {
                tokio::time::sleep(EVERY).await;
            }
            let pulse = own::pulse(&own_api::context(&app, &headers, peer.ip()), &caller, &site).await.ok()?;
            let event = Event::default().event("pulse").data(pulse.json());
            Some((Ok::<Event, Infallible>(event), (app, caller, headers, site, false)))
        });
    let ends = async move {
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    Sse::new(pulses.take_until(Box::pin(ends))).keep_alive(KeepAlive::default()).into_response()
}
