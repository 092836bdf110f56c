//! A row's columns: the names apart from what stands under them, since the rows of a table mostly have the same names.

use std::{
    iter::Zip,
    slice::{Iter, IterMut},
    sync::{Arc, OnceLock},
};

use rustc_hash::FxHashMap;

use crate::{Cell, Name};

/// Named cells in order. Rows that were made alike, and then changed alike, hold one list of names together.
#[derive(Clone, Default)]
pub struct Columns {
    shape: Option<Arc<Shape>>,
    cells: Vec<Cell>,
}

/// The names of columns, in order, as several rows hold them.
#[derive(Debug, Default)]
pub struct Shape {
    names: Vec<Name>,
    places: OnceLock<FxHashMap<Name, usize>>,
    next: OnceLock<Box<Step>>,
    /// Whether many rows were made with it or with what it was changed from: only then are its changes worth remembering.
    is_common: bool,
    /// How many changes were made since it was no other.
    age: u8,
}

/// What a shape has once been changed to: the next row that is changed alike gets the same names.
#[derive(Debug)]
struct Step {
    change: Change<Name>,
    to: Arc<Shape>,
    next: OnceLock<Box<Step>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Change<N> {
    Insert(usize, N),
    Remove(usize),
    Rename(usize, N),
}

/// How many changes of one shape are remembered. Names that are made of data differ from row to row.
const MOST_STEPS: usize = 16;
/// How many changes in a row are remembered.
const OLDEST: u8 = 64;
/// So many rows of one shape are many.
const MANY: usize = 8;
/// So many names are looked through faster than looked up.
const FEW: usize = 6;

impl Shape {
    /// A shape of these names, which differ.
    pub fn new(names: Vec<Name>) -> Arc<Shape> {
        Arc::new(Shape { names, is_common: true, ..Shape::default() })
    }

    fn place(self: &Arc<Shape>, name: &str) -> Option<usize> {
        // What one row alone holds may be about to change.
        if self.names.len() <= FEW || Arc::strong_count(self) == 1 {
            return self.names.iter().position(|known| known == name);
        }
        // Of names that are the same the first counts.
        let places = self.places.get_or_init(|| self.names.iter().cloned().zip(0..self.names.len()).rev().collect());
        places.get(name).copied()
    }

    fn change(&mut self, change: Change<Name>) {
        self.places.take();
        match change {
            Change::Insert(at, name) => self.names.insert(at, name),
            Change::Remove(at) => drop(self.names.remove(at)),
            Change::Rename(at, name) => self.names[at] = name,
        }
    }

    /// The shape that this one becomes by a change.
    fn changed(self: &Arc<Shape>, change: Change<&Name>) -> Arc<Shape> {
        if self.age == OLDEST || !(self.is_common || Arc::strong_count(self) >= MANY) {
            return Arc::new(self.changed_copy(change.held()));
        }
        let mut next = &self.next;
        for _ in 0..MOST_STEPS {
            let step = next.get_or_init(|| {
                let change = change.held();
                let to = Shape { is_common: true, age: self.age + 1, ..self.changed_copy(change.clone()) };
                Box::new(Step { to: Arc::new(to), change, next: OnceLock::new() })
            });
            if step.change.is(change) {
                return Arc::clone(&step.to);
            }
            next = &step.next;
        }
        Arc::new(self.changed_copy(change.held()))
    }

    fn changed_copy(&self, change: Change<Name>) -> Shape {
        let mut names = Vec::with_capacity(self.names.len() + 1);
        names.extend_from_slice(&self.names);
        let mut copy = Shape { names, ..Shape::default() };
        copy.change(change);
        copy
    }
}

impl Change<&Name> {
    fn held(self) -> Change<Name> {
        match self {
            Change::Insert(at, name) => Change::Insert(at, name.clone()),
            Change::Remove(at) => Change::Remove(at),
            Change::Rename(at, name) => Change::Rename(at, name.clone()),
        }
    }
}

impl Change<Name> {
    fn is(&self, other: Change<&Name>) -> bool {
        match (self, other) {
            (Change::Insert(at, name), Change::Insert(other, named))
            | (Change::Rename(at, name), Change::Rename(other, named)) => *at == other && name == named,
            (Change::Remove(at), Change::Remove(other)) => *at == other,
            _ => false,
        }
    }
}

impl Columns {
    /// Columns of a shape: as many cells as it has names.
    pub fn of(shape: &Arc<Shape>, cells: Vec<Cell>) -> Columns {
        debug_assert_eq!(shape.names.len(), cells.len(), "a cell for each name");
        Columns { shape: Some(Arc::clone(shape)), cells }
    }

    /// The names, in order.
    pub fn names(&self) -> &[Name] {
        self.shape.as_ref().map_or(&[], |shape| &shape.names)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.shape.as_ref()?.place(name)
    }

