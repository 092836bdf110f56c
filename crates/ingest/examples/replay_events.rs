//! Puts recorded events of Plausible's dialect, and lines of imports, to the gate; counts how often its answers agree with the
//! recorded ones, and how often a fact that a case asks for afterwards is among those of the enriched hits.
//!
//! `cargo run -p footfall-ingest --example replay_events -- CASE.json…`

use std::{collections::BTreeMap, env, error::Error, fs, sync::Arc};

use footfall_devices::Detector;
use footfall_ingest::{
    Enriched, Hit,
    accept::{Accepted, Gate, Incoming},
    enrich::{Enricher, Places, Salts},
    import,
};
use footfall_model::{Catalogue, Exclusions, Millis, Scope, Site, SiteId, SiteSearch, Sites, TrackingSettings, VisitPolicy};
use serde_json::Value;

const NOW: Millis = Millis(1_795_287_461_000);

fn main() -> Result<(), Box<dyn Error>> {
    let detector = Arc::new(Detector::built_in());
    let gate = Gate::new(Arc::clone(&detector));
    let catalogue = Arc::new(Catalogue::built_in());
    let enricher = Enricher::new(detector, Places::built_in(), Arc::clone(&catalogue));
    let (mut answers, mut facts) = ((0, 0), (0, 0));
    for path in env::args().skip(1) {
        let case: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let sites = sites(&case);
        let mut hits: Vec<Hit> = Vec::new();
        for (at, event) in case["events"].as_array().into_iter().flatten().enumerate() {
            match import::line(&line(event, at), at as u64 + 1, "case", &sites, NOW) {
                Ok(hit) => hits.extend(hit),
                Err(error) => println!("{path}: {error}"),
            }
        }
        for step in case["steps"].as_array().into_iter().flatten() {
            let (request, expected) = (&step["request"], &step["expect"]);
            if request["path"] == "/api/event" {
                let accepted = put(&gate, request, &sites);
                answers.1 += 1;
                match disagreement(&accepted, expected) {
                    None => answers.0 += 1,
                    Some(what) => println!("{path}: {what}"),
                }
                hits.extend(accepted.hits);
                continue;
            }
            let enriched: Vec<Enriched> =
                hits.iter().filter_map(|hit| enricher.enrich(hit.clone(), &sites, &Salts::default()).ok()).collect();
            for (dimension, wanted) in asked(request, expected) {
                facts.1 += 1;
                let found: Vec<String> = enriched.iter().map(|hit| fact(hit, &dimension, &catalogue)).collect();
                if found.contains(&wanted) {
                    facts.0 += 1;
                } else {
                    println!("{path}: {dimension} is {found:?}, not {wanted:?}");
                }
            }
        }
    }
    println!("{} of {} answers agree; {} of {} facts were found", answers.0, answers.1, facts.0, facts.1);
    Ok(())
}

fn put(gate: &Gate, request: &Value, sites: &Sites) -> Accepted {
    let body = request["raw_body"].as_str().map_or_else(|| request["json_body"].to_string(), str::to_owned);
    let header = |name: &str| {
        let headers = request["headers"].as_object()?;
        headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1.as_str()
    };
    let incoming = Incoming {
        method: "POST",
        path: "/api/event",
        query: "",
        body: body.as_bytes(),
        content_type: header("content-type").unwrap_or("application/json"),
        header: &header,
        peer: [127, 0, 0, 1].into(),
        received_at: NOW,
    };
    gate.plausible(&incoming, sites)
}

fn disagreement(accepted: &Accepted, expected: &Value) -> Option<String> {
    let body = String::from_utf8_lossy(&accepted.reply.body).into_owned();
    let status = expected["status"].as_u64().is_some_and(|status| status != u64::from(accepted.reply.status));
    if status || expected.get("json").is_some_and(|wanted| serde_json::from_str::<Value>(&body).ok().as_ref() != Some(wanted)) {
        return Some(format!("{} {body} instead of {expected}", accepted.reply.status));
    }
    let checks = expected["checks"].as_array()?;
    for check in checks {
        let on = check["on"].as_str().unwrap_or("");
        let fine = match on {
            "body" => check["value"] == body,
            "json" => {
                let mut value = serde_json::from_str::<Value>(&body).unwrap_or_default();
                for key in check["path"].as_array().into_iter().flatten() {
                    value = match key {
                        Value::Number(at) => value[at.as_u64().unwrap_or(0) as usize].take(),
                        key => value[key.as_str().unwrap_or("")].take(),
                    };
                }
                match check["op"].as_str() {
                    Some("has_key") => value.get(check["value"].as_str().unwrap_or("")).is_some(),
                    Some("has") => value.as_array().is_some_and(|list| list.contains(&check["value"])),
                    Some("includes") => value.as_str().unwrap_or("").contains(check["value"].as_str().unwrap_or("?")),
                    Some("eq") => value == check["value"],
                    _ => true,
                }
            }
            _ => {
                let name = on.strip_prefix("header:").unwrap_or("");
                let found = accepted.reply.headers.iter().find(|(known, _)| *known == name);
                found.is_some_and(|(_, value)| check["value"] == value.as_ref())
            }
        };
        if !fine {
            return Some(format!("{} {body} does not pass {check}", accepted.reply.status));
        }
    }
    None
}

