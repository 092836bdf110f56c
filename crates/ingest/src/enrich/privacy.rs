use std::borrow::Cow;

use footfall_model::ReferrerMask;
use sha1::{Digest, Sha1};

use super::{referrer::Referrer, salts::Salts};

/// What stands for a user id: the same for the same id, and no way back without the instance's secret.
pub(crate) fn user(id: &str, salts: &Salts) -> String {
    hex(Sha1::new().chain_update(id).chain_update(salts.secret))
}

/// What stands for the number of an order. The moment goes in, so that two orders are not told to be the same.
pub(crate) fn order(id: &str, at: i64, salts: &Salts) -> String {
    hex(Sha1::new().chain_update(at.to_le_bytes()).chain_update(id).chain_update(salts.secret))
}

fn hex(hash: Sha1) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A referrer's URL without what is not to be kept of it.
pub(crate) fn url(sent: &str, mask: ReferrerMask) -> Cow<'_, str> {
    match mask {
        ReferrerMask::Nothing => Cow::Borrowed(sent),
        ReferrerMask::Query => Cow::Borrowed(sent.split('?').next().unwrap_or_default()),
        ReferrerMask::Path => {
            let Some((scheme, rest)) = sent.split_once("//") else {
                return Cow::Borrowed("");
            };
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            Cow::Owned(format!("{scheme}//{host}/"))
        }
        ReferrerMask::All => Cow::Borrowed(""),
    }
}

/// A referrer without what is not to be kept of it. Campaigns are named by the page's own URL and stay.
pub(crate) fn referrer(mut found: Referrer, mask: ReferrerMask) -> Referrer {
    if mask != ReferrerMask::Nothing && found.kind != "campaign" {
        found.keyword = found.keyword.map(|_| "".into());
        if mask == ReferrerMask::All && found.kind == "website" {
            found.name = None;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn referrers_are_cut_as_far_as_asked() {
        let sent = "https://me@www.foo.com:81/bar/?baz=1#x";
        for (mask, wanted) in [
            (ReferrerMask::Nothing, sent),
            (ReferrerMask::Query, "https://me@www.foo.com:81/bar/"),
            (ReferrerMask::Path, "https://www.foo.com:81/"),
            (ReferrerMask::All, ""),
        ] {
            assert_eq!(url(sent, mask), wanted, "{mask:?}");
        }
        assert_eq!(url("nowhere", ReferrerMask::Path), "");
    }

    #[test]
    fn names_go_with_the_last_step_and_keywords_with_the_first() {
        let of = |kind: &'static str, mask: ReferrerMask| {
            let found = Referrer { kind, name: Some("name".into()), keyword: Some("word".into()) };
            let found = referrer(found, mask);
            (found.name.is_some(), found.keyword.as_deref() == Some("word"))
        };
        assert_eq!(of("search", ReferrerMask::Nothing), (true, true));
        assert_eq!(of("search", ReferrerMask::Query), (true, false));
        assert_eq!(of("search", ReferrerMask::All), (true, false));
        assert_eq!(of("website", ReferrerMask::Path), (true, false));
        assert_eq!(of("website", ReferrerMask::All), (false, false));
        assert_eq!(of("campaign", ReferrerMask::All), (true, true));
    }

    #[test]
    fn hashes_stay_the_same_for_people_and_differ_for_orders() {
        let (ours, theirs) = (Salts { secret: [1; 16], days: Vec::new() }, Salts { secret: [2; 16], days: Vec::new() });
        assert_eq!(user("ann", &ours), user("ann", &ours));
        assert_ne!(user("ann", &ours), user("ann", &theirs));
        assert_ne!(user("ann", &ours), user("bob", &ours));
        assert_eq!(user("ann", &ours).len(), 40);
        assert_ne!(order("7", 1, &ours), order("7", 2, &ours));
        assert_eq!(order("7", 1, &ours), order("7", 1, &ours));
    }
}
