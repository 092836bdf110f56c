//! Events go out whole: as JSON lines that come in again as they were, and as a Parquet file with the same content.

mod common;

use common::{Server, TOKEN, add_site, bearer, exported, import, moved};
use serde_json::{Map, Value, json};

/// Custom dimensions and goals of a site, the same by number on each.
fn set_up(server: &Server, site: u32) {
    for call in [
        "CustomDimensions.configureNewCustomDimension&name=Tier&scope=visit&active=1",
        "CustomDimensions.configureNewCustomDimension&name=Colour&scope=action&active=1",
        "Goals.addGoal&name=Films&matchAttribute=event_category&patternType=exact&pattern=Films&revenue=3",
        "Goals.addGoal&name=Called&matchAttribute=manually&pattern=.*&patternType=regex",
    ] {
        let made = server.matomo(&format!("idSite={site}&method={call}"));
        assert!(made["value"].is_number(), "{call}: {made}");
    }
}

/// Tracks one of everything on site 1: a visit of Matomo's, and one that is imported.
fn track_everything(server: &Server) {
    let at = |second: u32| format!("cdt=2026-03-01%2010:00:{second:02}");
    let page =
        "url=https://from.example/shop%3Fa%3D1&action_name=Shop&pv_id=Ab3xYz&bw_bytes=2048&urlref=https://ref.example/x%3Fy%3D1";
    let place = "country=de&region=BW&city=Stuttgart&lat=48.5&long=9.25&cip=203.0.113.77";
    let looks = "res=1440x900&h=7&m=8&s=0&pdf=1&cookie=1";
    let product = "_pks=S1&_pkn=Shoe&_pkc=%5B%22Feet%22,%22Leather%22%5D&_pkp=49.5";
    let facts =
        "dimension1=gold&dimension2=blue&cvar=%7B%221%22:[%22plan%22,%22large%22]%7D&_cvar=%7B%222%22:[%22kind%22,%22a%22]%7D";
    let timings = "pf_net=10&pf_srv=20&pf_tfr=30&pf_dm1=40&pf_dm2=50&pf_onl=60";
    let sold = "%5B%5B%22S1%22,%22Shoe%22,%5B%22Feet%22,%22Leather%22%5D,49.5,2%5D%5D";
    let left = "%5B%5B%22S2%22,%22Sock%22,%22Feet%22,5,1%5D%5D";
    for (second, more) in [
        (1, format!("{page}&{product}&{facts}&{timings}&{place}&{looks}")),
        (2, "e_c=Films&e_a=play&e_n=Metropolis&e_v=2.5&url=https://from.example/film".to_owned()),
        (3, "download=https://from.example/a.zip&url=https://from.example/a.zip".to_owned()),
        (4, "link=https://other.example/out&url=https://other.example/out".to_owned()),
        (5, "search=shoe&search_cat=all&search_count=7&url=https://from.example/search".to_owned()),
        (6, "c_n=Ad&c_p=ad.png&c_t=https://from.example/sale&url=https://from.example/".to_owned()),
        (7, "c_n=Ad&c_p=ad.png&c_t=https://from.example/sale&c_i=click&url=https://from.example/".to_owned()),
        (8, "idgoal=2&revenue=7.5&url=https://from.example/call&_rcn=Spring&_rck=Shoes".to_owned()),
        (
            9,
            format!(
                "idgoal=0&ec_id=A1&revenue=120.5&ec_st=100&ec_tx=10&ec_sh=12.5&ec_dt=2&ec_items={sold}&url=https://from.example/paid"
            ),
        ),
        (10, format!("idgoal=0&revenue=5&ec_items={left}&url=https://from.example/cart")),
        (40, "ping=1".to_owned()),
    ] {
        let path = format!("/matomo.php?idsite=1&rec=1&cid=0123456789abcdef&token_auth={TOKEN}&{}&{more}", at(second));
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let answer = server.get(&path, &[("user-agent", agent), ("accept-language", "de")]);
        assert_eq!((answer.status, answer.headers.get("x-footfall-dropped")), (200, None), "{more}");
    }
    import(
        server,
        &[
            json!({"site": "from.example", "visitor": "ada", "timestamp": "2026-03-02T10:00:00Z", "url": "https://from.example/paid",
                "type": "event", "name": "Sale", "interactive": false, "props": {"plan": "large", "seats": "3"},
                "revenue": {"amount": 12.5, "currency": "EUR"}, "utm_source": "mail", "country": "EE", "city": "588409"}),
            json!({"site": "from.example", "visitor": "ada", "timestamp": "2026-03-02T10:00:09.250Z", "url": "https://from.example/paid",
                "type": "engagement", "scroll_depth": 70, "engagement_time_ms": 4200}),
        ],
    );
}

