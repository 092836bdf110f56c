use footfall_admin::NewGoal;
use footfall_model::{Goal, GoalMatch};
use serde_json::{Map, Value, json};

use super::{Ask, Failure, cast, created, id_of, page};
use crate::{matomo::Reply, own::shape, plausible};

/// How many goals a request may name: as many as a funnel has steps.
pub(super) const MOST: usize = 8;

/// `GET /goals`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let goals = ask.ctx.admin.goals(ask.site.id).await?;
    page::page(ask, "goals", goals.iter().filter_map(|goal| Some((goal.id.0.into(), describe(goal)?))).collect())
}

/// `GET /goals/{id}`.
pub(super) async fn get(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let id = id_of(id)?;
    let goals = ask.ctx.admin.goals(ask.site.id).await?;
    let found = goals.iter().find(|goal| i64::from(goal.id.0) == id).and_then(describe);
    Ok(shape::json(200, &found.ok_or_else(Failure::missing)?))
}

/// `PUT /goals`: finds goals, or makes them: `{"goal_type": …, "goal": …}` or a list of such in `goals`. All, or none.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let wanted = if ask.body.contains_key("goals") {
        let many = cast::list(cast::needed(&ask.body, "goals")?, 1..=MOST)?;
        many.iter().map(|one| read(cast::object(one)?)).collect::<Result<Vec<_>, _>>()?
    } else {
        vec![read(&ask.body)?]
    };
    let goals = plausible::goals::find_or_add(ask.ctx, ask.site.id, wanted).await?;
    let paths: Vec<String> = goals.iter().map(|goal| format!("goals/{}", goal.id.0)).collect();
    Ok(created(ask, &paths, &page::whole("goals", goals.iter().filter_map(describe).collect())))
}

/// `DELETE /goals/{id}`: what is not there any more is as good as deleted.
pub(super) async fn delete(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    forget(ask, &[id_of(id)?]).await
}

/// `DELETE /goals` with `goal_ids`.
pub(super) async fn delete_many(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let ids = cast::list(cast::needed(&ask.body, "goal_ids")?, 1..=MOST)?;
    forget(ask, &ids.iter().map(cast::integer).collect::<Result<Vec<_>, _>>()?).await
}

async fn forget(ask: &Ask<'_>, ids: &[i64]) -> Result<Reply, Failure> {
    let goals = ask.ctx.admin.goals(ask.site.id).await?;
    for goal in goals.iter().filter(|goal| ids.contains(&goal.id.0.into())) {
        ask.ctx.admin.delete_goal(ask.site.id, goal.id).await?;
    }
    Ok(shape::nothing())
}

/// The goal that is meant.
pub(super) fn read(given: &Map<String, Value>) -> Result<NewGoal, Failure> {
    let kind = cast::text(cast::needed(given, "goal_type")?)?;
    let goal = cast::object(cast::needed(given, "goal")?)?;
    let text = |name: &str| cast::text(cast::needed(goal, name)?);
    let event = || -> Result<GoalMatch, Failure> {
        Ok(GoalMatch::Event { name: plausible::goals::event_name(text("event_name")?)?, props: Vec::new() })
    };
    let (rule, currency) = match kind {
        "Goal.CustomEvent" => (event()?, None),
        "Goal.Revenue" => (event()?, Some(plausible::goals::currency(text("currency")?)?)),
        "Goal.Pageview" => {
            let path = plausible::goals::page_path(text("path")?)?;
            (GoalMatch::PagePath { path, props: Vec::new() }, None)
        }
        _ => return Err(Failure::invalid("Invalid value for enum")),
    };
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
