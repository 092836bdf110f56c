//! Stats v1: `GET /api/v1/stats/…`.

mod aggregate;
mod asked;
mod breakdown;
mod filters;
mod timeseries;

pub(super) use aggregate::aggregate;
pub(super) use breakdown::breakdown;
pub(super) use timeseries::timeseries;

use footfall_model::{Aggregate, Fact, Measure, Query, TimeRange};

use super::{Failure, auth};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// `GET /api/v1/stats/realtime/visitors`: visitors of the last five minutes.
pub(super) async fn realtime(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let (_, site) = auth::site(ctx, call, call.param("site_id").as_deref()).await?;
    let range = TimeRange { start: ctx.now.plus(-5 * 60_000), end: ctx.now.plus(5_000) };
    let mut query = Query::new(Fact::Hits, vec![site.id], range, site.zone.clone());
    query.measures.push(Measure::new("visitors", Aggregate::Visitors));
    let rows = ctx.store.query(&query).await?;
    let visitors = rows.rows.first().and_then(|row| row.first()).and_then(footfall_model::Value::as_i64).unwrap_or(0);
    Ok(shape::json(200, &visitors.into()))
}