#[test]
fn every_kind_of_event_comes_in_again_as_it_went_out() {
    let server = Server::start(&[("FOOTFALL_TRACKING_KEEP_ADDRESS", "true")]);
    add_site(&server, "from.example");
    add_site(&server, "to.example");
    set_up(&server, 1);
    set_up(&server, 2);
    track_everything(&server);
    let lines = exported(&server, 1, "from.example", "");
    let told = |of: &str| lines.iter().map(|line| line[of].clone()).collect::<Vec<_>>();
    assert_eq!(
        told("type"),
        [
            "pageview",
            "event",
            "conversion",
            "download",
            "outlink",
            "search",
            "content_impression",
            "content_interaction",
            "conversion",
            "order",
            "cart",
            "ping",
            "event",
            "engagement"
        ]
    );
    let fields = |at: usize, names: &[&str]| names.iter().map(|name| lines[at][*name].clone()).collect::<Vec<_>>();
    let timings =
        ["network", "server", "transfer", "dom_processing", "dom_completion", "on_load"].map(|part| format!("time_{part}"));
    let timings: Vec<&Value> = timings.iter().map(|name| &lines[0][name]).collect();
    assert_eq!(timings, [10, 20, 30, 40, 50, 60]);
    assert_eq!(
        fields(0, &["dimensions", "visit_dimensions", "variables", "visit_variables"]),
        [json!({"2": "blue"}), json!({"1": "gold"}), json!({"1": ["plan", "large"]}), json!({"2": ["kind", "a"]})]
    );
    assert_eq!(fields(2, &["goal", "goal_name", "manual", "total"]), [json!(1), json!("Films"), json!(false), json!(3)]);
    assert_eq!(fields(8, &["goal", "goal_name", "manual", "total"]), [json!(2), json!("Called"), json!(true), json!(7.5)]);
    assert_eq!(
        fields(8, &["credited_type", "credited_name", "credited_keyword", "url"]),
        [json!("campaign"), json!("spring"), json!("shoes"), json!("https://from.example/call")]
    );
    assert_eq!(
        fields(9, &["order_id", "total", "subtotal", "tax", "shipping", "discount"]),
        [json!("A1"), json!(120.5), json!(100), json!(10), json!(12.5), json!(2)]
    );
    let shoe = json!({"sku": "S1", "name": "Shoe", "categories": ["Feet", "Leather"], "price": 49.5, "quantity": 2});
    assert_eq!(fields(9, &["items"]), [json!([shoe])]);
    let sock = json!({"sku": "S2", "name": "Sock", "categories": ["Feet"], "price": 5, "quantity": 1});
    assert_eq!(fields(10, &["total", "items"]), [json!(5), json!([sock])]);
    assert_eq!(told("product_category2")[0], json!("Leather"));
    assert_eq!((&told("event_category")[1], &told("event_value")[1]), (&json!("Films"), &json!(2.5)));
    assert_eq!((&told("url")[3], &told("url")[4]), (&json!("https://from.example/a.zip"), &json!("https://other.example/out")));
    assert_eq!((&told("search_keyword")[5], &told("search_count")[5]), (&json!("shoe"), &json!(7)));
    assert_eq!((&told("content_piece")[6], &told("content_interaction")[7]), (&json!("ad.png"), &json!("click")));
    assert_eq!(
        fields(0, &["visitor", "visit_count", "pageview_id", "bandwidth", "referrer", "referrer_url"]),
        [
            json!("0123456789abcdef"),
            json!(1),
            json!("Ab3xYz"),
            json!(2048),
            json!("ref.example/x"),
            json!("https://ref.example/x?y=1")
        ]
    );
    assert_eq!(
        fields(0, &["country", "region", "city", "latitude", "longitude", "continent", "address"]),
        [json!("DE"), json!("DE-BW"), json!("Stuttgart"), json!(48.5), json!(9.25), json!("eur"), json!("203.0.0.0")]
    );
    assert_eq!(
        fields(0, &["screen", "local_hour", "local_minute", "local_second", "plugins"]),
        [json!("1440x900"), json!(7), json!(8), json!(0), json!("cookie,pdf")]
    );
    assert_eq!(
        fields(0, &["browser_name", "browser_code", "browser_engine", "os_code", "device_type", "client_type"]),
        [json!("Firefox"), json!("FF"), json!("Gecko"), json!("LIN"), json!("desktop"), json!("browser")]
    );
    assert_eq!(
        fields(11, &["timestamp", "url", "visitor"]),
        [json!("2026-03-01T10:00:40Z"), Value::Null, json!("0123456789abcdef")]
    );
    assert_eq!(fields(12, &["city", "city_id"]), [Value::Null, json!("588409")]);
    import(&server, &moved(&lines, "to.example"));
    let after = exported(&server, 2, "to.example", "");
    assert_eq!(after.len(), lines.len());
    for (before, after) in lines.iter().zip(&after) {
        assert_eq!(before, after);
    }
    let orders =
        |site: u32| server.matomo(&format!("method=Goals.get&idSite={site}&idGoal=ecommerceOrder&period=day&date=2026-03-01"));
    assert_eq!((&orders(2)["revenue"], &orders(2)["items"]), (&json!(120.5), &json!(2)));
    assert_eq!(orders(1), orders(2));
    let visit = |site: u32| {
        server.matomo(&format!("method=Live.getLastVisitsDetails&idSite={site}&period=day&date=2026-03-01"))[0].clone()
    };
    for name in ["visitorId", "fingerprint", "visitIp", "plugins", "visitLocalTime", "visitDuration", "referrerUrl", "latitude"] {
        assert_eq!(visit(1)[name], visit(2)[name], "{name}");
    }
    assert_eq!((&visit(2)["visitDuration"], &visit(2)["visitLocalTime"]), (&json!(40), &json!("07:08:00")));
}

