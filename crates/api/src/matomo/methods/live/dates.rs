//! Moments on a site's clock.

use footfall_model::Millis;
use jiff::tz::TimeZone;

/// What a clock on the wall showed, as seconds since 1970 as if it had shown UTC: Matomo's way to tell when an action was.
pub(super) fn wall(at: Millis, zone: &TimeZone) -> i64 {
    at.local(zone).to_zoned(TimeZone::UTC).map_or(at.seconds(), |shown| shown.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_on_the_sites_clock() {
        let at = Millis::from_seconds(1_301_989_302);
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(wall(at, &TimeZone::UTC), 1_301_989_302);
        assert_eq!(wall(at, &berlin), 1_301_996_502);
    }
}
