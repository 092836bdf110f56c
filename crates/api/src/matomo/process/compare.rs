//! Comparing a report with itself: for other segments and other periods, row by row.

use std::sync::Arc;

use footfall_admin::SavedSegment;
use footfall_model::{Cell, DataTable, Name, Row, Segment, Value};
use footfall_report::{Periods, Processed, Report, Sheet, Slice, Tables, is_several, pretty};

use super::{
    super::{
        Failure, MatomoRequest,
        calendar::{Calendar, capital},
        dispatch::Call,
        metadata, methods, scope,
    },
    process,
};

/// How many segments or periods may stand beside the request's own.
const MOST: usize = 5;

/// One of the things that are compared.
struct Series {
    segment: String,
    period: String,
    date: String,
    /// What rows of this series say of it.
    metadata: Vec<(Name, Cell)>,
    calendar: Calendar,
}

/// What is compared, the request's own first.
struct Compared {
    segments: Vec<String>,
    periods: Vec<String>,
    dates: Vec<String>,
    /// Whether changes are told from the later period to the earlier one.
    inverted: bool,
}

/// What a request compares; `None` where that is nothing.
///
/// # Errors
/// When it cannot be compared.
fn asked(request: &MatomoRequest) -> Result<Option<Compared>, Failure> {
    if request.int("compare") != Some(1) {
        return Ok(None);
    }
    let own = |name: &str| request.text(name).unwrap_or_default().to_owned();
    let with_own = |own: String, name: &str| -> Vec<String> { std::iter::once(own).chain(request.texts(name)).collect() };
    let segments = with_own(request.segment_as_sent().unwrap_or_default().to_owned(), "compareSegments");
    let periods = with_own(own("period"), "comparePeriods");
    let dates = with_own(own("date"), "compareDates");
    check(request, &segments, &periods, &dates)?;
    if segments.len() == 1 && periods.len() == 1 {
        return Ok(None);
    }
    let inverted = request.int("invert_compare_change_compute") == Some(1);
    if inverted && periods.len() != 2 {
        return Err(Failure::new("invert_compare_change_compute=1 can only be used when comparing two periods."));
    }
    Ok(Some(Compared { segments, periods, dates, inverted }))
}

/// Refuses what cannot be compared, of answers too that have nothing to be compared.
///
/// # Errors
/// When a request asks to compare what cannot be.
pub(super) fn refuse(request: &MatomoRequest) -> Result<(), Failure> {
    asked(request).map(|_| ())
}

/// Adds to every row of a report the rows of the same label for the segments and periods that the request compares.
pub(super) async fn apply(call: Call<'_>, report: &'static Report, tables: &mut Tables) -> Result<(), Failure> {
    let request = call.request;
    let Some(Compared { segments, periods, dates, inverted }) = asked(request)? else {
        return Ok(());
    };
    if is_empty(tables) {
        return Ok(());
    }
    if request.int("idSubtable").is_some_and(|id| id > 0) && request.filled("comparisonIdSubtables").is_none() {
        return Err(Failure::new(
            "Comparing segments/periods with subtables only works when the comparison idSubtables are supplied as well.",
        ));
    }
    let several = is_several(&dates[0]) && periods[0] != "range";
    for (period, date) in periods.iter().zip(&dates) {
        for segment in &segments {
            let series = series(call, segment, period, date).await?;
            let other = fetch(call, report, &series).await?;
            join(tables, Some(&other), &series, several, report);
        }
    }
    if periods.len() > 1 {
        let with_trends = request.flag("include_trends");
        tables.each(&mut |sheet| changes(&mut sheet.table, segments.len(), inverted, with_trends));
    }
    tables.each(&mut |sheet| {
        let is_list = report.dimension.is_none();
        sheet.table.rows.iter_mut().for_each(|row| complete(row, report.root_processed, is_list));
        sheet.table.each_row(&mut |row| complete(row, report.processed, is_list));
    });
    Ok(())
}

