//! `MultiSites.*`: every site's main numbers beside those of the period before.

mod groups;

use std::sync::Arc;

use footfall_model::{Access, Cell, DataTable, GoalId, Period, Row, Site, SiteId, Value};
use footfall_report::{
    OTHERS, Options, Periods, Report, Scope, Sheet, Slice, Tables, names::currencies, number, pretty, reports,
};

use super::sites::list::find;
use crate::{
    access::{self, Need},
    matomo::{
        Answer, Failure,
        calendar::Calendar,
        dispatch::{Call, Method},
        process::{self, format::Wanted, label, sort},
        scope,
    },
};

const MODULE: &str = "MultiSites";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getAll", Need::Somewhere(Access::View), &["period", "date"], |call| Box::pin(all(call))).finished(),
    Method::new(MODULE, "getOne", Need::Nobody, &["idSite", "period", "date"], |call| Box::pin(one(call))).finished(),
    Method::new(MODULE, "getAllWithGroups", Need::Somewhere(Access::View), &["period", "date"], |call| {
        Box::pin(groups::get(call))
    })
    .finished(),
];

/// One of the numbers: its column, the column of its change, what it was called before, and where it comes from.
struct Number {
    column: &'static str,
    evolution: &'static str,
    record: &'static str,
    report: &'static Report,
    of: &'static str,
    goal: Option<GoalId>,
    is_enhanced: bool,
}

const fn base(
    column: &'static str,
    evolution: &'static str,
    record: &'static str,
    report: &'static Report,
    of: &'static str,
) -> Number {
    Number { column, evolution, record, report, of, goal: None, is_enhanced: false }
}

const NUMBERS: [Number; 7] = [
    base("nb_visits", "visits_evolution", "nb_visits", &reports::visits_summary::GET, "nb_visits"),
    base("nb_actions", "actions_evolution", "nb_actions", &reports::visits_summary::GET, "nb_actions"),
    base("nb_pageviews", "pageviews_evolution", "Actions_nb_pageviews", &reports::actions::GET, "nb_pageviews"),
    base("revenue", "revenue_evolution", "Goal_revenue", &reports::goals::METRICS, "revenue"),
    Number {
        is_enhanced: true,
        ..base("nb_conversions", "nb_conversions_evolution", "Goal_nb_conversions", &reports::goals::METRICS, "nb_conversions")
    },
    Number {
        is_enhanced: true,
        goal: Some(GoalId::ORDER),
        ..base("orders", "orders_evolution", "Goal_0_nb_conversions", &reports::goals::METRICS, "nb_conversions")
    },
    Number {
        is_enhanced: true,
        goal: Some(GoalId::ORDER),
        ..base("ecommerce_revenue", "ecommerce_revenue_evolution", "Goal_0_revenue", &reports::goals::METRICS, "revenue")
    },
];

async fn all(call: Call<'_>) -> Result<Answer, Failure> {
    let mut sites = access::sites_with(call.caller, &call.ctx.sites, Access::View);
    if let Some(pattern) = call.request.filled("pattern") {
        sites = find(sites, pattern);
    }
    let enhanced = call.request.flag("enhanced");
    let wanted = wanted(enhanced, &call.request.words("showColumns"));
    let keeps_empty = enhanced || !wanted.iter().any(|number| number.column == "nb_visits");
    let mut tables = tables(call, &sites, &wanted).await?;
    tables.each(&mut |sheet| {
        if !keeps_empty {
            sheet.table.rows.retain(|row| row.number("nb_visits") != Some(0.0));
        }
        sort::table(&mut sheet.table, "nb_visits", false);
    });
    if let Some(kept) = call.request.int("filter_truncate").and_then(|kept| usize::try_from(kept).ok()) {
        truncate(call, &mut tables, kept, &wanted)?;
    }
    finished(call, tables, &wanted).await
}

/// Tables as the request asks for them. Sites are called by their numbers until their rows were picked and sorted, and changes are
/// numbers: that is what rows are picked and sorted by.
async fn finished(call: Call<'_>, tables: Tables, wanted: &[&'static Number]) -> Result<Answer, Failure> {
    let labels = label::wanted(call.request);
    let mut request = call.request.clone();
    request.remove("label");
    // Numbers are called as in the records until rows are sorted: by another name they are not found.
    let renamed = wanted.iter().filter(|number| number.column != number.record);
    if let Some(number) = renamed.into_iter().find(|number| call.request.filled("filter_sort_column") == Some(number.column)) {
        request.set("filter_sort_column", number.record);
    }
    let mut tables = process::process(Call { request: &request, ..call }, None, tables).await?;
    let writes = Wanted::of(call.request).is_some();
    tables.each(&mut |sheet| {
        for row in &mut sheet.table.rows {
            name(call, row);
            if writes {
                wanted.iter().for_each(|number| write_share(row, number));
            }
        }
    });
    if let (false, Tables::One(sheet)) = (labels.is_empty(), &mut tables) {
        label::keep(call, None, sheet, &labels).await?;
    }
    Ok(Answer::Tables(tables))
}

