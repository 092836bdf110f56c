//! Stats v1: `GET /api/v1/stats/…`.

mod aggregate;
mod asked;
mod breakdown;
mod filters;
mod funnel;
mod timeseries;

pub(super) use aggregate::aggregate;
pub(super) use asked::time;
pub(super) use breakdown::breakdown;
pub(super) use filters::filters;
pub(super) use funnel::{funnel, kept_funnel};
pub(super) use timeseries::{nothing, timeseries};

use super::{Failure, auth};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::{live, shape},
};

/// `GET /api/v1/stats/realtime/visitors`: visitors of the last five minutes.
pub(super) async fn realtime(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let (_, site) = auth::site(ctx, call, call.param("site_id").as_deref()).await?;
    let visitors = live::visitors(ctx, &site).await?;
    Ok(shape::json(200, &visitors.into()))
}
