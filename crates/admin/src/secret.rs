//! Random secrets and the digests that are kept in their place.

use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// So many random bytes in hexadecimal digits.
pub(crate) fn random_hex<const N: usize>() -> String {
    hex::encode(random::<N>())
}

/// What is stored in place of a secret: secrets are random and long, so that a plain digest cannot be searched for.
pub(crate) fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_sha_256() {
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn secrets_differ() {
        let (one, other) = (random_hex::<16>(), random_hex::<16>());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
