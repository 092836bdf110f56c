//! Plausible's APIs: Stats v1 and v2, the Sites API, the Plugins API, and what its own dashboard reads.

pub mod archive;
mod auth;
mod breakdown;
mod compare;
mod dashboard;
mod failure;
mod filters;
mod goals;
mod imports;
mod inspect;
mod money;
mod plugins;
pub mod query;
mod rate;
mod schema;
mod segments;
mod sites;
mod span;
mod v1;

use sha2::Digest as _;

use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

pub use failure::Failure;
pub(crate) use filters::read_whole as read_filters;
pub(crate) use imports::Found;
pub use rate::{Limits, Requests, Verdict, decide};
pub use schema::{PLUGINS, SCHEMA};
pub use sites::Arriving;
pub(crate) use sites::answers as answers_sites;
pub(crate) use sites::{link_url, team_id, team_name};
pub use span::first_day;

/// Answers a request to Plausible's APIs.
pub async fn answer(ctx: &Context, call: &Call) -> Reply {
    let of_stats = call.path.starts_with("/api/v1/stats/") || call.path == "/api/v2/query";
    let free = (ctx.settings.requests.limits(), Verdict::Goes { left: None });
    let (limits, verdict) = if of_stats { counted(ctx, call).await.unwrap_or(free) } else { free };
    let limit = limits.hourly.map(|hourly| ("x-ratelimit-limit", hourly.to_string()));
    match verdict {
        Verdict::Waits { seconds } => {
            let mut reply = Failure::new(429, limits.message()).reply();
            reply.headers.extend(limit);
            reply.headers.push(("x-ratelimit-remaining", "0".to_owned()));
            reply.headers.push(("retry-after", seconds.to_string()));
            reply
        }
        Verdict::Goes { left } => {
            let mut reply = run(ctx, call).await.unwrap_or_else(|failure| failure.reply());
            if let Some(left) = left {
                reply.headers.extend(limit);
                reply.headers.push(("x-ratelimit-remaining", left.to_string()));
            }
            reply
        }
    }
}

/// Answers `GET /{domain}/export`: the dashboard as a zip file.
pub async fn export(ctx: &Context, call: &Call) -> Reply {
    dashboard::export(ctx, call).await.unwrap_or_else(|failure| failure.reply())
}

/// Counts a request against its key's limit; requests without a known key are refused later and count for nobody.
async fn counted(ctx: &Context, call: &Call) -> Option<(Limits, Verdict)> {
    let secret = call.bearer()?;
    let principal = ctx.admin.token(secret, ctx.now).await.ok().flatten()?;
    let limits = ctx.settings.requests.limits().or(principal.hourly_requests);
    Some((limits, ctx.settings.requests.take(sha2::Sha256::digest(secret).into(), limits, ctx.now)))
}

async fn run(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/api/v1/stats/realtime/visitors") => v1::realtime(ctx, call).await,
        ("GET", "/api/v1/stats/aggregate") => v1::aggregate(ctx, call).await,
        ("GET", "/api/v1/stats/timeseries") => v1::timeseries(ctx, call).await,
        ("GET", "/api/v1/stats/breakdown") => v1::breakdown(ctx, call).await,
        ("GET", "/api/v1/stats/funnel") => v1::funnel(ctx, call).await,
        ("POST" | "GET", "/api/v2/query") => query::answer(ctx, call).await,
        ("GET", "/api/docs/query/schema.json") => {
            Ok(Reply { body: SCHEMA.as_bytes().to_vec(), ..shape::json(200, &serde_json::Value::Null) })
        }
        ("GET", "/api/plugins/spec/openapi") => {
            Ok(Reply { body: PLUGINS.as_bytes().to_vec(), ..shape::json(200, &serde_json::Value::Null) })
        }
        (_, path) if path.starts_with("/api/plugins/v1/") => Ok(plugins::answer(ctx, call).await),
        (_, path) if path.starts_with("/api/stats/") => dashboard::answer(ctx, call).await,
        (_, path) if path.starts_with("/api/v1/sites") => sites::answer(ctx, call).await,
        _ => dashboard::segments(ctx, call).await.unwrap_or_else(|| Err(Failure::new(404, "there is no such operation"))),
    }
}
