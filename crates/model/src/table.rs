use crate::Value;

/// A value in an answer: a plain one, or one of the nested shapes reports know.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A plain value.
    Value(Value),
    /// Named values in order, such as a goal's metrics.
    Map(Vec<(String, Cell)>),
    /// A list.
    List(Vec<Cell>),
}

impl From<Value> for Cell {
    fn from(value: Value) -> Cell {
        Cell::Value(value)
    }
}

impl Cell {
    /// The plain value, if it is one.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Cell::Value(value) => Some(value),
            _ => None,
        }
    }
}

/// One row of a report: columns in order, metadata beside them, and maybe a table below.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Columns in the order they are shown; `label` first where there is one.
    pub columns: Vec<(String, Cell)>,
    /// What belongs to the row but is not a column: `url`, `logo`, `segment`, `code`.
    pub metadata: Vec<(String, Cell)>,
    /// The rows below this one.
    pub subtable: Option<Box<DataTable>>,
    /// The number this row's subtable is asked for by (`idSubtable`).
    pub subtable_id: Option<u64>,
    /// Whether this is the row that sums up what was cut off.
    pub is_summary: bool,
}

impl Row {
    /// The column of this name.
    pub fn get(&self, name: &str) -> Option<&Cell> {
        self.columns
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, cell)| cell)
    }

    /// The column's number; nothing when it is absent or no number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.value()?.as_f64()
    }

    /// Sets or adds a column.
    pub fn set(&mut self, name: &str, cell: impl Into<Cell>) {
        let cell = cell.into();
        match self.columns.iter_mut().find(|(known, _)| known == name) {
            Some((_, held)) => *held = cell,
            None => self.columns.push((name.to_owned(), cell)),
        }
    }

    /// Takes a column away.
    pub fn remove(&mut self, name: &str) -> Option<Cell> {
        let at = self.columns.iter().position(|(known, _)| known == name)?;
        Some(self.columns.remove(at).1)
    }

    /// The row's label as text; empty when it has none.
    pub fn label(&self) -> &str {
        match self.get("label") {
            Some(Cell::Value(Value::Text(text))) => text,
            _ => "",
        }
    }

    /// Sets or adds a metadata value.
    pub fn set_metadata(&mut self, name: &str, cell: impl Into<Cell>) {
        let cell = cell.into();
        match self.metadata.iter_mut().find(|(known, _)| known == name) {
            Some((_, held)) => *held = cell,
            None => self.metadata.push((name.to_owned(), cell)),
        }
    }

    /// The metadata value of this name.
    pub fn metadata(&self, name: &str) -> Option<&Cell> {
        self.metadata
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, cell)| cell)
    }
}

/// Rows and totals that come back from a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataTable {
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// Sums over all rows before any cut, where they were asked for.
    pub totals: Vec<(String, Value)>,
    /// Rows before limit and offset.
    pub total_rows: usize,
}
