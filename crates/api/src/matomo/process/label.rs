//! The one row a request names: by its label, below a row by `>`, and a page's own title by `@`.

use footfall_model::{Cell, DataTable, Row};
use footfall_report::{Report, Sheet};

use super::{
    super::{Failure, MatomoRequest, Param, dispatch::Call, scope},
    below, decode,
};

/// The labels that a request names.
pub(in crate::matomo) fn wanted(request: &MatomoRequest) -> Vec<String> {
    match request.get("label") {
        Some(Param::List(_)) => request.texts("label"),
        Some(Param::Text(text)) if !text.is_empty() => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// Keeps the rows that the labels name, in the labels' order.
pub(in crate::matomo) async fn keep(
    call: Call<'_>,
    report: Option<&'static Report>,
    sheet: &mut Sheet,
    labels: &[String],
) -> Result<(), Failure> {
    let mut rows = Vec::new();
    let series = call.request.words("labelSeries");
    for (index, label) in labels.iter().enumerate() {
        let escaped = variations(report, label).into_iter().map(|variation| decode::escape(&variation));
        // What is encoded in a part is no separator: the label as it was sent is tried first.
        let sent = std::iter::once(label.trim().to_owned());
        for variation in sent.chain(escaped).chain(variations(report, label)) {
            let parts: Vec<&str> = variation.split('>').collect();
            let Some(mut row) = find(call, report, sheet, &parts).await? else {
                continue;
            };
            if call.request.flag("compare")
                && let Some(number) = series.get(index).and_then(|series| series.parse::<usize>().ok())
                && let Some(Cell::Table(compared)) = row.metadata("comparisons")
                && let Some(one) = compared.rows.get(number)
            {
                let pretty = one.metadata("compareSeriesPretty").and_then(Cell::as_str).unwrap_or_default();
                let label = format!("{} {pretty}", row.label());
                let mut one = one.clone();
                one.columns.insert(0, ("label".into(), Cell::text(&label)));
                row = one;
            }
            if call.request.flag("labelFilterAddLabelIndex") {
                row.set_metadata("label_index", index as i64);
            }
            rows.push(row);
            break;
        }
    }
    sheet.table.rows = rows;
    Ok(())
}

async fn find(call: Call<'_>, report: Option<&'static Report>, sheet: &Sheet, parts: &[&str]) -> Result<Option<Row>, Failure> {
    let Some((first, mut rest)) = parts.split_first() else {
        return Ok(None);
    };
    let Some(mut row) = row_of(report, &sheet.table, first).cloned() else {
        return Ok(None);
    };
    while let Some((next, after)) = rest.split_first() {
        let (Some(report), Some(slice), Some(id)) = (report, &sheet.slice, row.subtable_id) else {
            return Ok(None);
        };
        let mut request = below::request(call.request, id);
        request.set("filter_limit", "-1");
        let rows = below::rows(Call { request: &request, ..call }, report, slice).await?;
        let Some(found) = row_of(Some(report), &rows, next).cloned() else {
            return Ok(None);
        };
        row = found;
        rest = after;
    }
    Ok(Some(row))
}

fn row_of<'a>(report: Option<&'static Report>, table: &'a DataTable, part: &str) -> Option<&'a Row> {
    let identifier = table.metadata("row_identifier").and_then(Cell::as_str).unwrap_or("label");
    let named = |row: &Row| {
        let cell = row.get(identifier).or_else(|| row.metadata(identifier));
        cell.map(|cell| super::generic::text(Some(cell))).unwrap_or_default()
    };
    variations(report, part)
        .iter()
        .find_map(|wanted| table.rows.iter().rev().find(|row| decode::plain(&named(row)) == decode::plain(wanted)))
}

/// The ways a label may stand in a table. Titles of pages have a blank in front where they end.
fn variations(report: Option<&'static Report>, given: &str) -> Vec<String> {
    let given = given.trim();
    let terminal = given.strip_prefix('@');
    let label = scope::decode_plus(terminal.unwrap_or(given)).trim().to_owned();
    let is_title = report.is_some_and(|report| {
        report.module == "Actions" && ["getPageTitles", "getEntryPageTitles", "getExitPageTitles"].contains(&report.action)
    });
    if !is_title {
        return vec![label];
    }
    let ended = format!(" {label}");
    if terminal.is_some() { vec![ended, label] } else { vec![label, ended] }
}
