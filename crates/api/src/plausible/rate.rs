//! How often a key may ask: decided here, counted by the server.

use std::{collections::HashMap, sync::Mutex};

use footfall_model::Millis;

/// Milliseconds.
const HOUR: i64 = 3_600_000;

/// How often a key may ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// What holds for a key with a limit of its own, of which 0 is none.
    #[must_use]
    pub fn or(self, own: Option<u32>) -> Limits {
        match own {
            None => self,
            Some(own) => Limits { hourly: Some(own).filter(|own| *own > 0) },
        }
    }

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

/// How many keys are remembered at most; then those whose hour is over go.
const MOST_KEYS: usize = 10_000;

/// Counts the requests of keys.
#[derive(Debug, Default)]
pub struct Requests {
    limits: Limits,
    /// Requests made, and when the first of the hour was.
    made: Mutex<HashMap<[u8; 32], (u32, Millis)>>,
}

impl Requests {
    /// Nothing counted yet.
    pub fn new(limits: Limits) -> Requests {
        Requests { limits, made: Mutex::default() }
    }

    /// The rule.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Counts one more request of a key under its limits, if it is answered. The key goes by a digest.
    pub fn take(&self, key: [u8; 32], limits: Limits, now: Millis) -> Verdict {
        if limits.hourly.is_none() {
            return Verdict::Goes { left: None };
        }
        let mut keys = self.made.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if keys.len() >= MOST_KEYS {
            keys.retain(|_, (_, since)| now.0 - since.0 < HOUR);
        }
        let (made, since) = keys.entry(key).or_insert((0, now));
        let verdict = decide(limits, *made, *since, now);
        if matches!(verdict, Verdict::Goes { .. }) {
            if now.0 - since.0 >= HOUR {
                (*made, *since) = (0, now);
            }
            *made += 1;
        }
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_counted_apart_and_anew_each_hour() {
        let requests = Requests::new(Limits { hourly: Some(2) });
        let ask = |key: u8, minute: i64| requests.take([key; 32], requests.limits(), Millis(minute * 60_000));
        assert_eq!(ask(1, 0), Verdict::Goes { left: Some(1) });
        assert_eq!(ask(1, 30), Verdict::Goes { left: Some(0) });
        assert_eq!(ask(1, 45), Verdict::Waits { seconds: 900 });
        assert_eq!(ask(2, 45), Verdict::Goes { left: Some(1) });
        assert_eq!(ask(1, 60), Verdict::Goes { left: Some(1) });
        assert_eq!(ask(1, 61), Verdict::Goes { left: Some(0) });
        assert_eq!(ask(1, 62), Verdict::Waits { seconds: 3480 });
    }

    #[test]
    fn a_key_s_own_limit_stands_before_the_one_of_all() {
        let limits = Limits { hourly: Some(2) };
        assert_eq!((limits.or(None).hourly, limits.or(Some(5)).hourly, limits.or(Some(0)).hourly), (Some(2), Some(5), None));
    }

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
