use footfall_model::Text;

use super::metric::round;

/// Numbers that stores give, of which metrics are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Raw {
    Visitors,
    Visits,
    Pageviews,
    Events,
    Actions,
    /// Visits of the question about visits.
    SessionVisits,
    Bounces,
    /// Visits that could have been bounces.
    BounceVisits,
    Seconds,
    Views,
    Revenue,
    RevenueEvents,
    EngagedMillis,
    EngagedVisits,
    /// Signs of engagement, whether they tell a time or not.
    Engagements,
    Scrolled,
    ScrolledVisits,
    Conversions,
    ConversionRevenue,
    /// Visitors of the span that satisfy every condition.
    TotalVisitors,
    /// Visitors of the span, whatever they did.
    AllVisitors,
    /// Visitors of the group, whatever they did.
    GroupVisitors,
}

impl Raw {
    const N: usize = Raw::GroupVisitors as usize + 1;

    pub(super) fn name(self) -> &'static str {
        const NAMES: [&str; Raw::N] = [
            "visitors",
            "visits",
            "pageviews",
            "events",
            "actions",
            "session_visits",
            "bounces",
            "bounce_visits",
            "seconds",
            "views",
            "revenue",
            "revenue_events",
            "engaged_millis",
            "engaged_visits",
            "engagements",
            "scrolled",
            "scrolled_visits",
            "conversions",
            "conversion_revenue",
            "total_visitors",
            "all_visitors",
            "group_visitors",
        ];
        NAMES[self as usize]
    }
}

/// What was counted for one combination of dimension values.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Raws([Option<f64>; Raw::N]);

impl Raws {
    pub(super) fn get(&self, raw: Raw) -> Option<f64> {
        self.0[raw as usize]
    }

    pub(super) fn add(&mut self, raw: Raw, value: f64) {
        let place = &mut self.0[raw as usize];
        *place = Some(place.unwrap_or(0.0) + value);
    }

    /// One over another, times a factor; `None` where there is nothing to divide by.
    pub(super) fn ratio(&self, of: Raw, by: Raw, factor: f64, digits: i32) -> Option<f64> {
        let by = self.get(by).filter(|by| *by != 0.0)?;
        Some(round(self.get(of).unwrap_or(0.0) / by * factor, digits))
    }
}

/// One combination of dimension values with its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct StatsRow {
    /// The values, in the order of the dimensions.
    pub dimensions: Vec<Text>,
    /// The figures, in the order of the metrics; `None` where one has no meaning.
    pub metrics: Vec<Option<f64>>,
}

/// Rows in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatsAnswer {
    /// The rows asked for.
    pub rows: Vec<StatsRow>,
    /// How many there are before limit and offset.
    pub total_rows: u64,
}
