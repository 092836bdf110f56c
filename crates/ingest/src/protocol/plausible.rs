//! Plausible's `/api/event`.

use std::borrow::Cow;

use footfall_model::{Site, Sites};
use serde_json::{Map, Value};

use super::{address, answer, client::cut, event, exclude, matomo::hints};
use crate::{
    Dropped, Hit,
    accept::{Accepted, Failure, Gate, Incoming, Reply, bounds},
    hit::Dialect,
};

/// What is wrong with a body that is no JSON, or too large to be read to its end.
const UNREADABLE: (&str, &str) = ("request", "Unable to parse request body as json");

/// Takes a request to `/api/event`.
pub(crate) fn accept(gate: &Gate, incoming: &Incoming<'_>, sites: &Sites) -> Accepted {
    if incoming.method.eq_ignore_ascii_case("OPTIONS") {
        return nothing(reply(204, "", Vec::new(), b"".as_slice().into()), Vec::new());
    }
    if !incoming.method.eq_ignore_ascii_case("POST") {
        return nothing(reply(405, "text/plain; charset=utf-8", Vec::new(), b"method not allowed".as_slice().into()), Vec::new());
    }
    if incoming.body.len() > bounds::PLAUSIBLE_BODY {
        return nothing(too_large(), vec![(0, Dropped::TooLarge)]);
    }
    let address = address::of_plausible(incoming, sites);
    if incoming.header("x-debug-request") == "true" {
        let body = address.to_string().into_bytes();
        return nothing(reply(200, "text/plain; charset=utf-8", Vec::new(), body.into()), Vec::new());
    }
    let Ok(Value::Object(body)) = serde_json::from_slice::<Value>(incoming.body) else {
        return nothing(errors(400, &[UNREADABLE]), vec![(0, Dropped::InvalidParameter)]);
    };
    let event = match event::read(&body) {
        Ok(event) => event,
        Err(wrong) => return nothing(errors(400, &wrong), vec![(0, Dropped::InvalidParameter)]),
    };
    if !sites.settings.record {
        let site = |domain: &String| sites.by_domain(domain).map_or(0, |site| site.id.0);
        let dropped = event.domains.iter().map(|domain| (site(domain), Dropped::Paused)).collect();
        return nothing(errors(503, &[("request", "counting is paused")]), dropped);
    }
    let mut taken = nothing(reply(202, "text/plain; charset=utf-8", Vec::new(), b"ok".as_slice().into()), Vec::new());
    let user_agent = cut(incoming.header("user-agent"), bounds::USER_AGENT);
    for domain in &event.domains {
        let Some(site) = sites.by_domain(domain) else {
            taken.failures.push(unknown(domain, &event.url, incoming));
            taken.dropped.push((0, Dropped::UnknownSite));
            continue;
        };
        if let Some(reason) = refused(gate, incoming, sites, site, &event, address, user_agent) {
            taken.dropped.push((site.id.0, reason));
            continue;
        }
        let mut hit = Hit::page_view(site.id.0, Dialect::Plausible, incoming.received_at.0);
        hit.address = Some(address);
        hit.user_agent = user_agent.to_owned();
        hit.hints = hints(incoming);
        hit.language = cut(incoming.header("accept-language"), 512).to_owned();
        hit.action = event.action.clone();
        hit.url = event.url.clone();
        hit.referrer = event.referrer.clone();
        hit.props = event.props.clone();
        hit.revenue = event.revenue.clone();
        hit.given = vec![("action.page".to_owned(), event.path.clone()), ("action.host".to_owned(), event.host.clone())];
        taken.hits.push(hit);
    }
    if let Some(reasons) = answer::reasons(&taken.dropped) {
        taken.reply.headers.push(("x-plausible-dropped", taken.dropped.len().to_string().into()));
        taken.reply.headers.push(("x-footfall-dropped", reasons));
    }
    taken
}

