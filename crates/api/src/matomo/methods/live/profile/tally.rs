//! Counting in the order of first appearance.

use footfall_model::{Cell, Name};

/// How often each text was met, in the order of first appearance.
#[derive(Default)]
pub(super) struct Tally {
    /// The texts with their counts.
    pub(super) counted: Vec<(String, i64)>,
}

impl Tally {
    /// Counts a text once more; says how often it was met by now.
    pub(super) fn add(&mut self, text: &str) -> i64 {
        if let Some((_, count)) = self.counted.iter_mut().find(|(known, _)| known == text) {
            *count += 1;
            return *count;
        }
        self.counted.push((text.to_owned(), 1));
        1
    }

    /// The most frequent first; equals keep their order.
    pub(super) fn descending(mut self) -> Vec<(String, i64)> {
        self.counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        self.counted
    }

    /// The rarest first; equals keep their order.
    pub(super) fn ascending(mut self) -> Vec<(String, i64)> {
        self.counted.sort_by_key(|(_, count)| *count);
        self.counted
    }
}

/// What was met under several names, each with how often which value was.
#[derive(Default)]
pub(super) struct Named {
    names: Vec<(String, Tally)>,
}

impl Named {
    /// Counts a value under a name.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        let at = match self.names.iter().position(|(known, _)| known == name) {
            Some(at) => at,
            None => {
                self.names.push((name.to_owned(), Tally::default()));
                self.names.len() - 1
            }
        };
        self.names[at].1.add(value);
    }

    /// A list of names with their values, the most frequent first; `None` where nothing was met.
    pub(super) fn list(self) -> Option<Cell> {
        let rows = self.names.into_iter().map(|(name, values)| {
            let values = values.descending().into_iter().map(|(value, count)| pair("value", &value, "count", count));
            Cell::Map(vec![("name".into(), Cell::text(&name)), ("values".into(), Cell::List(values.collect()))])
        });
        let rows: Vec<Cell> = rows.collect();
        (!rows.is_empty()).then_some(Cell::List(rows))
    }
}

/// A text and its count.
pub(super) fn pair(name: &'static str, text: &str, count_name: &'static str, count: i64) -> Cell {
    let entries: Vec<(Name, Cell)> = vec![(name.into(), Cell::text(text)), (count_name.into(), count.into())];
    Cell::Map(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_keep_their_order() {
        let mut tally = Tally::default();
        let seen: Vec<i64> = ["b", "a", "c", "a"].into_iter().map(|text| tally.add(text)).collect();
        assert_eq!(seen, [1, 1, 1, 2]);
        let order: Vec<(String, i64)> = tally.descending();
        assert_eq!(order, [("a".to_owned(), 2), ("b".to_owned(), 1), ("c".to_owned(), 1)]);
    }
}
