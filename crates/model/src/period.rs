use std::fmt;

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use crate::{Error, Millis, TimeRange};

/// A day of a site's calendar.
pub type Day = Date;

/// A run of whole days, both ends included. Invariant: `first <= last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateRange {
    first: Day,
    last: Day,
}

impl DateRange {
    /// The days from the first to the last.
    ///
    /// # Errors
    /// When the last day is before the first.
    pub fn new(first: Day, last: Day) -> Result<DateRange, Error> {
        if last < first {
            return Err(Error::invalid(format!("the range ends on {last}, before it starts on {first}")));
        }
        Ok(DateRange { first, last })
    }

    /// One day.
    pub fn day(day: Day) -> DateRange {
        DateRange { first: day, last: day }
    }

    /// The first day.
    pub fn first(self) -> Day {
        self.first
    }

    /// The last day.
    pub fn last(self) -> Day {
        self.last
    }

    /// How many days.
    pub fn n_days(self) -> i64 {
        i64::from((self.last - self.first).get_days()) + 1
    }

    /// Each day in turn.
    pub fn days(self) -> impl Iterator<Item = Day> {
        let mut next = Some(self.first);
        std::iter::from_fn(move || {
            let day = next?;
            if day > self.last {
                return None;
            }
            next = day.tomorrow().ok();
            Some(day)
        })
    }

    /// The moments these days mean on a site's clock.
    pub fn on(self, zone: &TimeZone) -> TimeRange {
        let after = self.last.tomorrow().unwrap_or(self.last);
        TimeRange { start: midnight(self.first, zone), end: midnight(after, zone) }
    }

    /// As many days directly before.
    #[must_use]
    pub fn before(self) -> DateRange {
        let n_days = self.n_days();
        let back = |day: Day| day.checked_sub(n_days.days()).unwrap_or(Day::MIN);
        DateRange { first: back(self.first), last: back(self.last) }
    }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.first, self.last)
    }
}

/// The first moment of a day on a site's clock.
fn midnight(day: Day, zone: &TimeZone) -> Millis {
    zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().map_or_else(|_| Millis::default(), Millis::from)
}

/// The kinds of period both APIs know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named as the field names them")]
pub enum PeriodKind {
    Day,
    Week,
    Month,
    Year,
    Range,
}

impl PeriodKind {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            PeriodKind::Day => "day",
            PeriodKind::Week => "week",
            PeriodKind::Month => "month",
            PeriodKind::Year => "year",
            PeriodKind::Range => "range",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<PeriodKind> {
        [PeriodKind::Day, PeriodKind::Week, PeriodKind::Month, PeriodKind::Year, PeriodKind::Range]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// The period of this kind that the day lies in; weeks begin on Monday, a range is the day itself.
    pub fn around(self, day: Day) -> Period {
        let days = match self {
            PeriodKind::Day | PeriodKind::Range => DateRange::day(day),
            PeriodKind::Week => {
                let monday = day.checked_sub(i64::from(day.weekday().since(Weekday::Monday)).days()).unwrap_or(day);
                DateRange { first: monday, last: monday.checked_add(6.days()).unwrap_or(monday) }
            }
            PeriodKind::Month => DateRange { first: day.first_of_month(), last: day.last_of_month() },
            PeriodKind::Year => DateRange { first: day.first_of_year(), last: day.last_of_year() },
        };
        Period { kind: self, days }
    }
}

/// A period with the days it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// The kind.
    pub kind: PeriodKind,
    /// The days.
    pub days: DateRange,
}

impl Period {
    /// The period of the same kind so many periods earlier (a range: so many of its own lengths).
    #[must_use]
    pub fn back(self, n: i64) -> Period {
        let first = self.days.first;
        let moved = match self.kind {
            PeriodKind::Day => first.checked_sub(n.days()),
            PeriodKind::Week => first.checked_sub(n.weeks()),
            PeriodKind::Month => first.checked_sub(n.months()),
            PeriodKind::Year => first.checked_sub(n.years()),
            PeriodKind::Range => {
                let mut days = self.days;
                for _ in 0..n {
                    days = days.before();
                }
                return Period { kind: self.kind, days };
            }
        };
        self.kind.around(moved.unwrap_or(first))
    }

    /// The name Matomo gives it as a key: `2024-01-01`, `2024-01-01,2024-01-07`, `2024-01`, `2024`.
    pub fn key(self) -> String {
        let first = self.days.first;
        match self.kind {
            PeriodKind::Day => first.to_string(),
            PeriodKind::Week | PeriodKind::Range => self.days.to_string(),
            PeriodKind::Month => format!("{:04}-{:02}", first.year(), first.month()),
            PeriodKind::Year => format!("{:04}", first.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn weeks_begin_on_monday() {
        let week = PeriodKind::Week.around(date(2026, 3, 1));
        assert_eq!(week.key(), "2026-02-23,2026-03-01");
        assert_eq!(week.back(1).key(), "2026-02-16,2026-02-22");
    }

    #[test]
    fn months_and_years_are_whole() {
        let month = PeriodKind::Month.around(date(2024, 2, 10));
        assert_eq!((month.key().as_str(), month.days.n_days()), ("2024-02", 29));
        assert_eq!(month.back(2).key(), "2023-12");
        assert_eq!(PeriodKind::Year.around(date(2024, 2, 10)).days.n_days(), 366);
    }

    #[test]
    fn a_day_is_as_long_as_the_site_s_clock_says() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let range = DateRange::day(date(2026, 3, 29)).on(&zone);
        assert_eq!(range.end.0 - range.start.0, 23 * 3_600_000);
        assert_eq!(range.start.timestamp().to_string(), "2026-03-28T23:00:00Z");
    }

    #[test]
    fn a_range_does_not_end_before_it_starts() {
        assert_eq!(
            DateRange::new(date(2026, 3, 2), date(2026, 3, 1)).unwrap_err().message(),
            "the range ends on 2026-03-01, before it starts on 2026-03-02"
        );
        let days = DateRange::new(date(2026, 2, 27), date(2026, 3, 1)).unwrap();
        assert_eq!(days.days().count(), 3);
        assert_eq!(days.before().to_string(), "2026-02-24,2026-02-26");
    }
}