/// Why the event is not counted for this site, if so.
fn refused(
    gate: &Gate,
    incoming: &Incoming<'_>,
    sites: &Sites,
    site: &Site,
    event: &event::Event,
    address: std::net::IpAddr,
    user_agent: &str,
) -> Option<Dropped> {
    let settings = &sites.settings;
    let shields = &site.exclusions;
    if gate.spam.is_spam(&event.referrer) {
        return Some(Dropped::SpamReferrer);
    }
    if matches!(incoming.header("x-plausible-ip-type"), "dc_ip" | "threat_ip") {
        return Some(Dropped::SuspiciousAddress);
    }
    if gate.data_centers.contain(address) {
        return Some(Dropped::SuspiciousAddress);
    }
    let asks = incoming.header("dnt").starts_with('1') || incoming.header("sec-gpc") == "1";
    if settings.honour_do_not_track && asks {
        return Some(Dropped::DoNotTrack);
    }
    if !shields.hostnames.is_empty() && !shields.hostnames.iter().any(|pattern| matches_wild(pattern, &event.host)) {
        return Some(Dropped::ExcludedHost);
    }
    if shields.pages.iter().any(|pattern| matches_wild(pattern, &event.path)) {
        return Some(Dropped::ExcludedPage);
    }
    let addresses = [&settings.excluded_addresses, &shields.addresses];
    if addresses.iter().any(|list| exclude::lists_address(list, address)) {
        return Some(Dropped::ExcludedAddress);
    }
    let agents = [&settings.excluded_user_agents, &shields.user_agents];
    if agents.iter().any(|list| exclude::lists_agent(&gate.patterns, list, user_agent)) {
        return Some(Dropped::ExcludedUserAgent);
    }
    let is_bot = !user_agent.is_empty() && footfall_devices::plausible::is_bot(&gate.detector.detect(user_agent, None));
    is_bot.then_some(Dropped::Bot)
}

fn unknown(domain: &str, url: &str, incoming: &Incoming<'_>) -> Failure {
    let mut request = form_urlencoded::Serializer::new(String::new());
    request.append_pair("domain", cut(domain, 255)).append_pair("url", cut(url, 1024));
    Failure {
        reason: Dropped::UnknownSite,
        site: 0,
        at: incoming.received_at,
        url: cut(url, 1024).to_owned(),
        request: request.finish(),
    }
}

/// Whether a text matches a pattern in which `*` stands for anything.
pub(crate) fn matches_wild(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or("")) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The answer to an event that is too large to be read to its end: Plausible reads no further, and takes what it has for broken
/// JSON.
pub(crate) fn too_large() -> Reply {
    let mut reply = errors(400, &[UNREADABLE]);
    reply.headers.push(("x-footfall-dropped", Dropped::TooLarge.code().into()));
    reply
}

fn errors(status: u16, wrong: &[(&'static str, &'static str)]) -> Reply {
    let fields: Map<String, Value> =
        wrong.iter().map(|(field, sentence)| ((*field).to_owned(), Value::from(vec![*sentence]))).collect();
    let body = Value::Object(Map::from_iter([("errors".to_owned(), Value::Object(fields))]));
    reply(status, "application/json; charset=utf-8", Vec::new(), body.to_string().into_bytes().into())
}

fn reply(
    status: u16,
    content_type: &'static str,
    mut headers: Vec<(&'static str, Cow<'static, str>)>,
    body: Cow<'static, [u8]>,
) -> Reply {
    headers.push(("access-control-allow-origin", "*".into()));
    if status == 204 {
        headers.push(("access-control-allow-methods", "POST, OPTIONS".into()));
        headers.push(("access-control-allow-headers", "*".into()));
        headers.push(("access-control-max-age", "1728000".into()));
    } else {
        headers.push(("access-control-expose-headers", "x-plausible-dropped, x-footfall-dropped".into()));
    }
    Reply { status, content_type, headers, body }
}

fn nothing(reply: Reply, dropped: Vec<(u32, Dropped)>) -> Accepted {
    Accepted { hits: Vec::new(), dropped, failures: Vec::new(), reply }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, wanted) in [
            ("/blog", "/blog", true),
            ("/blog", "/blog/a", false),
            ("/blog*", "/blog/a", true),
            ("/blog/**", "/blog/a/b", true),
            ("*.example.org", "a.example.org", true),
            ("*.example.org", "example.org", false),
            ("/a*b*c", "/a-b-c", true),
            ("/a*b*c", "/a-c-b", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("/ab*ba", "/aba", false),
        ] {
            assert_eq!(matches_wild(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
