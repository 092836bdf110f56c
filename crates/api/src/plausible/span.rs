//! Plausible's date ranges.

use footfall_model::{Aggregate, DateRange, Day, Error, Fact, Measure, Millis, Query, Site, TimeRange, VisitRow};
use footfall_report::{
    stats::{Bucket, Span},
    store::Store,
};
use jiff::ToSpan;

use crate::matomo::Context;

/// A range as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The day.
    Day,
    /// The last 24 hours.
    Hours,
    /// The calendar month.
    Month,
    /// The calendar year.
    Year,
    /// Everything.
    All,
    /// So many days before today.
    Days(i64),
    /// So many calendar months before this one.
    Months(i64),
    /// From one day to another, both included.
    Dates(Day, Day),
    /// From one moment to another, both included to the second.
    Moments(Millis, Millis),
}

impl Asked {
    /// The time that is meant around a day.
    ///
    /// # Errors
    /// When the store cannot say when the site's first visit began.
    pub(super) async fn span(&self, ctx: &Context, site: &Site, relative: Option<Day>) -> Result<Span, Error> {
        let zone = &site.zone;
        let date = relative.unwrap_or_else(|| ctx.now.local(zone).date());
        let earlier = |span: jiff::Span| date.checked_sub(span).unwrap_or(date);
        let (first, last) = match self {
            Asked::Day => (date, date),
            Asked::Month => (date.first_of_month(), date.last_of_month()),
            Asked::Year => (date.first_of_year(), date.last_of_year()),
            Asked::Days(n) => (earlier(n.days()), earlier(1.day())),
            Asked::Months(n) => (earlier(n.months()).first_of_month(), earlier(1.month()).last_of_month()),
            Asked::Dates(first, last) => (*first, *last),
            Asked::All => {
                let imports = ctx.admin.imports(site.id).await?;
                let imported = imports.iter().map(|import| import.first).min();
                (first_day(&*ctx.store, site).await?.into_iter().chain(imported).min().unwrap_or(date).min(date), date)
            }
            Asked::Hours => {
                let end = ctx.now.plus(1000 - ctx.now.0.rem_euclid(1000));
                return Ok(Span::moments(TimeRange { start: end.plus(-86_401_000), end }, zone));
            }
            Asked::Moments(first, last) => {
                return Ok(Span::moments(TimeRange { start: *first, end: last.plus(1000) }, zone));
            }
        };
        let days = DateRange::new(first, last).unwrap_or(DateRange::day(first));
        Ok(Span::days_of_plausible(days, zone))
    }
}

/// Whether a range goes forward, over no more than a hundred years, and not to the end of time.
pub(super) fn is_sane(first: Day, last: Day) -> bool {
    first <= last && first.checked_add(100.years()).is_ok_and(|most| last <= most)
}

/// The day on which the first visit of a site began, on the site's clock.
///
/// # Errors
/// When the store cannot be asked.
pub async fn first_day(store: &dyn Store, site: &Site) -> Result<Option<Day>, Error> {
    let Some(first_at) = VisitRow::column("first_at") else {
        return Ok(None);
    };
    let mut query = Query::new(Fact::Visits, vec![site.id], TimeRange::EVER, site.zone.clone());
    query.measures.push(Measure::new("first", Aggregate::Min(first_at)));
    let rows = store.query(&query).await?;
    let first = rows.rows.first().and_then(|row| row.first()).and_then(footfall_model::Value::as_i64);
    Ok(first.map(|first| Millis(first).local(&site.zone).date()))
}

/// The bucket that the dimension `time` means for a span.
pub(super) fn bucket(span: &Span) -> Bucket {
    let seconds = (span.range.end.0 - span.range.start.0) / 1000 - 1;
    let hours = seconds / 3600;
    let days = seconds / 86_400;
    match (hours, days) {
        (..=48, _) => Bucket::Hour,
        (_, ..=40) => Bucket::Day,
        _ if days / 7 <= 52 => Bucket::Week,
        _ => Bucket::Month,
    }
}

/// The labels of every bucket, as Plausible writes them: a first week that is cut goes by its first day.
pub(super) fn labels(bucket: Bucket, span: &Span) -> Vec<String> {
    let mut labels = bucket.labels(span);
    if bucket == Bucket::Week
        && let Some(first) = labels.first_mut()
        && *first < span.first.to_string()
    {
        *first = span.first.to_string();
    }
    labels
}

/// A moment in ISO 8601 on the site's clock.
pub(super) fn iso(at: Millis, span: &Span) -> String {
    let zoned = at.timestamp().to_zoned(span.zone.clone());
    let offset = zoned.offset().seconds();
    let local = zoned.datetime();
    let text = format!("{}T{:02}:{:02}:{:02}", local.date(), local.hour(), local.minute(), local.second());
    if offset == 0 && span.zone.iana_name().is_none_or(|name| matches!(name, "Etc/UTC" | "UTC")) {
        return format!("{text}Z");
    }
    let sign = if offset < 0 { '-' } else { '+' };
    format!("{text}{sign}{:02}:{:02}", offset.abs() / 3600, offset.abs() / 60 % 60)
}
