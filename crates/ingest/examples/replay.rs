//! Puts recorded tracking requests to the gate and counts how often its answers agree with the recorded ones.
//!
//! `cargo run -p footfall-ingest --example replay -- PACK… [--hits]`, where a pack is a folder with `setup.json` and
//! `tracking.jsonl`. With `--hits` the facts of every hit are printed too, one JSON object a line.

use std::{env, error::Error, fs, path::Path, sync::Arc};

use footfall_devices::Detector;
use footfall_ingest::{
    Enriched,
    accept::{Gate, Incoming},
    enrich::{Enricher, Places, Salts},
    record,
};
use footfall_model::{
    Catalogue, CustomDimension, CustomScope, Exclusions, Goal, GoalId, GoalMatch, MatchAttribute, MatchPattern, Millis, Scope,
    Site, SiteId, SiteSearch, Sites, Token, TrackingSettings, VisitPolicy,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, packs): (Vec<String>, Vec<String>) = env::args().skip(1).partition(|arg| arg.starts_with("--"));
    let shows_hits = flags.iter().any(|flag| flag == "--hits");
    let detector = Arc::new(Detector::built_in());
    let gate = Gate::new(Arc::clone(&detector));
    let catalogue = Arc::new(Catalogue::built_in());
    let enricher = Enricher::new(detector, Places::none(), Arc::clone(&catalogue));
    let (mut agreed, mut asked, mut hits) = (0, 0, 0);
    for pack in &packs {
        let pack = Path::new(pack);
        let sites = sites(&serde_json::from_slice(&fs::read(pack.join("setup.json"))?)?);
        for line in fs::read_to_string(pack.join("tracking.jsonl"))?.lines() {
            let request: Value = serde_json::from_str(&line.replace("{{TOKEN}}", TOKEN))?;
            asked += 1;
            let header = |name: &str| {
                let headers = request["headers"].as_object()?;
                headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1.as_str()
            };
            let incoming = Incoming {
                method: request["method"].as_str().unwrap_or(""),
                path: request["path"].as_str().unwrap_or(""),
                query: request["query"].as_str().unwrap_or(""),
                body: request["body"].as_str().unwrap_or("").as_bytes(),
                content_type: header("content-type").unwrap_or(""),
                header: &header,
                peer: [203, 0, 113, 77].into(),
                received_at: Millis(1_795_287_461_000),
            };
            let accepted = gate.matomo(&incoming, &sites);
            let answer = match accepted.reply.content_type {
                "image/gif" => "gif".to_owned(),
                _ => String::from_utf8_lossy(&accepted.reply.body).into_owned(),
            };
            let wanted = request["response"].as_str().unwrap_or("");
            let same = request["status"] == accepted.reply.status
                && (answer == wanted || answer.starts_with("This is the tracking") && wanted.starts_with("This resource"));
            agreed += usize::from(same);
            if !same {
                println!(
                    "{} {}: {} {:.80} instead of {} {:.80} ({:?})",
                    pack.display(),
                    request["n"],
                    accepted.reply.status,
                    answer,
                    request["status"],
                    wanted,
                    accepted.dropped
                );
            }
            for hit in accepted.hits {
                hits += 1;
                let hit = record::decode(&record::encode(&hit))?;
                match enricher.enrich(hit, &sites, &Salts::default()) {
                    Ok(hit) if shows_hits => println!("{}", facts(&hit, &catalogue)),
                    Ok(_) => {}
                    Err(reason) => println!("{}: {reason}", pack.display()),
                }
            }
        }
    }
    println!("{agreed} of {asked} answers agree; {hits} hits");
    Ok(())
}

fn facts(hit: &Enriched, catalogue: &Catalogue) -> Value {
    let mut facts = serde_json::Map::new();
    for (scope, values) in [(Scope::Visit, &hit.visit_facts), (Scope::Action, &hit.action_facts)] {
        for (dimension, value) in catalogue.facts(scope).iter().zip(values) {
            let value = match value {
                footfall_model::Value::Null => continue,
                footfall_model::Value::Int(number) => Value::from(*number),
                footfall_model::Value::Real(number) => Value::from(*number),
                footfall_model::Value::Text(text) => Value::from(text.as_ref()),
            };
            facts.insert(dimension.id.to_owned(), value);
        }
    }
    facts.insert("site".to_owned(), hit.site.id.0.into());
    facts.insert("at".to_owned(), hit.at.0.into());
    facts.insert("action".to_owned(), format!("{:?}", hit.action).into());
    facts.insert("url".to_owned(), hit.url.whole.as_ref().into());
    facts.insert("title".to_owned(), hit.title.as_ref().into());
    facts.insert("dimensions".to_owned(), format!("{:?} {:?}", hit.visit_slots, hit.action_slots).into());
    Value::Object(facts)
}

