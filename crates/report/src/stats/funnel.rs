use footfall_model::{Error, Fact, Goal};

use super::{Metric, StatsQuery, goal, part::actions, run};
use crate::Reader;

/// How many visitors got how far through a funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelAnswer {
    /// Visitors of the span that satisfy the conditions.
    pub all: u64,
    /// Visitors that took each step, after the ones before.
    pub steps: Vec<u64>,
}

/// Asks how far visitors got through these goals, one after the other. Of the question, site, span and conditions count.
///
/// # Errors
/// When a goal is one that is recorded while tracking, there are too few or too many, or the store cannot answer.
pub async fn funnel(reader: &Reader, query: &StatsQuery, goals: &[&Goal]) -> Result<FunnelAnswer, Error> {
    if let Some(recorded) = goals.iter().find(|goal| goal::is_recorded(goal)) {
        return Err(Error::invalid(format!("the goal `{}` is recorded while tracking and cannot be a step", recorded.name)));
    }
    let steps: Vec<_> = goals.iter().map(|goal| goal::on_hits(goal)).collect();
    let mut question = actions(query);
    question.fact = Fact::Hits;
    let mut whole = query.clone();
    whole.metrics = vec![Metric::Visitors];
    whole.dimensions.clear();
    whole.order.clear();
    let (steps, all) = futures::future::try_join(reader.store.funnel(&question, &steps), run(reader, &whole)).await?;
    let all = all.rows.first().and_then(|row| row.metrics.first().copied().flatten()).unwrap_or(0.0);
    Ok(FunnelAnswer { all: all as u64, steps })
}
