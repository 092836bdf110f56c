//! Custom variables, from the numbered form of requests into the dense one of rows.

use std::sync::Arc;

use footfall_model::{Text, variable_numbers};

/// Names and values in the order of their numbers, and the numbers: bit 0 stands for 1.
pub(super) fn dense(given: &[(Text, Text)]) -> (Vec<(Text, Text)>, u32) {
    merged(&[], 0, given)
}

/// What is held, with what is given in its place: a number says one thing, and a name stands under one number.
pub(super) fn merged(held: &[(Text, Text)], slots: u32, given: &[(Text, Text)]) -> (Vec<(Text, Text)>, u32) {
    let mut all: [Option<&(Text, Text)>; 32] = [None; 32];
    for (number, pair) in variable_numbers(slots, held.len()).into_iter().zip(held) {
        if let Some(place) = all.get_mut(number as usize - 1) {
            *place = Some(pair);
        }
    }
    for (place, pair) in given.iter().enumerate().take(all.len()).filter(|(_, (name, _))| !name.is_empty()) {
        for other in &mut all {
            if other.is_some_and(|(name, _)| *name == pair.0) {
                *other = None;
            }
        }
        all[place] = Some(pair);
    }
    let mut slots = 0;
    let mut dense = Vec::new();
    for (place, (name, value)) in all.iter().enumerate().filter_map(|(place, pair)| Some((place, (*pair)?))) {
        slots |= 1 << place;
        dense.push((Arc::clone(name), Arc::clone(value)));
    }
    (dense, slots)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(given: &[(&str, &str)]) -> Vec<(Text, Text)> {
        given.iter().map(|(name, value)| (Text::from(*name), Text::from(*value))).collect()
    }

    #[test]
    fn unused_numbers_take_no_room() {
        let (kept, slots) = dense(&pairs(&[("a", "1"), ("", ""), ("c", "3")]));
        assert_eq!(kept, pairs(&[("a", "1"), ("c", "3")]));
        assert_eq!(slots, 0b101);
    }

    #[test]
    fn what_comes_later_replaces_its_number_and_its_name() {
        let (kept, slots) = merged(&pairs(&[("a", "1"), ("c", "3")]), 0b101, &pairs(&[("b", "2"), ("c", "4")]));
        assert_eq!(kept, pairs(&[("b", "2"), ("c", "4")]));
        assert_eq!(slots, 0b11);
    }
}
