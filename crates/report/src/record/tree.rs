//! Rows put together from the answers to several questions: by label, and below each label by the next.

use std::sync::Arc;

use footfall_model::{Cell, Columns, DataTable, GoalId, Name, Row, Shape, Text, Value};
use rustc_hash::FxHashMap;

use crate::{First, number};

/// How two values of a column that meet in one row become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Their sum.
    Sum,
    /// The greater.
    Max,
    /// The lesser; nothing is greater than anything.
    Min,
}

/// The place of a row in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place(u32);

/// Rows being put together.
#[derive(Debug, Default)]
pub struct Tree {
    columns: Vec<(Name, Join)>,
    /// Where each column's cell stands in a row: what is added up from day to day stands behind what is counted.
    slots: Vec<usize>,
    rows: Vec<Node>,
    roots: Vec<u32>,
    by_label: FxHashMap<Text, u32>,
    /// The columns whose sums are told to be text where one row of the store gave them.
    text_sums: &'static [&'static str],
    /// Whether rows have the sums over their goals too.
    sums_goals: bool,
    /// Whether only the rows at the top are shown.
    only_top: bool,
}

#[derive(Debug)]
struct Node {
    /// The label, then one value per column of the tree in the order of their slots; nothing where the row does not have it.
    cells: Vec<Cell>,
    /// How many values met in each column, where anybody wants to know.
    met: Vec<u8>,
    goals: Vec<(GoalId, Vec<(Name, f64)>)>,
    metadata: Vec<(Name, Cell)>,
    children: Vec<u32>,
    by_label: FxHashMap<Text, u32>,
    is_top: bool,
    /// Whether there are rows below it, made or only added to it.
    has_below: bool,
    /// Whether it is let go when the table is made.
    is_let_go: bool,
}

/// How many columns rows may get later without moving.
const ROOM: usize = 10;

impl Tree {
    /// An empty tree with these columns.
    pub fn new(columns: Vec<(Name, Join)>) -> Tree {
        let is_daily = |name: &Name| name.starts_with("sum_daily_");
        let n_counted = columns.iter().filter(|(name, _)| !is_daily(name)).count();
        let (mut counted, mut daily) = (1, 1 + n_counted);
        let mut slots = Vec::with_capacity(columns.len());
        for (name, _) in &columns {
            let next = if is_daily(name) { &mut daily } else { &mut counted };
            slots.push(*next);
            *next += 1;
        }
        Tree { columns, slots, sums_goals: true, ..Tree::default() }
    }

    /// Rows will not have the sums over their goals.
    #[must_use]
    pub fn without_goal_sums(mut self) -> Tree {
        self.sums_goals = false;
        self
    }

