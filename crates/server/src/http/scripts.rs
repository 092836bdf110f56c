//! The tracker scripts, embedded in the binary.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use serde_json::json;

use super::{blocks, track};
use crate::app::App;

#[derive(RustEmbed)]
#[folder = "../../tracker/dist"]
struct Dist;

/// `/matomo.js` and `/piwik.js`.
pub(crate) async fn matomo() -> Response {
    script(Dist::get("matomo.js").map(|file| file.data.into_owned()), "public, max-age=28800")
}

/// `/js/` and `/js/index.php`: the script, or the tracker where there are parameters.
pub(crate) async fn directory(state: State<App>, peer: ConnectInfo<SocketAddr>, request: Request) -> Response {
    if request.uri().query().is_some_and(|query| !query.is_empty()) || request.method() == axum::http::Method::POST {
        return track::matomo(state, peer, request).await;
    }
    matomo().await
}

/// `/js/script.….js` and its other names, `/js/pa-….js`, `/js/embed.host.js`.
pub(crate) async fn plausible(State(app): State<App>, Path(file): Path<String>) -> Response {
    const LEGACY: &str = "public, max-age=86400, must-revalidate";
    if file == "embed.host.js" {
        return script(Dist::get("embed.host.js").map(|file| file.data.into_owned()), LEGACY);
    }
    if let Some(id) = file.strip_prefix("pa-").or_else(|| file.strip_prefix("s-")).and_then(|rest| rest.strip_suffix(".js")) {
        let filled = configured(&app, id).await;
        return script(filled, "public, max-age=60, no-transform");
    }
    script(features(&file).and_then(|wanted| variant(&wanted)), LEGACY)
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

fn script(text: Option<Vec<u8>>, kept: &'static str) -> Response {
    let Some(text) = text else {
        return (StatusCode::NOT_FOUND, "there is no such script\n").into_response();
    };
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/javascript"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response
}

#[cfg(test)]
mod tests {
    use super::{features, variant};

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
