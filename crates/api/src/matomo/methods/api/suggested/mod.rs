//! `API.getSuggestedValuesForSegment`: what a segment could be compared with.

mod fixed;
mod listed;
mod logged;

use std::sync::Arc;

use footfall_model::{Access, CustomScope, DateRange, Period, PeriodKind, Segment, Site};
use footfall_report::{Slice, segment};
use jiff::ToSpan;

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::texts,
        dispatch::{Call, Method},
        scope,
    },
};

pub(in super::super) const METHODS: &[Method] =
    &[Method::new("API", "getSuggestedValuesForSegment", Need::Nobody, &["segmentName", "idSite"], |call| {
        Box::pin(values(call))
    })];

/// How many values are suggested.
const MOST: usize = 30;
/// How many days are looked at.
const DAYS: i64 = 60;

async fn values(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let name = scope::required(call.request, "segmentName")?;
    let today = scope::today(call.ctx, Some(&site));
    if let Some(fixed) = fixed::values(name, today) {
        return Ok(Answer::Data(texts(fixed)));
    }
    if !segment::is_known(name, &site, &call.ctx.catalogue) {
        return Err(Failure::new(format!("Requested segment {name} not found.")));
    }
    let days = DateRange::new(today.saturating_sub(DAYS.days()), today)?;
    if is_of_actions(name, &site) {
        let slice = Slice { site, period: Period { kind: PeriodKind::Range, days }, segment: Arc::new(Segment::default()) };
        let found = segment::suggest(&call.ctx.reader(), &slice, name, MOST as u64).await?;
        return Ok(Answer::Data(texts(found.unwrap_or_default())));
    }
    let log = logged::Log { call, site: &site, days };
    let mut values = match listed::list(call.ctx, name) {
        Some((list, code)) => listed::by_use(list, &log.codes(name, code).await?),
        None => logged::by_use(log.values(name).await?),
    };
    values.truncate(MOST);
    Ok(Answer::Data(texts(values)))
}

/// Whether it is a custom dimension of actions: those have a report that tells its values.
fn is_of_actions(name: &str, site: &Site) -> bool {
    let number = name.strip_prefix("dimension").and_then(|number| number.parse::<u32>().ok());
    number.is_some_and(|number| {
        site.dimensions.iter().any(|dimension| dimension.id == number && dimension.scope == CustomScope::Action)
    })
}
