//! Lists in pages, told apart by cursors.

use serde_json::{Map, Value, json};

use super::{super::Failure, Ask};
use crate::{matomo::Reply, own::shape};

/// How many members a page has unless asked otherwise.
const PAGE: usize = 100;

/// A page of a list whose members are known by a key.
pub(super) fn page(ask: &Ask<'_>, name: &str, members: Vec<(String, Value)>) -> Result<Reply, Failure> {
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let limit = ask.params.get("limit").and_then(number).map_or(PAGE, |limit| (limit as usize).clamp(1, 1000));
    let place = |key: &str| members.iter().position(|(known, _)| known == key);
    let start = match (ask.params.text("after"), ask.params.text("before")) {
        (Some(after), _) => place(after).map_or(members.len(), |place| place + 1),
        (None, Some(before)) => place(before).unwrap_or(0).saturating_sub(limit),
        (None, None) => 0,
    };
    let shown: Vec<(String, Value)> = members.iter().skip(start).take(limit).cloned().collect();
    let key = |member: Option<&(String, Value)>| member.map(|(key, _)| key.clone());
    let after = key(shown.last()).filter(|_| start + shown.len() < members.len());
    let before = key(shown.first()).filter(|_| start > 0);
    let mut answer = Map::new();
    answer.insert(name.to_owned(), shown.into_iter().map(|(_, shown)| shown).collect::<Vec<_>>().into());
    answer.insert("meta".to_owned(), json!({ "after": after, "before": before, "limit": limit }));
    Ok(shape::json(200, &Value::Object(answer)))
}
