//! `GET /api/stats/{domain}/funnels/{id}`.

use footfall_report::stats::{self, percent};
use serde_json::{Value, json};

use super::{
    super::{Failure, v1},
    asked::Asked,
};
use crate::{
    matomo::{Context, Reply},
    own::shape,
};

/// Answers how far visitors got through a funnel.
pub(super) async fn answer(ctx: &Context, asked: &Asked, id: &str) -> Result<Reply, Failure> {
    let by_what = if asked.of_goals() {
        Some("goals")
    } else if asked.filters_on("event:page") {
        Some("pages")
    } else {
        asked.is_realtime().then_some("realtime period")
    };
    if let Some(by_what) = by_what {
        let message = format!("We are unable to show funnels when the dashboard is filtered by {by_what}");
        return Ok(shape::json(400, &json!({ "error": message, "level": "normal" })));
    }
    let id: i32 = id.parse().map_err(|_| Failure::bad("There was an error with your request"))?;
    let (funnel, goals) = v1::kept_funnel(ctx, asked.site(), Some(id)).await?;
    let found = stats::funnel(&ctx.reader(), &asked.query(&asked.span, &[]), &goals).await?;
    let entering = found.entering();
    let never = found.all.saturating_sub(entering);
    let steps: Vec<Value> = goals
        .iter()
        .zip(found.taken())
        .enumerate()
        .map(|(place, (goal, step))| {
            json!({
                "label": goal.name,
                "visitors": step.visitors,
                "conversion_rate": text(step.rate),
                // Nobody comes to the first step from another one.
                "conversion_rate_step": text(if place == 0 { 0.0 } else { step.rate_of_step }),
                "dropoff": step.lost,
                "dropoff_percentage": text(step.lost_rate),
            })
        })
        .collect();
    Ok(shape::json(
        200,
        &json!({
            "name": funnel.name,
            "steps": steps,
            "all_visitors": found.all,
            "entering_visitors": entering,
            "entering_visitors_percentage": text(percent(entering, found.all)),
            "never_entering_visitors": never,
            "never_entering_visitors_percentage": text(percent(never, found.all)),
        }),
    ))
}

/// A share as the funnel writes it: a text, with two digits unless it is whole.
fn text(share: f64) -> String {
    if share.fract() == 0.0 { format!("{share:.0}") } else { format!("{share:.2}") }
}
