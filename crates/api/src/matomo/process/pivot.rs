//! Turning a table by another dimension: a column for each of the most frequent values of it.

use std::{collections::HashMap, sync::Arc};

use footfall_model::{Cell, DataTable, Name, Row};
use footfall_report::{Report, Sheet, Slice, reports};

use super::{
    super::{Failure, MatomoRequest, dispatch::Call, scope},
    below,
    generic::OTHERS,
};

/// How many columns unless asked otherwise.
const COLUMNS: usize = 10;

/// The names the columns get at the end: the most frequent first, numbered.
pub(super) struct Pivoted(Vec<(String, String)>);

impl Pivoted {
    /// Gives the columns their names.
    pub(super) fn rename(&self, table: &mut DataTable) {
        for row in &mut table.rows {
            for (name, cell) in std::mem::take(&mut row.columns) {
                let name = match self.0.iter().find(|(known, _)| *known == name) {
                    Some((_, shown)) => Name::Owned(shown.clone()),
                    None => name,
                };
                row.columns.push((name, cell));
            }
        }
    }
}

/// Turns a table by the request's `pivotBy`.
pub(super) async fn apply(call: Call<'_>, report: Option<&'static Report>, sheet: &mut Sheet) -> Result<Pivoted, Failure> {
    let by = call.request.filled("pivotBy").unwrap_or_default().to_owned();
    let report = report.ok_or_else(|| Failure::new("This report does not support pivot."))?;
    let fetch = find(call, report, &by, sheet.slice.as_ref())?;
    let column = match call.request.filled("pivotByColumn") {
        Some(column) => column.to_owned(),
        None => first_column(&sheet.table),
    };
    let limit = call.request.int("pivotByColumnLimit").filter(|n| *n != 0).map_or(COLUMNS as i64, |n| n);
    let slice = sheet.slice.clone();
    let mut sums: HashMap<String, f64> = HashMap::new();
    for row in &mut sheet.table.rows {
        let values = match (&fetch, row.subtable.take()) {
            (Fetch::Below, Some(rows)) => Some(*rows),
            (Fetch::Below, None) => None,
            (Fetch::BySegment(other), _) => match &slice {
                Some(slice) => Some(by_segment(call, other, report.segment, slice, row).await?),
                None => None,
            },
        };
        row.subtable_id = None;
        row.columns.retain(|(name, _)| name == "label");
        row.remove_metadata("segment");
        for one in values.iter().flat_map(|table| &table.rows) {
            let value = one.get(&column).cloned().unwrap_or(Cell::Bool(false));
            *sums.entry(one.label().to_owned()).or_default() += value.as_f64().unwrap_or_default();
            row.set(one.label().to_owned(), value);
        }
    }
    let names = ranked(sums, limit);
    for row in &mut sheet.table.rows {
        arrange(row, &names);
    }
    let mut number = 0;
    let shown = names.into_iter().map(|name| {
        if name == OTHERS {
            return (name.clone(), name);
        }
        number += 1;
        let shown = format!("{number}.\u{a0}{name}");
        (name, shown)
    });
    Ok(Pivoted(shown.collect()))
}

/// Where the values come from.
enum Fetch {
    /// From the rows below.
    Below,
    /// From another report, for the visits of the row.
    BySegment(Other),
}

/// The report that gives the columns.
struct Other {
    report: &'static Report,
    /// The custom dimension it is about, where it is about one.
    custom: Option<u32>,
}

/// The number of a custom dimension that is named; it is known only where one site is asked about that uses it.
fn custom(call: Call<'_>, by: &str, slice: Option<&Slice>) -> Option<u32> {
    let number: u32 = by.strip_prefix(reports::custom_dimensions::GET.dimension_id)?.parse().ok()?;
    let site = &slice?.site;
    let is_asked = call.request.int("idSite").is_some_and(|id| id == i64::from(site.id.0));
    site.dimensions.iter().find(|known| is_asked && known.active && known.id == number).map(|known| known.id)
}

