use footfall_admin::{Funnel, NewFunnel};
use footfall_model::Goal;
use serde_json::{Value, json};

use super::{Ask, Failure, cast, created, goals, id_of, page};
use crate::{matomo::Reply, own::shape, plausible};

/// `GET /funnels`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let funnels = ask.ctx.admin.funnels(ask.site.id).await?;
    let goals = ask.ctx.admin.goals(ask.site.id).await?;
    page::page(ask, "funnels", funnels.iter().map(|funnel| (funnel.id.into(), describe(funnel, &goals))).collect())
}

/// `GET /funnels/{id}`.
pub(super) async fn get(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let id = id_of(id)?;
    let funnels = ask.ctx.admin.funnels(ask.site.id).await?;
    let found = funnels.iter().find(|funnel| i64::from(funnel.id) == id).ok_or_else(Failure::missing)?;
    Ok(shape::json(200, &describe(found, &ask.ctx.admin.goals(ask.site.id).await?)))
}

/// `PUT /funnels`: finds the goals that are its steps, or makes them; then the funnel of this name.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let given = cast::object(cast::needed(&ask.body, "funnel")?)?;
    let steps = cast::list(cast::needed(given, "steps")?, 2..=goals::MOST)?;
    let name = cast::text(cast::needed(given, "name")?)?.trim();
    if name.is_empty() {
        return Err(Failure::invalid("name: can't be blank"));
    }
    let wanted = steps.iter().map(|step| goals::read(cast::object(step)?)).collect::<Result<Vec<_>, _>>()?;
    let steps = plausible::goals::find_or_add(ask.ctx, ask.site.id, wanted).await?;
    let held = ask.ctx.admin.funnels(ask.site.id).await?.into_iter().find(|funnel| funnel.name == name);
    let funnel = match held {
        Some(held) => held,
        None => {
            let steps = steps.iter().map(|goal| goal.id).collect();
            ask.ctx.admin.add_funnel(ask.site.id, NewFunnel { name: name.to_owned(), steps, strict: false }).await?
        }
    };
    let shown = describe(&funnel, &ask.ctx.admin.goals(ask.site.id).await?);
    Ok(created(ask, &[format!("funnels/{}", funnel.id)], &shown))
}

fn describe(funnel: &Funnel, all: &[Goal]) -> Value {
    let steps = funnel.steps.iter().filter_map(|id| all.iter().find(|goal| goal.id == *id));
    let steps: Vec<Value> = steps.filter_map(goals::describe).collect();
    json!({ "funnel": { "id": funnel.id, "name": funnel.name, "steps": steps } })
}
