//! The sum over all rows of a report, kept beside its table.

use footfall_model::{Cell, DataTable, Row, Value};
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
    metric::add(&mut sum, &[], top, deep);
    if report.is_some_and(|report| report.processed.is_empty() && report.processed_names == Report::BASE.processed_names) {
        metric::add(&mut sum, &[], &[Metric::Known(calculate::ACTIONS_PER_VISIT)], &[]);
    }
    let Some(mut row) = sum.rows.pop() else {
        return;
    };
    // A sum of one row stays the text it was.
    if let [only] = table.rows.as_slice() {
        for name in &only.text_sums {
            if let Some(Cell::Value(Value::Int(number))) = row.get(name) {
                let text = Value::text(&number.to_string());
                row.set(name.clone(), text);
            }
        }
    }
    for (name, cell) in &mut row.columns {
        if let (true, Cell::Map(goals)) = (name == "goals", cell) {
            goals.sort_by_key(|(name, _)| place(name));
        }
    }
    table.set_metadata("totals", Cell::Map(row.columns.into()));
}

/// The place of a goal such as `idgoal=3` among all: carts and orders come first.
fn place(goal: &str) -> i64 {
    match goal.strip_prefix("idgoal=").unwrap_or(goal) {
        "ecommerceAbandonedCart" => -1,
        "ecommerceOrder" => 0,
        number => number.parse().unwrap_or(i64::MAX),
    }
}
