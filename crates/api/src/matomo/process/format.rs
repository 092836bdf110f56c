//! Shares as percentages; with `format_metrics=1` everything as a person reads it.

use footfall_model::{DataTable, Unit, Value};
use footfall_report::{Report, Tables, number};

use super::super::MatomoRequest;

/// Formats every table as the request asks: by default only shares are.
pub(super) fn tables(request: &MatomoRequest, report: Option<&'static Report>, tables: &mut Tables) {
    let asked = request.text("format_metrics").unwrap_or("bc");
    if asked == "0" {
        return;
    }
    let Some(report) = report else {
        return;
    };
    tables.each(&mut |sheet| table(report, &mut sheet.table));
}

fn table(report: &Report, table: &mut DataTable) {
    for row in &mut table.rows {
        for metric in report.processed {
            if metric.unit == Unit::Percent
                && let Some(share) = row.number(metric.name)
            {
                row.set(metric.name, Value::text(&percent(share)));
            }
        }
        if let Some(below) = &mut row.subtable {
            self::table(report, below);
        }
    }
}

/// A share as a percentage, such as `12.5%`.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", plain(number::round(share * 100.0, 4)))
}

/// A number without needless zeros.
fn plain(value: f64) -> String {
    match number::number(value) {
        Value::Int(whole) => whole.to_string(),
        _ => value.to_string(),
    }
}
