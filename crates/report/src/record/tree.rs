//! Rows put together from the answers to several questions: by label, and below each label by the next.

use footfall_model::{Cell, DataTable, GoalId, Name, Row, Text, Value};
use rustc_hash::FxHashMap;

use crate::number;

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
    rows: Vec<Node>,
    roots: Vec<u32>,
    index: FxHashMap<(u32, Text), u32>,
    /// The columns whose sums are told to be text where one row of the store gave them.
    text_sums: &'static [&'static str],
    /// Whether rows have the sums over their goals too.
    sums_goals: bool,
}

#[derive(Debug)]
struct Node {
    label: Text,
    /// One value per column of the tree; `Null` where the row does not have it.
    values: Vec<Value>,
    /// How many values met in each column.
    met: Vec<u8>,
    goals: Vec<(GoalId, Vec<(Name, f64)>)>,
    metadata: Vec<(Name, Cell)>,
    children: Vec<u32>,
}

const NO_PARENT: u32 = u32::MAX;

impl Tree {
    /// An empty tree with these columns.
    pub fn new(columns: Vec<(Name, Join)>) -> Tree {
        Tree { columns, sums_goals: true, ..Tree::default() }
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
        let above = parent.map_or(NO_PARENT, |place| place.0);
        if let Some(found) = self.index.get(&(above, Text::clone(label))) {
            return Place(*found);
        }
        let at = u32::try_from(self.rows.len()).unwrap_or(NO_PARENT - 1);
        self.rows.push(Node {
            label: Text::clone(label),
            values: vec![Value::Null; self.columns.len()],
            met: vec![0; self.columns.len()],
            goals: Vec::new(),
            metadata: Vec::new(),
            children: Vec::new(),
        });
        self.index.insert((above, Text::clone(label)), at);
        match parent {
            Some(parent) => self.rows[parent.0 as usize].children.push(at),
            None => self.roots.push(at),
        }
        Place(at)
    }

    /// The row with this label, when there is one.
    pub fn find(&self, parent: Option<Place>, label: &str) -> Option<Place> {
        let above = parent.map_or(NO_PARENT, |place| place.0);
        self.index.get(&(above, Text::from(label))).copied().map(Place)
    }

    /// Joins values to a row's, from this column on.
    pub fn add(&mut self, at: Place, first_column: usize, values: &[Value]) {
        let node = &mut self.rows[at.0 as usize];
        for (offset, value) in values.iter().enumerate() {
            let column = first_column + offset;
            if let (Some(held), Some((_, how))) = (node.values.get_mut(column), self.columns.get(column)) {
                join(held, value, *how);
                if !value.is_null() {
                    node.met[column] = node.met[column].saturating_add(1);
                }
            }
        }
    }

    /// The value of a row's column.
    pub fn value(&self, at: Place, column: usize) -> &Value {
        self.rows[at.0 as usize].values.get(column).unwrap_or(&Value::Null)
    }

    /// Sets the value of a row's column.
    pub fn set(&mut self, at: Place, column: usize, value: Value) {
        if let Some(held) = self.rows[at.0 as usize].values.get_mut(column) {
            *held = value;
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
    pub fn label(&self, at: Place) -> &Text {
        &self.rows[at.0 as usize].label
    }

    /// Makes every row that has rows below it the sum of them, from the lowest up.
    pub fn sum_up(&mut self) {
        // Rows are made after the rows above them, so going backwards every row is complete when it is added to its parent.
        for at in (0..self.rows.len()).rev() {
            if self.rows[at].children.is_empty() {
                continue;
            }
            let mut values = std::mem::take(&mut self.rows[at].values);
            for child in self.rows[at].children.clone() {
                let below = &self.rows[child as usize].values;
                for ((held, value), (_, how)) in values.iter_mut().zip(below).zip(&self.columns) {
                    join(held, value, *how);
                }
            }
            self.rows[at].values = values;
            self.rows[at].met.fill(2);
            for child in self.rows[at].children.clone() {
                let goals = self.rows[child as usize].goals.clone();
                for (goal, metrics) in goals {
                    self.add_goal(Place(at as u32), goal, &metrics);
                }
            }
        }
    }

    /// The finished table. Rows that have rows below are numbered from 1, parents before children, in order.
    pub fn into_table(mut self) -> DataTable {
        let roots = std::mem::take(&mut self.roots);
        let mut next_id = 1;
        self.table(&roots, &mut next_id)
    }

    fn table(&mut self, places: &[u32], next_id: &mut u64) -> DataTable {
        let mut rows = Vec::with_capacity(places.len());
        for at in places {
            let node = &mut self.rows[*at as usize];
            let children = std::mem::take(&mut node.children);
            let values = std::mem::take(&mut node.values);
            let goals = std::mem::take(&mut node.goals);
            let met = std::mem::take(&mut node.met);
            let mut row = Row::labelled(Value::Text(Text::clone(&node.label)));
            row.metadata = std::mem::take(&mut node.metadata);
            row.columns.reserve(self.columns.len() + 3);
            let mut daily = Vec::new();
            for ((value, (name, _)), met) in values.into_iter().zip(&self.columns).zip(met) {
                if met == 1 && self.text_sums.contains(&name.as_ref()) {
                    row.text_sums.push(name.clone());
                }
                if !value.is_null() {
                    // What is added up from day to day stands behind what is counted.
                    let columns = if name.starts_with("sum_daily_") { &mut daily } else { &mut row.columns };
                    columns.push((name.clone(), Cell::Value(value)));
                }
            }
            row.columns.append(&mut daily);
            add_goals(&mut row, goals, self.sums_goals);
            if !children.is_empty() {
                row.subtable_id = Some(*next_id);
                *next_id += 1;
                row.subtable = Some(Box::new(self.table(&children, next_id)));
            }
            rows.push(row);
        }
        DataTable { rows, ..DataTable::default() }
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
}

/// The name a goal's metrics stand under, such as `idgoal=1`.
pub fn goal_key(goal: GoalId) -> Name {
    match goal {
        GoalId::ORDER => Name::Borrowed("idgoal=ecommerceOrder"),
        GoalId::CART => Name::Borrowed("idgoal=ecommerceAbandonedCart"),
        GoalId(number) => Name::Owned(format!("idgoal={number}")),
    }
}

fn join(held: &mut Value, value: &Value, how: Join) {
    if value.is_null() {
        return;
    }
    if held.is_null() {
        *held = value.clone();
        return;
    }
    *held = match (&*held, value, how) {
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