fn find(call: Call<'_>, report: &'static Report, by: &str, slice: Option<&Slice>) -> Result<Fetch, Failure> {
    let custom = custom(call, by, slice);
    let is_of = |known: &Report| known.dimension_id == by && !by.is_empty() && by != reports::custom_dimensions::GET.dimension_id;
    if custom.is_none() && !reports::ALL.iter().any(|known| is_of(known)) {
        return Err(Failure::new(format!("Invalid dimension '{by}'.")));
    }
    if report.is_hidden {
        return Err(Failure::new("This report does not support pivot."));
    }
    let below = subdimension(report, call.request.filled("secondaryDimension"));
    if below == Some(by) {
        return Ok(Fetch::Below);
    }
    let name = report.method();
    if !call.ctx.settings.pivots_by_segment {
        return Err(Failure::new(match below {
            None => format!("Unsupported pivot: report '{name}' has no subtable dimension."),
            Some(below) => format!(
                "Unsupported pivot: the subtable dimension for '{name}' does not match the requested pivotBy dimension. \
                 [subtable dimension = {below}, pivot by dimension = {by}]"
            ),
        }));
    }
    let other = match custom {
        Some(_) => Some(&reports::custom_dimensions::GET),
        None => reports::ALL.iter().copied().find(|known| is_of(known) && !known.is_subtable),
    };
    let Some(other) = other else {
        return Err(Failure::new(format!(
            "Unsupported pivot: No report for pivot dimension '{by}' (report required for fetching intersected tables by segment)."
        )));
    };
    if report.segment.is_empty() && report.method() != reports::custom_dimensions::GET.method() {
        return Err(Failure::new(format!(
            "Unsupported pivot: No segment for dimension of report '{name}'. (segment required for fetching intersected tables by \
             segment)."
        )));
    }
    Ok(Fetch::BySegment(Other { report: other, custom }))
}

/// What the rows below a report's rows are, when that is something else.
fn subdimension(report: &'static Report, secondary: Option<&str>) -> Option<&'static str> {
    let below = reports::find(report.module, report.rows_below(secondary)?)?;
    (!below.dimension_id.is_empty()).then_some(below.dimension_id)
}

async fn by_segment(call: Call<'_>, other: &Other, segment: &str, slice: &Slice, row: &Row) -> Result<DataTable, Failure> {
    let own = match row.metadata("segment").and_then(Cell::as_str) {
        Some(own) => own.to_owned(),
        None => format!("{segment}=={}", form_urlencoded::byte_serialize(row.label().as_bytes()).collect::<String>()),
    };
    let whole = match call.request.filled("segment") {
        Some(given) => format!("{given};{own}"),
        None => own,
    };
    let slice = Slice { segment: Arc::new(scope::parse_segment(&whole)?), ..slice.clone() };
    let mut request = MatomoRequest::default();
    request.set("disable_queued_filters", "1");
    request.set("disable_generic_filters", "1");
    request.set("totals", "0");
    if let Some(number) = other.custom {
        request.set("idDimension", &number.to_string());
    }
    below::one(Call { request: &request, ..call }, other.report, &slice).await
}

fn first_column(table: &DataTable) -> String {
    let columns = table.rows.iter().flat_map(|row| &row.columns);
    columns.map(|(name, _)| name).find(|name| *name != "label").map(ToString::to_string).unwrap_or_default()
}

/// The columns that stay, the most frequent first; the rest is summed up.
fn ranked(sums: HashMap<String, f64>, limit: i64) -> Vec<String> {
    let mut sums: Vec<(String, f64)> = sums.into_iter().collect();
    sums.sort_by(|(one, a), (two, b)| b.total_cmp(a).then_with(|| one.cmp(two)));
    let mut names: Vec<String> = sums.into_iter().map(|(name, _)| name).collect();
    if let Ok(limit) = usize::try_from(limit)
        && limit > 0
        && names.len() > limit
    {
        names.truncate(limit - 1);
        names.push(OTHERS.to_owned());
    }
    names
}

/// Every column in its place, `false` where the row does not have it.
fn arrange(row: &mut Row, names: &[String]) {
    let held = std::mem::take(&mut row.columns);
    let mut columns: Vec<(Name, Cell)> = vec![("label".into(), Cell::Bool(false))];
    columns.extend(names.iter().map(|name| (Name::Owned(name.clone()), Cell::Bool(false))));
    for (name, cell) in held {
        match columns.iter_mut().find(|(known, _)| *known == name) {
            Some((_, place)) => *place = cell,
            None => {
                if let Some((_, others)) = columns.iter_mut().find(|(known, _)| known == OTHERS) {
                    let sum = others.as_f64().unwrap_or_default() + cell.as_f64().unwrap_or_default();
                    *others = Cell::Value(footfall_report::number::number(sum));
                }
            }
        }
    }
    row.columns = columns.into();
}
