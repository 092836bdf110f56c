//! `API.getBulkRequest`: many requests in one, each answered with its own rights.

use std::borrow::Cow;

use footfall_admin::Principal;

use crate::{
    access::Need,
    matomo::{
        self, Answer, Failure, MatomoRequest, Param, Sent,
        dispatch::{self, Call, Method},
        encode, metadata, scope, with_defaults,
    },
};

const NAME: &str = "API.getBulkRequest";

pub(in super::super) const METHODS: &[Method] =
    &[Method::new("API", "getBulkRequest", Need::Nobody, &["urls"], |call| Box::pin(bulk(call)))];

/// How many requests one request may hold.
const MOST: usize = 500;

async fn bulk(call: Call<'_>) -> Result<Answer, Failure> {
    let Some(Param::List(urls)) = call.request.get("urls") else {
        return Ok(Answer::list(Vec::new()));
    };
    if urls.len() > MOST {
        return Err(Failure::new(format!("A bulk request may hold {MOST} requests, and this one holds {}.", urls.len())));
    }
    let mut answers = Vec::with_capacity(urls.len());
    for (_, url) in urls {
        let Param::Text(url) = url else {
            continue;
        };
        let asked = one(call.request, url)?;
        if asked.filled("method") == Some(NAME) {
            continue;
        }
        let asked = with_defaults(call.ctx, &asked);
        let made = match caller(call, &asked).await {
            Ok(caller) => {
                let made = dispatch::run(call.ctx, &caller, &asked).await;
                made.map(|answer| metadata::translated(call.ctx, &asked, answer))
            }
            Err(failure) => Err(failure),
        };
        answers.push(encode::as_json(&asked, made));
    }
    Ok(Answer::list(answers))
}

/// A request of the bulk: its own parameters, then those of the bulk.
fn one(bulk: &MatomoRequest, url: &str) -> Result<MatomoRequest, Failure> {
    let mut asked = MatomoRequest::decode(url, &[])?;
    let is_encoded = matches!(asked.params(), [(_, Param::Text(text))] if text.is_empty());
    if is_encoded {
        asked = MatomoRequest::decode(&scope::decode_plus(url), &[])?;
    }
    asked.set("format", "json");
    for (name, value) in bulk.params() {
        if name != "urls" && asked.get(name).is_none() {
            asked.put(name, value.clone());
        }
    }
    Ok(asked)
}

/// Who asks a request of the bulk: whoever its own token belongs to, or whoever asks the bulk.
async fn caller<'a>(call: Call<'a>, asked: &MatomoRequest) -> Result<Cow<'a, Principal>, Failure> {
    let token = asked.filled("token_auth");
    if token == call.request.filled("token_auth") || token.is_none() {
        return Ok(Cow::Borrowed(call.caller));
    }
    matomo::caller(call.ctx, token, Sent::Openly).await.map(Cow::Owned)
}
