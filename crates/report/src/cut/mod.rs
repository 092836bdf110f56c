//! Cutting long reports as Matomo's archives are, where this server is told to.

mod archived;
mod order;
mod row_limits;

use footfall_model::{Cell, DataTable, Error, PeriodKind, Row, Value};

use self::archived::Archive;
pub use self::row_limits::{Limited, RowLimits};
use crate::{Ask, Report, calculate};

/// What the row is called that sums up what was cut off.
pub const OTHERS: &str = "Others";

/// Columns that Matomo does not add up for what it cut from a day's reports of actions.
const NOT_ADDED: [&str; 3] = ["nb_uniq_visitors", "entry_nb_uniq_visitors", "exit_nb_uniq_visitors"];

/// How many rows a report's tables keep, and how a day's are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limits {
    /// Of its own table.
    own: usize,
    /// Of each table below.
    below: usize,
    /// Whether they are reports of actions: their days are cut as rows come, and visitors of what was cut are not added up.
    of_actions: bool,
}

impl Ask<'_> {
    /// The report's table, cut at this server's row limits when it has any.
    ///
    /// # Errors
    /// When the segment is not known, or the store cannot answer.
    pub async fn table(&self) -> Result<DataTable, Error> {
        let mut table = (self.report.make)(self).await?;
        let Some(limits) = self.limits() else {
            return Ok(table);
        };
        let is_day = self.slice.period.kind == PeriodKind::Day;
        if table.is_simple || !(is_longer(&table, limits.own, limits) || (self.report.by_days && !is_day)) {
            return Ok(table);
        }
        if is_day {
            day(&mut table, limits);
        } else if self.is_below() {
            period(&mut table, limits);
        } else {
            table = Archive { ask: self, limits }.table(self.slice).await?;
        }
        for row in &mut table.rows {
            if row.is_summary {
                (self.report.others)(row, self.options);
            } else if let Some(below) = &mut row.subtable {
                below.each_row(&mut |row| {
                    if row.is_summary {
                        (self.report.others_below)(row, self.options);
                    }
                });
            }
        }
        Ok(table)
    }

    fn is_below(&self) -> bool {
        self.report.is_subtable || self.options.subtable.is_some()
    }

    fn limits(&self) -> Option<Limits> {
        let (own, below) = self.reader.settings.row_limits.as_ref()?.of(self.report.limited)?;
        Some(Limits { own: if self.is_below() { below } else { own }, below, of_actions: is_of_actions(self.report) })
    }
}

fn is_of_actions(report: &Report) -> bool {
    report.module == "Actions" && matches!(report.limited, Limited::Actions | Limited::SiteSearch)
}

/// Whether any of the tables has more rows than it may.
fn is_longer(table: &DataTable, most: usize, limits: Limits) -> bool {
    let is_full = |n: usize| n > most || (limits.of_actions && n == most);
    (most > 0 && is_full(table.rows.len()))
        || table.rows.iter().filter_map(|row| row.subtable.as_ref()).any(|rows| is_longer(rows, limits.below, limits))
}

/// Cuts a day's tables. Those of actions keep the rows that came first, and a row for the rest as soon as they are full.
fn day(table: &mut DataTable, limits: Limits) {
    keep(table, limits.own, limits, limits.of_actions);
}

/// Cuts tables that were added up: the rows with the most visits stay.
fn period(table: &mut DataTable, limits: Limits) {
    keep(table, limits.own, limits, false);
}

fn keep(table: &mut DataTable, most: usize, limits: Limits, as_they_come: bool) {
    let n = table.rows.len();
    if most > 0 && (n > most || (as_they_come && n == most && table.rows.iter().all(|row| !row.is_summary))) {
        if !as_they_come {
            order::by_visits(table);
        }
        let cut = table.rows.split_off(most - 1);
        let mut others = Row { is_summary: true, ..Row::labelled(Value::text(OTHERS)) };
        for row in &cut {
            calculate::sum_rows(&mut others, row);
        }
        if as_they_come {
            others.columns.retain(|(name, _)| !NOT_ADDED.contains(&name.as_ref()));
        }
        renew(&mut others);
        table.rows.push(others);
    }
    for row in &mut table.rows {
        if let Some(rows) = &mut row.subtable {
            keep(rows, limits.below, limits, as_they_come);
        }
    }
}

/// Works out again what a report made of a row's numbers before they were added up.
fn renew(row: &mut Row) {
    if row.get("nb_pages_per_search").is_some() {
        let of = if row.get("nb_hits").is_some() { "nb_hits" } else { "nb_actions" };
        let made = calculate::ratio(row, of, "nb_visits", 1).unwrap_or_default();
        row.set("nb_pages_per_search", Cell::Value(made));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(visits: &[(&str, i64)]) -> DataTable {
        let rows = visits
            .iter()
            .map(|(label, visits)| {
                let mut row = Row::labelled(Value::text(label));
                row.set("nb_visits", *visits);
                row.set("nb_uniq_visitors", 1i64);
                row
            })
            .collect();
        DataTable { rows, ..DataTable::default() }
    }

    fn shown(table: &DataTable) -> Vec<(&str, Option<f64>, Option<f64>)> {
        table.rows.iter().map(|row| (row.label(), row.number("nb_visits"), row.number("nb_uniq_visitors"))).collect()
    }

    #[test]
    fn the_rows_with_the_most_visits_stay() {
        let limits = Limits { own: 3, below: 3, of_actions: false };
        let mut four = table(&[("a", 1), ("b", 2), ("c", 4), ("d", 3)]);
        day(&mut four, limits);
        assert_eq!(shown(&four), [("c", Some(4.0), Some(1.0)), ("d", Some(3.0), Some(1.0)), (OTHERS, Some(3.0), Some(2.0))]);
        let mut three = table(&[("a", 1), ("b", 2), ("c", 4)]);
        day(&mut three, limits);
        assert_eq!(three.rows.len(), 3);
        assert!(three.rows.iter().all(|row| !row.is_summary));
    }

    #[test]
    fn a_day_s_actions_are_cut_as_they_come() {
        let limits = Limits { own: 3, below: 3, of_actions: true };
        let mut three = table(&[("a", 1), ("b", 2), ("c", 4)]);
        day(&mut three, limits);
        assert_eq!(shown(&three), [("a", Some(1.0), Some(1.0)), ("b", Some(2.0), Some(1.0)), (OTHERS, Some(4.0), None)]);
    }
}
