//! Cutting long reports as Matomo's archives are, where this server is told to.

use footfall_model::{Cell, DataTable, PeriodKind, Row, Value};
use footfall_report::{Limited, Options, Report, Sheet, Tables, calculate};

use super::{
    super::{Failure, dispatch::Call, methods},
    archived::Archive,
    generic::OTHERS,
    sort,
};

/// Columns that Matomo does not add up for what it cut from a day's reports of actions.
const NOT_ADDED: [&str; 3] = ["nb_uniq_visitors", "entry_nb_uniq_visitors", "exit_nb_uniq_visitors"];

/// How many rows a report's tables keep, and how a day's are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// Of its own table.
    own: usize,
    /// Of each table below.
    below: usize,
    /// Whether they are reports of actions: their days are cut as rows come, and visitors of what was cut are not added up.
    of_actions: bool,
}

/// Cuts a report's tables at this server's row limits, when it has any.
pub(in crate::matomo) async fn apply(call: Call<'_>, report: &'static Report, tables: &mut Tables) -> Result<(), Failure> {
    let limits = call.ctx.settings.reports.row_limits.as_ref();
    let Some((own, below)) = limits.and_then(|limits| limits.of(report.limited)) else {
        return Ok(());
    };
    let options = methods::report::options(call.request);
    let is_below = report.is_subtable || options.subtable.is_some();
    let of_actions = report.module == "Actions" && matches!(report.limited, Limited::Actions | Limited::SiteSearch);
    let limits = Limits { own: if is_below { below } else { own }, below, of_actions };
    let mut sheets = Vec::new();
    tables.each(&mut |sheet| sheets.push(std::mem::replace(sheet, Sheet { table: DataTable::default(), slice: None })));
    let mut cut = Vec::with_capacity(sheets.len());
    for mut sheet in sheets {
        if !sheet.table.is_simple && is_longer(&sheet.table, limits.own, limits) {
            keep_sheet(call, report, &mut sheet, &options, limits, is_below).await?;
        }
        cut.push(sheet);
    }
    let mut cut = cut.into_iter();
    tables.each(&mut |sheet| {
        if let Some(done) = cut.next() {
            *sheet = done;
        }
    });
    Ok(())
}

async fn keep_sheet(
    call: Call<'_>,
    report: &'static Report,
    sheet: &mut Sheet,
    options: &Options,
    limits: Limits,
    is_below: bool,
) -> Result<(), Failure> {
    match &sheet.slice {
        Some(slice) if slice.period.kind != PeriodKind::Day && !is_below => {
            let reader = call.ctx.reader();
            sheet.table = Archive { reader: &reader, report, options, limits }.table(slice).await?;
        }
        Some(slice) if slice.period.kind == PeriodKind::Day => day(&mut sheet.table, limits),
        _ => period(&mut sheet.table, limits),
    }
    for row in sheet.table.rows.iter_mut().filter(|row| row.is_summary) {
        (report.others)(row, options);
    }
    Ok(())
}

/// Whether any of the tables has more rows than it may.
fn is_longer(table: &DataTable, most: usize, limits: Limits) -> bool {
    let is_full = |n: usize| n > most || (limits.of_actions && n == most);
    (most > 0 && is_full(table.rows.len()))
        || table.rows.iter().filter_map(|row| row.subtable.as_ref()).any(|rows| is_longer(rows, limits.below, limits))
}

/// Cuts a day's tables. Those of actions keep the rows that came first, and a row for the rest as soon as they are full.
pub(super) fn day(table: &mut DataTable, limits: Limits) {
    keep(table, limits.own, limits, limits.of_actions);
}

/// Cuts tables that were added up: the rows with the most visits stay.
pub(super) fn period(table: &mut DataTable, limits: Limits) {
    keep(table, limits.own, limits, false);
}

fn keep(table: &mut DataTable, most: usize, limits: Limits, as_they_come: bool) {
    let n = table.rows.len();
    if most > 0 && (n > most || (as_they_come && n == most && table.rows.iter().all(|row| !row.is_summary))) {
        if !as_they_come {
            sort::table(table, "nb_visits", false);
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
pub(super) fn renew(row: &mut Row) {
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
