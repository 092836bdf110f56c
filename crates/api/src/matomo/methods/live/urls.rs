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

/// Whether one of the site's addresses begins with this host and `https`.
fn is_secure(rest: &str, site: &Site) -> bool {
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default().to_lowercase();
    !host.is_empty() && site.urls.iter().any(|address| address.to_lowercase().starts_with(&format!("https://{host}")))
}
