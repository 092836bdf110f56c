//! `API.getProcessedReport`: a report with its description, its columns' names, and its numbers as people read them.

use std::sync::Arc;

use footfall_model::{Access, Cell, DataTable, Name, Row, Site, Value};
use footfall_report::{Periods, Report, Sheet, Tables, names::currencies, pretty, reports};

use super::described;
use crate::{
    access::Need,
    matomo::{
        Answer, Failure, MatomoRequest, Part,
        calendar::Calendar,
        dispatch::{self, Call, Method},
        metadata::{self, Described, Dictionary},
        scope,
    },
};

pub(in super::super) const METHODS: &[Method] =
    &[Method::new("API", "getProcessedReport", Need::Nobody, &["idSite", "period", "date", "apiModule", "apiAction"], |call| {
        Box::pin(answer(call))
    })];

/// A report as people read it.
pub(in crate::matomo) struct Processed {
    /// What it is.
    pub(in crate::matomo) described: Described,
    /// The days it is about, in words.
    pub(in crate::matomo) date: String,
    /// The names of its columns.
    pub(in crate::matomo) columns: Vec<(String, String)>,
    /// Its rows.
    pub(in crate::matomo) data: Tables,
    /// What belongs to its rows.
    pub(in crate::matomo) beside: Tables,
    /// The sums over all rows.
    pub(in crate::matomo) total: Vec<(Name, Cell)>,
}

async fn answer(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let made = process(call, &site).await?;
    let columns = made.columns.iter().map(|(name, shown)| (Name::Owned(name.clone()), Cell::text(shown))).collect();
    let mut parts: Vec<(Name, Part)> = vec![
        ("website".into(), Part::Data(Cell::text(&site.name))),
        ("prettyDate".into(), Part::Data(Cell::text(&made.date))),
        ("metadata".into(), Part::Data(made.described.cell(Some(&described::pictures(call, &site))))),
        ("columns".into(), Part::Data(Cell::Map(columns))),
        ("reportData".into(), Part::Tables(made.data)),
        ("reportMetadata".into(), Part::Tables(made.beside)),
        ("reportTotal".into(), Part::Data(Cell::Map(made.total))),
    ];
    // No clock runs while an answer is made: it takes no time.
    if call.request.filled("showTimer").is_none_or(|given| given != "0") {
        parts.push(("timerMillis".into(), Part::Data(Cell::text("0"))));
    }
    Ok(Answer::Parts(parts))
}