fn check(request: &MatomoRequest, segments: &[String], periods: &[String], dates: &[String]) -> Result<(), Failure> {
    let bad = |message: String| Err(Failure::with_status(400, message));
    if segments.len() > MOST + 1 {
        return bad(format!("The maximum number of segments that can be compared simultaneously is {MOST}."));
    }
    if periods.len() != dates.len() {
        return bad("compareDates query parameter length must match comparePeriods query parameter length.".to_owned());
    }
    if dates.len() > MOST + 1 {
        return bad(format!("The maximum number of periods that can be compared simultaneously is {MOST}."));
    }
    let several = |period: &str, date: &str| period != "range" && is_several(date);
    let own = several(request.text("period").unwrap_or_default(), request.text("date").unwrap_or_default());
    let differs = periods.iter().zip(dates).any(|(period, date)| several(period, date) != own);
    match (differs, own) {
        (false, _) => Ok(()),
        (true, true) => {
            Err(Failure::new("Cannot compare: original request is multiple period and cannot be compared with single periods."))
        }
        (true, false) => {
            Err(Failure::new("Cannot compare: original request is single period and cannot be compared with multiple periods."))
        }
    }
}

fn is_empty(tables: &Tables) -> bool {
    match tables {
        Tables::One(sheet) => sheet.table.rows.is_empty(),
        Tables::Each { tables, .. } => tables.is_empty(),
    }
}

async fn series(call: Call<'_>, segment: &str, period: &str, date: &str) -> Result<Series, Failure> {
    let segment_pretty = segment_name(call, segment).await?;
    let today = scope::today(call.ctx, None);
    let calendar = Calendar::of(call.ctx, call.request);
    let period_pretty = capital(&match Periods::parse(period, date, today)? {
        Periods::One(period) => calendar.long(period),
        Periods::Each(periods) => calendar.over(&periods),
    });
    let text = |text: &str| Cell::Value(Value::text(text));
    let metadata = vec![
        ("compareSegment".into(), text(segment)),
        ("compareSegmentPretty".into(), text(&segment_pretty)),
        ("comparePeriod".into(), text(period)),
        ("compareDate".into(), text(date)),
        ("comparePeriodPretty".into(), text(&period_pretty)),
        ("compareSeriesPretty".into(), text(&format!("({period_pretty}) ({segment_pretty})"))),
    ];
    Ok(Series { segment: segment.to_owned(), period: period.to_owned(), date: date.to_owned(), metadata, calendar })
}

/// A segment as people call it: the name it is saved under, or its conditions.
pub(in crate::matomo) async fn segment_name(call: Call<'_>, segment: &str) -> Result<String, Failure> {
    if segment.is_empty() {
        let words = metadata::dictionary(call.ctx, call.request);
        return Ok(words
            .and_then(|words| words.text("SegmentEditor_DefaultAllVisits").map(str::to_owned))
            .unwrap_or_else(|| "All visits".to_owned()));
    }
    let decoded = scope::decode_plus(segment);
    let saved = call.ctx.admin.segments().await?;
    let is_known = |saved: &SavedSegment| saved.segment.shared || saved.segment.login == call.caller.login;
    let named = saved
        .into_iter()
        .rev()
        .filter(is_known)
        .find(|saved| saved.segment.definition == segment || saved.segment.definition == decoded);
    Ok(named.map_or(decoded, |saved| saved.segment.name))
}

async fn fetch(call: Call<'_>, report: &'static Report, series: &Series) -> Result<Tables, Failure> {
    let mut request = call.request.clone();
    for name in ["compareSegments", "comparePeriods", "compareDates", "label", "filter_sort_column", "filter_truncate"] {
        request.remove(name);
    }
    for (name, value) in [
        ("compare", "0"),
        ("filter_limit", "-1"),
        ("filter_offset", "0"),
        ("totals", "0"),
        ("disable_queued_filters", "1"),
        ("format_metrics", "0"),
        ("segment", &series.segment),
        ("period", &series.period),
        ("date", &series.date),
    ] {
        request.set(name, value);
    }
    let call = Call { request: &request, ..call };
    let tables = methods::report::tables(call, report, None).await?;
    process(call, Some(report), tables).await
}

