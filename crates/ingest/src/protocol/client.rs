use std::net::IpAddr;

use footfall_model::Sites;

use super::address;
use crate::accept::{Incoming, bounds};

/// What the headers of a request say about who sent it: the same for every hit of a bulk.
pub(crate) struct Client<'a> {
    /// Where it came from.
    pub(crate) address: IpAddr,
    /// The `User-Agent`, cut.
    pub(crate) user_agent: &'a str,
    /// The `Accept-Language`, cut.
    pub(crate) language: &'a str,
    /// The `Referer`.
    pub(crate) referer: &'a str,
    /// Whether it asks not to be tracked.
    pub(crate) do_not_track: bool,
    /// Whether the page was loaded before anybody asked for it.
    pub(crate) prefetch: bool,
    /// Whether it went through Chrome's compressing proxy, whose addresses are a bot's otherwise.
    pub(crate) data_saver: bool,
    /// Whether the visitor has opted out.
    pub(crate) opted_out: bool,
    /// The visitor id of our own domain's cookie.
    pub(crate) cookie_id: Option<u64>,
}

impl<'a> Client<'a> {
    /// Reads the headers as Matomo does.
    pub(crate) fn of(incoming: &Incoming<'a>, sites: &Sites) -> Client<'a> {
        let header = |name: &str| (incoming.header)(name).unwrap_or("");
        let cookies = header("cookie");
        Client {
            address: address::of_matomo(incoming, sites),
            user_agent: cut(header("user-agent"), bounds::USER_AGENT),
            language: cut(header("accept-language"), 512),
            referer: cut(header("referer"), bounds::TEXT),
            do_not_track: header("dnt").starts_with('1') || header("x-do-not-track") == "1" || header("sec-gpc") == "1",
            prefetch: matches!(header("x-purpose"), "preview" | "instant")
                || header("x-moz") == "prefetch"
                || header("sec-purpose").starts_with("prefetch"),
            data_saver: header("via").contains("chrome-compression-proxy") || header("via").contains("Chrome-Compression-Proxy"),
            opted_out: cookie(cookies, "matomo_ignore").is_some_and(ignores)
                || cookie(cookies, "piwik_ignore").is_some_and(ignores),
            cookie_id: cookie(cookies, "_pk_uid").and_then(identity),
        }
    }
}

/// The text cut to so many bytes, at a sign's edge.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

fn cookie<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').find_map(|pair| {
        let (known, value) = pair.split_once('=')?;
        (known.trim() == name).then(|| value.trim().trim_matches('"'))
    })
}

/// Matomo writes `ignore=*`, the star in Base64, percent-encoded as a whole.
fn ignores(value: &str) -> bool {
    let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
    value.split(':').any(|pair| matches!(pair, "ignore=Kg==" | "ignore=Kg" | "ignore=*"))
}

/// Matomo writes `0=` and the sixteen digits: in Base64, unless they happen to be a number.
fn identity(value: &str) -> Option<u64> {
    use base64::Engine;

    let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
    let digits = value.split(':').find_map(|pair| pair.strip_prefix("0="))?;
    let plain = base64::engine::general_purpose::STANDARD.decode(digits).ok().and_then(|plain| String::from_utf8(plain).ok());
    [plain.as_deref(), Some(digits)]
        .into_iter()
        .flatten()
        .find(|digits| digits.len() == 16)
        .and_then(footfall_model::VisitorId::parse)
        .map(|id| id.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_as_matomo_writes_them() {
        let header = "a=b; matomo_ignore=ignore%3DKg%3D%3D; _pk_uid=0%3DMDAwMDAwMDAwMDAwMDBmZg%3D%3D";
        assert!(cookie(header, "matomo_ignore").is_some_and(ignores));
        assert_eq!(cookie(header, "_pk_uid").and_then(identity), Some(255));
        assert_eq!(identity("0=1234567890123456"), Some(0x1234_5678_9012_3456));
        assert_eq!(identity("0=12"), None);
        assert_eq!(identity("%FF"), None);
        assert!(!ignores("ignore%3D1"));
        assert_eq!(cookie("matomo_ignored=1", "matomo_ignore"), None);
    }

    #[test]
    fn a_cut_never_splits_a_sign() {
        assert_eq!(cut("aä", 2), "a");
        assert_eq!(cut("aä", 3), "aä");
    }
}
