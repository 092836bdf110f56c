use std::borrow::Cow;

use crate::{Columns, Value};

/// The name of a column: mostly known at build time, sometimes made (`goal_3_revenue`).
pub type Name = Cow<'static, str>;

/// A value in an answer: a plain one, or one of the nested shapes reports know.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A plain value.
    Value(Value),
    /// Yes or no.
    Bool(bool),
    /// Named values in order, such as a goal's metrics.
    Map(Vec<(Name, Cell)>),
    /// A list.
    List(Vec<Cell>),
    /// A table, such as the comparisons of a row.
    Table(Box<DataTable>),
}

impl Cell {
    /// Nothing.
    pub const NULL: Cell = Cell::Value(Value::Null);

    /// Text from a borrowed string.
    pub fn text(given: &str) -> Cell {
        Cell::Value(Value::text(given))
    }

    /// The plain value, if it is one.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Cell::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The number, when this is one.
    pub fn as_f64(&self) -> Option<f64> {
        self.value()?.as_f64()
    }

    /// The text, when this is text.
    pub fn as_str(&self) -> Option<&str> {
        self.value()?.as_str()
    }

    /// The named values, when this is a map.
    pub fn as_map(&self) -> Option<&[(Name, Cell)]> {
        match self {
            Cell::Map(entries) => Some(entries),
            _ => None,
        }
    }
}

impl<T: Into<Value>> From<T> for Cell {
    fn from(value: T) -> Cell {
        Cell::Value(value.into())
    }
}

impl From<bool> for Cell {
    fn from(held: bool) -> Cell {
        Cell::Bool(held)
    }
}

/// One row of a report: columns in order, metadata beside them, and maybe a table below.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Columns in the order they are shown; `label` first where there is one.
    pub columns: Columns,
    /// What belongs to the row but is not a column: `url`, `logo`, `segment`, `code`.
    pub metadata: Vec<(Name, Cell)>,
    /// The rows below this one.
    pub subtable: Option<Box<DataTable>>,
    /// The number this row's subtable is asked for by (`idSubtable`).
    pub subtable_id: Option<u64>,
    /// Whether this is the row that sums up what was cut off.
    pub is_summary: bool,
    /// Columns whose sums one row of the store gave: Matomo's JSON has such numbers as text.
    pub text_sums: Vec<Name>,
}

impl Row {
    /// A row with nothing but a label.
    pub fn labelled(label: impl Into<Cell>) -> Row {
        Row { columns: vec![(Name::Borrowed("label"), label.into())].into(), ..Row::default() }
    }

    /// The column of this name.
    pub fn get(&self, name: &str) -> Option<&Cell> {
        self.columns.get(name)
    }

    /// The column's number; nothing when it is absent or no number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.as_f64()
    }

    /// Sets or adds a column.
    pub fn set(&mut self, name: impl Into<Name>, cell: impl Into<Cell>) {
        self.columns.set(name, cell);
    }

    /// Takes a column away.
    pub fn remove(&mut self, name: &str) -> Option<Cell> {
        self.columns.remove(name)
    }

    /// Gives a column another name where it stands; nothing happens when there is none.
    pub fn rename(&mut self, from: &str, to: impl Into<Name>) {
        self.columns.rename(from, to);
    }

    /// The row's label as text; empty when it has none.
    pub fn label(&self) -> &str {
        self.get("label").and_then(Cell::as_str).unwrap_or_default()
    }

    /// Sets or adds a metadata value.
    pub fn set_metadata(&mut self, name: impl Into<Name>, cell: impl Into<Cell>) {
        put(&mut self.metadata, name.into(), cell.into());
    }

    /// The metadata value of this name.
    pub fn metadata(&self, name: &str) -> Option<&Cell> {
        find(&self.metadata, name)
    }

    /// This row and every row below it, parents first.
    pub fn each(&mut self, take: &mut dyn FnMut(&mut Row)) {
        take(self);
        if let Some(below) = &mut self.subtable {
            below.each_row(take);
        }
    }

    /// Takes a metadata value away.
    pub fn remove_metadata(&mut self, name: &str) -> Option<Cell> {
        let at = self.metadata.iter().position(|(known, _)| known == name)?;
        Some(self.metadata.remove(at).1)
    }
}

fn find<'a>(entries: &'a [(Name, Cell)], name: &str) -> Option<&'a Cell> {
    entries.iter().find(|(known, _)| known == name).map(|(_, cell)| cell)
}

fn put(entries: &mut Vec<(Name, Cell)>, name: Name, cell: Cell) {
    match entries.iter_mut().find(|(known, _)| *known == name) {
        Some((_, held)) => *held = cell,
        None => entries.push((name, cell)),
    }
}

/// Rows and totals that come back from a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataTable {
    /// The rows, in order; the summary row, where there is one, stands last.
    pub rows: Vec<Row>,
    /// Whether it is a list of named values (one row without a label) and not a list of rows.
    pub is_simple: bool,
    /// What is known of the whole table, such as `totals`.
    pub metadata: Vec<(Name, Cell)>,
}

impl DataTable {
    /// A list of named values.
    pub fn simple(columns: impl IntoIterator<Item = (Name, Cell)>) -> DataTable {
        DataTable {
            rows: vec![Row { columns: columns.into_iter().collect(), ..Row::default() }],
            is_simple: true,
            metadata: Vec::new(),
        }
    }

    /// The row with this label.
    pub fn row(&self, label: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.label() == label)
    }

    /// The rows without the one that sums up what was cut off.
    pub fn plain_rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.is_summary)
    }

    /// Sets or adds a metadata value.
    pub fn set_metadata(&mut self, name: impl Into<Name>, cell: impl Into<Cell>) {
        put(&mut self.metadata, name.into(), cell.into());
    }

    /// The metadata value of this name.
    pub fn metadata(&self, name: &str) -> Option<&Cell> {
        find(&self.metadata, name)
    }

    /// Every row of this table and of the tables below, parents first.
    pub fn each_row(&mut self, take: &mut dyn FnMut(&mut Row)) {
        self.rows.iter_mut().for_each(|row| row.each(take));
    }
}