    /// Rows will tell which of these columns one row of the store gave.
    #[must_use]
    pub fn telling_text_sums(mut self, columns: &'static [&'static str]) -> Tree {
        self.text_sums = columns;
        self
    }

    /// The row with this label below another, or at the top; it is made when there is none.
    pub fn row(&mut self, parent: Option<Place>, label: &Text) -> Place {
        self.find(parent, label).unwrap_or_else(|| self.made(parent, Text::clone(label)))
    }

    /// The row at the end of a path of labels, which are found or made from the top down; nothing when there are none.
    pub fn row_of<'a>(&mut self, path: impl IntoIterator<Item = &'a str>) -> Option<Place> {
        path.into_iter()
            .fold(None, |above, label| Some(self.find(above, label).unwrap_or_else(|| self.made(above, Text::from(label)))))
    }

    /// The row above the end of a path of labels: what is added to it is of a row below that is not made. Nothing where there is none
    /// above.
    pub fn row_above(&mut self, path: &[impl AsRef<str>]) -> Option<Place> {
        let (_, above) = path.split_last()?;
        let at = self.row_of(above.iter().map(AsRef::as_ref))?;
        self.rows[at.0 as usize].has_below = true;
        Some(at)
    }

    fn made(&mut self, parent: Option<Place>, label: Text) -> Place {
        let at = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let mut cells = Vec::with_capacity(1 + self.columns.len() + ROOM);
        cells.push(Cell::Value(Value::Text(Text::clone(&label))));
        cells.resize(1 + self.columns.len(), Cell::NULL);
        self.rows.push(Node {
            cells,
            met: if self.text_sums.is_empty() { Vec::new() } else { vec![0; self.columns.len()] },
            goals: Vec::new(),
            metadata: Vec::new(),
            children: Vec::new(),
            by_label: FxHashMap::default(),
            is_top: parent.is_none(),
            has_below: false,
            is_let_go: false,
        });
        let (children, by_label) = match parent {
            Some(parent) => {
                let above = &mut self.rows[parent.0 as usize];
                above.has_below = true;
                (&mut above.children, &mut above.by_label)
            }
            None => (&mut self.roots, &mut self.by_label),
        };
        children.push(at);
        by_label.insert(label, at);
        Place(at)
    }

    /// The row with this label, when there is one.
    pub fn find(&self, parent: Option<Place>, label: &str) -> Option<Place> {
        let by_label = parent.map_or(&self.by_label, |parent| &self.rows[parent.0 as usize].by_label);
        by_label.get(label).copied().map(Place)
    }

    /// Joins values to a row's, from this column on.
    pub fn add(&mut self, at: Place, first_column: usize, values: &[Value]) {
        let node = &mut self.rows[at.0 as usize];
        for (column, value) in (first_column..self.columns.len()).zip(values) {
            join(&mut node.cells[self.slots[column]], value, self.columns[column].1);
            if let (Some(met), false) = (node.met.get_mut(column), value.is_null()) {
                *met = met.saturating_add(1);
            }
        }
    }

    /// The value of a row's column.
    pub fn value(&self, at: Place, column: usize) -> &Value {
        let slot = self.slots.get(column);
        slot.and_then(|slot| self.rows[at.0 as usize].cells[*slot].value()).unwrap_or(&Value::Null)
    }

    /// Sets the value of a row's column.
    pub fn set(&mut self, at: Place, column: usize, value: Value) {
        if let Some(slot) = self.slots.get(column) {
            self.rows[at.0 as usize].cells[*slot] = Cell::Value(value);
        }
    }

    /// Adds a goal's metrics to a row's.
    pub fn add_goal(&mut self, at: Place, goal: GoalId, metrics: &[(Name, f64)]) {
        let node = &mut self.rows[at.0 as usize];
        let held = match node.goals.iter_mut().find(|(known, _)| *known == goal) {
            Some((_, held)) => held,
            None => {
                node.goals.push((goal, Vec::new()));
                match node.goals.last_mut() {
                    Some((_, held)) => held,
                    None => return,
                }
            }
        };
        for (name, value) in metrics {
            match held.iter_mut().find(|(known, _)| known == name) {
                Some((_, sum)) => *sum += value,
                None => held.push((name.clone(), *value)),
            }
        }
    }

    /// Sets a row's metadata.
    pub fn set_metadata(&mut self, at: Place, name: impl Into<Name>, cell: impl Into<Cell>) {
        let (name, cell) = (name.into(), cell.into());
        let metadata = &mut self.rows[at.0 as usize].metadata;
        match metadata.iter_mut().find(|(known, _)| *known == name) {
            Some((_, held)) => *held = cell,
            None => metadata.push((name, cell)),
        }
    }

    /// A row's metadata.
    pub fn metadata(&self, at: Place, name: &str) -> Option<&Cell> {
        self.rows[at.0 as usize].metadata.iter().find(|(known, _)| known == name).map(|(_, cell)| cell)
    }

    /// Every row at the top, in the order they were made.
    pub fn roots(&self) -> Vec<Place> {
        self.roots.iter().copied().map(Place).collect()
    }

    /// The rows below a row, in the order they were made.
    pub fn children(&self, at: Place) -> Vec<Place> {
        self.rows[at.0 as usize].children.iter().copied().map(Place).collect()
    }

    /// A row's label.
    pub fn label(&self, at: Place) -> &str {
        self.rows[at.0 as usize].cells[0].as_str().unwrap_or_default()
    }

    /// Makes every row that has rows below it the sum of them, from the lowest up.
    pub fn sum_up(&mut self) {
        let mut joins = vec![Join::Sum; 1 + self.columns.len()];
        for (slot, (_, how)) in self.slots.iter().zip(&self.columns) {
            joins[*slot] = *how;
        }
        // Rows are made after the rows above them, so going backwards every row is complete when it is added to its parent.
        for at in (0..self.rows.len()).rev() {
            if !self.rows[at].has_below {
                continue;
            }
            let children = std::mem::take(&mut self.rows[at].children);
            let mut cells = std::mem::take(&mut self.rows[at].cells);
            for child in &children {
                let below = &self.rows[*child as usize].cells;
                for ((held, cell), how) in cells.iter_mut().zip(below).zip(&joins).skip(1) {
                    if let Cell::Value(value) = cell {
                        join(held, value, *how);
                    }
                }
            }
            self.rows[at].cells = cells;
            self.rows[at].met.fill(2);
            for child in &children {
                let goals = self.rows[*child as usize].goals.clone();
                for (goal, metrics) in goals {
                    self.add_goal(Place(at as u32), goal, &metrics);
                }
            }
            self.rows[at].children = children;
        }
    }

    /// Of rows below rows the table will only tell that there are some.
    pub fn keep_top(&mut self) {
        self.only_top = true;
    }

    /// Lets go of rows that cannot be among the first: of those at the top or, where the table is going to be made flat, of those
    /// without rows below. Rows that have as much as the last of the first stay.
    pub fn keep_first(&mut self, first: &First, flat: bool) {
        let Some(column) = self.columns.iter().position(|(name, _)| *name == first.column) else {
            return;
        };
        let sorted: Vec<u32> = if flat { self.leaves() } else { self.roots.clone() };
        let number = |at: u32| self.value(Place(at), column).as_i64();
        let is_whole = |at: &u32| matches!(self.value(Place(*at), column), Value::Int(_) | Value::Null);
        // A table is sorted by something else where its first row does not have the column.
        if sorted.first().is_none_or(|at| number(*at).is_none()) || !sorted.iter().all(is_whole) {
            return;
        }
        let mut numbers: Vec<i64> = sorted.iter().filter_map(|at| number(*at)).collect();
        if first.n == 0 || numbers.len() <= first.n {
            return;
        }
        let in_order = |one: &i64, other: &i64| if first.ascending { one.cmp(other) } else { other.cmp(one) };
        let (_, last, _) = numbers.select_nth_unstable_by(first.n - 1, in_order);
        let comes_later = |at: u32| number(at).is_none_or(|number| in_order(&number, last).is_gt());
        let unwanted: Vec<u32> = sorted.into_iter().filter(|at| comes_later(*at)).collect();
        unwanted.into_iter().for_each(|at| self.rows[at as usize].is_let_go = true);
    }

    /// Rows without rows below, in the order of the table.
    fn leaves(&self) -> Vec<u32> {
        let (mut leaves, mut next) = (Vec::new(), self.roots.iter().rev().copied().collect::<Vec<u32>>());
        while let Some(at) = next.pop() {
            match &self.rows[at as usize] {
                Node { has_below: false, .. } => leaves.push(at),
                above => next.extend(above.children.iter().rev()),
            }
        }
        leaves
    }

    /// Whether a row is one at the top without rows below it.
    pub fn is_alone(&self, at: Place) -> bool {
        let node = &self.rows[at.0 as usize];
        node.is_top && !node.has_below
    }

    /// Whether the table will have a row.
    pub fn is_shown(&self, at: Place) -> bool {
        let node = &self.rows[at.0 as usize];
        !node.is_let_go && (node.is_top || !self.only_top)
    }

    /// The finished table. Rows that have rows below are numbered from 1, parents before children, in order, as if none was let go.
    pub fn into_table(mut self) -> DataTable {
        self.by_label = FxHashMap::default();
        let roots = std::mem::take(&mut self.roots);
        let mut names = vec![Name::Borrowed("label"); 1 + self.columns.len()];
        for (slot, (name, _)) in self.slots.iter().zip(&self.columns) {
            names[*slot] = name.clone();
        }
        let mut shapes = Shapes { names, known: FxHashMap::default(), held: Vec::new() };
        self.table(&roots, &mut shapes, &mut 1)
    }

    fn table(&mut self, places: &[u32], shapes: &mut Shapes, next_id: &mut u64) -> DataTable {
        let mut rows = Vec::with_capacity(places.len());
        for at in places {
            if self.rows[*at as usize].is_let_go {
                *next_id += self.n_tables(&[*at]);
                continue;
            }
            let node = &mut self.rows[*at as usize];
            node.by_label = FxHashMap::default();
            let has_below = node.has_below;
            let children = std::mem::take(&mut node.children);
            let goals = std::mem::take(&mut node.goals);
            let mut row = Row {
                columns: shapes.columns(std::mem::take(&mut node.cells)),
                metadata: std::mem::take(&mut node.metadata),
                ..Row::default()
            };
            let met = std::mem::take(&mut node.met).into_iter().zip(&self.columns);
            let is_text_sum = |name: &Name| self.text_sums.contains(&name.as_ref());
            row.text_sums =
                met.filter(|(met, (name, _))| *met == 1 && is_text_sum(name)).map(|(_, (name, _))| name.clone()).collect();
            add_goals(&mut row, goals, self.sums_goals);
            if has_below {
                row.subtable_id = Some(*next_id);
                *next_id += 1;
                if self.only_top {
                    *next_id += self.n_tables(&children);
                } else {
                    row.subtable = Some(Box::new(self.table(&children, shapes, next_id)));
                }
            }
            rows.push(row);
        }
        DataTable { rows, ..DataTable::default() }
    }

    /// How many of these rows, and of those below, have rows below them.
    fn n_tables(&self, places: &[u32]) -> u64 {
        let above = places.iter().map(|at| &self.rows[*at as usize]).filter(|node| node.has_below);
        above.map(|node| 1 + self.n_tables(&node.children)).sum()
    }
}

