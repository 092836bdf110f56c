//! Matomo's opt-out, which websites show in a frame or by a script: `index.php?module=CoreAdminHome&action=optOut` and `optOutJS`.

use axum::{
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use footfall_api::matomo::{
    Context, MatomoRequest,
    opt_out::{self, Visitor},
};

/// The cookie by which tracking passes a visitor over, as Matomo writes it: `ignore` is `*`.
const IGNORED: &str = "matomo_ignore=ignore%3DKg%3D%3D; Max-Age=34560000";
const COUNTED: &str = "matomo_ignore=; Max-Age=0";
/// The page works in frames everywhere, with nothing but what stands in it.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; \
     frame-ancestors *";

/// The answer where a request is about opting out.
pub(super) fn answer(ctx: &Context, method: &Method, headers: &HeaderMap, asked: &MatomoRequest) -> Option<Response> {
    if asked.text("module") != Some("CoreAdminHome") {
        return None;
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepted = header("accept-language");
    match asked.text("action")? {
        "optOutJS" => Some(match opt_out::script(ctx, asked, accepted) {
            Ok(script) => sent("application/javascript; charset=utf-8", script),
            Err(failure) => (StatusCode::BAD_REQUEST, failure.message).into_response(),
        }),
        "optOut" if method == Method::POST => Some(choose(ctx, headers, asked, accepted)),
        "optOut" => {
            let honoured = ctx.sites.settings.honour_do_not_track;
            let is_in = !cookies(headers).any(|cookie| cookie == "matomo_ignore=ignore%3DKg%3D%3D");
            let visitor =
                Visitor { is_in, asks_not_to: honoured && (header("dnt") == "1" || header("sec-gpc") == "1"), accepted };
            Some(match opt_out::frame(ctx, asked, visitor) {
                Ok(page) => framed(page),
                Err(failure) => (StatusCode::BAD_REQUEST, failure.message).into_response(),
            })
        }
        _ => None,
    }
}

/// Keeps the choice that the frame's form sends. Only the form itself may: no other website chooses for its visitors.
fn choose(ctx: &Context, headers: &HeaderMap, asked: &MatomoRequest, accepted: &str) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let own = match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin.split_once("://").map(|(_, host)| host) == header("host"),
        (None, None) => false,
    };
    if !own {
        return (StatusCode::FORBIDDEN, "opting out is only possible from the frame of this server\n").into_response();
    }
    let is_secure = header("x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
        || ctx.settings.base_url.starts_with("https:");
    let cookie = if asked.filled("trackVisits").is_some() { COUNTED } else { IGNORED };
    // In a frame of another website only such cookies come back.
    let site = if is_secure { "SameSite=None; Secure" } else { "SameSite=Lax" };
    let mut response = framed(opt_out::saved(ctx, asked, accepted));
    if let Ok(cookie) = format!("{cookie}; Path=/; {site}").parse() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok()).flat_map(|cookies| cookies.split("; "))
}

fn sent(kind: &'static str, body: String) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], body).into_response()
}

fn framed(page: String) -> Response {
    let mut response = sent("text/html; charset=utf-8", page);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(POLICY));
    response
}