/// Makes a report as people read it.
///
/// # Errors
/// When there is no such report, or it cannot be made.
pub(in crate::matomo) async fn process(call: Call<'_>, site: &Arc<Site>) -> Result<Processed, Failure> {
    let request = call.request;
    let (module, action) = (scope::required(request, "apiModule")?, scope::required(request, "apiAction")?);
    let mut described = described::of_call(call, site, true).ok_or_else(|| unknown(module, action, site))?;
    let (period, date) = (scope::required(request, "period")?, scope::required(request, "date")?);
    let periods = Periods::parse(period, date, scope::today(call.ctx, Some(site)))?;
    let calendar = Calendar::of(call.ctx, request);
    let date = match &periods {
        Periods::One(period) => calendar.long(*period),
        Periods::Each(periods) => calendar.over(periods),
    };
    let asked = request_of(call, &described);
    let mut tables = match dispatch::run(call.ctx, call.caller, &asked).await? {
        Answer::Tables(tables) => tables,
        _ => Tables::of(DataTable::default()),
    };
    if call.ctx.settings.action_ids && request.flag("expanded") && described.module != "Contents" {
        number_tables(&mut tables);
    }
    let mut columns = columns(&described, request);
    if described.method() == "VisitsSummary.get" && !has_users(call, &tables).await? {
        for kept in [&mut described.metrics, &mut described.docs, &mut columns] {
            kept.retain(|(name, _)| name != USERS);
        }
        tables.each(&mut |sheet| {
            sheet.table.rows.iter_mut().for_each(|row| {
                row.remove(USERS);
            });
        });
    }
    // Where visitors of such a period are not counted, they are not told of either.
    let counts = |row: &Row| row.get(VISITORS).is_some();
    if described.method() == "VisitsSummary.get" && !tables.sheets().iter().any(|sheet| sheet.table.rows.iter().any(counts)) {
        for kept in [&mut described.metrics, &mut described.docs, &mut columns] {
            kept.retain(|(name, _)| name != VISITORS);
        }
        described.types.retain(|(name, _)| name != VISITORS);
    }
    for sheet in tables.sheets() {
        remove_empty(&mut described, &mut columns, &sheet.table);
    }
    let wanted = Wanted {
        columns: &columns,
        has_dimension: !described.dimension.is_empty(),
        raw: request.flag("showRawMetrics"),
        pretty: request.filled("format_metrics").is_none_or(|given| given == "bc"),
        site,
        words: metadata::dictionary(call.ctx, request),
        sites: call,
        periods: &periods,
        calendar: &calendar,
    };
    let mut total = Vec::new();
    let (hidden, shown) = (request.words("hideColumns"), request.words("showColumns"));
    let is_kept =
        |name: &str| !hidden.iter().any(|out| name == out) && (shown.is_empty() || shown.iter().any(|kept| name == kept));
    let whole = match request_of_sums(&asked, &described) {
        Some(asked) => Some(dispatch::run(call.ctx, call.caller, &asked).await),
        None => None,
    };
    match &whole {
        // Rows that are below no report as it is asked for have no sums.
        Some(Err(_)) => {}
        Some(Ok(Answer::Tables(whole))) => {
            for row in whole.sheets().into_iter().flat_map(|sheet| &sheet.table.rows) {
                let kept = row.columns.iter().filter(|(name, _)| is_kept(name));
                let kept: Vec<(Name, Cell)> = kept.map(|(name, cell)| (name.clone(), cell.clone())).collect();
                sum(&mut total, &kept, Sums::Rows);
            }
        }
        _ => {
            for sheet in tables.sheets() {
                if let Some(Cell::Map(of_table)) = sheet.table.metadata("totals") {
                    let kept: Vec<(Name, Cell)> = of_table.iter().filter(|(name, _)| is_kept(name)).cloned().collect();
                    sum(&mut total, &kept, Sums::Tables);
                }
            }
        }
    }
    let (data, beside) = wanted.tables(tables);
    for (_, shown) in &mut columns {
        if shown.starts_with(|sign: char| sign.is_ascii_lowercase()) {
            let first: String = shown.drain(..1).collect();
            shown.insert_str(0, &first.to_ascii_uppercase());
        }
    }
    Ok(Processed { described, date, columns, data, beside, total })
}

/// Why a report that is not there cannot be had.
pub(super) fn unknown(module: &str, action: &str, site: &Site) -> Failure {
    Failure::new(format!(
        "Requested report {module}.{action} for Website id={} not found in the list of available reports. \n",
        site.id
    ))
}

/// The request for the report itself.
fn request_of(call: Call<'_>, described: &Described) -> MatomoRequest {
    let mut asked = call.request.clone();
    for name in ["apiModule", "apiAction", "apiParameters", "showTimer", "hideMetricsDoc", "columns"] {
        asked.remove(name);
    }
    for (name, value) in described::parameters(call) {
        asked.set(&name, &value);
    }
    if let Some(goal) = call.request.filled("filter_show_goal_columns_process_goals").and_then(|_| of_pages(call, described)) {
        asked.set("idGoal", goal);
    }
    asked.set("method", &described.method());
    asked.set("format", "original");
    asked.set("totals", "1");
    let has_visits = described.metrics.iter().any(|(name, _)| name == "nb_visits");
    if !described.processed.is_empty() && has_visits && described.category != "Ecommerce" && described.module != "MultiSites" {
        asked.set("filter_add_columns_when_show_all_columns", if described.is_constant { "0" } else { "1" });
    }
    asked
}