/// The names of rows by which of the tree's columns they have.
struct Shapes {
    names: Vec<Name>,
    known: FxHashMap<Vec<bool>, Arc<Shape>>,
    /// Which of them the row at hand has.
    held: Vec<bool>,
}

impl Shapes {
    /// A row's columns: those that are not nothing.
    fn columns(&mut self, mut cells: Vec<Cell>) -> Columns {
        let is_held = |cell: &Cell| !matches!(cell, Cell::Value(Value::Null));
        self.held.clear();
        self.held.extend(cells.iter().map(is_held));
        cells.retain(is_held);
        if let Some(shape) = self.known.get(&self.held) {
            return Columns::of(shape, cells);
        }
        let names = self.names.iter().zip(&self.held).filter(|(_, held)| **held).map(|(name, _)| name.clone());
        let shape = Shape::new(names.collect());
        self.known.insert(self.held.clone(), Arc::clone(&shape));
        Columns::of(&shape, cells)
    }
}

/// The goals of a row, and the sums over them; carts left are not in the sums.
fn add_goals(row: &mut Row, mut goals: Vec<(GoalId, Vec<(Name, f64)>)>, with_sums: bool) {
    if goals.is_empty() {
        return;
    }
    goals.sort_by_key(|(goal, _)| *goal);
    let mut conversions = 0.0;
    let mut revenue = 0.0;
    let mut entries = Vec::with_capacity(goals.len());
    for (goal, metrics) in goals {
        for (name, value) in &metrics {
            if goal >= GoalId::ORDER {
                match name.as_ref() {
                    "nb_conversions" => conversions += value,
                    "revenue" => revenue += value,
                    _ => {}
                }
            }
        }
        let metrics = metrics.into_iter().map(|(name, value)| (name, Cell::Value(number::number(value)))).collect();
        entries.push((goal_key(goal), Cell::Map(metrics)));
    }
    row.set("goals", Cell::Map(entries));
    if with_sums {
        row.set("nb_conversions", number::number(conversions));
        row.set("revenue", number::number(revenue));
    }
    if row.get("nb_visits").is_none() {
        row.set("nb_visits", 0i64);
    }
    put_daily_last(row);
}