/// Puts a series' rows beside those of the tables; periods that only the series has are added, empty.
fn join(tables: &mut Tables, other: Option<&Tables>, series: &Series, is_multiple: bool, report: &'static Report) {
    match tables {
        Tables::One(sheet) => {
            let other = match other {
                Some(Tables::One(other)) => Some(other.as_ref()),
                _ => None,
            };
            let mut metadata = series.metadata.clone();
            if let (true, Some(slice)) = (is_multiple, other.and_then(|other| other.slice.as_ref())) {
                tell_period(&series.calendar, &mut metadata, slice);
            }
            if sheet.table.rows.is_empty() {
                sheet.table.rows.push(Row::default());
            }
            let joined = Joined { metadata: &metadata, segment: &series.segment, report };
            joined.table(&mut sheet.table, other.map(|other| &other.table));
        }
        Tables::Each { by, tables } => {
            let others: Vec<&Tables> = match other {
                Some(Tables::Each { tables, .. }) => tables.iter().map(|(_, tables)| tables).collect(),
                _ => Vec::new(),
            };
            for (index, (_, tables)) in tables.iter_mut().enumerate() {
                join(tables, others.get(index).copied(), series, is_multiple, report);
            }
            if *by == "date" {
                while tables.len() < others.len() {
                    let Some(next) = tables.last().and_then(|(_, last)| following(last)) else {
                        break;
                    };
                    tables.push(next);
                    let at = tables.len() - 1;
                    join(&mut tables[at].1, Some(others[at]), series, is_multiple, report);
                }
            }
        }
    }
}

/// Whether a row's segment is narrowed by the one that is compared: those of single pages are not, but those of folders, nor are
/// those that Matomo finds only after it has compared.
fn is_narrowed(report: &Report, own: &str) -> bool {
    const LATE: [&str; 5] = ["getBrowserEngines", "getBrowsers", "getCountry", "getLanguageCode", "getResolution"];
    match report.module {
        "Actions" => own.starts_with("siteSearch") || own.split_once("==").is_none_or(|(name, _)| name.contains(['=', '%'])),
        "Contents" | "Events" | "VisitTime" => false,
        _ => !LATE.contains(&report.action),
    }
}

fn tell_period(calendar: &Calendar, metadata: &mut [(Name, Cell)], slice: &Slice) {
    for (name, cell) in metadata {
        match name.as_ref() {
            "comparePeriod" => *cell = Cell::text(slice.period.kind.name()),
            "compareDate" => *cell = Cell::text(&slice.period.days.first().to_string()),
            "comparePeriodPretty" => *cell = Cell::text(&capital(&calendar.long(slice.period))),
            _ => {}
        }
    }
}

/// An empty table for the period after a table's.
fn following(last: &Tables) -> Option<(String, Tables)> {
    let sheet = last.first()?;
    let slice = sheet.slice.as_ref()?;
    let period = slice.period.back(-1);
    let slice = Slice { period, segment: Arc::<Segment>::clone(&slice.segment), ..slice.clone() };
    // Even of a list of named values there is a row then: it has nothing but what is beside it.
    Some((period.key(), Tables::One(Box::new(Sheet { table: DataTable::default(), slice: Some(slice) }))))
}

struct Joined<'a> {
    metadata: &'a [(Name, Cell)],
    segment: &'a str,
    report: &'static Report,
}

impl Joined<'_> {
    fn table(&self, table: &mut DataTable, other: Option<&DataTable>) {
        for row in &mut table.rows {
            let beside = other.and_then(|other| {
                if other.is_simple {
                    other.rows.first()
                } else {
                    other.rows.iter().find(|found| found.get("label") == row.get("label"))
                }
            });
            self.row(row, beside);
        }
    }

    fn row(&self, row: &mut Row, beside: Option<&Row>) {
        let mut made = Row::default();
        for (name, cell) in &beside.unwrap_or(row).columns {
            if name != "label" && is_number(cell) {
                made.columns.push((name.clone(), if beside.is_some() { cell.clone() } else { Cell::from(0i64) }));
            }
        }
        made.metadata = self.metadata.to_vec();
        let below = beside.and_then(|beside| beside.subtable_id);
        made.set_metadata("idsubdatatable", below.map_or(-1, |id| id as i64));
        if let Some(own) = row.metadata("segment").and_then(Cell::as_str) {
            let stays = self.segment.is_empty() || !is_narrowed(self.report, own);
            let whole = if stays { own.to_owned() } else { format!("{};{own}", self.segment) };
            made.set_metadata("segment", Value::text(&whole));
        }
        match row.metadata.iter_mut().find(|(name, _)| name == "comparisons") {
            Some((_, Cell::Table(held))) => held.rows.push(made),
            _ => {
                let table = DataTable { rows: vec![made], ..DataTable::default() };
                row.set_metadata("comparisons", Cell::Table(Box::new(table)));
            }
        }
        if let (Some(own), Some(other)) = (&mut row.subtable, beside.and_then(|beside| beside.subtable.as_ref())) {
            self.table(own, Some(other));
        }
    }
}

