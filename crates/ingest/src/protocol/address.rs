use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use footfall_model::Sites;

use crate::accept::Incoming;

/// Where the request came from, and who says so.
///
/// Headers that name an address are believed only from a proxy: a peer that `Sites::trusted_proxies` lists, or one at a
/// loopback, private or link-local address, where only the operator's own machines can be.
pub(crate) fn of_matomo(incoming: &Incoming<'_>, sites: &Sites) -> IpAddr {
    behind_proxies(incoming.header, incoming.peer, sites)
}

/// The address of whoever asks, where `header` gives a header by its name in lower case and `peer` is the other end of the
/// connection; see [`Sites::trusted_proxies`].
pub fn behind_proxies<'a>(header: &dyn Fn(&str) -> Option<&'a str>, peer: IpAddr, sites: &Sites) -> IpAddr {
    let peer = plain(peer);
    if !trusted(peer, sites) {
        return peer;
    }
    let header = |name| header(name).unwrap_or("");
    for name in ["cf-connecting-ip", "x-real-ip"] {
        if let Some(address) = parse(header(name)) {
            return address;
        }
    }
    // Whoever is nearest to us in the list and no proxy of ours: what lies before it may be made up.
    let listed: Vec<IpAddr> = header("x-forwarded-for").rsplit(',').take(32).filter_map(parse).collect();
    listed.iter().find(|address| !trusted(**address, sites)).or(listed.last()).copied().unwrap_or(peer)
}

/// As [`of_matomo`], by the headers Plausible reads and in its order.
pub(crate) fn of_plausible(incoming: &Incoming<'_>, sites: &Sites) -> IpAddr {
    let peer = plain(incoming.peer);
    if !trusted(peer, sites) {
        return peer;
    }
    for name in ["x-plausible-ip", "cf-connecting-ip", "b-forwarded-for"] {
        if let Some(address) = parse(first(incoming.header(name))) {
            return address;
        }
    }
    if let Some(address) = parse(first(incoming.header("x-forwarded-for"))) {
        return address;
    }
    forwarded(incoming.header("forwarded")).unwrap_or(peer)
}

/// The address in a text: with or without port, brackets, quotes; an IPv4 address inside an IPv6 one is taken out.
pub(crate) fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    if let Ok(address) = text.parse() {
        return Some(plain(address));
    }
    if let Some(inner) = text.strip_prefix('[') {
        let (address, _) = inner.split_once(']')?;
        return address.parse::<Ipv6Addr>().ok().map(|six| plain(six.into()));
    }
    let (address, port) = text.rsplit_once(':')?;
    port.parse::<u16>().ok()?;
    address.parse::<Ipv4Addr>().ok().map(IpAddr::V4)
}

fn first(list: &str) -> &str {
    list.split(',').next().unwrap_or("")
}

fn forwarded(header: &str) -> Option<IpAddr> {
    first(header)
        .split(';')
        .find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case("for").then_some(value)
        })
        .and_then(parse)
}

fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

fn trusted(address: IpAddr, sites: &Sites) -> bool {
    let near = match address {
        IpAddr::V4(four) => four.is_loopback() || four.is_private() || four.is_link_local(),
        IpAddr::V6(six) => six.is_loopback() || six.is_unique_local() || six.is_unicast_link_local(),
    };
    near || sites.trusted_proxies.contains(&address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(peer: &str, headers: &[(&str, &str)], proxies: &[&str]) -> (String, String) {
        let mut sites = Sites::default();
        sites.trusted_proxies = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let header = |name: &str| headers.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let incoming = Incoming {
            method: "GET",
            path: "/",
            query: "",
            body: b"",
            content_type: "",
            header: &header,
            peer: peer.parse().unwrap(),
            received_at: footfall_model::Millis(0),
        };
        (of_matomo(&incoming, &sites).to_string(), of_plausible(&incoming, &sites).to_string())
    }

    fn both(address: &str) -> (String, String) {
        (address.to_owned(), address.to_owned())
    }

    #[test]
    fn a_stranger_cannot_name_an_address() {
        let headers = [("x-forwarded-for", "1.1.1.1"), ("cf-connecting-ip", "2.2.2.2")];
        assert_eq!(ask("8.8.8.8", &headers, &[]), both("8.8.8.8"));
        assert_eq!(ask("8.8.8.8", &headers, &["8.8.8.8"]), both("2.2.2.2"));
        assert_eq!(ask("10.0.0.7", &headers, &[]), both("2.2.2.2"));
        assert_eq!(ask("::ffff:10.0.0.7", &headers, &[]), both("2.2.2.2"));
    }

    #[test]
    fn of_a_list_matomo_takes_the_nearest_stranger_and_plausible_the_first() {
        let headers = [("x-forwarded-for", "9.9.9.9, 1.1.1.1:443, 10.0.0.3")];
        assert_eq!(ask("127.0.0.1", &headers, &[]), ("1.1.1.1".to_owned(), "9.9.9.9".to_owned()));
        let inside = [("x-forwarded-for", "10.1.1.1, 10.0.0.3")];
        assert_eq!(ask("127.0.0.1", &inside, &[]), both("10.1.1.1"));
    }

    #[test]
    fn addresses_come_in_many_forms() {
        for (given, wanted) in [
            ("1.2.3.4", Some("1.2.3.4")),
            (" 1.2.3.4:80 ", Some("1.2.3.4")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("\"[2001:db8::1]\"", Some("2001:db8::1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("::ffff:1.2.3.4", Some("1.2.3.4")),
            ("1.2.3", None),
            ("1.2.3.4:port", None),
            ("", None),
            ("[", None),
        ] {
            assert_eq!(parse(given).map(|address| address.to_string()).as_deref(), wanted, "{given}");
        }
        assert_eq!(forwarded("for=192.0.2.60;proto=http, for=1.1.1.1"), parse("192.0.2.60"));
        assert_eq!(forwarded("For=\"[2001:db8:cafe::17]:4711\""), parse("2001:db8:cafe::17"));
    }
}
