use footfall_model::Site;

/// A stored URL with what was cut before it; `https` where the site is known to answer there.
pub(super) fn whole(url: &str, prefix: Option<u8>, site: &Site) -> String {
    let scheme = match prefix {
        Some(0) => "http://",
        Some(1) => "http://www.",
        Some(2) => "https://",
        Some(3) => "https://www.",
        _ => "",
    };
    let whole = format!("{scheme}{url}");
    match whole.strip_prefix("http://") {
        Some(rest) if is_secure(rest, site) => format!("https://{rest}"),
        _ => whole,
    }
}

/// The URL on which a goal was reached: pages are kept without their scheme, files and other sites with it.
pub(super) fn reached(url: &str, prefix: Option<u8>, site: &Site) -> String {
    let has_scheme = url.split_once("://").is_some_and(|(scheme, _)| scheme.bytes().all(|sign| sign.is_ascii_alphanumeric()));
    whole(url, if has_scheme { prefix } else { prefix.or(Some(0)) }, site)
}

/// Whether one of the site's addresses begins with this host and `https`.
fn is_secure(rest: &str, site: &Site) -> bool {
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default().to_lowercase();
    !host.is_empty() && site.urls.iter().any(|address| address.to_lowercase().starts_with(&format!("https://{host}")))
}

#[cfg(test)]
mod tests {
    use footfall_admin::{Admin, NewSite};
    use footfall_model::{Millis, SiteId};

    use super::*;

    #[tokio::test]
    async fn a_site_that_is_known_to_be_secure_is_shown_so() {
        let admin = Admin::open_in_memory().await.unwrap();
        let urls = ["http://example.org", "https://Shop.example/a"].map(str::to_owned).to_vec();
        admin.add_site(NewSite { urls, ..NewSite::default() }, Millis(0)).await.unwrap();
        let sites = admin.snapshot(Millis(0)).await.unwrap();
        let site = sites.get(SiteId(1)).unwrap();
        for (url, prefix, wanted) in [
            ("example.org/a", Some(0), "http://example.org/a"),
            ("example.org/a", Some(3), "https://www.example.org/a"),
            ("shop.example/b", Some(0), "https://shop.example/b"),
            ("shop.example:80/b", Some(0), "https://shop.example:80/b"),
            ("shop.example/b", Some(1), "http://www.shop.example/b"),
            ("shop.example/b", None, "shop.example/b"),
        ] {
            assert_eq!(whole(url, prefix, site), wanted);
        }
        for (url, wanted) in [
            ("example.org/a", "http://example.org/a"),
            ("https://cdn.example/a.zip", "https://cdn.example/a.zip"),
            ("example.org/?to=https://a.example", "http://example.org/?to=https://a.example"),
        ] {
            assert_eq!(reached(url, None, site), wanted);
        }
    }
}
