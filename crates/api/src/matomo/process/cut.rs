//! Cutting long reports as Matomo's archives are, where this server is told to.

use footfall_model::{DataTable, Row, Value};
use footfall_report::{Limited, Report, Tables, calculate};

use super::{
    super::{dispatch::Call, methods},
    generic::OTHERS,
    sort,
};

/// Columns that Matomo does not add up for what it cut from reports of actions.
const NOT_ADDED: [&str; 3] = ["nb_uniq_visitors", "entry_nb_uniq_visitors", "exit_nb_uniq_visitors"];

/// Cuts a report's tables at this server's row limits, when it has any.
pub(in crate::matomo) fn apply(call: Call<'_>, report: &'static Report, tables: &mut Tables) {
    let limits = call.ctx.settings.reports.row_limits.as_ref();
    let Some((own, below)) = limits.and_then(|limits| limits.of(report.limited)) else {
        return;
    };
    let most = if report.is_subtable || call.request.filled("idSubtable").is_some() { below } else { own };
    let options = methods::report::options(call.request);
    tables.each(&mut |sheet| {
        if !sheet.table.is_simple {
            keep(&mut sheet.table, most, below, report.limited);
            for row in sheet.table.rows.iter_mut().filter(|row| row.is_summary) {
                (report.others)(row, &options);
            }
        }
    });
}

fn keep(table: &mut DataTable, most: usize, below: usize, limited: Limited) {
    if most > 0 && table.rows.len() > most {
        sort::table(table, "nb_visits", false);
        let cut = table.rows.split_off(most - 1);
        let mut others = Row { is_summary: true, ..Row::labelled(Value::text(OTHERS)) };
        for row in &cut {
            calculate::sum_rows(&mut others, row);
        }
        if matches!(limited, Limited::Actions | Limited::SiteSearch) {
            others.columns.retain(|(name, _)| !NOT_ADDED.contains(&name.as_ref()));
        }
        table.rows.push(others);
    }
    for row in &mut table.rows {
        if let Some(rows) = &mut row.subtable {
            keep(rows, below, below, limited);
        }
    }
}
