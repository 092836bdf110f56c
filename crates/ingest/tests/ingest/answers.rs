//! Answers, to the byte.

use std::fmt::Write;

use footfall_ingest::accept::Reply;

use crate::stage::{Ask, CHROME, Stage};

fn show(reply: &Reply) -> String {
    let mut text = format!("{} {}\n", reply.status, reply.content_type);
    for (name, value) in &reply.headers {
        writeln!(text, "{name}: {value}").unwrap();
    }
    match reply.content_type {
        "image/gif" => writeln!(text, "({} bytes)", reply.body.len()).unwrap(),
        _ => writeln!(text, "{}", String::from_utf8_lossy(&reply.body)).unwrap(),
    }
    text
}

#[test]
fn a_request_is_explained_where_the_settings_say_so() {
    let mut stage = Stage::new();
    let told = |stage: &Stage, query: &str| {
        let reply = stage.matomo(&Ask { query, ..Ask::default() }).reply;
        (reply.status, reply.content_type, String::from_utf8_lossy(&reply.body).into_owned())
    };
    let asked = "idsite=1&rec=1&url=https://example.org/&debug=1&token_auth=secret";
    assert_eq!(told(&stage, asked).1, "image/gif");
    stage.settings.explain_on_demand = true;
    assert_eq!(told(&stage, "idsite=1&rec=1&debug=0").1, "image/gif");
    let (status, kind, text) = told(&stage, asked);
    assert_eq!((status, kind), (200, "text/plain; charset=utf-8"));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines[0], lines.len()), ("Parameters:", 7));
    for line in ["  debug = 1", "  idsite = 1", "  rec = 1", "  token_auth = (not shown)", "  url = https://example.org/"] {
        assert!(lines.contains(&line), "{text}");
    }
    assert!(lines[6].starts_with("Counted: page view on site 1 at 2"), "{text}");
    let (status, _, text) = told(&stage, "idsite=9&rec=1&debug=1");
    assert_eq!(status, 400);
    assert!(text.ends_with(
        "Refused (unknown-site): no site has the number or domain of the request; check the snippet's site, or add the site.\n"
    ));
    stage.settings.explain = true;
    assert!(told(&stage, "idsite=1").2.ends_with("Not counted (not-recorded): the parameter `rec=1` is missing.\n"));
}

