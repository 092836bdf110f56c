//! What happens to a table between its making and its writing, in Matomo's order: pivot, flatten, generic filters, calculated
//! metrics, comparison, what the report asked for last, columns, label, format.

mod added;
pub(super) mod below;
pub(super) mod columns;
mod compare;
mod data;
pub(super) mod decode;
mod flatten;
pub(super) mod format;
pub(super) mod generic;
pub(super) mod label;
pub(super) mod metric;
mod pivot;
pub(super) mod sort;
mod totals;

use footfall_model::{Cell, DataTable, Value};
use footfall_report::{Ask, Report, Sheet, Tables, names::currencies, record::timings::TIMINGS};
use futures::future::{BoxFuture, FutureExt};

use self::{format::Wanted, metric::Metric};
use super::{Answer, Failure, MatomoRequest, dispatch::Call, metadata, methods};

/// Processes a method's answer as the request asks.
pub(super) async fn answer(call: Call<'_>, report: Option<&'static Report>, answer: Answer) -> Result<Answer, Failure> {
    Ok(match answer {
        Answer::Tables(tables) => Answer::Tables(process(call, report, tables).await?),
        Answer::Data(cell) => Answer::Data(data::apply(call.request, cell)),
        other => other,
    })
}

/// Processes tables as the call's request asks.
pub(super) fn process<'a>(
    call: Call<'a>,
    report: Option<&'static Report>,
    mut tables: Tables,
) -> BoxFuture<'a, Result<Tables, Failure>> {
    async move {
        let mut sheets = Vec::new();
        collect(&mut tables, &mut sheets);
        let mut begun = Vec::with_capacity(sheets.len());
        for sheet in sheets {
            begun.push(begin(call, report, sheet).await?);
        }
        if let Some(report) = report {
            compare::apply(call, report, &mut tables).await?;
        } else {
            compare::refuse(call.request)?;
        }
        let mut sheets = Vec::new();
        collect(&mut tables, &mut sheets);
        for (index, sheet) in sheets.into_iter().enumerate() {
            // Comparison adds periods at the end; they are finished like the last one.
            if let Some(begun) = begun.get(index).or(begun.last()) {
                end(call, report, sheet, begun).await?;
            }
        }
        Ok(tables)
    }
    .boxed()
}

fn collect<'a>(tables: &'a mut Tables, sheets: &mut Vec<&'a mut Sheet>) {
    match tables {
        Tables::One(sheet) => sheets.push(sheet),
        Tables::Each { tables, .. } => tables.iter_mut().for_each(|(_, tables)| collect(tables, sheets)),
    }
}

/// Whether a visit log is asked for: it comes in order and in pieces, and is not flattened, sorted and cut again.
fn is_log(request: &MatomoRequest) -> bool {
    request.text("method").is_some_and(|method| method.starts_with("Live.") || method == "PrivacyManager.findDataSubjects")
}

/// Whether the rows below those at the top have a part in the answer. Where they have none they are let go before they are worked
/// on: a report of pages has a hundred folders and many thousand pages.
pub(super) fn looks_below(request: &MatomoRequest) -> bool {
    let names = ["pivotBy", "filter_pattern_recursive", "label", "compareDates", "comparePeriods", "compareSegments"];
    request.flag("expanded") || request.text("flat") == Some("1") || names.iter().any(|name| request.get(name).is_some())
}

/// What the first half of the way leaves for the second.
struct Begun {
    metrics: Vec<Metric>,
    pivoted: Option<pivot::Pivoted>,
}

/// Up to the calculated metrics.
async fn begin(call: Call<'_>, report: Option<&'static Report>, sheet: &mut Sheet) -> Result<Begun, Failure> {
    let request = call.request;
    if !looks_below(request) {
        for row in &mut sheet.table.rows {
            row.subtable = None;
        }
    }
    let deep: Vec<Metric> = report.map_or(&[][..], |report| report.processed).iter().copied().map(Metric::Known).collect();
    let top: Vec<Metric> = report.map_or(&[][..], |report| report.root_processed).iter().copied().map(Metric::Known).collect();
    let mut pivoted = None;
    if request.filled("pivotBy").is_some() {
        metric::add(&mut sheet.table, &[], &top, &deep);
        pivoted = Some(pivot::apply(call, report, sheet).await?);
    }
    if request.int("totals").unwrap_or(0) == 1 {
        totals::add(report, &mut sheet.table, &top, &deep);
    }
    if request.text("flat") == Some("1") && !is_log(request) {
        flatten::apply(report, &mut sheet.table, request);
    }
    let mut added = Vec::new();
    if !request.flag("disable_generic_filters") {
        added = added::add(request, &mut sheet.table);
        if pivoted.is_none() && is_needed_early(request, added.iter().chain(&top).chain(&deep)) {
            metric::add(&mut sheet.table, &added, &top, &deep);
        }
        if is_log(request) {
            generic::filter(request, &mut sheet.table);
        } else {
            generic::apply(request, report, &mut sheet.table, !label::wanted(request).is_empty());
        }
    }
    // What is pivoted has been worked out before; its columns are other things now.
    if pivoted.is_none() {
        metric::add(&mut sheet.table, &added, &top, &deep);
    }
    Ok(Begun { metrics: top.into_iter().chain(added).chain(deep).collect(), pivoted })
}

