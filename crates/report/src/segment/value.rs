//! How a segment's values compare: numbers as numbers, names of enumerations as their codes, text in any case.

use footfall_model::{
    Column, Condition, Dimension, Error, Filter, Key, Kind, Op, SegmentOp, Source, Test, TimePart, Value, VisitorId,
    address_bytes, dimensions::place::ADDRESS,
};

use super::{choice, region};

/// Whether a value is given where one is needed.
///
/// # Errors
/// Only `==` and `!=` may go without. Visitors and what they are told by have sixteen hexadecimal digits, and some values are
/// chosen from a list.
pub(super) fn check(condition: &Condition) -> Result<(), Error> {
    choice::check(condition)?;
    let given = condition.value.as_str();
    let wrong = match condition.name.as_str() {
        _ if given.is_empty() => None,
        "visitorId" | "fingerprint" if !is_visitor(given) => Some("visitorId is expected to be a 16 hex char string".to_owned()),
        "revenueOrder" | "revenueAbandonedCart" => {
            let sign = match condition.op {
                SegmentOp::Contains | SegmentOp::ContainsNot => Some("=@"),
                SegmentOp::StartsWith | SegmentOp::EndsWith => Some(condition.op.sign()),
                _ => None,
            };
            sign.map(|sign| format!("This match type {sign} is not available for action-segments."))
        }
        _ => None,
    };
    if let Some(wrong) = wrong {
        return Err(Error::invalid(wrong));
    }
    if condition.value.is_empty() && !matches!(condition.op, SegmentOp::Is | SegmentOp::IsNot) {
        return Err(Error::invalid(format!(
            "The segment '{}{}' has no value specified. You can leave this value empty only when you use the operators: != (is \
             not) or == (is)",
            condition.name,
            condition.op.sign()
        )));
    }
    Ok(())
}

fn is_visitor(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|sign| sign.is_ascii_hexdigit())
}

/// A comparison with a column of this kind.
pub(super) fn compare(key: Key, kind: Kind, condition: &Condition) -> Filter {
    if condition.value.is_empty() {
        return is_set(key, kind, condition.op);
    }
    if let (true, Key::Column(column)) = (is_order(condition.op), &key)
        && *column == ADDRESS.at()
    {
        // What is no address is read as the first of all.
        let bytes = address_bytes(condition.value.trim()).unwrap_or_else(|| "00000000".to_owned());
        return test(Key::Address(*column), op(condition.op), Value::text(&bytes), true);
    }
    match kind {
        Kind::Flag | Kind::Small | Kind::Count | Kind::Moment | Kind::Real => compare_number(key, condition),
        Kind::Id => test(key, op(condition.op), id(&condition.value), true),
        // What is looked up in the dictionary is found by its exact text, and searched in any case.
        Kind::Long => {
            let is_exact = matches!(condition.op, SegmentOp::Is | SegmentOp::IsNot);
            test(key, op(condition.op), Value::text(&condition.value), is_exact)
        }
        Kind::Text | Kind::Props => test(key, op(condition.op), Value::text(&condition.value), false),
    }
}

fn is_order(op: SegmentOp) -> bool {
    matches!(op, SegmentOp::Less | SegmentOp::AtMost | SegmentOp::Greater | SegmentOp::AtLeast)
}

