//! Lines of an import.

use footfall_ingest::{
    Hit,
    hit::{Action, Dialect},
    import,
};
use footfall_model::{Millis, Value};

use crate::stage::{NOW, Stage};

fn line(text: &str) -> Result<Hit, String> {
    told(text).map(|hit| hit.expect("a hit"))
}

fn told(text: &str) -> Result<Option<Hit>, String> {
    import::line(text.as_bytes(), 7, "batch", &Stage::new().sites(), Millis(NOW)).map_err(|error| error.to_string())
}

fn with(fields: &str) -> String {
    format!(r#"{{"site":"example.org","timestamp":"2021-01-01T00:25:00Z","visitor":"1","hostname":"example.org"{fields}}}"#)
}

#[test]
fn a_page_view_is_the_least() {
    let hit = line(&with("")).unwrap();
    assert_eq!((hit.site, hit.dialect, hit.at), (1, Dialect::Import, 1_609_460_700_000));
    assert_eq!((hit.received_at, hit.visitor_forced), (NOW, true));
    assert_eq!((hit.action, hit.url.as_str()), (Action::PageView, "https://example.org/"));
    assert_eq!(hit.import, Some(("batch".to_owned(), 7)));
}

#[test]
fn sites_moments_and_visitors_have_several_forms() {
    for site in ["\"example.org\"", "\"EXAMPLE.org\"", "1", "\"1\""] {
        let text = with("").replace("\"example.org\",\"timestamp\"", &format!("{site},\"timestamp\""));
        assert_eq!(line(&text).unwrap().site, 1, "{site}");
    }
    for (moment, at) in [
        ("2021-01-01T01:25:00+01:00", 1_609_460_700_000),
        ("2021-01-01T00:25:00.250Z", 1_609_460_700_250),
        ("2021-01-01 00:25:00", 1_609_460_700_000),
    ] {
        assert_eq!(line(&with("").replace("2021-01-01T00:25:00Z", moment)).unwrap().at, at, "{moment}");
    }
    let visitor = |text: &str| line(&with("").replace("\"visitor\":\"1\"", &format!("\"visitor\":{text}"))).unwrap().visitor;
    assert_eq!(visitor("1"), visitor("\"1\""));
    assert_ne!(visitor("1"), visitor("2"));
    let quiet = with("").replace("\"site\":\"example.org\"", "\"site\":\"quiet.example\"");
    assert_ne!(line(&quiet).unwrap().visitor, visitor("1"));
}

#[test]
fn kinds_of_lines() {
    let action = |fields: &str| line(&with(fields)).unwrap().action;
    assert_eq!(action(r#","type":"event","name":"Buy""#), Action::Custom { name: "Buy".into(), interactive: true });
    assert_eq!(
        action(r#","type":"event","name":"Buy","interactive":false"#),
        Action::Custom { name: "Buy".into(), interactive: false }
    );
    assert_eq!(
        action(r#","type":"engagement","scroll_depth":40,"engagement_time_ms":1500"#),
        Action::Engagement { scroll_depth: Some(40), milliseconds: 1500 }
    );
    assert_eq!(
        action(r#","type":"event","name":"play","event_category":"Films","event_name":"Metropolis","event_value":2.5"#),
        Action::Event { category: "Films".into(), action: "play".into(), name: "Metropolis".into(), value: Some(2.5) }
    );
    assert_eq!(
        action(r#","type":"outlink","url":"https://other.example/a""#),
        Action::Outlink { target: "https://other.example/a".into() }
    );
    assert_eq!(
        action(r#","type":"search","search_keyword":"shoe","search_count":3"#),
        Action::Search { keyword: "shoe".into(), category: String::new(), count: Some(3) }
    );
    assert_eq!(
        action(r#","type":"content_interaction","content_name":"Ad","content_interaction":"click""#),
        Action::Content { name: "Ad".into(), piece: String::new(), target: String::new(), interaction: "click".into() }
    );
    assert_eq!(action(r#","type":"engagement","scroll_depth":255"#), Action::Engagement { scroll_depth: None, milliseconds: 0 });
}

#[test]
fn given_facts_win() {
    let stage = Stage::new();
    let hit = line(&with(
        r#","path":"/a","title":"A","referrer":"https://ref.example/x/","referrer_source":"Google","utm_medium":"cpc",
        "browser":"Firefox","browser_version":"127.0","os":"Mac","os_version":"14","device":"Mobile","country":"ee","region":"EE-37",
        "city":"588409","language":"et","screen":"800x600","props":{"a":"b"},"revenue":{"amount":5,"currency":"EUR"},"user_id":"ada""#,
    ))
    .unwrap();
    let enriched = stage.enrich(hit);
    for (id, wanted) in [
        ("visit.source", "Google"),
        ("visit.referrer", "https://ref.example/x/"),
        ("visit.channel", "Paid Search"),
        ("visit.utm_medium", "cpc"),
        ("visit.browser", "Firefox"),
        ("visit.browser_name", "Firefox"),
        ("visit.browser_release", "127.0"),
        ("visit.os", "Mac"),
        ("visit.screen_class", "Mobile"),
        ("visit.country", "EE"),
        ("visit.continent", "eur"),
        ("visit.region", "EE-37"),
        ("visit.city", ""),
        ("visit.city_id", "588409"),
        ("visit.language", "et"),
        ("visit.resolution", "800x600"),
    ] {
        assert_eq!(stage.text(&enriched, id), wanted, "{id}");
    }
    assert_eq!((&*enriched.url.host, &*enriched.url.path, &*enriched.title), ("example.org", "/a", "A"));
    assert_eq!(enriched.revenue, Some((5.0, "EUR".into())));
    assert_eq!(enriched.visitor.map(|id| id.0), line(&with("")).unwrap().visitor);
}

#[test]
fn an_address_is_kept_as_the_settings_say_and_sixteen_digits_are_the_visitor() {
    let mut stage = Stage::new();
    let text =
        with(r#","address":"203.0.113.77","os":"GNU/Linux","latitude":48.5,"local_hour":7,"fingerprint":"00000000000000ff""#);
    let text = text.replace("\"visitor\":\"1\"", "\"visitor\":\"00000000000000aa\"");
    let enriched = stage.enrich(line(&text).unwrap());
    assert_eq!((enriched.visitor.map(|id| id.0), enriched.fingerprint), (Some(0xaa), 0xff));
    assert_eq!(
        (stage.text(&enriched, "visit.address"), stage.text(&enriched, "visit.os_version")),
        (String::new(), String::new())
    );
    let facts = (stage.fact(&enriched, "visit.latitude"), stage.fact(&enriched, "visit.local_hour"));
    assert_eq!(facts, (Value::Real(48.5), Value::Int(7)));
    stage.settings.keep_address = true;
    assert_eq!(stage.text(&stage.enrich(line(&text).unwrap()), "visit.address"), "203.0.0.0");
}

#[test]
fn tags_make_a_channel_and_no_source() {
    let stage = Stage::new();
    let enriched = stage.enrich(line(&with(r#","utm_source":"newsletter","utm_medium":"email""#)).unwrap());
    assert_eq!(
        (stage.text(&enriched, "visit.source"), stage.text(&enriched, "visit.channel")),
        (String::new(), "Email".to_owned())
    );
}

#[test]
fn a_wrong_line_says_what_is_wrong() {
    for (text, wanted) in [
        ("".to_owned(), "line 7: no JSON object: EOF while parsing a value at line 1 column 0"),
        (with("").replace("example.org\",\"t", "nowhere\",\"t"), "line 7: no site is called `nowhere`"),
        (with("").replace("\"site\":\"example.org\",", ""), "line 7: `site` is missing: a domain or a number"),
        (with("").replace("2021-01-01T00:25:00Z", "noon"), "line 7: `timestamp` is no moment of RFC 3339: `noon`"),
        (with("").replace("\"visitor\":\"1\",", ""), "line 7: `visitor` is missing: a text or a whole number"),
        (with("").replace(",\"hostname\":\"example.org\"", ""), "line 7: `url` is missing, and so is `hostname`"),
        (with(r#","type":"event""#), "line 7: `name` is missing: an event has one"),
        (
            with(r#","type":"visit""#),
            "line 7: `type` is `visit`; it may be `pageview`, `event`, `engagement`, `download`, `outlink`, `search`, `content_impression`, `content_interaction`, `ping`, `conversion`, `order`, `cart`",
        ),
        (with(r#","type":"engagement","scroll_depth":300"#), "line 7: `scroll_depth` is no whole number from 0 to 255"),
        (with(r#","type":"download""#), "line 7: `url` is missing: a download has one"),
        (
            with(r#","type":"search","search_keyword":"a","search_count":-1"#),
            "line 7: `search_count` is no whole number from 0 to 2147483647",
        ),
        (with(r#","product_sku":"a","product_price":"b""#), "line 7: `product_price` is no number"),
        (with(r#","title":[]"#), "line 7: `title` is no text"),
        (with(r#","address":"here""#), "line 7: `address` is no IP address: `here`"),
        (with(r#","latitude":"north""#), "line 7: `latitude` is no number"),
        (with(r#","local_hour":300"#), "line 7: `local_hour` is no whole number from 0 to 255"),
        (with(r#","fingerprint":"xyz""#), "line 7: `fingerprint` is no number of up to 16 hexadecimal digits: `xyz`"),
        (with(r#","revenue":5"#), "line 7: `revenue` needs an `amount` and a `currency` of ISO 4217"),
        (with(&format!(r#","title":"{}""#, "a".repeat(5000))), "line 7: `title` is longer than 4096 bytes"),
        (" ".repeat(300_000), "line 7: the line is longer than 262144 bytes"),
    ] {
        assert_eq!(line(&text).unwrap_err(), wanted);
    }
}

#[test]
fn orders_and_carts_bring_their_items() {
    let items = r#"[{"sku":"S1","name":"Shoe","categories":["Feet","Leather"],"price":49.5,"quantity":2},{"sku":"S2"}]"#;
    let sums = r#""total":120.5,"subtotal":100,"tax":10,"shipping":12.5,"discount":2"#;
    let sold = line(&with(&format!(r#","type":"order","order_id":"A1",{sums},"items":{items}"#))).unwrap();
    let Action::Order(order) = sold.action else { panic!("{:?}", sold.action) };
    assert_eq!((order.id.as_str(), order.total, order.subtotal), ("A1", 120.5, 100.0));
    assert_eq!((order.tax, order.shipping, order.discount), (10.0, 12.5, 2.0));
    assert_eq!(order.items[0].categories, ["Feet", "Leather"]);
    assert_eq!((order.items[0].price, order.items[0].quantity), (Some(49.5), 2));
    assert_eq!((order.items[1].sku.as_str(), order.items[1].price, order.items[1].quantity), ("S2", None, 1));
    let cart = line(&with(&format!(r#","type":"cart","total":5,"items":{items}"#))).unwrap();
    assert!(matches!(cart.action, Action::Cart(order) if order.total == 5.0 && order.id.is_empty()));
    for (fields, sentence) in [
        (r#","type":"order""#, "line 7: `order_id` is missing: an order has one"),
        (r#","type":"cart","items":"many""#, "line 7: `items` is no list of at most 1000 products"),
        (r#","type":"cart","items":[{"name":"Shoe"}]"#, "line 7: `sku` is missing: an item has one"),
        (r#","type":"cart","items":[7]"#, "line 7: `items` holds something that is no object"),
        (r#","type":"cart","total":"5""#, "line 7: `total` is no number"),
    ] {
        assert_eq!(line(&with(fields)).unwrap_err(), sentence);
    }
}

#[test]
fn conversions_need_a_goal_and_count_only_where_no_event_brings_them() {
    let by_hand = line(&with(r#","type":"conversion","goal":3,"manual":true,"total":7.5"#)).unwrap();
    assert_eq!(by_hand.action, Action::Goal { goal: 3, revenue: Some(7.5) });
    assert_eq!(told(&with(r#","type":"conversion","goal":3,"total":7.5"#)), Ok(None));
    for of in ["", r#","goal":99"#, r#","goal":"1""#] {
        let refused = line(&with(&format!(r#","type":"conversion","manual":true{of}"#)));
        assert_eq!(refused.unwrap_err(), "line 7: `goal` is no number of one of the site's goals");
    }
}

#[test]
fn dimensions_variables_and_timings_come_as_they_went() {
    let hit = line(&with(
        r#","visit_dimensions":{"1":"gold"},"dimensions":{"2":"blue"},"visit_variables":{"2":["kind","a"]},"variables":{"1":["plan","large"]},"time_network":10,"time_on_load":60"#,
    ))
    .unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(hit.dimensions, [(1, "gold".to_owned()), (2, "blue".to_owned())]);
    assert_eq!(hit.visit_variables, [pair("", ""), pair("kind", "a")]);
    assert_eq!(hit.page_variables, [pair("plan", "large")]);
    assert_eq!(hit.timings, [Some(10), None, None, None, None, Some(60)]);
    for (fields, sentence) in [
        (r#","dimensions":{"0":"x"}"#, "line 7: `dimensions` has a name that is no number from 1 to 10000"),
        (r#","dimensions":{"1":2}"#, "line 7: `dimensions` holds something that is no text"),
        (r#","dimensions":[]"#, "line 7: `dimensions` is no object"),
        (r#","variables":{"1":["a"]}"#, "line 7: `variables` holds something that is no pair of a name and a value"),
        (r#","visit_variables":{"21":["a","b"]}"#, "line 7: `visit_variables` has a name that is no number from 1 to 20"),
        (r#","time_server":-1"#, "line 7: `time_server` is no whole number from 0 to 4294967295"),
    ] {
        assert_eq!(line(&with(fields)).unwrap_err(), sentence);
    }
}
