//! The time that a dashboard is about, and the one it is compared with.

use footfall_model::{DateRange, Day, Millis, TimeRange};
use footfall_report::stats::{Bucket, Span};
use jiff::ToSpan;

use super::super::{Failure, query::day, span, span::Asked as Range};
use crate::Call;

/// How finely a graph may be cut, for each period, the usual way first.
const PERIODS: [(&str, &[Bucket]); 15] = [
    ("realtime", &[Bucket::Minute]),
    ("30m", &[Bucket::Minute]),
    ("day", &[Bucket::Hour, Bucket::Minute]),
    ("24h", &[Bucket::Hour, Bucket::Minute]),
    ("7d", &[Bucket::Day, Bucket::Hour]),
    ("28d", &[Bucket::Day, Bucket::Week]),
    ("30d", &[Bucket::Day, Bucket::Week]),
    ("90d", &[Bucket::Day, Bucket::Week]),
    ("91d", &[Bucket::Day, Bucket::Week]),
    ("month", &[Bucket::Day, Bucket::Week]),
    ("6mo", &[Bucket::Month, Bucket::Week, Bucket::Day]),
    ("12mo", &[Bucket::Month, Bucket::Week, Bucket::Day]),
    ("year", &[Bucket::Month, Bucket::Week, Bucket::Day]),
    ("custom", &[Bucket::Day, Bucket::Week, Bucket::Month]),
    ("all", &[Bucket::Day, Bucket::Week, Bucket::Month]),
];

/// The names of buckets in the parameter `interval`.
const INTERVALS: [(&str, Bucket); 5] =
    [("minute", Bucket::Minute), ("hour", Bucket::Hour), ("day", Bucket::Day), ("week", Bucket::Week), ("month", Bucket::Month)];

/// Minutes that the last visitors of a report are from, and those of a graph.
const REALTIME: [i64; 2] = [5, 30];

/// What a period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    /// As many days before.
    Previous,
    /// The days 365 days before.
    Year,
    /// Days of one's own.
    Days(DateRange),
}

/// The parameters `period`, `date`, `from` and `to`.
///
/// # Errors
/// When one is none.
pub(super) fn range(call: &Call, period: &str, now: Millis) -> Result<(Range, Option<Day>), Failure> {
    let [date, from, to] = [date(call, "date")?, date(call, "from")?, date(call, "to")?];
    let range = match period {
        "realtime" | "30m" => last_minutes(now, if period == "30m" { REALTIME[1] } else { REALTIME[0] }),
        "day" => Range::Day,
        "24h" => Range::Hours,
        "month" => Range::Month,
        "6mo" => Range::Months(6),
        "12mo" => Range::Months(12),
        "year" => Range::Year,
        "all" => Range::All,
        "custom" => {
            let (Some(from), Some(to)) = (from, to) else {
                return Err(Failure::bad("The period `custom` needs `from` and `to`."));
            };
            if !span::is_sane(from, to) {
                return Err(Failure::bad("`to` must not be before `from`, nor more than a hundred years after it."));
            }
            Range::Dates(from, to)
        }
        _ => match period.strip_suffix('d').and_then(|days| days.parse().ok()).filter(|_| is_known(period)) {
            Some(days) => Range::Days(days),
            None => {
                let known: Vec<&str> = PERIODS.iter().map(|(name, _)| *name).collect();
                return Err(Failure::bad(format!("Invalid value for period. Accepted values are: {}", known.join(", "))));
            }
        },
    };
    let relative = date.filter(|_| !matches!(period, "realtime" | "30m" | "24h" | "all" | "custom"));
    Ok((range, relative))
}

fn is_known(period: &str) -> bool {
    PERIODS.iter().any(|(known, _)| *known == period)
}

/// The last so many minutes up to now, with what clocks may differ by.
fn last_minutes(now: Millis, minutes: i64) -> Range {
    Range::Moments(now.plus(-minutes * 60_000), now.plus(4_000))
}

/// The last 30 minutes as a graph shows them: whole ones, with the one that has begun.
pub(super) fn minutes(now: Millis, span: &Span) -> Span {
    let end = Millis(now.0 - now.0.rem_euclid(60_000) + 60_000);
    Span::moments(TimeRange { start: end.plus(-REALTIME[1] * 60_000), end }, &span.zone)
}

