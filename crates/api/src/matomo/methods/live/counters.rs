//! `Live.getCounters`: what happened in the last minutes.

use std::sync::Arc;

use footfall_model::{Access, Aggregate, Cell, Fact, Measure, Name, Query, Segment, Site, TimeRange, Value};
use footfall_report::segment;

use crate::matomo::{Answer, Failure, dispatch::Call, scope};

/// How far back it may be looked.
const MOST_MINUTES: i64 = 2880;

/// A counter: its name, the rows it counts, and how.
struct Counter {
    name: &'static str,
    fact: Fact,
    aggregate: Aggregate,
}

const COUNTERS: [Counter; 4] = [
    Counter { name: "visits", fact: Fact::Visits, aggregate: Aggregate::Count },
    Counter { name: "actions", fact: Fact::Hits, aggregate: Aggregate::Count },
    Counter { name: "visitors", fact: Fact::Visits, aggregate: Aggregate::Visitors },
    Counter { name: "visitsConverted", fact: Fact::Conversions, aggregate: Aggregate::Count },
];

/// Visits, actions, visitors and conversions of the last minutes.
pub(super) async fn get(call: Call<'_>) -> Result<Answer, Failure> {
    let request = call.request;
    let minutes = request.int("lastMinutes").ok_or_else(|| Failure::missing("lastMinutes"))?;
    if !(1..=MOST_MINUTES).contains(&minutes) {
        return Err(Failure::new("lastMinutes only accepts values between 1 and 2880"));
    }
    let site = scope::site(call.ctx, call.caller, request, Access::View)?;
    let segment = scope::segment(request)?;
    let (shown, hidden) = (request.words("showColumns"), request.words("hideColumns"));
    let is_wanted =
        |name: &str| (shown.is_empty() || shown.iter().any(|kept| kept == name)) && !hidden.iter().any(|out| out == name);
    let mut counted: Vec<(Name, Cell)> = Vec::new();
    for counter in COUNTERS.iter().filter(|counter| is_wanted(counter.name)) {
        let number = count(call, &site, &segment, minutes, counter).await?;
        counted.push((counter.name.into(), number.into()));
    }
    Ok(Answer::list(vec![Cell::Map(counted)]))
}

async fn count(call: Call<'_>, site: &Arc<Site>, segment: &Segment, minutes: i64, counter: &Counter) -> Result<i64, Failure> {
    let start = footfall_model::Millis::from_seconds(call.ctx.now.seconds()).plus(-60_000 * minutes);
    let range = TimeRange { start, end: TimeRange::EVER.end };
    let mut query = Query::new(counter.fact, vec![site.id], range, site.zone.clone());
    query.filter = segment::filter(segment, counter.fact, site, &call.ctx.catalogue)?;
    if counter.fact == Fact::Hits
        && let Some(kind) = footfall_model::HitRow::column("kind")
    {
        let counts = footfall_model::Filter::is(kind, i64::from(footfall_model::ActionKind::Engagement as u8)).negated();
        query.filter = query.filter.and(counts);
    }
    query.measures = vec![Measure::new(counter.name, counter.aggregate.clone())];
    let rows = call.ctx.store.query(&query).await?;
    Ok(rows.rows.first().and_then(|row| row.first()).and_then(Value::as_i64).unwrap_or(0))
}