fn sites(setup: &Value) -> Sites {
    let rows = |table: &str| setup["final_state"][table].as_array().cloned().unwrap_or_default();
    let list: Vec<Site> = rows("site").iter().map(|row| site(row, &rows("goal"), &rows("custom_dimensions"))).collect();
    let token = Token { login: "admin".to_owned(), superuser: true, sites: Default::default() };
    let mut settings = TrackingSettings::default();
    if let Some(delimiter) = setup["config"]["General"]["action_title_category_delimiter"].as_str() {
        settings.title_delimiter = delimiter.to_owned();
    }
    settings.third_party_cookie = setup["config"]["Tracker"]["use_third_party_id_cookie"] == "1";
    Sites::new(list, [(Sha256::digest(TOKEN.as_bytes()).into(), token)], settings)
}

fn site(row: &Value, goals: &[Value], dimensions: &[Value]) -> Site {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or("").to_owned();
    let number = |row: &Value, name: &str| row[name].as_str().and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let list = |name: &str| -> Vec<String> {
        text(row, name).split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
    };
    let id = number(row, "idsite");
    Site {
        id: SiteId(id),
        name: text(row, "name"),
        domain: format!("site-{id}"),
        former_domain: None,
        urls: vec![text(row, "main_url")],
        timezone: text(row, "timezone"),
        zone: jiff::tz::TimeZone::get(&text(row, "timezone")).unwrap_or(jiff::tz::TimeZone::UTC),
        currency: text(row, "currency"),
        policy: VisitPolicy::Matomo,
        ecommerce: number(row, "ecommerce") == 1,
        search: SiteSearch {
            enabled: number(row, "sitesearch") == 1,
            keyword_params: list("sitesearch_keyword_parameters"),
            category_params: list("sitesearch_category_parameters"),
        },
        exclusions: Exclusions {
            addresses: list("excluded_ips"),
            user_agents: list("excluded_user_agents"),
            referrers: list("excluded_referrers"),
            unknown_urls: number(row, "exclude_unknown_urls") == 1,
            ..Exclusions::default()
        },
        excluded_params: list("excluded_parameters"),
        keep_fragments: number(row, "keep_url_fragment") == 1,
        group: String::new(),
        kind: text(row, "type"),
        created_at: Millis(0),
        public: false,
        goals: goals
            .iter()
            .filter(|goal| number(goal, "idsite") == id && number(goal, "deleted") == 0)
            .map(|goal| Goal {
                id: GoalId(number(goal, "idgoal") as i32),
                name: text(goal, "name"),
                description: String::new(),
                rule: GoalMatch::Matomo {
                    attribute: MatchAttribute::parse(&text(goal, "match_attribute")).unwrap_or(MatchAttribute::Manually),
                    pattern: MatchPattern::parse(&text(goal, "pattern_type")).unwrap_or(MatchPattern::Contains),
                    text: text(goal, "pattern"),
                    case_sensitive: false,
                },
                revenue: 0.0,
                event_value_as_revenue: false,
                many_per_visit: false,
                currency: None,
            })
            .collect(),
        dimensions: dimensions
            .iter()
            .filter(|dimension| number(dimension, "idsite") == id)
            .map(|dimension| CustomDimension {
                id: number(dimension, "idcustomdimension"),
                name: text(dimension, "name"),
                scope: if dimension["scope"] == "visit" { CustomScope::Visit } else { CustomScope::Action },
                slot: number(dimension, "index") as u8,
                active: number(dimension, "active") == 1,
                case_sensitive: number(dimension, "case_sensitive") == 1,
                extractions: serde_json::from_str::<Vec<Value>>(&text(dimension, "extractions"))
                    .unwrap_or_default()
                    .iter()
                    .map(|extraction| (text(extraction, "dimension"), text(extraction, "pattern")))
                    .collect(),
            })
            .collect(),
        allowed_props: Vec::new(),
    }
}
