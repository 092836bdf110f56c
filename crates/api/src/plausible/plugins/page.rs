//! Lists in pages, the newest first. A cursor is the number of a member.

use serde_json::{Map, Value, json};

use super::{Ask, Failure, base, cast};
use crate::{matomo::Reply, own::shape};

/// How many members a page has unless asked otherwise, and at most.
const PAGE: usize = 10;
const MOST: usize = 100;

/// Where a page begins and ends in a list.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    start: usize,
    end: usize,
}

/// The page that is asked for of what is called `name`: members with their numbers, in any order.
pub(super) fn page(ask: &Ask<'_>, name: &str, mut members: Vec<(i64, Value)>) -> Result<Reply, Failure> {
    members.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    let ids: Vec<i64> = members.iter().map(|(id, _)| *id).collect();
    let params: Vec<(String, String)> = form_urlencoded::parse(ask.query.as_bytes()).into_owned().collect();
    let number = |name: &str| -> Result<Option<i64>, Failure> {
        let given = params.iter().rev().find(|(known, _)| known == name);
        given.map(|(_, value)| cast::integer(&value.as_str().into())).transpose()
    };
    let limit = number("limit")?.and_then(|limit| usize::try_from(limit).ok());
    let limit = limit.filter(|limit| (1..=MOST).contains(limit)).unwrap_or(PAGE);
    let Place { start, end } = place(&ids, limit, number("after")?, number("before")?);
    let link = |cursor: &str, id: i64| {
        let others = params.iter().filter(|(name, _)| name != "after" && name != "before");
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair(cursor, &id.to_string()).extend_pairs(others).finish();
        json!({ "url": format!("{}/{name}?{query}", base(ask)) })
    };
    let mut links = Map::new();
    if start < end && end < ids.len() {
        links.insert("next".to_owned(), link("after", ids[end - 1]));
    }
    if start < end && start > 0 {
        links.insert("prev".to_owned(), link("before", ids[start]));
    }
    Ok(shape::json(200, &told(name, members.drain(start..end).map(|(_, shown)| shown).collect(), &links)))
}

/// A list that is one page, whatever it holds.
pub(super) fn whole(name: &str, members: Vec<Value>) -> Value {
    told(name, members, &Map::new())
}

fn told(name: &str, members: Vec<Value>, links: &Map<String, Value>) -> Value {
    let (next, prev) = (links.contains_key("next"), links.contains_key("prev"));
    let pagination = json!({ "has_next_page": next, "has_prev_page": prev, "links": links });
    json!({ (name): members, "meta": { "pagination": pagination } })
}

/// The place of a page among numbers that fall: after one, before one, or at the beginning.
fn place(ids: &[i64], limit: usize, after: Option<i64>, before: Option<i64>) -> Place {
    match (after, before) {
        (Some(after), _) => {
            let start = ids.partition_point(|id| *id >= after);
            Place { start, end: ids.len().min(start + limit) }
        }
        (None, Some(before)) => {
            let end = ids.partition_point(|id| *id > before);
            Place { start: end.saturating_sub(limit), end }
        }
        (None, None) => Place { start: 0, end: ids.len().min(limit) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_its_neighbour() {
        let ids = [9, 7, 5, 3, 1];
        let at = |after, before| {
            let Place { start, end } = place(&ids, 2, after, before);
            &ids[start..end]
        };
        assert_eq!(at(None, None), [9, 7]);
        assert_eq!(at(Some(7), None), [5, 3]);
        assert_eq!(at(Some(3), None), [1]);
        assert!(at(Some(1), None).is_empty());
        assert_eq!(at(None, Some(5)), [9, 7]);
        assert_eq!(at(None, Some(7)), [9]);
        // What stood there may be gone.
        assert_eq!(at(Some(6), None), [5, 3]);
        assert_eq!(at(None, Some(4)), [7, 5]);
    }
}
