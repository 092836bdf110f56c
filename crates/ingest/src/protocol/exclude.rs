use std::net::{IpAddr, Ipv4Addr};

use footfall_model::{Site, Sites};

use super::{client::Client, entities};
use crate::{Dropped, accept::Gate, patterns::Patterns};

/// What the checks look at.
pub(crate) struct Suspect<'a> {
    /// Where it came from.
    pub(crate) address: IpAddr,
    /// The user agent.
    pub(crate) user_agent: &'a str,
    /// The page's URL.
    pub(crate) url: &'a str,
    /// The referrer.
    pub(crate) referrer: &'a str,
    /// Whether bots count.
    pub(crate) count_bots: bool,
    /// Whether `rec=1` was sent.
    pub(crate) record: bool,
}

/// Why the hit is not counted, if so; the checks in Matomo's order.
pub(crate) fn matomo(gate: &Gate, sites: &Sites, site: &Site, client: &Client<'_>, hit: &Suspect<'_>) -> Option<Dropped> {
    let settings = &sites.settings;
    if !hit.count_bots
        && (gate.detector.detect(hit.user_agent, None).is_bot() || (!client.data_saver && is_crawlers(hit.address)))
    {
        return Some(Dropped::Bot);
    }
    if !hit.record {
        return Some(Dropped::NotRecorded);
    }
    if settings.honour_do_not_track && client.do_not_track {
        return Some(Dropped::DoNotTrack);
    }
    if client.opted_out {
        return Some(Dropped::OptedOut);
    }
    let lists = [&settings.excluded_addresses, &site.exclusions.addresses];
    if lists.iter().any(|list| lists_address(list, hit.address)) {
        return Some(Dropped::ExcludedAddress);
    }
    let lists = [&settings.excluded_user_agents, &site.exclusions.user_agents];
    if lists.iter().any(|list| lists_agent(&gate.patterns, list, hit.user_agent)) {
        return Some(Dropped::ExcludedUserAgent);
    }
    if gate.spam.is_spam(hit.referrer) {
        return Some(Dropped::SpamReferrer);
    }
    if site.exclusions.unknown_urls && !is_ours(site, &entities::plain(hit.url)) {
        return Some(Dropped::UnknownUrl);
    }
    client.prefetch.then_some(Dropped::Prefetch)
}

/// Whether a list of excluded addresses names this one: as it is, by a network (`10.0.0.0/8`) or with stars (`10.1.*.*`).
pub(crate) fn lists_address(list: &[String], address: IpAddr) -> bool {
    list.iter().any(|entry| names_address(entry.trim(), address))
}

/// Whether a list of excluded user agents names this one: by a part in any case, or a `/regular expression/`.
pub(crate) fn lists_agent(patterns: &Patterns, list: &[String], user_agent: &str) -> bool {
    list.iter().any(|entry| {
        let entry = entry.trim();
        !entry.is_empty()
            && (holds(user_agent, entry) || patterns.delimited(entry).is_some_and(|pattern| pattern.is_match(user_agent)))
    })
}

/// Whether the text holds the part, in any case of ASCII letters.
pub(crate) fn holds(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    text.len() >= part.len() && text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

fn names_address(entry: &str, address: IpAddr) -> bool {
    if let Some((network, bits)) = entry.split_once('/') {
        let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
            return false;
        };
        return match (network.to_canonical(), address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                bits <= 32 && {
                    let away = u32::from(network) ^ u32::from(address);
                    bits == 0 || away >> (32 - bits) == 0
                }
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                bits <= 128 && {
                    let away = u128::from(network) ^ u128::from(address);
                    bits == 0 || away >> (128 - bits) == 0
                }
            }
            _ => false,
        };
    }
    if entry.contains('*') {
        let IpAddr::V4(address) = address else {
            return false;
        };
        let mut parts = entry.split('.');
        return address.octets().iter().all(|octet| parts.next().is_some_and(|part| part == "*" || part.parse() == Ok(*octet)))
            && parts.next().is_none();
    }
    entry.parse::<IpAddr>().is_ok_and(|entry| entry.to_canonical() == address)
}

