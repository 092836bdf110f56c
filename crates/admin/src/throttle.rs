use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use footfall_model::{Error, Millis};
use sha2::{Digest, Sha256};

/// How many failures are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThrottleRule {
    /// So many failures stop further attempts.
    pub failures: usize,
    /// They count for so many milliseconds.
    pub window: i64,
}

/// One login from one address: five failures in a quarter of an hour.
pub const PER_LOGIN: ThrottleRule = ThrottleRule { failures: 5, window: 900_000 };

/// Any login from one address: thirty failures in an hour.
pub const PER_ADDRESS: ThrottleRule = ThrottleRule { failures: 30, window: 3_600_000 };

/// The most keys that are remembered; then the ones that failed longest ago are forgotten.
const MOST_KEYS: usize = 20_000;

/// When the next attempt may be made after these failures, oldest first; `None` means now.
pub fn blocked_until(failures: &[Millis], now: Millis, rule: ThrottleRule) -> Option<Millis> {
    let decisive = failures.len().checked_sub(rule.failures).and_then(|index| failures.get(index))?;
    let until = decisive.plus(rule.window);
    (now < until).then_some(until)
}

/// Failed logins of late, in memory. Addresses are kept only as hashes that this process alone can make.
#[derive(Debug)]
pub struct Throttle {
    salt: [u8; 32],
    failures: Mutex<HashMap<[u8; 32], Vec<Millis>>>,
}

impl Throttle {
    pub(crate) fn new(salt: [u8; 32]) -> Throttle {
        Throttle { salt, failures: Mutex::default() }
    }

    /// Whether an attempt may be made now.
    ///
    /// # Errors
    /// When there were too many failures; the hint says how long to wait.
    pub fn check(&self, login: &str, address: IpAddr, now: Millis) -> Result<(), Error> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let until =
            self.keys(login, address).into_iter().filter_map(|(key, rule)| blocked_until(failures.get(&key)?, now, rule)).max();
        let Some(until) = until else {
            return Ok(());
        };
        let minutes = (until.0 - now.0 + 59_999) / 60_000;
        Err(Error::busy("too many failed logins").hint(format!("try again in {minutes} minutes")))
    }

    /// Remembers that an attempt failed.
    pub fn failed(&self, login: &str, address: IpAddr, now: Millis) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, rule) in self.keys(login, address) {
            let times = failures.entry(key).or_default();
            times.retain(|at| now < at.plus(rule.window));
            times.push(now);
            // As many as the rule looks at.
            let surplus = times.len().saturating_sub(rule.failures);
            times.drain(..surplus);
        }
        if failures.len() > MOST_KEYS {
            forget_oldest(&mut failures);
        }
    }

    /// Forgets the failures of this login from this address, which has now shown the password.
    pub fn succeeded(&self, login: &str, address: IpAddr) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let [(key, _), _] = self.keys(login, address);
        failures.remove(&key);
    }

    /// Forgets everything; an administrator asked for it.
    pub fn clear(&self) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What failures are counted by. An IPv6 address stands for its /64, which one person has.
    fn keys(&self, login: &str, address: IpAddr) -> [([u8; 32], ThrottleRule); 2] {
        let octets: Vec<u8> = match address {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => v4.octets().to_vec(),
                None => v6.octets()[..8].to_vec(),
            },
        };
        let hash = |login: Option<&str>| -> [u8; 32] {
            let mut hash = Sha256::new();
            hash.update(self.salt);
            hash.update([octets.len() as u8]);
            hash.update(&octets);
            if let Some(login) = login {
                hash.update(login.trim().to_lowercase().as_bytes());
                hash.update([1]);
            }
            hash.finalize().into()
        };
        [(hash(Some(login)), PER_LOGIN), (hash(None), PER_ADDRESS)]
    }
}

/// Halves the map: what failed last stays.
fn forget_oldest(failures: &mut HashMap<[u8; 32], Vec<Millis>>) {
    let mut lasts: Vec<Millis> = failures.values().filter_map(|times| times.last().copied()).collect();
    lasts.sort_unstable();
    let Some(middle) = lasts.get(lasts.len() / 2).copied() else {
        return;
    };
    failures.retain(|_, times| times.last().is_some_and(|last| *last > middle));
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: ThrottleRule = ThrottleRule { failures: 2, window: 100 };

    fn minute(n: i64) -> Millis {
        Millis(n * 60_000)
    }

    #[test]
    fn so_many_failures_within_the_window_block() {
        assert_eq!(blocked_until(&[], Millis(0), RULE), None);
        assert_eq!(blocked_until(&[Millis(0)], Millis(1), RULE), None);
        let two = [Millis(0), Millis(50)];
        assert_eq!(blocked_until(&two, Millis(60), RULE), Some(Millis(100)));
        assert_eq!(blocked_until(&two, Millis(100), RULE), None);
        let three = [Millis(0), Millis(50), Millis(60)];
        assert_eq!(blocked_until(&three, Millis(100), RULE), Some(Millis(150)));
    }

    #[test]
    fn one_login_from_one_address_is_blocked_and_others_are_not() {
        let throttle = Throttle::new([7; 32]);
        let here = "192.0.2.1".parse().unwrap();
        let there = "192.0.2.2".parse().unwrap();
        for n in 0..4 {
            throttle.failed("Ada", here, minute(n));
        }
        assert!(throttle.check("ada", here, minute(4)).is_ok());
        throttle.failed("ada ", here, minute(4));
        let error = throttle.check("ADA", here, minute(4)).unwrap_err();
        assert_eq!(error.message(), "too many failed logins");
        assert_eq!(error.hint_text(), Some("try again in 11 minutes"));
        assert!(throttle.check("ada", there, minute(4)).is_ok());
        assert!(throttle.check("bob", here, minute(4)).is_ok());
        assert!(throttle.check("ada", here, minute(15)).is_ok());
    }

    #[test]
    fn a_success_forgives_the_login() {
        let throttle = Throttle::new([7; 32]);
        let here = "192.0.2.1".parse().unwrap();
        for _ in 0..5 {
            throttle.failed("ada", here, minute(0));
        }
        throttle.succeeded("ada", here);
        assert!(throttle.check("ada", here, minute(0)).is_ok());
    }

    #[test]
    fn an_address_that_tries_many_logins_is_blocked() {
        let throttle = Throttle::new([7; 32]);
        let here: IpAddr = "2001:db8::1".parse().unwrap();
        let near = "2001:db8::2".parse().unwrap();
        for n in 0..30 {
            throttle.failed(&format!("user{n}"), here, minute(0));
        }
        assert!(throttle.check("another", here, minute(1)).is_err());
        assert!(throttle.check("another", near, minute(1)).is_err());
        assert!(throttle.check("another", here, minute(60)).is_ok());
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::new([7; 32]);
        let here = "192.0.2.1".parse().unwrap();
        for n in 0..30_000 {
            throttle.failed(&format!("user{n}"), here, Millis(n));
        }
        let kept = throttle.failures.lock().unwrap().len();
        assert!(kept <= MOST_KEYS, "{kept}");
        assert!(throttle.check("user29999", here, Millis(30_000)).is_err());
    }
}
