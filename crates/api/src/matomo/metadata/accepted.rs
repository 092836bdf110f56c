//! What the values of a segment look like, in words for people who write one.

/// What is accepted; empty where any text is, or where the name says it.
pub(super) fn accepted(segment: &str) -> &'static str {
    VALUES.iter().find(|(names, _)| names.contains(&segment)).map_or("", |(_, words)| words)
}

/// Names of segments, and what their values look like.
const VALUES: &[(&[&str], &str)] = &[
    (&["events"], "any whole number; `events>0` are the visits with an event"),
    (&["interactions"], "any positive whole number"),
    (&["searches"], "any whole number; `searches>0` are the visits with a search"),
    (
        &["visitLocalMinute", "visitStartServerMinute", "visitEndServerMinute", "visitEndServerSecond", "actionServerMinute"],
        "0, 1, 2, 3, ..., 56, 57, 58, 59",
    ),
    (&["visitLocalHour", "visitStartServerHour", "visitServerHour", "actionServerHour"], "0, 1, 2, 3, ..., 20, 21, 22, 23"),
    (&["visitIp"], "13.54.122.1; a range is `visitIp>13.54.122.0;visitIp<13.54.122.255`"),
    (&["browserName"], "Firefox, Chrome, Safari, Microsoft Edge, Opera etc."),
    (&["browserCode"], "FF, CH, SF, PS, OP etc."),
    (&["browserEngine"], "Blink, Gecko, WebKit, Trident, Presto etc."),
    (&["browserVersion"], "1.0, 8.0, etc."),
    (&["deviceBrand"], "Apple, Google, Samsung, Xiaomi etc."),
    (&["deviceModel"], "iPad, Nexus 5, Galaxy S5, Fire TV, etc."),
    (
        &["deviceType"],
        "desktop, smartphone, tablet, feature phone, console, tv, car browser, smart display, camera, portable media player, \
         phablet, smart speaker, wearable, peripheral",
    ),
    (&["fingerprint"], "16 hexadecimal digits, such as 1eceaa833348b187"),
    (&["visitorId"], "16 hexadecimal digits, such as 34c31e04394bdc63; the tracker's getVisitorId() tells a visitor's own"),
    (&["operatingSystemName"], "Windows, GNU/Linux, Mac, Android, iOS etc."),
    (&["operatingSystemCode"], "WIN, LIN, MAC, AND, IOS etc."),
    (&["operatingSystemVersion"], "10, 11, 17.5, 14.1, ..."),
    (&["profilable"], "1 where the visitor can be told again, by cookies for example; 0 where not"),
    (&["resolution"], "1280x1024, 800x600, etc."),
    (&["visitEndServerDate"], "2018-12-31, 2018-03-20, ..."),
    (&["visitEndServerDayOfMonth"], "1, 2, 3, ..., 29, 30, 31"),
    (&["visitEndServerDayOfWeek"], "1, 2, 3, 4, 5, 6, 7"),
    (&["visitEndServerDayOfYear"], "1, 2, 3, 4, ..., 365, 366"),
    (&["visitEndServerMonth"], "1, 2, 3, ..., 11, 12"),
    (&["visitEndServerQuarter"], "1, 2, 3, 4"),
    (&["visitEndServerWeekOfYear"], "1, 2, 3, 4, ..., 51, 52, 53"),
    (&["visitEndServerYear"], "2024, 2025, 2026, ..."),
    (&["userId"], "any text that names somebody, such as an address of mail or a login"),
    (&["visitEcommerceStatus"], "none, ordered, abandonedCart, orderedThenAbandonedCart; several with a comma between them"),
    (&["visitId"], "any whole number"),
    (&["visitConvertedGoalId"], "1, 2, 3, etc."),
    (&["visitConvertedGoalName"], "the name of a goal"),
    (&["visitConverted"], "0, 1"),
    (&["visitorType"], "new, returning, returningCustomer; several with a comma between them"),
    (&["city"], "Sydney, São Paulo, Rome, etc."),
    (&["continentCode"], "eur, asi, amc, amn, ams, afr, ant, oce"),
    (&["countryName"], "Germany, France, Spain, ..."),
    (&["countryCode"], "the two letters of ISO 3166-1: de, us, fr, in, es, etc."),
    (&["languageCode"], "de, fr, en-gb, zh-cn, etc."),
    (&["latitude"], "-33.578, 40.830, etc.; a square is `latitude>X;latitude<Y;longitude>M;longitude<N`"),
    (&["longitude"], "-70.664, 14.326, etc."),
    (&["regionCode"], "01, OR, BFC, etc.; together with a country: `regionCode==BFC;countryCode==fr`"),
    (&["actionType"], "pageviews, contents, sitesearches, events, outlinks, downloads"),
    (&["contentInteraction"], "what was done with a content, such as `click` or `submit`"),
    (&["contentName"], "the name of a content, such as `Ad Sale`"),
    (&["contentPiece"], "the content itself, such as `ad.jpg` or its text"),
    (&["contentTarget"], "where a content leads, such as `http://landingpage.example.com`"),
    (&["eventAction", "eventCategory", "eventName"], "as it was tracked"),
    (&["eventValue"], "any number"),
    (&["eventUrl"], "the URL of the page on which the event happened"),
    (&["referrerType"], "direct, search, website, social, campaign"),
    (&["referrerKeyword"], "encoded words, such as `encoded%20keyword`"),
    (&["referrerName"], "twitter.com, www.facebook.com, Bing, Google, the name of a campaign, etc."),
    (&["referrerUrl"], "a URL or a part of one, such as `http://www.example.org/example%20page`"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_of_a_segment_and_stands_once() {
        let mut names: Vec<&str> = VALUES.iter().flat_map(|(names, _)| names.iter().copied()).collect();
        let unknown: Vec<&&str> =
            names.iter().filter(|name| super::super::segments::NAMES.iter().all(|(known, ..)| known != *name)).collect();
        assert_eq!(unknown, Vec::<&&str>::new());
        let n = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n);
        assert_eq!((accepted("visitConverted"), accepted("pageUrl")), ("0, 1", ""));
    }
}
