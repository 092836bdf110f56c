//! From when until when a certificate counts, read from its DER form.

use footfall_model::Millis;

/// The first and the last moment at which a certificate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    from: Millis,
    until: Millis,
}

impl Validity {
    /// Reads it; `None` where the bytes are no X.509 certificate.
    pub(super) fn of(der: &[u8]) -> Option<Validity> {
        let (_, certificate, _) = item(der)?;
        let (_, mut rest, _) = item(certificate)?;
        // A version may come first; then serial number, algorithm and issuer are passed over.
        if item(rest)?.0 == 0xa0 {
            rest = item(rest)?.2;
        }
        for _ in 0..3 {
            rest = item(rest)?.2;
        }
        let (_, both, _) = item(rest)?;
        let (kind, from, rest) = item(both)?;
        let from = moment(kind, from)?;
        let (kind, until, _) = item(rest)?;
        Some(Validity { from, until: moment(kind, until)? })
    }

    /// Whether it is time for another: two thirds are over.
    pub(super) fn is_due(self, now: Millis) -> bool {
        let long = self.until.0.saturating_sub(self.from.0);
        now.0 >= self.until.0.saturating_sub(long / 3)
    }
}

/// The tag and contents of the first item, and what comes after it.
fn item(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |sum: usize, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((tag, contents, rest))
}

/// A moment as `YYMMDDhhmmssZ` (of 1950 to 2049) or `YYYYMMDDhhmmssZ`.
fn moment(kind: u8, text: &[u8]) -> Option<Millis> {
    let digits = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let whole = match (kind, digits.len()) {
        (0x17, 12) if digits >= "5" => format!("19{digits}"),
        (0x17, 12) => format!("20{digits}"),
        (0x18, 14) => digits.to_owned(),
        _ => return None,
    };
    let time = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", whole).ok()?;
    Some(Millis::from(time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        Millis::from(text.parse::<jiff::Timestamp>().unwrap())
    }

    #[test]
    fn a_certificate_tells_until_when_it_counts() {
        let mut params = rcgen::CertificateParams::new(vec!["stats.example.org".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2050, 4, 1);
        let made = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        let found = Validity::of(made.der()).unwrap();
        assert_eq!(found, Validity { from: at("2026-01-01T00:00:00Z"), until: at("2050-04-01T00:00:00Z") });
        for n in 0..made.der().len().min(120) {
            assert_eq!(Validity::of(&made.der()[..n]), None, "{n}");
        }
    }

    #[test]
    fn another_is_due_when_two_thirds_are_over() {
        let quarter = Validity { from: at("2026-01-01T00:00:00Z"), until: at("2026-04-01T00:00:00Z") };
        assert!(!quarter.is_due(at("2026-03-01T23:59:59Z")));
        assert!(quarter.is_due(at("2026-03-02T00:00:00Z")) && quarter.is_due(at("2027-01-01T00:00:00Z")));
    }
}
