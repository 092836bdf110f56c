//! Periods as people read them, in English as Matomo writes it.

use footfall_model::{Day, Period, PeriodKind};

/// A period in words, such as `Friday, August 10, 2012` or `Week August 13 – 19, 2012`.
pub(super) fn long(period: Period) -> String {
    let (first, last) = (period.days.first(), period.days.last());
    match period.kind {
        PeriodKind::Day => first.strftime("%A, %B %-d, %Y").to_string(),
        PeriodKind::Week => format!("Week {}", span(first, last)),
        PeriodKind::Month => first.strftime("%B %Y").to_string(),
        PeriodKind::Year => first.strftime("%Y").to_string(),
        PeriodKind::Range => span(first, last),
    }
}

/// A period in few words, such as `Fri, Aug 10` or `Aug 2012`.
pub(super) fn short(period: Period) -> String {
    let (first, last) = (period.days.first(), period.days.last());
    match period.kind {
        PeriodKind::Day => first.strftime("%a, %b %-d").to_string(),
        PeriodKind::Month => first.strftime("%b %Y").to_string(),
        PeriodKind::Year => first.strftime("%Y").to_string(),
        PeriodKind::Week | PeriodKind::Range => short_span(first, last),
    }
}

/// All days of several periods in words.
pub(super) fn over(periods: &[Period]) -> String {
    match (periods.first(), periods.last()) {
        (Some(first), Some(last)) => span(first.days.first(), last.days.last()),
        _ => String::new(),
    }
}

/// Days in words, such as `August 27 – September 2, 2012`, thin blanks in between.
fn span(first: Day, last: Day) -> String {
    let end = if first.year() == last.year() && first.month() == last.month() {
        last.strftime("%-d, %Y").to_string()
    } else {
        last.strftime("%B %-d, %Y").to_string()
    };
    let start = if first.year() == last.year() { first.strftime("%B %-d") } else { first.strftime("%B %-d, %Y") };
    format!("{start}\u{2009}–\u{2009}{end}")
}

/// The same with short names of months.
fn short_span(first: Day, last: Day) -> String {
    let end = if first.year() == last.year() && first.month() == last.month() { "%-d, %Y" } else { "%b %-d, %Y" };
    let start = if first.year() == last.year() { "%b %-d" } else { "%b %-d, %Y" };
    format!("{}\u{2009}–\u{2009}{}", first.strftime(start), last.strftime(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_told_in_words() {
        let day = jiff::civil::date(2012, 8, 10);
        assert_eq!(long(PeriodKind::Day.around(day)), "Friday, August 10, 2012");
        assert_eq!(long(PeriodKind::Week.around(day)), "Week August 6\u{2009}–\u{2009}12, 2012");
        assert_eq!(long(PeriodKind::Month.around(day)), "August 2012");
        assert_eq!(long(PeriodKind::Year.around(day)), "2012");
        assert_eq!(span(day, jiff::civil::date(2012, 9, 2)), "August 10\u{2009}–\u{2009}September 2, 2012");
        assert_eq!(
            span(jiff::civil::date(2012, 12, 31), jiff::civil::date(2013, 1, 6)),
            "December 31, 2012\u{2009}–\u{2009}January 6, 2013"
        );
    }
}
