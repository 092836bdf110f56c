use footfall_model::{DateRange, Day, Millis, Period, PeriodKind, TimeRange};
use footfall_report::stats::Span;
use jiff::{ToSpan, tz::TimeZone};
use serde_json::Value;

use super::{filters::short, parse::only};
use crate::own::Failure;

/// A range as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asking {
    period: Name,
    date: Option<Day>,
    from: Option<Day>,
    to: Option<Day>,
}

/// What a range is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Compare {
    /// The period before.
    Previous,
    /// The same dates a year earlier.
    Year,
    /// Days of one's own.
    Days(DateRange),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Name {
    Realtime,
    Hours,
    Day,
    Days(i64),
    Month,
    Year,
    Months,
    All,
    Custom,
}

/// The longest custom range, in days.
const MOST_DAYS: i64 = 20_000;

/// Reads `range`.
///
/// # Errors
/// When it is none.
pub(super) fn range(value: &Value) -> Result<Asking, Failure> {
    let fields = value.as_object().ok_or_else(|| Failure::bad_request("`range` must be an object"))?;
    only(fields, &["period", "date", "from", "to"], "`range`")?;
    let day = |name| fields.get(name).map(|value| day(name, value)).transpose();
    let (date, from, to) = (day("date")?, day("from")?, day("to")?);
    let period = match fields.get("period") {
        None if from.is_some() && to.is_some() => Name::Custom,
        None => return Err(Failure::bad_request("`range` must have a `period`, or `from` and `to`")),
        Some(Value::String(name)) => period(name)?,
        Some(_) => return Err(Failure::bad_request("`period` must be a text")),
    };
    if period == Name::Custom && (from.is_none() || to.is_none()) {
        return Err(Failure::invalid_query("a custom range needs `from` and `to`"));
    }
    Ok(Asking { period, date, from, to })
}

/// Reads `compare`.
///
/// # Errors
/// When it is none.
pub(super) fn compare(value: Option<&Value>) -> Result<Option<Compare>, Failure> {
    let wrong = || Failure::bad_request("`compare` must be `previous`, `year`, or an object with `from` and `to`");
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) => match name.as_str() {
            "previous" => Ok(Some(Compare::Previous)),
            "year" => Ok(Some(Compare::Year)),
            _ => Err(wrong()),
        },
        Some(Value::Object(fields)) => {
            only(fields, &["from", "to"], "`compare`")?;
            let (Some(from), Some(to)) = (fields.get("from"), fields.get("to")) else {
                return Err(wrong());
            };
            Ok(Some(Compare::Days(days(day("from", from)?, day("to", to)?)?)))
        }
        Some(_) => Err(wrong()),
    }
}

impl Asking {
    /// Whether the answer depends on when the site's first hit came.
    pub(super) fn is_all(&self) -> bool {
        self.period == Name::All
    }

    /// The time that is meant, now and with this first moment.
    ///
    /// # Errors
    /// When the range ends before it starts, or is absurdly long.
    pub(super) fn span(&self, zone: &TimeZone, now: Millis, first: Option<Millis>) -> Result<Span, Failure> {
        let date = self.date.unwrap_or_else(|| now.local(zone).date());
        let back = |n: i64| date.checked_sub((n - 1).days()).unwrap_or(date);
        let whole = |days: DateRange| Ok(Span::days(days, zone));
        let until_now = |start: Millis| Ok(Span::moments(TimeRange { start, end: now.plus(1) }, zone));
        match self.period {
            Name::Realtime => until_now(now.plus(-30 * 60_000)),
            Name::Hours => until_now(now.plus(-24 * 3_600_000)),
            Name::Day => whole(DateRange::day(date)),
            Name::Days(n) => whole(days(back(n), date)?),
            Name::Month => whole(PeriodKind::Month.around(date).days),
            Name::Year => whole(PeriodKind::Year.around(date).days),
            Name::Months => {
                let first = date.first_of_month().checked_sub(11.months()).unwrap_or(date);
                whole(days(first, date.last_of_month())?)
            }
            Name::All => {
                let first = first.map_or(date, |first| first.local(zone).date()).min(date);
                whole(days(first, date)?)
            }
            Name::Custom => whole(days(self.from.unwrap_or(date), self.to.unwrap_or(date))?),
        }
    }

    /// The time it is compared with. A range that is not over is compared with as much as has passed.
    pub(super) fn compared(&self, with: &Compare, span: &Span, now: Millis) -> Span {
        let zone = &span.zone;
        let mut other = match with {
            Compare::Days(days) => Span::days(*days, zone),
            Compare::Year => {
                let earlier = |day: Day| day.checked_sub(1.year()).unwrap_or(day);
                if span.whole_days {
                    let days = span.day_range();
                    match DateRange::new(earlier(days.first()), earlier(days.last())) {
                        Ok(days) => Span::days(days, zone),
                        Err(_) => span.clone(),
                    }
                } else {
                    shifted(span, 365 * 86_400_000)
                }
            }
            Compare::Previous if !span.whole_days => shifted(span, span.range.end.0 - span.range.start.0),
            Compare::Previous => {
                let kind = match self.period {
                    Name::Month => PeriodKind::Month,
                    Name::Year => PeriodKind::Year,
                    _ => PeriodKind::Range,
                };
                let days = Period { kind, days: span.day_range() }.back(1).days;
                Span::days(days, zone)
            }
        };
        if span.range.contains(now) && span.whole_days {
            let end = other.range.start.plus(now.0 - span.range.start.0 + 1);
            if end < other.range.end {
                other = Span::moments(TimeRange { start: other.range.start, end }, zone);
            }
        }
        other
    }
}