/// A comparison with a dimension of the catalogue, whose values may have names.
pub(super) fn compare_dimension(dimension: &Dimension, key: Key, condition: &Condition) -> Filter {
    let with = |value: &str| Condition { value: value.to_owned(), ..condition.clone() };
    if let Some(chosen) = choice::compare(&key, condition) {
        return chosen;
    }
    if condition.value.is_empty() && ["visit.country", "visit.continent"].contains(&dimension.id) {
        // Where it is not known is a country too.
        return if condition.op == SegmentOp::Is { Filter::None } else { Filter::All };
    }
    // What is looked up among the known texts is never found to be none.
    let is_looked_up = dimension.kind == Kind::Long && !["visit.referrer_url", "action.search_category"].contains(&dimension.id);
    if condition.value.is_empty() && condition.op == SegmentOp::Is && is_looked_up {
        return Filter::None;
    }
    if dimension.id == "visit.resolution" && ["", "unknown"].contains(&condition.value.as_str()) {
        // A screen that is not known has that for a name.
        return match (condition.value.is_empty(), condition.op) {
            (true, SegmentOp::Is) => Filter::None,
            (true, _) => Filter::All,
            (false, op) => is_set(key, dimension.kind, op),
        };
    }
    if condition.value.is_empty() {
        return is_set(key, dimension.kind, condition.op);
    }
    let given = condition.value.as_str();
    match dimension.id {
        // A maker that is not known has that for a name.
        "visit.device_brand" if given == "Unknown" => is_set(key, dimension.kind, condition.op),
        // Files and other sites are kept with what stands before the host; pages are not.
        "action.page_url" | "action.event_url" | "action.url" | "visit.entry_url" | "visit.exit_url" => {
            compare(key, dimension.kind, &with(without_scheme(given)))
        }
        "visit.visitor_kind" => compare(
            key,
            dimension.kind,
            &with(match given {
                "new" => "0",
                "returning" => "1",
                "returningCustomer" => "2",
                other if other.parse::<i64>().is_ok() => other,
                _ => "2",
            }),
        ),
        // Names are looked up as a whole, whatever is asked of them.
        "visit.browser_name" | "visit.os_name"
            if matches!(condition.op, SegmentOp::Contains | SegmentOp::StartsWith | SegmentOp::EndsWith) =>
        {
            compare(key, dimension.kind, &Condition { op: SegmentOp::Is, ..condition.clone() })
        }
        "visit.browser_name" | "visit.os_name" if condition.op == SegmentOp::ContainsNot => {
            compare(key, dimension.kind, &Condition { op: SegmentOp::IsNot, ..condition.clone() })
        }
        "visit.region" => region::compare(key, condition),
        // No country is known to lie nowhere.
        "visit.continent" if given.eq_ignore_ascii_case("unk") => match condition.op {
            SegmentOp::IsNot | SegmentOp::ContainsNot => Filter::All,
            _ => Filter::None,
        },
        "visit.country" if given.eq_ignore_ascii_case("xx") => is_set(key, dimension.kind, condition.op),
        _ => match dimension.source {
            Source::Clock(TimePart::DayOfWeek) => day_of_week(key, condition),
            Source::Clock(TimePart::Day) => test(key, op(condition.op), Value::text(given), false),
            Source::Clock(_) => compare_number(key, condition),
            _ => compare(key, dimension.kind, condition),
        },
    }
}

/// Days that are kept as seconds. Exact: the seconds are compared with the days' seconds; else whole days are.
pub(super) fn days(column: Column, condition: &Condition, exact: bool) -> Filter {
    let key = Key::Column(column);
    if condition.value.is_empty() {
        let whole = test(key.clone(), Op::AtLeast, Value::Int(86_400), true);
        return match condition.op {
            op if exact => is_set(key, Kind::Count, op),
            SegmentOp::Is => whole.negated(),
            _ => whole,
        };
    }
    let first = (number(&condition.value) as i64).saturating_mul(86_400);
    let after = first.saturating_add(86_400);
    let than = |op: Op, at: i64| test(key.clone(), op, Value::Int(at), true);
    match condition.op {
        _ if exact => test(key.clone(), op(condition.op), Value::Int(first), true),
        SegmentOp::Is => than(Op::AtLeast, first).and(than(Op::Less, after)),
        SegmentOp::IsNot => than(Op::AtLeast, first).and(than(Op::Less, after)).negated(),
        SegmentOp::Less => than(Op::Less, first),
        SegmentOp::AtMost => than(Op::Less, after),
        SegmentOp::Greater => than(Op::AtLeast, after),
        _ => than(Op::AtLeast, first),
    }
}

/// A comparison with something that has the same value everywhere.
pub(super) fn constant(held: f64, condition: &Condition) -> Filter {
    let given = number(&condition.value);
    let holds = match condition.op {
        SegmentOp::Is => held == given,
        SegmentOp::IsNot => held != given,
        SegmentOp::Less => held < given,
        SegmentOp::AtMost => held <= given,
        SegmentOp::Greater => held > given,
        SegmentOp::AtLeast => held >= given,
        _ => false,
    };
    if holds { Filter::All } else { Filter::None }
}

/// A country by its English name, which is looked up as a whole: one that is not found is nowhere.
pub(super) fn country(dimension: &Dimension, condition: &Condition) -> Filter {
    let code = match condition.value.as_str() {
        "" => "",
        name => crate::names::countries::all().iter().find(|(_, known)| *known == name).map_or("UNK", |(code, _)| *code),
    };
    let by_code = Condition { value: code.to_owned(), ..condition.clone() };
    compare_dimension(dimension, Key::Column(dimension.at()), &by_code)
}

/// Whether a text compares with the condition as asked, in any case.
pub(super) fn text_matches(text: &str, condition: &Condition) -> bool {
    let (held, given) = (text.to_lowercase(), condition.value.to_lowercase());
    match condition.op {
        SegmentOp::Is => held == given,
        SegmentOp::IsNot => held != given,
        SegmentOp::Contains => held.contains(&given),
        SegmentOp::ContainsNot => !held.contains(&given),
        SegmentOp::StartsWith => held.starts_with(&given),
        SegmentOp::EndsWith => held.ends_with(&given),
        SegmentOp::Less => held < given,
        SegmentOp::AtMost => held <= given,
        SegmentOp::Greater => held > given,
        SegmentOp::AtLeast => held >= given,
    }
}

