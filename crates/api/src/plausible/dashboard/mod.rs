//! What Plausible's own dashboard reads: `/api/stats/{domain}/…`, its download `/{domain}/export`, and the segments it saves.
//!
//! Scripts and status bars read the same: with a session, of public sites without one, or with a shared link's `?auth=SLUG`.
//! Every breakdown is a row of one table ([`reports::REPORTS`]); the answers have the newest form of the product that still
//! answers these paths.

mod access;
mod asked;
mod breakdown;
mod compared;
mod csv;
mod export;
mod funnel;
mod graph;
mod period;
mod places;
mod query;
mod reports;
mod segments;
mod suggestions;
mod top;

use serde_json::json;

use self::{access::opened, asked::Asked, reports::Report};
use super::Failure;
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// Where the dashboard's figures lie.
const PREFIX: &str = "/api/stats/";

/// Answers a request below `/api/stats/`.
pub(super) async fn answer(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let parts = call.below(PREFIX).unwrap_or_default();
    let (domain, rest) = parts.split_first().ok_or_else(access::refused)?;
    let opened = opened(ctx, call, domain).await?;
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    if rest == ["query"] && call.method == "POST" {
        return query::answer(ctx, call, &opened).await;
    }
    let nothing = || Failure::new(404, "there is no such operation");
    if call.method != "GET" {
        return Err(nothing());
    }
    if rest == ["current-visitors"] {
        return Ok(shape::json(200, &asked::current_visitors(ctx, &opened).await?.into()));
    }
    let asked = Asked::read(ctx, call, opened).await?;
    match rest.as_slice() {
        ["main-graph"] => graph::answer(ctx, call, &asked).await,
        ["top-stats"] => top::answer(ctx, &asked).await,
        ["funnels", id] => funnel::answer(ctx, &asked, id).await,
        // The words that people searched for are Google's to tell, and nobody asks it here.
        ["referrers", "Google"] => {
            let may_connect = asked.opened.caller.principal.sets_up(asked.site().id);
            Ok(shape::json(422, &json!({ "error_code": "not_configured", "is_admin": may_connect })))
        }
        ["referrers", source] => breakdown::answer(ctx, call, &asked.sent_by(ctx, source), &Report::referrers_of_source()).await,
        ["custom-prop-values", name] => {
            breakdown::answer(ctx, call, &asked, &Report::of_property(&format!("event:props:{name}"))).await
        }
        ["suggestions", "custom-prop-values", name] => suggestions::of_property(ctx, call, &asked, name).await,
        ["suggestions", name] => suggestions::answer(ctx, call, &asked, name).await,
        [path] => match Report::at(path) {
            Some(report) => breakdown::answer(ctx, call, &asked, &report).await,
            None => Err(nothing()),
        },
        _ => Err(nothing()),
    }
}

/// Answers a request to `/api/{domain}/segments` or below; `None` where the path is another.
pub(super) async fn segments(ctx: &Context, call: &Call) -> Option<Result<Reply, Failure>> {
    let parts = call.below("/api/")?;
    let [domain, name, rest @ ..] = parts.as_slice() else { return None };
    if name != "segments" {
        return None;
    }
    Some(match opened(ctx, call, domain).await {
        Ok(opened) => segments::answer(ctx, call, &opened, rest).await,
        Err(failure) => Err(failure),
    })
}

/// Answers `GET /{domain}/export`.
pub(super) async fn export(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let parts = call.below("/").unwrap_or_default();
    let domain = parts.first().ok_or_else(access::refused)?;
    let opened = opened(ctx, call, domain).await?;
    export::answer(ctx, &Asked::read(ctx, call, opened).await?).await
}
