use std::net::{IpAddr, Ipv6Addr};

use footfall_model::Error;

/// Networks of addresses, as many as one likes: a look-up takes a few steps.
///
/// Invariant: ranges are in order and lie apart. IPv4 is kept as IPv6 maps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges(Vec<(u128, u128)>);

impl Ranges {
    /// Reads networks such as `192.0.2.0/24` or single addresses, one a line. Empty lines and what follows a `#` are passed over.
    ///
    /// # Errors
    /// Names the first line that is neither.
    pub fn parse(text: &str) -> Result<Ranges, Error> {
        let mut found = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if !line.is_empty() {
                found.push(range(line).ok_or_else(|| {
                    Error::invalid(format!("line {} holds `{line}`, which is no network such as `192.0.2.0/24`", number + 1))
                })?);
            }
        }
        found.sort_unstable();
        let mut apart: Vec<(u128, u128)> = Vec::new();
        for (first, last) in found {
            match apart.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
                _ => apart.push((first, last)),
            }
        }
        Ok(Ranges(apart))
    }

    /// Whether an address lies in one of the networks.
    pub fn contain(&self, address: IpAddr) -> bool {
        let wanted = number(address);
        let after = self.0.partition_point(|(first, _)| *first <= wanted);
        after.checked_sub(1).is_some_and(|before| wanted <= self.0[before].1)
    }

    /// How many networks there are once those that touch are joined.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn range(text: &str) -> Option<(u128, u128)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address.parse::<IpAddr>().ok()?, Some(bits.parse::<u32>().ok()?)),
        None => (text.parse::<IpAddr>().ok()?, None),
    };
    let (most, before) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
    let bits = before + bits.unwrap_or(most);
    if bits > 128 {
        return None;
    }
    let free = u128::MAX.checked_shr(bits).unwrap_or(0);
    let first = number(address) & !free;
    Some((first, first | free))
}

fn number(address: IpAddr) -> u128 {
    let mapped: Ipv6Addr = match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    mapped.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_a_network_up_to_its_edges() {
        let text = "# clouds\n192.0.2.0/24\n 192.0.3.0/24 # touches\n198.51.100.7\n\n2001:db8::/32\n";
        let ranges = Ranges::parse(text).unwrap();
        assert_eq!(ranges.len(), 3);
        for (address, is_in) in [
            ("192.0.1.255", false),
            ("192.0.2.0", true),
            ("192.0.3.255", true),
            ("192.0.4.0", false),
            ("198.51.100.7", true),
            ("198.51.100.8", false),
            ("2001:db8::1", true),
            ("2001:db9::1", false),
            ("::ffff:192.0.2.9", true),
        ] {
            assert_eq!(ranges.contain(address.parse().unwrap()), is_in, "{address}");
        }
        assert!(Ranges::parse("0.0.0.0/0").unwrap().contain("203.0.113.1".parse().unwrap()));
        assert!(!Ranges::parse("0.0.0.0/0").unwrap().contain("2001:db8::1".parse().unwrap()));
        assert!(Ranges::parse("").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_network_is_named_by_its_line() {
        for wrong in ["example.org", "192.0.2.0/33", "192.0.2.0/x", "2001:db8::/129", "192.0.2.0/24/8"] {
            let error = Ranges::parse(&format!("192.0.2.0/24\n{wrong}\n")).unwrap_err();
            assert_eq!(error.message(), format!("line 2 holds `{wrong}`, which is no network such as `192.0.2.0/24`"));
        }
    }
}
