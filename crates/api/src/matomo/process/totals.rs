//! The sum over all rows of a report, kept beside its table.

use footfall_model::{Cell, DataTable, Row};
use footfall_report::{Report, calculate};

use super::metric::{self, Metric};

/// Sums up a table's rows in its metadata `totals`.
pub(super) fn add(report: Option<&'static Report>, table: &mut DataTable, top: &[Metric], deep: &[Metric]) {
    if report.is_some_and(|report| report.dimension.is_none()) || table.rows.is_empty() {
        return;
    }
    let mut total = Row::default();
    for row in &table.rows {
        calculate::sum_rows(&mut total, row);
    }
    let mut sum = DataTable { rows: vec![total], ..DataTable::default() };
    metric::add(&mut sum, top, deep);
    let Some(row) = sum.rows.pop() else {
        return;
    };
    table.set_metadata("totals", Cell::Map(row.columns));
}
