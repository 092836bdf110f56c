use footfall_admin::NewGoal;
use footfall_model::{Access, Goal, GoalId, GoalMatch};
use serde_json::{Map, Value, json};

use super::{
    super::{Failure, auth, goals},
    Ask, page,
};
use crate::{matomo::Reply, own::shape};

/// How many properties a goal may demand.
const MOST_PROPS: usize = 3;

/// `GET /sites/goals`: the newest first.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::View)?;
    let mut goals = ask.ctx.admin.goals(site.id).await?;
    goals.sort_by_key(|goal| std::cmp::Reverse(goal.id));
    let members = goals.iter().filter_map(|goal| Some((goal.id.0.to_string(), Value::Object(describe(goal)?)))).collect();
    page::page(ask, "goals", members)
}

/// `PUT /sites/goals`: finds a goal, or makes it.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    const TO: &str = "create a goal";
    let site_id = ask.params.text("site_id");
    if site_id.is_none() {
        auth::managed(ask.ctx, &ask.principal, None, Access::Write)?;
    }
    let kind = ask.params.needed("goal_type", TO)?;
    let site = auth::managed(ask.ctx, &ask.principal, site_id, Access::Write)?;
    let rule = match kind {
        "event" => {
            let name = goals::event_name(ask.params.needed("event_name", TO)?)?;
            GoalMatch::Event { name, props: props(ask.params.get("custom_props"))? }
        }
        "page" => {
            let path = goals::page_path(ask.params.needed("page_path", TO)?)?;
            match ask.params.get("scroll_threshold").and_then(Value::as_i64).filter(|depth| *depth >= 0) {
                None => GoalMatch::PagePath { path, props: props(ask.params.get("custom_props"))? },
                Some(depth @ 0..=100) => GoalMatch::Scroll { path, threshold: depth as u8 },
                Some(_) => return Err(Failure::bad("scroll_threshold: Should be -1 (missing) or in range [0, 100]")),
            }
        }
        _ => return Err(Failure::bad(format!("Parameter `goal_type` is required to {TO}"))),
    };
    // Pages bring no money in Plausible.
    let currency = match ask.params.get("currency").filter(|_| kind == "event") {
        None => None,
        Some(code) => Some(goals::currency(code.as_str().unwrap_or_default())?),
    };
    let name = ask.params.text("display_name").map(str::trim).unwrap_or_default();
    let wanted = vec![NewGoal { currency, ..NewGoal::new(name, rule) }];
    let goal = goals::find_or_add(ask.ctx, site.id, wanted).await?.swap_remove(0);
    let mut shown = describe(&goal).unwrap_or_default();
    shown.insert("domain".to_owned(), site.domain.as_str().into());
    Ok(shape::json(200, &Value::Object(shown)))
}

/// `DELETE /sites/goals/{id}`.
pub(super) async fn delete(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Write)?;
    let missing = || Failure::new(404, "Goal could not be found");
    let number = GoalId(id.parse().map_err(|_| missing())?);
    let held = ask.ctx.admin.goals(site.id).await?;
    let goal = held.iter().find(|goal| goal.id == number).ok_or_else(missing)?;
    ask.ctx.admin.delete_goal(site.id, goal.id).await?;
    Ok(shape::json(200, &json!({ "deleted": true })))
}

fn props(given: Option<&Value>) -> Result<Vec<(String, String)>, Failure> {
    let wrong = || Failure::bad("custom_props: must be a map with string keys and string values");
    let fields = match given {
        None => return Ok(Vec::new()),
        Some(Value::Object(fields)) => fields,
        Some(_) => return Err(wrong()),
    };
    if fields.len() > MOST_PROPS {
        return Err(Failure::bad(format!("custom_props: use at most {MOST_PROPS} properties per goal")));
    }
    let mut props = Vec::new();
    for (name, value) in fields {
        let value = value.as_str().filter(|value| !name.is_empty() && name.len() <= 300 && value.len() <= 2000);
        props.push((name.clone(), value.ok_or_else(wrong)?.to_owned()));
    }
    props.sort();
    Ok(props)
}

/// A goal as Plausible tells it; `None` for those it does not know.
fn describe(goal: &Goal) -> Option<Map<String, Value>> {
    let (kind, event, path, props) = match &goal.rule {
        GoalMatch::Event { name, props } => ("event", Some(name), None, props.clone()),
        GoalMatch::PagePath { path, props } => ("page", None, Some(path), props.clone()),
        GoalMatch::Scroll { path, .. } => ("page", None, Some(path), Vec::new()),
        GoalMatch::Matomo { .. } => return None,
    };
    let props: Map<String, Value> = props.into_iter().map(|(name, value)| (name, value.into())).collect();
    let mut shown = Map::new();
    shown.insert("id".to_owned(), goal.id.0.into());
    shown.insert("goal_type".to_owned(), kind.into());
    shown.insert("display_name".to_owned(), goal.name.as_str().into());
    shown.insert("event_name".to_owned(), json!(event));
    shown.insert("page_path".to_owned(), json!(path));
    shown.insert("custom_props".to_owned(), Value::Object(props));
    Some(shown)
}
