//! `MultiSites.*`: every site's main numbers beside those of the period before.

use std::sync::Arc;

use footfall_model::{Access, Cell, DataTable, GoalId, Name, Period, PeriodKind, Row, Site, Value};
use footfall_report::{OTHERS, Options, Periods, Report, Scope, Sheet, Tables, names::currencies, number, pretty, reports};

use crate::{
    access::{self, Need},
    matomo::{
        Answer, Failure,
        dispatch::{Call, Method},
        pretty_date,
        process::sort,
        scope,
    },
};

const MODULE: &str = "MultiSites";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getAll", Need::Somewhere(Access::View), &["period", "date"], |call| Box::pin(all(call))),
    Method::new(MODULE, "getOne", Need::Nobody, &["idSite", "period", "date"], |call| Box::pin(one(call))),
    Method::new(MODULE, "getAllWithGroups", Need::Somewhere(Access::View), &["period", "date"], |call| {
        Box::pin(with_groups(call))
    }),
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
    if let Some(pattern) = call.request.filled("pattern").map(str::to_lowercase) {
        sites.retain(|site| site.name.to_lowercase().contains(&pattern) || site.id.to_string() == pattern);
    }
    let enhanced = call.request.flag("enhanced");
    let wanted = wanted(enhanced, &call.request.words("showColumns"));
    let keeps_empty = enhanced || !wanted.iter().any(|number| number.column == "nb_visits");
    let mut tables = tables(call, &sites, &wanted).await?;
    tables.each(&mut |sheet| {
        if !keeps_empty {
            sheet.table.rows.retain(|row| row.number("nb_visits") != Some(0.0));
        }
        sort_sites(&mut sheet.table);
    });
    if let Some(kept) = call.request.int("filter_truncate").and_then(|kept| usize::try_from(kept).ok()) {
        truncate(call, &mut tables, kept, &wanted)?;
    }
    Ok(Answer::Tables(tables))
}

