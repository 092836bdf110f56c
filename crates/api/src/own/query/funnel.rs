use std::sync::Arc;

use footfall_model::{Goal, Site};
use footfall_report::stats::{self, Filter, FunnelAnswer, Span, StatsQuery, Style};
use serde_json::{Value, json};

use super::{
    Asked,
    answer::{refused, spans},
    parse::only,
    range::ends,
};
use crate::{matomo::Context, own::Failure};

/// How far visitors got, now and in the time it is compared with.
pub(in crate::own) struct Found {
    pub(in crate::own) now: FunnelAnswer,
    pub(in crate::own) before: Option<FunnelAnswer>,
    /// The days that were looked at.
    pub(in crate::own) meta: Value,
}

/// Asks how far visitors got through goals; the question has a range, filters and what to compare with.
///
/// # Errors
/// When the question makes no sense, or the store cannot answer.
pub(in crate::own) async fn funnel(
    ctx: &Context,
    site: &Arc<Site>,
    body: &Value,
    goals: &[&Goal],
    limits: Vec<Filter>,
) -> Result<Found, Failure> {
    let mut fields = body.as_object().cloned().ok_or_else(|| Failure::bad_request("the body must be an object"))?;
    only(&fields, &["range", "compare", "filters"], "the query")?;
    fields.insert("metrics".to_owned(), json!(["visitors"]));
    // Imported figures know of no order in which visitors did things.
    fields.insert("include".to_owned(), json!({ "imports": false }));
    let mut asked = Asked::read(&Value::Object(fields), site, &ctx.catalogue)?;
    asked.filters.extend(limits);
    let (span, compared) = spans(ctx, site, &asked).await?;
    let reader = ctx.reader();
    let question = |span: &Span| {
        let mut query = StatsQuery::new(Arc::clone(site), span.clone(), Style::Footfall);
        query.filters.clone_from(&asked.filters);
        query
    };
    let now = stats::funnel(&reader, &question(&span), goals).await.map_err(refused)?;
    let before = match &compared {
        Some(span) => Some(stats::funnel(&reader, &question(span), goals).await.map_err(refused)?),
        None => None,
    };
    let by_moments = !span.whole_days;
    let (from, to) = ends(&span, by_moments);
    let others = compared.map(|span| ends(&span, by_moments)).unzip();
    Ok(Found { now, before, meta: json!({ "from": from, "to": to, "compare_from": others.0, "compare_to": others.1 }) })
}
