//! When a report is due, and which days it is about.

use footfall_model::{DateRange, Day, Error, Millis};
use jiff::{ToSpan as _, tz::TimeZone};

/// The hour of the site's day at which reports go out.
const HOUR: i8 = 9;

/// How often a report goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Every Monday, about the seven days before.
    Weekly,
    /// On the first of each month, about the month before.
    Monthly,
}

impl Kind {
    pub(super) const ALL: [Kind; 2] = [Kind::Weekly, Kind::Monthly];

    /// The last day at whose hour a report was due.
    pub(super) fn due(self, now: Millis, zone: &TimeZone) -> Day {
        let local = now.local(zone);
        let today = local.date();
        // Before the hour, yesterday is the last day that counts.
        let reached = if local.hour() < HOUR { today.yesterday().unwrap_or(today) } else { today };
        match self {
            Kind::Weekly => reached.checked_sub(i64::from(reached.weekday().to_monday_zero_offset()).days()).unwrap_or(reached),
            Kind::Monthly => reached.first_of_month(),
        }
    }

    /// The days that a report is about which is due on this day, and the ones it compares them with.
    ///
    /// # Errors
    /// At the end of time.
    pub(super) fn days(self, due: Day) -> Result<(DateRange, DateRange), Error> {
        let back = |n: i64| match self {
            Kind::Weekly => due.checked_sub((7 * n).days()),
            Kind::Monthly => due.checked_sub(n.months()),
        };
        let range = |n: i64| {
            let last = back(n - 1).and_then(|end| end.yesterday());
            match (back(n), last) {
                (Ok(first), Ok(last)) => DateRange::new(first, last),
                _ => Err(Error::invalid("there are no such days")),
            }
        };
        Ok((range(1)?, range(2)?))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Weekly => "Weekly",
            Kind::Monthly => "Monthly",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        Millis::from(text.parse::<jiff::Timestamp>().unwrap())
    }

    #[test]
    fn reports_are_due_at_nine_where_the_site_is() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let due = |kind: Kind, now: &str| kind.due(at(now), &berlin).to_string();
        // Monday the 2nd of March 2026, at 7:59 and 8:00 UTC.
        assert_eq!(due(Kind::Weekly, "2026-03-02T07:59:59Z"), "2026-02-23");
        assert_eq!(due(Kind::Weekly, "2026-03-02T08:00:00Z"), "2026-03-02");
        assert_eq!(due(Kind::Weekly, "2026-03-08T22:00:00Z"), "2026-03-02");
        assert_eq!(due(Kind::Monthly, "2026-03-01T07:59:59Z"), "2026-02-01");
        assert_eq!(due(Kind::Monthly, "2026-03-01T08:00:00Z"), "2026-03-01");
        // In summer it is earlier in UTC.
        assert_eq!(due(Kind::Monthly, "2026-07-01T07:00:00Z"), "2026-07-01");
    }

    #[test]
    fn a_report_is_about_whole_weeks_and_months() {
        let days = |kind: Kind, due: &str| {
            let (days, before) = kind.days(due.parse().unwrap()).unwrap();
            [days.first(), days.last(), before.first(), before.last()].map(|day| day.to_string())
        };
        assert_eq!(days(Kind::Weekly, "2026-03-02"), ["2026-02-23", "2026-03-01", "2026-02-16", "2026-02-22"]);
        assert_eq!(days(Kind::Monthly, "2026-03-01"), ["2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31"]);
    }
}
