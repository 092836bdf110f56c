//! Answers as bytes, in the shapes Matomo's renderers give them.

mod flat;
mod json;
mod xml;

use footfall_model::Cell;

use super::{Answer, Context, Failure, MatomoRequest, Reply};

/// Writes an answer or a failure in the format that the request asks for.
pub(super) fn reply(ctx: &Context, request: &MatomoRequest, made: Result<Answer, Failure>) -> Reply {
    let _ = ctx;
    let format = request.filled("format").unwrap_or("xml").to_ascii_lowercase();
    let shape = flat::Shape::of(request);
    match (format.as_str(), made) {
        (_, Ok(Answer::Raw(reply))) => reply,
        ("json", made) => json::reply(request, shape, made),
        ("xml", made) => xml::reply(shape, made),
        (_, Err(failure)) => text(&failure.message, failure.status),
        (unknown, Ok(_)) => text(
            &format!(
                "Renderer format '{unknown}' not valid. Try any of the following instead: console, csv, html, json, original, \
                 rss, tsv, xml."
            ),
            200,
        ),
    }
}

/// An answer as named values and lists, as a reader of its JSON would have it.
pub(super) fn as_json(request: &MatomoRequest, made: Result<Answer, Failure>) -> Cell {
    let shape = flat::Shape::of(request);
    json::cell(shape, made)
}

fn text(message: &str, status: u16) -> Reply {
    Reply {
        status,
        content_type: "text/plain; charset=utf-8",
        headers: Vec::new(),
        body: format!("Error: {message}").into_bytes(),
    }
}