/// Dimensions of one value each that a query asks for, with a value that has to be among the answers.
fn asked(request: &Value, expected: &Value) -> Vec<(String, String)> {
    let Some([dimension]) = request["json_body"]["dimensions"].as_array().map(Vec::as_slice) else {
        return Vec::new();
    };
    let dimension = dimension.as_str().unwrap_or("").to_owned();
    let mut wanted: Vec<String> = Vec::new();
    for check in expected["checks"].as_array().into_iter().flatten() {
        if check["op"] == "has" && check["not"] != true {
            wanted.extend(check["value"].as_str().map(str::to_owned));
        }
    }
    for row in expected["results"].as_array().into_iter().flatten() {
        wanted.extend(row["dimensions"][0].as_str().map(str::to_owned));
    }
    wanted.into_iter().map(|wanted| (dimension.clone(), wanted)).collect()
}

fn fact(hit: &Enriched, dimension: &str, catalogue: &Catalogue) -> String {
    let shown = |text: &str, empty: &str| if text.is_empty() { empty.to_owned() } else { text.to_owned() };
    match dimension {
        "event:page" | "visit:entry_page" | "visit:exit_page" => return hit.url.path.to_string(),
        "event:hostname" => return hit.url.host.to_string(),
        "event:name" => {
            return match &hit.action {
                footfall_ingest::hit::Action::Custom { name, .. } => name.clone(),
                footfall_ingest::hit::Action::Engagement { .. } => "engagement".to_owned(),
                _ => "pageview".to_owned(),
            };
        }
        _ => {}
    }
    if let Some(key) = dimension.strip_prefix("event:props:") {
        return shown(hit.props.iter().find(|(known, _)| &**known == key).map_or("", |(_, value)| value), "(none)");
    }
    let Some(known) = catalogue.plausible(dimension).filter(|known| known.scope == Scope::Visit) else {
        return String::new();
    };
    let value = catalogue.fact_index(known).and_then(|at| hit.visit_facts.get(at)).and_then(|value| value.as_str()).unwrap_or("");
    let empty = match dimension {
        "visit:source" | "visit:referrer" => "Direct / None",
        "visit:channel" => "Direct",
        _ => "(not set)",
    };
    shown(value, empty)
}

/// An event with the defaults a case leaves out.
fn line(event: &Value, at: usize) -> Vec<u8> {
    let mut fields: BTreeMap<String, Value> = BTreeMap::new();
    for (name, value) in [
        ("timestamp", "2026-11-21T10:00:00Z".to_owned()),
        ("visitor", format!("visitor-{at}")),
        ("hostname", format!("example-{at}.com")),
        ("path", "/".to_owned()),
    ] {
        fields.insert(name.to_owned(), value.into());
    }
    for (name, value) in event.as_object().into_iter().flatten() {
        if !value.as_str().is_some_and(|text| text.starts_with("{{")) || name == "site" {
            fields.insert(name.clone(), value.clone());
        }
    }
    serde_json::to_vec(&fields).unwrap_or_default()
}

fn sites(case: &Value) -> Sites {
    let others = case["other_sites"].as_array().into_iter().flatten();
    let list = std::iter::once(&case["site"]).chain(others).enumerate().filter_map(|(at, site)| {
        let domain = site["domain"].as_str()?;
        Some(Site {
            id: SiteId(at as u32 + 1),
            name: domain.to_owned(),
            domain: domain.to_owned(),
            former_domain: None,
            urls: Vec::new(),
            timezone: "UTC".to_owned(),
            zone: jiff::tz::TimeZone::UTC,
            currency: "USD".to_owned(),
            policy: VisitPolicy::Plausible,
            ecommerce: false,
            search: SiteSearch::default(),
            exclusions: Exclusions::default(),
            excluded_params: Vec::new(),
            keep_fragments: false,
            group: String::new(),
            kind: "website".to_owned(),
            created_at: Millis(0),
            public: false,
            goals: Vec::new(),
            dimensions: Vec::new(),
            allowed_props: Vec::new(),
        })
    });
    Sites::new(list, [], TrackingSettings::default())
}
