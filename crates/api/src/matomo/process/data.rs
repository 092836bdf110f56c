//! What happens to answers that are no tables: lists are searched and cut, their columns hidden or shown.

use footfall_model::{Cell, Name};

use super::{
    super::{MatomoRequest, Param},
    columns, generic,
};

/// Searches and cuts a list as the request asks.
pub(super) fn apply(request: &MatomoRequest, cell: Cell) -> Cell {
    let mut cell = match cell {
        Cell::Map(entries) if entries.first().is_some_and(|(name, _)| name.parse::<i64>().is_ok()) => numbered(request, entries),
        Cell::List(cells) => Cell::List(cut(request, search(request, cells))),
        other => return other,
    };
    let (hidden, shown) = (request.words("hideColumns"), request.words("showColumns"));
    if !hidden.is_empty() || !shown.is_empty() {
        let rows: Vec<&mut Cell> = match &mut cell {
            Cell::List(cells) => cells.iter_mut().collect(),
            Cell::Map(entries) => entries.iter_mut().map(|(_, cell)| cell).collect(),
            _ => Vec::new(),
        };
        for row in rows {
            if let Cell::Map(entries) = row {
                columns::entries(entries, &hidden, &shown);
            }
        }
    }
    cell
}

/// Rows that are keyed by number become a list where they are cut, as at Matomo.
fn numbered(request: &MatomoRequest, entries: Vec<(Name, Cell)>) -> Cell {
    if request.int("filter_limit").unwrap_or(-1) < 0 && request.int("filter_offset").unwrap_or(0) <= 0 {
        return Cell::Map(entries);
    }
    let cells = entries.into_iter().map(|(_, cell)| cell).collect();
    Cell::List(cut(request, search(request, cells)))
}

fn search(request: &MatomoRequest, cells: Vec<Cell>) -> Vec<Cell> {
    // Only a list of columns is read here.
    let columns = match request.get("filter_column") {
        Some(Param::List(_)) => request.texts("filter_column"),
        _ => Vec::new(),
    };
    let Some(pattern) = request.filled("filter_pattern").filter(|_| !columns.is_empty()).and_then(generic::compile) else {
        return cells;
    };
    let matches = |cell: &Cell| {
        cell.as_map().is_some_and(|entries| {
            entries
                .iter()
                .any(|(name, cell)| columns.iter().any(|column| name == column) && pattern.is_match(&generic::text(Some(cell))))
        })
    };
    cells.into_iter().filter(matches).collect()
}

fn cut(request: &MatomoRequest, cells: Vec<Cell>) -> Vec<Cell> {
    let limit = request.int("filter_limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let offset = request.int("filter_offset").and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
    cells.into_iter().skip(offset).take(limit).collect()
}
