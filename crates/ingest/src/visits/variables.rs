//! Custom variables, from the numbered form of requests into the properties of rows.

use footfall_model::{Text, variable};

/// The properties of variables that are given in the order of their numbers, an empty name standing for none.
pub(super) fn kept(given: &[(Text, Text)]) -> Vec<(Text, Text)> {
    variable::kept((1..).zip(given).map(|(number, (name, value))| (number, name, value)))
}

/// What is held, with what is given in its place.
pub(super) fn merged(held: &[(Text, Text)], given: &[(Text, Text)]) -> Vec<(Text, Text)> {
    let given = kept(given);
    let mut merged: Vec<(Text, Text)> =
        held.iter().filter(|(key, _)| given.iter().all(|(known, _)| known != key)).cloned().collect();
    merged.extend(given);
    merged.sort();
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(given: &[(&str, &str)]) -> Vec<(Text, Text)> {
        given.iter().map(|(name, value)| (Text::from(*name), Text::from(*value))).collect()
    }

    #[test]
    fn unused_numbers_take_no_room() {
        assert_eq!(
            kept(&pairs(&[("a", "1"), ("", ""), ("c", "3")])),
            pairs(&[("k1", "a"), ("v1", "1"), ("k3", "c"), ("v3", "3")])
        );
    }

    #[test]
    fn what_comes_later_replaces_its_number() {
        let held = kept(&pairs(&[("a", "1"), ("c", "3")]));
        let merged = merged(&held, &pairs(&[("c", "2"), ("", "")]));
        assert_eq!(merged, pairs(&[("k1", "c"), ("k2", "c"), ("v1", "2"), ("v2", "3")]));
    }
}
