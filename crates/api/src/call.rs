use std::net::{IpAddr, Ipv4Addr};

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// One request, without its HTTP framework: what our own API and Plausible's look at.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method, upper case.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// What stands behind `?`, still percent-encoded.
    pub query: String,
    /// The header `authorization`.
    pub authorization: Option<String>,
    /// The cookie that holds the session.
    pub cookie: Option<String>,
    /// The header `x-csrf-token`.
    pub csrf: Option<String>,
    /// The header `x-shared-link`: the slug of a shared link, a dot, and its key.
    pub shared: Option<String>,
    /// The header `accept`.
    pub accept: Option<String>,
    /// The header `content-type`.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// The address that asks.
    pub peer: IpAddr,
    /// The address people reach this server at, as this request shows it: scheme and host, no `/` at the end.
    pub origin: String,
    /// 64 random hexadecimal digits, for a session that may begin.
    pub random: String,
}

impl Call {
    /// The name of the cookie that holds the session.
    pub const COOKIE: &'static str = "footfall_session";

    /// A request with no headers and no body.
    pub fn new(method: &str, path: &str) -> Call {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Call {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            authorization: None,
            cookie: None,
            csrf: None,
            shared: None,
            accept: None,
            content_type: None,
            body: Vec::new(),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            origin: "http://localhost:8000".to_owned(),
            random: "0".repeat(64),
        }
    }

    /// The token of an `authorization: Bearer` header.
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.authorization.as_deref()?.trim().split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
    }

    /// Name and password of an `authorization: Basic` header.
    pub fn basic(&self) -> Option<(String, String)> {
        let (scheme, text) = self.authorization.as_deref()?.trim().split_once(' ')?;
        let bytes = STANDARD.decode(text.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let (name, password) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
        Some((name.to_owned(), password.to_owned()))
    }

    /// The first value of a query parameter.
    pub fn param(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    /// The parts of the path below a prefix, percent-decoded.
    pub fn below(&self, prefix: &str) -> Option<Vec<String>> {
        let rest = self.path.strip_prefix(prefix)?;
        let decode = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
        Some(rest.split('/').filter(|part| !part.is_empty()).map(decode).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read() {
        let mut call = Call::new("GET", "/api/v1/sites/a%2Fb/x?limit=3&search=a+b");
        call.authorization = Some("bearer  abc ".to_owned());
        assert_eq!(call.bearer(), Some("abc"));
        assert_eq!(call.param("search").as_deref(), Some("a b"));
        assert_eq!(call.below("/api/v1/").unwrap(), ["sites", "a/b", "x"]);
        call.authorization = Some("Basic abc".to_owned());
        assert_eq!((call.bearer(), call.basic()), (None, None));
        call.authorization = Some("Basic V29yZFByZXNzOmE6Yg==".to_owned());
        assert_eq!(call.basic(), Some(("WordPress".to_owned(), "a:b".to_owned())));
    }
}