/// The word that asks for what pages had to do with goals; `None` where the report is not about pages.
fn of_pages(call: Call<'_>, described: &Described) -> Option<&'static str> {
    let is_shop = call.request.text("idGoal").is_some_and(|goal| goal.starts_with("ecommerce"));
    match (described.module, described.action) {
        ("Actions", "getPageUrls" | "getPageTitles") => Some(if is_shop { "-5" } else { "-3" }),
        ("Actions", "getEntryPageUrls" | "getEntryPageTitles") => Some(if is_shop { "-6" } else { "-4" }),
        _ => None,
    }
}

/// The request for the sums of a report: those below a row have the sums of the report the row belongs to.
fn request_of_sums(asked: &MatomoRequest, described: &Described) -> Option<MatomoRequest> {
    asked.filled("idSubtable").filter(|id| *id != "0")?;
    let mut whole = asked.clone();
    for name in ["idSubtable", "flat", "expanded", "filter_offset", "filter_sort_column"] {
        whole.remove(name);
    }
    for (name, value) in [("filter_limit", "-1"), ("totals", "0"), ("format_metrics", "0")] {
        whole.set(name, value);
    }
    let secondary = asked.filled("secondaryDimension");
    let is_above = |report: &Report| report.module == described.module && !report.is_subtable;
    let above = reports::ALL.iter().find(|report| is_above(report) && report.rows_below(secondary) == Some(described.action));
    whole.set("method", &above.map_or_else(|| described.method(), |report| report.method()));
    Some(whole)
}

/// The column of how many people were named.
const USERS: &str = "nb_users";
/// How many people came.
const VISITORS: &str = "nb_uniq_visitors";

/// Whether the site names anybody: in these tables, or in the months they lie in. Where it does not, nobody is told of users.
async fn has_users(call: Call<'_>, tables: &Tables) -> Result<bool, Failure> {
    let some = |tables: &Tables| {
        let rows = tables.sheets().into_iter().flat_map(|sheet| &sheet.table.rows);
        rows.filter_map(|row| row.get(USERS).and_then(number)).any(|users| users > 0.0)
    };
    if some(tables) {
        return Ok(true);
    }
    let mut asked = MatomoRequest::of(&[("method", "VisitsSummary.get"), ("format", "original"), ("columns", USERS)]);
    for name in ["idSite", "date"] {
        asked.set(name, call.request.text(name).unwrap_or_default());
    }
    let period = match call.request.text("period").unwrap_or_default() {
        "day" | "week" => "month",
        "range" => "day",
        period => period,
    };
    asked.set("period", period);
    // What cannot be told of the months decides nothing.
    Ok(matches!(dispatch::run(call.ctx, call.caller, &asked).await, Ok(Answer::Tables(tables)) if some(&tables)))
}

/// Numbers the tables below rows as Matomo does in memory: every table has a number, those at the top too.
fn number_tables(tables: &mut Tables) {
    let mut next = 1;
    tables.each(&mut |sheet| {
        let mut most = 0;
        sheet.table.each_row(&mut |row| most = most.max(row.subtable_id.unwrap_or(0)));
        sheet.table.each_row(&mut |row| row.subtable_id = row.subtable_id.map(|id| id + next));
        next += most + 1;
    });
}

/// The columns of a report, with their names.
fn columns(described: &Described, request: &MatomoRequest) -> Vec<(String, String)> {
    let mut columns: Vec<(String, String)> = Vec::new();
    if !described.dimension.is_empty() {
        columns.push(("label".to_owned(), described.dimension.clone()));
    }
    let revenue = described.goals.iter().flat_map(|goals| goals.metrics.iter().filter(|(name, _)| name == "revenue"));
    for (name, shown) in described.metrics.iter().chain(&described.processed).chain(revenue) {
        match columns.iter_mut().find(|(known, _)| known == name) {
            Some((known, held)) if known != "label" => held.clone_from(shown),
            Some(_) => {}
            None => columns.push((name.clone(), shown.clone())),
        }
    }
    let (hidden, shown) = (request.words("hideColumns"), request.words("showColumns"));
    columns.retain(|(name, _)| !hidden.contains(name) && (shown.is_empty() || name == "label" || shown.contains(name)));
    columns
}

/// Takes the time a page took to be made away where nothing tells it.
fn remove_empty(described: &mut Described, columns: &mut Vec<(String, String)>, table: &DataTable) {
    const NAME: &str = "avg_time_generation";
    if ["Actions", "CustomDimensions"].contains(&described.module) && table.rows.iter().all(|row| row.get(NAME).is_none()) {
        columns.retain(|(name, _)| name != NAME);
        described.docs.retain(|(name, _)| name != NAME);
    }
}

/// How a table's numbers are wanted.
struct Wanted<'a> {
    columns: &'a [(String, String)],
    has_dimension: bool,
    raw: bool,
    pretty: bool,
    site: &'a Arc<Site>,
    words: Option<Arc<Dictionary>>,
    sites: Call<'a>,
    periods: &'a Periods,
    calendar: &'a Calendar,
}

