//! `GET /api/v1/stats/funnel`: an addition to Stats v1, in its style.

use std::sync::Arc;

use footfall_admin::Funnel;
use footfall_model::{Goal, Site};
use footfall_report::stats::{self, StatsQuery, Style};
use serde_json::{Value, json};

use super::{super::Failure, asked::Asked};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// How far visitors got through a funnel, and where they left it.
pub(in crate::plausible) async fn funnel(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let asked = Asked::read(ctx, call, None).await?;
    let id = call.param("funnel_id").and_then(|id| id.parse::<i32>().ok());
    let (funnel, goals) = kept_funnel(ctx, &asked.site, id).await?;
    let mut query = StatsQuery::new(Arc::clone(&asked.site), asked.span.clone(), Style::Plausible);
    query.filters.clone_from(&asked.filters);
    let answer = stats::funnel(&ctx.reader(), &query, &goals).await?;
    let entering = answer.entering();
    let steps: Vec<Value> = goals
        .iter()
        .zip(answer.taken())
        .map(|(goal, step)| {
            json!({
                "label": goal.name,
                "goal_id": goal.id.0,
                "visitors": step.visitors,
                "conversion_rate": shape::number(step.rate),
                "conversion_rate_step": shape::number(step.rate_of_step),
                "dropoff": step.lost,
                "dropoff_percentage": shape::number(step.lost_rate),
            })
        })
        .collect();
    let share = |visitors: u64| shape::number(stats::percent(visitors, answer.all));
    let never = answer.all.saturating_sub(entering);
    Ok(shape::json(
        200,
        &json!({
            "id": funnel.id,
            "name": funnel.name,
            "all_visitors": answer.all,
            "entering_visitors": entering,
            "entering_visitors_percentage": share(entering),
            "never_entering_visitors": never,
            "never_entering_visitors_percentage": share(never),
            "steps": steps,
        }),
    ))
}

/// A funnel of a site, with the goals that are its steps.
///
/// # Errors
/// When there is none of this number.
pub(in crate::plausible) async fn kept_funnel<'a>(
    ctx: &Context,
    site: &'a Site,
    id: Option<i32>,
) -> Result<(Funnel, Vec<&'a Goal>), Failure> {
    let funnels = ctx.admin.funnels(site.id).await?;
    let found = funnels.into_iter().find(|funnel| Some(funnel.id) == id);
    let funnel = found.ok_or_else(|| Failure::new(404, "Funnel not found"))?;
    let goals = funnel.steps.iter().filter_map(|step| site.goals.iter().find(|goal| goal.id == *step)).collect();
    Ok((funnel, goals))
}
