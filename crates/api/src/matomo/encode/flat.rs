//! Rows as one list of named values each: columns, then metadata, then the number and rows of the table below.

use footfall_model::{Cell, DataTable, Name, Row};
use footfall_report::Tables;

use super::super::{MatomoRequest, Part};

/// How tables are laid out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// Whether the rows below are written into their rows.
    pub(super) expanded: bool,
    /// Whether the numbers of the tables below are left out.
    pub(super) hides_ids: bool,
}

impl Shape {
    /// The layout a request asks for.
    pub(super) fn of(request: &MatomoRequest) -> Shape {
        Shape { expanded: request.flag("expanded"), hides_ids: request.flag("hideIdSubDatable") }
    }

    /// A row as named values.
    pub(super) fn row(self, row: &Row) -> Vec<(Name, Cell)> {
        let mut entries: Vec<(Name, Cell)> = row.columns.clone().into();
        entries.extend(self.beside(row).map(|(name, cell)| (name.clone(), cell.clone())));
        entries.extend(self.number(row).map(|(name, id)| (Name::Borrowed(name), id)));
        entries.extend(self.below(row).map(|below| (Name::Borrowed("subtable"), Cell::List(self.rows(below)))));
        entries
    }

    /// What stands beside a row's columns: metadata of other names than theirs.
    pub(super) fn beside(self, row: &Row) -> impl Iterator<Item = &(Name, Cell)> {
        row.metadata.iter().filter(|(name, _)| row.columns.get(name).is_none())
    }

    /// The number of the table below a row, under its name.
    pub(super) fn number(self, row: &Row) -> Option<(&'static str, Cell)> {
        let id = row.subtable_id.filter(|_| !self.hides_ids)?;
        Some(("idsubdatatable", Cell::from(id as i64)))
    }

    /// The table below a row, where it is written into it.
    pub(super) fn below(self, row: &Row) -> Option<&DataTable> {
        row.subtable.as_deref().filter(|_| self.expanded)
    }

    /// Every row as named values.
    pub(super) fn rows(self, table: &DataTable) -> Vec<Cell> {
        table.rows.iter().map(|row| Cell::Map(self.row(row))).collect()
    }

    /// A table as plain values: rows, named values, or one value alone.
    pub(super) fn table(self, table: &DataTable) -> Cell {
        if !table.is_simple {
            return Cell::List(self.rows(table));
        }
        let Some(row) = table.rows.first() else {
            return Cell::List(Vec::new());
        };
        let mut entries: Vec<(Name, Cell)> = row.columns.clone().into();
        if let Some(comparisons) = row.metadata("comparisons") {
            entries.push(("comparisons".into(), comparisons.clone()));
        }
        match entries.as_slice() {
            [] => Cell::List(Vec::new()),
            [(name, cell)] if name != "comparisons" => cell.clone(),
            _ => Cell::Map(entries),
        }
    }

    /// Named parts as plain values.
    pub(super) fn parts(self, parts: &[(Name, Part)]) -> Cell {
        // Within an answer of several parts the numbers of the tables below stay.
        let shape = Shape { hides_ids: false, ..self };
        let plain = |part: &Part| match part {
            Part::Data(cell) => cell.clone(),
            Part::Tables(tables) => shape.tables(tables),
        };
        Cell::Map(parts.iter().map(|(name, part)| (name.clone(), plain(part))).collect())
    }

    /// Tables as plain values: those of sites and periods by their keys.
    pub(super) fn tables(self, tables: &Tables) -> Cell {
        match tables {
            Tables::One(sheet) => self.table(&sheet.table),
            Tables::Each { tables, .. } => {
                Cell::Map(tables.iter().map(|(key, tables)| (Name::Owned(key.clone()), self.tables(tables))).collect())
            }
        }
    }
}
