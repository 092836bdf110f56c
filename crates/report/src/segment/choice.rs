//! Segments whose values are chosen from a list: Matomo keeps each as a number, and compares the numbers.

use footfall_model::{ActionKind, Condition, EcommerceStatus, Error, Filter, Key, Op, SegmentOp, Value};

/// What can be chosen for a segment.
struct Choice {
    /// The segment.
    segment: &'static str,
    /// Where Matomo keeps it: it tells this in errors.
    place: &'static str,
    /// The number Matomo keeps, its word, and what is kept here.
    values: &'static [(i64, &'static str, Kept)],
}

/// What is kept for one value.
#[derive(Clone, Copy)]
enum Kept {
    /// The word itself.
    Word,
    /// One of these numbers.
    Numbers(&'static [i64]),
}

const CHOICES: [Choice; 5] = [
    Choice {
        segment: "deviceType",
        place: "log_visit.config_device_type",
        values: &[
            (0, "desktop", Kept::Word),
            (1, "smartphone", Kept::Word),
            (2, "tablet", Kept::Word),
            (3, "feature phone", Kept::Word),
            (4, "console", Kept::Word),
            (5, "tv", Kept::Word),
            (6, "car browser", Kept::Word),
            (7, "smart display", Kept::Word),
            (8, "camera", Kept::Word),
            (9, "portable media player", Kept::Word),
            (10, "phablet", Kept::Word),
            (11, "smart speaker", Kept::Word),
            (12, "wearable", Kept::Word),
            (13, "peripheral", Kept::Word),
        ],
    },
    Choice {
        segment: "clientType",
        place: "log_visit.config_client_type",
        values: &[
            (1, "browser", Kept::Word),
            (2, "library", Kept::Word),
            (3, "feed reader", Kept::Word),
            (4, "mediaplayer", Kept::Word),
            (5, "mobile app", Kept::Word),
            (6, "pim", Kept::Word),
        ],
    },
    Choice {
        segment: REFERRER_TYPE,
        place: "log_visit.referer_type",
        values: &[
            (1, "direct", Kept::Word),
            (2, "search", Kept::Word),
            (3, "website", Kept::Word),
            (6, "campaign", Kept::Word),
            (7, "social", Kept::Word),
        ],
    },
    Choice {
        segment: "visitEcommerceStatus",
        place: "log_visit.visit_goal_buyer",
        values: &[
            (0, "none", Kept::Numbers(&[EcommerceStatus::None as i64])),
            (1, "ordered", Kept::Numbers(&[EcommerceStatus::Ordered as i64])),
            (2, "abandonedCart", Kept::Numbers(&[EcommerceStatus::AbandonedCart as i64])),
            (3, "orderedThenAbandonedCart", Kept::Numbers(&[EcommerceStatus::OrderedThenAbandonedCart as i64])),
        ],
    },
    Choice {
        segment: "actionType",
        place: "log_action.type",
        values: &[
            (1, "pageviews", Kept::Numbers(&[ActionKind::PageView as i64])),
            (2, "outlinks", Kept::Numbers(&[ActionKind::Outlink as i64])),
            (3, "downloads", Kept::Numbers(&[ActionKind::Download as i64])),
            (8, "sitesearches", Kept::Numbers(&[ActionKind::Search as i64])),
            (10, "events", Kept::Numbers(&[ActionKind::Event as i64])),
            (13, "contents", Kept::Numbers(&[ActionKind::ContentImpression as i64, ActionKind::ContentInteraction as i64])),
        ],
    },
];

const REFERRER_TYPE: &str = "referrerType";

/// Whether the value can be chosen, where it has to be.
///
/// # Errors
/// Says which value cannot.
pub(super) fn check(condition: &Condition) -> Result<(), Error> {
    match CHOICES.iter().find(|choice| choice.segment == condition.name) {
        Some(choice) if !condition.value.is_empty() && choice.number(&condition.value).is_none() => {
            Err(Error::invalid(match choice.segment {
                REFERRER_TYPE => format!("Referrer type '{}' is not valid.", condition.value),
                _ => format!("Invalid '{}' segment value {}", choice.place, condition.value),
            }))
        }
        _ => Ok(()),
    }
}

/// A comparison with a value that is chosen from a list; `None` where the segment's are not.
pub(super) fn compare(key: &Key, condition: &Condition) -> Option<Filter> {
    let choice = CHOICES.iter().find(|choice| choice.segment == condition.name)?;
    if condition.value.is_empty() {
        // What is kept as 0 is taken for nothing, too.
        let none = choice.values.iter().filter(|(number, _, _)| *number == 0).flat_map(|(_, word, kept)| kept.values(word));
        let values = std::iter::once(Value::Null).chain(none).collect();
        return Some(Filter::test(key.clone(), if condition.op == SegmentOp::Is { Op::Is } else { Op::IsNot }, values));
    }
    let given = choice.number(&condition.value)?;
    let kept = choice.values.iter().filter(|(number, _, _)| holds(*number, condition.op, given));
    let values: Vec<Value> = kept.flat_map(|(_, word, kept)| kept.values(word)).collect();
    let is_negative = matches!(condition.op, SegmentOp::IsNot | SegmentOp::ContainsNot);
    Some(match (values.is_empty(), is_negative) {
        (true, true) => Filter::All,
        (true, false) => Filter::None,
        (false, true) => Filter::test(key.clone(), Op::IsNot, values),
        (false, false) => Filter::test(key.clone(), Op::Is, values),
    })
}

/// Whether a kept number compares as asked with the given one; what is to be left out, for conditions that leave out.
fn holds(kept: i64, op: SegmentOp, given: i64) -> bool {
    let (text, part) = (kept.to_string(), given.to_string());
    match op {
        SegmentOp::Is | SegmentOp::IsNot => kept == given,
        SegmentOp::Contains | SegmentOp::ContainsNot => text.contains(&part),
        SegmentOp::StartsWith => text.starts_with(&part),
        SegmentOp::EndsWith => text.ends_with(&part),
        SegmentOp::Less => kept < given,
        SegmentOp::AtMost => kept <= given,
        SegmentOp::Greater => kept > given,
        SegmentOp::AtLeast => kept >= given,
    }
}

impl Choice {
    /// The number of a value: it may be given itself, or by its word.
    fn number(&self, given: &str) -> Option<i64> {
        let number_of = |word: &str| self.values.iter().find(|(_, known, _)| *known == word).map(|(number, _, _)| *number);
        let itself = self.values.iter().map(|(number, _, _)| *number).find(|number| number.to_string() == given);
        if self.segment == REFERRER_TYPE {
            // Of a number Matomo makes the word, and databases read a word as 0.
            return itself.map(|_| 0).or_else(|| number_of(given));
        }
        itself.or_else(|| number_of(given)).or_else(|| number_of(&given.trim().to_lowercase()))
    }
}

impl Kept {
    fn values(self, word: &str) -> Vec<Value> {
        match self {
            Kept::Word => vec![Value::text(word)],
            Kept::Numbers(numbers) => numbers.iter().map(|number| Value::Int(*number)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use footfall_model::Catalogue;

    use super::*;

    fn condition(name: &str, op: SegmentOp, value: &str) -> Condition {
        Condition { name: name.to_owned(), op, value: value.to_owned() }
    }

    fn found(name: &str, op: SegmentOp, value: &str) -> Filter {
        let key = Key::Column(Catalogue::built_in().segment(name).unwrap().at());
        compare(&key, &condition(name, op, value)).unwrap()
    }

    fn test(name: &str, op: Op, values: &[Value]) -> Filter {
        Filter::test(Key::Column(Catalogue::built_in().segment(name).unwrap().at()), op, values.to_vec())
    }

    #[test]
    fn only_what_is_on_the_list_can_be_chosen() {
        let refused = |name: &str, op, value: &str| check(&condition(name, op, value)).unwrap_err().message().to_owned();
        assert_eq!(refused("deviceType", SegmentOp::Is, "zzz"), "Invalid 'log_visit.config_device_type' segment value zzz");
        assert_eq!(refused("deviceType", SegmentOp::Is, "14"), "Invalid 'log_visit.config_device_type' segment value 14");
        assert_eq!(refused("actionType", SegmentOp::IsNot, "zzz"), "Invalid 'log_action.type' segment value zzz");
        // Only the word in lower case is looked for again, and this one has a capital.
        let status = "Invalid 'log_visit.visit_goal_buyer' segment value ABANDONEDCART";
        assert_eq!(refused("visitEcommerceStatus", SegmentOp::Is, "ABANDONEDCART"), status);
        assert_eq!(refused("referrerType", SegmentOp::Contains, "zzz"), "Referrer type 'zzz' is not valid.");
        assert_eq!(refused("referrerType", SegmentOp::Is, "SEARCH"), "Referrer type 'SEARCH' is not valid.");
        assert!(check(&condition("deviceType", SegmentOp::Is, "")).is_ok());
        assert!(check(&condition("pageTitle", SegmentOp::Is, "zzz")).is_ok());
    }

    #[test]
    fn values_are_given_by_word_or_number() {
        assert_eq!(found("deviceType", SegmentOp::Is, "1"), test("deviceType", Op::Is, &[Value::text("smartphone")]));
        assert_eq!(found("deviceType", SegmentOp::Is, " Car Browser"), test("deviceType", Op::Is, &[Value::text("car browser")]));
        let ordered = EcommerceStatus::Ordered as i64;
        let expected = test("visitEcommerceStatus", Op::Is, &[Value::Int(ordered)]);
        assert_eq!(found("visitEcommerceStatus", SegmentOp::Is, "ORDERED"), expected);
        let contents = [ActionKind::ContentImpression as i64, ActionKind::ContentInteraction as i64].map(Value::Int);
        assert_eq!(found("actionType", SegmentOp::Is, "contents"), test("actionType", Op::Is, &contents));
        let views = [Value::Int(ActionKind::PageView as i64)];
        assert_eq!(found("actionType", SegmentOp::IsNot, "PAGEVIEWS"), test("actionType", Op::IsNot, &views));
    }

    #[test]
    fn the_numbers_are_what_is_compared() {
        let words = |all: &[&str]| all.iter().map(|word| Value::text(word)).collect::<Vec<_>>();
        let of_one = words(&["smartphone", "phablet", "smart speaker", "wearable", "peripheral"]);
        assert_eq!(found("deviceType", SegmentOp::Contains, "smartphone"), test("deviceType", Op::Is, &of_one));
        assert_eq!(found("deviceType", SegmentOp::ContainsNot, "1"), test("deviceType", Op::IsNot, &of_one));
        assert_eq!(
            found("deviceType", SegmentOp::Greater, "smart speaker"),
            test("deviceType", Op::Is, &words(&["wearable", "peripheral"]))
        );
        assert_eq!(
            found("referrerType", SegmentOp::AtMost, "search"),
            test("referrerType", Op::Is, &words(&["direct", "search"]))
        );
        assert_eq!(found("referrerType", SegmentOp::Greater, "social"), Filter::None);
        assert_eq!(found("referrerType", SegmentOp::Is, "1"), Filter::None);
        assert_eq!(found("referrerType", SegmentOp::IsNot, "1"), Filter::All);
        let nothing = [Value::Null, Value::text("desktop")];
        assert_eq!(found("deviceType", SegmentOp::Is, ""), test("deviceType", Op::Is, &nothing));
        assert_eq!(found("deviceType", SegmentOp::IsNot, ""), test("deviceType", Op::IsNot, &nothing));
        assert_eq!(found("referrerType", SegmentOp::Is, ""), test("referrerType", Op::Is, &[Value::Null]));
    }
}
