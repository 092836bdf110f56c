//! What any table can be asked for: rows that match a pattern, rows that count enough, an order, and a number of rows.

use footfall_model::{Cell, DataTable, Row, Value};
use footfall_report::{First, Report, calculate};
use regex::{Regex, RegexBuilder};

use super::{super::MatomoRequest, sort};

/// What the rows are called that sum up what was cut off.
pub(in crate::matomo) use footfall_report::OTHERS;

/// Filters, sorts and cuts a table. A table that is searched for one label is not cut.
pub(super) fn apply(request: &MatomoRequest, report: Option<&'static Report>, table: &mut DataTable, has_label: bool) {
    filter(request, table);
    sort_by_request(request, report, table);
    if has_label {
        return;
    }
    if let Some(keep) = request.int("filter_truncate").and_then(|keep| usize::try_from(keep).ok()) {
        truncate(table, keep);
    }
    if let Some(limit) = request.int("filter_limit") {
        let offset = request.int("filter_offset").unwrap_or(0);
        cut(table, offset, limit, request.flag("keep_summary_row"));
    }
}

/// The rows that are left of a report that is sorted and cut, where nothing else hangs on those that are not.
pub(in crate::matomo) fn first(request: &MatomoRequest, report: &'static Report) -> Option<First> {
    const LOOKS_AT_ALL: [&str; 13] = [
        "compareDates",
        "comparePeriods",
        "compareSegments",
        "filter_add_columns_when_show_all_columns",
        "filter_excludelowpop",
        "filter_pattern",
        "filter_pattern_recursive",
        "filter_truncate",
        "filter_update_columns_when_show_all_goals",
        "include_aggregate_rows",
        "label",
        "pivotBy",
        "totals",
    ];
    if request.flag("disable_generic_filters") || LOOKS_AT_ALL.iter().any(|name| request.get(name).is_some()) {
        return None;
    }
    let (column, ascending) = order(request, Some(report))?;
    let count = |name: &str| usize::try_from(request.int(name).unwrap_or(0)).ok();
    request.int("filter_limit")?;
    Some(First { column, ascending, n: count("filter_limit")?.checked_add(count("filter_offset").unwrap_or(0))? })
}

/// Keeps the rows that match and count enough.
pub(in crate::matomo) fn filter(request: &MatomoRequest, table: &mut DataTable) {
    if let Some(pattern) = request.filled("filter_pattern").and_then(compile) {
        let column = request.filled("filter_column").unwrap_or("label");
        table.rows.retain(|row| pattern.is_match(&text(row.get(column).or_else(|| row.metadata(column)))));
    }
    if let Some(pattern) = request.filled("filter_pattern_recursive").and_then(compile) {
        let column = request.filled("filter_column_recursive").unwrap_or("label");
        keep_matching(table, &pattern, column);
    }
    if let Some(column) = request.filled("filter_excludelowpop") {
        exclude(table, column, request.filled("filter_excludelowpop_value").and_then(|value| value.parse().ok()));
    }
}

/// A pattern as a caller writes it, case aside; one that cannot be read filters nothing out.
pub(in crate::matomo) fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).case_insensitive(true).size_limit(1 << 20).build().ok()
}

/// A cell as text.
pub(in crate::matomo) fn text(cell: Option<&Cell>) -> String {
    match cell {
        Some(Cell::Value(Value::Text(text))) => text.to_string(),
        Some(Cell::Value(Value::Int(number))) => number.to_string(),
        Some(Cell::Value(Value::Real(number))) => number.to_string(),
        Some(Cell::Bool(true)) => "1".to_owned(),
        _ => String::new(),
    }
}

/// Keeps rows that match, or that have rows below that do.
fn keep_matching(table: &mut DataTable, pattern: &Regex, column: &str) {
    table.rows.retain_mut(|row| {
        let below = row.subtable.as_mut().is_some_and(|below| {
            keep_matching(below, pattern, column);
            !below.rows.is_empty()
        });
        below || pattern.is_match(&text(row.get(column)))
    });
}

/// Takes rows away whose column counts less than a value, or less than 2 % of the whole.
fn exclude(table: &mut DataTable, column: &str, least: Option<f64>) {
    let least = match least {
        Some(least) if least != 0.0 => least,
        _ => table.rows.iter().filter_map(|row| row.number(column)).sum::<f64>() * 0.02,
    };
    table.rows.retain(|row| row.number(column).unwrap_or_default() >= least);
}

fn sort_by_request(request: &MatomoRequest, report: Option<&'static Report>, table: &mut DataTable) {
    if let Some((column, ascending)) = order(request, report) {
        sort::table(table, &column, ascending);
    }
}

/// The column that a request sorts by, and whether the least comes first.
fn order(request: &MatomoRequest, report: Option<&'static Report>) -> Option<(String, bool)> {
    let shown = report.filter(|report| !report.is_hidden && !report.sort.is_empty());
    let column = request.filled("filter_sort_column").map(str::to_owned).or_else(|| {
        // An empty name asks for no order.
        if request.get("filter_sort_column").is_some() && report.is_none() {
            None
        } else {
            shown.map(|report| report.sort.to_owned())
        }
    });
    let ascending = match request.filled("filter_sort_order") {
        Some(given) => given.eq_ignore_ascii_case("asc"),
        None => shown.is_some_and(|report| report.ascending),
    };
    Some((column?, ascending))
}

/// Sums up everything after the first rows in one row.
pub(in crate::matomo) fn truncate(table: &mut DataTable, keep: usize) {
    if table.rows.len() > keep + 1 {
        let cut = table.rows.split_off(keep);
        let mut others = Row { is_summary: true, ..Row::labelled(Value::text(OTHERS)) };
        for row in &cut {
            calculate::sum_rows(&mut others, row);
        }
        table.rows.push(others);
    }
    for row in table.rows.iter_mut().filter(|row| !row.is_summary) {
        if let Some(below) = &mut row.subtable {
            truncate(below, keep);
        }
    }
}

fn cut(table: &mut DataTable, offset: i64, limit: i64, keeps_summary: bool) {
    let total = table.rows.len() as i64;
    table.set_metadata("total_rows_before_limit", total);
    let summary = table.rows.iter().find(|row| row.is_summary).cloned();
    let skip = usize::try_from(offset).unwrap_or(0).min(table.rows.len());
    table.rows.drain(..skip);
    if let Ok(limit) = usize::try_from(limit) {
        table.rows.truncate(limit);
    }
    if let (true, Some(summary)) = (keeps_summary, summary)
        && !table.rows.iter().any(|row| row.is_summary)
    {
        table.rows.push(summary);
    }
}
