//! Why hits were not counted.

use std::sync::Arc;

use footfall_model::{Access, Aggregate, DateRange, Fact, Measure, Query, Site, SiteId};
use jiff::{ToSpan, tz::TimeZone};
use serde_json::{Value, json};

use super::{Caller, Failure, System, form::whole, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// `GET /sites/{id}/dropped`.
pub(super) async fn of_site(
    ctx: &Context,
    system: &System,
    caller: &Caller,
    call: &Call,
    site: &Arc<Site>,
) -> Result<Reply, Failure> {
    caller.check_site(site, Access::View, "reading why hits were not counted")?;
    report(ctx, system, call, site.id).await
}

/// `GET /dropped`.
pub(super) async fn of_nobody(ctx: &Context, system: &System, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    caller.check_superuser("reading hits that belong to no site")?;
    report(ctx, system, call, SiteId(0)).await
}

async fn report(ctx: &Context, system: &System, call: &Call, site: SiteId) -> Result<Reply, Failure> {
    let n_days = whole(call, "days", 7, 1, 90)? as i64;
    let today = ctx.now.local(&TimeZone::UTC).date();
    let first = today.checked_sub((n_days - 1).days()).unwrap_or(today);
    let days = DateRange::new(first, today)?;

    let mut counted = Query::new(Fact::Hits, vec![site], days.on(&TimeZone::UTC), TimeZone::UTC);
    counted.measures.push(Measure::new("n", Aggregate::Count));
    let (totals, counted) = futures::try_join!(ctx.admin.drops(Some(site), days), ctx.store.query(&counted))?;
    let accepted = counted.rows.first().and_then(|row| row.first()).and_then(footfall_model::Value::as_i64).unwrap_or(0);

    let dropped: u64 = totals.iter().map(|total| total.n).sum();
    let mut reasons: Vec<(u64, Value)> = system
        .drop_reasons
        .iter()
        .map(|reason| {
            let total = totals.iter().find(|total| total.reason == reason.code);
            let count = total.map_or(0, |total| total.n);
            let shown = json!({
                "code": reason.code,
                "title": reason.title,
                "hint": reason.hint,
                "count": count,
                "last_at": shape::maybe_moment(total.map(|total| total.last_at)),
            });
            (count, shown)
        })
        .collect();
    reasons.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let reasons: Vec<Value> = reasons.into_iter().map(|(_, shown)| shown).collect();
    Ok(shape::json(
        200,
        &json!({
            "from": days.first().to_string(),
            "to": days.last().to_string(),
            "accepted": accepted,
            "dropped": dropped,
            "reasons": reasons,
        }),
    ))
}