/// Whether the URL lies below one of the site's addresses. A site without addresses takes everything.
fn is_ours(site: &Site, url: &str) -> bool {
    let (host, path) = place(url);
    site.urls.is_empty()
        || site.urls.iter().any(|own| {
            let (own_host, own_path) = place(own);
            own_host == host && path.starts_with(&own_path)
        })
}

fn place(url: &str) -> (String, String) {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (host, path) = match rest[..end].find('/') {
        Some(at) => (&rest[..at], &rest[at..end]),
        None => (&rest[..end], "/"),
    };
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split(':').next().unwrap_or("").to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    let mut path = path.to_lowercase();
    if !path.ends_with('/') {
        path.push('/');
    }
    (host, path)
}

/// Networks from which Google's, Microsoft's and Yahoo's crawlers come with the user agents of browsers.
const CRAWLERS: [([u8; 4], u8); 22] = [
    ([216, 239, 32, 0], 19),
    ([64, 233, 160, 0], 19),
    ([66, 249, 80, 0], 20),
    ([72, 14, 192, 0], 18),
    ([209, 85, 128, 0], 17),
    ([66, 102, 0, 0], 20),
    ([74, 125, 0, 0], 16),
    ([64, 18, 0, 0], 20),
    ([207, 126, 144, 0], 20),
    ([173, 194, 0, 0], 16),
    ([64, 4, 0, 0], 18),
    ([65, 52, 0, 0], 14),
    ([157, 54, 0, 0], 15),
    ([157, 56, 0, 0], 14),
    ([157, 60, 0, 0], 16),
    ([207, 46, 0, 0], 16),
    ([207, 68, 128, 0], 18),
    ([207, 68, 192, 0], 20),
    ([131, 253, 24, 0], 20),
    ([72, 30, 192, 0], 20),
    ([98, 137, 192, 0], 20),
    ([1, 202, 218, 8], 32),
];

fn is_crawlers(address: IpAddr) -> bool {
    let IpAddr::V4(address) = address else {
        return false;
    };
    CRAWLERS
        .iter()
        .any(|(network, bits)| (u32::from(Ipv4Addr::from(*network)) ^ u32::from(address)) >> (32 - u32::from(*bits)) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excluded(entry: &str, address: &str) -> bool {
        lists_address(&[entry.to_owned()], address.parse().unwrap())
    }

    #[test]
    fn addresses_are_named_in_three_ways() {
        for (entry, address, wanted) in [
            ("1.2.3.4", "1.2.3.4", true),
            (" 1.2.3.4 ", "1.2.3.4", true),
            ("1.2.3.4", "1.2.3.5", false),
            ("10.0.0.0/8", "10.200.1.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("10.0.0.0/33", "10.0.0.0", false),
            ("1.2.*.*", "1.2.200.3", true),
            ("1.2.*.*", "1.3.200.3", false),
            ("1.2.*", "1.2.3.4", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("2001:db8::1", "2001:db8::1", true),
            ("2001:db8::/32", "1.2.3.4", false),
            ("nonsense", "1.2.3.4", false),
            ("", "1.2.3.4", false),
        ] {
            assert_eq!(excluded(entry, address), wanted, "{entry} {address}");
        }
    }

    #[test]
    fn agents_are_named_by_part_or_pattern() {
        let patterns = Patterns::default();
        let lists = |entry: &str| lists_agent(&patterns, &[entry.to_owned()], "Mozilla/5.0 GrabberBot");
        assert!(lists("grabber"));
        assert!(lists("/^mozilla.*bot$/i"));
        assert!(!lists("/^grabber/"));
        assert!(!lists(""));
        assert!(!lists("spider"));
    }

    #[test]
    fn crawlers_hide_in_known_networks() {
        for (address, wanted) in [
            ("66.249.85.36", true),
            ("66.249.64.1", false),
            ("207.46.13.9", true),
            ("1.202.218.8", true),
            ("1.202.218.9", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_crawlers(address.parse().unwrap()), wanted, "{address}");
        }
    }

    #[test]
    fn a_place_is_host_and_path() {
        assert_eq!(place("https://user@WWW.Example.org:8080/A/b?x#y"), ("example.org".to_owned(), "/a/b/".to_owned()));
        assert_eq!(place("http://example.org"), ("example.org".to_owned(), "/".to_owned()));
    }
}
