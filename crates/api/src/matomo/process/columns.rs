//! Which columns are shown.

use footfall_model::{Cell, DataTable, Name, Row};

use footfall_report::parts;

use super::{super::MatomoRequest, metric::Metric};

/// Takes away the columns a request does not want; where it does not say, those that were only there to work others out.
pub(in crate::matomo) fn apply(request: &MatomoRequest, table: &mut DataTable, metrics: &[Metric], deep_by_default: bool) {
    let (hidden, shown) = (request.words("hideColumns"), request.words("showColumns"));
    if hidden.is_empty() && shown.is_empty() {
        if request.int("showRawMetrics") != Some(1) {
            let unwanted: Vec<&str> = metrics.iter().flat_map(|metric| metric.temporary()).copied().collect();
            if !unwanted.is_empty() {
                remove(table, &unwanted);
            }
        }
        return;
    }
    let deep = request.int("hideColumnsRecursively").map_or(deep_by_default, |n| n != 0);
    rows(table, &hidden, &shown, deep);
}

fn remove(table: &mut DataTable, unwanted: &[&str]) {
    parts::each_part(&mut table.rows, |rows| {
        let mut remove = |row: &mut Row| {
            for name in unwanted {
                row.remove(name);
            }
        };
        rows.iter_mut().for_each(|row| row.each(&mut remove));
    });
}

fn rows(table: &mut DataTable, hidden: &[String], shown: &[String], deep: bool) {
    for row in &mut table.rows {
        columns(row, hidden, shown, deep);
        if let Some(below) = &mut row.subtable {
            rows(below, hidden, shown, deep);
        }
    }
}

fn columns(row: &mut Row, hidden: &[String], shown: &[String], deep: bool) {
    row.columns.retain(|(name, _)| is_kept(name, hidden, shown));
    if deep {
        for (_, cell) in &mut row.columns {
            nested(cell, hidden);
        }
    }
}

/// Takes away named values that are hidden, and those that are not shown where some are.
pub(super) fn entries(entries: &mut Vec<(Name, Cell)>, hidden: &[String], shown: &[String]) {
    entries.retain(|(name, _)| is_kept(name, hidden, shown));
}

fn is_kept(name: &str, hidden: &[String], shown: &[String]) -> bool {
    let is_shown = |kept: &String| name == kept || name.strip_prefix(kept.as_str()).is_some_and(|rest| rest.starts_with("__"));
    !hidden.iter().any(|out| name == out) && (shown.is_empty() || name == "label" || shown.iter().any(is_shown))
}

fn nested(cell: &mut Cell, hidden: &[String]) {
    match cell {
        Cell::Map(inner) => {
            inner.retain(|(name, _)| !hidden.iter().any(|out| name == out));
            for (_, cell) in inner {
                nested(cell, hidden);
            }
        }
        Cell::List(cells) => cells.iter_mut().for_each(|cell| nested(cell, hidden)),
        _ => {}
    }
}
