//! Values that segments can only have, whatever happened.

use jiff::{ToSpan, civil::Date};

use super::MOST;

/// The values that a name can only have; `None` where anything may be.
pub(super) fn values(name: &str, today: Date) -> Option<Vec<String>> {
    if name == "visitEndServerDate" {
        return Some((0..=MOST as i64).map(|back| today.saturating_sub(back.days()).to_string()).collect());
    }
    let year = i64::from(today.year());
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
        // The hour of the last action and that on the visitor's own clock are looked up.
        "visitServerHour" | "visitLocalHour" => return None,
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
        let today = jiff::civil::date(2026, 3, 2);
        let ends = |name: &str| values(name, today).map(|all| (all.len(), all.first().cloned(), all.last().cloned()));
        assert_eq!(ends("actionServerMinute"), Some((31, Some("0".into()), Some("30".into()))));
        assert_eq!(ends("visitEndServerQuarter"), Some((4, Some("1".into()), Some("4".into()))));
        assert_eq!(ends("visitEndServerYear"), Some((31, Some("2016".into()), Some("2046".into()))));
        assert_eq!(ends("visitorType"), Some((3, Some("returningCustomer".into()), Some("new".into()))));
        assert_eq!(ends("visitEndServerDate"), Some((31, Some("2026-03-02".into()), Some("2026-01-31".into()))));
        assert_eq!([ends("pageUrl"), ends("visitServerHour"), ends("visitLocalHour")], [None, None, None]);
    }
}
