//! What happens to a table between its making and its writing, in Matomo's order: pivot, totals, flatten, generic filters,
//! calculated metrics, comparison, what the report asked for last, columns, label, format.

mod format;

use footfall_report::{Report, calculate};

use super::{Answer, Failure, dispatch::Call};

/// Processes a method's answer as the request asks.
pub(super) async fn answer(call: Call<'_>, report: Option<&'static Report>, answer: Answer) -> Result<Answer, Failure> {
    let Answer::Tables(mut tables) = answer else {
        return Ok(answer);
    };
    let processed = report.map_or(&[][..], |report| report.processed);
    tables.each(&mut |sheet| calculate::add(&mut sheet.table, processed));
    format::tables(call.request, report, &mut tables);
    Ok(Answer::Tables(tables))
}
