//! Facts that a visit has seen: few, as a rule, and as short as they can be while visits sleep.

/// A set of numbers, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen(Vec<u64>);

impl Seen {
    /// The set of these numbers, which ascend.
    pub(super) fn from_sorted(numbers: Vec<u64>) -> Seen {
        Seen(numbers)
    }

    /// Adds a number. Says whether it is new.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        let place = self.0.binary_search(&number);
        if let Err(place) = place {
            self.0.insert(place, number);
        }
        place.is_err()
    }

    /// Whether the number is in the set.
    pub(super) fn contains(&self, number: u64) -> bool {
        self.0.binary_search(&number).is_ok()
    }

    /// The numbers, ascending.
    pub(super) fn as_slice(&self) -> &[u64] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn a_number_is_new_once() {
        let mut seen = Seen::default();
        assert_eq!([7, 3, 7, 9, 3].map(|number| seen.insert(number)), [true, true, false, true, false]);
        assert_eq!(seen.as_slice(), [3, 7, 9]);
        assert_eq!([3, 4].map(|number| seen.contains(number)), [true, false]);
        assert_eq!(Seen::from_sorted(vec![3, 7, 9]), seen);
    }
}
