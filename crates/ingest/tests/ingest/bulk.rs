//! Many requests in one.

use crate::stage::{Ask, Stage};

fn bulk(body: &str) -> (u16, String, Vec<String>) {
    let stage = Stage::new();
    let accepted = stage.matomo(&Ask { method: "POST", body: body.as_bytes(), ..Ask::default() });
    let titles = accepted.hits.into_iter().map(|hit| hit.title).collect();
    (accepted.reply.status, String::from_utf8(accepted.reply.body.into_owned()).unwrap(), titles)
}

#[test]
fn neighbours_of_a_wrong_one_are_counted() {
    let body = r#"{"requests":[
        "?idsite=1&rec=1&action_name=a",
        "?idsite=9&rec=1&action_name=unknown-site",
        {"idsite":1,"rec":1,"action_name":"b"},
        "?idsite=1&action_name=not-recorded",
        "http://stats.example.org/matomo.php?idsite=1&rec=1&action_name=c#x",
        "idsite=1&rec=1&action_name=d",
        "nothing",
        {"idsite":"1","rec":"1","cid":"bad"},
        {"idsite":1,"rec":1,"action_name":["no","text"]},
        17, null, [], {}
    ]}"#;
    let (status, answer, titles) = bulk(body);
    assert_eq!(status, 200);
    assert_eq!(answer, r#"{"status":"success","tracked":10,"invalid":2}"#);
    assert_eq!(titles, ["a", "b", "c", "d", ""]);
}

#[test]
fn a_superuser_is_told_which() {
    let body =
        |token: &str| format!(r#"{{"token_auth":"{token}","requests":["?idsite=1&rec=1","?idsite=9&rec=1","?idsite=8"]}}"#);
    assert_eq!(bulk(&body("super")).1, r#"{"status":"success","tracked":1,"invalid":2,"invalid_indices":[1,2]}"#);
    assert_eq!(bulk(&body("writer")).1, r#"{"status":"success","tracked":1,"invalid":2}"#);
}

#[test]
fn a_token_stands_for_all_or_for_one() {
    let one = |token: &str| format!(r#""?idsite=1&rec=1&cip=1.2.3.4&action_name={token}&token_auth={token}""#);
    let body = format!(r#"{{"requests":[{},{},{}]}}"#, one("writer"), one("nobody"), one(""));
    assert_eq!(bulk(&body).2, ["writer"]);
    let body = format!(r#"{{"token_auth":"super","requests":[{},{}]}}"#, one("nobody"), one(""));
    assert_eq!(bulk(&body).2, ["nobody", ""]);
    let body = format!(r#"{{"token_auth":"nobody","requests":[{}]}}"#, one("writer"));
    assert!(bulk(&body).2.is_empty());
}

#[test]
fn an_answer_may_be_unwanted() {
    for image in ["0", "\"0\""] {
        let (status, answer, titles) = bulk(&format!(r#"{{"send_image":{image},"requests":["?idsite=1&rec=1&action_name=a"]}}"#));
        assert_eq!((status, answer.as_str(), titles.len()), (204, "", 1));
    }
    assert_eq!(bulk(r#"{"send_image":1,"requests":[]}"#).1, r#"{"status":"success","tracked":0,"invalid":0}"#);
}

#[test]
fn a_damaged_bulk_counts_nothing() {
    for body in [r#"{"requests":["#, r#"x"requests""#, r#"{"requests":"?idsite=1&rec=1"}"#, r#"{"requests":null}"#] {
        assert_eq!(bulk(body), (200, r#"{"status":"success","tracked":0,"invalid":0}"#.to_owned(), Vec::new()), "{body}");
    }
    let nested = format!(r#"{{"requests":{}{}}}"#, "[".repeat(5000), "]".repeat(5000));
    assert_eq!(bulk(&nested).1, r#"{"status":"success","tracked":0,"invalid":0}"#);
}

#[test]
fn a_bulk_has_an_end() {
    let requests = vec![r#""?idsite=1&rec=1""#; 10_001].join(",");
    let (status, answer, titles) = bulk(&format!(r#"{{"requests":[{requests}]}}"#));
    assert_eq!((status, answer.as_str()), (413, r#"{"status":"error","tracked":0,"invalid":0}"#));
    assert!(titles.is_empty());
}

#[test]
fn objects_may_hold_objects() {
    let body = br#"{"requests":[{"idsite":1,"rec":1,"uadata":{"mobile":true},"_pks":"S1","_pkc":["a","b"],
        "cvar":{"1":["k","v"]},"dimension1":7,"url":"https://example.org/"}]}"#;
    let accepted = Stage::new().matomo(&Ask { method: "POST", body, ..Ask::default() });
    let hit = &accepted.hits[0];
    assert_eq!(hit.hints.as_deref(), Some(r#"{"mobile":true}"#));
    assert_eq!(hit.product.as_ref().unwrap().categories, ["a", "b"]);
    assert_eq!(hit.page_variables, [("k".to_owned(), "v".to_owned())]);
    assert_eq!(hit.dimensions, [(1, "7".to_owned())]);
}