#[test]
fn matomos_answers() {
    let mut stage = Stage::new();
    let page = "idsite=1&rec=1&url=https://example.org/";
    let mut all = String::new();
    let mut put = |stage: &Stage, name: &str, ask: Ask<'_>| {
        writeln!(all, "# {name}\n{}", show(&stage.matomo(&ask).reply)).unwrap();
    };
    let origin = [("user-agent", CHROME), ("origin", "https://example.org")];
    let form = "application/x-www-form-urlencoded";
    put(&stage, "a page view", Ask { query: page, ..Ask::default() });
    put(&stage, "posted", Ask { method: "POST", body: page.as_bytes(), content_type: form, ..Ask::default() });
    put(
        &stage,
        "posted from a page",
        Ask { method: "POST", body: page.as_bytes(), content_type: form, headers: &origin, ..Ask::default() },
    );
    put(&stage, "without a picture", Ask { query: "idsite=1&rec=1&send_image=0", ..Ask::default() });
    put(&stage, "not recorded", Ask { query: "idsite=1", ..Ask::default() });
    put(&stage, "not recorded, without a picture", Ask { query: "idsite=1&send_image=0", ..Ask::default() });
    put(&stage, "an unknown site", Ask { query: "idsite=9&rec=1", ..Ask::default() });
    put(&stage, "no site", Ask { query: "rec=1", ..Ask::default() });
    put(&stage, "an unknown site, without a picture", Ask { query: "idsite=9&rec=1&send_image=0", ..Ask::default() });
    put(&stage, "an address without a token", Ask { query: "idsite=1&rec=1&cip=1.1.1.1", ..Ask::default() });
    put(&stage, "nothing", Ask::default());
    put(&stage, "nothing, posted", Ask { method: "POST", ..Ask::default() });
    put(&stage, "a browser's question", Ask { method: "OPTIONS", headers: &origin, ..Ask::default() });
    let large = vec![b'a'; 9 << 20];
    put(&stage, "too large", Ask { method: "POST", body: &large, content_type: form, ..Ask::default() });
    stage.settings.honour_do_not_track = true;
    put(
        &stage,
        "asks not to be tracked",
        Ask { query: page, headers: &[("user-agent", CHROME), ("dnt", "1")], ..Ask::default() },
    );
    stage.settings.record = false;
    put(&stage, "paused", Ask { query: page, ..Ask::default() });
    put(&stage, "a paused bulk", Ask { method: "POST", body: br#"{"requests":["?idsite=1&rec=1"]}"#, ..Ask::default() });
    insta::assert_snapshot!(all);
}

#[test]
fn plausibles_answers() {
    let mut stage = Stage::new();
    let mut all = String::new();
    let mut put = |stage: &Stage, name: &str, body: &str| {
        let ask = Ask { method: "POST", body: body.as_bytes(), content_type: "text/plain", ..Ask::default() };
        writeln!(all, "# {name}\n{}", show(&stage.plausible(&ask).reply)).unwrap();
    };
    put(&stage, "a page view", r#"{"n":"pageview","u":"https://example.org/","d":"example.org"}"#);
    put(&stage, "an unknown site", r#"{"n":"pageview","u":"https://example.org/","d":"nowhere.example"}"#);
    put(
        &stage,
        "several sites",
        r#"{"n":"pageview","u":"https://example.org/","d":"example.org,nowhere.example,quiet.example,x"}"#,
    );
    put(&stage, "nothing", "{}");
    put(&stage, "no JSON", "<script>");
    put(&stage, "no object", "[1]");
    put(&stage, "an engagement of nothing", r#"{"n":"engagement","u":"https://example.org/","d":"example.org"}"#);
    stage.settings.record = false;
    put(&stage, "paused", r#"{"n":"pageview","u":"https://example.org/","d":"example.org"}"#);
    let mut put = |name: &str, ask: Ask<'_>| {
        writeln!(all, "# {name}\n{}", show(&stage.plausible(&ask).reply)).unwrap();
    };
    put("a browser's question", Ask { method: "OPTIONS", ..Ask::default() });
    put("read", Ask::default());
    let headers = [("x-debug-request", "true"), ("x-forwarded-for", "198.51.100.7, 10.0.0.1")];
    put("who am I", Ask { method: "POST", headers: &headers, peer: "10.0.0.2", ..Ask::default() });
    let large = vec![b' '; (1 << 20) + 1];
    put("too large", Ask { method: "POST", body: &large, ..Ask::default() });
    insta::assert_snapshot!(all);
}

#[test]
fn the_query_comes_before_the_form() {
    let stage = Stage::new();
    let ask = Ask {
        method: "POST",
        query: "idsite=1&action_name=query",
        body: b"rec=1&idsite=9&action_name=form&url=https://example.org/",
        content_type: "application/x-www-form-urlencoded; charset=UTF-8",
        ..Ask::default()
    };
    let accepted = stage.matomo(&ask);
    assert_eq!((accepted.hits[0].site, accepted.hits[0].title.as_str()), (1, "query"));
    assert_eq!(accepted.hits[0].url, "https://example.org/");
    let json = Ask { content_type: "application/json", ..ask };
    assert_eq!(stage.matomo(&json).dropped[0].1.code(), "not-recorded");
}

#[test]
fn the_page_of_a_bare_pixel_is_its_referer() {
    let stage = Stage::new();
    let headers = [("user-agent", CHROME), ("referer", "https://example.org/newsletter")];
    let url = |query: &str| stage.matomo(&Ask { query, headers: &headers, ..Ask::default() }).hits[0].url.clone();
    assert_eq!(url("idsite=1&rec=1"), "https://example.org/newsletter");
    assert_eq!(url("idsite=1&rec=1&urlref=https://example.net/"), "");
    assert_eq!(url("idsite=1&rec=1&url=https://example.org/"), "https://example.org/");
}
