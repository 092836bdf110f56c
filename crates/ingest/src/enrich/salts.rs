use sha2::{Digest, Sha256};

/// Secrets that make visitors unrecognisable from day to day.
///
/// A UTC day's salt is made at random when the day begins and forgotten when the day after it is over. Hits of days without a
/// salt in the ring, which only imports and hits with a token bring, are salted by the instance's secret and their day.
#[derive(Clone, Default)]
pub struct Salts {
    /// The instance's own secret; never changes.
    pub secret: [u8; 16],
    /// Days since 1970-01-01, each with its salt.
    pub days: Vec<(i64, [u8; 16])>,
}

impl Salts {
    /// The salt of a day.
    pub fn of(&self, day: i64) -> [u8; 16] {
        if let Some((_, salt)) = self.days.iter().find(|(known, _)| *known == day) {
            return *salt;
        }
        let digest = Sha256::new().chain_update(b"day").chain_update(self.secret).chain_update(day.to_le_bytes()).finalize();
        let mut salt = [0; 16];
        salt.copy_from_slice(&digest[..16]);
        salt
    }
}

impl std::fmt::Debug for Salts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Salts({} days)", self.days.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_salt_has_a_steady_one() {
        let salts = Salts { secret: [7; 16], days: vec![(20_000, [1; 16])] };
        assert_eq!(salts.of(20_000), [1; 16]);
        assert_eq!(salts.of(19_999), salts.of(19_999));
        assert_ne!(salts.of(19_999), salts.of(19_998));
        assert_ne!(salts.of(19_999), Salts::default().of(19_999));
        assert_eq!(format!("{salts:?}"), "Salts(1 days)");
    }
}
