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

/// What became of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Visitors that took it, after the ones before.
    pub visitors: u64,
    /// Their share of those that entered, in percent.
    pub rate: f64,
    /// Their share of those that took the step before, in percent.
    pub rate_of_step: f64,
    /// Visitors that took the step before and not this one.
    pub lost: u64,
    /// Their share of those that took the step before, in percent.
    pub lost_rate: f64,
}

impl FunnelAnswer {
    /// Visitors that took the first step.
    pub fn entering(&self) -> u64 {
        self.steps.first().copied().unwrap_or(0)
    }

    /// What became of each step.
    pub fn taken(&self) -> Vec<Step> {
        let entering = self.entering();
        let before = std::iter::once(entering).chain(self.steps.iter().copied());
        before
            .zip(&self.steps)
            .map(|(before, visitors)| {
                let lost = before.saturating_sub(*visitors);
                Step {
                    visitors: *visitors,
                    rate: percent(*visitors, entering),
                    rate_of_step: percent(*visitors, before),
                    lost,
                    lost_rate: percent(lost, before),
                }
            })
            .collect()
    }
}

/// A share in percent with two digits; 0 of nothing.
pub fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 10_000.0).round() / 100.0 }
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
