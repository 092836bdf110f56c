//! The codes of authenticator apps (RFC 6238): SHA-1, six digits, 30 seconds.

use footfall_model::Millis;
use sha1::{Digest, Sha1};

/// Whether a code fits the secret now; the code before and the one after are accepted, for clocks differ.
pub(super) fn fits(secret: &str, code: &str, now: Millis) -> bool {
    let Some(key) = base32(secret) else {
        return false;
    };
    let step = now.seconds().div_euclid(30);
    let mut fits = false;
    for step in [step - 1, step, step + 1] {
        fits |= format!("{:06}", at(&key, step as u64)) == code;
    }
    fits
}

fn at(key: &[u8], step: u64) -> u32 {
    let mac = hmac(key, &step.to_be_bytes());
    let from = usize::from(mac[19] & 15);
    let number = u32::from_be_bytes([mac[from], mac[from + 1], mac[from + 2], mac[from + 3]]);
    (number & 0x7fff_ffff) % 1_000_000
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 20] {
    let mut block = [0_u8; 64];
    if key.len() > 64 {
        block[..20].copy_from_slice(&Sha1::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha1::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha1::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

fn base32(text: &str) -> Option<Vec<u8>> {
    let mut bits = 0_u32;
    let mut held = 0;
    let mut bytes = Vec::new();
    for letter in text.bytes().filter(|letter| !b" =-".contains(letter)) {
        let value = match letter.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        bits = bits << 5 | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_the_standard() {
        // RFC 6238, appendix B, cut to six digits.
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert!(fits(secret, code, Millis::from_seconds(seconds)), "{code}");
            assert!(!fits(secret, code, Millis::from_seconds(seconds + 90)), "{code}");
        }
        assert!(!fits("!", "000000", Millis(0)));
    }
}
