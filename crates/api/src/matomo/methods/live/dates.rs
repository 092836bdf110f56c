//! Moments as Matomo writes them for English readers, on a site's clock.

use footfall_model::Millis;
use jiff::tz::TimeZone;

/// `07:53:42`.
pub(super) fn clock(at: Millis, zone: &TimeZone) -> String {
    written(at, zone, "%H:%M:%S")
}

/// `Tuesday, April 5, 2011`.
pub(super) fn day(at: Millis, zone: &TimeZone) -> String {
    written(at, zone, "%A, %B %-d, %Y")
}

/// `Apr 5, 2011 07:53:42`.
pub(super) fn short(at: Millis, zone: &TimeZone) -> String {
    written(at, zone, "%b %-d, %Y %H:%M:%S")
}

/// What a clock on the wall showed, as seconds since 1970 as if it had shown UTC: Matomo's way to tell when an action was.
pub(super) fn wall(at: Millis, zone: &TimeZone) -> i64 {
    at.local(zone).to_zoned(TimeZone::UTC).map_or(at.seconds(), |shown| shown.timestamp().as_second())
}

fn written(at: Millis, zone: &TimeZone, format: &str) -> String {
    at.local(zone).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_on_the_sites_clock() {
        let at = Millis::from_seconds(1_301_989_302);
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(day(at, &TimeZone::UTC), "Tuesday, April 5, 2011");
        assert_eq!(clock(at, &TimeZone::UTC), "07:41:42");
        assert_eq!(clock(at, &berlin), "09:41:42");
        assert_eq!(short(at, &berlin), "Apr 5, 2011 09:41:42");
        assert_eq!(wall(at, &berlin), 1_301_996_502);
    }
}
