//! Matomo's grammar of periods and dates. Today is an argument.

use footfall_model::{DateRange, Day, Error, Period, PeriodKind, spoken};
use jiff::{ToSpan, civil::date, tz::TimeZone};

/// What a request's `period` and `date` mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Periods {
    /// One period: the answer is one table.
    One(Period),
    /// Periods in a row, the earliest first: the answer has a table for each.
    Each(Vec<Period>),
}

impl Periods {
    /// Every period, the earliest first.
    pub fn all(&self) -> &[Period] {
        match self {
            Periods::One(period) => std::slice::from_ref(period),
            Periods::Each(periods) => periods,
        }
    }

    /// Reads `period` and `date` as Matomo does: a date or a word for one (`today`, `last week`) gives the period around it;
    /// `lastN`, `previousN` and `A,B` give each period of that kind, or for `range` the one run of days.
    ///
    /// # Errors
    /// When the period or the date is not known.
    pub fn parse(period: &str, given: &str, today: Day) -> Result<Periods, Error> {
        let kind = PeriodKind::parse(period).ok_or_else(|| {
            Error::invalid(format!(
                "The period '{period}' is not supported. Try any of the following instead: day, week, month, year, range"
            ))
        })?;
        let given = given.trim();
        let spread = spread(kind, given, today)?;
        match (kind, spread) {
            (PeriodKind::Range, Some((first, last))) => {
                if last < first {
                    return Err(Error::invalid("Specified date range is invalid."));
                }
                let days = DateRange::new(first, last)?;
                let same_text = given.split_once(',').is_some_and(|(first, last)| first == last);
                let kind = if same_text { PeriodKind::Day } else { PeriodKind::Range };
                Ok(Periods::One(Period { kind, days }))
            }
            (PeriodKind::Range, None) => Err(Error::invalid(format!(
                "The date '{given}' is not a correct date range. It should have the following format:  'lastN', 'previousN', \
                 'YYYY-MM-DD,YYYY-MM-DD'."
            ))),
            (_, Some((first, last))) => Ok(Periods::Each(each(kind, first, last))),
            (_, None) => Ok(Periods::One(kind.around(day(given, today)?))),
        }
    }
}

/// How many periods one request may ask for: more than Matomo gives for `lastN`.
const MOST_PERIODS: usize = 4000;

/// Whether the date asks for several periods when the period is not `range`.
pub fn is_several(given: &str) -> bool {
    n_last(given).is_some() || ends(given).is_some()
}

/// Reads one day: a date, or a word such as `yesterday`.
///
/// # Errors
/// When it is neither, or lies before the first website.
pub fn day(given: &str, today: Day) -> Result<Day, Error> {
    let wrong = || {
        Error::invalid(
            "Date format must be: YYYY-MM-DD, or 'today' or 'yesterday' or any keyword supported by the strtotime function (see \
             http://php.net/strtotime for more information)",
        )
    };
    let word = given.trim().to_ascii_lowercase();
    let found = match word.as_str() {
        "now" | "today" => today,
        "tomorrow" => today.tomorrow().map_err(|_| wrong())?,
        "yesterday" | "yesterdaysametime" => today.yesterday().map_err(|_| wrong())?,
        _ => match last_word(&word) {
            Some(PeriodKind::Week) => today.saturating_sub(1.week()),
            Some(PeriodKind::Month) => today.saturating_sub(1.month()),
            Some(_) => today.saturating_sub(1.year()),
            None => written(&word).or_else(|| in_words(&word, today)).ok_or_else(wrong)?,
        },
    };
    let first_website = date(1991, 8, 6);
    if found < first_website {
        return Err(Error::invalid(format!(
            "The date '{found} 00:00:00' is a date before first website was online. Try date that's after Aug 6, 1991 (timestamp \
             681436800).: {given}"
        )));
    }
    Ok(found)
}

/// `last week`, `last-month`, `lastyear`.
fn last_word(word: &str) -> Option<PeriodKind> {
    let rest = word.strip_prefix("last")?;
    let rest = rest.strip_prefix([' ', '-']).unwrap_or(rest);
    match rest {
        "week" => Some(PeriodKind::Week),
        "month" => Some(PeriodKind::Month),
        "year" => Some(PeriodKind::Year),
        _ => None,
    }
}

