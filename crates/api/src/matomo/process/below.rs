//! The rows below a row, asked for as a request of their own.

use footfall_model::DataTable;
use footfall_report::{Periods, Report, Scope, Slice, Tables, reports};
use std::sync::Arc;

use super::{
    super::{Failure, MatomoRequest, dispatch::Call, methods},
    process,
};

/// The request for the rows below a row of another request's table.
pub(super) fn request(of: &MatomoRequest, id: u64) -> MatomoRequest {
    let mut request = of.clone();
    for name in ["label", "flat", "compare", "filter_pattern_recursive", "filter_sort_column", "expanded", "pivotBy"] {
        request.remove(name);
    }
    request.set("idSubtable", &id.to_string());
    request.set("totals", "0");
    request.set("format_metrics", "0");
    request
}

/// The rows, processed as the call's request says.
pub(super) async fn rows(call: Call<'_>, report: &'static Report, slice: &Slice) -> Result<DataTable, Failure> {
    let action = report.rows_below(call.request.filled("secondaryDimension")).unwrap_or(report.action);
    let report = reports::find(report.module, action).unwrap_or(report);
    one(call, report, slice).await
}

/// A report of one slice, processed as the call's request says.
pub(in crate::matomo) async fn one(call: Call<'_>, report: &'static Report, slice: &Slice) -> Result<DataTable, Failure> {
    let wanted = Scope {
        sites: vec![Arc::clone(&slice.site)],
        by_site: false,
        periods: Periods::One(slice.period),
        segment: Arc::clone(&slice.segment),
    };
    let options = methods::report::options(call.request);
    let tables = call.ctx.reader().run(report, &wanted, &options).await?;
    match process(call, Some(report), tables).await? {
        Tables::One(sheet) => Ok(sheet.table),
        Tables::Each { .. } => Ok(DataTable::default()),
    }
}