    /// What stands under a name.
    pub fn get(&self, name: &str) -> Option<&Cell> {
        self.place(name).map(|at| &self.cells[at])
    }

    /// What stands under a name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Cell> {
        self.place(name).map(|at| &mut self.cells[at])
    }

    /// Puts a cell under a name: in the place of what stands there, else behind all others.
    pub fn set(&mut self, name: impl Into<Name>, cell: impl Into<Cell>) {
        let (name, cell) = (name.into(), cell.into());
        match self.get_mut(&name) {
            Some(held) => *held = cell,
            None => self.push((name, cell)),
        }
    }

    /// Adds a column behind all others.
    pub fn push(&mut self, (name, cell): (Name, Cell)) {
        self.insert(self.cells.len(), (name, cell));
    }

    /// Adds a column at a place.
    pub fn insert(&mut self, at: usize, (name, cell): (Name, Cell)) {
        self.change(Change::Insert(at, &name));
        self.cells.insert(at, cell);
    }

    /// Takes a column away.
    pub fn remove(&mut self, name: &str) -> Option<Cell> {
        let at = self.place(name)?;
        self.change(Change::Remove(at));
        Some(self.cells.remove(at))
    }

    /// Gives a column another name where it stands; nothing happens when there is none.
    pub fn rename(&mut self, from: &str, to: impl Into<Name>) {
        if let Some(at) = self.place(from) {
            self.change(Change::Rename(at, &to.into()));
        }
    }

    /// Keeps only the columns for which this holds.
    pub fn retain(&mut self, mut keeps: impl FnMut((&Name, &Cell)) -> bool) {
        let kept: Vec<bool> = self.iter().map(&mut keeps).collect();
        if kept.iter().all(|kept| *kept) {
            return;
        }
        for at in (0..kept.len()).rev().filter(|at| !kept[*at]) {
            self.change(Change::Remove(at));
        }
        let mut kept = kept.into_iter();
        self.cells.retain(|_| kept.next().unwrap_or(true));
    }

    /// Makes room for so many more.
    pub fn reserve(&mut self, more: usize) {
        self.cells.reserve(more);
    }

    /// All of them, in order.
    pub fn iter(&self) -> Zip<Iter<'_, Name>, Iter<'_, Cell>> {
        self.names().iter().zip(&self.cells)
    }

    /// All of them, in order, with cells that can be changed.
    pub fn iter_mut(&mut self) -> Zip<Iter<'_, Name>, IterMut<'_, Cell>> {
        self.shape.as_ref().map_or(&[][..], |shape| &shape.names).iter().zip(&mut self.cells)
    }

    fn change(&mut self, change: Change<&Name>) {
        let shape = self.shape.get_or_insert_default();
        match Arc::get_mut(shape) {
            Some(own) if own.next.get().is_none() => own.change(change.held()),
            _ => *shape = shape.changed(change),
        }
    }
}

impl PartialEq for Columns {
    fn eq(&self, other: &Columns) -> bool {
        self.names() == other.names() && self.cells == other.cells
    }
}

impl std::fmt::Debug for Columns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl From<Vec<(Name, Cell)>> for Columns {
    fn from(entries: Vec<(Name, Cell)>) -> Columns {
        entries.into_iter().collect()
    }
}

impl From<Columns> for Vec<(Name, Cell)> {
    fn from(columns: Columns) -> Vec<(Name, Cell)> {
        columns.into_iter().collect()
    }
}

impl FromIterator<(Name, Cell)> for Columns {
    fn from_iter<I: IntoIterator<Item = (Name, Cell)>>(entries: I) -> Columns {
        let (names, cells): (Vec<Name>, Vec<Cell>) = entries.into_iter().unzip();
        let shape = (!names.is_empty()).then(|| Arc::new(Shape { names, ..Shape::default() }));
        Columns { shape, cells }
    }
}

impl Extend<(Name, Cell)> for Columns {
    fn extend<I: IntoIterator<Item = (Name, Cell)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|entry| self.push(entry));
    }
}

impl IntoIterator for Columns {
    type Item = (Name, Cell);
    type IntoIter = Zip<std::vec::IntoIter<Name>, std::vec::IntoIter<Cell>>;

    fn into_iter(self) -> Self::IntoIter {
        let names = self.shape.map(Arc::try_unwrap).map_or_else(Vec::new, |shape| match shape {
            Ok(own) => own.names,
            Err(shared) => shared.names.clone(),
        });
        names.into_iter().zip(self.cells)
    }
}

