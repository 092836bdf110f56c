use footfall_model::{DateRange, Day, Millis, TimeRange};
use jiff::{
    civil::time,
    tz::{AmbiguousOffset, TimeZone},
};

/// A run of time on a site's clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The moments.
    pub range: TimeRange,
    /// The day that the first moment lies in.
    pub first: Day,
    /// The day that the last moment lies in.
    pub last: Day,
    /// The clock.
    pub zone: TimeZone,
    /// Whether it is made of whole days.
    pub whole_days: bool,
}

impl Span {
    /// Whole days.
    pub fn days(days: DateRange, zone: &TimeZone) -> Span {
        Span { range: days.on(zone), first: days.first(), last: days.last(), zone: zone.clone(), whole_days: true }
    }

    /// Whole days as Plausible cuts them: a first midnight that comes twice is the later one, a last second that comes twice the
    /// earlier one.
    pub fn days_of_plausible(days: DateRange, zone: &TimeZone) -> Span {
        let mut span = Span::days(days, zone);
        let midnight = zone.to_ambiguous_timestamp(days.first().at(0, 0, 0, 0));
        if let Ok(later) = midnight.later()
            && matches!(midnight.offset(), AmbiguousOffset::Fold { .. })
        {
            span.range.start = later.into();
            span.whole_days = false;
        }
        let second = zone.to_ambiguous_timestamp(days.last().to_datetime(time(23, 59, 59, 0)));
        if let Ok(earlier) = second.earlier()
            && matches!(second.offset(), AmbiguousOffset::Fold { .. })
        {
            span.range.end = Millis::from(earlier).plus(1000);
            span.whole_days = false;
        }
        span
    }

    /// From one moment up to another, which does not belong to it.
    pub fn moments(range: TimeRange, zone: &TimeZone) -> Span {
        Span {
            range,
            first: range.start.local(zone).date(),
            last: range.end.plus(-1).local(zone).date(),
            zone: zone.clone(),
            whole_days: false,
        }
    }

    /// The days it touches.
    pub fn day_range(&self) -> DateRange {
        DateRange::new(self.first, self.last.max(self.first)).unwrap_or(DateRange::day(self.first))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn ends(day: Day, zone: &str) -> (String, String) {
        let span = Span::days_of_plausible(DateRange::day(day), &TimeZone::get(zone).unwrap());
        (span.range.start.timestamp().to_string(), span.range.end.timestamp().to_string())
    }

    #[test]
    fn a_midnight_that_is_missing_or_comes_twice() {
        assert_eq!(ends(date(2022, 9, 11), "America/Santiago").0, "2022-09-11T04:00:00Z");
        assert_eq!(ends(date(2023, 11, 5), "America/Havana").0, "2023-11-05T05:00:00Z");
        assert_eq!(ends(date(2024, 3, 23), "America/Asuncion").1, "2024-03-24T03:00:00Z");
    }
}