fn is_number(cell: &Cell) -> bool {
    match cell {
        Cell::Value(Value::Int(_) | Value::Real(_)) => true,
        Cell::Value(Value::Text(text)) => text.trim().parse::<f64>().is_ok(),
        _ => false,
    }
}

fn number(row: Option<&Row>, name: &str) -> f64 {
    match row.and_then(|row| row.get(name)) {
        Some(Cell::Value(Value::Text(text))) => text.trim().parse().unwrap_or(0.0),
        Some(cell) => cell.as_f64().unwrap_or(0.0),
        None => 0.0,
    }
}

/// Adds to the rows that stand beside a row what is worked out and they have not; in lists of numbers, 0 for what has no visits.
fn complete(row: &mut Row, metrics: &[Processed], is_list: bool) {
    for row in compared(row).into_iter().flat_map(|table| &mut table.rows) {
        for metric in metrics {
            let made = if row.get(metric.name).is_some() { continue } else { (metric.compute)(row) };
            if let Some(made) = made.or((is_list && !metric.of.is_empty()).then_some(Value::Int(0))) {
                row.set(metric.name, made);
            }
        }
    }
}

/// The rows that stand beside a row.
fn compared(row: &mut Row) -> Option<&mut DataTable> {
    match row.metadata.iter_mut().find(|(name, _)| name == "comparisons") {
        Some((_, Cell::Table(compared))) => Some(compared),
        _ => None,
    }
}

/// Adds to the rows that stand beside a table's own rows by how much they differ between periods; not to those further below.
fn changes(table: &mut DataTable, segments: usize, inverted: bool, with_trends: bool) {
    table.rows.iter_mut().for_each(|row| {
        let Some(compared) = compared(row) else {
            return;
        };
        let before = compared.rows.clone();
        for (index, row) in compared.rows.iter_mut().enumerate() {
            let (period, segment) = (index / segments, index % segments);
            if (!inverted && period == 0) || (inverted && period != 0) {
                continue;
            }
            let other = before.get(if inverted { segments + segment } else { segment });
            for name in before[index].columns.names() {
                let (here, there) = (number(Some(&before[index]), name), number(other, name));
                row.set(format!("{name}_change"), Value::text(&change(here, there)));
                if with_trends {
                    row.set(format!("{name}_trend"), trend(here, there));
                }
                row.set(format!("{name}_change_from"), Value::text(&change(there, here)));
                if with_trends {
                    row.set(format!("{name}_trend_from"), trend(there, here));
                }
            }
        }
    });
}

/// By how much a number differs from an earlier one, such as `+12.5%`.
fn change(now: f64, before: f64) -> String {
    let share = match (now - before, before) {
        (0.0, _) => 0.0,
        (_, 0.0) => 1.0,
        (difference, before) => difference / before,
    };
    let percent = footfall_report::number::round(share * 100.0, 1);
    let text = format!("{}%", pretty::number(percent, 1, 0));
    if percent >= 0.0 { format!("+{text}") } else { text }
}

fn trend(now: f64, before: f64) -> i64 {
    if now < before { -1 } else { i64::from(now > before) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_narrowed_that_are_known_in_time() {
        use footfall_report::reports::find;
        let narrowed = |module, action, own| is_narrowed(find(module, action).unwrap(), own);
        assert!(!narrowed("Actions", "getPageUrls", "pageUrl==http%3A%2F%2Fexample.org%2F"));
        assert!(narrowed("Actions", "getPageUrls", "pageUrl=^http%3A%2F%2Fexample.org%2Fdocs"));
        assert!(narrowed("Actions", "getSiteSearchKeywords", "siteSearchKeyword==Hat"));
        assert!(!narrowed("Events", "getCategory", "eventCategory==Form"));
        assert!(!narrowed("UserCountry", "getCountry", "countryCode==fr"));
        assert!(narrowed("UserCountry", "getCity", "city==Paris"));
        assert!(narrowed("UserLanguage", "getLanguage", "languageCode==fr"));
    }

    #[test]
    fn changes_are_shares_of_what_was() {
        assert_eq!(change(8.0, 34.0), "-76.5%");
        assert_eq!(change(34.0, 3.0), "+1,033.3%");
        assert_eq!(change(1.0, 0.0), "+100%");
        assert_eq!(change(0.0, 0.0), "+0%");
    }
}