/// The most visits first; sites with as many stand by their numbers.
fn sort_sites(table: &mut DataTable) {
    let mut names = Vec::with_capacity(table.rows.len());
    for row in &mut table.rows {
        let number = row.metadata("idsite").and_then(|cell| cell.value()?.as_i64()).unwrap_or_default().to_string();
        names.push((number.clone(), row.get("label").cloned()));
        row.set("label", Value::text(&number));
    }
    sort::table(table, "nb_visits", false);
    for row in &mut table.rows {
        if let Some((_, Some(name))) = names.iter().find(|(number, _)| number == row.label()) {
            row.set("label", name.clone());
        }
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
    let mut tables = tables(call, &[site], &wanted(call.request.flag("enhanced"), &[])).await?;
    tables.each(&mut |sheet| {
        sheet.table.is_simple = true;
        for row in &mut sheet.table.rows {
            row.remove("label");
            row.metadata.clear();
        }
    });
    Ok(Answer::Tables(tables))
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

async fn table(call: Call<'_>, sites: &[Arc<Site>], period: Period, wanted: &[&'static Number]) -> Result<DataTable, Failure> {
    let before = period.back(1);
    let now = numbers(call, sites, period, wanted).await?;
    let then = numbers(call, sites, before, wanted).await?;
    let ratio = elapsed(call, period, before);
    let mut rows = Vec::with_capacity(sites.len());
    for (index, site) in sites.iter().enumerate() {
        let mut row = Row::labelled(Value::text(&site.name));
        let shown: Vec<(usize, &Number)> =
            wanted.iter().copied().enumerate().filter(|(_, number)| number.goal.is_none() || site.ecommerce).collect();
        for (at, number) in &shown {
            row.set(number.column, number::number(now[index][*at]));
        }
        row.set_metadata("idsite", i64::from(site.id.0));
        for (at, number) in &shown {
            let currency = currencies::symbol(&site.currency).unwrap_or("$");
            compare(call, &mut row, number, (now[index][*at], then[index][*at]), ratio, currency, (period, before));
        }
        row.set_metadata("group", Value::text(&site.group));
        row.set_metadata("main_url", Value::text(site.urls.first().map_or("", |url| url)));
        rows.push(row);
    }
    Ok(DataTable { rows, ..DataTable::default() })
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
    row.set(number.evolution, share_cell(call, share));
    row.set(format!("{}_trend", number.evolution), if share < 0.0 { -1i64 } else { i64::from(share > 0.0) });
    if row.metadata("ratio").is_none() {
        row.set_metadata("ratio", number::number(ratio));
        row.set_metadata("currencySymbol", Value::text(currency));
    }
    row.set_metadata(format!("previous_{}", number.record), number::number(past));
    row.set_metadata("periodName", Value::text(period.kind.name()));
    row.set_metadata("previousRange", Value::text(&pretty_date::short(before)));
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

fn share_cell(call: Call<'_>, share: f64) -> Cell {
    if call.request.filled("format_metrics") == Some("0") {
        return Cell::Value(number::number(share));
    }
    Cell::text(&pretty::percent(share))
}

async fn with_groups(call: Call<'_>) -> Result<Answer, Failure> {
    let (period, date) = (scope::required(call.request, "period")?, scope::required(call.request, "date")?);
    let Periods::One(period) = Periods::parse(period, date, scope::today(call.ctx, None))? else {
        return Err(Failure::new("Multiple periods are not supported"));
    };
    let sites = access::sites_with(call.caller, &call.ctx.sites, Access::View);
    let wanted = wanted(true, &[]);
    let mut table = table(call, &sites, period, &wanted).await?;
    let total = |table: &DataTable, name: &str| -> f64 {
        table.rows.iter().filter_map(|row| row.number(name).or_else(|| row.metadata(name)?.as_f64())).sum()
    };
    let plain = |value: f64| Cell::text(&pretty::number(value, 2, 0));
    let totals = vec![
        ("nb_pageviews".into(), plain(total(&table, "nb_pageviews"))),
        ("nb_visits".into(), plain(total(&table, "nb_visits"))),
        ("nb_actions".into(), plain(total(&table, "nb_actions"))),
        ("revenue".into(), Cell::text(&amount(total(&table, "revenue")))),
        ("nb_visits_lastdate".into(), Cell::Value(number::number(total(&table, "previous_nb_visits")))),
    ];
    sort_sites(&mut table);
    let mut groups = grouped(table.rows);
    if let Some(pattern) = call.request.filled("pattern").map(str::to_lowercase) {
        search(&mut groups, &pattern);
    }
    let n_sites: usize = groups.iter().map(|(row, below)| usize::from(row.is_some()) + below.len()).sum();
    let mut rows: Vec<Row> = Vec::new();
    for (own, below) in groups {
        rows.extend(own);
        rows.extend(below);
    }
    let limit = call.request.int("filter_limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let offset = call.request.int("filter_offset").and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
    let shown: Vec<Cell> = rows.into_iter().skip(offset).take(limit).map(shown).collect();
    Ok(Answer::map(vec![
        ("numSites".into(), Cell::from(n_sites as i64)),
        ("totals".into(), Cell::Map(totals)),
        ("lastDate".into(), Cell::text(&last_date(period, footfall_report::day(date, scope::today(call.ctx, None)).ok()))),
        ("sites".into(), Cell::List(shown)),
    ]))
}

/// The period before: the day of the one asked about, one period earlier.
fn last_date(period: Period, asked: Option<footfall_model::Day>) -> String {
    use jiff::ToSpan;
    let before = period.back(1);
    let moved = asked.and_then(|day| match period.kind {
        PeriodKind::Week => day.checked_sub(1.week()).ok(),
        PeriodKind::Month => day.checked_sub(1.month()).ok(),
        PeriodKind::Year => day.checked_sub(1.year()).ok(),
        PeriodKind::Day | PeriodKind::Range => None,
    });
    if let Some(day) = moved {
        return day.to_string();
    }
    match period.kind {
        // Of a range nobody knows what came before it.
        PeriodKind::Range => String::new(),
        _ => before.days.first().to_string(),
    }
}

/// A row of its own, or a group's with its sites.
type Group = (Option<Row>, Vec<Row>);

/// Sites of a group stand below its sum, where the first of them stood.
fn grouped(rows: Vec<Row>) -> Vec<Group> {
    let mut groups: Vec<(String, Group)> = Vec::new();
    for mut row in rows {
        let group = row.metadata("group").and_then(Cell::as_str).unwrap_or_default().to_owned();
        if group.is_empty() {
            groups.push((String::new(), (None, vec![row])));
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, (Some(sum), below))) => {
                footfall_report::calculate::sum_rows(sum, &row);
                below.push(row);
            }
            _ => {
                let mut sum = Row::labelled(Value::text(&group));
                footfall_report::calculate::sum_rows(&mut sum, &row);
                sum.set_metadata("isGroup", 1i64);
                row.set_metadata("group", Value::text(&group));
                groups.push((group, (Some(sum), vec![row])));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn search(groups: &mut Vec<Group>, pattern: &str) {
    let matches = |text: &str| text.to_lowercase().contains(pattern);
    for (own, below) in groups.iter_mut() {
        let group = own.as_ref().is_some_and(|row| matches(row.label()));
        below.retain(|row| group || matches(row.label()));
    }
    groups.retain(|(_, below)| !below.is_empty());
}

/// An amount of no currency: whole, or with two digits behind the point.
fn amount(value: f64) -> String {
    if value.fract() == 0.0 { pretty::number(value, 0, 0) } else { pretty::number(value, 2, 2) }
}

/// A row as its named values, its money with its sign.
fn shown(row: Row) -> Cell {
    let sign = row.metadata("currencySymbol").and_then(Cell::as_str).unwrap_or_default().to_owned();
    let mut entries: Vec<(Name, Cell)> = Vec::new();
    if row.metadata("isGroup").is_some() {
        // Sums of a group stay numbers: its sites may have several currencies.
        entries.extend(row.columns);
        entries.extend(row.metadata);
        return Cell::Map(entries);
    }
    for (name, cell) in row.columns {
        let cell = match (name.as_ref(), cell.as_f64()) {
            ("revenue", Some(value)) => Cell::text(&pretty::money(value, &sign)),
            ("nb_visits" | "nb_actions" | "nb_pageviews", Some(value)) => Cell::text(&pretty::number(value, 0, 0)),
            _ => cell,
        };
        entries.push((name, cell));
    }
    entries.extend(row.metadata);
    Cell::Map(entries)
}
