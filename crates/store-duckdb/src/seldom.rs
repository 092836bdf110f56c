use std::hash::{Hash, Hasher};

use footfall_model::{Column, Kind, ValueRef, VisitRow};
use footfall_store::{FactRow, Table};
use rustc_hash::{FxHashMap, FxHasher};

/// The columns that an action of a visit changes, and by which visit.
const OFTEN: [&str; 12] = [
    "visit_id",
    "last_at",
    "seen_at",
    "duration",
    "actions",
    "interactions",
    "pageviews",
    "events",
    "bounce",
    "exit_url",
    "exit_title",
    "exit_page",
];

/// How the names of catalogue columns begin that say where a visitor came from: a direct visit takes them from a later action.
const CAME: [&str; 6] = ["referrer", "channel", "source", "utm_", "click_id", "campaign"];

/// The columns of visits that seldom change, by what makes them change: what the row type declares, where the visitor came from,
/// other facts and slots, properties.
const GROUPS: usize = 4;
const OWN: usize = 0;
const CAME_FROM: usize = 1;
const FACTS: usize = 2;
const PROPS: usize = 3;

/// What is kept in the columns of recent visits that seldom change, as one number a visit and group of columns.
pub(crate) struct Seldom {
    /// The columns in the order of the table, each with its group; `None` for those that change often.
    columns: Vec<(&'static str, Option<usize>)>,
    recent: FxHashMap<u64, [u64; GROUPS]>,
    before: FxHashMap<u64, [u64; GROUPS]>,
}

/// The groups of columns in which a visit may differ from what is kept.
pub(crate) type Differs = [bool; GROUPS];

impl Seldom {
    /// How many visits one of the two generations holds.
    const MOST: usize = 200_000;

    /// Nothing is known of the rows of this table of visits.
    pub(crate) fn new(table: &Table) -> Seldom {
        let columns = table.columns.iter().enumerate().map(|(place, column)| (column.name, group(place, column)));
        Seldom { columns: columns.collect(), recent: FxHashMap::default(), before: FxHashMap::default() }
    }

    /// Where the store may hold something else of a visit, the columns that change often aside.
    pub(crate) fn differs(&self, visit: &VisitRow) -> Differs {
        let id = visit.visit_id.0;
        match self.recent.get(&id).or_else(|| self.before.get(&id)) {
            Some(kept) => {
                let numbers = self.numbers(visit);
                std::array::from_fn(|group| kept[group] != numbers[group])
            }
            None => [true; GROUPS],
        }
    }

    /// The same of a visit of which only what the row type declares may have changed.
    pub(crate) fn continued_differs(&self, visit: &VisitRow) -> Differs {
        let id = visit.visit_id.0;
        let kept = self.recent.get(&id).or_else(|| self.before.get(&id));
        let mut differs = Differs::default();
        differs[OWN] = kept.is_none_or(|kept| kept[OWN] != self.own_number(visit));
        differs
    }

    /// The columns that change often, and those of the groups.
    pub(crate) fn columns(&self, groups: Differs) -> Vec<&'static str> {
        let wanted = self.columns.iter().filter(|(_, group)| group.is_none_or(|group| groups[group]));
        wanted.map(|(name, _)| *name).collect()
    }

    /// The store holds these columns of a visit from now on.
    pub(crate) fn keep(&mut self, visit: &VisitRow) {
        if self.recent.len() >= Seldom::MOST {
            self.before = std::mem::take(&mut self.recent);
        }
        self.recent.insert(visit.visit_id.0, self.numbers(visit));
    }

    /// The same of a visit of which only what the row type declares may have changed.
    pub(crate) fn keep_continued(&mut self, visit: &VisitRow) {
        let (id, number) = (visit.visit_id.0, self.own_number(visit));
        let kept = match self.recent.get_mut(&id) {
            Some(kept) => Some(kept),
            None => self.before.get_mut(&id),
        };
        if let Some(kept) = kept {
            kept[OWN] = number;
        }
    }

    /// The store told what it holds of a visit. What was kept since is newer.
    pub(crate) fn told(&mut self, visit: &VisitRow) {
        let id = visit.visit_id.0;
        if !self.recent.contains_key(&id) && !self.before.contains_key(&id) {
            self.keep(visit);
        }
    }

    /// Nothing is known: what was said to be kept may not be.
    pub(crate) fn forget(&mut self) {
        self.recent.clear();
        self.before.clear();
    }