/// Calls a row by the name of its site.
fn name(call: Call<'_>, row: &mut Row) {
    let site = row.metadata("idsite").and_then(|cell| u32::try_from(cell.value()?.as_i64()?).ok());
    if let (Some(site), true) = (site.and_then(|id| call.ctx.sites.get(SiteId(id))), row.get("label").is_some()) {
        row.set("label", Value::text(&site.name));
    }
}

/// Writes how a number has changed as a share.
fn write_share(row: &mut Row, number: &Number) {
    if let Some(share) = row.number(number.evolution) {
        row.set(number.evolution, Cell::text(&pretty::percent(share)));
    }
}

/// Leaves so many sites of each table and sums up the others. They have nothing before, so all they have is new.
fn truncate(call: Call<'_>, tables: &mut Tables, kept: usize, wanted: &[&'static Number]) -> Result<(), Failure> {
    let periods = periods(call)?;
    let mut periods = periods.all().iter();
    tables.each(&mut |sheet| {
        let period = periods.next();
        let rows = &mut sheet.table.rows;
        let (Some(period), true) = (period, rows.len() > kept + 1) else {
            return;
        };
        let cut = rows.split_off(kept);
        let before = period.back(1);
        let ratio = elapsed(call, *period, before);
        let mut others = Row { is_summary: true, ..Row::labelled(Value::text(OTHERS)) };
        let sums: Vec<(&Number, f64)> = wanted
            .iter()
            .filter(|number| cut.iter().any(|row| row.get(number.column).is_some()))
            .map(|number| (*number, cut.iter().filter_map(|row| row.number(number.column)).sum()))
            .collect();
        for (number, sum) in &sums {
            others.set(number.column, number::number(*sum));
        }
        for (number, sum) in sums {
            compare(call, &mut others, number, (sum, 0.0), ratio, "USD", (*period, before));
        }
        rows.push(others);
    });
    Ok(())
}

async fn one(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let wanted = wanted(call.request.flag("enhanced"), &[]);
    let mut tables = tables(call, &[Arc::clone(&site)], &wanted).await?;
    let segment = Arc::new(scope::segment(call.request)?);
    let periods = periods(call)?;
    let mut periods = periods.all().iter();
    tables.each(&mut |sheet| {
        sheet.table.is_simple = true;
        sheet.slice =
            periods.next().map(|period| Slice { site: Arc::clone(&site), period: *period, segment: Arc::clone(&segment) });
        for row in &mut sheet.table.rows {
            row.remove("label");
            // What has another name than in the records stands behind what has not.
            for number in wanted.iter().filter(|number| number.column != number.record) {
                if let Some(value) = row.remove(number.column) {
                    row.set(number.column, value);
                }
            }
        }
    });
    finished(call, tables, &wanted).await
}

fn wanted(enhanced: bool, shown: &[String]) -> Vec<&'static Number> {
    NUMBERS
        .iter()
        .filter(|number| {
            (enhanced || !number.is_enhanced) && (shown.is_empty() || shown.iter().any(|name| name == number.column))
        })
        .collect()
}

/// The table of every period that is asked for.
async fn tables(call: Call<'_>, sites: &[Arc<Site>], wanted: &[&'static Number]) -> Result<Tables, Failure> {
    let periods = periods(call)?;
    let mut made = Vec::new();
    for period in periods.all() {
        let table = table(call, sites, *period, wanted).await?;
        made.push((period.key(), Tables::One(Box::new(Sheet { table, slice: None }))));
    }
    match periods {
        Periods::One(_) => Ok(made.pop().map_or_else(|| Tables::of(DataTable::default()), |(_, table)| table)),
        Periods::Each(_) => Ok(Tables::Each { by: "date", tables: made }),
    }
}

/// The periods that are asked for.
fn periods(call: Call<'_>) -> Result<Periods, Failure> {
    let today = scope::today(call.ctx, None);
    Ok(Periods::parse(scope::required(call.request, "period")?, scope::required(call.request, "date")?, today)?)
}

