//! How often a key may ask: decided here, counted by the server.

use footfall_model::Millis;

/// How often a key may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests within an hour; none means no limit.
    pub hourly: Option<u32>,
}

/// Whether one more request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is; so many more may follow within the hour.
    Goes {
        /// Requests that are left.
        left: Option<u32>,
    },
    /// It is not; the next one is after so many seconds.
    Waits {
        /// Seconds until the hour is over.
        seconds: i64,
    },
}

impl Limits {
    /// Plausible's: 600 an hour.
    pub const PLAUSIBLE: Limits = Limits { hourly: Some(600) };

    /// What a key that asks too often is told.
    pub fn message(self) -> String {
        format!(
            "Too many API requests. The limit is {} per hour. Please contact us to request more capacity.",
            self.hourly.unwrap_or(0)
        )
    }
}

/// Decides about one more request of a key that has made `made` requests since `since`.
pub fn decide(limits: Limits, made: u32, since: Millis, now: Millis) -> Verdict {
    const HOUR: i64 = 3_600_000;
    let Some(hourly) = limits.hourly else {
        return Verdict::Goes { left: None };
    };
    let passed = now.0 - since.0;
    let made = if passed >= HOUR { 0 } else { made };
    if made < hourly {
        return Verdict::Goes { left: Some(hourly - made - 1) };
    }
    Verdict::Waits { seconds: (HOUR - passed + 999) / 1000 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_ask_so_often_an_hour() {
        let limits = Limits { hourly: Some(2) };
        let at = |minutes: i64| Millis(minutes * 60_000);
        assert_eq!(decide(limits, 0, at(0), at(0)), Verdict::Goes { left: Some(1) });
        assert_eq!(decide(limits, 1, at(0), at(10)), Verdict::Goes { left: Some(0) });
        assert_eq!(decide(limits, 2, at(0), at(10)), Verdict::Waits { seconds: 3000 });
        assert_eq!(decide(limits, 2, at(0), at(60)), Verdict::Goes { left: Some(1) });
        assert_eq!(decide(Limits { hourly: None }, 9, at(0), at(0)), Verdict::Goes { left: None });
    }
}
