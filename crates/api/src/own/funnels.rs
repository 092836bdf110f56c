//! Funnels of a site, and how far visitors get through them.

use std::sync::Arc;

use footfall_admin::{Funnel, NewFunnel};
use footfall_model::{Access, Goal, GoalId, GoalMatch, Site};
use footfall_report::stats;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, body, query, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// `GET /sites/{id}/funnels`.
pub(super) async fn list(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::View, "reading funnels")?;
    let goals = ctx.admin.goals(site.id).await?;
    let funnels: Vec<Value> = ctx.admin.funnels(site.id).await?.iter().map(|funnel| describe(funnel, &goals)).collect();
    Ok(shape::json(200, &json!({ "funnels": funnels })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    name: Option<String>,
    steps: Option<Vec<i32>>,
}

/// `POST /sites/{id}/funnels`.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "adding a funnel")?;
    let Fields { name: Some(name), steps: Some(steps) } = body::read(call)? else {
        return Err(Failure::bad_request("the body is not what is asked for: `name` and `steps` must be given"));
    };
    let goals = ctx.admin.goals(site.id).await?;
    check_name(ctx, site, &name, None).await?;
    let new = NewFunnel { name, steps: checked(&goals, &steps)?, strict: false };
    let funnel = ctx.admin.add_funnel(site.id, new).await?;
    Ok(shape::json(201, &describe(&funnel, &goals)))
}

/// `PATCH /sites/{id}/funnels/{funnel}`.
pub(super) async fn update(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "changing a funnel")?;
    let held = find(ctx, site, id).await?;
    let fields: Fields = body::read(call)?;
    let goals = ctx.admin.goals(site.id).await?;
    let name = fields.name.unwrap_or(held.name);
    check_name(ctx, site, &name, Some(held.id)).await?;
    let steps = fields.steps.map_or(Ok(held.steps), |steps| checked(&goals, &steps))?;
    let funnel = ctx.admin.update_funnel(site.id, held.id, NewFunnel { name, steps, strict: held.strict }).await?;
    Ok(shape::json(200, &describe(&funnel, &goals)))
}

/// `DELETE /sites/{id}/funnels/{funnel}`.
pub(super) async fn delete(ctx: &Context, caller: &Caller, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "deleting a funnel")?;
    let held = find(ctx, site, id).await?;
    ctx.admin.delete_funnel(site.id, held.id).await?;
    Ok(shape::nothing())
}

/// `POST /sites/{id}/funnels/{funnel}/query`: how far visitors got, and where they left.
pub(super) async fn ask(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::View, "reading a funnel")?;
    let asked: Value = body::read(call)?;
    let held = find(ctx, site, id).await?;
    let goals = ctx.admin.goals(site.id).await?;
    let goals: Vec<&Goal> = held.steps.iter().filter_map(|step| goals.iter().find(|goal| goal.id == *step)).collect();
    let found = query::funnel(ctx, site, &asked, &goals, caller.limits(ctx, site)).await?;
    let steps: Vec<Value> = goals
        .iter()
        .zip(found.now.taken())
        .map(|(goal, step)| {
            json!({
                "goal_id": goal.id.0,
                "name": goal.name,
                "visitors": step.visitors,
                "conversion_rate": shape::number(step.rate),
                "conversion_rate_step": shape::number(step.rate_of_step),
                "dropoff": step.lost,
                "dropoff_rate": shape::number(step.lost_rate),
            })
        })
        .collect();
    let comparison = found.before.as_ref().map(|before| {
        json!({
            "all_visitors": before.all,
            "entering_visitors": before.entering(),
            "conversion_rate": rate(before),
            "steps": before.steps,
        })
    });
    Ok(shape::json(
        200,
        &json!({
            "id": held.id,
            "name": held.name,
            "all_visitors": found.now.all,
            "entering_visitors": found.now.entering(),
            "entering_rate": shape::number(stats::percent(found.now.entering(), found.now.all)),
            "conversion_rate": rate(&found.now),
            "steps": steps,
            "comparison": comparison,
            "meta": found.meta,
        }),
    ))
}

/// The share of those that entered that took the last step.
fn rate(answer: &stats::FunnelAnswer) -> Value {
    shape::number(answer.taken().last().map_or(0.0, |step| step.rate))
}

/// Steps as goals that can be looked for among what was recorded.
fn checked(goals: &[Goal], steps: &[i32]) -> Result<Vec<GoalId>, Failure> {
    let recorded = |id: &i32| goals.iter().find(|goal| goal.id.0 == *id && matches!(goal.rule, GoalMatch::Matomo { .. }));
    if let Some(goal) = steps.iter().find_map(recorded) {
        let problem = format!("`steps` must be paths, custom events or scroll depths, and `{}` is none of them", goal.name);
        return Err(Failure::field("steps", problem));
    }
    Ok(steps.iter().copied().map(GoalId).collect())
}

async fn find(ctx: &Context, site: &Site, id: &str) -> Result<Funnel, Failure> {
    let number: Option<i32> = id.parse().ok();
    let mut funnels = ctx.admin.funnels(site.id).await?.into_iter();
    funnels
        .find(|funnel| Some(funnel.id) == number)
        .ok_or_else(|| Failure::not_found(format!("site `{}` has no funnel `{id}`", site.id)))
}

async fn check_name(ctx: &Context, site: &Site, name: &str, but: Option<i32>) -> Result<(), Failure> {
    let funnels = ctx.admin.funnels(site.id).await?;
    if funnels.iter().any(|funnel| Some(funnel.id) != but && funnel.name == name.trim()) {
        return Err(Failure::field("name", format!("the site has a funnel `{}` already", name.trim())));
    }
    Ok(())
}

fn describe(funnel: &Funnel, goals: &[Goal]) -> Value {
    let name = |id: &GoalId| goals.iter().find(|goal| goal.id == *id).map_or("", |goal| goal.name.as_str()).to_owned();
    let steps: Vec<Value> = funnel.steps.iter().map(|id| json!({ "goal_id": id.0, "name": name(id) })).collect();
    json!({ "id": funnel.id, "name": funnel.name, "steps": steps })
}
