//! Matomo's answers.

use std::borrow::Cow;

use base64::Engine;

use super::{client::cut, matomo::Verdict, params::Params};
use crate::{
    Dropped,
    accept::{Incoming, Reply},
    hit::Action,
};

/// One transparent pixel.
const PIXEL: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x21, 0xf9,
    0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x02, 0x44, 0x01, 0x00,
    0x3b,
];

const PAGE: &[u8] = b"This is the tracking endpoint of Footfall, web analytics on your own server. \
It takes what the tracking scripts send; there is nothing to see here.<br>\n\
Reports and settings are at the server's <a href='/'>main page</a>.\n";

/// The answer to a browser that asks what it may send.
pub(crate) fn preflight() -> Reply {
    Reply {
        status: 204,
        content_type: "",
        headers: vec![
            ("access-control-allow-methods", "GET, POST".into()),
            ("access-control-allow-headers", "*".into()),
            ("access-control-allow-origin", "*".into()),
        ],
        body: Cow::Borrowed(b""),
    }
}

/// The answer to one request: the pixel, or nothing where none is wanted.
pub(crate) fn pixel(incoming: &Incoming<'_>, status: u16, image: bool, dropped: &[(u32, Dropped)]) -> Reply {
    let mut headers = headers(incoming, dropped);
    if is_get(incoming) {
        headers.push(("cache-control", "no-store".into()));
    }
    let (status, content_type, body) = match (image, status) {
        (true, _) => (status, "image/gif", PIXEL),
        (false, 200) => (204, "", &b""[..]),
        (false, _) => (status, "", &b""[..]),
    };
    Reply { status, content_type, headers, body: Cow::Borrowed(body) }
}

/// The answer that tells in words what was understood of a request and what becomes of it; tokens are left out.
pub(crate) fn explained(
    incoming: &Incoming<'_>,
    status: u16,
    params: &Params<'_>,
    verdict: &Verdict,
    dropped: &[(u32, Dropped)],
) -> Reply {
    let mut text = "Parameters:\n".to_owned();
    for (name, value) in params.texts() {
        let value = if name == "token_auth" { "(not shown)" } else { cut(value, 1024) };
        text.push_str(&format!("  {name} = {}\n", value.escape_debug()));
    }
    text.push_str(&match verdict {
        Verdict::Counted(hit) => {
            let kind = match &hit.action {
                Action::PageView => "page view",
                Action::Download { .. } => "download",
                Action::Outlink { .. } => "outlink",
                Action::Search { .. } => "site search",
                Action::Event { .. } | Action::Custom { .. } => "event",
                Action::Content { .. } => "content",
                Action::Goal { .. } => "goal",
                Action::Order(_) => "order",
                Action::Cart(_) => "cart",
                Action::Engagement { .. } => "engagement",
                Action::Ping => "sign of life",
            };
            let second = jiff::Timestamp::from_second(hit.at.div_euclid(1000)).unwrap_or_default();
            format!("Counted: {kind} on site {} at {second}.\n", hit.site)
        }
        Verdict::Excluded(reason) => format!("Not counted ({reason}): {}.\n", reason.explain()),
        Verdict::Refused(reason) => format!("Refused ({reason}): {}.\n", reason.explain()),
    });
    Reply {
        status,
        content_type: "text/plain; charset=utf-8",
        headers: headers(incoming, dropped),
        body: Cow::Owned(text.into_bytes()),
    }
}

/// The answer to a request without parameters: a page for whoever opened the address, an error for a program.
pub(crate) fn page(incoming: &Incoming<'_>) -> Reply {
    Reply {
        status: if is_get(incoming) { 200 } else { 400 },
        content_type: "text/html; charset=utf-8",
        headers: headers(incoming, &[]),
        body: Cow::Borrowed(PAGE),
    }
}

/// The answer to a bulk: how many were taken and, for a superuser, which were not.
pub(crate) fn counts(
    incoming: &Incoming<'_>,
    status: u16,
    tracked: usize,
    invalid: &[usize],
    indices: bool,
    dropped: &[(u32, Dropped)],
) -> Reply {
    let word = if status == 200 { "success" } else { "error" };
    let mut body = format!("{{\"status\":\"{word}\",\"tracked\":{tracked},\"invalid\":{}", invalid.len());
    if indices {
        let list: Vec<String> = invalid.iter().map(usize::to_string).collect();
        body.push_str(",\"invalid_indices\":[");
        body.push_str(&list.join(","));
        body.push(']');
    }
    body.push('}');
    Reply { status, content_type: "application/json", headers: headers(incoming, dropped), body: Cow::Owned(body.into_bytes()) }
}

/// The answer to a bulk that wants none.
pub(crate) fn silence(incoming: &Incoming<'_>, dropped: &[(u32, Dropped)]) -> Reply {
    Reply { status: 204, content_type: "", headers: headers(incoming, dropped), body: Cow::Borrowed(b"") }
}

/// The cookie of our own domain that keeps a visitor's id, as Matomo writes it.
pub(crate) fn cookie(incoming: &Incoming<'_>, id: u64) -> String {
    let digits = format!("{id:016x}");
    let is_number = digits.bytes().all(|sign| sign.is_ascii_digit());
    let value = if is_number { digits } else { base64::engine::general_purpose::STANDARD.encode(digits) };
    let value = percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC);
    let safe = incoming.header("x-forwarded-proto").eq_ignore_ascii_case("https");
    let site = if safe { "SameSite=None; Secure" } else { "SameSite=Lax" };
    format!("_pk_uid=0%3D{value}; Max-Age=33955200; Path=/; {site}")
}

/// The header that says why: each reason once, in the order they came up.
pub(crate) fn reasons(dropped: &[(u32, Dropped)]) -> Option<Cow<'static, str>> {
    let mut seen: Vec<Dropped> = Vec::new();
    for (_, reason) in dropped {
        if !seen.contains(reason) {
            seen.push(*reason);
        }
    }
    Some(match seen.as_slice() {
        [] => return None,
        [only] => Cow::Borrowed(only.code()),
        several => {
            let codes: Vec<&str> = several.iter().map(|reason| reason.code()).collect();
            Cow::Owned(codes.join(","))
        }
    })
}

fn is_get(incoming: &Incoming<'_>) -> bool {
    incoming.method.eq_ignore_ascii_case("GET")
}

fn headers(incoming: &Incoming<'_>, dropped: &[(u32, Dropped)]) -> Vec<(&'static str, Cow<'static, str>)> {
    let mut headers = Vec::new();
    if !is_get(incoming) {
        let origin = match incoming.header("origin") {
            "" => Cow::Borrowed("*"),
            origin => Cow::Owned(origin.to_owned()),
        };
        headers.push(("access-control-allow-origin", origin));
        headers.push(("access-control-allow-credentials", "true".into()));
    }
    if let Some(reasons) = reasons(dropped) {
        headers.push(("x-footfall-dropped", reasons));
    }
    if dropped.iter().any(|(_, reason)| *reason == Dropped::DoNotTrack) {
        headers.push(("tk", "N".into()));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pixel_is_matomos() {
        assert_eq!(PIXEL.len(), 43);
        assert_eq!(
            base64::engine::general_purpose::STANDARD.encode(PIXEL),
            "R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="
        );
    }

    #[test]
    fn a_reason_is_named_once() {
        assert_eq!(reasons(&[]), None);
        assert_eq!(reasons(&[(1, Dropped::Bot), (2, Dropped::Prefetch), (3, Dropped::Bot)]).as_deref(), Some("bot,prefetch"));
    }
}
