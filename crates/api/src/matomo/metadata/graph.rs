//! The addresses of a report's pictures. They hold no token: whoever asks for a picture adds their own.

use footfall_model::{Cell, Day, Name, PeriodKind, SiteId};
use footfall_report::Periods;

use super::Described;

/// How many periods a picture of several has unless asked otherwise.
const PERIODS: u32 = 30;

/// Reports whose rows are always the same and that have a picture over time all the same.
const CONSTANT_BUT_DRAWN: &str = "Referrers.getReferrerType";
/// Reports without a picture over time.
const NEVER_DRAWN: &str = "Referrers.getAll";

/// What pictures are of.
#[derive(Clone, Debug)]
pub(in crate::matomo) struct Pictures {
    site: SiteId,
    one: (String, String),
    several: (String, String),
    subtable: Option<String>,
    segment: Option<String>,
}

impl Pictures {
    /// Pictures of a site in the period and date that a request has; the last days where it has none.
    pub(in crate::matomo) fn new(
        site: SiteId,
        period: Option<&str>,
        date: Option<&str>,
        today: Day,
        (subtable, segment): (Option<&str>, Option<&str>),
    ) -> Pictures {
        let (period, date) = (period.unwrap_or("day"), date.unwrap_or("today"));
        let given = |period: &str| (period.to_owned(), date.to_owned());
        let is_several = period != "range" && footfall_report::is_several(date);
        let (one, several) = match period {
            _ if is_several => (given("range"), given(period)),
            "range" => (given("range"), given("day")),
            _ => (given(period), (period.to_owned(), until(period, date, today).unwrap_or_else(|| date.to_owned()))),
        };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Pictures { site, one, several, subtable: owned(subtable), segment: owned(segment) }
    }

    /// Adds the addresses of a report's pictures.
    pub(super) fn add(&self, report: &Described, out: &mut Vec<(Name, Cell)>) {
        let one = if report.dimension.is_empty() { &self.several } else { &self.one };
        out.push(("imageGraphUrl".into(), Cell::text(&self.address(report, one))));
        let method = report.method();
        if method != NEVER_DRAWN && (!report.is_constant || method == CONSTANT_BUT_DRAWN) {
            out.push(("imageGraphEvolutionUrl".into(), Cell::text(&self.address(report, &self.several))));
        }
    }

    fn address(&self, report: &Described, (period, date): &(String, String)) -> String {
        let mut url = format!(
            "index.php?module=API&method=ImageGraph.get&idSite={}&apiModule={}&apiAction={}",
            self.site, report.module, report.action
        );
        for (name, value) in &report.parameters {
            url.push_str(&format!("&{name}={value}"));
        }
        url.push_str(&format!("&period={period}&date={date}"));
        if let Some(id) = &self.subtable {
            url.push_str(&format!("&idSubtable={id}"));
        }
        if let Some(segment) = &self.segment {
            url.push_str(&format!("&segment={segment}"));
        }
        url
    }
}

/// The days of the last periods up to a date.
fn until(period: &str, date: &str, today: Day) -> Option<String> {
    let day = footfall_report::day(date, today).ok()?;
    let kind = PeriodKind::parse(period)?;
    let Periods::Each(all) = Periods::parse(period, &format!("last{PERIODS}"), day).ok()? else {
        return None;
    };
    let first = all.first()?.days.first();
    let last = kind.around(day).days.last();
    Some(format!("{first},{last}"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn of(period: &str, given: &str) -> Pictures {
        Pictures::new(SiteId(1), Some(period), Some(given), date(2026, 1, 1), (None, None))
    }

    #[test]
    fn pictures_over_time_end_with_the_date() {
        assert_eq!(of("day", "2009-01-04").several.1, "2008-12-06,2009-01-04");
        assert_eq!(of("day", "2010-01-03,2010-01-09").one, ("range".to_owned(), "2010-01-03,2010-01-09".to_owned()));
        assert_eq!(of("range", "last7").several, ("day".to_owned(), "last7".to_owned()));
    }
}
