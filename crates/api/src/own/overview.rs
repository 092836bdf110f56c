//! All sites at a glance.

use std::{collections::HashMap, sync::Arc};

use footfall_model::{Aggregate, DateRange, Error, Fact, Key, Measure, Millis, Query, Site, SiteId, TimeRange};
use footfall_report::stats::{self, Bucket, Dimension, Metric, Source, Span, StatsQuery, Style};
use jiff::{ToSpan, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    Caller, Failure,
    form::Page,
    shape,
    sites::{describe, last_hits, visible},
};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// How many sites are asked about at once.
const AT_ONCE: usize = 8;

/// `GET /sites/overview`.
pub(super) async fn get(ctx: &Context, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    caller.check_user()?;
    let page = Page::read(call)?;
    let period = match call.param("period").as_deref() {
        None | Some("24h") => Period::Hours,
        Some("7d") => Period::Days(7),
        Some("30d") => Period::Days(30),
        Some(_) => return Err(Failure::bad_request("`period` must be `24h`, `7d` or `30d`")),
    };
    let sites = visible(ctx, caller, &page.search);
    let total = sites.len();
    let mut figures = Vec::with_capacity(total);
    for some in sites.chunks(AT_ONCE) {
        figures.extend(futures::future::try_join_all(some.iter().map(|site| Figures::of(ctx, site, period))).await?);
    }
    let live = live(ctx, &sites).await?;
    figures.sort_by(|a, b| b.visitors.total_cmp(&a.visitors).then(a.site.name.cmp(&b.site.name)));
    let figures: Vec<Figures> = figures.into_iter().skip(page.offset).take(page.limit).collect();
    let shown: Vec<Arc<Site>> = figures.iter().map(|figures| Arc::clone(&figures.site)).collect();
    let last = last_hits(ctx, &shown).await?;
    let shown: Vec<Value> = figures
        .iter()
        .map(|figures| {
            let change = (figures.before > 0.0)
                .then(|| shape::number(((figures.visitors - figures.before) / figures.before * 1000.0).round() / 10.0));
            json!({
                "site": describe(&figures.site, caller, last.get(&figures.site.id).copied()),
                "visitors": figures.visitors as i64,
                "previous_visitors": figures.before as i64,
                "pageviews": figures.pageviews as i64,
                "change": change,
                "live": live.get(&figures.site.id).copied().unwrap_or(0),
                "sparkline": figures.sparkline,
            })
        })
        .collect();
    let meta = json!({ "total": total, "limit": page.limit, "period": period.name() });
    Ok(shape::json(200, &json!({ "sites": shown, "meta": meta })))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Period {
    Hours,
    Days(i64),
}

impl Period {
    fn name(self) -> &'static str {
        match self {
            Period::Hours => "24h",
            Period::Days(7) => "7d",
            Period::Days(_) => "30d",
        }
    }

    /// The period, the one before, and the buckets of the little graph.
    fn spans(self, now: Millis, zone: &TimeZone) -> (Span, Span, Bucket) {
        match self {
            Period::Hours => {
                let day = 86_400_000;
                let range = |end: Millis| TimeRange { start: end.plus(-day), end };
                let end = now.plus(1);
                (Span::moments(range(end), zone), Span::moments(range(end.plus(-day)), zone), Bucket::Hour)
            }
            Period::Days(n) => {
                let today = now.local(zone).date();
                let days =
                    DateRange::new(today.checked_sub((n - 1).days()).unwrap_or(today), today).unwrap_or(DateRange::day(today));
                (Span::days(days, zone), Span::days(days.before(), zone), Bucket::Day)
            }
        }
    }

    fn n_buckets(self) -> usize {
        match self {
            Period::Hours => 24,
            Period::Days(n) => usize::try_from(n).unwrap_or(30),
        }
    }
}

struct Figures {
    site: Arc<Site>,
    visitors: f64,
    before: f64,
    pageviews: f64,
    sparkline: Vec<i64>,
}

impl Figures {
    async fn of(ctx: &Context, site: &Arc<Site>, period: Period) -> Result<Figures, Error> {
        let reader = ctx.reader();
        let (span, before, bucket) = period.spans(ctx.now, &site.zone);
        let ask = |span: &Span, metrics: Vec<Metric>| {
            let mut query = StatsQuery::new(Arc::clone(site), span.clone(), Style::Footfall);
            query.metrics = metrics;
            query
        };
        let main = ask(&span, vec![Metric::Visitors, Metric::Pageviews]);
        let previous = ask(&before, vec![Metric::Visitors]);
        let mut graph = ask(&span, vec![Metric::Visitors]);
        graph.dimensions = vec![Dimension { name: bucket.name().into(), source: Source::Time(bucket) }];
        let (main, previous, graph) =
            futures::try_join!(stats::run(&reader, &main), stats::run(&reader, &previous), stats::run(&reader, &graph))?;
        let one = |answer: &stats::StatsAnswer, place: usize| {
            answer.rows.first().and_then(|row| row.metrics.get(place).copied().flatten()).unwrap_or(0.0)
        };
        let known: HashMap<&str, f64> = graph
            .rows
            .iter()
            .filter_map(|row| Some((&**row.dimensions.first()?, row.metrics.first().copied().flatten()?)))
            .collect();
        let labels = bucket.labels(&span);
        let skipped = labels.len().saturating_sub(period.n_buckets());
        let mut sparkline: Vec<i64> =
            labels.iter().skip(skipped).map(|label| known.get(label.as_str()).copied().unwrap_or(0.0) as i64).collect();
        while sparkline.len() < period.n_buckets() {
            sparkline.insert(0, 0);
        }
        Ok(Figures {
            site: Arc::clone(site),
            visitors: one(&main, 0),
            before: one(&previous, 0),
            pageviews: one(&main, 1),
            sparkline,
        })
    }
}

/// Visitors of the last five minutes, by site.
async fn live(ctx: &Context, sites: &[Arc<Site>]) -> Result<HashMap<SiteId, i64>, Error> {
    if sites.is_empty() {
        return Ok(HashMap::new());
    }
    let range = TimeRange { start: ctx.now.plus(-5 * 60_000), end: ctx.now.plus(5_000) };
    let ids = sites.iter().map(|site| site.id).collect();
    let mut query = Query::new(Fact::Hits, ids, range, TimeZone::UTC);
    query.keys.push(Key::Site);
    query.filter = footfall_report::stats::counted();
    query.measures.push(Measure::new("visitors", Aggregate::Visitors));
    let rows = ctx.store.query(&query).await?;
    let each = rows.rows.iter().filter_map(|row| {
        let site = u32::try_from(row.first()?.as_i64()?).ok()?;
        Some((SiteId(site), row.get(1)?.as_i64()?))
    });
    Ok(each.collect())
}