fn compare_number(key: Key, condition: &Condition) -> Filter {
    let given = number(&condition.value);
    let value = if given.fract() == 0.0 { Value::Int(given as i64) } else { Value::Real(given) };
    match condition.op {
        SegmentOp::Contains | SegmentOp::ContainsNot | SegmentOp::StartsWith | SegmentOp::EndsWith => {
            test(key, op(condition.op), Value::text(&condition.value), false)
        }
        // Nothing is not other than 0.
        SegmentOp::IsNot if condition.value == "0" => {
            test(key.clone(), Op::IsNot, value, true).and(Filter::test(key, Op::IsNot, vec![Value::Null]))
        }
        asked => test(key, op(asked), value, true),
    }
}

/// The number a text begins with, 0 where it begins with none, as databases read it.
fn number(text: &str) -> f64 {
    let text = text.trim();
    let end = text
        .char_indices()
        .take_while(|(at, sign)| sign.is_ascii_digit() || *sign == '.' || (*at == 0 && (*sign == '-' || *sign == '+')))
        .last()
        .map_or(0, |(at, _)| at + 1);
    text[..end].parse().unwrap_or(0.0)
}

fn id(text: &str) -> Value {
    match VisitorId::parse(text) {
        Some(id) => Value::Int(id.0 as i64),
        None => Value::Int(number(text) as i64),
    }
}

/// `==` and `!=` without a value: whether there is anything, 0 being nothing.
fn is_set(key: Key, kind: Kind, asked: SegmentOp) -> Filter {
    let mut values = vec![Value::Null];
    match kind {
        Kind::Text | Kind::Long | Kind::Props => values.push(Value::text("0")),
        _ => values.push(Value::Int(0)),
    }
    let op = if asked == SegmentOp::Is { Op::Is } else { Op::IsNot };
    Filter::test(key, op, values)
}

/// Matomo counts days of the week from Sunday, 1; stores from Monday, 1.
fn day_of_week(key: Key, condition: &Condition) -> Filter {
    let given = number(&condition.value) as i64;
    let days: Vec<Value> = (1..=7)
        .filter(|ours| {
            let theirs = ours % 7 + 1;
            match condition.op {
                SegmentOp::IsNot => theirs != given,
                SegmentOp::Less => theirs < given,
                SegmentOp::AtMost => theirs <= given,
                SegmentOp::Greater => theirs > given,
                SegmentOp::AtLeast => theirs >= given,
                _ => theirs == given,
            }
        })
        .map(Value::Int)
        .collect();
    if days.is_empty() { Filter::None } else { Filter::test(key, Op::Is, days) }
}

/// A URL as it is kept: without its scheme and `www.`.
pub fn without_scheme(url: &str) -> &str {
    let lower = url.to_ascii_lowercase();
    for scheme in ["https://", "http://"] {
        if lower.starts_with(scheme) {
            let rest = &url[scheme.len()..];
            return match rest.get(..4) {
                Some(www) if www.eq_ignore_ascii_case("www.") => &rest[4..],
                _ => rest,
            };
        }
    }
    url
}

fn test(key: Key, op: Op, value: Value, case_sensitive: bool) -> Filter {
    Filter::Test(Test { key, op, values: vec![value], case_sensitive })
}

fn op(asked: SegmentOp) -> Op {
    match asked {
        SegmentOp::Is => Op::Is,
        SegmentOp::IsNot => Op::IsNot,
        SegmentOp::AtMost => Op::AtMost,
        SegmentOp::Less => Op::Less,
        SegmentOp::AtLeast => Op::AtLeast,
        SegmentOp::Greater => Op::Greater,
        SegmentOp::Contains => Op::Contains,
        SegmentOp::ContainsNot => Op::ContainsNot,
        SegmentOp::StartsWith => Op::StartsWith,
        SegmentOp::EndsWith => Op::EndsWith,
    }
}

#[cfg(test)]
mod tests {
    use footfall_model::{VisitRow, dimensions::place};

    use super::*;

    fn nothing(op: SegmentOp) -> Condition {
        Condition { name: "x".to_owned(), op, value: String::new() }
    }

    #[test]
    fn visitors_have_sixteen_digits() {
        let visitor = |value: &str| Condition { name: "visitorId".to_owned(), op: SegmentOp::Is, value: value.to_owned() };
        assert!(check(&visitor("0123456789abcDEF")).is_ok() && check(&visitor("")).is_ok());
        for wrong in ["x", "0123456789abcdeg", "0123456789abcdef0"] {
            let message = check(&visitor(wrong)).unwrap_err();
            assert_eq!(message.message(), "visitorId is expected to be a 16 hex char string");
        }
    }