impl<'a> IntoIterator for &'a Columns {
    type Item = (&'a Name, &'a Cell);
    type IntoIter = Zip<Iter<'a, Name>, Iter<'a, Cell>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Columns {
    type Item = (&'a Name, &'a mut Cell);
    type IntoIter = Zip<Iter<'a, Name>, IterMut<'a, Cell>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What happens to a row.
    #[derive(Clone, Debug)]
    enum Deed {
        Set(u8, i64),
        Remove(u8),
        Rename(u8, u8),
        RetainOdd,
        InsertFirst(u8),
    }

    fn name(number: u8) -> Name {
        Name::Owned(format!("n{number}"))
    }

    fn done(columns: &mut Columns, plain: &mut Vec<(Name, Cell)>, deed: &Deed) {
        let place = |plain: &[(Name, Cell)], number: u8| plain.iter().position(|(known, _)| *known == name(number));
        match *deed {
            Deed::Set(number, value) => {
                columns.set(name(number), value);
                match place(plain, number) {
                    Some(at) => plain[at].1 = Cell::from(value),
                    None => plain.push((name(number), Cell::from(value))),
                }
            }
            Deed::Remove(number) => {
                let gone = place(plain, number).map(|at| plain.remove(at).1);
                assert_eq!(columns.remove(&name(number)), gone);
            }
            Deed::Rename(from, to) => {
                if place(plain, to).is_none() {
                    columns.rename(&name(from), name(to));
                    if let Some(at) = place(plain, from) {
                        plain[at].0 = name(to);
                    }
                }
            }
            Deed::RetainOdd => {
                let odd = |cell: &Cell| cell.as_f64().is_some_and(|number| number % 2.0 != 0.0);
                columns.retain(|(_, cell)| odd(cell));
                plain.retain(|(_, cell)| odd(cell));
            }
            Deed::InsertFirst(number) => {
                if place(plain, number).is_none() {
                    columns.insert(0, (name(number), Cell::NULL));
                    plain.insert(0, (name(number), Cell::NULL));
                }
            }
        }
    }

    fn deed() -> impl Strategy<Value = Deed> {
        prop_oneof![
            4 => (0u8..30, any::<i64>()).prop_map(|(name, value)| Deed::Set(name, value)),
            2 => (0u8..30).prop_map(Deed::Remove),
            1 => (0u8..30, 0u8..30).prop_map(|(from, to)| Deed::Rename(from, to)),
            1 => Just(Deed::RetainOdd),
            1 => (0u8..30).prop_map(Deed::InsertFirst),
        ]
    }

    proptest! {
        #[test]
        fn columns_are_a_list_of_named_cells(
            first in proptest::collection::vec(deed(), 0..20),
            rows in proptest::collection::vec(proptest::collection::vec(deed(), 0..20), 1..5),
        ) {
            let (mut start, mut plain_start) = (Columns::default(), Vec::new());
            first.iter().for_each(|deed| done(&mut start, &mut plain_start, deed));
            let start = Columns::of(&Shape::new(start.names().to_vec()), start.cells);
            // Each row is changed twice over, so that the second finds what the first has left.
            for deeds in rows.iter().chain(&rows) {
                let (mut columns, mut plain) = (start.clone(), plain_start.clone());
                deeds.iter().for_each(|deed| done(&mut columns, &mut plain, deed));
                for (name, cell) in &plain {
                    prop_assert_eq!(columns.get(name), Some(cell));
                }
                prop_assert_eq!(Vec::from(columns), plain);
            }
            prop_assert_eq!(Vec::from(start), plain_start);
        }
    }

    #[test]
    fn rows_changed_alike_share_their_names() {
        let shape = Shape::new(vec!["a".into(), "b".into()]);
        let mut rows = [1i64, 2].map(|n| Columns::of(&shape, vec![n.into(), n.into()]));
        for row in &mut rows {
            row.set("c", 3i64);
            row.remove("a");
            row.rename("b", "d");
        }
        let [one, two] = rows;
        assert_eq!(one.names(), ["d", "c"]);
        assert!(std::ptr::eq(one.names(), two.names()));
        assert_eq!(shape.names, ["a", "b"]);
    }

    #[test]
    fn few_rows_remember_nothing() {
        let mut one: Columns = [(name(0), Cell::NULL)].into_iter().collect();
        let other = one.clone();
        (1..100).for_each(|number| one.set(name(number), 1i64));
        assert_eq!((one.len(), other.len()), (100, 1));
        assert!(other.shape.unwrap().next.get().is_none());
    }

    #[test]
    fn names_made_of_data_are_not_remembered_without_end() {
        let shape = Shape::new(vec!["a".into()]);
        for number in 0..40u8 {
            let mut row = Columns::of(&shape, vec![Cell::NULL]);
            row.set(name(number), 1i64);
            assert_eq!(row.names(), [Name::Borrowed("a"), name(number)]);
        }
        let (mut steps, mut next) = (0, &shape.next);
        while let Some(step) = next.get() {
            steps += 1;
            next = &step.next;
        }
        assert_eq!(steps, MOST_STEPS);
    }
}
