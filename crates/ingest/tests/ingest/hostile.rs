//! Whatever comes in: no panic, no lost neighbour.

use footfall_ingest::{import, record};
use footfall_model::Millis;
use proptest::prelude::*;

use crate::stage::{Ask, NOW, Stage, salts};

thread_local! {
    static STAGE: Stage = Stage::new();
}

/// Text that looks like a tracking request more often than chance would have it.
fn query() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "idsite",
        "rec",
        "url",
        "urlref",
        "action_name",
        "cdt",
        "cdo",
        "cid",
        "_id",
        "uid",
        "e_c",
        "e_a",
        "e_v",
        "c_n",
        "search",
        "idgoal",
        "ec_items",
        "_cvar",
        "cvar",
        "_pkc",
        "uadata",
        "dimension1",
        "lang",
        "ua",
        "res",
        "pv_id",
        "pf_srv",
        "_ref",
        "_rcn",
        "link",
        "download",
        "cs",
        "send_image",
        "bots",
        "cip",
        "token_auth",
        "country",
        "revenue",
        "mtm_campaign",
    ]);
    let value = prop_oneof![
        Just("1".to_owned()),
        Just("super".to_owned()),
        "[a-z0-9%&=+.:/?#;\\[\\]{}\",äß€\u{0}-]{0,40}",
        "https?://[a-z.]{0,20}/[a-z0-9/?&=%#;._-]{0,40}",
        "\\[\\[.{0,20}\\]\\]",
        any::<i64>().prop_map(|number| number.to_string()),
    ];
    prop::collection::vec((name, value), 0..12).prop_map(|pairs| {
        let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("idsite=1&rec=1&bots=1&{}", pairs.join("&"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_request_is_answered(query in query(), agent in ".{0,60}", language in ".{0,30}") {
        STAGE.with(|stage| {
            let headers = [("user-agent", agent.as_str()), ("accept-language", language.as_str())];
            let accepted = stage.matomo(&Ask { query: &query, headers: &headers, ..Ask::default() });
            prop_assert!(matches!(accepted.reply.status, 200 | 204 | 400));
            prop_assert_eq!(accepted.hits.len() + accepted.dropped.len(), 1);
            for hit in accepted.hits {
                let kept = record::decode(&record::encode(&hit)).unwrap();
                prop_assert_eq!(&kept, &hit);
                let _ = stage.enricher.enrich(kept, &stage.sites(), &salts());
            }
            Ok(())
        })?;
    }

    #[test]
    fn any_bytes_are_answered(body in prop::collection::vec(any::<u8>(), 0..300), kind in "[a-z/-]{0,30}") {
        STAGE.with(|stage| {
            let text = String::from_utf8_lossy(&body).into_owned();
            let ask = Ask { method: "POST", query: &text, body: &body, content_type: &kind, ..Ask::default() };
            stage.matomo(&ask);
            stage.plausible(&ask);
            let _ = import::line(&body, 1, "batch", &stage.sites(), Millis(NOW));
            let _ = record::decode(&body);
        });
    }

    #[test]
    fn neighbours_in_a_bulk_are_never_lost(wrong in prop::collection::vec(
        prop_oneof![
            Just("null".to_owned()), Just("17".to_owned()), Just("[]".to_owned()), Just("{}".to_owned()), Just("\"\"".to_owned()),
            Just(r#"{"idsite":9}"#.to_owned()), Just(r#"{"idsite":1,"rec":1,"e_c":" ","e_a":"x"}"#.to_owned()),
            Just(r#"{"idsite":1,"rec":1,"cip":"1.1.1.1"}"#.to_owned()), Just(r#"{"idsite":{"a":[1]},"rec":true}"#.to_owned()),
            "[a-z0-9%&=?]{0,30}".prop_map(|text| format!("\"?{text}\"")),
        ], 0..20), at in any::<prop::sample::Index>()) {
        STAGE.with(|stage| {
            let mut requests = wrong;
            let at = at.index(requests.len() + 1);
            requests.insert(at, r#""?idsite=1&rec=1&action_name=the-good-one""#.to_owned());
            let body = format!(r#"{{"requests":[{}]}}"#, requests.join(","));
            let accepted = stage.matomo(&Ask { method: "POST", body: body.as_bytes(), ..Ask::default() });
            prop_assert_eq!(accepted.reply.status, 200);
            prop_assert_eq!(accepted.hits.iter().filter(|hit| hit.title == "the-good-one").count(), 1);
            Ok(())
        })?;
    }

    #[test]
    fn any_event_is_answered(name in ".{0,130}", url in ".{0,80}", key in ".{0,20}", value in ".{0,20}", referrer in ".{0,60}") {
        STAGE.with(|stage| {
            let body = serde_json::json!({"n": name, "u": url, "d": "example.org", "r": referrer, "p": {key: value}}).to_string();
            let accepted = stage.plausible(&Ask { method: "POST", body: body.as_bytes(), ..Ask::default() });
            prop_assert!(matches!(accepted.reply.status, 202 | 400));
            for hit in accepted.hits {
                let _ = stage.enricher.enrich(hit, &stage.sites(), &salts());
            }
            Ok(())
        })?;
    }
}