/// The numbers of every site in a period, each row called by the number of its site.
async fn table(call: Call<'_>, sites: &[Arc<Site>], period: Period, wanted: &[&'static Number]) -> Result<DataTable, Failure> {
    let before = period.back(1);
    let now = numbers(call, sites, period, wanted).await?;
    let then = if has_before(call) { Some(numbers(call, sites, before, wanted).await?) } else { None };
    let ratio = elapsed(call, period, before);
    let mut rows = Vec::with_capacity(sites.len());
    for (index, site) in sites.iter().enumerate() {
        let mut row = Row::labelled(Value::text(&site.id.to_string()));
        let shown: Vec<(usize, &Number)> =
            wanted.iter().copied().enumerate().filter(|(_, number)| number.goal.is_none() || site.ecommerce).collect();
        for (at, number) in &shown {
            row.set(number.column, number::number(now[index][*at]));
        }
        row.set_metadata("idsite", i64::from(site.id.0));
        for (at, number) in &shown {
            let currency = currencies::symbol(&site.currency).unwrap_or("$");
            if let Some(then) = &then {
                compare(call, &mut row, number, (now[index][*at], then[index][*at]), ratio, currency, (period, before));
            }
        }
        row.set_metadata("group", Value::text(&site.group));
        row.set_metadata("main_url", Value::text(site.urls.first().map_or("", |url| url)));
        rows.push(row);
    }
    Ok(DataTable { rows, ..DataTable::default() })
}

/// Whether it is known which period came before: of the last or previous so many it is not.
fn has_before(call: Call<'_>) -> bool {
    let date = call.request.text("date").unwrap_or_default();
    call.request.text("period") == Some("range") || !(date.contains("last") || date.contains("previous"))
}

/// Says how one of a row's numbers has changed since the period before.
fn compare(
    call: Call<'_>,
    row: &mut Row,
    number: &Number,
    (value, past): (f64, f64),
    ratio: f64,
    currency: &str,
    (period, before): (Period, Period),
) {
    let share = change(value, past * ratio);
    row.set(number.evolution, number::number(share));
    row.set(format!("{}_trend", number.evolution), if share < 0.0 { -1i64 } else { i64::from(share > 0.0) });
    if row.metadata("ratio").is_none() {
        row.set_metadata("ratio", number::number(ratio));
        row.set_metadata("currencySymbol", Value::text(currency));
    }
    row.set_metadata(format!("previous_{}", number.record), number::number(past));
    row.set_metadata("periodName", Value::text(period.kind.name()));
    row.set_metadata("previousRange", Value::text(&Calendar::of(call.ctx, call.request).short(before)));
}

/// Every site's numbers in one period.
async fn numbers(
    call: Call<'_>,
    sites: &[Arc<Site>],
    period: Period,
    wanted: &[&'static Number],
) -> Result<Vec<Vec<f64>>, Failure> {
    let mut found = vec![vec![0.0; wanted.len()]; sites.len()];
    let scope = Scope {
        sites: sites.to_vec(),
        by_site: true,
        periods: Periods::One(period),
        segment: Arc::new(scope::segment(call.request)?),
    };
    let reader = call.ctx.reader();
    let mut asked: Vec<(&'static Report, Option<GoalId>, Tables)> = Vec::new();
    for (at, number) in wanted.iter().enumerate() {
        let is_same = |(report, goal, _): &(&'static Report, Option<GoalId>, Tables)| {
            std::ptr::eq(*report, number.report) && *goal == number.goal
        };
        if !asked.iter().any(is_same) {
            let options = Options { goal: number.goal, ..Options::default() };
            asked.push((number.report, number.goal, reader.run(number.report, &scope, &options).await?));
        }
        let Some((_, _, tables)) = asked.iter().find(|asked| is_same(asked)) else {
            continue;
        };
        for (index, sheet) in tables.sheets().into_iter().enumerate() {
            let value = sheet.table.rows.first().and_then(|row| row.number(number.of));
            if let Some(site) = found.get_mut(index) {
                site[at] = value.unwrap_or_default();
            }
        }
    }
    Ok(found)
}

/// The share of a period that is over, where it is the present one: what was before is compared in the same share.
fn elapsed(call: Call<'_>, period: Period, before: Period) -> f64 {
    let utc = jiff::tz::TimeZone::UTC;
    let (now, then) = (period.days.on(&utc), before.days.on(&utc));
    if call.ctx.now < now.start || call.ctx.now >= now.end {
        return 1.0;
    }
    let seconds = (call.ctx.now.0 - now.start.0) as f64 / ((then.end.0 - then.start.0) as f64 - 1000.0);
    number::round(seconds, 3)
}

fn change(now: f64, before: f64) -> f64 {
    match (now - before, before) {
        (0.0, _) => 0.0,
        (_, 0.0) => 1.0,
        (difference, before) => number::round(difference / before, 3),
    }
}
