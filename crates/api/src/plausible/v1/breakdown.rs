use serde_json::{Map, Value};

use super::{
    super::{
        Failure,
        breakdown::{Breakdown, Page, short},
    },
    asked::Asked,
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// `GET /api/v1/stats/breakdown`.
pub(in crate::plausible) async fn breakdown(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let property = call.param("property");
    if property.is_none() {
        // The key is looked at first.
        Asked::read(ctx, call, None).await?;
        return Err(Failure::bad(
            "The `property` parameter is required. Please provide at least one property to show a breakdown by.",
        ));
    }
    let property = property.unwrap_or_default();
    let asked = Asked::read(ctx, call, Some(&property)).await?;
    let page = Page::read(call.param("limit").as_deref(), call.param("page").as_deref(), 100)?;
    let breakdown = Breakdown {
        site: &asked.site,
        span: &asked.span,
        property: &property,
        metrics: &asked.metrics,
        filters: &asked.filters,
        order: Vec::new(),
        page: Some(page),
    };
    let query = breakdown.query(ctx)?;
    let found = asked.imported(ctx, &query).await?;
    let rows = breakdown.rows(ctx, &query, &found.imported).await?;
    let results: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut shown = Map::new();
            for (name, value) in Breakdown::names(&property).iter().zip(&row.dimensions) {
                shown.insert(short(name).to_owned(), place_number(name, value));
            }
            for (metric, value) in asked.metrics.iter().zip(&row.metrics) {
                shown.insert(metric.name().to_owned(), shape::maybe_number(*value));
            }
            Value::Object(shown)
        })
        .collect();
    Ok(asked.reply(results.into(), &found))
}

fn place_number(name: &str, value: &str) -> Value {
    match (name, value.parse::<i64>()) {
        ("visit:city", Ok(number)) => number.into(),
        _ => value.into(),
    }
}
