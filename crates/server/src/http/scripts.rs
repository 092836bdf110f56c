//! The tracker scripts, embedded in the binary.

use std::{collections::HashMap, io::Write, net::SocketAddr};

use axum::{
    body::Bytes,
    extract::{ConnectInfo, Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use parking_lot::Mutex;
use rust_embed::RustEmbed;
use serde_json::json;

use super::{blocks, line::Waits, track};
use crate::app::App;

#[derive(RustEmbed)]
#[folder = "../../tracker/dist"]
struct Dist;

/// Scripts as they go over the wire: each is packed once, as tightly as it can be, and not anew for every visitor.
#[derive(Default)]
pub(crate) struct Packed(Mutex<HashMap<Bytes, Bytes>>);

impl Packed {
    /// How many scripts are kept: the variants that sites really use.
    const MOST: usize = 64;

    /// A script packed by gzip; `None` should that fail.
    fn of(&self, script: &Bytes) -> Option<Bytes> {
        if let Some(packed) = self.0.lock().get(script) {
            return Some(packed.clone());
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(script).ok()?;
        let packed = Bytes::from(encoder.finish().ok()?);
        let mut known = self.0.lock();
        if known.len() >= Packed::MOST {
            known.clear();
        }
        known.insert(script.clone(), packed.clone());
        Some(packed)
    }
}

/// `/matomo.js` and `/piwik.js`.
pub(crate) async fn matomo(State(app): State<App>, headers: HeaderMap) -> Response {
    script(&app, &headers, Dist::get("matomo.js").map(|file| file.data.into_owned()), "public, max-age=28800")
}

/// `/js/` and `/js/index.php`: the script, or the tracker where there are parameters.
pub(crate) async fn directory(State(app): State<App>, peer: ConnectInfo<SocketAddr>, request: Request) -> Response {
    if request.uri().query().is_some_and(|query| !query.is_empty()) || request.method() == axum::http::Method::POST {
        return track::track(&app, peer.0, &Waits::default(), request, track::Dialect::Matomo).await.map(axum::body::Body::new);
    }
    let headers = request.headers().clone();
    matomo(State(app), headers).await
}

/// `/js/script.….js` and its other names, `/js/pa-….js`, `/js/embed.host.js`.
pub(crate) async fn plausible(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    const LEGACY: &str = "public, max-age=86400, must-revalidate";
    if file == "embed.host.js" {
        return script(&app, &headers, Dist::get("embed.host.js").map(|file| file.data.into_owned()), LEGACY);
    }
    if let Some(id) = file.strip_prefix("pa-").or_else(|| file.strip_prefix("s-")).and_then(|rest| rest.strip_suffix(".js")) {
        let filled = configured(&app, id).await;
        return script(&app, &headers, filled, "public, max-age=60, no-transform");
    }
    script(&app, &headers, features(&file).and_then(|wanted| variant(&wanted)), LEGACY)
}

/// A site's own script: the template with the site's configuration in it.
async fn configured(app: &App, id: &str) -> Option<Vec<u8>> {
    let found = app.admin.tracker_script_by_id(id).await.ok().flatten()?;
    let domain = app.sites().get(found.site)?.domain.clone();
    let configuration = json!({
        "domain": domain,
        "endpoint": format!("{}/api/event", app.config.base_url()),
        "hashBasedRouting": found.does("hash_based_routing"),
        "outboundLinks": found.does("outbound_links"),
        "fileDownloads": found.does("file_downloads"),
        "formSubmissions": found.does("form_submissions"),
    });
    let template = Dist::get("plausible/pa.js")?;
    let template = std::str::from_utf8(&template.data).ok()?;
    Some(template.replace("\"%CONFIG%\"", &configuration.to_string()).into_bytes())
}

/// The features a file name asks for, sorted; `None` when the file is none of these scripts.
fn features(file: &str) -> Option<Vec<&str>> {
    const NAMES: [&str; 4] = ["script", "plausible", "analytics", "p"];
    const FEATURES: [&str; 10] = [
        "compat",
        "exclusions",
        "file-downloads",
        "hash",
        "local",
        "manual",
        "outbound-links",
        "pageview-props",
        "revenue",
        "tagged-events",
    ];
    let mut parts = file.strip_suffix(".js")?.split('.');
    if !NAMES.contains(&parts.next()?) {
        return None;
    }
    let mut found: Vec<&str> = Vec::new();
    for part in parts {
        match part {
            "pageleave" | "js" => {}
            part if FEATURES.contains(&part) => found.push(part),
            _ => return None,
        }
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}

/// The script with these features.
fn variant(wanted: &[&str]) -> Option<Vec<u8>> {
    let name = if wanted.contains(&"compat") { "plausible/script.compat.js" } else { "plausible/script.js" };
    let template = Dist::get(name)?;
    blocks::assemble(std::str::from_utf8(&template.data).ok()?, wanted).map(String::into_bytes)
}

fn script(app: &App, asked: &HeaderMap, text: Option<Vec<u8>>, kept: &'static str) -> Response {
    let Some(text) = text.map(Bytes::from) else {
        return (StatusCode::NOT_FOUND, "there is no such script\n").into_response();
    };
    let packed = takes_gzip(asked).then(|| app.scripts.of(&text)).flatten();
    let is_packed = packed.is_some();
    let mut response = packed.unwrap_or(text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if is_packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/javascript"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response
}

/// Whether a client takes gzip (RFC 9110, 12.5.3): it is named, and not with a weight of nothing.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{Bytes, Packed, features, takes_gzip, variant};

    #[test]
    fn gzip_is_for_those_who_take_it() {
        let cases = [
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("br", false),
            ("identity", false),
        ];
        for (given, expected) in cases {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(given))]);
            assert_eq!(takes_gzip(&headers), expected, "{given}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn a_script_is_packed_once_and_unpacks_to_itself() {
        let (packed, script) = (Packed::default(), Bytes::from(variant(&["hash"]).unwrap()));
        let small = packed.of(&script).unwrap();
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&small[..]), &mut text).unwrap();
        assert_eq!(text, script);
        assert_eq!(packed.of(&script).unwrap().as_ptr(), small.as_ptr());
        for n in 0..2 * Packed::MOST {
            packed.of(&Bytes::from(n.to_string())).unwrap();
        }
        assert!(packed.0.lock().len() <= Packed::MOST);
    }

    #[test]
    fn features_come_in_any_order_and_unknown_ones_are_refused() {
        let found = |file| features(file).map(|features| features.join("."));
        assert_eq!(found("script.js").as_deref(), Some(""));
        assert_eq!(found("plausible.outbound-links.hash.js").as_deref(), Some("hash.outbound-links"));
        assert_eq!(found("script.hash.pageleave.hash.js").as_deref(), Some("hash"));
        assert_eq!(found("script.tagged-events.revenue.js").as_deref(), Some("revenue.tagged-events"));
        assert_eq!(found("script.nonsense.js"), None);
        assert_eq!(found("other.js"), None);
        assert_eq!(found("script"), None);
    }

    #[test]
    fn variants_hold_what_they_are_named_for() {
        let text = |wanted: &[&str]| String::from_utf8(variant(wanted).unwrap()).unwrap();
        for wanted in [vec![], vec!["compat"], vec!["exclusions", "hash", "outbound-links"]] {
            let text = text(&wanted);
            assert!(!text.contains("/*!"), "{wanted:?}");
            assert_eq!(text.contains("hashchange"), wanted.contains(&"hash"), "{wanted:?}");
            assert_eq!(text.contains("Outbound Link: Click"), wanted.contains(&"outbound-links"), "{wanted:?}");
            assert_eq!(text.contains("exclusion rule"), wanted.contains(&"exclusions"), "{wanted:?}");
            assert_eq!(text.contains("XMLHttpRequest"), wanted.contains(&"compat"), "{wanted:?}");
        }
    }
}
