use footfall_model::{Day, Millis, TimePart};
use jiff::{ToSpan, civil::Weekday};

use super::Span;

/// How time is cut into buckets on the site's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "named as the field names them")]
pub enum Bucket {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

impl Bucket {
    /// The bucket that a dimension such as `time:day` means.
    pub fn parse(name: &str) -> Option<Bucket> {
        Some(match name {
            "time:minute" => Bucket::Minute,
            "time:hour" => Bucket::Hour,
            "time:day" => Bucket::Day,
            "time:week" => Bucket::Week,
            "time:month" => Bucket::Month,
            _ => return None,
        })
    }

    /// The name of the dimension.
    pub fn name(self) -> &'static str {
        match self {
            Bucket::Minute => "time:minute",
            Bucket::Hour => "time:hour",
            Bucket::Day => "time:day",
            Bucket::Week => "time:week",
            Bucket::Month => "time:month",
        }
    }

    /// Whether several of them make a day.
    pub fn is_within_day(self) -> bool {
        matches!(self, Bucket::Minute | Bucket::Hour)
    }

    /// The part of a moment that stores group by.
    pub(super) fn part(self) -> TimePart {
        match self {
            Bucket::Minute => TimePart::Minute,
            Bucket::Hour => TimePart::Hour,
            Bucket::Day => TimePart::Day,
            Bucket::Week => TimePart::Week,
            Bucket::Month => TimePart::Month,
        }
    }

    /// The label of the bucket that a moment lies in, as stores write it.
    pub fn label(self, at: Millis, span: &Span) -> String {
        let local = at.local(&span.zone);
        match self {
            Bucket::Minute => format!("{} {:02}:{:02}:00", local.date(), local.hour(), local.minute()),
            Bucket::Hour => format!("{} {:02}:00:00", local.date(), local.hour()),
            Bucket::Day => local.date().to_string(),
            Bucket::Week => monday(local.date()).to_string(),
            Bucket::Month => local.date().first_of_month().to_string(),
        }
    }

    /// The first moment of the bucket that a moment lies in.
    pub(super) fn start(self, at: Millis, span: &Span) -> Millis {
        let local = at.local(&span.zone);
        let begin = match self {
            Bucket::Minute => return Millis(at.0 - at.0.rem_euclid(60_000)),
            Bucket::Hour => {
                let into = i64::from(local.minute()) * 60_000 + i64::from(local.second()) * 1000;
                return Millis(at.0 - into - at.0.rem_euclid(1000));
            }
            Bucket::Day => local.date(),
            Bucket::Week => monday(local.date()),
            Bucket::Month => local.date().first_of_month(),
        };
        footfall_model::DateRange::day(begin).on(&span.zone).start
    }

    /// The labels of every bucket of a span, in order. At most [`Bucket::MOST_LABELS`].
    pub fn labels(self, span: &Span) -> Vec<String> {
        let mut labels: Vec<String> = Vec::new();
        let mut push = |label: String| {
            if labels.last() != Some(&label) {
                labels.push(label);
            }
            labels.len() < Bucket::MOST_LABELS
        };
        if self.is_within_day() {
            let step = if self == Bucket::Hour { 3_600_000 } else { 60_000 };
            let mut at = self.start(span.range.start, span);
            while at < span.range.end && push(self.label(at, span)) {
                at = at.plus(step);
            }
            return labels;
        }
        let mut day = match self {
            Bucket::Week => monday(span.first),
            Bucket::Month => span.first.first_of_month(),
            _ => span.first,
        };
        while day <= span.last && push(day.to_string()) {
            let next = match self {
                Bucket::Week => day.checked_add(1.week()),
                Bucket::Month => day.checked_add(1.month()),
                _ => day.tomorrow(),
            };
            match next {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        labels
    }

    /// How many labels are written at most.
    pub const MOST_LABELS: usize = 50_000;
}

/// The Monday of a day's week.
pub(super) fn monday(day: Day) -> Day {
    let back = i64::from(day.weekday().since(Weekday::Monday));
    day.checked_sub(back.days()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use footfall_model::DateRange;
    use jiff::{civil::date, tz::TimeZone};

    use super::*;

    fn span(first: Day, last: Day, zone: &str) -> Span {
        Span::days(DateRange::new(first, last).unwrap(), &TimeZone::get(zone).unwrap())
    }

    #[test]
    fn every_bucket_of_a_span_has_a_label() {
        let two_weeks = span(date(2020, 12, 20), date(2021, 1, 4), "UTC");
        assert_eq!(Bucket::Week.labels(&two_weeks), ["2020-12-14", "2020-12-21", "2020-12-28", "2021-01-04"]);
        assert_eq!(Bucket::Month.labels(&two_weeks), ["2020-12-01", "2021-01-01"]);
        assert_eq!(Bucket::Day.labels(&two_weeks).len(), 16);
    }

    #[test]
    fn a_day_has_as_many_hours_as_its_clock_shows() {
        let spring = span(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin");
        let labels = Bucket::Hour.labels(&spring);
        assert_eq!(labels.len(), 23);
        assert_eq!(labels[1..3], ["2026-03-29 01:00:00", "2026-03-29 03:00:00"]);
        let quarter = span(date(2021, 1, 2), date(2021, 1, 2), "Asia/Kathmandu");
        assert_eq!(Bucket::Hour.labels(&quarter)[0], "2021-01-02 00:00:00");
    }
}
