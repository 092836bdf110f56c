use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::referrer::Referrer;

/// What is left out of the referrers of visits. Campaigns come from the page's own address and stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Referrers {
    /// Nothing is left out.
    Whole,
    /// What was searched for, and the query string.
    WithoutQuery,
    /// What was searched for, and all behind the host.
    HostOnly,
    /// All but the kind, and the name of a search engine or social network.
    KindOnly,
}

impl Referrers {
    /// The rule as settings name it.
    pub(crate) fn read(setting: &str) -> Referrers {
        match setting {
            "exclude_query" => Referrers::WithoutQuery,
            "exclude_path" => Referrers::HostOnly,
            "exclude_all" => Referrers::KindOnly,
            _ => Referrers::Whole,
        }
    }

    /// A referrer without what is left out.
    pub(crate) fn referrer(self, mut referrer: Referrer) -> Referrer {
        if self == Referrers::Whole || referrer.kind == "campaign" {
            return referrer;
        }
        if referrer.keyword.is_some() {
            referrer.keyword = Some("".into());
        }
        if self == Referrers::KindOnly && referrer.kind == "website" {
            referrer.name = None;
        }
        referrer
    }

    /// A referrer's address without what is left out.
    pub(crate) fn shorten(self, url: &mut String) {
        match self {
            Referrers::Whole => {}
            Referrers::WithoutQuery => url.truncate(url.find('?').unwrap_or(url.len())),
            Referrers::HostOnly => {
                let path = url.find("//").map_or(0, |at| at + 2);
                if let Some(at) = url.get(path..).and_then(|rest| rest.find(['/', '?', '#'])) {
                    url.truncate(path + at);
                    url.push('/');
                }
            }
            Referrers::KindOnly => url.clear(),
        }
    }
}

/// The address with so many of its last bytes masked; of an IPv6 address 1 leaves 64 bits, 2 leaves 48, 3 leaves 24, 4 none.
pub(crate) fn masked(address: IpAddr, bytes: u8) -> IpAddr {
    match address {
        IpAddr::V4(four) => {
            let mask = u32::MAX.checked_shl(8 * u32::from(bytes)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from(u32::from(four) & mask))
        }
        IpAddr::V6(six) => {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn referrers_lose_what_is_left_out() {
        let url = "https://www.foo.com/bar/?baz=1";
        let shortened = ["", "exclude_query", "exclude_path", "exclude_all", "x"].map(|setting| {
            let mut url = url.to_owned();
            Referrers::read(setting).shorten(&mut url);
            url
        });
        assert_eq!(shortened, [url, "https://www.foo.com/bar/", "https://www.foo.com/", "", url]);
        let mut bare = "foo.com".to_owned();
        Referrers::HostOnly.shorten(&mut bare);
        assert_eq!(bare, "foo.com");
        let told = |rule: Referrers, kind, name: &str| {
            let left = rule.referrer(Referrer { kind, name: Some(name.into()), keyword: Some("secret".into()) });
            (left.name.unwrap_or_default().to_string(), left.keyword.unwrap_or_default().to_string())
        };
        let of = |name: &str, keyword: &str| (name.to_owned(), keyword.to_owned());
        assert_eq!(told(Referrers::WithoutQuery, "search", "Google"), of("Google", ""));
        assert_eq!(told(Referrers::KindOnly, "social", "Facebook"), of("Facebook", ""));
        assert_eq!(told(Referrers::KindOnly, "website", "www.foo.com"), of("", ""));
        assert_eq!(told(Referrers::HostOnly, "website", "www.foo.com"), of("www.foo.com", ""));
        assert_eq!(told(Referrers::KindOnly, "campaign", "spring"), of("spring", "secret"));
    }

    #[test]
    fn bytes_are_masked_from_the_end() {
        for (address, bytes, wanted) in [
            ("203.0.113.77", 0, "203.0.113.77"),
            ("203.0.113.77", 1, "203.0.113.0"),
            ("203.1.113.77", 2, "203.1.0.0"),
            ("203.1.113.77", 3, "203.0.0.0"),
            ("203.0.113.77", 4, "0.0.0.0"),
            ("203.0.113.77", 9, "0.0.0.0"),
            ("2001:db8:1:2:3:4:5:6", 0, "2001:db8:1:2:3:4:5:6"),
            ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::"),
            ("2001:db8:1:2:3:4:5:6", 2, "2001:db8:1::"),
            ("2001:db8:1:2:3:4:5:6", 3, "2001:d00::"),
            ("2001:db8:1:2:3:4:5:6", 4, "::"),
        ] {
            assert_eq!(masked(address.parse().unwrap(), bytes).to_string(), wanted, "{address} {bytes}");
        }
    }
}
