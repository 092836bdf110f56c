//! What plain HTTP answers while HTTPS is spoken too: proofs for the certificate authority, and where to go instead.

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{app::App, config::Config, tls::Shown};

/// Where certificate authorities look for proofs.
const PROOFS: &str = "/.well-known/acme-challenge/";
/// How long browsers keep to HTTPS once they have seen it: a year, as at Plausible.
const REMEMBERED: header::HeaderValue = header::HeaderValue::from_static("max-age=31536000");

/// The routes of HTTPS, whose answers tell browsers to keep to it.
pub(super) fn remembered(app: &App, router: Router) -> Router {
    if app.config.flag("tls.redirect") {
        router.layer(SetResponseHeaderLayer::if_not_present(header::STRICT_TRANSPORT_SECURITY, REMEMBERED))
    } else {
        router
    }
}

/// What plain HTTP answers by itself.
pub(super) struct Rule {
    shown: Arc<Shown>,
    redirects: bool,
    port: Option<u16>,
}

impl Rule {
    pub(super) fn of(config: &Config, shown: Arc<Shown>) -> Rule {
        let port = match url::Url::parse(config.text("base_url")) {
            Ok(base) if base.scheme() == "https" => base.port(),
            Ok(_) => None,
            Err(_) => config.https_port().filter(|port| *port != 443),
        };
        Rule { shown, redirects: config.flag("tls.redirect"), port }
    }

    /// The answer to a request that goes no further.
    pub(super) fn answer(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        if let Some(token) = uri.path().strip_prefix(PROOFS) {
            return Some(match self.shown.proof(token) {
                Some(proof) => ([(header::CONTENT_TYPE, "application/octet-stream")], proof).into_response(),
                None => StatusCode::NOT_FOUND.into_response(),
            });
        }
        if !self.redirects || !self.shown.is_there() {
            return None;
        }
        let location = elsewhere(headers, uri.path_and_query().map_or("/", |path| path.as_str()), self.port)?;
        let status = match *method {
            Method::GET | Method::HEAD => StatusCode::MOVED_PERMANENTLY,
            _ => StatusCode::TEMPORARY_REDIRECT,
        };
        Some((status, [(header::LOCATION, location)]).into_response())
    }
}

/// Where a request over plain HTTP is sent; `None` where it is answered.
fn elsewhere(headers: &HeaderMap, path: &str, port: Option<u16>) -> Option<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_probe = path == "/api/health" || path.starts_with("/health/") || path.starts_with("/api/system/health/");
    if is_probe || text("x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")) {
        return None;
    }
    let host = text("host")?;
    let name = match host.rsplit_once(':') {
        Some((name, digits)) if digits.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    if name.is_empty() || ["localhost", "127.0.0.1", "[::1]"].contains(&name) {
        return None;
    }
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("https://{name}{port}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_requests_are_sent_to_the_same_place() {
        let sent = |host: &str, path: &str, scheme: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("host", host.parse().unwrap());
            headers.insert("x-forwarded-proto", scheme.parse().unwrap());
            elsewhere(&headers, path, None)
        };
        let location = "https://stats.example.org/sites/1?period=day";
        assert_eq!(sent("stats.example.org:80", "/sites/1?period=day", "http").as_deref(), Some(location));
        assert_eq!(sent("[2001:db8::1]:80", "/", "http").as_deref(), Some("https://[2001:db8::1]/"));
        for (host, path, scheme) in [
            ("localhost:8000", "/", "http"),
            ("127.0.0.1", "/", "http"),
            ("[::1]:8000", "/", "http"),
            ("stats.example.org", "/", "https"),
            ("stats.example.org", "/api/health", "http"),
            ("stats.example.org", "/health/ready", "http"),
            ("stats.example.org", "/api/system/health/live", "http"),
        ] {
            assert_eq!(sent(host, path, scheme), None, "{host} {path}");
        }
        let mut headers = HeaderMap::new();
        assert_eq!(elsewhere(&headers, "/", None), None);
        headers.insert("host", "stats.example.org".parse().unwrap());
        assert_eq!(elsewhere(&headers, "/", Some(8443)).as_deref(), Some("https://stats.example.org:8443/"));
    }
}
