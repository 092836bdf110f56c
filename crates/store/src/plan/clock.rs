use footfall_model::{Millis, Text, TimePart, TimeRange, Value};
use jiff::{civil, tz::TimeZone};

use super::Shape;
use crate::Dialect;

pub(super) const DAY: i64 = 86_400_000;

/// Days from 0000-03-01 to 1970-01-01. Counting from there keeps every number that is divided positive.
const SHIFT: i64 = 719_468;

/// A site's clock as arithmetic on milliseconds.
pub(super) struct Clock {
    /// From which moment on how much has to be added, ascending; the first holds before the second begins.
    offsets: Vec<(i64, i64)>,
}

impl Clock {
    /// The clock, right for every moment in the range.
    pub(super) fn new(zone: &TimeZone, range: TimeRange) -> Clock {
        let start = range.start.timestamp();
        let added = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1000 + SHIFT * DAY;
        let mut offsets = vec![(range.start.0, added(zone.to_offset(start)))];
        for change in zone.following(start) {
            let at = change.timestamp().as_millisecond();
            if at >= range.end.0 {
                break;
            }
            let added = added(change.offset());
            if offsets.last().is_none_or(|(_, before)| *before != added) {
                offsets.push((at, added));
            }
        }
        Clock { offsets }
    }

    /// The clock of UTC, right for every moment.
    pub(super) fn utc() -> Clock {
        Clock { offsets: vec![(i64::MIN, SHIFT * DAY)] }
    }

    /// A part of a moment as a number, and what the number means.
    pub(super) fn part(&self, dialect: &dyn Dialect, moment: &str, part: TimePart) -> (String, Shape) {
        let local = self.local(moment);
        let day = || dialect.div(&local, DAY);
        let since_epoch = |day: &str| format!("{day} - {SHIFT}");
        match part {
            TimePart::Minute => (dialect.div(&local, 60_000), Shape::Minute),
            TimePart::Hour => (dialect.div(&local, 3_600_000), Shape::Hour),
            TimePart::Day => (day(), Shape::Day),
            TimePart::Week => {
                let day = day();
                (format!("({day} - ({day} + 2) % 7)"), Shape::Day)
            }
            TimePart::Month | TimePart::Year => {
                let day = day();
                let of = if part == TimePart::Month { TimePart::DayOfMonth } else { TimePart::DayOfYear };
                let place = dialect.calendar(of, &since_epoch(&day));
                (format!("({day} - {place} + 1)"), Shape::Day)
            }
            TimePart::HourOfDay => (format!("({} % 24)", dialect.div(&local, 3_600_000)), Shape::Plain),
            TimePart::MinuteOfHour => (format!("({} % 60)", dialect.div(&local, 60_000)), Shape::Plain),
            TimePart::SecondOfMinute => (format!("({} % 60)", dialect.div(&local, 1000)), Shape::Plain),
            TimePart::DayOfWeek => (format!("(({} + 2) % 7 + 1)", day()), Shape::Plain),
            TimePart::DayOfMonth
            | TimePart::DayOfYear
            | TimePart::WeekOfYear
            | TimePart::MonthOfYear
            | TimePart::QuarterOfYear
            | TimePart::YearNumber => (dialect.calendar(part, &since_epoch(&day())), Shape::Plain),
        }
    }

    /// A part of a moment as text, as queries show it.
    pub(super) fn part_text(&self, dialect: &dyn Dialect, moment: &str, part: TimePart) -> String {
        let (number, shape) = self.part(dialect, moment, part);
        let day = |day: &str| dialect.day_text(&format!("{day} - {SHIFT}"));
        let two = |number: String| format!("right('0' || {}, 2)", dialect.text(&number));
        match shape {
            Shape::Plain | Shape::Long => dialect.text(&number),
            Shape::Day => day(&number),
            Shape::Hour => {
                format!("({} || ' ' || {} || ':00:00')", day(&dialect.div(&number, 24)), two(format!("({number} % 24)")))
            }
            Shape::Minute => format!(
                "({} || ' ' || {} || ':' || {} || ':00')",
                day(&dialect.div(&number, 1440)),
                two(format!("({} % 24)", dialect.div(&number, 60))),
                two(format!("({number} % 60)"))
            ),
        }
    }

    fn local(&self, moment: &str) -> String {
        let (first, later) = match self.offsets.split_first() {
            Some(((_, first), later)) => (*first, later),
            None => (SHIFT * DAY, &[][..]),
        };
        if later.is_empty() {
            return format!("({moment} + {first})");
        }
        let cases: String = later.iter().rev().map(|(from, added)| format!("WHEN {moment} >= {from} THEN {added} ")).collect();
        format!("({moment} + CASE {cases}ELSE {first} END)")
    }
}

