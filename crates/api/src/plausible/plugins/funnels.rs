use footfall_admin::{Funnel, NewFunnel};
use footfall_model::Goal;
use serde_json::{Value, json};

use super::{Ask, Failure, created, goals, list as page};
use crate::{matomo::Reply, own::shape};

/// `GET /funnels`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let funnels = ask.ctx.admin.funnels(ask.site.id).await?;
    let goals = ask.ctx.admin.goals(ask.site.id).await?;
    Ok(page("funnels", funnels.iter().map(|funnel| describe(funnel, &goals)).collect()))
}

/// `GET /funnels/{id}`.
pub(super) async fn get(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let funnels = ask.ctx.admin.funnels(ask.site.id).await?;
    let found = funnels.iter().find(|funnel| funnel.id.to_string() == id).ok_or_else(Failure::missing)?;
    Ok(shape::json(200, &describe(found, &ask.ctx.admin.goals(ask.site.id).await?)))
}

/// `PUT /funnels`: finds a funnel by its name, or makes it with the goals that are its steps.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let given = ask.body.get("funnel").and_then(Value::as_object).ok_or_else(|| Failure::invalid("funnel: can't be blank"))?;
    let name = given.get("name").and_then(Value::as_str).map(str::trim).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Failure::invalid("name: can't be blank"))?;
    let steps = given.get("steps").and_then(Value::as_array).filter(|steps| (2..=8).contains(&steps.len()));
    let steps = steps.ok_or_else(|| Failure::invalid("steps: must be 2 to 8 goals"))?;
    let wanted = steps.iter().map(|step| step.as_object().ok_or_else(|| Failure::invalid("steps: must be goals")));
    let wanted = wanted.map(|step| goals::read(step?)).collect::<Result<Vec<_>, _>>()?;
    let held = ask.ctx.admin.funnels(ask.site.id).await?.into_iter().find(|funnel| funnel.name == name);
    let funnel = match held {
        Some(held) => held,
        None => {
            let mut steps = Vec::new();
            for goal in wanted {
                steps.push(ask.ctx.admin.find_or_add_goal(ask.site.id, goal).await?.id);
            }
            ask.ctx.admin.add_funnel(ask.site.id, NewFunnel { name: name.to_owned(), steps, strict: false }).await?
        }
    };
    let shown = describe(&funnel, &ask.ctx.admin.goals(ask.site.id).await?);
    Ok(created(&format!("funnels/{}", funnel.id), &shown, ask))
}

fn describe(funnel: &Funnel, all: &[Goal]) -> Value {
    let steps = funnel.steps.iter().filter_map(|id| all.iter().find(|goal| goal.id == *id));
    let steps: Vec<Value> = steps.filter_map(goals::describe).collect();
    json!({ "funnel": { "id": funnel.id, "name": funnel.name, "steps": steps } })
}