    #[test]
    fn choices_are_named_as_they_are() {
        let given = |name: &str, op, value: &str| check(&Condition { name: name.to_owned(), op, value: value.to_owned() });
        for (name, value) in [
            ("referrerType", "social"),
            ("referrerType", "7"),
            ("deviceType", "Smartphone"),
            ("deviceType", "1"),
            ("actionType", "events"),
        ] {
            assert!(given(name, SegmentOp::Is, value).is_ok(), "{name}=={value}");
        }
        for (name, op, value, wrong) in [
            ("referrerType", SegmentOp::Contains, "s", "Referrer type 's' is not valid."),
            ("deviceType", SegmentOp::Is, "tab", "Invalid 'log_visit.config_device_type' segment value tab"),
            ("actionType", SegmentOp::Is, "goals", "Invalid 'log_action.type' segment value goals"),
            ("fingerprint", SegmentOp::Is, "1", "visitorId is expected to be a 16 hex char string"),
            ("revenueOrder", SegmentOp::ContainsNot, "5", "This match type =@ is not available for action-segments."),
            ("revenueOrder", SegmentOp::EndsWith, "5", "This match type =$ is not available for action-segments."),
        ] {
            assert_eq!(given(name, op, value).unwrap_err().message(), wrong);
        }
    }

    #[test]
    fn names_are_looked_up_as_a_whole() {
        let of = |name: &str, op, value: &str| {
            let condition = Condition { name: name.to_owned(), op, value: value.to_owned() };
            let dimension = footfall_model::Catalogue::built_in().segment(name).unwrap();
            compare_dimension(dimension, Key::Column(dimension.at()), &condition)
        };
        for name in ["browserName", "operatingSystemName"] {
            assert_eq!(of(name, SegmentOp::Contains, "Mac"), of(name, SegmentOp::Is, "Mac"), "{name}");
            assert_eq!(of(name, SegmentOp::ContainsNot, "Mac"), of(name, SegmentOp::IsNot, "Mac"), "{name}");
        }
        let france = |op, value: &str| country(&place::COUNTRY, &Condition { name: "x".to_owned(), op, value: value.to_owned() });
        let code = |op, value: &str| test(Key::Column(place::COUNTRY.at()), op, Value::text(value), false);
        assert_eq!(france(SegmentOp::Is, "France"), code(Op::Is, "FR"));
        assert_eq!(france(SegmentOp::Contains, "Fra"), code(Op::Contains, "UNK"));
    }

    #[test]
    fn days_are_there_from_the_first_whole_one_on() {
        let column = VisitRow::column("since_last").unwrap();
        let whole = test(Key::Column(column), Op::AtLeast, Value::Int(86_400), true);
        assert_eq!(days(column, &nothing(SegmentOp::IsNot), false), whole);
        assert_eq!(days(column, &nothing(SegmentOp::Is), false), whole.negated());
        let seconds = is_set(Key::Column(column), Kind::Count, SegmentOp::IsNot);
        assert_eq!(days(column, &nothing(SegmentOp::IsNot), true), seconds);
    }

    #[test]
    fn texts_that_are_looked_up_are_never_none() {
        let of = |name: &str, op| {
            let dimension = footfall_model::Catalogue::built_in().segment(name).unwrap();
            let key = Key::Column(dimension.at());
            (compare_dimension(dimension, key.clone(), &nothing(op)), is_set(key, dimension.kind, op))
        };
        for name in ["exitPageTitle", "entryPageUrl", "pageTitle", "eventName", "contentPiece", "siteSearchKeyword"] {
            assert_eq!(of(name, SegmentOp::Is).0, Filter::None, "{name}");
            let (found, wanted) = of(name, SegmentOp::IsNot);
            assert_eq!(found, wanted, "{name}");
        }
        for name in ["referrerUrl", "userId", "siteSearchCategory"] {
            let (found, wanted) = of(name, SegmentOp::Is);
            assert_eq!(found, wanted, "{name}");
        }
        assert_eq!(of("resolution", SegmentOp::Is).0, Filter::None);
        assert_eq!(of("resolution", SegmentOp::IsNot).0, Filter::All);
    }

    #[test]
    fn an_unknown_country_is_one() {
        for dimension in [&place::COUNTRY, &place::CONTINENT] {
            let key = Key::Column(dimension.at());
            assert_eq!(compare_dimension(dimension, key.clone(), &nothing(SegmentOp::IsNot)), Filter::All);
            assert_eq!(compare_dimension(dimension, key, &nothing(SegmentOp::Is)), Filter::None);
        }
        assert_eq!(country(&place::COUNTRY, &nothing(SegmentOp::IsNot)), Filter::All);
    }
}
