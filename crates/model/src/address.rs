use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address with so many of its last bytes masked; of an IPv6 address 1 leaves 64 bits, 2 leaves 48, 3 leaves 24, 4 none.
pub fn masked(address: IpAddr, bytes: u8) -> IpAddr {
    match address {
        IpAddr::V4(four) => IpAddr::V4(masked_four(four, bytes)),
        IpAddr::V6(six) => {
            if let Some(four) = six.to_ipv4_mapped() {
                return IpAddr::V6(masked_four(four, bytes).to_ipv6_mapped());
            }
            let kept: u32 = match bytes {
                0 => 128,
                1 => 64,
                2 => 48,
                3 => 24,
                _ => 0,
            };
            let mask = u128::MAX.checked_shl(128 - kept).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(six) & mask))
        }
    }
}

fn masked_four(address: Ipv4Addr, bytes: u8) -> Ipv4Addr {
    let mask = u32::MAX.checked_shl(8 * u32::from(bytes)).unwrap_or(0);
    Ipv4Addr::from(u32::from(address) & mask)
}

/// The bytes of an address that is written as a text, two hexadecimal digits each; `None` where it is none.
pub fn address_bytes(text: &str) -> Option<String> {
    let digits = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(match text.parse().ok()? {
        IpAddr::V4(four) => digits(&four.octets()),
        IpAddr::V6(six) => digits(&six.octets()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_masked_from_the_end() {
        for (address, bytes, wanted) in [
            ("203.0.113.77", 0, "203.0.113.77"),
            ("203.0.113.77", 1, "203.0.113.0"),
            ("203.1.113.77", 2, "203.1.0.0"),
            ("203.1.113.77", 3, "203.0.0.0"),
            ("203.0.113.77", 4, "0.0.0.0"),
            ("203.0.113.77", 9, "0.0.0.0"),
            ("::ffff:203.0.113.77", 1, "::ffff:203.0.113.0"),
            ("2001:db8:1:2:3:4:5:6", 0, "2001:db8:1:2:3:4:5:6"),
            ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::"),
            ("2001:db8:1:2:3:4:5:6", 2, "2001:db8:1::"),
            ("2001:db8:1:2:3:4:5:6", 3, "2001:d00::"),
            ("2001:db8:1:2:3:4:5:6", 4, "::"),
        ] {
            assert_eq!(masked(address.parse().unwrap(), bytes).to_string(), wanted, "{address} {bytes}");
        }
    }

    #[test]
    fn addresses_have_bytes() {
        assert_eq!(address_bytes("10.1.2.255").as_deref(), Some("0a0102ff"));
        assert_eq!(address_bytes("2001:db8::2").as_deref(), Some("20010db8000000000000000000000002"));
        assert_eq!([address_bytes("156.5.3"), address_bytes("")], [None, None]);
    }
}