fn date(call: &Call, name: &str) -> Result<Option<Day>, Failure> {
    let Some(text) = call.param(name) else {
        return Ok(None);
    };
    let wrong = || {
        Failure::bad(format!(
            "Failed to parse '{name}' argument. Only ISO 8601 dates are allowed, e.g. `2019-09-07`, `2020-01-01`"
        ))
    };
    day(&text).ok_or_else(wrong).map(Some)
}

/// The parameters `comparison`, `compare_from` and `compare_to`. Nothing is before everything, nor beside what happens now.
///
/// # Errors
/// When one is none.
pub(super) fn compare(call: &Call, period: &str) -> Result<Option<Compare>, Failure> {
    let with = match call.param("comparison").as_deref() {
        None | Some("" | "off") => None,
        Some("previous_period") => Some(Compare::Previous),
        Some("year_over_year") => Some(Compare::Year),
        Some("custom") => {
            let (Some(from), Some(to)) = (date(call, "compare_from")?, date(call, "compare_to")?) else {
                return Err(Failure::bad("The comparison `custom` needs `compare_from` and `compare_to`."));
            };
            if !span::is_sane(from, to) {
                return Err(Failure::bad(
                    "`compare_to` must not be before `compare_from`, nor more than a hundred years after it.",
                ));
            }
            Some(Compare::Days(DateRange::new(from, to)?))
        }
        Some(_) => {
            return Err(Failure::bad(
                "Invalid value for comparison. Accepted values are: off, previous_period, year_over_year, custom",
            ));
        }
    };
    Ok(with.filter(|_| !matches!(period, "realtime" | "30m" | "all")))
}

/// The time that a span is compared with: as many days as have begun of it. With `same_weekdays` it is moved by up to three days
/// so that it begins on the same day of the week.
pub(super) fn compared(with: Compare, span: &Span, today: Day, same_weekdays: bool) -> Span {
    let back = |days: i64| {
        Span::moments(
            TimeRange { start: span.range.start.plus(-days * 86_400_000), end: span.range.end.plus(-days * 86_400_000) },
            &span.zone,
        )
    };
    let is_of_hours = span.range.end.0 - span.range.start.0 <= 86_401_000 && span.first != span.last;
    match with {
        Compare::Previous if is_of_hours => return back(1),
        Compare::Year if is_of_hours => return back(365),
        _ => {}
    }
    let begun = if span.first <= today { span.last.min(today) } else { span.last };
    let length = DateRange::new(span.first, begun).map_or(1, DateRange::n_days);
    let moved = |day: Day, days: i64| day.checked_add(days.days()).unwrap_or(day);
    let by = match with {
        Compare::Days(days) => return Span::days_of_plausible(days, &span.zone),
        Compare::Previous => -length,
        Compare::Year => -365,
    };
    let shift = if same_weekdays { nearest(by) } else { by };
    let days = DateRange::new(moved(span.first, shift), moved(begun, shift));
    Span::days_of_plausible(days.unwrap_or(DateRange::day(span.first)), &span.zone)
}

/// The number of whole weeks, but not none, that is nearest to a number of days.
fn nearest(days: i64) -> i64 {
    let over = days.rem_euclid(7);
    let (later, earlier) = (days + (7 - over) % 7, days - over);
    if later != 0 && later - days < days - earlier { later } else { earlier }
}

/// The bucket that a graph is cut into.
///
/// # Errors
/// When the parameter `interval` names none, or one that does not fit the period.
pub(super) fn bucket(interval: Option<&str>, period: &str, span: &Span) -> Result<Bucket, Failure> {
    let fits = fitting(period, span);
    let Some(interval) = interval else {
        return Ok(usual(period, span));
    };
    let Some((_, bucket)) = INTERVALS.iter().find(|(name, _)| *name == interval) else {
        let names: Vec<&str> = INTERVALS.iter().map(|(name, _)| *name).collect();
        return Err(Failure::bad(format!("Invalid value for interval. Accepted values are: {}", names.join(", "))));
    };
    if fits.contains(bucket) {
        return Ok(*bucket);
    }
    Err(Failure::bad(if period == "custom" {
        "Invalid combination of interval and period. Custom ranges over 12 months must come with greater granularity, e.g. \
         `period=custom,interval=week`"
    } else {
        "Invalid combination of interval and period. Interval must be smaller than the selected period, e.g. \
         `period=day,interval=minute`"
    }))
}

