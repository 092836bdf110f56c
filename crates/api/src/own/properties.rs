//! Names of event properties.

use std::sync::Arc;

use footfall_model::{Access, Aggregate, Catalogue, Fact, Key, Measure, Order, Query, Site, TimeRange};
use serde_json::{Value, json};

use super::{Caller, Failure, shape};
use crate::matomo::{Context, Reply};

/// `GET /sites/{id}/properties`: the 200 most frequent of the last year.
pub(super) async fn list(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::View, "reading properties")?;
    let range = TimeRange { start: ctx.now.plus(-366 * 86_400_000), end: ctx.now.plus(1) };
    let mut query = Query::new(Fact::Hits, vec![site.id], range, site.zone.clone());
    query.keys.push(Key::PropNames(Catalogue::PROPS));
    query.measures.push(Measure::new("events", Aggregate::Count));
    query.order.push(Order::Measure { name: "events".into(), descending: true });
    query.limit = Some(200);
    let rows = ctx.store.query(&query).await?;
    let properties: Vec<Value> = rows
        .rows
        .iter()
        .filter_map(|row| {
            let name = row.first()?.as_str().filter(|name| !name.is_empty())?;
            Some(json!({ "name": name, "events": row.get(1)?.as_i64()? }))
        })
        .collect();
    Ok(shape::json(200, &json!({ "properties": properties })))
}
