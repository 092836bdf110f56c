//! Dates and moments in words.

use jiff::{Zoned, civil};
use parse_datetime::{ParsedDateTime, parse_datetime_at_date};

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 64;

/// The moment that words name, such as `-1 day`, `last monday`, `10 November 2026`, `11/10/2026` or what RFC 5322 writes: what PHP's
/// `strtotime` takes as far as GNU's `date` takes it, and `2026-11`, `Nov 2026`, `31.1.2026` and `31-1-2026`. What is not said is as `now` has it, its zone included.
pub fn spoken(text: &str, now: &Zoned) -> Option<Zoned> {
    let text = text.trim();
    if text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    if let Some(day) = month(text).or_else(|| backwards(text)) {
        return day.to_zoned(now.time_zone().clone()).ok();
    }
    // Numbers alone are hours to GNU and nothing to PHP.
    if !text.bytes().any(|sign| sign.is_ascii_alphabetic() || sign == b'/') {
        return None;
    }
    match parse_datetime_at_date(now.clone(), text).ok()? {
        ParsedDateTime::InRange(found) => Some(found),
        ParsedDateTime::Extended(_) => None,
    }
}

/// `2026-11`, `Nov 2026`, `November 2026`: the first day of the month.
fn month(text: &str) -> Option<civil::Date> {
    let (year, number) = match text.split_once([' ', '-'])? {
        (name, year) if name.bytes().all(|sign| sign.is_ascii_alphabetic()) => (year.trim(), number_of(name)?),
        (year, number) => (year, digits(number, 1..=2)?),
    };
    civil::Date::new(digits(year, 4..=4)?, i8::try_from(number).ok()?, 1).ok()
}

fn number_of(name: &str) -> Option<i16> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_ascii_lowercase();
    let place = MONTHS.iter().position(|month| *month == name || name.len() == 3 && month.starts_with(&name))?;
    i16::try_from(place + 1).ok()
}

/// `31.1.2026` and `31-1-2026`.
fn backwards(text: &str) -> Option<civil::Date> {
    let sign = if text.contains('.') { '.' } else { '-' };
    let mut parts = text.split(sign);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let small = |part: &str| i8::try_from(digits(part, 1..=2)?).ok();
    civil::Date::new(digits(year, 4..=4)?, small(month)?, small(day)?).ok()
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let is_number = length.contains(&text.len()) && text.bytes().all(|sign| sign.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Zoned {
        civil::date(2026, 11, 23).at(15, 4, 5, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap()
    }

    #[test]
    fn days_are_said_in_many_ways() {
        for (text, wanted) in [
            ("-1 day", Some("2026-11-22T15:04:05")),
            ("3 days ago", Some("2026-11-20T15:04:05")),
            ("+1 week 2 days", Some("2026-12-02T15:04:05")),
            ("monday", Some("2026-11-23T00:00:00")),
            ("last monday", Some("2026-11-16T00:00:00")),
            ("10 November 2026", Some("2026-11-10T00:00:00")),
            ("Nov 10, 2026", Some("2026-11-10T00:00:00")),
            ("10 September 2026 10:00", Some("2026-09-10T10:00:00")),
            ("11/10/2026", Some("2026-11-10T00:00:00")),
            ("Tue, 10 Nov 2026 10:00:00 +0100", Some("2026-11-10T09:00:00")),
            ("2026-11-10 10:00:00 CET", Some("2026-11-10T09:00:00")),
            ("2026-11", Some("2026-11-01T00:00:00")),
            ("nov 2026", Some("2026-11-01T00:00:00")),
            ("March 2026", Some("2026-03-01T00:00:00")),
            ("10.11.2026", Some("2026-11-10T00:00:00")),
            ("1-2-2026", Some("2026-02-01T00:00:00")),
            ("2026-13", None),
            ("31.2.2026", None),
            ("10", None),
            ("-", None),
            ("", None),
            ("garbage", None),
            ("99999999999999999999 days ago", None),
            ("zehnter März", None),
        ] {
            let found = spoken(text, &now()).map(|at| at.with_time_zone(jiff::tz::TimeZone::UTC).datetime().to_string());
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[a-z0-9+:/,.@ -]{0,70}|.{0,70}") {
            let _ = spoken(&text, &now());
        }

        #[test]
        fn no_sentence_panics(parts in prop::collection::vec("last|next|ago|day|days|month|years|fortnight|monday|nov|[+-]?[0-9]{1,20}|am|utc|z|[0-9]{1,4}[-/:][0-9]{1,4}|@-?[0-9]{1,20}", 1..7)) {
            let _ = spoken(&parts.join(" "), &now());
        }
    }
}
