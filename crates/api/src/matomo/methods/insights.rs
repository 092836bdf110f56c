//! `Insights.*`: what grew, shrank, came and went from one period to the next.

use std::sync::Arc;

use footfall_model::{Access, Cell, DataTable, Name, PeriodKind, Row, Site};
use footfall_report::{Periods, Tables, number};

use crate::{
    access::Need,
    matomo::{
        Answer, Failure, MatomoRequest,
        dispatch::{self, Call, Method},
        metadata::{self, Described},
        scope,
    },
};

mod change;

use self::change::{Change, Least, Limits};

const MODULE: &str = "Insights";
const VIEW: Need = Need::Sites(Access::View);

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "canGenerateInsights", Need::Somewhere(Access::View), &["date", "period"], |call| {
        Box::pin(async move { Ok(Answer::value(can_compare(call))) })
    }),
    Method::new(MODULE, "getInsights", VIEW, &["idSite", "period", "date", "reportUniqueId"], |call| Box::pin(insights(call))),
    Method::new(MODULE, "getMoversAndShakers", VIEW, &["idSite", "period", "date", "reportUniqueId"], |call| {
        Box::pin(movers(call))
    }),
    Method::new(MODULE, "getInsightsOverview", VIEW, &["idSite", "period", "date"], |call| Box::pin(overview(call, false))),
    Method::new(MODULE, "getMoversAndShakersOverview", VIEW, &["idSite", "period", "date"], |call| {
        Box::pin(overview(call, true))
    }),
];

/// What is compared.
const METRIC: &str = "nb_visits";
/// How many rows of a report are compared.
const MOST_ROWS: &str = "1000";
/// How many movers are told of as a rule, up and down.
const MOST_MOVERS: i64 = 4;

/// The reports of the overviews.
const OVERVIEW: [&str; 8] = [
    "Actions_getPageUrls",
    "Actions_getPageTitles",
    DOWNLOADS,
    "Referrers_getWebsites",
    "Referrers_getCampaigns",
    "Referrers_getSocials",
    "Referrers_getSearchEngines",
    "UserCountry_getCountry",
];

/// The one report of them for which an overview has limits of its own; the others keep to those of a single report.
const DOWNLOADS: &str = "Actions_getDownloads";

/// What a request asks to be told.
struct Asked {
    up: i64,
    down: i64,
    filter_by: String,
    impact: f64,
    growth: f64,
    periods: i64,
    order: String,
}