impl Wanted<'_> {
    /// The rows, and what belongs to them.
    fn tables(&self, tables: Tables) -> (Tables, Tables) {
        match tables {
            Tables::One(sheet) => {
                let (data, beside) = self.table(sheet.table);
                (Tables::of(data), Tables::of(beside))
            }
            Tables::Each { tables, .. } => {
                let (mut data, mut beside) = (Vec::new(), Vec::new());
                for (key, tables) in tables {
                    let date = match tables.first() {
                        Some(Sheet { slice: Some(slice), .. }) => self.calendar.long(slice.period),
                        // What is made for several sites tells its period by the key alone.
                        _ => match self.periods.all().iter().find(|period| period.key() == key) {
                            Some(period) => self.calendar.long(*period),
                            None => key,
                        },
                    };
                    let (one, two) = self.tables(tables);
                    data.push((date.clone(), one));
                    beside.push((date, two));
                }
                (Tables::Each { by: "prettyDate", tables: data }, Tables::Each { by: "prettyDate", tables: beside })
            }
        }
    }

    fn table(&self, table: DataTable) -> (DataTable, DataTable) {
        let mut data = DataTable { is_simple: !self.has_dimension, ..DataTable::default() };
        let mut beside = DataTable::default();
        // As Matomo does, rows behind the first that is compared carry what is beside them as well.
        let mut follows_compared = false;
        for row in table.rows {
            let mut about = Row::default();
            if self.has_dimension {
                about.columns = row.metadata.iter().filter(|(name, _)| name != "comparisons").cloned().collect();
                about.columns.extend(row.subtable_id.map(|id| (Name::Borrowed("idsubdatatable"), Cell::from(id as i64))));
            }
            beside.rows.push(about);
            let made = self.row(row, false, follows_compared);
            follows_compared |= made.metadata("comparisons").is_some();
            data.rows.push(made);
        }
        if beside.rows.iter().all(|row| row.columns.is_empty()) {
            beside.rows.clear();
        }
        (data, beside)
    }

    fn row(&self, mut row: Row, is_compared: bool, with_metadata: bool) -> Row {
        for (name, _) in self.columns {
            if is_compared {
                let change = format!("{name}_change");
                if row.get(&change).is_none() {
                    row.set(change, 0i64);
                }
            }
            if row.get(name).is_none_or(|cell| *cell == Cell::NULL) {
                row.set(name.clone(), 0i64);
            }
        }
        let own = row.metadata("idsite").and_then(Cell::as_f64).map(|id| footfall_model::SiteId(id as u32));
        let site = own.and_then(|id| self.sites.ctx.sites.get(id)).unwrap_or(self.site);
        let money = |amount: f64| self.money(amount, site);
        let mut out = Row::default();
        for (name, cell) in &row.columns {
            if self.is_shown(name, is_compared) {
                let cell = if self.pretty { shown(name, cell, &money) } else { cell.clone() };
                out.columns.push((name.clone(), cell));
            } else if self.raw {
                out.columns.push((name.clone(), cell.clone()));
            }
        }
        if with_metadata {
            out.metadata = row.metadata.iter().filter(|(name, _)| name != "comparisons").cloned().collect();
        }
        if let Some(Cell::Table(compared)) = row.metadata("comparisons")
            && !compared.rows.is_empty()
        {
            let rows = compared.rows.iter().map(|row| self.row(row.clone(), true, true)).collect();
            let table = DataTable { rows, is_simple: false, metadata: Vec::new() };
            out.metadata.push(("comparisons".into(), Cell::Table(Box::new(table))));
        }
        out
    }

    /// Money of a site, as the language of the request writes it.
    fn money(&self, amount: f64, site: &Site) -> String {
        let sign = currencies::symbol(&site.currency).unwrap_or("$");
        let words = self.words.as_ref().and_then(|words| words.money(amount, &site.currency, sign));
        words.unwrap_or_else(|| pretty::money(amount, sign))
    }

    fn is_shown(&self, name: &str, is_compared: bool) -> bool {
        let stem = if is_compared { name.strip_suffix("_change").unwrap_or(name) } else { name };
        let is_of_goal = name
            .strip_prefix("goal_")
            .and_then(|rest| rest.split_once('_'))
            .is_some_and(|(id, _)| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()));
        is_of_goal || self.columns.iter().any(|(known, _)| known == stem)
    }
}

