//! `/api/event`.

use footfall_ingest::{Hit, Ranges, accept::Accepted, hit::Action};

use crate::stage::{Ask, CHROME, Stage};

fn ask(stage: &Stage, body: &str) -> Accepted {
    stage.plausible(&Ask { method: "POST", body: body.as_bytes(), content_type: "application/json", ..Ask::default() })
}

fn hit(body: &str) -> Hit {
    let accepted = ask(&Stage::new(), body);
    assert_eq!(accepted.reply.status, 202, "{body}: {}", String::from_utf8_lossy(&accepted.reply.body));
    accepted.hits.into_iter().next().unwrap()
}

fn event(fields: &str) -> String {
    format!(r#"{{"n":"Signup","u":"https://www.example.org/a%20b?x=1#c","d":"example.org"{fields}}}"#)
}

fn errors(body: &str) -> String {
    let accepted = ask(&Stage::new(), body);
    assert_eq!(accepted.reply.status, 400, "{body}");
    assert_eq!((accepted.hits.len(), accepted.dropped[0].1.code()), (0, "invalid-parameter"));
    String::from_utf8(accepted.reply.body.into_owned()).unwrap()
}

#[test]
fn keys_are_short_or_long() {
    let short =
        hit(r#"{"n":"Buy","u":"https://example.org/","d":"example.org","r":"https://a.example/","p":{"a":"b"},"i":false}"#);
    let long = hit(
        r#"{"name":"Buy","url":"https://example.org/","domain":"example.org","referrer":"https://a.example/","props":{"a":"b"},"interactive":false}"#,
    );
    assert_eq!(short, long);
    assert_eq!(short.action, Action::Custom { name: "Buy".into(), interactive: false });
    assert_eq!(short.props, [("a".to_owned(), "b".to_owned())]);
    assert_eq!(short.referrer, "https://a.example/");
}

#[test]
fn a_page_is_host_and_path() {
    let page = |url: &str, extra: &str| {
        let hit = hit(&format!(r#"{{"n":"pageview","u":"{url}","d":"example.org"{extra}}}"#));
        let given = |id: &str| hit.given.iter().find(|(known, _)| known == id).unwrap().1.clone();
        (given("action.host"), given("action.page"))
    };
    for (url, extra, host, path) in [
        ("https://www.example.org", "", "example.org", "/"),
        ("https://example.org:8080/a%20b/?q=1#c", "", "example.org", "/a b/"),
        ("https://example.org/a#c%20d", r#","h":1"#, "example.org", "/a#c d"),
        ("https://example.org/a#c", r#","hashMode":0"#, "example.org", "/a"),
        ("https://example.org/%FF", "", "example.org", "/%FF"),
        ("https://example.org/a%20", "", "example.org", "/a"),
        ("about:config", "", "(none)", "config"),
        ("/no/hostname", "", "(none)", "/no/hostname"),
        ("file:///android_asset/www/index.html", "", "(none)", "/android_asset/www/index.html"),
    ] {
        assert_eq!(page(url, extra), (host.to_owned(), path.to_owned()), "{url}");
    }
}

#[test]
fn one_event_may_be_for_several_sites() {
    let stage = Stage::new();
    let accepted = ask(&stage, r#"{"n":"pageview","u":"https://example.org/","d":"www.example.org, quiet.example,nowhere"}"#);
    assert_eq!(accepted.hits.iter().map(|hit| hit.site).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(accepted.failures.len(), 1);
    let from_url = ask(&stage, r#"{"n":"pageview","u":"https://www.example.org/"}"#);
    assert_eq!(from_url.hits[0].site, 1);
}

#[test]
fn properties_are_plain() {
    let props = |sent: &str| -> Vec<String> {
        hit(&event(&format!(",\"p\":{sent}"))).props.into_iter().map(|(key, value)| format!("{key}={value}")).collect()
    };
    assert_eq!(
        props(r#"{"a":"x","b":true,"c":12,"d":1.5,"e":null,"f":"","g":[1],"h":{},"  ":"y","i":"  "}"#),
        ["a=x", "b=true", "c=12", "d=1.5"]
    );
    assert_eq!(props(r#""{\"a\":\"x\"}""#), ["a=x"]);
    assert!(props(r#""not json""#).is_empty());
    assert!(props("7").is_empty());
    let many: Vec<String> = (0..40).map(|at| format!(r#""k{at}":"v""#)).collect();
    assert_eq!(props(&format!("{{{}}}", many.join(","))).len(), 30);
    let long = "keys should have at most 300 bytes and values 2000 bytes";
    let wanted = format!(r#"{{"errors":{{"props":["{long}"]}}}}"#);
    assert_eq!(errors(&event(&format!(r#","p":{{"{}":"v"}}"#, "k".repeat(301)))), wanted);
    assert_eq!(errors(&event(&format!(r#","p":{{"k":"{}"}}"#, "v".repeat(2001)))), wanted);
    assert_eq!(props(&format!(r#"{{"{}":"{}"}}"#, "k".repeat(300), "v".repeat(2000))).len(), 1);
}

#[test]
fn revenue_has_a_currency() {
    for (sent, wanted) in [
        (r#"{"amount":10.2,"currency":"USD"}"#, Some((10.2, "USD"))),
        (r#"{"amount":"12.3","currency":"eur"}"#, Some((12.3, "EUR"))),
        (r#""{\"amount\":20,\"currency\":\"USD\"}""#, Some((20.0, "USD"))),
        (r#"{"amount":10,"currency":"EEEE"}"#, None),
        (r#"{"amount":"much","currency":"USD"}"#, None),
        (r#"{"amount":10}"#, None),
        ("7", None),
    ] {
        let revenue = hit(&event(&format!(",\"$\":{sent}"))).revenue;
        assert_eq!(revenue, wanted.map(|(amount, currency)| (amount, currency.to_owned())), "{sent}");
    }
}

#[test]
fn engagement_needs_a_number() {
    let read = |fields: &str| format!(r#"{{"n":"engagement","u":"https://example.org/","d":"example.org"{fields}}}"#);
    for (fields, depth, milliseconds) in [
        (r#","sd":25,"e":789"#, Some(25), 789),
        (r#","sd":"25","e":"789""#, Some(25), 789),
        (r#","sd":101"#, Some(100), 0),
        (r#","sd":-1,"e":100"#, None, 100),
        (r#","sd":"12asd","e":100"#, None, 100),
        (r#","sd":50,"e":-100"#, Some(50), 0),
        (r#","sd":50,"e":1741850224785"#, Some(50), 0),
        (r#","e":0"#, None, 0),
    ] {
        let wanted = Action::Engagement { scroll_depth: depth, milliseconds };
        assert_eq!(hit(&read(fields)).action, wanted, "{fields}");
    }
    for fields in ["", r#","sd":-1"#, r#","sd":"null","e":"null""#, r#","e":1741850224785"#] {
        assert!(
            errors(&read(fields)).contains("requires a valid integer value for at least one of 'sd' or 'e' fields"),
            "{fields}"
        );
    }
}

#[test]
fn some_events_are_interactions_whatever_they_say() {
    let interactive = |name: &str, fields: &str| {
        let hit = hit(&format!(r#"{{"n":"{name}","u":"https://example.org/a","d":"example.org"{fields}}}"#));
        matches!(hit.action, Action::Custom { interactive: true, .. })
    };
    for name in ["Outbound Link: Click", "Cloaked Link: Click", "File Download", "404", "WP Form Completions", "Form: Submission"]
    {
        assert!(interactive(name, r#","i":false"#), "{name}");
    }
    assert!(!interactive("ping", r#","i":false"#));
    assert!(!interactive("ping", r#","interactive":false"#));
    for fields in [r#","i":true"#, r#","i":null"#, r#","i":"invalid""#, ""] {
        assert!(interactive("ping", fields), "{fields}");
    }
}

#[test]
fn some_events_carry_their_path() {
    let path = |name: &str, fields: &str| {
        let hit = hit(&format!(r#"{{"n":"{name}","u":"https://example.org/a#b","d":"example.org"{fields}}}"#));
        hit.props.into_iter().find(|(key, _)| key == "path").map(|(_, value)| value)
    };
    assert_eq!(path("404", "").as_deref(), Some("/a"));
    assert_eq!(path("404", r#","h":1"#).as_deref(), Some("/a#b"));
    assert_eq!(path("WP Form Completions", r#","p":{"path":"/album"}"#).as_deref(), Some("/album"));
    assert_eq!(path("Signup", ""), None);
}

#[test]
fn every_wrong_field_is_named() {
    for (body, wanted) in [
        ("{}", r#"{"errors":{"url":["is required"],"domain":["can't be blank"],"event_name":["can't be blank"]}}"#),
        (r#"{"n":"pageview","d":"example.org"}"#, r#"{"errors":{"url":["is required"]}}"#),
        (r#"{"n":"","u":"https://example.org/"}"#, r#"{"errors":{"event_name":["can't be blank"]}}"#),
        (r#"{"n":["a"],"u":"https://example.org/"}"#, r#"{"errors":{"event_name":["is invalid"]}}"#),
        (r#"{"n":"a","u":7,"d":"example.org"}"#, r#"{"errors":{"url":["must be a string"]}}"#),
        (r#"{"n":"a","u":"DATA:text/html,x","d":"example.org"}"#, r#"{"errors":{"url":["scheme is not allowed"]}}"#),
        (r#"{"n":"a","u":"https://example.org/","d":" "}"#, r#"{"errors":{"domain":["can't be blank"]}}"#),
        (r#"{"n":"a","u":"/path"}"#, r#"{"errors":{"domain":["can't be blank"]}}"#),
    ] {
        assert_eq!(errors(body), wanted, "{body}");
    }
    let long = format!(r#"{{"n":"{}","u":"https://example.org/"}}"#, "a".repeat(121));
    assert_eq!(errors(&long), r#"{"errors":{"event_name":["should be at most 120 character(s)"]}}"#);
    let long = format!(r#"{{"n":"a","d":"example.org","u":"https://example.org/{}"}}"#, "a".repeat(2000));
    assert_eq!(errors(&long), r#"{"errors":{"url":["must be a valid url"]}}"#);
    assert_eq!(hit(r#"{"n":404,"u":"https://example.org/"}"#).action, Action::Custom { name: "404".into(), interactive: true });
}

#[test]
fn shields_hold() {
    let mut stage = Stage::new();
    let dropped = |stage: &Stage, headers: &[(&str, &str)], url: &str| {
        let body = format!(r#"{{"n":"pageview","u":"{url}","d":"example.org","r":""}}"#);
        let accepted = stage.plausible(&Ask { method: "POST", body: body.as_bytes(), headers, ..Ask::default() });
        assert_eq!((accepted.reply.status, accepted.reply.body.as_ref()), (202, &b"ok"[..]));
        accepted.dropped.first().map(|(_, reason)| reason.code())
    };
    let chrome = [("user-agent", CHROME)];
    let url = "https://example.org/private/a";
    assert_eq!(dropped(&stage, &chrome, url), None);
    assert_eq!(dropped(&stage, &[], url), None);
    assert_eq!(dropped(&stage, &[("user-agent", "Googlebot/2.1")], url), Some("bot"));
    assert_eq!(dropped(&stage, &[("x-plausible-ip-type", "dc_ip")], url), Some("suspicious-address"));
    assert_eq!(dropped(&stage, &[("x-plausible-ip-type", "threat_ip")], url), Some("suspicious-address"));
    stage.gate = stage.gate.with_data_centers(Ranges::parse("203.0.113.64/27\n2001:db8::/32").unwrap());
    assert_eq!(dropped(&stage, &chrome, url), Some("suspicious-address"));
    stage.gate = stage.gate.with_data_centers(Ranges::parse("203.0.113.96/27").unwrap());
    stage.list[0].exclusions.pages = vec!["/private/*".to_owned()];
    assert_eq!(dropped(&stage, &chrome, url), Some("excluded-page"));
    assert_eq!(dropped(&stage, &chrome, "https://example.org/public"), None);
    stage.list[0].exclusions.hostnames = vec!["*.example.org".to_owned()];
    assert_eq!(dropped(&stage, &chrome, url), Some("excluded-host"));
    assert_eq!(dropped(&stage, &chrome, "https://docs.example.org/public"), None);
    stage.list[0].exclusions.addresses = vec!["203.0.113.77".to_owned()];
    assert_eq!(dropped(&stage, &chrome, "https://docs.example.org/public"), Some("excluded-address"));
    let spam =
        r#"{"n":"pageview","u":"https://docs.example.org/","d":"example.org,quiet.example","r":"https://www.1-best-seo.com"}"#;
    let accepted = ask(&stage, spam);
    let codes: Vec<&str> = accepted.dropped.iter().map(|(_, reason)| reason.code()).collect();
    assert_eq!(codes, ["spam-referrer", "spam-referrer"]);
    let said = |name: &str| accepted.reply.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref());
    assert_eq!((said("x-plausible-dropped"), said("x-footfall-dropped")), (Some("2"), Some("spam-referrer")));
}