/// From what the report asks for last on.
async fn end(call: Call<'_>, report: Option<&'static Report>, sheet: &mut Sheet, begun: &Begun) -> Result<(), Failure> {
    let request = call.request;
    if report.is_some_and(finds_segments_late) {
        sheet.table.each_row(&mut |row| {
            if let Some(segment) = row.remove_metadata("segment") {
                row.set_metadata("segment", segment);
            }
        });
    }
    if !request.flag("disable_queued_filters") {
        finish(call, report, sheet, begun.pivoted.as_ref());
    }
    columns::apply(request, &mut sheet.table, &begun.metrics, is_log(request));
    let labels = label::wanted(request);
    if !labels.is_empty() {
        // Rows are looked for by what they are called in the language of the request.
        metadata::name_rows(call.ctx, request, &mut sheet.table);
        label::keep(call, report, sheet, &labels).await?;
    }
    if let Some(wanted) = Wanted::of(request) {
        let currency = sheet.slice.as_ref().and_then(|slice| currencies::symbol(&slice.site.currency)).unwrap_or("$");
        format::table(wanted, &mut sheet.table, &begun.metrics, currency);
    }
    show_text_sums(&mut sheet.table);
    Ok(())
}

/// Whether Matomo tells the segments of a report's rows only after they were made flat: they stand behind all else in exports.
fn finds_segments_late(report: &'static Report) -> bool {
    const LATE: [&str; 6] =
        ["getLanguage", "getSiteSearchKeywords", "getBrowsers", "getBrowserEngines", "getResolution", "getCountry"];
    matches!(report.module, "Contents" | "Events" | "VisitTime") || LATE.contains(&report.action)
}

/// Writes the sums as text that Matomo's JSON has as text.
fn show_text_sums(table: &mut DataTable) {
    table.each_row(&mut |row| {
        for name in std::mem::take(&mut row.text_sums) {
            let text = match row.get(&name) {
                Some(Cell::Value(value)) if is_timing(&name) => value.as_f64().map(|seconds| format!("{seconds:.4}")),
                Some(Cell::Value(Value::Int(number))) => Some(number.to_string()),
                _ => None,
            };
            if let Some(text) = text {
                row.set(name, Value::text(&text));
            }
        }
    });
}

/// Whether a column is the sum of a timing, which is kept to a tenth of a millisecond.
fn is_timing(name: &str) -> bool {
    TIMINGS.iter().any(|timing| timing.sum == name)
}

/// Whether rows are picked or sorted by something that is worked out.
fn is_needed_early<'a>(request: &MatomoRequest, mut metrics: impl Iterator<Item = &'a Metric>) -> bool {
    let columns = ["filter_column", "filter_column_recursive", "filter_excludelowpop", "filter_sort_column"];
    let named: Vec<&str> = columns.iter().filter_map(|name| request.filled(name)).collect();
    !named.is_empty() && metrics.any(|metric| named.contains(&metric.name().as_str()))
}

/// What a report asks for last, then the labels as they are shown.
fn finish(call: Call<'_>, report: Option<&'static Report>, sheet: &mut Sheet, pivoted: Option<&pivot::Pivoted>) {
    if let Some(pivoted) = pivoted {
        pivoted.rename(&mut sheet.table);
    } else if let (Some(report), Some(slice)) = (report, &sheet.slice) {
        let reader = call.ctx.reader();
        let options = methods::report::options(call.request);
        let ask = Ask { reader: &reader, report, slice, options: &options };
        for step in report.queued {
            step(&mut sheet.table, &ask);
        }
    }
    flatten::name_others(&mut sheet.table);
    decode::labels(&mut sheet.table);
}