#[test]
fn a_parquet_file_holds_what_the_lines_hold() {
    let server = Server::start(&[]);
    add_site(&server, "from.example");
    set_up(&server, 1);
    track_everything(&server);
    let bearer = bearer();
    let path = "/api/v1/sites/1/export/events";
    let lines = server.get(path, &[("authorization", &bearer)]).text();
    let file = server.get(&format!("{path}?format=parquet"), &[("authorization", &bearer)]);
    assert_eq!((file.status, file.headers["content-type"].as_str()), (200, "application/vnd.apache.parquet"));
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"footfall-site-1-events.parquet\"");

    let kept = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(kept.path(), &file.body).expect("the file is written");
    let rows = rows(&kept.path().display().to_string());
    let wanted: Vec<Map<String, Value>> = lines.lines().map(|line| flat(serde_json::from_str(line).expect("JSON"))).collect();
    assert_eq!(rows.len(), 14);
    for (row, wanted) in rows.iter().zip(&wanted) {
        assert_eq!(row, wanted);
    }

    let nothing = server.get(&format!("{path}?format=parquet&from=2026-03-03"), &[("authorization", &bearer)]);
    std::fs::write(kept.path(), &nothing.body).expect("the file is written");
    assert_eq!(self::rows(&kept.path().display().to_string()).len(), 0);
    assert_eq!(server.get(&format!("{path}?format=xlsx"), &[("authorization", &bearer)]).status, 400);
}

/// The rows of a Parquet file as another program reads them, without what is null.
fn rows(path: &str) -> Vec<Map<String, Value>> {
    let db = duckdb::Connection::open_in_memory().expect("an engine");
    let moments = "SELECT * REPLACE (epoch_ms(timestamp) AS timestamp)";
    let sql = format!("SELECT to_json(event)::VARCHAR FROM ({moments} FROM read_parquet('{path}')) AS event");
    let mut statement = db.prepare(&sql).expect("the file is read");
    let found = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
    found
        .map(|row| {
            let mut row: Map<String, Value> = serde_json::from_str(&row.expect("a row")).expect("JSON");
            row.retain(|_, value| !value.is_null());
            numbers(row)
        })
        .collect()
}

/// A line as the file's columns have it.
fn flat(mut line: Map<String, Value>) -> Map<String, Value> {
    if let Some(Value::Object(revenue)) = line.remove("revenue") {
        line.insert("revenue_amount".to_owned(), revenue["amount"].clone());
        line.insert("revenue_currency".to_owned(), revenue["currency"].clone());
    }
    let at: jiff::Timestamp = line["timestamp"].as_str().expect("a text").parse().expect("a moment");
    line.insert("timestamp".to_owned(), at.as_millisecond().into());
    numbers(line)
}

/// Numbers of one kind, so that 7 is 7.0.
fn numbers(mut row: Map<String, Value>) -> Map<String, Value> {
    for value in row.values_mut() {
        if let Some(number) = value.as_f64() {
            *value = number.into();
        }
    }
    row
}
