//! Between which moments a visit log looks.

use std::sync::Arc;

use footfall_model::{DateRange, Day, Millis, Site, TimeRange};
use footfall_report::Periods;
use jiff::tz::TimeZone;

use crate::matomo::{Failure, dispatch::Call, scope};

/// The moments that `period` and `date` mean. What reaches up to today has no end.
///
/// # Errors
/// When one of them is not known.
pub(super) fn of(call: Call<'_>, sites: &[Arc<Site>]) -> Result<TimeRange, Failure> {
    let (Some(period), Some(date)) = (word(call, "period"), word(call, "date")) else {
        return Ok(TimeRange::EVER);
    };
    let zone = match sites {
        [site] => site.zone.clone(),
        _ => TimeZone::UTC,
    };
    let today = call.ctx.now.local(&zone).date();
    let utc_today = scope::today(call.ctx, None);
    let days = days(period, date, today, utc_today)?;
    let start = days.on(&zone).start.min(call.ctx.now);
    if is_open(date, today) {
        return Ok(TimeRange { start, end: TimeRange::EVER.end });
    }
    // The last moment is the midnight after the last day, itself included, as at Matomo.
    let end = days.on(&zone).end.min(call.ctx.now.plus(1000)).plus(1000);
    Ok(TimeRange { start, end: Millis(end.0.max(start.0)) })
}

fn word<'a>(call: Call<'a>, name: &str) -> Option<&'a str> {
    call.request.filled(name).filter(|given| *given != "false" && *given != "0")
}

fn days(period: &str, date: &str, today: Day, utc_today: Day) -> Result<DateRange, Failure> {
    if period == "range" || footfall_report::is_several(date) {
        let all = Periods::parse("range", date, utc_today)?;
        let all = all.all();
        if let (Some(first), Some(last)) = (all.first(), all.last()) {
            return Ok(DateRange::new(first.days.first(), last.days.last())?);
        }
    }
    let day = footfall_report::day(date, utc_today)?;
    // Today is read from the day before on, so that a visit that goes on across midnight is seen.
    let day = if matches!(date, "today" | "now") || day == today { day.yesterday().unwrap_or(day) } else { day };
    let periods = Periods::parse(period, &day.to_string(), utc_today)?;
    let periods = periods.all();
    periods.first().map(|period| period.days).ok_or_else(|| Failure::missing("date"))
}

/// Whether a date reaches up to now.
fn is_open(date: &str, today: Day) -> bool {
    if matches!(date, "now" | "today" | "yesterdaySameTime") || date.contains("last") || date.contains("previous") {
        return true;
    }
    let last = date.rsplit(',').next().unwrap_or(date).trim();
    matches!(last, "now" | "today") || footfall_report::day(last, today).is_ok_and(|day| day == today)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Day = date(2026, 3, 4);

    #[test]
    fn today_is_read_from_yesterday_on() {
        for word in ["today", "now", "2026-03-04"] {
            assert_eq!(days("day", word, TODAY, TODAY).unwrap().first(), date(2026, 3, 3), "{word}");
            assert!(is_open(word, TODAY), "{word}");
        }
        assert_eq!(days("month", "2026-02-10", TODAY, TODAY).unwrap().last(), date(2026, 2, 28));
        assert!(!is_open("2026-02-10", TODAY));
    }

    #[test]
    fn ranges_that_reach_today_are_open() {
        assert!(is_open("2026-02-10,today", TODAY));
        assert!(is_open("last7", TODAY));
        assert!(!is_open("2026-02-10,2026-03-03", TODAY));
        assert_eq!(days("range", "2026-02-10,today", TODAY, TODAY).unwrap().n_days(), 23);
    }
}
