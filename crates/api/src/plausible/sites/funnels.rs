//! Funnels: an addition to Plausible's Sites API, in its style.

use footfall_admin::{Funnel, NewFunnel};
use footfall_model::{Access, GoalId, Site};
use serde_json::{Value, json};

use super::{
    super::{Failure, auth},
    Ask, page,
};
use crate::{matomo::Reply, own::shape};

/// `GET /sites/funnels`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::View)?;
    let funnels = ask.ctx.admin.funnels(site.id).await?;
    page::page(ask, "funnels", funnels.iter().map(|funnel| (funnel.id.to_string(), describe(&site, funnel))).collect())
}

/// `PUT /sites/funnels`: finds a funnel by its name and gives it these goals, or makes it.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    const TO: &str = "create a funnel";
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Write)?;
    let name = ask.params.needed("name", TO)?.trim().to_owned();
    let given = ask.params.get("goal_ids").and_then(Value::as_array);
    let given = given.ok_or_else(|| Failure::bad(format!("Parameter `goal_ids` is required to {TO}")))?;
    let steps = given.iter().map(|id| id.as_i64().and_then(|id| i32::try_from(id).ok()).map(GoalId)).collect::<Option<Vec<_>>>();
    let steps = steps.ok_or_else(|| Failure::bad("goal_ids: must be a list of numbers"))?;
    let held = ask.ctx.admin.funnels(site.id).await?.into_iter().find(|funnel| funnel.name == name);
    let new = NewFunnel { name, steps, strict: false };
    let funnel = match held {
        Some(held) => ask.ctx.admin.update_funnel(site.id, held.id, new).await?,
        None => ask.ctx.admin.add_funnel(site.id, new).await?,
    };
    Ok(shape::json(200, &describe(&site, &funnel)))
}

/// `DELETE /sites/funnels/{id}`.
pub(super) async fn delete(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Write)?;
    let id = id.parse().map_err(|_| Failure::new(404, "Funnel could not be found"))?;
    ask.ctx.admin.delete_funnel(site.id, id).await?;
    Ok(shape::json(200, &json!({ "deleted": true })))
}

fn describe(site: &Site, funnel: &Funnel) -> Value {
    let name = |id: &GoalId| site.goals.iter().find(|goal| goal.id == *id).map(|goal| goal.name.clone());
    let steps: Vec<Value> = funnel.steps.iter().map(|id| json!({ "goal_id": id.0, "display_name": name(id) })).collect();
    json!({ "id": funnel.id, "name": funnel.name, "steps": steps })
}
