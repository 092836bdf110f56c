use std::{hash::Hasher, net::IpAddr};

use footfall_model::VisitorId;
use sha1::{Digest, Sha1};
use siphasher::sip::SipHasher24;

/// The visitor a user id makes: the first sixteen digits of its SHA-1, as Matomo's trackers compute it. The user `0` makes none.
pub(crate) fn of_user(user: &str) -> Option<VisitorId> {
    if user == "0" {
        return None;
    }
    let digest = Sha1::digest(user.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    Some(VisitorId(u64::from_be_bytes(first)))
}

/// What tells cookieless visitors apart.
pub(crate) struct Trace<'a> {
    /// The user agent.
    pub(crate) user_agent: &'a str,
    /// The address.
    pub(crate) address: Option<IpAddr>,
    /// The site's domain.
    pub(crate) domain: &'a str,
    /// The page's host.
    pub(crate) host: &'a str,
}

/// The visitor that a trace makes with a day's salt. Without the salt nobody can find the way back.
pub(crate) fn of_trace(trace: &Trace<'_>, salt: &[u8; 16]) -> VisitorId {
    let mut hash = SipHasher24::new_with_key(salt);
    hash.write(&octets(trace.address));
    for part in [trace.user_agent, trace.domain, registrable(trace.host)] {
        hash.write(part.as_bytes());
        hash.write_u8(0xff);
    }
    VisitorId(hash.finish())
}

/// An address as sixteen bytes; zeroes where there is none.
pub(crate) fn octets(address: Option<IpAddr>) -> [u8; 16] {
    match address {
        Some(IpAddr::V4(four)) => four.to_ipv6_mapped().octets(),
        Some(IpAddr::V6(six)) => six.octets(),
        None => [0; 16],
    }
}

/// Second-level names under which others register.
const SHARED: [&str; 18] =
    ["co", "com", "net", "org", "gov", "edu", "ac", "ne", "or", "go", "gob", "gouv", "govt", "mil", "nom", "info", "biz", "web"];

/// The part of a host that somebody registered: visitors stay the same across its subdomains. An approximation of the public
/// suffix list that errs towards fewer labels.
fn registrable(host: &str) -> &str {
    if host.parse::<std::net::Ipv4Addr>().is_ok() {
        return host;
    }
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else {
        return host;
    };
    let country = host.len() - last == 3;
    let shared = SHARED.contains(&&host[second + 1..last]);
    match (country && shared, dots.next()) {
        (false, _) => &host[second + 1..],
        (true, Some(third)) => &host[third + 1..],
        (true, None) => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_makes_a_visitor_as_matomos_trackers_say() {
        // sha1("user") = 12dea96fec20593566ab75692c9949596833adc9
        assert_eq!(of_user("user"), VisitorId::parse("12dea96fec205935"));
        assert_eq!(of_user("0"), None);
    }

    #[test]
    fn what_is_registered() {
        for (host, wanted) in [
            ("example.org", "example.org"),
            ("a.b.example.org", "example.org"),
            ("shop.example.co.uk", "example.co.uk"),
            ("example.co.uk", "example.co.uk"),
            ("localhost", "localhost"),
            ("10.0.0.1", "10.0.0.1"),
            ("", ""),
        ] {
            assert_eq!(registrable(host), wanted, "{host}");
        }
    }

    #[test]
    fn the_salt_decides() {
        let trace = |user_agent, host| Trace { user_agent, address: "203.0.113.77".parse().ok(), domain: "example.org", host };
        let (ada, docs) = (trace("Firefox", "www.example.org"), trace("Firefox", "docs.example.org"));
        assert_eq!(of_trace(&ada, &[1; 16]), of_trace(&docs, &[1; 16]));
        assert_ne!(of_trace(&ada, &[1; 16]), of_trace(&ada, &[2; 16]));
        assert_ne!(of_trace(&ada, &[1; 16]), of_trace(&trace("Chrome", "www.example.org"), &[1; 16]));
        assert_ne!(of_trace(&ada, &[1; 16]), of_trace(&trace("Firefox", "example.net"), &[1; 16]));
        let elsewhere = Trace { address: "203.0.113.78".parse().ok(), ..trace("Firefox", "www.example.org") };
        assert_ne!(of_trace(&ada, &[1; 16]), of_trace(&elsewhere, &[1; 16]));
    }
}
