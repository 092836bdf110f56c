//! Numbers as people read them, in English as Matomo writes it.

use crate::number::round;

/// A number with commas between thousands and at most so many digits after the point.
pub fn number(value: f64, most_digits: usize, least_digits: usize) -> String {
    let rounded = round(value.abs(), most_digits as i32);
    let text = format!("{rounded:.most_digits$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut fraction = fraction.trim_end_matches('0').to_owned();
    while fraction.len() < least_digits {
        fraction.push('0');
    }
    let mut out = String::with_capacity(text.len() + 8);
    if value < 0.0 && rounded != 0.0 {
        out.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(&fraction);
    }
    out
}

/// A share as a percentage, such as `12.5%`.
pub fn percent(share: f64) -> String {
    format!("{}%", number(share * 100.0, 4, 0))
}

/// Money, such as `$1,234.50`.
pub fn money(value: f64, sign: &str) -> String {
    let digits = if value == value.round() { 0 } else { 2 };
    let text = number(value.abs(), digits, digits);
    if value < 0.0 { format!("-{sign}{text}") } else { format!("{sign}{text}") }
}

/// A span as a sentence, such as `3 min 20s`.
pub fn time(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let all = seconds.abs();
    let year = 86_400.0 * 365.25;
    let years = (all / year).floor();
    let days = ((all - years * year) / 86_400.0).floor();
    let after_days = all - days * 86_400.0;
    let hours = (after_days / 3600.0).floor();
    let minutes = ((after_days - hours * 3600.0) / 60.0).floor();
    let rest = after_days - hours * 3600.0 - minutes * 60.0;
    let digits = if rest > 0.0 && rest < 0.01 { 3 } else { 2 };
    let rest = number(rest, digits, 0);
    let text = if years > 0.0 {
        format!("{years} years {days} days")
    } else if days > 0.0 {
        format!("{days} days {hours} hours")
    } else if hours > 0.0 {
        format!("{hours} hours {minutes} min")
    } else if minutes > 0.0 {
        format!("{minutes} min {rest}s")
    } else {
        format!("{rest}s")
    };
    format!("{sign}{text}")
}

/// A span as a clock shows it, such as `00:03:20`.
pub fn clock(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let all = seconds.abs();
    let whole = all.floor() as i64;
    let (days, rest) = (whole / 86_400, whole % 86_400);
    let mut text = format!("{:02}:{:02}:{:02}", rest / 3600, rest % 3600 / 60, rest % 60);
    if days > 0 {
        text = format!("{days} days {text}");
    }
    let hundredths = (all * 100.0) as i64 % 100;
    if hundredths > 0 {
        text.push_str(&format!(".{hundredths:02}"));
    }
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas_and_no_needless_zeros() {
        assert_eq!(number(1_234_567.891, 2, 0), "1,234,567.89");
        assert_eq!(number(-1000.0, 2, 0), "-1,000");
        assert_eq!(number(0.5, 2, 2), "0.50");
        assert_eq!(percent(0.123_456_7), "12.3457%");
        assert_eq!(money(1234.5, "$"), "$1,234.50");
        assert_eq!(money(20.0, "€"), "€20");
        assert_eq!(money(-1.5, "$"), "-$1.50");
    }

    #[test]
    fn spans_are_sentences_or_clocks() {
        assert_eq!(time(200.0), "3 min 20s");
        assert_eq!(time(0.0), "0s");
        assert_eq!(time(1.337), "1.34s");
        assert_eq!(time(3600.0), "1 hours 0 min");
        assert_eq!(time(90_000.0), "1 days 1 hours");
        assert_eq!(clock(200.0), "00:03:20");
        assert_eq!(clock(90_061.0), "1 days 01:01:01");
    }
}
