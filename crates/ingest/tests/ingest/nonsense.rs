//! Every documented parameter of `matomo.php`, each with what nobody should send.

use std::{collections::BTreeSet, fmt::Write as _};

use footfall_ingest::{parameters, record};

use crate::stage::{Ask, Stage, salts};

/// Every parameter that is documented, those that are taken and have no meaning here among them.
const DOCUMENTED: &str = "idsite rec apiv rand r token_auth send_image queuedtracking bots ping new_visit dp debug \
    tracker_install_check cs ca url action_name urlref link download search search_cat search_count e_c e_a e_n e_v \
    c_n c_p c_t c_i pv_id pf_net pf_srv pf_tfr pf_dm1 pf_dm2 pf_onl gt_ms bw_bytes dimension1 dimension999 cvar _cvar e_cvar \
    data _id cid uid _idts _idvc _viewts _ects _idn _rcn _rck _refts _ref res h m s lang ua uadata cookie fla java qt realp \
    pdf wma ag dir gears cip cdt cdo country region city lat long idgoal revenue ec_id ec_items ec_st ec_tx ec_sh ec_dt \
    _pks _pkn _pkc _pkp ma_id ma_ti ma_re ma_mt ma_pn ma_st ma_le ma_ps ma_ttp ma_w ma_h ma_fs ma_se cra cra_st cra_ct \
    cra_tp cra_ru cra_rl cra_rc recMode http_status source pk_campaign mtm_kwd";

/// What others need beside themselves to be looked at.
fn beside(name: &str) -> &'static str {
    match name {
        "e_c" => "&e_a=play",
        "e_a" | "e_n" | "e_v" => "&e_c=video",
        "c_p" | "c_t" | "c_i" => "&c_n=ad",
        "search_cat" | "search_count" => "&search=x",
        "ec_id" | "ec_items" | "ec_st" | "ec_tx" | "ec_sh" | "ec_dt" => "&idgoal=0",
        "revenue" => "&idgoal=3",
        _ => "",
    }
}

/// What is sent as the value of a parameter: how it is called, the query, and the same as a member of a bulk's object.
fn hostile(name: &str) -> Vec<(&'static str, String, String)> {
    let word = "x'%22<b>%00%25;,%C3%A9%F0%9F%98%80";
    let nines = "9".repeat(100_000);
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    vec![
        ("empty", format!("{name}="), format!("{{\"{name}\":\"\"}}")),
        ("without a value", name.to_owned(), format!("{{\"{name}\":null}}")),
        ("a word", format!("{name}={word}"), format!("{{\"{name}\":\"x'<b>\\u0000é😀\"}}")),
        ("negative", format!("{name}=-1"), format!("{{\"{name}\":-1}}")),
        ("out of all bounds", format!("{name}=1e309"), format!("{{\"{name}\":1e308}}")),
        ("huge", format!("{name}={nines}"), format!("{{\"{name}\":\"{nines}\"}}")),
        ("repeated", format!("{name}=1&{name}={word}&{name}=7"), format!("{{\"{name}\":1,\"{name}\":7}}")),
        ("a list", format!("{name}[]=1&{name}[]=2"), format!("{{\"{name}\":[1,2]}}")),
        ("named members", format!("{name}[a][b]=1"), format!("{{\"{name}\":{{\"a\":{{\"b\":[true]}}}}}}")),
        ("a JSON list", format!("{name}=%5B%5B1%2Cnull%5D%5D"), format!("{{\"{name}\":\"[[1,null]]\"}}")),
        ("a JSON object", format!("{name}=%7B%22a%22%3A%5B%5D%7D"), format!("{{\"{name}\":\"{{\\\"1\\\":[[],{{}}]}}\"}}")),
        ("deep", format!("{name}={deep}"), format!("{{\"{name}\":{deep}}}")),
    ]
}

#[test]
fn every_parameter_that_is_read_is_documented_and_tried() {
    let documented: BTreeSet<&str> = DOCUMENTED.split_whitespace().collect();
    let unknown: Vec<&str> = parameters().filter(|name| !documented.contains(name)).collect();
    assert_eq!((unknown, documented.len()), (Vec::new(), 121));
}

#[test]
fn nonsense_in_any_parameter_has_the_answer_of_its_kind() {
    let stage = Stage::new();
    let mut refused = String::new();
    for name in DOCUMENTED.split_whitespace() {
        for (kind, own, _) in hostile(name) {
            let rest = ["idsite=1", "rec=1", "token_auth=super"];
            let rest: Vec<&str> = rest.into_iter().filter(|pair| !pair.starts_with(&format!("{name}="))).collect();
            let query = format!("{}&url=https://example.org/page&{}{}", rest.join("&"), own, beside(name));
            let accepted = stage.matomo(&Ask { query: &query, ..Ask::default() });
            assert_eq!(accepted.hits.len() + accepted.dropped.len(), 1, "{name} {kind}");
            for hit in accepted.hits {
                assert_eq!(record::decode(&record::encode(&hit)).unwrap(), hit, "{name} {kind}");
                let _ = stage.enricher.enrich(hit, &stage.sites(), &salts());
            }
            if let [(_, reason)] = accepted.dropped[..] {
                writeln!(refused, "{name} {kind}: {} {reason}", accepted.reply.status).unwrap();
            } else {
                assert!(matches!(accepted.reply.status, 200 | 204), "{name} {kind}: {}", accepted.reply.status);
            }
        }
    }
    insta::assert_snapshot!(refused);
}

#[test]
fn nonsense_in_an_object_of_a_bulk_harms_no_neighbour() {
    let stage = Stage::new();
    let mut refused = String::new();
    for name in DOCUMENTED.split_whitespace() {
        for (kind, _, object) in hostile(name) {
            let rest = [("idsite", "1"), ("rec", "1"), ("url", "\"https://example.org/page\"")];
            let rest = rest.iter().filter(|(known, _)| *known != name);
            let rest: String = rest.map(|(known, value)| format!("\"{known}\":{value},")).collect();
            let beside: String = beside(name)
                .split_terminator('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| format!("\"{name}\":\"{value}\","))
                .collect();
            let body = format!(
                "{{\"token_auth\":\"super\",\"requests\":[{{{rest}{beside}{},\"?idsite=1&rec=1&action_name=neighbour\"]}}",
                &object[1..]
            );
            let accepted = stage.matomo(&Ask { method: "POST", body: body.as_bytes(), ..Ask::default() });
            let is_there = accepted.hits.iter().any(|hit| hit.title == "neighbour");
            match (accepted.reply.status, is_there, &accepted.dropped[..]) {
                (200, true, []) => assert_eq!(accepted.hits.len(), 2, "{name} {kind}"),
                (200, true, [(_, reason)]) => writeln!(refused, "{name} {kind}: {reason}").unwrap(),
                (status, _, dropped) => writeln!(refused, "{name} {kind}: the whole bulk, {status} {dropped:?}").unwrap(),
            }
        }
    }
    insta::assert_snapshot!(refused);
}