/// A number of [`Clock::part`] as queries show it.
pub(super) fn shown(number: i64, shape: Shape) -> Text {
    let milliseconds = match shape {
        Shape::Minute => number.saturating_mul(60_000),
        Shape::Hour => number.saturating_mul(3_600_000),
        _ => number.saturating_mul(DAY),
    };
    let at = Millis(milliseconds.saturating_sub(SHIFT * DAY)).local(&TimeZone::UTC);
    match shape {
        Shape::Minute | Shape::Hour => moment_text(at),
        _ => Text::from(at.date().to_string()),
    }
}

/// The number of [`Clock::part`] that is shown as this text; `None` if none is shown exactly so.
pub(super) fn number(text: &str, shape: Shape) -> Option<i64> {
    let at = match shape {
        Shape::Day => text.parse::<civil::Date>().ok()?.at(0, 0, 0, 0),
        Shape::Hour | Shape::Minute => text.replacen(' ', "T", 1).parse().ok()?,
        Shape::Plain | Shape::Long => return None,
    };
    let shifted = at.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond() + SHIFT * DAY;
    let number = match shape {
        Shape::Minute => shifted.div_euclid(60_000),
        Shape::Hour => shifted.div_euclid(3_600_000),
        _ => shifted.div_euclid(DAY),
    };
    (*shown(number, shape) == *text).then_some(number)
}

/// Date and time of day as queries show minutes and hours.
fn moment_text(at: civil::DateTime) -> Text {
    let time = at.time();
    Text::from(format!("{} {:02}:{:02}:00", at.date(), time.hour(), time.minute()))
}

/// A part of a moment on a clock, as queries show it.
pub(crate) fn clock_value(at: Millis, zone: &TimeZone, part: TimePart) -> Value {
    let local = at.local(zone);
    let (date, time) = (local.date(), local.time());
    let day = |date: civil::Date| Value::Text(Text::from(date.to_string()));
    let number = |number: i64| Value::Int(number);
    match part {
        TimePart::Minute => Value::Text(moment_text(local)),
        TimePart::Hour => Value::Text(moment_text(date.at(time.hour(), 0, 0, 0))),
        TimePart::Day => day(date),
        TimePart::Week => {
            let back = i64::from(date.weekday().to_monday_zero_offset());
            day(date.saturating_sub(jiff::Span::new().days(back)))
        }
        TimePart::Month => day(date.first_of_month()),
        TimePart::Year => day(date.first_of_year()),
        TimePart::HourOfDay => number(time.hour().into()),
        TimePart::MinuteOfHour => number(time.minute().into()),
        TimePart::SecondOfMinute => number(time.second().into()),
        TimePart::DayOfWeek => number(date.weekday().to_monday_one_offset().into()),
        TimePart::DayOfMonth => number(date.day().into()),
        TimePart::DayOfYear => number(date.day_of_year().into()),
        TimePart::WeekOfYear => number(date.iso_week_date().week().into()),
        TimePart::MonthOfYear => number(date.month().into()),
        TimePart::QuarterOfYear => number(((date.month() + 2) / 3).into()),
        TimePart::YearNumber => number(date.year().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_of_a_clock_agree() {
        for (text, shape) in [
            ("2026-03-01", Shape::Day),
            ("1969-12-31", Shape::Day),
            ("2026-03-01 10:00:00", Shape::Hour),
            ("2026-03-01 10:05:00", Shape::Minute),
        ] {
            let number = number(text, shape).unwrap();
            assert_eq!(&*shown(number, shape), text);
        }
        for (text, shape) in [
            ("2026-3-1", Shape::Day),
            ("yesterday", Shape::Day),
            ("2026-03-01 10:05:00", Shape::Hour),
            ("2026-03-01", Shape::Minute),
        ] {
            assert_eq!(number(text, shape), None, "{text}");
        }
    }

    #[test]
    fn a_clock_that_changes_becomes_a_case() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let range = TimeRange { start: Millis(1_767_222_000_000), end: Millis(1_798_758_000_000) };
        let clock = Clock::new(&zone, range);
        let shift = SHIFT * DAY;
        assert_eq!(
            clock.local("h.at"),
            format!(
                "(h.at + CASE WHEN h.at >= 1792890000000 THEN {} WHEN h.at >= 1774746000000 THEN {} ELSE {} END)",
                shift + 3_600_000,
                shift + 7_200_000,
                shift + 3_600_000
            )
        );
        assert_eq!(Clock::new(&TimeZone::UTC, TimeRange::EVER).local("h.at"), format!("(h.at + {shift})"));
    }
}
