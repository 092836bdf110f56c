use jiff::{Timestamp, civil, tz::TimeZone};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Millis(pub i64);

impl Millis {
    /// The moment this many whole seconds after the epoch.
    pub const fn from_seconds(seconds: i64) -> Millis {
        Millis(seconds.saturating_mul(1000))
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment later by so many milliseconds (earlier when negative).
    #[must_use]
    pub const fn plus(self, milliseconds: i64) -> Millis {
        Millis(self.0.saturating_add(milliseconds))
    }

    /// The same moment for calendar arithmetic; moments outside years -9999 to 9999 are clamped.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }

    /// Date and time of day on a site's clock.
    pub fn local(self, zone: &TimeZone) -> civil::DateTime {
        zone.to_datetime(self.timestamp())
    }
}

impl From<Timestamp> for Millis {
    fn from(at: Timestamp) -> Millis {
        Millis(at.as_millisecond())
    }
}

/// A half-open run of time: `start <= t < end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeRange {
    /// The first moment inside.
    pub start: Millis,
    /// The first moment after.
    pub end: Millis,
}

impl TimeRange {
    /// Everything that can ever have happened.
    pub const EVER: TimeRange = TimeRange { start: Millis(-62_000_000_000_000), end: Millis(250_000_000_000_000) };

    /// Whether the moment lies inside.
    pub fn contains(self, at: Millis) -> bool {
        self.start <= at && at < self.end
    }
}