/// `2024-01-31`, with one digit where one is enough, and maybe a time of day behind it.
fn written(word: &str) -> Option<Day> {
    let (date, clock) = word.split_once([' ', 't']).map_or((word, None), |(date, clock)| (date, Some(clock)));
    if clock.is_some_and(|clock| clock.is_empty() || !clock.bytes().all(|b| b.is_ascii_digit() || b":.+z".contains(&b))) {
        return None;
    }
    let separator = if date.contains('/') { '/' } else { '-' };
    let mut parts = date.split(separator);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A day in words, such as `-1 day`; several days, which a comma parts, are none.
fn in_words(words: &str, today: Day) -> Option<Day> {
    let now = today.to_zoned(TimeZone::UTC).ok().filter(|_| !words.contains(','))?;
    Some(spoken(words, &now)?.with_time_zone(TimeZone::UTC).date())
}

/// `lastN` or `previousN`: the number, and whether the current period is left out.
fn n_last(given: &str) -> Option<(i64, bool)> {
    let (digits, is_previous) = match given.strip_prefix("previous") {
        Some(digits) => (digits, true),
        None => (given.strip_prefix("last")?, false),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((digits.parse().unwrap_or(if digits.is_empty() { 0 } else { i64::MAX }), is_previous))
}

/// The two ends of `A,B`, as written.
fn ends(given: &str) -> Option<(&str, &str)> {
    let (first, last) = given.split_once(',')?;
    let plain = |end: &str| written(&end.to_ascii_lowercase()).is_some() && !end.contains([' ', '/']);
    let word = |end: &str| last_word(&end.to_ascii_lowercase()).is_some();
    let near = |end: &str| ["today", "now", "yesterday"].iter().any(|known| end.eq_ignore_ascii_case(known));
    ((plain(first) || word(first)) && (plain(last) || word(last) || near(last))).then_some((first, last))
}

/// The first and last day that several periods or a range are made of.
fn spread(kind: PeriodKind, given: &str, today: Day) -> Result<Option<(Day, Day)>, Error> {
    if let Some((n, is_previous)) = n_last(given) {
        let (step, most) = match kind {
            PeriodKind::Day => (1.day(), 5 * 365),
            PeriodKind::Range => (1.day(), 20 * 365),
            PeriodKind::Week => (1.week(), 10 * 52),
            PeriodKind::Month => (1.month(), 10 * 12),
            PeriodKind::Year => (1.year(), 10),
        };
        let last = if is_previous { today.saturating_sub(step) } else { today };
        let back = n.min(most).saturating_sub(1).max(0);
        return Ok(Some((last.saturating_sub(step * back), last)));
    }
    let Some((first, last)) = ends(given) else {
        return Ok(None);
    };
    let first = day(first, today)?;
    let latest = Day::new(today.year().saturating_add(10), 12, 31).unwrap_or(Day::MAX);
    Ok(Some((first, day(last, today)?.min(latest))))
}

/// Every period of the kind from the one around the first day to the one around the last; at least one.
fn each(kind: PeriodKind, first: Day, last: Day) -> Vec<Period> {
    let mut period = kind.around(last);
    let mut periods = vec![period];
    while period.days.first() > first && periods.len() < MOST_PERIODS {
        period = period.back(1);
        periods.push(period);
    }
    periods.reverse();
    periods
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: Day = date(2026, 3, 4);

    fn keys(period: &str, given: &str) -> Vec<String> {
        Periods::parse(period, given, TODAY).unwrap().all().iter().map(|period| period.key()).collect()
    }

    #[test]
    fn words_are_days() {
        assert_eq!(keys("day", "today"), ["2026-03-04"]);
        assert_eq!(keys("day", "yesterday"), ["2026-03-03"]);
        assert_eq!(keys("month", "last month"), ["2026-02"]);
        assert_eq!(keys("day", "lastweek"), ["2026-02-25"]);
        assert_eq!(keys("year", "2024-1-5"), ["2024"]);
        assert_eq!(keys("day", "2024-01-05 11:22:33"), ["2024-01-05"]);
    }

    #[test]
    fn days_are_said_in_words() {
        let today = date(2026, 11, 23);
        for (words, wanted) in [
            ("-1 day", date(2026, 11, 22)),
            ("2026-11", date(2026, 11, 1)),
            ("10 November 2026", date(2026, 11, 10)),
            ("11/10/2026", date(2026, 11, 10)),
            ("last monday", date(2026, 11, 16)),
        ] {
            assert_eq!(day(words, today).ok(), Some(wanted), "{words}");
        }
        assert!(day("2026-11-10,monday", today).is_err());
    }

    #[test]
    fn several_periods() {
        assert_eq!(keys("day", "last3"), ["2026-03-02", "2026-03-03", "2026-03-04"]);
        assert_eq!(keys("month", "previous2"), ["2026-01", "2026-02"]);
        assert_eq!(keys("week", "2026-02-20,2026-03-01"), ["2026-02-16,2026-02-22", "2026-02-23,2026-03-01"]);
        assert_eq!(keys("day", "2026-03-03,today").len(), 2);
        assert_eq!(keys("day", "last0").len(), 1);
        assert!(matches!(Periods::parse("day", "last1", TODAY).unwrap(), Periods::Each(_)));
    }

    #[test]
    fn ranges_are_one_run_of_days() {
        assert_eq!(keys("range", "last7"), ["2026-02-26,2026-03-04"]);
        assert_eq!(keys("range", "previous7"), ["2026-02-25,2026-03-03"]);
        assert_eq!(keys("range", "2026-01-01,2026-01-01"), ["2026-01-01"]);
        assert_eq!(keys("range", "2026-01-01,yesterday"), ["2026-01-01,2026-03-03"]);
        assert!(Periods::parse("range", "2026-01-01", TODAY).is_err());
    }

    #[test]
    fn unknown_words_are_refused() {
        for (period, given) in
            [("fortnight", "today"), ("day", "someday"), ("day", "2026-02-30"), ("day", "1970-01-01"), ("day", "")]
        {
            assert!(Periods::parse(period, given, TODAY).is_err(), "{period} {given}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(period in "day|week|month|year|range", given in ".{0,30}") {
            let _ = Periods::parse(&period, &given, TODAY);
        }

        #[test]
        fn n_periods_are_n(n in 1usize..60) {
            for period in ["day", "week", "month"] {
                prop_assert_eq!(keys(period, &format!("last{n}")).len(), n);
            }
        }
    }
}
