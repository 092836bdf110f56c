use footfall_admin::NewGoal;
use footfall_model::{Goal, GoalId, GoalMatch};
use serde_json::{Map, Value, json};

use super::{Ask, Failure, created, each, list as page};
use crate::{matomo::Reply, own::shape};

/// `GET /goals`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let goals = ask.ctx.admin.goals(ask.site.id).await?;
    Ok(page("goals", goals.iter().filter_map(describe).collect()))
}

/// `GET /goals/{id}`.
pub(super) async fn get(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let goals = ask.ctx.admin.goals(ask.site.id).await?;
    let found = goals.iter().find(|goal| goal.id.0.to_string() == id).and_then(describe);
    Ok(shape::json(200, &found.ok_or_else(Failure::missing)?))
}

/// `PUT /goals`: finds goals, or makes them; all are looked at before the first is made.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let given = each(&ask.body, "goals", |one| one.contains_key("goal_type"))?;
    let wanted = given.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut made = Vec::new();
    for goal in wanted {
        made.push(ask.ctx.admin.find_or_add_goal(ask.site.id, goal).await?);
    }
    let path = match made.as_slice() {
        [one] => format!("goals/{}", one.id.0),
        _ => "goals".to_owned(),
    };
    let reply = page("goals", made.iter().filter_map(describe).collect());
    let shown: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    Ok(created(&path, &shown, ask))
}

/// `DELETE /goals/{id}`: what is not there any more is as good as deleted.
pub(super) async fn delete(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let id: i32 = id.parse().map_err(|_| Failure::missing())?;
    forget(ask, &[id]).await
}

/// `DELETE /goals` with `goal_ids`.
pub(super) async fn delete_many(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let ids = ask.body.get("goal_ids").and_then(Value::as_array).filter(|ids| !ids.is_empty() && ids.len() <= 100);
    let ids = ids.ok_or_else(|| Failure::invalid("`goal_ids` must be a list of 1 to 100 numbers"))?;
    let ids = ids.iter().map(|id| id.as_i64().and_then(|id| i32::try_from(id).ok())).collect::<Option<Vec<i32>>>();
    forget(ask, &ids.ok_or_else(|| Failure::invalid("`goal_ids` must hold numbers"))?).await
}

async fn forget(ask: &Ask<'_>, ids: &[i32]) -> Result<Reply, Failure> {
    let goals = ask.ctx.admin.goals(ask.site.id).await?;
    for id in ids {
        if goals.iter().any(|goal| goal.id.0 == *id) {
            ask.ctx.admin.delete_goal(ask.site.id, GoalId(*id)).await?;
        }
    }
    Ok(shape::nothing())
}

/// The goal that is meant.
pub(super) fn read(given: &Map<String, Value>) -> Result<NewGoal, Failure> {
    let goal = given.get("goal").and_then(Value::as_object).ok_or_else(|| Failure::invalid("goal: can't be blank"))?;
    let text = |name: &str| -> Result<String, Failure> {
        let text = goal.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| Failure::invalid(format!("{name}: can't be blank")))
    };
    let rule = match given.get("goal_type").and_then(Value::as_str) {
        Some("Goal.CustomEvent" | "Goal.Revenue") => GoalMatch::Event { name: text("event_name")?, props: Vec::new() },
        Some("Goal.Pageview") => GoalMatch::PagePath { path: text("path")?, props: Vec::new() },
        _ => return Err(Failure::invalid("goal_type: must be Goal.CustomEvent, Goal.Revenue or Goal.Pageview")),
    };
    let currency =
        if given.get("goal_type").and_then(Value::as_str) == Some("Goal.Revenue") { Some(text("currency")?) } else { None };
    Ok(NewGoal { currency, ..NewGoal::new("", rule) })
}

/// A goal as it is told; `None` for those of Matomo's.
pub(super) fn describe(goal: &Goal) -> Option<Value> {
    let (kind, mut shown) = match (&goal.rule, &goal.currency) {
        (GoalMatch::Event { name, .. }, Some(currency)) => ("Goal.Revenue", json!({ "event_name": name, "currency": currency })),
        (GoalMatch::Event { name, .. }, None) => ("Goal.CustomEvent", json!({ "event_name": name })),
        (GoalMatch::PagePath { path, .. } | GoalMatch::Scroll { path, .. }, _) => ("Goal.Pageview", json!({ "path": path })),
        (GoalMatch::Matomo { .. }, _) => return None,
    };
    shown["id"] = goal.id.0.into();
    shown["display_name"] = goal.name.as_str().into();
    Some(json!({ "goal_type": kind, "goal": shown }))
}