/// A number as people read it, by the name of its column.
fn shown(name: &str, cell: &Cell, money: &dyn Fn(f64) -> String) -> Cell {
    let Some(number) = number(cell) else {
        return cell.clone();
    };
    if name.contains("_change") {
        return if number == 0.0 { Cell::text("+0%") } else { cell.clone() };
    }
    if name.contains("time_generation") {
        return Cell::text(&pretty::time(number));
    }
    if name.contains("time") {
        return Cell::text(&pretty::clock(number));
    }
    if (name.contains("revenue") || name.contains("price")) && !name.contains("evolution") {
        return Cell::text(&money(number));
    }
    if name.contains("_rate") {
        return Cell::text(&format!("{}%", footfall_report::number::round(number * 100.0, 10)));
    }
    cell.clone()
}

/// The number a cell is, also where it stands as text.
fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Value(Value::Text(text)) => text.trim().parse().ok(),
        other => other.as_f64(),
    }
}

/// What is added up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sums {
    /// The sums of several tables.
    Tables,
    /// Rows by themselves: of those Matomo knows only for timings that the greatest is no sum.
    Rows,
    /// The numbers of goals, which Matomo knows by numbers and not by names when it adds them up.
    Goals,
}

/// Adds up. What is an average or a share is left out, but for those of goals.
fn sum(into: &mut Vec<(Name, Cell)>, of_table: &[(Name, Cell)], sums: Sums) {
    for (name, cell) in of_table {
        let is_share = name.starts_with("avg_") || name.ends_with("_rate") || name.ends_with("_evolution");
        if name == "label" || (is_share && sums != Sums::Goals) {
            continue;
        }
        let is_extreme = match sums {
            Sums::Rows => name.starts_with("min_time_") || name.starts_with("max_time_"),
            _ => name.starts_with("min_") || name.starts_with("max_"),
        };
        let held = into.iter().position(|(known, _)| known == name);
        if let Cell::Map(inner) = cell {
            let mut below = match held.map(|at| &into[at].1) {
                Some(Cell::Map(held)) => held.clone(),
                _ => Vec::new(),
            };
            sum(&mut below, inner, Sums::Goals);
            match held {
                Some(at) => into[at].1 = Cell::Map(below),
                None => into.push((name.clone(), Cell::Map(below))),
            }
            continue;
        }
        let Some(value) = number(cell) else {
            continue;
        };
        match held {
            None => into.push((name.clone(), cell.clone())),
            Some(at) => {
                let before = number(&into[at].1).unwrap_or_default();
                if is_extreme {
                    // The least or greatest stays as it was written.
                    if (value < before) == name.starts_with("min_") && value != before {
                        into[at].1 = cell.clone();
                    }
                } else {
                    into[at].1 = Cell::Value(footfall_report::number::number(before + value));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_by_the_name_of_their_column() {
        let text = |name: &str, value: f64| {
            shown(name, &Cell::from(value), &|amount| pretty::money(amount, "€")).as_str().map(str::to_owned)
        };
        assert_eq!(text("avg_time_on_site", 901.0).as_deref(), Some("00:15:01"));
        assert_eq!(text("revenue", 2.5).as_deref(), Some("€2.50"));
        assert_eq!(text("exit_rate", 0.67).as_deref(), Some("67%"));
        assert_eq!(text("nb_visits_change", 0.0).as_deref(), Some("+0%"));
        assert_eq!(text("nb_visits", 3.0), None);
    }

    #[test]
    fn sums_leave_averages_out() {
        let table = |visits: i64, most: i64| {
            vec![
                ("nb_visits".into(), Cell::from(visits)),
                ("max_actions".into(), Cell::from(most)),
                ("avg_x".into(), Cell::from(9i64)),
            ]
        };
        let mut total = Vec::new();
        sum(&mut total, &table(1, 5), Sums::Tables);
        sum(&mut total, &table(2, 3), Sums::Tables);
        assert_eq!(total, vec![("nb_visits".into(), Cell::from(3i64)), ("max_actions".into(), Cell::from(5i64))]);
    }
}