/// The first and last moment as the answer names them: days, or moments where the range is not made of days.
pub(super) fn ends(span: &Span, by_moments: bool) -> (String, String) {
    if by_moments {
        let text = |at: Millis| {
            let local = at.local(&span.zone);
            format!("{}T{:02}:{:02}:{:02}", local.date(), local.hour(), local.minute(), local.second())
        };
        return (text(span.range.start), text(span.range.end.plus(-1)));
    }
    (span.first.to_string(), span.last.to_string())
}

fn shifted(span: &Span, by: i64) -> Span {
    let range = TimeRange { start: span.range.start.plus(-by), end: span.range.end.plus(-by) };
    Span::moments(range, &span.zone)
}

fn period(name: &str) -> Result<Name, Failure> {
    Ok(match name {
        "realtime" => Name::Realtime,
        "24h" => Name::Hours,
        "day" => Name::Day,
        "7d" => Name::Days(7),
        "28d" => Name::Days(28),
        "30d" => Name::Days(30),
        "91d" => Name::Days(91),
        "month" => Name::Month,
        "year" => Name::Year,
        "12mo" => Name::Months,
        "all" => Name::All,
        "custom" => Name::Custom,
        _ => {
            return Err(Failure::invalid_query(format!("unknown period `{}`", short(&Value::from(name)).trim_matches('"')))
                .hint("periods are listed in the API description"));
        }
    })
}

fn day(name: &str, value: &Value) -> Result<Day, Failure> {
    let text = value.as_str().filter(|text| text.len() == 10);
    text.and_then(|text| text.parse::<Day>().ok())
        .filter(|day| (1970..=9000).contains(&day.year()))
        .ok_or_else(|| Failure::bad_request(format!("`{name}` must be a day such as `2026-02-28`")))
}

fn days(first: Day, last: Day) -> Result<DateRange, Failure> {
    let days = DateRange::new(first, last).map_err(|error| Failure::invalid_query(error.message()))?;
    if days.n_days() > MOST_DAYS {
        return Err(Failure::invalid_query(format!("the range is longer than {MOST_DAYS} days")));
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// 2026-02-11 11:04:33 UTC, a Wednesday.
    const NOW: Millis = Millis(1_770_807_873_000);

    fn check(asked: Value, with: Value, expected: &str) {
        let asking = range(&asked).unwrap();
        let span = asking.span(&TimeZone::UTC, NOW, None).unwrap();
        let by_moments = !span.whole_days;
        let (from, to) = ends(&span, by_moments);
        let mut seen = format!("{from} {to}");
        if let Some(with) = compare(Some(&with)).unwrap() {
            let other = asking.compared(&with, &span, NOW);
            seen += &format!(" | {} {}", other.range.start.timestamp(), other.range.end.timestamp());
        }
        assert_eq!(seen, expected, "{asked}");
    }

    #[test]
    fn ranges_are_days_of_the_site() {
        check(json!({"period": "day"}), Value::Null, "2026-02-11 2026-02-11");
        check(json!({"period": "7d"}), Value::Null, "2026-02-05 2026-02-11");
        check(json!({"period": "month", "date": "2024-02-03"}), Value::Null, "2024-02-01 2024-02-29");
        check(json!({"period": "12mo"}), Value::Null, "2025-03-01 2026-02-28");
        check(json!({"period": "24h"}), Value::Null, "2026-02-10T11:04:33 2026-02-11T11:04:33");
        check(json!({"from": "2026-01-01", "to": "2026-01-03"}), Value::Null, "2026-01-01 2026-01-03");
    }

    #[test]
    fn a_range_is_compared_with_as_much_as_has_passed() {
        check(
            json!({"period": "month"}),
            json!("previous"),
            "2026-02-01 2026-02-28 | 2026-01-01T00:00:00Z 2026-01-11T11:04:33.001Z",
        );
        check(
            json!({"period": "7d", "date": "2026-02-10"}),
            json!("previous"),
            "2026-02-04 2026-02-10 | 2026-01-28T00:00:00Z 2026-02-04T00:00:00Z",
        );
        check(
            json!({"period": "year", "date": "2024-06-01"}),
            json!("year"),
            "2024-01-01 2024-12-31 | 2023-01-01T00:00:00Z 2024-01-01T00:00:00Z",
        );
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for wrong in [
            json!({}),
            json!({"period": "fortnight"}),
            json!({"period": 7}),
            json!({"period": "custom"}),
            json!({"from": "2026-02-30", "to": "2026-03-01"}),
            json!({"period": "day", "colour": 1}),
        ] {
            assert!(range(&wrong).is_err(), "{wrong}");
        }
        let asking = range(&json!({"from": "2026-03-02", "to": "2026-03-01"})).unwrap();
        assert_eq!(
            asking.span(&TimeZone::UTC, NOW, None).unwrap_err().message,
            "the range ends on 2026-03-01, before it starts on 2026-03-02"
        );
    }
}