    fn numbers(&self, visit: &VisitRow) -> [u64; GROUPS] {
        let mut hashers: [FxHasher; GROUPS] = Default::default();
        let mut columns = self.columns.iter();
        FactRow::each_value(visit, |value| {
            let Some((_, Some(group))) = columns.next() else { return };
            add(&mut hashers[*group], value);
        });
        (&visit.entry_props, &visit.cvars).hash(&mut hashers[PROPS]);
        hashers.map(|hasher| hasher.finish())
    }

    fn own_number(&self, visit: &VisitRow) -> u64 {
        let mut hasher = FxHasher::default();
        let mut columns = self.columns.iter();
        visit.each_value(|value| {
            if let Some((_, Some(_))) = columns.next() {
                add(&mut hasher, value);
            }
        });
        hasher.finish()
    }
}

fn add(hasher: &mut FxHasher, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => 0_u8.hash(hasher),
        ValueRef::Int(number) => (1_u8, number).hash(hasher),
        ValueRef::Real(number) => (2_u8, number.to_bits()).hash(hasher),
        ValueRef::Text(text) => (3_u8, text).hash(hasher),
    }
}

fn group(place: usize, column: &Column) -> Option<usize> {
    match place {
        _ if column.kind == Kind::Props => Some(PROPS),
        _ if OFTEN.contains(&column.name) => None,
        place if place < VisitRow::COLUMNS.len() => Some(OWN),
        _ if CAME.iter().any(|beginning| column.name.starts_with(beginning)) => Some(CAME_FROM),
        _ => Some(FACTS),
    }
}

#[cfg(test)]
mod tests {
    use footfall_model::{Catalogue, Fact, Scope, Text, Value, VisitId};
    use footfall_store::Schema;

    use super::*;

    type Change = fn(&mut VisitRow);

    fn seldom() -> Seldom {
        Seldom::new(Schema::of(&Catalogue::built_in()).table(Fact::Visits))
    }

    fn visit() -> VisitRow {
        let facts = vec![Value::Null; Catalogue::built_in().facts(Scope::Visit).len()];
        VisitRow { visit_id: VisitId(7), facts, ..VisitRow::default() }
    }

    #[test]
    fn what_changes_often_are_columns_of_visits() {
        assert_eq!(seldom().columns([false; GROUPS]), OFTEN);
        assert_eq!(seldom().columns([true; GROUPS]).len(), seldom().columns.len());
        assert!(seldom().columns([false, true, false, false]).contains(&"utm_campaign"));
        assert_eq!(seldom().columns([false, false, false, true])[OFTEN.len()..], ["entry_props", "cvars"]);
    }

    #[test]
    fn only_what_is_kept_as_it_is_counts() {
        let (mut seldom, visit) = (seldom(), visit());
        assert_eq!(seldom.differs(&visit), [true; GROUPS]);
        seldom.keep(&visit);
        let cases: [(Change, Differs); 6] = [
            (|visit| visit.actions = 9, [false, false, false, false]),
            (|visit| visit.conversions = 1, [true, false, false, false]),
            (|visit| visit.referrer_url = 3, [true, false, false, false]),
            (|visit| visit.facts[0] = Value::text("search"), [false, true, false, false]),
            (|visit| visit.slots[3] = Some(Text::from("x")), [false, false, true, false]),
            (|visit| visit.cvars = vec![(Text::from("a"), Text::from("b"))], [false, false, false, true]),
        ];
        for (change, differs) in cases {
            let mut changed = visit.clone();
            change(&mut changed);
            assert_eq!(seldom.differs(&changed), differs);
        }
        seldom.forget();
        assert_eq!(seldom.differs(&visit), [true; GROUPS]);
    }

    #[test]
    fn of_a_visit_that_went_on_only_its_own_columns_count() {
        let (mut seldom, mut whole) = (seldom(), visit());
        whole.facts[0] = Value::text("search");
        let mut narrow = VisitRow { facts: Vec::new(), ..whole.clone() };
        let own = [true, false, false, false];
        assert_eq!(seldom.continued_differs(&narrow), own);
        seldom.keep(&whole);
        narrow.actions = 9;
        assert_eq!(seldom.continued_differs(&narrow), [false; GROUPS]);
        narrow.conversions = 1;
        assert_eq!(seldom.continued_differs(&narrow), own);
        seldom.keep_continued(&narrow);
        assert_eq!(seldom.continued_differs(&narrow), [false; GROUPS]);
        assert_eq!(seldom.differs(&whole), own);
        whole.conversions = 1;
        assert_eq!(seldom.differs(&whole), [false; GROUPS]);
    }
}
