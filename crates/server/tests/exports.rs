//! Events go out whole: as JSON lines that come in again as they were, and as a Parquet file with the same content.

mod common;

use common::{Server, TOKEN, add_site, bearer, exported, import};
use serde_json::{Map, Value, json};

/// Tracks one of everything on site 1, in one visit.
fn track_everything(server: &Server) {
    let at = |second: u32| format!("cdt=2026-03-01%2010:00:{second:02}");
    let page = "url=https://from.example/shop%3Fa%3D1&action_name=Shop&urlref=https://ref.example/x";
    let product = "_pks=S1&_pkn=Shoe&_pkc=%5B%22Feet%22,%22Leather%22%5D&_pkp=49.5";
    for (second, more) in [
        (1, format!("{page}&{product}")),
        (2, "e_c=Films&e_a=play&e_n=Metropolis&e_v=2.5&url=https://from.example/film".to_owned()),
        (3, "download=https://from.example/a.zip&url=https://from.example/a.zip".to_owned()),
        (4, "link=https://other.example/out&url=https://other.example/out".to_owned()),
        (5, "search=shoe&search_cat=all&search_count=7&url=https://from.example/search".to_owned()),
        (6, "c_n=Ad&c_p=ad.png&c_t=https://from.example/sale&url=https://from.example/".to_owned()),
        (7, "c_n=Ad&c_p=ad.png&c_t=https://from.example/sale&c_i=click&url=https://from.example/".to_owned()),
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
    let server = Server::start(&[]);
    add_site(&server, "from.example");
    add_site(&server, "to.example");
    track_everything(&server);
    let lines = exported(&server, 1, "from.example", "");
    let told = |of: &str| lines.iter().map(|line| line[of].clone()).collect::<Vec<_>>();
    assert_eq!(
        told("type"),
        [
            "pageview",
            "event",
            "download",
            "outlink",
            "search",
            "content_impression",
            "content_interaction",
            "event",
            "engagement"
        ]
    );
    assert_eq!(told("product_category2")[0], json!("Leather"));
    assert_eq!((&told("event_category")[1], &told("event_value")[1]), (&json!("Films"), &json!(2.5)));
    assert_eq!((&told("url")[2], &told("url")[3]), (&json!("https://from.example/a.zip"), &json!("https://other.example/out")));
    assert_eq!((&told("search_keyword")[4], &told("search_count")[4]), (&json!("shoe"), &json!(7)));
    assert_eq!((&told("content_piece")[5], &told("content_interaction")[6]), (&json!("ad.png"), &json!("click")));
    let moved: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let mut line = line.clone();
            line["site"] = json!("to.example");
            line["visitor"] = json!(if at < 7 { "matomo" } else { "ada" });
            line
        })
        .collect();
    import(&server, &moved);
    for (before, after) in lines.iter().zip(exported(&server, 2, "to.example", "")) {
        assert_eq!(*before, after);
    }
}

#[test]
fn a_parquet_file_holds_what_the_lines_hold() {
    let server = Server::start(&[]);
    add_site(&server, "from.example");
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
    assert_eq!(rows.len(), 9);
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