impl Asked {
    fn of(request: &MatomoRequest) -> Asked {
        let number = |name: &str, usual: f64| request.filled(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
        Asked {
            up: request.int("limitIncreaser").unwrap_or(5),
            down: request.int("limitDecreaser").unwrap_or(5),
            filter_by: request.text("filterBy").unwrap_or_default().to_owned(),
            impact: number("minImpactPercent", 2.0),
            growth: number("minGrowthPercent", 20.0),
            periods: request.int("comparedToXPeriods").unwrap_or(1).saturating_abs().min(1000),
            order: request.filled("orderBy").unwrap_or("absolute").to_owned(),
        }
    }
}

/// A report now and then, with the visits of the site.
struct Compared {
    now: DataTable,
    then: DataTable,
    total: i64,
    last_total: i64,
}

/// The one site that is asked about.
fn site(call: Call<'_>) -> Result<Arc<Site>, Failure> {
    let request = call.request;
    let mut sites = scope::all(call.ctx, call.caller, request, Access::View)?;
    if let Some(site) = sites.first() {
        footfall_report::segment::check(&scope::segment(request)?, site, &call.ctx.reader().catalogue)?;
    }
    let days = request.text("date").is_some_and(footfall_report::is_several) && request.text("period") != Some("range");
    match sites.pop() {
        Some(site) if sites.is_empty() && !days && request.text("idSite") != Some("all") => Ok(site),
        _ => Err(Failure::new("Insight can be only generated for reports returning a dataTable")),
    }
}

async fn insights(call: Call<'_>) -> Result<Answer, Failure> {
    let site = site(call)?;
    let asked = Asked::of(call.request);
    let about = by_id(call, &site, scope::required(call.request, "reportUniqueId")?)?;
    Ok(Answer::table(told(call, &site, &about, &asked).await?))
}

async fn movers(call: Call<'_>) -> Result<Answer, Failure> {
    let site = site(call)?;
    let mut asked = Asked::of(call.request);
    asked.up = call.request.int("limitIncreaser").unwrap_or(MOST_MOVERS);
    asked.down = call.request.int("limitDecreaser").unwrap_or(MOST_MOVERS);
    let about = by_id(call, &site, scope::required(call.request, "reportUniqueId")?)?;
    let compared = compare(call, &site, &about, asked.periods).await?;
    Ok(Answer::table(moved(&compared, asked.up, asked.down)))
}

/// The same of several reports, each by its name.
async fn overview(call: Call<'_>, is_movers: bool) -> Result<Answer, Failure> {
    let site = site(call)?;
    let usual = Asked::of(&MatomoRequest::default());
    let downloads = Asked { up: 3, down: 3, impact: 1.0, growth: 25.0, ..Asked::of(&MatomoRequest::default()) };
    let words = metadata::dictionary(call.ctx, call.request);
    let mut tables = Vec::with_capacity(OVERVIEW.len());
    for id in OVERVIEW {
        let about = by_id(call, &site, id)?;
        let table = if is_movers {
            moved(&compare(call, &site, &about, 1).await?, MOST_MOVERS, MOST_MOVERS)
        } else {
            told(call, &site, &about, if id == DOWNLOADS { &downloads } else { &usual }).await?
        };
        let name = words.as_ref().and_then(|words| words.get(&about.name).cloned());
        tables.push((name.unwrap_or(about.name), Tables::of(table)));
    }
    Ok(Answer::Tables(Tables::Each { by: "defaultKeyName", tables }))
}

/// What changed enough, and whether each of it moved beyond what the site did as a whole.
async fn told(call: Call<'_>, site: &Arc<Site>, about: &Described, asked: &Asked) -> Result<DataTable, Failure> {
    let compared = compare(call, site, about, asked.periods).await?;
    let sum = match compared.now.metadata("totals") {
        Some(Cell::Map(sums)) => {
            sums.iter().find(|(name, _)| name == METRIC).and_then(|(_, sum)| sum.as_f64()).unwrap_or(0.0) as i64
        }
        _ => 0,
    };
    let relevant = if sum > compared.total || sum.saturating_mul(2) < compared.total { sum } else { compared.total };
    let wanted = |name: &str| {
        let all = !["movers", "new", "disappeared"].contains(&asked.filter_by.as_str());
        (all || asked.filter_by == name).then_some(asked.impact)
    };
    let least = Least {
        movers: wanted("movers"),
        new: wanted("new"),
        disappeared: wanted("disappeared"),
        growth: asked.growth.abs(),
        shrinking: -asked.growth.abs(),
    };
    let limits = Limits { up: asked.up, down: asked.down };
    let changes = change::find(&compared.now, &compared.then, METRIC, relevant, &least, limits, &asked.order)?;
    let count = i64::try_from(changes.len()).unwrap_or(i64::MAX).max(3);
    let shaken = moved_ordered(&compared, count, count, &asked.order);
    let rows = changes.iter().map(|change| {
        let mut row = change.row(METRIC);
        row.set("isMoverAndShaker", change.label.is_some() && shaken.iter().any(|other| other.label == change.label));
        row
    });
    Ok(DataTable { rows: rows.collect(), ..DataTable::default() })
}

/// What moved beyond what the site did as a whole.
fn moved(compared: &Compared, up: i64, down: i64) -> DataTable {
    let changes = moved_ordered(compared, up, down, "absolute");
    let rows = changes.iter().map(|change: &Change| change.row(METRIC)).collect();
    DataTable { rows, ..DataTable::default() }
}

fn moved_ordered(compared: &Compared, up: i64, down: i64, order: &str) -> Vec<Change> {
    let (total, last) = (compared.total as f64, compared.last_total as f64);
    let evolution = if last == 0.0 { 0.0 } else { number::round(100.0 * (total - last) / last, 1) };
    let least = Least::beyond(evolution, total);
    let limits = Limits { up, down };
    let changes = change::find(&compared.now, &compared.then, METRIC, compared.total, &least, limits, order);
    changes.unwrap_or_default()
}

async fn compare(call: Call<'_>, site: &Arc<Site>, about: &Described, periods: i64) -> Result<Compared, Failure> {
    let before = last_date(call, periods)?;
    let date = scope::required(call.request, "date")?.to_owned();
    let now = report(call, site, about, &date).await?;
    let then = report(call, site, about, &before).await?;
    let total = visits(call, site, &date).await?;
    let last_total = visits(call, site, &before).await?;
    Ok(Compared { now, then, total, last_total })
}

/// The report with this id.
fn by_id(call: Call<'_>, site: &Site, id: &str) -> Result<Described, Failure> {
    let all = metadata::list(&call.ctx.settings.texts, site, &MatomoRequest::default(), false);
    let found = all.into_iter().find(|report| report.unique_id() == id);
    found.ok_or_else(|| Failure::new(format!("A report having the ID {id} does not exist")))
}

fn request(call: Call<'_>, site: &Site, method: &str, date: &str) -> MatomoRequest {
    let mut asked = MatomoRequest::of(&[("method", method), ("format", "original"), ("date", date)]);
    asked.set("idSite", &site.id.to_string());
    for name in ["period", "segment"] {
        if let Some(given) = call.request.filled(name) {
            asked.set(name, given);
        }
    }
    asked
}

async fn report(call: Call<'_>, site: &Site, about: &Described, date: &str) -> Result<DataTable, Failure> {
    let mut asked = request(call, site, &about.method(), date);
    for (name, value) in [("filter_limit", MOST_ROWS), ("showColumns", METRIC), ("totals", "1")] {
        asked.set(name, value);
    }
    for (name, value) in &about.parameters {
        asked.set(name, value);
    }
    match dispatch::run(call.ctx, call.caller, &asked).await? {
        Answer::Tables(Tables::One(sheet)) => Ok(sheet.table),
        _ => Err(Failure::new("Insight can be only generated for reports returning a dataTable")),
    }
}

/// The visits of the site.
async fn visits(call: Call<'_>, site: &Site, date: &str) -> Result<i64, Failure> {
    let asked = request(call, site, "VisitsSummary.get", date);
    match dispatch::run(call.ctx, call.caller, &asked).await? {
        Answer::Tables(tables) => {
            let first = tables.first().and_then(|sheet| sheet.table.rows.first()?.number(METRIC));
            Ok(first.unwrap_or_default() as i64)
        }
        _ => Ok(0),
    }
}

/// Whether there is a period before the one that is asked about. Several days on end have one, though no report compares them.
fn can_compare(call: Call<'_>) -> bool {
    let several = call.request.filled("date").filter(|date| !is_relative(date)).and_then(|date| date.split_once(','));
    match (several, call.request.filled("period")) {
        (Some((first, last)), Some(period)) if period != "range" => {
            let today = scope::today(call.ctx, None);
            let is_day = |date| footfall_report::day(date, today).is_ok();
            PeriodKind::parse(period).is_some() && is_day(first) && is_day(last)
        }
        _ => last_date(call, 1).is_ok(),
    }
}

fn is_relative(date: &str) -> bool {
    date.contains("last") || date.contains("previous")
}

/// The date of the period so many periods before.
fn last_date(call: Call<'_>, periods: i64) -> Result<String, Failure> {
    let (period, date) = (scope::required(call.request, "period")?, scope::required(call.request, "date")?);
    let impossible = || Failure::new("Not possible to compare this date/period combination");
    let today = scope::today(call.ctx, None);
    if period == "range" {
        let all = Periods::parse(period, date, today)?;
        let range = all.all().first().copied().ok_or_else(impossible)?;
        let before = range.back(1).days;
        return Ok(format!("{},{}", before.first(), before.last()));
    }
    if is_relative(date) || date.contains(',') {
        return Err(impossible());
    }
    let kind = PeriodKind::parse(period).ok_or_else(impossible)?;
    let day = footfall_report::day(date, today)?;
    // A year before, in days, is the same day also across a leap day.
    let periods = if periods == 365 && kind == PeriodKind::Day && PeriodKind::Year.around(day).days.n_days() == 366 {
        366
    } else {
        periods
    };
    Ok(kind.around(day).back(periods).days.first().to_string())
}

/// Names that rows carry beside the metric.
pub(super) const fn name(name: &'static str) -> Name {
    Name::Borrowed(name)
}

/// A row with these columns.
pub(super) fn row(columns: Vec<(Name, Cell)>) -> Row {
    Row { columns: columns.into(), ..Row::default() }
}