/// The name of a bucket in the parameter `interval`.
pub(super) fn interval(bucket: Bucket) -> &'static str {
    INTERVALS.iter().find(|(_, known)| *known == bucket).map_or("day", |(name, _)| name)
}

/// The bucket that a graph is cut into unless another is asked for.
pub(super) fn usual(period: &str, span: &Span) -> Bucket {
    match period {
        "all" if is_longer_than(1, span) => Bucket::Month,
        "all" if span.first == span.last => Bucket::Hour,
        _ => PERIODS.iter().find(|(known, _)| *known == period).and_then(|(_, fits)| fits.first()).map_or(Bucket::Day, |b| *b),
    }
}

fn fitting(period: &str, span: &Span) -> &'static [Bucket] {
    if matches!(period, "custom" | "all") && is_longer_than(13, span) {
        return &[Bucket::Week, Bucket::Month];
    }
    PERIODS.iter().find(|(known, _)| *known == period).map_or(&[], |(_, fits)| *fits)
}

/// Whether a span's last day lies so many months after its first, or more.
fn is_longer_than(months: i64, span: &Span) -> bool {
    span.first.checked_add(months.months()).is_ok_and(|end| end <= span.last)
}

/// The days of a span as a person writes them, up to today: `1 Jan - 28 Jan`, with years where they are not this one.
pub(super) fn label(span: &Span, today: Day) -> String {
    let last = if span.first <= today { span.last.min(today) } else { span.last };
    let text = |day: Day, with_year: bool| day.strftime(if with_year { "%-d %b %Y" } else { "%-d %b" }).to_string();
    if span.first == last {
        text(last, last.year() != today.year())
    } else if span.first.year() == last.year() {
        format!("{} - {}", text(span.first, false), text(last, last.year() != today.year()))
    } else {
        format!("{} - {}", text(span.first, true), text(last, true))
    }
}

#[cfg(test)]
mod tests {
    use jiff::{civil::date, tz::TimeZone};

    use super::*;

    fn days(first: Day, last: Day) -> Span {
        Span::days_of_plausible(DateRange::new(first, last).unwrap(), &TimeZone::UTC)
    }

    #[test]
    fn a_period_is_compared_with_as_many_days_as_have_begun() {
        // A Wednesday.
        let today = date(2026, 2, 11);
        let february = days(date(2026, 2, 1), date(2026, 2, 28));
        let told = |with, span: &Span, same_weekdays| {
            let other = compared(with, span, today, same_weekdays);
            format!("{} {}", other.first, other.last)
        };
        assert_eq!(told(Compare::Previous, &february, false), "2026-01-21 2026-01-31");
        assert_eq!(told(Compare::Previous, &february, true), "2026-01-18 2026-01-28");
        assert_eq!(told(Compare::Year, &february, false), "2025-02-01 2025-02-11");
        assert_eq!(told(Compare::Year, &february, true), "2025-02-02 2025-02-12");
        // A day is not compared with itself.
        let day = days(today, today);
        assert_eq!(told(Compare::Previous, &day, false), "2026-02-10 2026-02-10");
        assert_eq!(told(Compare::Previous, &day, true), "2026-02-04 2026-02-04");
        let custom = Compare::Days(DateRange::new(date(2024, 1, 1), date(2024, 1, 2)).unwrap());
        assert_eq!(told(custom, &day, true), "2024-01-01 2024-01-02");
    }

    #[test]
    fn days_are_written_for_people() {
        let today = date(2026, 2, 11);
        assert_eq!(label(&days(date(2026, 2, 1), date(2026, 2, 28)), today), "1 Feb - 11 Feb");
        assert_eq!(label(&days(today, today), today), "11 Feb");
        assert_eq!(label(&days(date(2021, 1, 2), date(2021, 1, 2)), today), "2 Jan 2021");
        assert_eq!(label(&days(date(2025, 12, 30), date(2026, 1, 2)), today), "30 Dec 2025 - 2 Jan 2026");
        assert_eq!(label(&days(date(2025, 3, 1), date(2025, 4, 2)), today), "1 Mar - 2 Apr 2025");
    }
}
