//! Figures beside those of another time.

use footfall_report::stats::Metric;
use serde_json::{Map, Value};

use super::super::{compare::change, v1};
use crate::own::shape;

/// The name of a metric in the answers of the dashboard.
pub(super) fn name(metric: Metric) -> &'static str {
    if metric == Metric::GroupConversionRate { Metric::ConversionRate.name() } else { metric.name() }
}

/// Figures by name.
pub(super) fn figures_of(
    metrics: &[Metric],
    values: &[Option<f64>],
    show: impl Fn(Metric, Option<f64>) -> Value,
) -> Map<String, Value> {
    metrics.iter().zip(values).map(|(metric, value)| (name(*metric).to_owned(), show(*metric, *value))).collect()
}

/// What figures were in another time, and how they changed; nothing is as many as none.
pub(super) fn comparison(
    metrics: &[Metric],
    now: &[Option<f64>],
    then: Option<&Vec<Option<f64>>>,
    show: impl Fn(Metric, Option<f64>) -> Value,
) -> Value {
    let nothing = || metrics.iter().map(|metric| v1::nothing(*metric).as_f64()).collect();
    let then = then.cloned().unwrap_or_else(nothing);
    let changes = metrics
        .iter()
        .zip(now.iter().zip(&then))
        .map(|(metric, (now, then))| (name(*metric).to_owned(), shape::maybe_number(change(*metric, *then, *now))));
    let changes: Map<String, Value> = changes.collect();
    let mut told = figures_of(metrics, &then, show);
    told.insert("change".to_owned(), changes.into());
    told.into()
}
