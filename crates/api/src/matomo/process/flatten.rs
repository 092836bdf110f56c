//! Making a table flat: the rows below take the place of their row, with both labels.

use footfall_model::{Cell, DataTable, Name, Row, Value};
use footfall_report::{Report, reports};

use super::{super::MatomoRequest, generic::OTHERS};

/// Makes a table flat. `include_aggregate_rows` keeps the rows that have rows below, marked as what they are.
pub(super) fn apply(report: Option<&'static Report>, table: &mut DataTable, request: &MatomoRequest) {
    if report.is_some_and(|report| !report.flattens) {
        for row in &mut table.rows {
            row.subtable = None;
            row.subtable_id = None;
        }
        return;
    }
    name_others(table);
    let separator = report.map_or(" - ", |report| report.separator);
    let mut flat = Flat {
        report,
        separator,
        below: report.and_then(|report| report.rows_below(request.filled("secondaryDimension"))),
        with_sums: request.text("include_aggregate_rows") == Some("1"),
        dimension: request.int("idDimension").and_then(|id| u32::try_from(id).ok()),
        rows: Vec::new(),
        dimensions: Vec::new(),
    };
    let first = flat.first_dimension();
    flat.table(std::mem::take(&mut table.rows), 1, &first, "", None);
    let names = flat.dimensions.iter().map(|name| Cell::text(name)).collect();
    table.rows = flat.rows;
    // A row of numbers without a label is a list of one row from here on, as Matomo's answers have it.
    table.is_simple = false;
    table.set_metadata("dimensions", Cell::List(names));
}

struct Flat {
    report: Option<&'static Report>,
    separator: &'static str,
    below: Option<&'static str>,
    with_sums: bool,
    dimension: Option<u32>,
    rows: Vec<Row>,
    dimensions: Vec<String>,
}

impl Flat {
    fn first_dimension(&self) -> String {
        match self.report {
            Some(report) if !report.dimension_id.is_empty() => self.column(report.dimension_id),
            _ => "label1".to_owned(),
        }
    }

    /// A dimension as the name of a column.
    fn column(&self, id: &str) -> String {
        let name = id.replace('.', "_");
        match self.dimension {
            Some(number) if id == "CustomDimension.CustomDimension" => format!("{name}{number}"),
            _ => name,
        }
    }

    /// What the rows below a level are.
    fn below(&self, level: usize, prefix: &str) -> String {
        let id = self.report.and_then(|report| {
            let action = self.below.unwrap_or(report.action);
            let below = if level == 2 { report } else { reports::find(report.module, action)? };
            let below = if level == 2 { reports::find(report.module, action).unwrap_or(below) } else { below };
            (!below.dimension_id.is_empty()).then_some(below.dimension_id)
        });
        match id {
            Some(id) => self.column(id),
            None => format!("label{}", prefix.matches(self.separator).count() + 1),
        }
    }

    fn table(&mut self, rows: Vec<Row>, level: usize, dimension: &str, prefix: &str, logo: Option<&Cell>) {
        for row in rows {
            self.row(row, level, dimension, prefix, logo);
        }
    }

    fn row(&mut self, mut row: Row, level: usize, dimension: &str, prefix: &str, parent_logo: Option<&Cell>) {
        if !self.dimensions.iter().any(|known| known == dimension) {
            self.dimensions.push(dimension.to_owned());
        }
        let is_summary = std::mem::take(&mut row.is_summary);
        let has_label = row.get("label").is_some();
        let mut own = row.label().trim().to_owned();
        let mut label = own.clone();
        if has_label {
            if self.separator == "/" {
                if label.starts_with('/') && prefix.ends_with('/') {
                    label.remove(0);
                    own.clone_from(&label);
                } else if is_summary && !prefix.is_empty() && label != "-1" {
                    label = format!(" - {label}");
                }
            }
            if is_summary {
                row.remove_metadata("url");
                row.set_metadata("is_summary", Cell::Bool(true));
            }
            label = format!("{prefix}{label}");
            row.set("label", Value::text(&label));
            // PHP takes `0` for nothing.
            if let Some(above) = row.metadata(dimension).and_then(Cell::as_str).filter(|above| !matches!(*above, "" | "0")) {
                own = if is_summary && self.separator == "/" {
                    format!("{above}{} - {own}", self.separator)
                } else {
                    format!("{above}{}{own}", self.separator)
                };
            }
            row.set_metadata(Name::Owned(dimension.to_owned()), Value::text(&own));
        }
        if row.metadata("logo").is_none()
            && let Some(logo) = parent_logo
        {
            row.set_metadata("logo", logo.clone());
        }
        let logo = row.metadata("logo").cloned();
        row.subtable_id = None;
        let Some(below) = row.subtable.take() else {
            if self.with_sums {
                row.set_metadata("is_aggregate", 0i64);
            }
            self.rows.push(row);
            return;
        };
        if self.with_sums {
            row.set_metadata("is_aggregate", 1i64);
            self.rows.push(row.clone());
        }
        let prefix = format!("{label}{}", self.separator);
        let sub_dimension = self.below(level, &prefix);
        let mut rows = below.rows;
        if has_label {
            for sub in &mut rows {
                for (name, cell) in &row.metadata {
                    if sub.metadata(name).is_none() {
                        sub.set_metadata(name.clone(), cell.clone());
                    }
                }
                sub.set_metadata(Name::Owned(dimension.to_owned()), Value::text(&own));
            }
        }
        self.table(rows, level + 1, &sub_dimension, &prefix, logo.as_ref());
    }
}

/// Gives the rows that sum up what was cut off their name.
pub(super) fn name_others(table: &mut DataTable) {
    for row in &mut table.rows {
        if row.is_summary && row.label() == "-1" {
            row.set("label", Value::text(OTHERS));
        }
        if let Some(below) = &mut row.subtable {
            name_others(below);
        }
    }
}
