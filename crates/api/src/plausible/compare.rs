//! How a figure changed, as Plausible tells it.

use footfall_report::stats::Metric;

/// The change from one value to another: points for rates, whole percents for everything else.
pub(super) fn change(metric: Metric, old: Option<f64>, new: Option<f64>) -> Option<f64> {
    let (old, new) = match (old, new) {
        (Some(old), Some(new)) => (old, new),
        _ => return None,
    };
    match metric {
        Metric::ConversionRate | Metric::GroupConversionRate => Some(((new - old) * 10.0).round() / 10.0),
        Metric::BounceRate => (old > 0.0).then_some(new - old),
        _ if old == 0.0 && new > 0.0 => Some(100.0),
        _ if old == 0.0 => Some(0.0),
        _ => Some(((new - old) / old * 100.0).round()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_percents_or_points() {
        assert_eq!(change(Metric::Visitors, Some(0.0), Some(3.0)), Some(100.0));
        assert_eq!(change(Metric::VisitDuration, Some(0.0), Some(0.0)), Some(0.0));
        assert_eq!(change(Metric::ViewsPerVisit, Some(5.0), Some(1.8)), Some(-64.0));
        assert_eq!(change(Metric::BounceRate, Some(50.0), Some(40.0)), Some(-10.0));
        assert_eq!(change(Metric::BounceRate, Some(0.0), Some(40.0)), None);
        assert_eq!(change(Metric::ConversionRate, Some(33.33), Some(50.0)), Some(16.7));
        assert_eq!(change(Metric::TimeOnPage, None, Some(50.0)), None);
    }
}
