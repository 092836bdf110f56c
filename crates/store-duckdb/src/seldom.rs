use std::hash::{DefaultHasher, Hash, Hasher};

use footfall_model::{Value, VisitRow};
use rustc_hash::FxHashMap;

/// The columns that an action of a visit changes, and by which visit.
pub(crate) const OFTEN: [&str; 12] = [
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

/// What is kept in all other columns of recent visits, as one number a visit.
pub(crate) struct Seldom {
    /// Of the row type's own columns, those that are in [`OFTEN`].
    often: Vec<bool>,
    recent: FxHashMap<u64, u64>,
    before: FxHashMap<u64, u64>,
}

impl Default for Seldom {
    fn default() -> Seldom {
        let often = VisitRow::COLUMNS.iter().map(|column| OFTEN.contains(&column.name)).collect();
        Seldom { often, recent: FxHashMap::default(), before: FxHashMap::default() }
    }
}

impl Seldom {
    /// How many visits one of the two generations holds.
    const MOST: usize = 100_000;

    /// Whether the store is known to hold these columns of a visit as they are.
    pub(crate) fn is_kept(&self, visit: &VisitRow) -> bool {
        let id = visit.visit_id.0;
        self.recent.get(&id).or_else(|| self.before.get(&id)) == Some(&number(visit, &self.often))
    }

    /// The store holds these columns of a visit from now on.
    pub(crate) fn keep(&mut self, visit: &VisitRow) {
        if self.recent.len() >= Seldom::MOST {
            self.before = std::mem::take(&mut self.recent);
        }
        self.recent.insert(visit.visit_id.0, number(visit, &self.often));
    }

    /// Nothing is known: what was said to be kept may not be.
    pub(crate) fn forget(&mut self) {
        *self = Seldom::default();
    }
}

fn number(visit: &VisitRow, often: &[bool]) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut take = |value: &Value| match value {
        Value::Null => 0_u8.hash(&mut hasher),
        Value::Int(number) => (1_u8, number).hash(&mut hasher),
        Value::Real(number) => (2_u8, number.to_bits()).hash(&mut hasher),
        Value::Text(text) => (3_u8, text).hash(&mut hasher),
    };
    let mut columns = often.iter();
    visit.each_value(|value| {
        if columns.next() == Some(&false) {
            take(&value);
        }
    });
    visit.facts.iter().for_each(take);
    (&visit.slots, &visit.entry_props, &visit.cvars).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use footfall_model::{Text, VisitId};

    use super::*;

    #[test]
    fn what_changes_often_are_columns_of_visits() {
        assert_eq!(Seldom::default().often.iter().filter(|often| **often).count(), OFTEN.len());
    }

    #[test]
    fn only_what_is_kept_as_it_is_counts() {
        let mut seldom = Seldom::default();
        let visit = VisitRow { visit_id: VisitId(7), facts: vec![Value::text("a"), Value::Null], ..VisitRow::default() };
        assert!(!seldom.is_kept(&visit));
        seldom.keep(&visit);
        assert!(seldom.is_kept(&VisitRow { actions: 9, ..visit.clone() }));
        assert!(!seldom.is_kept(&VisitRow { conversions: 1, ..visit.clone() }));
        let mut changed = visit.clone();
        changed.slots[3] = Some(Text::from("x"));
        assert!(!seldom.is_kept(&changed));
        assert!(!seldom.is_kept(&VisitRow { facts: vec![Value::Null, Value::text("a")], ..visit.clone() }));
        seldom.forget();
        assert!(!seldom.is_kept(&visit));
    }
}