/// Moves what is added up from day to day behind everything else that was counted, where Matomo's exports have it.
fn put_daily_last(row: &mut Row) {
    let is_daily = |name: &str| name.starts_with("sum_daily_");
    let daily: Vec<(Name, Cell)> =
        row.columns.iter().filter(|(name, _)| is_daily(name)).map(|(name, cell)| (Name::clone(name), cell.clone())).collect();
    if !daily.is_empty() {
        row.columns.retain(|(name, _)| !is_daily(name));
        row.columns.extend(daily);
    }
}

/// The name a goal's metrics stand under, such as `idgoal=1`.
pub fn goal_key(goal: GoalId) -> Name {
    match goal {
        GoalId::ORDER => Name::Borrowed("idgoal=ecommerceOrder"),
        GoalId::CART => Name::Borrowed("idgoal=ecommerceAbandonedCart"),
        GoalId(number) => Name::Owned(format!("idgoal={number}")),
    }
}

fn join(held: &mut Cell, value: &Value, how: Join) {
    let Cell::Value(held) = held else {
        return;
    };
    *held = match (&*held, value, how) {
        (_, Value::Null, _) => return,
        (Value::Null, value, _) => value.clone(),
        (Value::Int(one), Value::Int(other), Join::Sum) => Value::Int(one.saturating_add(*other)),
        (one, other, _) => {
            let (one, other) = (one.as_f64().unwrap_or_default(), other.as_f64().unwrap_or_default());
            number::number(match how {
                Join::Sum => one + other,
                Join::Max => one.max(other),
                Join::Min => one.min(other),
            })
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_sum_of_those_below() {
        let mut tree = Tree::new(vec![("nb_visits".into(), Join::Sum), ("max_actions".into(), Join::Max)]);
        let top = tree.row(None, &"a".into());
        for (label, visits, most) in [("x", 2, 5), ("y", 3, 4), ("x", 1, 7)] {
            let row = tree.row(Some(top), &label.into());
            tree.add(row, 0, &[Value::Int(visits), Value::Int(most)]);
        }
        let below = tree.row(Some(top), &"y".into());
        tree.add_goal(below, GoalId(2), &[("nb_conversions".into(), 1.0)]);
        tree.sum_up();
        let table = tree.into_table();
        let row = &table.rows[0];
        assert_eq!((row.number("nb_visits"), row.number("max_actions")), (Some(6.0), Some(7.0)));
        assert_eq!(row.number("nb_conversions"), Some(1.0));
        assert_eq!(row.subtable_id, Some(1));
        let below = row.subtable.as_ref().unwrap();
        assert_eq!(below.row("x").unwrap().number("nb_visits"), Some(3.0));
        assert_eq!(below.row("x").unwrap().get("goals"), None);
    }

    /// Pages in two folders and one beside them, with their visits.
    fn pages() -> Tree {
        let mut tree = Tree::new(vec![("nb_visits".into(), Join::Sum)]);
        let pages: [(&[&str], i64); 6] =
            [(&["a", "/x"], 2), (&["b", "/x"], 9), (&["/y"], 4), (&["a", "/y"], 4), (&["a", "c", "/z"], 1), (&["b", "/y"], 3)];
        for (path, visits) in pages {
            let at = tree.row_of(path.iter().copied()).unwrap();
            tree.add(at, 0, &[Value::Int(visits)]);
        }
        tree
    }

    fn shown(table: &DataTable) -> Vec<(String, Option<u64>, Option<f64>)> {
        table.rows.iter().map(|row| (row.label().to_owned(), row.subtable_id, row.number("nb_visits"))).collect()
    }

    #[test]
    fn rows_that_come_later_are_let_go() {
        let first = |n, ascending| First { column: "nb_visits".to_owned(), ascending, n };
        let rows = |n, ascending, flat| {
            let mut tree = pages();
            tree.sum_up();
            tree.keep_first(&first(n, ascending), flat);
            tree.into_table()
        };
        let (a, b, y) =
            (("a".to_owned(), Some(1), Some(7.0)), ("b".to_owned(), Some(3), Some(12.0)), ("/y".to_owned(), None, Some(4.0)));
        assert_eq!(shown(&rows(2, false, false)), [a.clone(), b.clone()]);
        assert_eq!(shown(&rows(1, true, false)), std::slice::from_ref(&y));
        assert_eq!(shown(&rows(3, false, false)), [a.clone(), b.clone(), y.clone()]);
        // Both pages of four visits may be the second.
        let flat = rows(2, false, true);
        assert_eq!(shown(&flat), [a, b, y]);
        let below =
            |at: usize| flat.rows[at].subtable.as_ref().map(|below| below.rows.iter().map(Row::label).collect::<Vec<_>>());
        assert_eq!((below(0), below(1)), (Some(vec!["/y", "c"]), Some(vec!["/x"])));
        let other = First { column: "label".to_owned(), ..first(1, false) };
        let mut tree = pages();
        tree.keep_first(&other, true);
        assert_eq!(tree.into_table().rows.len(), 3);
    }

    #[test]
    fn rows_that_are_not_made_are_counted_all_the_same() {
        let mut whole = pages();
        whole.sum_up();
        whole.keep_top();
        let mut top = Tree::new(vec![("nb_visits".into(), Join::Sum)]);
        let all = pages();
        for path in [&["a", "/x"][..], &["b", "/x"], &["/y"], &["a", "/y"], &["a", "c", "/z"], &["b", "/y"]] {
            let page = path.iter().fold(None, |above, label| all.find(above, label)).unwrap();
            let at = if path.len() == 1 { top.row_of(path.iter().copied()) } else { top.row_above(path) }.unwrap();
            top.add(at, 0, &[all.value(page, 0).clone()]);
            assert_eq!(top.is_alone(at), path.len() == 1);
        }
        top.sum_up();
        top.keep_top();
        assert_eq!(top.into_table(), whole.into_table());
    }

    #[test]
    fn carts_left_are_in_no_sum() {
        let mut tree = Tree::new(Vec::new());
        let row = tree.row(None, &"a".into());
        tree.add_goal(row, GoalId::CART, &[("nb_conversions".into(), 4.0), ("revenue".into(), 9.0)]);
        let table = tree.into_table();
        assert_eq!(table.rows[0].number("nb_conversions"), Some(0.0));
        assert_eq!(table.rows[0].number("nb_visits"), Some(0.0));
    }
}
