//! Regions: kept with their country before them, compared by their own code.

use footfall_model::{Condition, Filter, Key, Op, SegmentOp, Value};

/// What the codes of ISO 3166-2 are made of, in order.
const SIGNS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A comparison with a region's code, whatever the country: `regionCode=^B` finds `DE-BE`.
pub(super) fn compare(key: Key, condition: &Condition) -> Filter {
    let given = condition.value.to_uppercase();
    let exactly = regex::escape(&given);
    let own = match condition.op {
        SegmentOp::Is | SegmentOp::IsNot => exactly,
        SegmentOp::Contains | SegmentOp::ContainsNot => format!("[^-]*{exactly}[^-]*"),
        SegmentOp::StartsWith => format!("{exactly}[^-]*"),
        SegmentOp::EndsWith => format!("[^-]*{exactly}"),
        SegmentOp::Greater => above(&given, false),
        SegmentOp::AtLeast => above(&given, true),
        SegmentOp::Less => below(&given, false),
        SegmentOp::AtMost => below(&given, true),
    };
    let found = Filter::test(key, Op::Matches, vec![Value::text(&format!("^([^-]*-)?({own})$"))]);
    match condition.op {
        SegmentOp::IsNot | SegmentOp::ContainsNot => found.negated(),
        _ => found,
    }
}

/// The codes that come after the given one.
fn above(given: &str, or_equal: bool) -> String {
    let mut ways = differing(given, |sign, of_given| sign > of_given);
    ways.push(format!("{}[^-]{}", regex::escape(given), if or_equal { '*' } else { '+' }));
    ways.join("|")
}

/// The codes that come before the given one.
fn below(given: &str, or_equal: bool) -> String {
    let mut ways = differing(given, |sign, of_given| sign < of_given);
    ways.extend(given.char_indices().filter(|(at, _)| *at > 0).map(|(at, _)| regex::escape(&given[..at])));
    if or_equal {
        ways.push(regex::escape(given));
    }
    // No code is left where nothing comes before it.
    if ways.is_empty() { "-{2}".to_owned() } else { ways.join("|") }
}

/// The codes whose first sign that is not the given code's stands as asked to it.
fn differing(given: &str, stands: fn(char, char) -> bool) -> Vec<String> {
    let mut ways = Vec::new();
    for (at, of_given) in given.char_indices() {
        let others: String = SIGNS.chars().filter(|sign| stands(*sign, of_given)).collect();
        if !others.is_empty() {
            ways.push(format!("{}[{others}][^-]*", regex::escape(&given[..at])));
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use footfall_model::dimensions::place;

    use super::*;

    /// Which of some regions a comparison finds.
    fn found(op: SegmentOp, value: &str) -> Vec<&'static str> {
        let condition = Condition { name: "regionCode".to_owned(), op, value: value.to_owned() };
        let (test, wanted) = match compare(Key::Column(place::REGION.at()), &condition) {
            Filter::Test(test) => (test, true),
            Filter::Not(inner) => match *inner {
                Filter::Test(test) => (test, false),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        let pattern = regex::Regex::new(test.values[0].as_str().unwrap()).unwrap();
        ["BE-BRU", "DE-BE", "DE-BW", "FR-75", "GB-B", "HE"]
            .into_iter()
            .filter(|region| pattern.is_match(region) == wanted)
            .collect()
    }

    #[test]
    fn the_country_is_not_compared() {
        assert_eq!(found(SegmentOp::Is, "be"), ["DE-BE"]);
        assert_eq!(found(SegmentOp::IsNot, "BE"), ["BE-BRU", "DE-BW", "FR-75", "GB-B", "HE"]);
        assert_eq!(found(SegmentOp::StartsWith, "B"), ["BE-BRU", "DE-BE", "DE-BW", "GB-B"]);
        assert_eq!(found(SegmentOp::EndsWith, "E"), ["DE-BE", "HE"]);
        assert_eq!(found(SegmentOp::Contains, "E"), ["DE-BE", "HE"]);
        assert_eq!(found(SegmentOp::ContainsNot, "E"), ["BE-BRU", "DE-BW", "FR-75", "GB-B"]);
        assert_eq!(found(SegmentOp::Contains, "."), [""; 0]);
    }

    #[test]
    fn codes_stand_in_the_order_of_their_signs() {
        assert_eq!(found(SegmentOp::Greater, "BE"), ["BE-BRU", "DE-BW", "HE"]);
        assert_eq!(found(SegmentOp::AtLeast, "BE"), ["BE-BRU", "DE-BE", "DE-BW", "HE"]);
        assert_eq!(found(SegmentOp::Less, "BE"), ["FR-75", "GB-B"]);
        assert_eq!(found(SegmentOp::AtMost, "be"), ["DE-BE", "FR-75", "GB-B"]);
        assert_eq!(found(SegmentOp::Less, "0"), [""; 0]);
    }
}
