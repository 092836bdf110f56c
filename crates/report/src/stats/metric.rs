use footfall_model::Unit;

use super::row::{Raw, Raws};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is explained in its row of the table")]
pub enum Metric {
    Visitors,
    Visits,
    Pageviews,
    ViewsPerVisit,
    BounceRate,
    VisitDuration,
    Events,
    Actions,
    TimeOnPage,
    ScrollDepth,
    Percentage,
    Conversions,
    ConversionRate,
    GroupConversionRate,
    TotalVisitors,
    AverageRevenue,
    TotalRevenue,
    Revenue,
}

/// Which table a metric can be counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// Actions only.
    Hits,
    /// Visits only.
    Visits,
    /// Either gives it.
    Either,
    /// A question of its own gives it.
    Own,
}

/// How finely calculated metrics are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// As Plausible does: whole percents and seconds, two digits for conversion rates and views per visit.
    Plausible,
    /// Two digits.
    Fine,
}

impl Metric {
    /// Name, metric, unit, and where it can be counted.
    const TABLE: [(&'static str, Metric, Unit, Home); 18] = [
        // Different visitors.
        ("visitors", Metric::Visitors, Unit::Number, Home::Either),
        // Visits.
        ("visits", Metric::Visits, Unit::Number, Home::Either),
        // Page views.
        ("pageviews", Metric::Pageviews, Unit::Number, Home::Hits),
        // Page views a visit.
        ("views_per_visit", Metric::ViewsPerVisit, Unit::Number, Home::Visits),
        // Share of visits that were bounces.
        ("bounce_rate", Metric::BounceRate, Unit::Percent, Home::Visits),
        // Mean seconds of a visit.
        ("visit_duration", Metric::VisitDuration, Unit::Seconds, Home::Visits),
        // Everything but engagement.
        ("events", Metric::Events, Unit::Number, Home::Hits),
        // Page views, downloads, outlinks, searches and events.
        ("actions", Metric::Actions, Unit::Number, Home::Hits),
        // Mean engaged seconds a visit and page.
        ("time_on_page", Metric::TimeOnPage, Unit::Seconds, Home::Own),
        // Mean of how far a page was read in a visit, in percent.
        ("scroll_depth", Metric::ScrollDepth, Unit::Percent, Home::Own),
        // Share of all visitors that the group has.
        ("percentage", Metric::Percentage, Unit::Percent, Home::Either),
        // Times a goal was reached.
        ("conversions", Metric::Conversions, Unit::Number, Home::Own),
        // Share of all visitors that reached the goal.
        ("conversion_rate", Metric::ConversionRate, Unit::Percent, Home::Either),
        // Share of the group's visitors that reached the goal.
        ("group_conversion_rate", Metric::GroupConversionRate, Unit::Percent, Home::Either),
        // Visitors of the group, whether they reached the goal or not.
        ("total_visitors", Metric::TotalVisitors, Unit::Number, Home::Either),
        // Mean revenue of events that brought any.
        ("average_revenue", Metric::AverageRevenue, Unit::Money, Home::Hits),
        // Revenue of events.
        ("total_revenue", Metric::TotalRevenue, Unit::Money, Home::Hits),
        // Revenue of events, goals and orders.
        ("revenue", Metric::Revenue, Unit::Money, Home::Own),
    ];

    fn entry(self) -> &'static (&'static str, Metric, Unit, Home) {
        Metric::TABLE.iter().find(|(_, metric, ..)| *metric == self).unwrap_or(&Metric::TABLE[0])
    }

    /// The metric of this name.
    pub fn parse(name: &str) -> Option<Metric> {
        Metric::TABLE.iter().find(|(known, ..)| *known == name).map(|(_, metric, ..)| *metric)
    }

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        self.entry().0
    }

    /// What its number means.
    pub fn unit(self) -> Unit {
        self.entry().2
    }

    pub(super) fn home(self) -> Home {
        self.entry().3
    }

    /// Whether it is about visits and not about what was done in them.
    pub fn is_of_visits(self) -> bool {
        self.home() == Home::Visits
    }

    /// Whether it is about what was done, and not about visits.
    pub fn is_of_actions(self) -> bool {
        matches!(self.home(), Home::Hits) || self == Metric::ScrollDepth
    }

    /// Whether it is money.
    pub fn is_revenue(self) -> bool {
        matches!(self, Metric::AverageRevenue | Metric::TotalRevenue)
    }

    /// The number, from what was counted; `None` where it has no meaning.
    pub(super) fn value(self, raws: &Raws, rounding: Rounding) -> Option<f64> {
        let fine = rounding == Rounding::Fine;
        let count = |raw| Some(raws.get(raw).unwrap_or(0.0));
        let whole = if fine { 2 } else { 0 };
        match self {
            Metric::Visitors => count(Raw::Visitors),
            Metric::Visits => count(Raw::Visits),
            Metric::Pageviews => count(Raw::Pageviews),
            Metric::Events => count(Raw::Events),
            Metric::Actions => count(Raw::Actions),
            Metric::Conversions => count(Raw::Conversions),
            Metric::Revenue => {
                let sum = raws.get(Raw::Revenue).unwrap_or(0.0) + raws.get(Raw::ConversionRevenue).unwrap_or(0.0);
                Some(round(sum, 4))
            }
            Metric::ViewsPerVisit => or_none(raws.ratio(Raw::Views, Raw::SessionVisits, 1.0, 2), fine),
            Metric::BounceRate => or_none(raws.ratio(Raw::Bounces, Raw::BounceVisits, 100.0, whole), fine),
            Metric::VisitDuration => or_none(raws.ratio(Raw::Seconds, Raw::SessionVisits, 1.0, whole), fine),
            Metric::TimeOnPage => {
                let none_told = || raws.get(Raw::Engagements).filter(|n| *n > 0.0).map(|_| 0.0);
                raws.ratio(Raw::EngagedMillis, Raw::EngagedVisits, 0.001, whole).or_else(none_told)
            }
            Metric::ScrollDepth => raws.ratio(Raw::Scrolled, Raw::ScrolledVisits, 1.0, whole),
            Metric::Percentage => raws.ratio(Raw::Visitors, Raw::TotalVisitors, 100.0, 2),
            Metric::ConversionRate => Some(raws.ratio(Raw::Visitors, Raw::AllVisitors, 100.0, 2).unwrap_or(0.0)),
            Metric::GroupConversionRate => Some(raws.ratio(Raw::Visitors, Raw::GroupVisitors, 100.0, 2).unwrap_or(0.0)),
            Metric::TotalVisitors => count(Raw::GroupVisitors),
            Metric::TotalRevenue => raws.get(Raw::Revenue).map(|sum| round(sum, 3)),
            Metric::AverageRevenue => {
                raws.ratio(Raw::Revenue, Raw::RevenueEvents, 1.0, 6).map(|mean| (mean * 1000.0 + 1e-6).floor() / 1000.0)
            }
        }
    }
}

/// Plausible writes 0 where there are no visits; we say nothing.
fn or_none(ratio: Option<f64>, fine: bool) -> Option<f64> {
    if fine { ratio } else { Some(ratio.unwrap_or(0.0)) }
}

/// Rounded to so many digits after the point, halves away from zero.
pub(super) fn round(value: f64, digits: i32) -> f64 {
    crate::number::round(value, digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_has_one_row() {
        for (name, metric, ..) in Metric::TABLE {
            assert_eq!(Metric::parse(name), Some(metric));
            assert_eq!(metric.name(), name);
        }
    }
}
