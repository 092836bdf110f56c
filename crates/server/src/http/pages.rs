//! The demo's own pages: small, with one of the two snippets each.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use crate::app::App;

/// `/demo-pages/matomo.html` and `/demo-pages/plausible.html`, and what they link to.
pub(crate) async fn demo(State(app): State<App>, Path(file): Path<String>) -> Response {
    let sites = app.sites();
    let site = sites.by_domain("demo-pages.example");
    let Some(site) = site else {
        return (StatusCode::NOT_FOUND, "these pages are part of `footfall demo`\n").into_response();
    };
    let (name, rest) = file.split_once('.').unwrap_or((&file, ""));
    let (dialect, page) = name.split_once('-').unwrap_or((name, "home"));
    if file.ends_with(".pdf") {
        return ([(header::CONTENT_TYPE, "application/pdf")], "%PDF-1.4\n%%EOF\n").into_response();
    }
    if rest != "html" || !["matomo", "plausible"].contains(&dialect) {
        return (StatusCode::NOT_FOUND, "there is no such page\n").into_response();
    }
    let snippets = footfall_api::own::snippets("", site);
    let snippet = if dialect == "matomo" {
        snippets.matomo
    } else {
        // The plain script keeps quiet on this machine's own addresses, where the demo usually runs.
        snippets.plausible.replace("/js/script.js", "/js/script.local.file-downloads.outbound-links.js")
    };
    let title = format!("{} page, {page}", if dialect == "matomo" { "Matomo" } else { "Plausible" });
    let event = if dialect == "matomo" {
        "window._paq.push(['trackEvent','Demo','Press','Button'])"
    } else {
        "window.plausible('Press',{props:{button:'demo'}})"
    };
    let body = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{title}</title><style>body{{font:1.1rem/1.6 system-ui;max-width:38rem;margin:3rem auto;padding:0 1rem}}\
         button{{font:inherit}}</style>{snippet}\
         <h1>{title}</h1><p>This page is tracked by the server you are running. Walk around, then look at the site \
         <em>Your first pages</em>.</p><ul>\
         <li><a href=\"/demo-pages/{dialect}-second.html\">A second page</a></li>\
         <li><a href=\"/demo-pages/{dialect}-search.html?q=footfall\">A search for footfall</a></li>\
         <li><a href=\"/demo-pages/{dialect}-file.pdf\">A file</a></li>\
         <li><a href=\"https://example.org/elsewhere\">Another site</a></li></ul>\
         <p><button onclick=\"{event}\">Press me</button></p></html>"
    );
    let mut response = Html(body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
