//! `API.getSuggestedValuesForSegment`: what a segment could be compared with.

use std::sync::Arc;

use footfall_model::{Access, DateRange, Period, PeriodKind, Segment};
use footfall_report::{Slice, segment};
use jiff::ToSpan;

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::texts,
        dispatch::{Call, Method},
        scope,
    },
};

pub(in super::super) const METHODS: &[Method] =
    &[Method::new("API", "getSuggestedValuesForSegment", Need::Nobody, &["segmentName", "idSite"], |call| {
        Box::pin(values(call))
    })];

/// How many values are suggested.
const MOST: u64 = 30;
/// How many days are looked at.
const DAYS: i64 = 60;

async fn values(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let name = scope::required(call.request, "segmentName")?;
    let today = scope::today(call.ctx, Some(&site));
    if let Some(fixed) = fixed(name, i64::from(today.year())) {
        return Ok(Answer::Data(texts(fixed)));
    }
    let days = DateRange::new(today.saturating_sub(DAYS.days()), today)?;
    let period = Period { kind: PeriodKind::Range, days };
    let slice = Slice { site, period, segment: Arc::new(Segment::default()) };
    let found = segment::suggest(&call.ctx.reader(), &slice, name, MOST).await?;
    found.map(|values| Answer::Data(texts(values))).ok_or_else(|| Failure::new("Requested segment not found."))
}

/// The values that a name can only have; `None` where anything may be.
fn fixed(name: &str, year: i64) -> Option<Vec<String>> {
    let words: &[&str] = match name {
        "visitorType" => &["returningCustomer", "returning", "new"],
        "referrerType" => &["direct", "website", "search", "social", "campaign"],
        "actionType" => &["pageviews", "contents", "sitesearches", "events", "outlinks", "downloads"],
        "visitEcommerceStatus" => &["none", "ordered", "abandonedCart", "orderedThenAbandonedCart"],
        "browserEngine" => &[
            "WebKit",
            "Blink",
            "Trident",
            "Text-based",
            "Dillo",
            "iCab",
            "Elektra",
            "Presto",
            "Clecko",
            "Gecko",
            "KHTML",
            "NetFront",
            "Edge",
            "NetSurf",
            "Servo",
            "Goanna",
            "EkiohFlow",
            "Arachne",
            "LibWeb",
        ],
        "deviceType" => &[
            "desktop",
            "smartphone",
            "tablet",
            "feature phone",
            "console",
            "tv",
            "car browser",
            "smart display",
            "camera",
            "portable media player",
            "phablet",
            "smart speaker",
            "wearable",
            "peripheral",
        ],
        _ => &[],
    };
    if !words.is_empty() {
        return Some(words.iter().map(|word| (*word).to_owned()).collect());
    }
    let most = MOST as i64;
    let (first, last) = match name {
        "profilable" => (0, 1),
        "interactions" => (1, most),
        _ if !name.contains("Server") && !name.starts_with("visitLocal") => return None,
        _ if name.ends_with("Minute") || name.ends_with("Second") => (0, most),
        _ if name.ends_with("Hour") => (0, 23),
        _ if name.ends_with("DayOfMonth") => (0, most),
        _ if name.ends_with("DayOfWeek") => (1, 7),
        _ if name.ends_with("DayOfYear") || name.ends_with("WeekOfYear") => (1, most),
        _ if name.ends_with("Month") => (1, 12),
        _ if name.ends_with("Quarter") => (1, 4),
        _ if name.ends_with("Year") => (year - 10, year + 20),
        _ => return None,
    };
    Some((first..=last).map(|number| number.to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_have_fixed_values() {
        let ends = |name: &str| fixed(name, 2026).map(|all| (all.len(), all.first().cloned(), all.last().cloned()));
        assert_eq!(ends("actionServerMinute"), Some((31, Some("0".into()), Some("30".into()))));
        assert_eq!(ends("visitEndServerQuarter"), Some((4, Some("1".into()), Some("4".into()))));
        assert_eq!(ends("visitEndServerYear"), Some((31, Some("2016".into()), Some("2046".into()))));
        assert_eq!(ends("visitorType"), Some((3, Some("returningCustomer".into()), Some("new".into()))));
        assert_eq!(ends("pageUrl"), None);
    }
}
