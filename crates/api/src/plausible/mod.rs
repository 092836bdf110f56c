//! Plausible's reading APIs: Stats v1 and v2, and the Sites API.

mod auth;
mod compare;
mod failure;
mod filters;
mod inspect;
mod money;
pub mod query;
mod rate;
mod schema;
mod sites;
mod span;
mod v1;

use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

pub use failure::Failure;
pub use rate::{Limits, Verdict, decide};
pub use schema::SCHEMA;
pub(crate) use sites::answers as answers_sites;

/// Answers a request to Plausible's APIs.
pub async fn answer(ctx: &Context, call: &Call) -> Reply {
    match run(ctx, call).await {
        Ok(reply) => reply,
        Err(failure) => failure.reply(),
    }
}

async fn run(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/api/v1/stats/realtime/visitors") => v1::realtime(ctx, call).await,
        ("GET", "/api/v1/stats/aggregate") => v1::aggregate(ctx, call).await,
        ("GET", "/api/v1/stats/timeseries") => v1::timeseries(ctx, call).await,
        ("GET", "/api/v1/stats/breakdown") => v1::breakdown(ctx, call).await,
        ("POST" | "GET", "/api/v2/query") => query::answer(ctx, call).await,
        ("GET", "/api/docs/query/schema.json") => {
            Ok(Reply { body: SCHEMA.as_bytes().to_vec(), ..shape::json(200, &serde_json::Value::Null) })
        }
        (_, path) if path.starts_with("/api/v1/sites") => sites::answer(ctx, call).await,
        _ => Err(Failure::new(404, "there is no such operation")),
    }
}
