//! `GET /api/v1/stats/funnel`: an addition to Stats v1, in its style.

use std::sync::Arc;

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
    let funnels = ctx.admin.funnels(asked.site.id).await?;
    let funnel = funnels.iter().find(|funnel| Some(funnel.id) == id).ok_or_else(|| Failure::new(404, "Funnel not found"))?;
    let goals: Vec<_> = funnel.steps.iter().filter_map(|step| asked.site.goals.iter().find(|goal| goal.id == *step)).collect();
    let mut query = StatsQuery::new(Arc::clone(&asked.site), asked.span.clone(), Style::Plausible);
    query.filters.clone_from(&asked.filters);
    let answer = stats::funnel(&ctx.reader(), &query, &goals).await?;
    let entering = answer.steps.first().copied().unwrap_or(0);
    let mut before = entering;
    let steps: Vec<Value> = goals
        .iter()
        .zip(&answer.steps)
        .map(|(goal, visitors)| {
            let dropoff = before - visitors;
            let step = json!({
                "label": goal.name,
                "goal_id": goal.id.0,
                "visitors": visitors,
                "conversion_rate": percent(*visitors, entering),
                "conversion_rate_step": percent(*visitors, before),
                "dropoff": dropoff,
                "dropoff_percentage": percent(dropoff, before),
            });
            before = *visitors;
            step
        })
        .collect();
    let never = answer.all.saturating_sub(entering);
    Ok(shape::json(
        200,
        &json!({
            "id": funnel.id,
            "name": funnel.name,
            "all_visitors": answer.all,
            "entering_visitors": entering,
            "entering_visitors_percentage": percent(entering, answer.all),
            "never_entering_visitors": never,
            "never_entering_visitors_percentage": percent(never, answer.all),
            "steps": steps,
        }),
    ))
}

/// A share in percent with two digits; 0 of nothing.
fn percent(part: u64, whole: u64) -> Value {
    if whole == 0 {
        return json!(0);
    }
    shape::number((part as f64 / whole as f64 * 10_000.0).round() / 100.0)
}
