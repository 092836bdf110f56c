//! Names of event properties.

use std::sync::Arc;

use footfall_model::{Access, Site, TimeRange};
use footfall_report::stats::{self, Span, StatsQuery, Style};
use serde_json::{Value, json};

use super::{Caller, Failure, shape};
use crate::matomo::{Context, Reply};

/// `GET /sites/{id}/properties`: the 200 most frequent of the last year.
pub(super) async fn list(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::View, "reading properties")?;
    let range = TimeRange { start: ctx.now.plus(-366 * 86_400_000), end: ctx.now.plus(1) };
    let mut query = StatsQuery::new(Arc::clone(site), Span::moments(range, &site.zone), Style::Footfall);
    query.limit = Some(200);
    let properties = stats::properties(&ctx.reader(), &query).await?;
    let properties: Vec<Value> = properties.iter().map(|(name, events)| json!({ "name": &**name, "events": events })).collect();
    Ok(shape::json(200, &json!({ "properties": properties })))
}
