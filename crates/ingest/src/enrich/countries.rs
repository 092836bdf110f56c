use std::net::IpAddr;

/// Countries by address, from the public-domain table that is compiled in.
pub(crate) struct Countries {
    codes: Vec<[u8; 2]>,
    four: Vec<u32>,
    four_codes: Vec<u8>,
    six: Vec<u64>,
    six_codes: Vec<u8>,
}

impl Countries {
    /// Unpacks the table that is compiled in.
    pub(crate) fn built_in() -> Countries {
        Countries::unpack(include_bytes!("../../data/countries.bin")).unwrap_or_else(|| Countries {
            codes: Vec::new(),
            four: Vec::new(),
            four_codes: Vec::new(),
            six: Vec::new(),
            six_codes: Vec::new(),
        })
    }

    /// The country of an address: two capital letters.
    pub(crate) fn of(&self, address: IpAddr) -> Option<[u8; 2]> {
        let country = match address {
            IpAddr::V4(four) => {
                let four = u32::from(four);
                let after = self.four.partition_point(|start| *start <= four);
                *self.four_codes.get(after.checked_sub(1)?)?
            }
            IpAddr::V6(six) => {
                let six = (u128::from(six) >> 64) as u64;
                let after = self.six.partition_point(|start| *start <= six);
                *self.six_codes.get(after.checked_sub(1)?)?
            }
        };
        self.codes.get(usize::from(country).checked_sub(1)?).copied()
    }

    fn unpack(packed: &[u8]) -> Option<Countries> {
        let rest = packed.strip_prefix(b"FFC1")?;
        let (count, rest) = rest.split_first()?;
        let (codes, rest) = rest.split_at_checked(usize::from(*count) * 2)?;
        let codes = codes.as_chunks::<2>().0.to_vec();
        let (four, four_codes, rest) = runs(rest)?;
        let (six, six_codes, rest) = runs(rest)?;
        let four = four.into_iter().map(|start| u32::try_from(start).unwrap_or(u32::MAX)).collect();
        rest.is_empty().then_some(Countries { codes, four, four_codes, six, six_codes })
    }
}

fn runs(packed: &[u8]) -> Option<(Vec<u64>, Vec<u8>, &[u8])> {
    let (count, mut rest) = packed.split_first_chunk::<4>()?;
    let count = u32::from_le_bytes(*count) as usize;
    if count > rest.len() {
        return None;
    }
    let mut starts = Vec::with_capacity(count);
    let mut codes = Vec::with_capacity(count);
    let mut start = 0u64;
    for _ in 0..count {
        let mut distance = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, after) = rest.split_first()?;
            rest = after;
            distance |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (code, after) = rest.split_first()?;
        rest = after;
        start = start.checked_add(distance)?;
        starts.push(start);
        codes.push(*code);
    }
    Some((starts, codes, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_addresses_have_their_country() {
        let countries = Countries::built_in();
        assert!(countries.four.len() > 50_000, "{}", countries.four.len());
        for (address, wanted) in [
            ("8.8.8.8", Some("US")),
            ("193.0.6.139", Some("NL")),
            ("202.12.29.20", Some("AU")),
            ("2001:67c:2e8:22::c100:68b", Some("NL")),
            ("2001:4860:4860::8888", Some("US")),
            ("10.0.0.1", None),
            ("127.0.0.1", None),
            ("255.255.255.255", None),
            ("::1", None),
            ("fe80::1", None),
        ] {
            let found = countries.of(address.parse().unwrap());
            assert_eq!(found.map(|code| String::from_utf8(code.to_vec()).unwrap()).as_deref(), wanted, "{address}");
        }
    }

    #[test]
    fn a_damaged_table_is_none() {
        let whole = include_bytes!("../../data/countries.bin");
        assert!(Countries::unpack(whole).is_some());
        for end in [0, 3, 4, 5, 100, 10_000, whole.len() - 1] {
            assert!(Countries::unpack(&whole[..end]).is_none(), "{end}");
        }
    }
}
