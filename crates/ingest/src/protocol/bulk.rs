use footfall_model::Sites;
use serde_json::Value;

use super::{
    answer,
    client::Client,
    matomo::{Scene, Verdict, is_repeated, site_of, token},
    params::Params,
};
use crate::{
    Dropped,
    accept::{Accepted, Gate, Incoming, bounds},
};

/// Whether the body is a bulk of requests: Matomo looks for the word and at nothing else.
pub(crate) fn is_one(body: &[u8]) -> bool {
    body.len() > 10
        && [&b"\"requests\""[..], b"'requests'"]
            .into_iter()
            .any(|word| body.windows(word.len()).position(|window| window == word).is_some_and(|at| at > 0))
}

/// Takes a bulk. Each request stands for itself: a wrong one never stops its neighbours.
pub(crate) fn accept<'i>(gate: &Gate, incoming: &Incoming<'i>, sites: &Sites, client: &Client<'i>) -> Accepted {
    let body: Value = serde_json::from_slice(incoming.body).unwrap_or(Value::Null);
    let image = !matches!(&body["send_image"], Value::String(text) if text == "0") && body["send_image"].as_i64() != Some(0);
    let bulk_token = match &body["token_auth"] {
        Value::String(text) if !text.is_empty() => Some(token(sites, text)),
        _ => query_token(incoming.query).map(|text| token(sites, &text)),
    };
    let superuser = bulk_token.as_ref().and_then(Option::as_ref).is_some_and(|token| token.superuser);
    let scene = Scene { gate, sites, client, incoming, token: bulk_token };
    let requests: Vec<&Value> = match &body["requests"] {
        Value::Array(list) => list.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    };
    let mut taken = Accepted {
        hits: Vec::with_capacity(requests.len().min(bounds::BULK)),
        dropped: Vec::new(),
        failures: Vec::new(),
        reply: answer::silence(incoming, &[]),
    };
    let mut tracked = 0;
    let mut invalid = Vec::new();
    let status = if !sites.settings.record {
        taken.dropped = vec![(0, Dropped::Paused); requests.len().min(bounds::BULK)];
        503
    } else if requests.len() > bounds::BULK {
        taken.dropped.push((0, Dropped::TooLarge));
        413
    } else {
        for (index, request) in requests.into_iter().enumerate() {
            let mut params = Params::new();
            match request {
                Value::String(text) => match query(text) {
                    Some(query) => params.form(query.as_bytes(), false),
                    None => continue,
                },
                Value::Object(members) => params.object(members),
                Value::Array(list) if !list.is_empty() => {
                    invalid.push(index);
                    taken.dropped.push((0, Dropped::UnknownSite));
                    continue;
                }
                _ => {}
            }
            if params.is_empty() {
                tracked += 1;
                continue;
            }
            match scene.decide(&params, &mut taken.failures) {
                Verdict::Counted(hit) => {
                    if is_repeated(gate, &hit, &taken.hits) {
                        invalid.push(index);
                    } else {
                        tracked += 1;
                    }
                    taken.hits.push(*hit);
                }
                Verdict::Excluded(reason) => {
                    tracked += 1;
                    taken.dropped.push((site_of(&params, sites), reason));
                }
                Verdict::Refused(reason) => {
                    invalid.push(index);
                    taken.dropped.push((site_of(&params, sites), reason));
                }
            }
        }
        200
    };
    taken.reply = if image || status != 200 {
        answer::counts(incoming, status, tracked, &invalid, superuser, &taken.dropped)
    } else {
        answer::silence(incoming, &taken.dropped)
    };
    taken
}

/// The query string in a request's URL; a text without `?` is one itself when it has a pair.
fn query(url: &str) -> Option<&str> {
    let url = url.trim();
    let url = url.split('#').next().unwrap_or("");
    let query = match url.split_once('?') {
        Some((_, query)) => query,
        None if url.contains('=') && !url.contains("//") => url,
        None => "",
    };
    (!query.is_empty()).then_some(query)
}

fn query_token(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, text)| name == "token_auth" && !text.is_empty())
        .map(|(_, text)| text.into_owned())
}
