use rustc_hash::FxHashSet;

/// Hosts that send made-up visits so that their name shows up in reports.
pub(crate) struct Spam {
    hosts: FxHashSet<&'static str>,
}

impl Spam {
    /// The list that comes with Footfall.
    pub(crate) fn built_in() -> Spam {
        Spam { hosts: include_str!("../data/spammers.txt").lines().collect() }
    }

    /// Whether the referrer's host, or a domain above it, is on the list.
    pub(crate) fn is_spam(&self, referrer: &str) -> bool {
        let Some((_, rest)) = referrer.split_once("//") else {
            return false;
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or("");
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = host.split(':').next().unwrap_or("");
        if host.len() > 255 {
            return false;
        }
        let lower;
        let mut host = if host.bytes().any(|sign| sign.is_ascii_uppercase()) {
            lower = host.to_ascii_lowercase();
            lower.as_str()
        } else {
            host
        };
        loop {
            if self.hosts.contains(host) {
                return true;
            }
            match host.split_once('.') {
                Some((_, above)) if above.contains('.') => host = above,
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spam_is_known_by_host_and_above() {
        let spam = Spam::built_in();
        for (referrer, wanted) in [
            ("http://semalt.com/", true),
            ("http://semalt.semalt.com/crawler.php?u=http://example.org", true),
            ("https://SEMALT.com:80", true),
            ("https://user@semalt.com", true),
            ("http://example.org/?from=semalt.com", false),
            ("http://notsemalt.com/", false),
            ("semalt.com", false),
            ("", false),
        ] {
            assert_eq!(spam.is_spam(referrer), wanted, "{referrer}");
        }
    }
}
