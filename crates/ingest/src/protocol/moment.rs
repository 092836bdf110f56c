use footfall_model::{Millis, spoken};
use jiff::{
    Timestamp, civil,
    tz::{Offset, TimeZone},
};

/// The second a `cdt` parameter names: seconds since the epoch, or a date with or without time and offset, in UTC where it
/// names no offset.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(seconds);
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds.is_finite() && seconds.abs() < 9e15).then_some(seconds as i64);
    }
    if let Some(seconds) = text.strip_prefix('@') {
        return seconds.parse().ok();
    }
    let (date, rest) = day(text)?;
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    let (time, rest) = match clock(rest) {
        Some(found) => found,
        None => (civil::Time::midnight(), rest),
    };
    let offset = offset(rest.trim())?;
    let moment: Timestamp = offset.to_timestamp(date.to_datetime(time)).ok()?;
    Some(moment.as_second())
}

/// The second that words name for a request of `received`, such as `10 September 2026 10:00`; in UTC where they name no offset.
pub(crate) fn spoken_seconds(text: &str, received: Millis) -> Option<i64> {
    let now = received.timestamp().to_zoned(TimeZone::UTC);
    Some(spoken(text, &now)?.timestamp().as_second())
}

fn day(text: &str) -> Option<(civil::Date, &str)> {
    let bytes = text.as_bytes();
    let year = number(bytes.get(..4)?)?;
    let (month, day, length) = match *bytes.get(4)? {
        sign @ (b'-' | b'/' | b'.') => {
            if *bytes.get(7)? != sign {
                return None;
            }
            (number(bytes.get(5..7)?)?, number(bytes.get(8..10)?)?, 10)
        }
        _ => (number(bytes.get(4..6)?)?, number(bytes.get(6..8)?)?, 8),
    };
    let date = civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, text.get(length..)?))
}

fn clock(text: &str) -> Option<(civil::Time, &str)> {
    let bytes = text.as_bytes();
    let hour = number(bytes.get(..2)?)?;
    if *bytes.get(2)? != b':' {
        return None;
    }
    let minute = number(bytes.get(3..5)?)?;
    let (second, mut length) = match bytes.get(5..8) {
        Some([b':', digits @ ..]) => (number(digits)?, 8),
        _ => (0, 5),
    };
    if matches!(bytes.get(length), Some(b'.' | b',')) {
        let digits = bytes[length + 1..].iter().take_while(|sign| sign.is_ascii_digit()).count();
        length += 1 + digits;
    }
    let part = |number: i16| i8::try_from(number).ok();
    let time = civil::Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    Some((time, text.get(length..)?))
}

fn offset(text: &str) -> Option<Offset> {
    if matches!(text, "" | "Z" | "z" | "UTC" | "GMT") {
        return Some(Offset::UTC);
    }
    let (sign, digits) = match text.as_bytes().split_first()? {
        (b'+', _) => (1, &text[1..]),
        (b'-', _) => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None => (digits.get(..2)?, digits.get(2..)?),
    };
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    let seconds = hours.parse::<i32>().ok()?.checked_mul(3600)? + minutes.parse::<u8>().ok()? as i32 * 60;
    Offset::from_seconds(sign * seconds).ok()
}

fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0i16, |number, sign| sign.is_ascii_digit().then(|| number * 10 + i16::from(sign - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_said_in_words() {
        let received = Millis(1_795_446_245_000);
        for (given, wanted) in [
            ("10 September 2026 10:00", Some(1_789_034_400)),
            ("09/10/2026", Some(1_788_998_400)),
            ("Thu, 10 Sep 2026 12:00:00 +0200", Some(1_789_034_400)),
            ("-1 hour", Some(1_795_442_645)),
            ("soon", None),
        ] {
            assert_eq!(spoken_seconds(given, received), wanted, "{given}");
        }
    }

    #[test]
    fn moments_are_written_in_many_ways() {
        for (given, wanted) in [
            ("1267874553", Some(1_267_874_553)),
            ("1267874553.9", Some(1_267_874_553)),
            ("@1267874553", Some(1_267_874_553)),
            ("2010-03-06 11:22:33", Some(1_267_874_553)),
            (" 2010-03-06T11:22:33Z ", Some(1_267_874_553)),
            ("2010-03-06T11:22:33.123456Z", Some(1_267_874_553)),
            ("2010-03-06T12:22:33+01:00", Some(1_267_874_553)),
            ("2010-03-06T06:22:33-0500", Some(1_267_874_553)),
            ("2010-03-06 12:22:33 +01", Some(1_267_874_553)),
            ("2010/03/06 11:22:33", Some(1_267_874_553)),
            ("20100306T11:22:33", Some(1_267_874_553)),
            ("2010-03-06 11:22", Some(1_267_874_520)),
            ("2010-03-06", Some(1_267_833_600)),
            ("2010-02-30", None),
            ("2010-03-06 25:00:00", None),
            ("yesterday", None),
            ("", None),
            ("ä010-03-06", None),
            ("2010-03-06 11:22:33 CET", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(seconds(given), wanted, "{given}");
        }
    }
}
